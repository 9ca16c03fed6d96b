"""A fresh contact book, and a clock that only the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from funnel.people import Book, Purpose, State
from funnel.people.imports.importing import import_file
from funnel.people.imports.report import Report

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


Import = Callable[..., Report]


@pytest.fixture
def take(book: Book, tmp_path: Path) -> Import:
    """Write a file and import it."""

    def run(content: str | bytes, name: str = "list.csv", **options: object) -> Report:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_file(book, file, now=day(100), **options)  # type: ignore[arg-type]

    return run


def state(book: Book, address: str) -> State | None:
    standing = book.standing(address, Purpose.NEWSLETTER)
    return standing.state if standing else None
