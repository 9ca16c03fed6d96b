"""Links and pictures: which are found, which are refused, and what ordinary writing is left alone."""

from __future__ import annotations

import re
from html import unescape
from time import process_time

import pytest
from funnel.frontmatter.link_check import with_pelican_links
from funnel.frontmatter.link_scan import links_of
from funnel.frontmatter.misread import misread
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from .conftest import Reads

HEAD = "---\ntitle: T\ndate: 2026-05-04\nstatus: published\n---\n"
ISSUE = HEAD.replace("title: T", "title: T\nnumber: 3\nsubject: S")
SITE = {
    "posts/other.md": HEAD + "Text.",
    "posts/draft.md": HEAD.replace("published", "draft") + "Text.",
    "posts/future.md": HEAD.replace("2026-05-04", "2026-07-01 10:00") + "Text.",
    "newsletter/003.md": ISSUE + "Text.",
    "pages/about.md": HEAD + "Text.",
    "images/two-funnels.svg": "<svg/>",
    "posts/beside.png": "png",
    "images/phone.HEIC": "heic",
}
REFUSED = [
    ("[a]({filename}/posts/othr.md)", "6:5", 'there is no document "posts/othr.md"', "{filename}/posts/other.md"),
    ("[a](othr.md)", "6:5", 'there is no document "posts/othr.md"', "{filename}/posts/other.md"),
    ("[a]({filname}/posts/other.md)", "6:5", "{filname} means nothing here", '"filename"'),
    ("[a]({issue}4)", "6:5", "there is no issue 4", "Issues: 3."),
    ("[a]({issue}x)", "6:5", '"{issue}x" names no issue', "{issue}3"),
    ("[a]({filename}draft.md)", "6:5", "posts/draft.md is a draft: readers could not follow", "publish both"),
    ("[a](future.md)", "6:5", "posts/future.md appears only on 2026-07-01 10:00", "publish both"),
    ("![a]({static}/images/two-funels.svg)", "6:6", 'there is no file "images/two-funels.svg"', "two-funnels.svg"),
    (
        "![a](images/two-funnels.svg)",
        "6:6",
        'there is no file "posts/images/two-funnels.svg"',
        "/images/two-funnels.svg",
    ),
    (
        "![]({static}/images/two-funnels.svg)",
        "6:5",
        "this picture has no text for those who cannot see it",
        "decorative",
    ),
    ('x <img src="{static}/images/two-funnels.svg">', "6:13", "this picture has no text", "decorative"),
    ('<a href="{filename}/posts/no.md">a</a>', "6:10", "there is no document", ""),
    ("[a][b]\n\n[b]: nothing.md", "8:6", 'there is no document "posts/nothing.md"', ""),
    ("![][b]\n\n[b]: {static}/images/two-funnels.svg", "6:3", "this picture has no text", ""),
    ("[a]()", "6:5", "this link leads nowhere", ""),
    ("[a](www.example.com)", "6:5", "is not a whole web address", "https://www.example.com"),
    ("[a](hello@example.com)", "6:5", "without its mailto:", "mailto:hello@example.com"),
    ("[a](http://[x)", "6:5", '"http://[x" is no address that a browser can read', "the name of its host"),
    ('<a href="//[x/">a</a>', "6:10", "is no address that a browser can read", ""),
    ("[a](example.com/x)", "6:5", "is not a whole web address", "https://example.com/x"),
    ("[a](htp://example.com)", "6:5", "begins with no scheme that browsers know", "https://"),
    ("[a](https:/example.com)", "6:5", "begins with no scheme that browsers know", "https://"),
    ("[a](http//example.com)", "6:5", "begins with no scheme that browsers know", "https://"),
    ("[a](C:\\pictures\\x.png)", "6:5", "leads to a file of this computer", "images/"),
    ("[a](/posts/othr/)", "6:5", 'there is nothing at the address "/posts/othr/"', "/posts/other/"),
    ("![a](/images/no.svg)", "6:6", "there is nothing at the address", ""),
    ("![a](https://elsewhere.example/x.png)", "6:6", "browsers would not show this", "{static}/images/"),
    ('a <img alt="a" src="//elsewhere.example/x.png">', "6:3", "browsers would not show this", "{static}/images/"),
    ('<video src="https://elsewhere.example/x.mp4"></video>', "6:1", "browsers would not show this", "link to it"),
    ("![a]({static}/images/phone.HEIC)", "6:6", "most browsers show no pictures that end in .HEIC", "phone.jpg"),
    ('<iframe src="https://films.example/x"></iframe>', "6:1", "readers would see nothing of <iframe>", "linked"),
    ("a <b>bold\n\nb", "6:3", "<b> is never closed", "Write </b>"),
    ("<div>\na\n\n<span>b</div>", "9:1", "<span> is never closed", "Write </span>"),
    ("Dear <name>,", "6:6", "<name> is never closed", "&lt;"),
    ("[a] ({filename}/posts/other.md)", "6:4", "a space stands between", "Take the space out"),
    ("[a] (https://example.com/)", "6:4", "a space stands between", "Take the space out"),
    ("see {filename}/posts/other.md", "6:5", "readers would see this as it stands here", "[words]"),
    ("a[^1]", "6:2", "there is no note for [^1]", "[^1]: the words"),
    ("a\n\n[^1]: b", "8:1", "nothing in the text leads to the note [^1]", "[^1]"),
    ("a:\n- b\n- c", "7:1", "this list runs into the paragraph", "empty line"),
    ("a:\n1. b\n   b\n2. c", "7:1", "this list runs into the paragraph", "empty line"),
    ("a:\n| b | c |\n|---|---|\n| d | e |", "7:1", "this table runs into the paragraph", "empty line"),
    ("[a](../../../etc/passwd.md)", "6:5", "leads out of the folder of the site", ""),
    ("[a]({static}/posts/other.md)", "6:5", "is a document, not a file", "{filename}/posts/other.md"),
    ("- a\n- b\n\n    [a](no.md)", "9:9", "there is no document", ""),
]
FINE = [
    "[a]({filename}/posts/other.md#part), [b](other.md), [c]({filename}other.md 'Title'), [d](<other.md>)",
    "[a]({issue}3), [b](https://example.com/x_(y)), [c](mailto:a@example.com), [d](#here), [e](/feeds/all.xml)",
    "[a](/posts/other/), [b](../other/), [c](/about/), [d](../../tags/trust/), [e](/newsletter/2026/)",
    "![two]({static}/images/two-funnels.svg), ![two](../images/two-funnels.svg), ![b]({attach}beside.png)",
    "![]({static}/images/two-funnels.svg){.decorative} and ![]({static}/images/two-funnels.svg){: .small .decorative}",
    '<img src="{static}/images/two-funnels.svg" alt=""> and <img alt="two" src="/images/two-funnels.svg" />',
    "Code: `[a](no.md)` and ``[b](`no.md)`` and\n\n    [c](no.md)\n\nEnd.",
    "```markdown\n[a](no.md)\n![](x.png)\n```\n\n~~~\n<img src='no.png'>\n~~~",
    "<!-- [a](no.md) -->\n\n<pre><a href='{filename}no.md'></pre>",
    "Not links: \\[a](no.md), array[i][j], a] (b), [x], 3 < 4 and 5 > 2, [ ] (todo.md), f(x)[0], {curly}, `",
    "[^1] and a note.\n\n[^1]: The note, see [a](other.md).\n\n*[HTML]: a language",
    "1. one\n\n        [code](no.md)\n\n2. two",
    "<ul>\n<li>one\n<li>two\n</ul>\n\n<p>a<br>b<hr>\n\n<details><summary>a</summary>\n\nb\n\n</details>\n\n<svg><path d='M0 0'/></svg>",
    "He said:\n- Hello, and no more.\n\nIn all it was\n1. a year and\n- a day, if 2 | 3 are\n| 4.\n\nTerm\n:   - a\n    - b",
    "- a\n- b\n\n* c\n* d\n\n!!! note\n    - a\n    - b\n\n| b | c |\n|---|---|\n| d | e |\n\nb | c\n---|---\nd | e",
    "[sic] (see below), [a][r] (https://example.com/b), \\[^1], `[^2]` and {filename}.\n\n[r]: https://example.com/a",
    "[![two]({static}/images/two-funnels.svg)](other.md) and [a link\nover lines](other.md)",
]


