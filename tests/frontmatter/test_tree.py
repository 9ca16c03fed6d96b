"""The whole of content/: folders, names, addresses, what is withheld, and what nobody should ever do to it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from funnel.frontmatter import Tree, read_tree
from funnel.frontmatter.moments import read_moment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import NOW, Reads, write
from .sample import SITE

NOBODY = 65534  # the user that owns nothing, by its number everywhere
POST = "---\ntitle: T\ndate: 2026-05-04\nstatus: published\n---\nText.\n"
PAGE = "---\ntitle: T\nstatus: published\n---\nText.\n"
OFFER = "---\ntitle: T\noffer_name: O\nstatus: published\n---\nText.\n"
ISSUE = "---\ntitle: T\nnumber: 1\nsubject: S\ndate: 2026-05-04\nstatus: published\n---\nText.\n"

NAMES = [
    ("posts/x.MD", "x.md"), ("posts/x.markdown", "x.md"), ("posts/x.mdown", "x.md"), ("posts/x.txt", "x.md"), ("posts/x.rst", "x.md"),
    ("posts/x.html", "x.md"), ("posts/x", "x.md"), ("posts/My Post.md", "my-post.md"), ("posts/Über_uns.md", "uber-uns.md"),
    ("posts/x..md", "x.md"), ("posts/-.md", "a-name.md"), ("x.md", "post to posts/"), ("post/x.md", '"posts"'),
    ("drafts/x.md", "posts"), ("posts/A B/x.md", "a-b"), ("images/x.md", "posts/"), ("images/my cat.png", "my-cat.png"),
    ("posts/x.pngg", ".png"), ("posts/x.exe", "x.md"), ("posts/x.md.txt", "Rename it to x.md"),
    ("posts/x.docx", "Save it as plain text (UTF-8) in x.md"),
]  # fmt: skip
IGNORED = [
    "posts/.x.md", "posts/x.md~", "posts/#x.md#", "posts/.x.md.swp", "posts/.#x.md", "posts/.DS_Store", "posts/x.md.bak", "images/Thumbs.db",
    ".git/config", "extra/.DS_Store", "posts/~$x.docx",
]  # fmt: skip


@pytest.mark.parametrize(("name", "advice"), NAMES)
def test_a_name_that_means_nothing_is_refused_with_the_right_one(reads: Reads, name: str, advice: str) -> None:
    """A file with a wrong ending, odd signs or a wrong folder is refused, and the name that would be right is told."""
    tree = reads({name: POST})
    assert len(tree.problems) == 1
    assert advice in tree.problems[0].help


@pytest.mark.parametrize("name", IGNORED)
def test_a_file_that_plays_no_part_is_listed(reads: Reads, name: str) -> None:
    """Hidden files and what editors and systems leave behind are ignored, and say so."""
    tree = reads({name: POST})
    assert tree.problems == ()
    assert [one.path for one in tree.ignored if one.reason] == [name if not name.startswith(".git") else ".git"]
    assert tree.documents == () and tree.files == ()


def test_hidden_files_of_extra_go_to_the_site(reads: Reads) -> None:
    """extra/.htaccess and extra/.well-known/ are there to be published."""
    assert reads({"extra/.htaccess": "x", "extra/.well-known/security.txt": "x"}).files == (
        "extra/.htaccess",
        "extra/.well-known/security.txt",
    )


TWICE = [
    ({"posts/a.md": POST, "posts/2026/a.md": POST}, "/posts/a/ is taken by posts/2026/a.md"),
    ({"pages/a.md": PAGE, "offers/a.md": OFFER}, "/a/ is taken by offers/a.md"),
    ({"posts/a.md": POST, "posts/b.md": POST.replace("title", "slug: a\ntitle")}, "/posts/a/ is taken by posts/a.md"),
    ({"pages/a.md": PAGE, "extra/a/index.html": "x"}, "/a/ is taken by extra/a/index.html"),
    ({"pages/tags.md": PAGE}, 'the site itself uses the address "/tags/"'),
    ({"pages/x.md": PAGE.replace("title", "slug: feeds\ntitle")}, 'the site itself uses the address "/feeds/"'),
    ({"newsletter/a.md": ISSUE, "newsletter/b.md": ISSUE}, "issue 1 is also newsletter/a.md"),
    (
        {"pages/a.md": PAGE.replace("title", "aliases: [/b]\ntitle"), "pages/b.md": PAGE},
        "/b is the address of pages/b.md",
    ),
    (
        {
            "pages/a.md": PAGE.replace("title", "aliases: [/café/]\ntitle"),
            "pages/b.md": PAGE.replace("title", "aliases: [/caf%C3%A9/]\ntitle"),
        },
        "/café/ is also claimed by pages/a.md",
    ),
    (
        {
            "pages/a.md": PAGE.replace("title", "aliases: [/c/]\ntitle"),
            "pages/b.md": PAGE.replace("title", "aliases: [/c]\ntitle"),
        },
        "/c is also claimed by pages/a.md",
    ),
]


@pytest.mark.parametrize(("files", "message"), TWICE)
def test_two_documents_never_share_an_address(reads: Reads, files: dict[str, str], message: str) -> None:
    """An address, a number and an old address belong to one document; the site's own names to none."""
    problems = reads(files).problems
    assert len(problems) == 1, list(map(str, problems))
    assert message in problems[0].message


