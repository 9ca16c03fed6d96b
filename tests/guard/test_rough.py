"""The rough look at a text, by which most sentences are spared the exact one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from funnel.guard.check import judge_for
from funnel.guard.config import Config
from funnel.guard.score import rows
from funnel.guard.words import sentences, without_quotations
from hypothesis import given, settings
from hypothesis import strategies as st

HERE = Path(__file__).parent
PARTS = (
    "Book your call today!", "Appelez-nous", "approx. 3 places", "J-3 avant la clôture", "inkl. MwSt. 45,- CHF", "prof.", "call us",
    "www.example.com", "(please)", "- now", "“quoted”", "`code`", "3d", "b2b", "20 % off", "…", "?", "Only", "¶", "\n", "  \n", "it's", "c4ll",
)  # fmt: skip


def told() -> Iterator[tuple[str, str]]:
    for folder in ("plain", "corpus"):
        for row in rows(HERE / folder):
            yield row.get("lang", "en"), row["text"]


def shows_an_ask(language: str, text: str) -> bool:
    judge = judge_for(Config(), language)
    exact = sentences(text)
    without_quotations(exact)
    return any(judge._asks(sentence) for sentence in exact)


def test_it_misses_no_ask_of_the_corpus() -> None:
    """Each passage in which the exact reading shows an ask is one that the rough look lets through (every third of them is looked at)."""
    missed = [
        text
        for language, text in islice(told(), None, None, 3)
        if shows_an_ask(language, text) and not judge_for(Config(), language)._touched(text, set())
    ]
    assert missed == []


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@settings(max_examples=100)
@given(parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=8))
def test_it_misses_no_ask_of_any_text(language: str, parts: list[str]) -> None:
    """Words, marks, figures, quotations and abbreviations in any order hide no ask from it."""
    text = " ".join(parts)
    if shows_an_ask(language, text):
        assert judge_for(Config(), language)._touched(text, set())