@pytest.mark.parametrize(("text", "where", "message", "advice"), REFUSED)
def test_a_link_to_nothing_is_refused_at_its_target(
    reads: Reads, text: str, where: str, message: str, advice: str
) -> None:
    """Each broken link or picture is told with the place of its target, the reason, and the nearest right name."""
    tree = reads({**SITE, "posts/x.md": HEAD + text})
    assert [f"{problem.line}:{problem.column}" for problem in tree.problems] == [where]
    assert message in tree.problems[0].message
    assert advice in tree.problems[0].help


@pytest.mark.parametrize("text", FINE)
def test_ordinary_writing_is_left_alone(reads: Reads, text: str) -> None:
    """Good links, code, comments and brackets that are no links are not refused."""
    assert list(map(str, reads({**SITE, "posts/x.md": HEAD + text}).problems)) == []


def test_links_are_given_to_pelican_in_its_own_form(reads: Reads) -> None:
    """Plain paths, addresses and issue numbers become {filename} and {static}; code stays as it was typed."""
    text = "[a](other.md#x) ![b](/images/two-funnels.svg) [c]({issue}3) `[d]({issue}3)` [e](../other/?q=1) [f](https://a.example)"
    tree = reads({**SITE, "posts/x.md": HEAD + text})
    assert with_pelican_links(tree.by_path["posts/x.md"], tree.places) == (
        "[a]({filename}/posts/other.md#x) ![b]({static}/images/two-funnels.svg) [c]({filename}/newsletter/003.md) "
        "`[d]({issue}3)` [e]({filename}/posts/other.md?q=1) [f](https://a.example)"
    )


