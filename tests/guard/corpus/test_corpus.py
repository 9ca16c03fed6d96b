"""The passages keep to their own rules, whatever the guard makes of them."""

import re
from collections import Counter

import pytest
from tally import (
    ABROAD,
    HERE,
    LABELS,
    README,
    Passage,
    abroad,
    adversarial,
    adversarial_abroad,
    adversarial_more,
    read,
    renewed,
    trades,
)

HOST = re.compile(r"(?:https?://|www\.|@)([A-Za-z0-9.-]+\.[a-z]{2,})")
ALLOWED = re.compile(r"(^|\.)(example|example\.(com|org|net)|schema\.org)$")
WHOLLY_TEST = {
    "en": {"accounting", "architect", "bakery", "florist", "musicschool", "plumbing", "translator", "vet"},
    "de": {"kanzlei", "hofladen", "fotografin"},
    "fr": {"avocat", "gite", "vigneron"},
    "es": {"abogado", "tienda", "psicologa"},
}


@pytest.fixture(scope="module")
def everything() -> list[Passage]:
    """Every passage, hidden asks included."""
    return [
        *trades(),
        *adversarial(),
        *(p for lang in ABROAD for p in abroad(lang)),
        *adversarial_abroad(),
        *adversarial_more(),
    ]


def test_vocabulary(everything: list[Passage]) -> None:
    """Each passage has a label of the guide, a kind of that label, and a known split, page and surface."""
    for p in everything:
        assert p.kind in LABELS[p.label], p.id
        assert p.split in {"tune", "test"}, p.id
        assert p.page in {"marketing", "sales"}, p.id
        assert p.surface in {"md", "html", "text"}, p.id
        assert p.lang in WHOLLY_TEST and p.id.startswith(f"{p.lang}-{p.trade}-"), p.id


def test_identity(everything: list[Passage]) -> None:
    """No two passages share an id or a text."""
    assert [i for i, n in Counter(p.id for p in everything).items() if n > 1] == []
    assert [t for t, n in Counter(p.text for p in everything).items() if n > 1] == []


def test_one_block(everything: list[Passage]) -> None:
    """No passage is empty or holds a blank line, and plain text is a single line."""
    for p in everything:
        assert p.text.strip() == p.text != "", p.id
        assert "\n\n" not in p.text, p.id
        assert p.surface != "text" or "\n" not in p.text, p.id


def test_addresses(everything: list[Passage]) -> None:
    """Every address lies under an example domain."""
    assert [(p.id, h) for p in everything for h in HOST.findall(p.text) if not ALLOWED.search(h)] == []


def test_size_and_balance() -> None:
    """There are at least 1,500 passages in 20 trades, and at least half are hard negatives."""
    every = trades()
    assert len(every) >= 1500
    assert len({p.trade for p in every}) >= 20
    assert sum(p.label == "none" and p.hard for p in every) * 2 >= len(every)
    assert {(p.label, p.kind) for p in every} == {(label, kind) for label, kinds in LABELS.items() for kind in kinds}


def test_hidden_asks() -> None:
    """The adversarial set has at least 220 passages, of which at least 40 are innocent, and each names its trick."""
    hidden = adversarial()
    assert len(hidden) >= 220
    assert sum(p.label == "none" for p in hidden) >= 40
    assert all(p.evasion for p in hidden)


def test_hidden_asks_that_came_later() -> None:
    """What was written while the guard was mended is never test, names its trick, and holds innocent passages too."""
    later = adversarial_more()
    assert all(p.split == "tune" and p.evasion for p in later)
    assert sum(p.label == "none" for p in later) >= 60


@pytest.mark.parametrize("lang", ABROAD)
def test_size_and_balance_abroad(lang: str) -> None:
    """Each other language has at least 260 passages in 8 trades of every label and kind, half of them hard negatives."""
    every = abroad(lang)
    assert len(every) >= 260
    assert len({p.trade for p in every}) >= 8
    assert all(p.lang == lang for p in every)
    assert sum(p.label == "none" and p.hard for p in every) * 2 >= len(every)
    assert {(p.label, p.kind) for p in every} == {(label, kind) for label, kinds in LABELS.items() for kind in kinds}


@pytest.mark.parametrize("lang", ABROAD)
def test_both_halves_ask_and_refrain(lang: str) -> None:
    """In a trade that is split, each half holds a fair part of the sales asks and of the rest."""
    for trade in {p.trade for p in abroad(lang)} - WHOLLY_TEST[lang]:
        asks = Counter((p.label == "sales-cta", p.split) for p in abroad(lang) if p.trade == trade)
        for asking in (True, False):
            assert abs(asks[asking, "tune"] - asks[asking, "test"]) <= 3, trade


@pytest.mark.parametrize("lang", ABROAD)
def test_hidden_asks_abroad(lang: str) -> None:
    """Each other language has at least 12 adversarial passages, some of them innocent, and each names its trick."""
    hidden = [p for p in adversarial_abroad() if p.lang == lang]
    assert len(hidden) >= 12
    assert {p.label for p in hidden} == {"sales-cta", "none"}
    assert all(p.evasion for p in hidden)


@pytest.mark.parametrize("lang", WHOLLY_TEST)
def test_split(lang: str) -> None:
    """The trades named above are wholly test, and in the others the lines alternate from tune to test."""
    for path in HERE.glob(f"{lang}-*.jsonl"):
        rows = read(path)
        expected = "test" if rows[0].trade in WHOLLY_TEST[lang] else None
        for index, p in enumerate(rows):
            assert p.split == (expected or ("test" if index % 2 else "tune")), p.id


def test_counts_are_true() -> None:
    """The counts in the README are those of the files."""
    readme = README.read_text(encoding="utf-8")
    assert renewed(readme) == readme