def test_one_topic_has_one_spelling(reads: Reads) -> None:
    """Trust and trust share one page; the second document that spells it otherwise is refused."""
    first, second = (
        POST.replace("title", "tags: [Trust]\ntitle"),
        POST.replace("title", "tags: [letters, trust]\ntitle"),
    )
    problems = reads({"posts/a.md": first, "posts/b.md": second, "posts/c.md": first}).problems
    assert [(one.path, one.line) for one in problems] == [("content/posts/b.md", 2)]


def test_waivers_are_texts_or_small_tables(reads: Reads) -> None:
    """What a waiver says is handed to the guard as it was typed; a key given twice is refused."""
    table = "waivers:\n  - rule: pressure\n    reason: 'quoted: a book'\n  - 'pressure: x'\ntitle"
    tree = reads({"posts/a.md": POST.replace("title", table)})
    assert tree.problems == ()
    assert tree.documents[0].metadata["waivers"] == ({"rule": "pressure", "reason": "quoted: a book"}, "pressure: x")
    assert (
        "given twice"
        in reads({"posts/a.md": POST.replace("title", table.replace("reason", "rule"))}).problems[0].message
    )


def test_the_same_slug_in_two_folders_of_articles_is_fine(reads: Reads) -> None:
    """posts/a.md and tips/a.md have addresses of their own."""
    assert reads({"posts/a.md": POST, "tips/a.md": POST}).problems == ()


def test_what_is_withheld_says_why_and_until_when(reads: Reads) -> None:
    """A draft, a future document and an expired request are withheld; the last day of a request still counts."""
    request = "---\ntitle: T\ndate: 2026-04-01\nneed: N\nfor_whom: W\nagreed: 2026-03-01\nstatus: published\nexpires: {}\n---\n"
    tree = reads(
        {
            "posts/draft.md": POST.replace("published", "draft"),
            "posts/future.md": POST.replace("2026-05-04", "2026-06-01 14:01"),
            "posts/now.md": POST.replace("2026-05-04", "2026-06-01 14:00"),
            "posts/both.md": POST.replace("published", "draft").replace("2026", "2027"),
            "requests/gone.md": request.format("2026-05-31"),
            "requests/last-day.md": request.format("2026-06-01"),
        }
    )
    assert {held.document.path: (held.reason, held.due) for held in tree.withheld} == {
        "posts/draft.md": ("draft", None),
        "posts/both.md": ("draft", None),
        "posts/future.md": ("future", datetime(2026, 6, 1, 12, 1, tzinfo=UTC)),
        "requests/gone.md": ("expired", None),
    }
    assert [one.path for one in tree.published] == ["posts/now.md", "requests/last-day.md"]


