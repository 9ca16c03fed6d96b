"""What is pasted from other programs, or written in another kind of Markdown: told at its place, with what to write here."""

from __future__ import annotations

from time import process_time

import pytest
from funnel.frontmatter.misread import misread
from funnel.frontmatter.raw_html import Home
from funnel.frontmatter.skeleton import TEXT

from .conftest import Reads

HEAD = "---\ntitle: A first post\ndate: 2026-05-04\nstatus: published\n---\n"
HOME = Home("https://site.example/blog", "https://lists.example/subscribe?u=1")
SITE = {"posts/other.md": HEAD + "Text.", "images/one.png": "png", "images/phone.HEIC": "heic"}
AS_TYPED = "readers would see this as it stands here"
RUNS = "this link would run a program"
REFUSED = [
    ("[a](javascript:alert(1))", "6:5", RUNS, "[words](https://...)"),
    ("[a](java&#10;script:x)", "6:5", RUNS, ""),
    ('<a href="&#106;avascript:x">a</a>', "6:10", RUNS, ""),
    ("[a](VBScript:x)", "6:5", RUNS, ""),
    ("[a](data:text/html,x)", "6:5", RUNS, ""),
    ("[a][b]\n\n[b]: javascript:x", "8:6", RUNS, ""),
    ("[a](file:///home/x.pdf)", "6:5", "leads to a file of this computer", "extra/"),
    ("[a](%%checkout_url%%)", "6:5", "is a mark of another program", "take the link out"),
    ("[a](..\\posts\\other.md)", "6:5", "divided by /", "../posts/other.md"),
    ("![a]({static}\\images\\one.png)", "6:6", "divided by /", "{static}/images/one.png"),
    ('<a href=“https://a.example”>a</a>', "6:9", "a quotation mark of a word processor", "straight"),
    ("[a](https://a.example “Title”)", "6:5", "a quotation mark of a word processor", "straight"),
    ("[a](https://a.example/b c)", "6:5", "a space or the end of a line", "%20"),
    ("[a](mailto: me@a.example)", "6:5", "a space or the end of a line", "Take it out"),
    ("[a](https://a\u200b.example)", "6:5", "a sign that nobody sees: U+200B", "Type"),
    ("[a](https://www.google.com/url?q=https://a.example/b&sa=D)", "6:5", "by way of www.google.com", "Write https://a.example/b"),
    ("[a](https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2F)", "6:5", "by way of", "https://a.example/"),
    ("[a]({filename}/posts/other.html)", "6:5", "there is no file", "{filename}/posts/other.md"),
    ("![a][b]\n\n[b]: https://elsewhere.example/x.png", "6:3", "browsers would not show this", "{static}/images/"),
    ("![a][b]\n\n[b]: {static}/images/phone.HEIC", "6:3", "most browsers show no pictures that end in .HEIC", "phone.jpg"),
    ("![a](https://site.example/blog/images/one.png)", "6:6", "given with the address of the site", "{static}/images/one.png"),
    ('<img alt="a" src="https://site.example/blog/images/one.png">', "6:1", "given with the address", "{static}/images/one.png"),
    ('<p style="color: red">a</p>', "6:4", "let in no styles", "theme"),
    ("a {: .b style='color: red'}", "6:9", "let in no styles", "theme"),
    ('<b onclick="x()">a</b>', "6:4", "let in no programs", "Take onclick out"),
    ("<script>x()</script>", "6:1", "readers would see nothing of <script>", "Take it out"),
    ("<style>p { color: red }</style>", "6:1", "readers would see nothing of <style>", "Take it out"),
    ('<form action="https://forms.example/x"><button>a</button></form>', "6:7", "browsers would not send this form", "Link"),
    ("<div>\na **b**\n</div>", "7:3", "inside of <div> no Markdown is read", '<div markdown="1">'),
    ("<aside>\n\n[a](other.md)\n\n</aside>", "8:1", "inside of <aside> no Markdown is read", '<aside markdown="1">'),
    ("a ~~b c~~ d", "6:3", AS_TYPED, "<del>"),
    ("a ==b== c", "6:3", AS_TYPED, "<mark>"),
    ("- [ ] a", "6:3", AS_TYPED, "\u2610"),
    ("1. [x] a", "6:4", AS_TYPED, "\u2611"),
    ("> [!NOTE]\n> a", "6:3", AS_TYPED, "!!! note"),
    ("see [[other]]", "6:5", AS_TYPED, "{filename}"),
    ("a {{ b }}", "6:3", AS_TYPED, "mark of another program"),
    ("{% include a %}", "6:1", AS_TYPED, "mark of another program"),
    ("[caption id='b']", "6:1", AS_TYPED, "mark of another program"),
    ("(a)[https://b.example]", "6:1", AS_TYPED, "[words](address)"),
    ("a^[b c]", "6:2", AS_TYPED, "[^1]"),
    ("- a\n\n    ```python\n    x\n    ```\n- b", "8:5", "begin no code block here", "in a list: by eight"),
    ("> ~~~\n> x\n> ~~~", "6:3", "begin no code block here", "four spaces more"),
    ("!!! note\n    ```\n    x\n\n    y\n    ```", "7:5", "begin no code block here", "in a list: by eight"),
    ("a\\\nb", "6:2", AS_TYPED, "two spaces"),
    ("! [a]({static}/images/one.png)", "6:1", AS_TYPED, "![what it shows]"),
    ("** a ** b", "6:1", AS_TYPED, "**words**"),
    ("**a b", "6:1", "readers would see these two stars", "**words**"),
    ("\u2022 a\n\u2022 b", "6:1", "this is no list to Markdown", "- and a space"),
    ("1) a\n2) b", "6:1", "this is no list to Markdown", "1. and a space"),
    ("-\u00a0a\n-\u00a0b", "6:1", "this is no list to Markdown", "- and a space"),
    ("| a | b |\n| c | d |", "6:1", "this is no table to Markdown", "|---|---|"),
    ("A whole sentence.\n---\na", "6:1", "makes this sentence a heading", "empty line"),
    ("a [b](https://c.example and d", "6:5", "a bracket of this link is missing", "[words](address)"),
    ("[a(https://b.example)", "6:1", "a bracket of this link is missing", "[words](address)"),
    ("a %%hidden%% b", "6:3", AS_TYPED, "<!-- and -->"),
    ("a <!\u2013 hidden \u2013> b", "6:3", AS_TYPED, "two plain hyphens"),
    ("::: note\na\n:::", "6:1", AS_TYPED, "!!! note"),
    ("1.one\n2.two", "6:1", "this is no list to Markdown", "1. and a space"),
    ("#trust #letters", "6:1", "these tags are a heading", "tags: [one, two]"),
    ("1. a\n   - b\n   - c\n2. d", "7:1", "does not stand below the one above it", "four spaces"),
    ("- a\n\n  more of it\n- b", "8:1", "ends the list", "four spaces"),
    ("| a | b |\n|---|\n| c | d |", "7:1", "it has 2 heads", "|---|---|"),
    ("| a | b |\n|---|---|\n| c | d | e |", "8:1", "the last would be lost", "one more head"),
    ("[a][b] c", "6:1", "nothing says where [b] leads", "[b]: https://..."),
    ("![a][]", "6:1", "nothing says where [a] leads", "[a]: https://..."),
    ("a[^1]\n\n[^1]: b\n[^1]: c", "9:1", "two notes [^1]", "[^2]"),
    ("[a](https://http://b.example)", "6:5", "begins twice", "once"),
    ("![a](/images/One.PNG)", "6:6", "there is nothing at the address", "{static}/images/one.png"),
    ("[a](other.MD)", "6:5", "there is no file", "{filename}/posts/other.md"),
    ("# A first post\n\na", "6:1", "the title would stand twice", "Take this line out"),
    ("A First Post\n===\n\na", "6:1", "the title would stand twice", "Take this line out"),
    ("---\ntitle: A\n---\na", "6:1", "the keys stand here a second time", "Keep one"),
    ("1. a\n\n    ```\n    b\n      c\n    ```", "8:5", "begin no code block here", "four spaces more"),
    ("> a\n>\n> ~~~ py\n> b\n> ~~~", "8:3", "begin no code block here", "leave them out"),
    ("!!! note\n    ```\n    b\n    ```", "7:5", "begin no code block here", "a box"),
    ("  ```\n  a\n  ```", "6:3", "begin no code block here", "leave them out"),
    ("\n" + TEXT, "7:1", "only the place for your text", "status: draft"),
    ("- a\n\n    ```python\n    # b\n    ```", "8:5", "begin no code block here", "four spaces more"),
    ("```js title='a'\nb = 1\n```", "6:1", "begin no code block here", "nothing but the language"),
    ("{: .note}\na", "6:1", AS_TYPED, "mark of another program"),
    ("[a]{.underline} b", "6:1", AS_TYPED, "mark of another program"),
    ('[contact-form-7 id="1"]', "6:1", AS_TYPED, "mark of another program"),
    ("a <% b %>", "6:3", AS_TYPED, "mark of another program"),
    ("it\\'s", "6:3", AS_TYPED, "Take the backslash out"),
    ("a :smile: b", "6:3", AS_TYPED, "the sign itself"),
    ("+---+---+", "6:1", AS_TYPED, "|---|---|"),
    ("![a|300]({static}/images/one.png)", "6:1", AS_TYPED, "Take the | and the number out"),
    ("H~2~O", "6:2", AS_TYPED, "<sub>"),
    ("SO~4~^2-^", "6:3", AS_TYPED, "<sub>"),
    ("Ca^2+^", "6:3", AS_TYPED, "<sup>"),
    ("10^-3^ m", "6:3", AS_TYPED, "<sup>"),
    ("a {++b++} c", "6:3", AS_TYPED, "not settled"),
    ("{~~a~>b~~}", "6:1", AS_TYPED, "not settled"),
    ("{==a==}", "6:1", AS_TYPED, "not settled"),
    ("::: {.note}\na\n:::", "6:1", AS_TYPED, "!!! note"),
    ("**a **b", "6:1", "no others close them", "**words**"),
    ("**a** **b **c", "6:7", "no others close them", "**words**"),
    ("[](other.md)", "6:1", "this link has no words", "[words](address)"),
    ("[![]({static}/images/one.png){.decorative}](other.md)", "6:1", "this link has no words", "what its picture shows"),
    ('/one.png "A picture"', "6:1", AS_TYPED, "{static}/images/"),
]  # fmt: skip
FINE = [
    "```python\na\n```\n\n- a\n\n        b = 1\n\n<!--\n    ```\n-->\n\nAt 10:30:00, a:b:c, ratio 1:2:3, `[a b='c']`, a\\!",
    "[a][b]{.c} and ![a][d]{.decorative}, C:\\\\, a place to eat ($$ or $$$)\n\n[b]: other.md\n[d]: {static}/images/one.png",
    "![a]({static}/images/one.png){.wide}\n\na\n{: .lead}\n\n[a](other.md){.b} costs $5 and $6, 100%, [/a]: and/or\n\n/images/ is a folder",
    "[a](https://b.example/it’s_(c)), [d](tel:+44 20 7946 0000), [e](https://f.example 'It is'), [g](https://h.example/a\\_b)",
    "[a](https://www.google.com/search?q=b), [c](sms:+442079460000) and ![d](data:image/png;base64,iVBORw0KGgo=)",
    "| a | b |\n|---|--:|\n| c | d |\n\n<table><tr><td style='text-align: right'>a</td></tr></table>",
    "<form action='https://lists.example/subscribe'><button>a</button></form><form action='/search/'></form>",
    '<form action="https://site.example/blog/x"></form><p class="on" data-on="x" title="style=">a</p>',
    '<div markdown="1">\na **b**\n</div>\n\n<span>**a**</span>\n\n<div>a * b</div>\n\n<div>\n`**a**`\n</div>',
    "`~~a~~`, ~a~, \\~~a~~, a ~~ b; `==a==`, a == b == c, ===; `{{ a }}`, {name}; `[[a]]`, [[a](other.md)], a[[0]](other.md)",
    "1. a\n\n        b\n          c\n\n> a\n>\n>     ```\n>     b\n",
    "```\n  ```\n    b\n```\n\n<!--\n  ```\n-->\n\n    ```\n    a\n    ```\n\nb ``` c, - ```d```",
    "- [a](other.md)\n- [x](other.md)\n\n> [a]\n\n[x] a, [video], (a)[b], f(x)[0], x^2, 2 ** 3 and 4 ** 5, price**",
    "**a** b **c**, *a **b** c*, ***a***, \\**a\n\n* * *\n\n** a footnote\n\n**a\nb** c",
    "\u2022 one\n\n\u2022 two\n\n1) one\n\n2) two\n\nHello! [a](other.md)\n\nC:\\\\ is a disk  \nand a\\*b",
    "A heading\n---\n\nWhat is trust?\n---\n\nA sentence.\n\n---\n\n# Another title\n\n| a |",
    "| a | `b|c` |\n|---|---|\n| \\| d |\n\na | b\n- | -\nc\n\n1. a\n    - b\n\n    more\n\n2. b\n   c\n\n-5\n-6\n\n 1.5\n 2.5",
    "[a][b c], [B  C][], list[a][b] and [a] [b]; 50%% of 20%%; <!-- a -->\n\n[b c]: https://a.example",
    "- a\n\n        ```\n        x\n\n```\n  ~~~\n```\n\n    ```\n    x\n\n<!--\n  ```\n-->\n\n- ```x``` and ```y```",
    "<pre>\n  *a*\n\n  b\n</pre>\n\n<pre>a</pre>\n\n<textarea>\n[a]</textarea>",
    "**a *b* c** d, **a**b **c**, 5 ** 6, $$-$$$ a head, [/s], \\[/b] and <https://a.example/:abc:/>, {a}, ~5 to ~6, x^2",
    "[see https://a.example (https://b.example)] and [words] (see below)",
]