def test_a_link_into_a_faulty_document_is_not_called_broken_as_well(reads: Reads) -> None:
    """One fault is told once: not again at every link that leads to the document that has it."""
    files = {**SITE, "posts/other.md": "---\ntitel: T\n---\n", "posts/x.md": HEAD + "[a](other.md) [b](/posts/other/)"}
    assert {problem.path for problem in reads(files).problems} == {"content/posts/other.md"}


def test_slips_of_the_text_are_told_beside_those_of_the_keys(reads: Reads) -> None:
    """One run tells all: a key, a link, a mark, a picture; but not that a draft is linked, since this may be one itself."""
    text = "[a](nowhere.md) [b](y.md) ~~so~~ ![]({static}/images/two.svg)"
    files = {
        "posts/x.md": f"---\ntitle: T\ndate: 2026-05-04\nstaus: draft\n---\n{text}\n",
        "posts/y.md": "---\ntitle: U\ndate: 2026-05-04\n---\nText.\n",
        "images/two.svg": "<svg/>",
    }
    told = [(one.line, one.message.partition(":")[0]) for one in reads(files).problems]
    assert [line for line, _ in told] == [4, 6, 6, 6]
    assert told[0][1] == 'unknown key "staus"' and not any("draft" in words for _, words in told)


def test_documents_may_link_to_what_appears_with_them(reads: Reads) -> None:
    """A draft may link to drafts; a future document to what is out by then, and to nothing later."""
    draft = HEAD.replace("published", "draft") + "[a](draft.md) [b](future.md)"
    same = HEAD.replace("2026-05-04", "2026-07-01 10:00") + "[a](future.md)"
    early = HEAD.replace("2026-05-04", "2026-06-30") + "[a](future.md)"
    tree = reads({**SITE, "posts/d.md": draft, "posts/same.md": same, "posts/early.md": early})
    assert [problem.path for problem in tree.problems] == ["content/posts/early.md"]


def test_front_matter_links_are_judged_like_the_others(reads: Reads) -> None:
    """`next` and `image` lead to something that exists and that readers can see."""
    files = {
        "posts/a.md": HEAD.replace(
            "title: T", "title: T\nnext: {filename}draft.md\nimage: images/no.svg\nimage_alt: No"
        ),
        "posts/b.md": HEAD.replace(
            "title: T", "title: T\nnext: {issue}3\nimage: images/two-funnels.svg\nimage_alt: Two"
        ),
    }
    tree = reads({**SITE, **files})
    assert [(problem.path, problem.line) for problem in tree.problems] == [
        ("content/posts/a.md", 3),
        ("content/posts/a.md", 4),
    ]
    assert tree.by_path["posts/b.md"].metadata["next"] == "newsletter/003.md"


def test_a_file_beside_a_document_that_nobody_links_to_is_listed(reads: Reads) -> None:
    """Pelican would leave such a file out without a word."""
    assert [one.path for one in reads(SITE).ignored] == ["posts/beside.png"]


@pytest.mark.parametrize(
    "odd", ["<b>", "<b></i>", "</b>", "[^1]", "[a] ", "a|b\n", "a:\n- b\n", " ", "{static}/a ", "["]
)
def test_a_text_is_searched_for_slips_in_a_time_that_grows_with_its_length(odd: str) -> None:
    """Ten thousands of open tags, brackets or list items take no minute."""
    began = process_time()
    list(misread(odd * 60_000, []))
    assert process_time() - began < 10


PIECES = [
    "word", "\n", "\n\n", " ", "[a](x.md)", "![b](y.svg)", "`", "\n\n```\n", "\n```\n\n", "\n\n~~~\n", "    ", "- ",
    "1. ", "\n\n> ", "[", "]", "(", ")", "[r]", "[a][r]", "\n\n[r]: z.md\n\n", "<b>", "</b>", "*",
    "\n\n# ", "![c][r]", "<z>", "\n\n<!-- x -->\n\n",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_every_link_that_markdown_makes_was_seen(text: str) -> None:
    """What Python-Markdown turns into a link or picture is found by the scan: no broken link hides in odd writing."""
    html = Markdown(extensions=["extra"]).convert(text)
    made = {unescape(target) for target in re.findall(r"(?:href|src)=\"([^\"]*)\"", html)}
    assert made & {"x.md", "y.svg", "z.md"} <= {link.target for link in links_of(text)}


def test_a_link_to_a_request_that_closed_leads_to_the_list(reads: Reads) -> None:
    """What was right yesterday is not refused by the clock alone: from the day after on the link leads to all requests."""
    request = HEAD.replace("title: T", "title: T\nneed: N\nfor_whom: W\nagreed: 2026-03-01\nexpires: {}")
    post = (
        HEAD.replace("title: T", "title: T\nnext: {filename}/requests/one.md")
        + "[a]({filename}/requests/one.md#b) [c](other.md)"
    )
    for expires, leads in (("2026-06-30", "{filename}/requests/one.md#b"), ("2026-05-30", "/requests/")):
        tree = reads({**SITE, "posts/p.md": post, "requests/one.md": request.format(expires) + "Text."})
        assert not tree.problems
        body = with_pelican_links(tree.by_path["posts/p.md"], tree.places)
        assert body == f"[a]({leads}) [c]({{filename}}/posts/other.md)"
