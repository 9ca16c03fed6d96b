"""Exceptions are written, reasoned, dated, and used."""

from __future__ import annotations

from datetime import date

import pytest
from funnel.guard import Config, CouldNotJudge, check_markdown

SELLS = "Book a free consultation with me today.\n"
TODAY = Config(today=date(2026, 5, 4))


def rules(text: str) -> list[str]:
    return [finding.rule for finding in check_markdown("a.md", text, config=TODAY)]


def test_a_waiver_before_the_passage_lets_it_pass() -> None:
    """An inline waiver with a reason covers the next passage, and no other."""
    waived = f"<!-- guard: waive any because we discuss this very sentence -->\n\n{SELLS}"
    assert rules(waived) == []
    assert len(rules(f"{waived}\n{SELLS}")) == 1


def test_a_waiver_in_the_front_matter_covers_the_document() -> None:
    """A front-matter waiver names a rule, a kind or a label."""
    for entry in ("'free-first: it is quoted'", "{rule: book-a-call, reason: it is quoted}", "sales-cta: it is quoted"):
        assert rules(f"---\nwaivers:\n  - {entry}\n---\n\n{SELLS}") == []


@pytest.mark.parametrize(
    ("waiver", "found"),
    [
        ("waive any because it is quoted until 2026-05-03", "waiver-expired"),
        ("waive any", "waiver-without-reason"),
    ],
)
def test_a_waiver_that_does_not_hold_is_a_finding_too(waiver: str, found: str) -> None:
    """An expired or reasonless waiver waives nothing and is reported."""
    said = rules(f"<!-- guard: {waiver} -->\n\n{SELLS}")
    assert found in said
    assert len(said) == 2


def test_an_unused_waiver_is_a_finding() -> None:
    """A waiver that waives nothing is reported at its line."""
    (finding,) = check_markdown(
        "a.md", "One.\n\n<!-- guard: waive any because of old times -->\n\nTwo.\n", config=TODAY
    )
    assert (finding.rule, finding.line) == ("waiver-unused", 3)


def test_the_last_day_still_counts() -> None:
    """A waiver holds through the day that it names."""
    assert rules(f"<!-- guard: waive any because it is quoted until 2026-05-04 -->\n\n{SELLS}") == []


def test_a_day_that_is_none_is_refused() -> None:
    """A waiver whose end is no date cannot be judged."""
    with pytest.raises(CouldNotJudge, match="no date"):
        rules("---\nwaivers:\n  - {rule: any, reason: r, until: soon}\n---\n\nOne.\n")


def test_a_waiver_in_toml_holds_as_one_in_yaml() -> None:
    """Hugo's front matter waives with `[[waivers]]`; its day counts, and is told at the waiver's line."""
    front = '+++\ntitle = "One"\n\n[[waivers]]\nrule = "any"\nreason = "it is quoted"\nuntil = {day}\n+++\n\n'
    assert rules(front.format(day="2026-05-04") + SELLS) == []
    told = check_markdown("a.md", front.format(day="2026-05-03") + SELLS, config=TODAY)
    assert ("waiver-expired", 4) in [(finding.rule, finding.line) for finding in told]


@pytest.mark.parametrize(
    "front", ['"waivers": [{rule: any, reason: quoted}]', "{waivers: [{rule: any, reason: quoted}]}"]
)
def test_a_waiver_is_read_however_yaml_writes_its_key(front: str) -> None:
    """A key between quotation marks or braces is the same key, and its line is told."""
    assert rules(f"---\n{front}\n---\n\n{SELLS}") == []
    (unused,) = check_markdown("a.md", f"---\n{front}\n---\n\nOne.\n", config=TODAY)
    assert (unused.rule, unused.line) == ("waiver-unused", 2)


DAYS = (
    "2027-3-31", "2027\u201303\u201331", "31.12.2025", "3/31/2027", "31 March 2027", "March 31, 2027", "March 31st, 2027.", "31/3", "31.3.",
    "the 1st of May 2027", "31 de marzo de 2027", "31. Mai 2027", "May 2027", "2027",
)  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_a_day_in_a_comment_that_is_written_otherwise_is_refused(day: str) -> None:
    """A day that were taken for a part of the reason would let a waiver hold for ever."""
    with pytest.raises(CouldNotJudge, match="is no date") as refused:
        rules(f"One.\n\n<!-- guard: waive any because it is quoted until {day} -->\n\n{SELLS}")
    assert refused.value.line == 3
    assert rules(f"<!-- guard: waive any because it was law until 1848 -->\n\n{SELLS}") == []
    assert rules(f"<!-- guard: waive any because nobody came until all 3 were here -->\n\n{SELLS}") == []


@pytest.mark.parametrize("end", [".", "!", " .", ".)", ","])
def test_a_waiver_ends_on_its_day_whatever_stands_behind_it(end: str) -> None:
    """A full stop behind the day makes no reason of it, by which the waiver would hold for ever."""
    assert "waiver-expired" in rules(
        f"<!-- guard: waive any because it is quoted UNTIL: 2020-01-31{end} -->\n\n{SELLS}"
    )
    assert "waiver-expired" in rules(f"<!-- guard: waive any because it is quoted until 2020-01-31{end} -->\n\n{SELLS}")


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: One\nwaivers:\n  - rule: any\n    reason: quoted\n  - rule: en.loud\n    reason: {reason}\n---\n",
        '+++\ntitle = "One"\n[[waivers]]\nrule = "any"\nreason = "quoted"\n[[waivers]]\nrule = "en.loud"\nreason = "{reason}"\n+++\n',
    ],
)
def test_a_waiver_in_the_front_matter_is_told_at_its_own_line(front: str) -> None:
    """Of several waivers each that does nothing is told where it stands, and not where the first does."""
    told = check_markdown("a.md", f"{front.format(reason='quoted')}\n{SELLS}", config=TODAY)
    line = 1 + (front.splitlines().index("  - rule: en.loud") if front[0] == "-" else 5)
    assert [(finding.rule, finding.line) for finding in told] == [("waiver-unused", line)]


@pytest.mark.parametrize("entry", ["{rule: any, reason: %s}", "any: %s", "'any: %s'"])
def test_a_reason_in_the_front_matter_that_names_its_day_ends_on_it(entry: str) -> None:
    """A waiver ends on the day that its reason ends with, as it does in a comment."""
    front = f"---\ntitle: One\nwaivers:\n  - {entry % 'quoted until 2020-01-31.'}\n---\n\n{SELLS}"
    assert "waiver-expired" in [finding.rule for finding in check_markdown("a.md", front, config=TODAY)]