@pytest.mark.parametrize(("text", "where", "message", "advice"), REFUSED)
def test_what_readers_would_not_get_as_it_is_meant_is_told(
    reads: Reads, text: str, where: str, message: str, advice: str
) -> None:
    """Each slip is told once, with its place, the reason, and what to write."""
    problems = reads({**SITE, "posts/x.md": HEAD + text}, home=HOME).problems
    assert [f"{problem.line}:{problem.column}" for problem in problems] == [where]
    assert message in problems[0].message
    assert advice in problems[0].help


@pytest.mark.parametrize("text", FINE)
def test_what_readers_get_as_it_is_meant_passes(reads: Reads, text: str) -> None:
    """The same signs in their ordinary use, escaped or in code are left alone."""
    assert list(map(str, reads({**SITE, "posts/x.md": HEAD + text}, home=HOME).problems)) == []


def test_a_draft_may_hold_the_words_of_new(reads: Reads) -> None:
    """The place for the text is a fault only once its document is published."""
    assert reads({"posts/x.md": HEAD.replace("published", "draft") + TEXT}).problems == ()


def test_a_letter_is_told_of_styles_and_programs_too(reads: Reads) -> None:
    """What the sanitiser of letters would drop without a word is refused at its place."""
    head = HEAD.replace("title:", "number: 3\nsubject: S\ntitle:")
    problems = reads({"newsletter/003.md": head + "<p style='color: red' onclick='x()'>a</p>"}).problems
    assert [(problem.line, problem.column) for problem in problems] == [(8, 4), (8, 23)]


