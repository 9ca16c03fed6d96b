"""What a build remembers of the one before: only that the very same file, judged by the very same rules, was clean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from funnel.guard.built import Allowed, check_surface
from funnel.guard.clean import Clean
from funnel.guard.config import Config
from funnel.guard.plugin import KEY, Refused, Run, after_writing
from funnel.guard.records import Kind
from funnel.guard.rulebook import rulebook
from funnel.guard.walk import Source


def surface(tmp_path: Path, name: str, text: str) -> Source:
    (tmp_path / name).write_text(text)
    return Source(name, str(tmp_path / name), "")


def judged_again(tmp_path: Path, page: Source, config: Config, allowed: Allowed, kind: Kind = Kind.MARKETING) -> bool:
    """Whether a build judges a page; in `tmp_path` is what the build before remembers."""
    judged: list[Source] = []
    clean = Clean(tmp_path / "cache" / "clean.txt", config, allowed)
    clean.unless_known(page, kind, lambda: judged.append(page) or check_surface(page, config, allowed))
    return bool(judged)


def remembering(tmp_path: Path, page: Source, config: Config) -> None:
    clean = Clean(tmp_path / "cache" / "clean.txt", config, Allowed())
    clean.unless_known(page, Kind.MARKETING, lambda: check_surface(page, config, Allowed()))
    clean.keep()


def test_a_page_that_was_clean_is_judged_again_when_anything_changes(tmp_path: Path) -> None:
    """The same page under the same rules is clean tomorrow too; another text, place, kind, setting or allowance is judged anew."""
    text, config = "<p>A walk by the river.</p>", Config(today=date(2026, 5, 4))
    page = surface(tmp_path, "a.html", text)
    remembering(tmp_path, page, config)
    assert not judged_again(tmp_path, page, replace(config, today=date(2026, 5, 5)), Allowed(kinds={"b": Kind.SALES}))
    assert judged_again(tmp_path, page, config, Allowed(), Kind.SALES)
    assert judged_again(tmp_path, page, config, Allowed(waived=frozenset({"a"})))
    assert judged_again(tmp_path, page, config, Allowed(titles=frozenset({"a"})))
    assert judged_again(tmp_path, page, config.knowing(names=("River",)), Allowed())
    assert judged_again(tmp_path, page, replace(config, off=("en.do-now",)), Allowed())
    assert judged_again(tmp_path, surface(tmp_path, "b.html", text), config, Allowed())
    assert judged_again(tmp_path, surface(tmp_path, "a.html", text + " "), config, Allowed())


@pytest.mark.parametrize("text", ["<p>Book a free call with me today.</p>", "<p>A walk.</p><!-- waive nothing -->"])
def test_a_page_with_a_finding_or_a_waiver_is_judged_in_every_build(tmp_path: Path, text: str) -> None:
    """What was refused is refused again, and a waiver may have ended since."""
    page = surface(tmp_path, "a.html", text)
    remembering(tmp_path, page, Config())
    assert judged_again(tmp_path, page, Config(), Allowed())


@pytest.mark.parametrize("spoilt", [b"", b"\xff\x00", b"half"])
def test_a_spoilt_memory_of_clean_pages_lets_nothing_pass(tmp_path: Path, spoilt: bytes) -> None:
    """What is not a whole digest of this very page says nothing about it; pages that are gone are forgotten."""
    page = surface(tmp_path, "a.html", "<p>A walk.</p>")
    remembering(tmp_path, page, Config())
    kept = tmp_path / "cache" / "clean.txt"
    kept.write_bytes(kept.read_bytes()[:40] if spoilt == b"half" else spoilt)
    assert judged_again(tmp_path, page, Config(), Allowed())
    remembering(tmp_path, surface(tmp_path, "b.html", "<p>A hill.</p>"), Config())
    assert len(kept.read_text().split()) == 1


ASKS = "<p>Book a free call with me today.</p>"


def built(tmp_path: Path, allowed: Allowed, config: Config | None = None) -> None:
    """A build with `tmp_path / "out"` as what it wrote."""
    settings = {"CACHE_PATH": str(tmp_path / "cache"), "FUNNEL_RECORD": str(tmp_path / "record")}
    run = Run(config or Config(), allowed, judged_documents=True)
    after_writing(
        SimpleNamespace(settings=settings | {KEY: run}, output_path=tmp_path / "out", theme=tmp_path / "theme")
    )
    assert run.judged_output


def test_what_one_build_lets_pass_the_next_one_refuses_where_it_may_not_stand(tmp_path: Path) -> None:
    """A sales page that becomes a post, and words that are waived no more, are judged anew, and in each build that follows."""
    (tmp_path / "out").mkdir()
    surface(tmp_path / "out", "a.html", ASKS)
    for allowed in (
        Allowed(kinds={"a.html": Kind.SALES}),
        Allowed(waived=frozenset({"book a free call with me today"})),
    ):
        built(tmp_path, allowed)
        for _ in range(2):
            with pytest.raises(Refused):
                built(tmp_path, Allowed())


def test_a_drawing_that_another_page_shows_is_judged_again(tmp_path: Path) -> None:
    """The same drawing may sell on a sales page, and not any more where a post shows it too."""
    (tmp_path / "out").mkdir()
    surface(tmp_path / "out", "a.svg", "<svg><text>Book a free call with me today.</text></svg>")
    surface(tmp_path / "out", "offer.html", "<img src='a.svg'>")
    allowed = Allowed(kinds={"offer.html": Kind.SALES})
    built(tmp_path, allowed)
    surface(tmp_path / "out", "post.html", "<img src='a.svg'>")
    with pytest.raises(Refused):
        built(tmp_path, allowed)


def test_another_guard_judges_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule of one's own that has changed, and a guard that has, know nothing of what was clean before."""
    (tmp_path / "mine").mkdir()
    mine, page = tmp_path / "mine" / "en.yml", surface(tmp_path, "a.html", "<p>A walk by the river.</p>")
    mine.write_text("classes: {}\n")
    config = Config(rules=(str(tmp_path / "mine"),))
    remembering(tmp_path, page, config)
    assert not judged_again(tmp_path, page, config, Allowed())
    mine.write_text("classes: {kelp: [kelp]}\n")
    rulebook.cache_clear()
    assert judged_again(tmp_path, page, config, Allowed())
    monkeypatch.setattr("funnel.guard.clean.__file__", str(tmp_path / "guard" / "clean.py"))
    program = tmp_path / "guard" / "clean.py"
    program.parent.mkdir()
    program.write_text("1")
    remembering(tmp_path, page, config)
    assert not judged_again(tmp_path, page, config, Allowed())
    program.write_text("2")
    assert judged_again(tmp_path, page, config, Allowed())
