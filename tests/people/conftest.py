"""A fresh contact book, and a clock that only the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from funnel.people import Book

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WORDS = "Yes, send me the newsletter. I can leave at any time."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "people.sqlite"


@pytest.fixture
def book(path: Path) -> Iterator[Book]:
    with Book.open(path, environment={}) as opened:
        yield opened


def day(number: int) -> datetime:
    """Noon of the given day after the start of every test."""
    return START + timedelta(days=number)


def subscribe(book: Book, address: str, *, on: int = 0, name: str = "") -> None:
    """Somebody signs up by the form and confirms from her mailbox."""
    assert book.sign_up(address, "newsletter", words=WORDS, when=day(on), source="form", name=name).changed
    assert book.confirm(address, "newsletter", when=day(on)).changed


def addresses(book: Book, *interests: str, at: int = 1000) -> list[str]:
    """Who would get a letter."""
    return [one.address for one in book.recipients("newsletter", interests, at=day(at))]
