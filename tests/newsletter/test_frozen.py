"""What was sent is kept, shown, and told apart from what was changed later."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from funnel.frontmatter import Refused
from funnel.newsletter.correction import changes_between
from funnel.newsletter.frozen import freeze, frozen_editions, verify_frozen
from funnel.newsletter.load import BrokenEdition, load_editions
from funnel.newsletter.seal import LITTER

from .site_builder import build, issue, lay_out

BAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="{}"><rect width="300" height="90" fill="#246"/></svg>'
)
BODY = "We meet on Monday. ![A bar]({static}/images/bar.svg)\n\nBring a pencil."


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A site whose first issue has been sent."""
    lay_out(tmp_path, {"newsletter/1.md": issue(1, BODY), "images/bar.svg": BAR.format(100)})
    build(tmp_path)
    freeze(tmp_path / "output.record", 1, tmp_path / "editions")
    return tmp_path


def test_freeze_twice(sent: Path) -> None:
    """Freezing the same letter again changes nothing, and what is kept is the very letter."""
    before = load_editions(sent / "output.record")[0]
    freeze(sent / "output.record", 1, sent / "editions")
    assert frozen_editions(sent / "editions")[1].edition.digest == before.digest
    assert verify_frozen(sent / "editions") == []


def test_another_letter_under_the_same_number(sent: Path) -> None:
    """A number that was sent cannot be frozen with another letter."""
    lay_out(sent, {"newsletter/1.md": issue(1, "Other words.", modified="2026-05-01")})
    build(sent)
    with pytest.raises(BrokenEdition, match="another letter"):
        freeze(sent / "output.record", 1, sent / "editions")


def test_new_stationery_does_not_change_what_was_sent(sent: Path) -> None:
    """The record holds the letter that went out, as long as its document is the same, whatever the site is called now."""
    before = load_editions(sent / "output.record")[0].digest
    build(sent, NEWSLETTER_NAME="Another name")
    assert load_editions(sent / "output.record")[0].digest == before


def test_old_pictures_stay(sent: Path) -> None:
    """A picture that a sent letter shows stays at its address when the drawing changes."""
    names = {file.name for file in (sent / "output/images/mail").iterdir()}
    lay_out(sent, {"images/bar.svg": BAR.format(200)})
    build(sent)
    assert names == {file.name for file in (sent / "output/images/mail").iterdir()}


def test_later_rules_do_not_touch_it(sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter that is out is not judged again: a rule that came later cannot stop the build."""
    monkeypatch.setattr("funnel.newsletter.gate.HTML_LIMIT", 10)
    build(sent)
    lay_out(sent, {"newsletter/2.md": issue(2)})
    with pytest.raises(Refused, match=r"newsletter/2\.md"):
        build(sent)


def test_correction_needs_its_day(sent: Path) -> None:
    """A sent issue that changes without saying when is refused."""
    lay_out(sent, {"newsletter/1.md": issue(1, BODY.replace("Monday", "Tuesday"))})
    with pytest.raises(Refused, match="the letter of issue 1 is out"):
        build(sent)


def test_correction_is_shown(sent: Path) -> None:
    """A corrected issue says on its page what it said and what it says now; the letter keeps its silence."""
    lay_out(sent, {"newsletter/1.md": issue(1, BODY.replace("Monday", "Tuesday"), modified="2026-05-02")})
    page = (build(sent) / "newsletter/1/index.html").read_text()
    assert "Corrected on 2 May 2026" in page
    assert "It said: “We meet on Monday.”" in page
    assert "It says now: “We meet on Tuesday.”" in page
    assert "Corrected" not in load_editions(sent / "output.record")[0].html


def test_damage_is_told(sent: Path) -> None:
    """`doctor` is told of a kept letter that is damaged (test_as_sent.py: a build refuses to go on)."""
    (sent / "editions/1/source.md").unlink()
    assert len(verify_frozen(sent / "editions")) == 1


def test_reflowed_text_is_no_change() -> None:
    """Line breaks and Markdown marks alone are no correction; a sentence added or taken out is one."""
    sent = "# A title\n\nOne *thing*. Another\nthing.\n\n- A [link](https://example.org/)."
    assert (
        changes_between(sent, "# A title\n\nOne **thing**.\nAnother thing.\n\n* A [link](https://example.org/new).")
        == ()
    )
    (change,) = changes_between(sent, sent + " And more.")
    assert (change.was, change.now) == ("", "And more.")
    (change,) = changes_between("Dear {name|friend}, yes.", "Dear {name|friend}, no.")
    assert (change.was, change.now) == ("Dear friend, yes.", "Dear friend, no.")


def test_what_a_file_manager_leaves_is_no_harm(sent: Path) -> None:
    """A folder that was looked at in Finder or Explorer is still the letter that was sent, and nothing of it is shown."""
    for folder in ("editions/1", "editions/1/images"):
        for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
            (sent / folder / name).write_bytes(b"\0")
    assert verify_frozen(sent / "editions") == []
    assert not any(file.name in LITTER for file in build(sent).rglob("*"))


def test_no_place_to_keep_it(sent: Path) -> None:
    """Where a letter cannot be kept, the words say so, and what to do."""
    shutil.rmtree(sent / "editions")
    (sent / "editions").write_text("a file")
    with pytest.raises(BrokenEdition, match="the letter went out, but it cannot be kept here"):
        freeze(sent / "output.record", 1, sent / "editions")


def test_line_ends_that_git_changes(sent: Path, project: Path) -> None:
    """A clone by a git that writes the line ends of Windows still has every kept letter byte by byte."""
    shutil.copy(project / ".gitattributes", sent)
    there = sent.parent / "clone"
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=true")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "x"), ("clone", "-q", ".", str(there))):
        subprocess.run(["git", *settings, *command], cwd=sent, check=True)
    assert verify_frozen(there / "editions") == [] and frozen_editions(there / "editions")
