"""The documentation and the drafts that are made from the schema."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from funnel.frontmatter import TYPES, skeleton, slug_of
from funnel.frontmatter.__main__ import main
from funnel.frontmatter.reference import reference
from funnel.frontmatter.skeleton import TEXT
from funnel.guard.check import check_markdown
from funnel.guard.records import Kind
from hypothesis import given
from hypothesis import strategies as st

from .conftest import Reads

TODAY = date(2026, 5, 4)


def test_the_reference_is_up_to_date() -> None:
    """docs/documents.md is what the schema says (to mend it: python -m funnel.frontmatter docs)."""
    assert (Path(__file__).parents[2] / "docs/documents.md").read_text("utf-8") == reference()


def test_every_example_of_the_reference_is_accepted(reads: Reads) -> None:
    """A document that gives every key of its type with the example of the schema is read without a fault."""
    files = {"images/two-funnels.svg": "<svg/>", "posts/first-steps.md": "---\ntitle: T\ndate: 2026-05-04\n---\n"}
    for kind in TYPES.values():
        steps = skeleton(kind.name, "x", TODAY)[1].replace("number: 1", "number: 99")
        steps = steps.replace("---\n", f"---\nslug: {kind.name}-steps\n", 1)
        files.setdefault(f"{kind.folder}/first-steps.md", steps)
        fields = [field for field in kind.fields.values() if field.name not in {"aliases", "slug"}]
        text = "\n".join(["---", *(f"{field.name}: {field.example}" for field in fields), "---", "Text."])
        files[f"{kind.folder}/example.md"] = text.replace("status: published\n", "")
    files["offers/offer.md"] = files.pop("offers/example.md")
    assert list(map(str, reads(files).problems)) == []


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("title", ['My first: "post"', "Äpfel & Öl #1", "it's - 'so'", "back \\ slash"])
def test_a_new_document_is_a_draft_that_can_be_read(reads: Reads, kind: str, title: str) -> None:
    """`new` writes a draft of its type with every key of the type in it, valid as it stands."""
    path, text = skeleton(kind, title, TODAY)
    tree = reads({path: text})
    assert list(map(str, tree.problems)) == []
    assert [(held.document.path, held.reason) for held in tree.withheld] == [(path, "draft")]
    assert tree.documents[0].title == title
    assert all(f"# {name}: " in text for name in TYPES[kind].fields)


@pytest.mark.parametrize("kind", TYPES)
def test_every_sleeping_key_of_a_new_document_works_when_woken(reads: Reads, kind: str) -> None:
    """Taking away the hash and the space of every example gives a valid document."""
    path, text = skeleton(kind, "A title", TODAY)
    free = [name for name, field in TYPES[kind].fields.items() if not field.required and name not in {"status", "date"}]
    lines = text.split("\n")
    for name in free:
        place = max(number for number, line in enumerate(lines) if line.startswith(f"# {name}: "))
        lines[place] = lines[place].removeprefix("# ")
    folder = TYPES[kind].folder
    same = {f"{folder}/first-steps.md": skeleton(kind, "x", TODAY)[1]} if kind != "issue" else {}
    others = same | {"images/two-funnels.svg": "<svg/>", "posts/first-steps.md": skeleton("post", "x", TODAY)[1]}
    assert list(map(str, reads({path: "\n".join(lines), **others}).problems)) == []


@pytest.mark.parametrize(("kind", "keys"), [("review", 3), ("request", 2), ("post", 0), ("offer", 0), ("issue", 0)])
def test_an_example_of_new_is_not_published_as_a_judgement(reads: Reads, kind: str, keys: int) -> None:
    """A verdict that nobody wrote, or a need that nobody has, is refused where it stands, once the draft is published."""
    path, text = skeleton(kind, "A title", TODAY)
    assert reads({path: text}).problems == ()
    ready = text.replace(TEXT, "Words.\n").replace("\nstatus: draft", "\nstatus: published")
    told = reads({path: ready}).problems
    assert len(told) == keys and all("only the example" in one.message for one in told)


@given(st.text(min_size=1, max_size=30))
def test_a_slug_fits_into_an_address(title: str) -> None:
    """Whatever the title, its slug is made of a-z, 0-9 and single hyphens, and making it twice changes nothing."""
    slug = slug_of(title)
    assert slug == "-".join(part for part in slug.split("-") if part)
    assert slug_of(slug) == slug
    assert slug.isascii()


def test_a_title_without_letters_and_an_unknown_type_are_told() -> None:
    """`skeleton` says in words why it cannot make a document."""
    with pytest.raises(ValueError, match="neither a letter nor a digit"):
        skeleton("post", "!!!", TODAY)
    with pytest.raises(ValueError, match=r"the title cannot be used: readers would see &amp;"):
        skeleton("post", "Salt &amp; pepper", TODAY)
    with pytest.raises(ValueError, match='no type "poem"'):
        skeleton("poem", "x", TODAY)


@pytest.mark.parametrize(
    ("typed", "meant"), [("newsletter", "issue"), ("posts", "post"), ("Tip", "tip"), ("offfer", "offer")]
)
def test_a_type_that_is_nearly_right_is_recognised(typed: str, meant: str) -> None:
    """Whoever types the folder of a type, a capital letter or a slip is told the type."""
    with pytest.raises(ValueError, match=f'Did you mean "{meant}"'):
        skeleton(typed, "x", TODAY)


def test_a_long_title_lends_its_first_words_to_the_address(reads: Reads) -> None:
    """The name of a new file fits on any disk, ends with a whole word, and the title stays whole."""
    title = "A very long title " * 40
    path, text = skeleton("issue", title, TODAY)
    assert path.endswith("-a-very.md") and len(path) < 110
    assert reads({path: text}).documents[0].title == title.strip()
    assert len(skeleton("post", "x" * 300, TODAY)[0]) < 110


@pytest.mark.parametrize("there", ["pages/course.md", "extra/course/index.html", "pages/other.md"])
def test_a_new_document_never_takes_an_address_that_is_in_use(reads: Reads, there: str) -> None:
    """`new` refuses a title whose address the site, a document, its old address or a file of extra/ has: the build would."""
    text = "---\ntitle: T\naliases: [/course]\n---\n" if there == "pages/other.md" else "---\ntitle: T\n---\n"
    taken = reads({there: text}).taken
    with pytest.raises(ValueError, match=f"the address /course/ is taken by {there}; choose another title"):
        skeleton("offer", "Course", TODAY, taken=taken)
    with pytest.raises(ValueError, match="the address /archive/ is taken by the site itself"):
        skeleton("page", "Archive", TODAY)
    assert skeleton("post", "Archive", TODAY, taken=taken)[0] == "posts/archive.md"


@pytest.mark.parametrize("kind", TYPES)
def test_the_guard_lets_every_new_document_pass(kind: str) -> None:
    """Neither what `new` explains nor the example of any key is taken for an ask."""
    _, text = skeleton(kind, "A quiet month", TODAY)
    examples = [f"{field.name}: {field.example}" for field in TYPES[kind].fields.values() if field.name != "waivers"]
    for written in (text, "\n".join(["---", *examples, "---", "Bread is slow."])):
        assert check_markdown("a.md", written, kind=Kind(TYPES[kind].kind)) == []


def test_the_command_judges_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` tells what is withheld and ignored, and ends with 3 when something is refused."""
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a.md").write_text("---\ntitle: T\ndate: 2026-05-04\n---\n")
    (tmp_path / "posts/a.md~").write_text("old")
    assert main(["check", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "withheld: posts/a.md (draft)" in out
    assert "ignored: posts/a.md~ (a backup or lock file of an editor)" in out
    (tmp_path / "posts/b.md").write_text("title")
    assert main(["check", str(tmp_path)]) == 3
    assert "posts/b.md:1:1: there is no front matter" in capsys.readouterr().err
