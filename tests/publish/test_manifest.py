"""Manifest and plan: what a site consists of, and what a publish would change."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.mailing_list.step import Action, LetterStep
from funnel.publish.manifest import Entry, differences, from_json, make_manifest, release_id, to_json
from funnel.publish.plan import in_words, make_plan
from funnel.publish.stamp import Held, Record
from hypothesis import given
from hypothesis import strategies as st

PAGE = "<!doctype html><title>{title}</title><nav>{nav}</nav><main><p>{text} <a href='{link}'>on</a></p></main>"


def site(folder: Path, **pages: dict[str, str]) -> Path:
    for name, parts in pages.items():
        values = {"title": "T", "nav": "n", "text": "words", "link": "/x/", **parts}
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "index.html").write_text(PAGE.format(**values), encoding="utf-8")
    return folder


def record(folder: Path, *withheld: Held) -> Record:
    manifest = make_manifest(folder)
    return Record(release_id(manifest), "https://site.example", {}, manifest, withheld)


entries = st.builds(Entry, sha256=st.text("0123456789abcdef", min_size=64, max_size=64), title=st.text(max_size=20))
manifests = st.dictionaries(st.text(min_size=1, max_size=20), entries, max_size=8)


@given(manifests)
def test_a_manifest_survives_being_written_and_read(manifest: dict[str, Entry]) -> None:
    """Reading what was written gives the same manifest and the same release."""
    assert from_json(to_json(manifest)) == manifest
    assert release_id(from_json(to_json(manifest))) == release_id(manifest)


@given(manifests, manifests)
def test_a_release_is_named_by_its_content(one: dict[str, Entry], other: dict[str, Entry]) -> None:
    """Two sites have the same release name exactly when every file has the same name and digest."""
    same = {path: entry.sha256 for path, entry in one.items()} == {path: entry.sha256 for path, entry in other.items()}
    assert (release_id(one) == release_id(other)) == same


@pytest.mark.parametrize("text", ["[]", '{"a": 1}', '{"a": {"odd": 1}}', "nonsense"])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    """A damaged manifest is an error, never an empty site."""
    with pytest.raises(ValueError):
        from_json(text)


def test_differences_name_what_is_strange_missing_or_changed(tmp_path: Path) -> None:
    """A live folder is compared file by file; a host's own hidden files do not count."""
    folder = site(tmp_path, a={}, b={}, c={})
    manifest = make_manifest(folder)
    assert differences(folder, manifest) == []
    (folder / "a/index.html").unlink()
    (folder / "b/index.html").write_text("other", encoding="utf-8")
    (folder / "strange.html").write_text("x", encoding="utf-8")
    (folder / ".nojekyll").touch()
    assert differences(folder, manifest) == ["a/index.html", "b/index.html", "strange.html"]


def test_a_plan_tells_what_changes_in_a_page(tmp_path: Path) -> None:
    """Title, text, links and furniture are told apart."""
    old = make_manifest(site(tmp_path / "old", a={}, b={}, c={}, d={}, gone={}))
    new = record(
        site(
            tmp_path / "new",
            a={"title": "New"},
            b={"text": "new"},
            c={"link": "/y/"},
            d={"nav": "new"},
            here={"title": "Here"},
        )
    )
    plan = make_plan(new, old, "before", ())
    assert {page.path: page.what for page in plan.change} == {
        "a/index.html": ("title",),
        "b/index.html": ("text",),
        "c/index.html": ("links",),
        "d/index.html": ("only furniture",),
    }
    assert [page.path for page in plan.vanish] == ["gone/index.html"]
    assert "    aliases: [/gone/]" in list(in_words(plan, "UTC"))
    assert [(page.path, page.title) for page in plan.appear] == [("here/index.html", "Here")]


def test_a_plan_says_what_is_held_back_and_until_when(tmp_path: Path) -> None:
    """Every held document stands in the plan with its reason, and the next due date closes it."""
    held = (
        Held("posts/a.md", "A", "draft", ""),
        Held("posts/b.md", "B", "future", "2031-01-02T00:00:00+00:00"),
        Held("posts/c.md", "C", "future", "2030-01-02T00:00:00+00:00"),
    )
    words = list(in_words(make_plan(record(site(tmp_path, a={}), *held), None, None, ()), "UTC"))
    assert any("posts/a.md" in line and "draft" in line for line in words)
    assert words[-1] == "The next held document is due 2030-01-02 00:00 UTC (2030-01-02 00:00 UTC): publish again then."


def test_the_same_site_twice_is_an_empty_plan(tmp_path: Path) -> None:
    """When nothing changed, nothing is planned (law 4)."""
    new = record(site(tmp_path, a={}, b={}))
    assert make_plan(new, new.manifest, new.release, ()).empty


def test_letters_of_old_take_one_line(tmp_path: Path) -> None:
    """A plan names the letters with something to do, and the last three that are out; all before them are one line."""
    out = [
        LetterStep(Action.NOTHING, f"site/{number}", number, "Words", "sent to 3", over=True)
        for number in range(1, 501)
    ]
    todo = LetterStep(Action.DRAFT, "site/501", 501, "New words", "there is no draft of it yet")
    words = list(in_words(make_plan(record(site(tmp_path, a={})), None, None, (*out, todo)), "UTC"))
    letters = [line for line in words if line.startswith("Letter")]
    assert len(letters) == 5 and letters[0] == "Letters: 497 earlier issues went out; nothing to do with them."
    assert "make a draft" in letters[-1]