def test_a_file_with_a_wrong_name_is_told_once(reads: Reads) -> None:
    """The file is told to be renamed; the links to it are not called broken as well."""
    links = "![a](<{static}/images/My photo.png>) ![b](/images/My%20photo.png) [c](My%20post.md)"
    files = {**SITE, "images/My photo.png": "png", "posts/My post.md": HEAD + "a", "posts/x.md": HEAD + links}
    problems = reads(files).problems
    assert [problem.path for problem in problems] == ["content/images/My photo.png", "content/posts/My post.md"]
    assert "Rename it to my-photo.png, and write that name in the links to it." in problems[0].help


def test_a_picture_to_be_saved_otherwise_gets_a_name_that_is_good(reads: Reads) -> None:
    """The name that is proposed for a picture of a telephone is not refused in its turn."""
    files = {**SITE, "images/My photo.HEIC": "heic", "posts/x.md": HEAD + "![a](<../images/My photo.HEIC>)"}
    assert "Save it as my-photo.jpg" in reads(files).problems[-1].help


def test_a_name_is_proposed_only_for_what_is_like_it(reads: Reads) -> None:
    """That two files end alike or lie in one folder does not make one of them what was meant."""
    problems = reads({**SITE, "posts/x.md": HEAD + "![a](/images/untitled.png) ![b](untitled.png)"}).problems
    assert [problem for problem in problems if "Did you mean" in problem.help] == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("---\nti\u200btle: T\nstatus: published\n---\na", "2:3"),
        ("---\n\u200btitle: T\nstatus: published\n---\na", "2:1"),
        ("\u200btitle: T\nstatus: published\n\na", "1:1"),
        ("title: T\nsta\u00adtus: published\n\na", "2:4"),
    ],
)
def test_a_sign_that_nobody_sees_in_a_key_is_named(reads: Reads, text: str, where: str) -> None:
    """A key that looks right is not called unknown: the sign that makes it wrong is told, with its place."""
    problem = reads({"pages/x.md": text}).problems[0]
    assert f"{problem.line}:{problem.column}" == where
    assert "only looks like a space or like nothing" in problem.message


@pytest.mark.parametrize(
    "odd",
    ["~~a ", "==a ", "[[a", "{{ a", "(a", "** a", "\u2022 a\n", "| a |\n", "<div>\n", "</div>", "<pre ", "<script>",
     "](https://a ",
     "[a(https://a", "{ on=", "<b on=a ", "a\\\n", "**a ", "^[a", "%%a ",
     "[a][b] ", "#a #a ", "- a\n  - a\n", "|a|\n|-|\n", "[^1]: a\n", "[a](javascript:"],
)  # fmt: skip
def test_the_search_for_such_slips_takes_a_time_that_grows_with_the_length(odd: str) -> None:
    """Ten thousands of odd signs take no minute."""
    began = process_time()
    list(misread(odd * 60_000, [], home=HOME))
    assert process_time() - began < 10