@pytest.mark.parametrize("date", ["2026-04-01", "2026-04-01T09:00-10:00", "2026-04-01T09:00+14:00"])
def test_a_request_expires_by_the_clock_of_the_site(reads: Reads, date: str) -> None:
    """The last day of a request ends at midnight of the site, in whichever offset its first day was written."""
    request = "---\ntitle: T\ndate: {}\nneed: N\nfor_whom: W\nagreed: 2026-03-01\nstatus: published\nexpires: 2026-06-30\n---\n"
    for minute, gone in ((59, 0), (60, 1)):
        now = datetime(2026, 6, 30, 21, 0, tzinfo=UTC) + timedelta(minutes=minute)
        assert len(reads({"requests/r.md": request.format(date)}, now=now).withheld) == gone


def test_a_letter_at_midnight_is_not_one_of_the_whole_day(reads: Reads) -> None:
    """`send_at` at 00:00 on the day of its issue is refused where the page comes later that day."""
    issue = "---\ntitle: T\nnumber: 1\ndate: 2026-06-03{}\nstatus: draft\nsubject: S\npreheader: P\nsend_at: 2026-06-03 00:00\n---\n"
    late = [str(one.message) for one in reads({"newsletter/1.md": issue.format(" 09:00")}).problems]
    assert "the letter would go out before its page is there" in late
    whole = [str(one.message) for one in reads({"newsletter/1.md": issue.format("")}).problems]
    assert "the letter would go out before its page is there" not in whole


def test_links_out_of_the_tree_are_refused(tmp_path: Path) -> None:
    """A symbolic link that leaves content/, leads nowhere, or leads to a folder is refused."""
    root = tmp_path / "content"
    write(root, {"posts/a.md": POST, "images/x.svg": "<svg/>"})
    (tmp_path / "secret.md").write_text(POST)
    (root / "posts/out.md").symlink_to(tmp_path / "secret.md")
    (root / "posts/gone.md").symlink_to(root / "posts/nothing.md")
    (root / "posts/loop").symlink_to(root / "posts")
    problems = read_tree(root, timezone="UTC", now=NOW).problems
    assert [(one.path, one.message.removeprefix("this symbolic link ")) for one in problems] == [
        ("content/posts/gone.md", "leads to nothing"),
        ("content/posts/loop", "leads to a folder"),
        ("content/posts/out.md", "leads out of the folder of the site"),
    ]


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    """A named pipe, a folder with the name of a document and a name that is no text do not hang or crash the reading."""
    root = tmp_path / "content"
    write(root, {"posts/a.md/b.md": POST})
    os.mkfifo(root / "posts/pipe.md")
    os.mkfifo(root / "posts/pipe.png")
    (Path(os.fsdecode(os.fsencode(root) + b"/posts/caf\xe9.md"))).write_text(POST)
    problems = read_tree(root, timezone="UTC", now=NOW).problems
    assert [one.path for one in problems] == [
        "content/posts/a.md",
        "content/posts/caf\N{REPLACEMENT CHARACTER}.md",
        "content/posts/pipe.md",
        "content/posts/pipe.png",
    ]
    assert {one.help for one in problems[2:]} == {"Take it out of the folder."}


@contextmanager
def without_rights() -> Iterator[None]:
    """Whoever may read everything is somebody else for a while."""
    mighty = os.geteuid() == 0
    if mighty:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if mighty:
            os.seteuid(0)


def test_an_unreadable_file_is_refused() -> None:
    """A file without the right to read it is told, not skipped, and told once: links to it are not called broken."""
    with tempfile.TemporaryDirectory() as folder:  # not below pytest's own, which nobody else may enter
        root = Path(folder)
        root.chmod(0o755)
        write(root / "content", {"posts/a.md": POST, "posts/b.md": POST + "\n[a](a.md)\n"})
        (root / "content/posts/a.md").chmod(0)
        with without_rights():
            read = read_tree(root / "content", timezone="UTC", now=NOW)
    (problem,) = read.problems
    assert "cannot be read" in problem.message


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """An empty list of documents is never the answer to a folder that is not there."""
    assert "does not exist" in read_tree(tmp_path / "content", timezone="UTC", now=NOW).problems[0].message


