"""The rules are data that can be trusted: each names its ground, and its examples hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.guard import Config, CouldNotJudge
from funnel.guard.check import judge_for, read_text
from funnel.guard.records import Label
from funnel.guard.rulebook import Sign, rulebook

ASKS = [
    (code, sign) for code, language in rulebook().languages.items() for sign in language.signs if sign.role == "ask"
]
EVERY = [*rulebook().structure, *(sign for language in rulebook().languages.values() for sign in language.signs)]


def label(text: str, code: str) -> Label | None:
    (passage,) = read_text("example", text)
    return judge_for(Config(), code).verdict(passage).label


@pytest.mark.parametrize("sign", EVERY, ids=lambda sign: sign.id)
def test_a_rule_names_its_ground_and_its_reason(sign: Sign) -> None:
    """Every rule says why it is there and where that comes from."""
    assert sign.ground.split(":")[0] in ("guide", "seed 000", "law")
    assert sign.because


@pytest.mark.parametrize(("code", "sign"), ASKS, ids=lambda value: value.id if isinstance(value, Sign) else "")
def test_the_examples_of_a_rule_hold(code: str, sign: Sign) -> None:
    """A rule that can found a finding finds its bad examples and lets its good ones pass."""
    assert sign.flags and sign.passes
    for text in sign.flags:
        assert label(text, code) is Label.SALES, text
    for text in sign.passes:
        assert label(text, code) is not Label.SALES, text


def test_every_language_is_shipped() -> None:
    """English, German, French and Spanish have rules."""
    assert set(rulebook().languages) == {"en", "de", "fr", "es"}


def test_a_rule_can_be_switched_off() -> None:
    """A rule named in `off` finds nothing."""
    (passage,) = read_text("a", "I am currently accepting new clients.")
    assert judge_for(Config(), "en").verdict(passage).label is Label.SALES
    assert judge_for(Config(off=("en.open-for",)), "en").verdict(passage).label is not Label.SALES


def test_own_words_can_be_added(tmp_path: Path) -> None:
    """A folder of further rules grows the shipped word classes."""
    (tmp_path / "en.yml").write_text("classes:\n  appointment: [powwow]\n")
    (passage,) = read_text("a", "Book a free powwow today.")
    assert judge_for(Config(), "en").verdict(passage).label is not Label.SALES
    assert judge_for(Config(rules=(str(tmp_path),)), "en").verdict(passage).label is Label.SALES


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("signs: [\n", 2, "this is not YAML"),
        ("- a\n", 1, "a rule file must be"),
        ("signs:\n  - {id: x, role: ask, because: b, ground: g, match: ['{nothing}']}\n", 1, "no word class `nothing`"),
        ("signs:\n  - {id: x, role: maybe, because: b, ground: g, match: ['a b']}\n", 1, "role `maybe`"),
        (
            "signs:\n  - {id: x, role: ask, because: b, ground: g, weigth: 3, match: ['a b']}\n",
            1,
            "unknown key `weigth`",
        ),
    ],
)
def test_a_bad_rule_file_is_refused_with_its_place(tmp_path: Path, text: str, line: int, said: str) -> None:
    """A rule file with an error is no rule file: the message has the file and says what is wrong."""
    (tmp_path / "en.yml").write_text(text)
    with pytest.raises(CouldNotJudge, match=said) as caught:
        rulebook((str(tmp_path),))
    assert caught.value.line == line
    assert str(tmp_path) in str(caught.value)