def test_names_that_differ_in_case_only_are_refused(reads: Reads) -> None:
    """On most computers of writers such a pair is one file."""
    tree = reads({"images/a.svg": "x", "images/A.svg": "x"})
    assert "capital letters" in tree.problems[0].message


def test_the_second_dialect_gives_the_same_metadata(reads: Reads) -> None:
    """A document means the same in YAML and in Pelican's lines, with Windows line ends and a byte order mark or not."""
    yaml = "---\ntitle: T\ndate: 2026-05-04 09:30\nstatus: published\ntags: [a, b]\nlang: no\nsummary: 12:30\n---\n\nText.\n"
    plain = "Title: T\nDATE: 2026-05-04 09:30\nStatus: published\nTags: a, b\nlang: no\nSummary: 12:30\n\nText.\n"
    windows = "\ufeff" + yaml.replace("\n", "\r\n")
    tree = reads({"posts/a.md": yaml, "posts/b.md": plain, "posts/c.md": windows})
    first, *others = [dict(document.metadata) | {"slug": ""} for document in tree.documents]
    assert others == [first, first]
    assert first["lang"] == "no"
    assert first["summary"] == "12:30"
    assert first["tags"] == ("a", "b")
    assert first["date"] == datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
    assert [document.body.strip() for document in tree.documents] == ["Text."] * 3


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    raw=st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.text(st.sampled_from("---:\n #'\"[]{}&*!|>,\\abtitle\t?%@`<()"), max_size=200).map(
        lambda text: b"---\n" + text.encode() + b"\n---\n"
    )
    | st.text(st.sampled_from("`~[]()!<>\\\n -*:\"'{}#abx=&|"), max_size=300).map(
        lambda text: POST.encode() + text.encode()
    )
)
def test_no_bytes_make_the_reading_crash(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever a file holds, the answer is a document or problems with a place, never an exception."""
    root = tmp_path_factory.getbasetemp() / "fuzz/content"
    write(root, {"posts/x.md": raw})
    tree = read_tree(root, timezone="Europe/Berlin", now=NOW)
    assert len(tree.documents) == 1 or tree.problems
    assert all(one.line >= 1 and one.column >= 1 and str(one) for one in tree.problems)


def test_reading_twice_gives_the_same(reads: Reads) -> None:
    """The tree depends on files, time zone and moment alone."""
    first, second = reads(SITE), reads(SITE)
    assert isinstance(first, Tree)
    assert first == second
    assert first.rows() == second.rows()


def test_hostile_sizes_do_not_stall_the_reading(reads: Reads) -> None:
    """A long run of brackets, backticks, fences, comments or quotes is judged in seconds."""
    pieces = [
        "[",
        "](",
        "![",
        "`",
        "` ``",
        "~~~\n",
        "```a\n",
        "<!--",
        "<a ",
        "<a b='",
        "> ",
        "\\",
        "(",
        "    x\n",
        "[a]: b\n",
        "- ",
        "*",
    ]
    files = {f"posts/p{number}.md": POST + piece * (60_000 // len(piece)) for number, piece in enumerate(pieces)}
    start = datetime.now(UTC)
    reads(files)
    assert (datetime.now(UTC) - start).total_seconds() < 20


def test_a_moment_as_other_programs_write_it_is_the_same_moment() -> None:
    """Ghost and Substack write parts of a second, Jekyll an offset without a colon."""
    zone = ZoneInfo("Europe/London")
    assert read_moment("2023-01-02T03:04:05.000Z", zone) == read_moment("2023-01-02 03:04:05+00:00", zone)
    assert read_moment("2019-03-04 09:30:00 +0100", zone) == read_moment("2019-03-04 09:30+01:00", zone)
