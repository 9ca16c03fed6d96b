"""What the tasks print: proof, receipts, exports, and never an address where it does not belong."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from funnel.people import Book, DamagedBook, PeopleError, commands
from funnel.people.merging import merge

from tests.people.conftest import WORDS, addresses, day, subscribe


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A folder for private data with one subscriber who left."""
    folder = tmp_path / "var"
    with Book.open(folder / commands.BOOK) as book:
        book.sign_up(
            "ann@example.com", "newsletter", words=WORDS, when=day(0), source="form", name="Ann", request="192.0.2.7"
        )
        book.confirm("ann@example.com", "newsletter", when=day(1))
        book.withdraw("ann@example.com", "newsletter", when=day(2))
    return folder


def test_the_proof_is_one_page_with_the_words(var: Path) -> None:
    """The proof tells every step with its date, the exact words, the address of the request and the digests."""
    page = "\n".join(commands.prove_consent(var, "ANN@example.com"))
    assert [page.index(step) for step in ("newsletter: pending", "newsletter: confirmed", "newsletter: withdrawn")]
    for part in (WORDS, "2026-03-01 12:00:00 UTC", "192.0.2.7", "SHA-256 of the words", "unbroken: 3 lines"):
        assert part in page


def test_the_receipt_of_an_erasure_does_not_say_whose_it_is(var: Path) -> None:
    """The receipt has a number, what was deleted, and neither address nor name."""
    receipt = "\n".join(commands.erase_person(var, "ann@example.com", now=day(3)))
    assert "Receipt" in receipt and "1 contact" in receipt
    assert "ann" not in receipt.lower().replace("cannot", "")
    with pytest.raises(PeopleError, match="Nobody"):
        commands.prove_consent(var, "ann@example.com")


def test_who_says_to_the_owner_that_she_leaves_has_left(var: Path) -> None:
    """A mail or a call is enough, in any spelling of the address and for all that comes by it; the proof says by whose word, and
    the owner hears what the book does not reach.
    """
    with Book.open(var / commands.BOOK) as book:
        subscribe(book, "Bea@example.com", on=3)
        book.sign_up("Bea@example.com", "alerts", words=WORDS, when=day(3))
        book.confirm("Bea@example.com", "alerts", when=day(3))
    told = "\n".join(commands.let_leave(var, "bea@example.com", now=day(4)))
    assert "no more letters" in told and "Unsubscribe her there too" in told and "bea" not in told.lower()
    with Book.open(var / commands.BOOK) as book:
        assert addresses(book) == [] and not book.may_receive("Bea@example.com", "alerts")
    assert "the owner, on her word" in "\n".join(commands.prove_consent(var, "bea@example.com"))
    again = commands.let_leave(var, "bea@example.com", now=day(5))
    assert "already" in again[0] and "Unsubscribe her there too" in again[1]
    with pytest.raises(PeopleError, match="Nobody"):
        commands.let_leave(var, "nobody@example.com", now=day(5))


def test_an_export_is_private_and_complete(var: Path, tmp_path: Path) -> None:
    """Exports of everybody and of one person can be read by the owner alone and hold the whole history."""
    for options in ({"form": "csv"}, {"form": "json"}, {"address": "ann@example.com"}):
        (line, _) = commands.export_people(var, now=day(5), **options)  # type: ignore[arg-type]
        file = Path(line.removeprefix("Written: "))
        assert file.stat().st_mode & 0o077 == 0
        text = file.read_text(encoding="utf-8")
        assert "ann@example.com" in text and WORDS in text
        if file.suffix == ".json":
            assert len(json.loads(text)[0]["history"]) == 3
    assert "consent to newsletter: withdrawn since" in "\n".join(commands.show_person(var, "ann@example.com"))


@pytest.mark.parametrize("folder", ["content", "output/posts", "theme"])
def test_personal_data_is_not_written_where_it_gets_published(var: Path, tmp_path: Path, folder: str) -> None:
    """An export into content/, output/ or theme/ is refused."""
    with pytest.raises(PeopleError, match="gets published"):
        commands.export_people(var, now=day(5), target=tmp_path / folder / "people.csv")
    assert not (tmp_path / folder).exists()


def test_wrong_use_is_said_in_words(var: Path, tmp_path: Path) -> None:
    """No book, an unknown format, a mapping that is none, a missing file: each is an error with exit code 2 and a way
    on.
    """
    for wrong in (
        lambda: commands.verify_book(tmp_path / "nowhere"),
        lambda: commands.export_people(var, now=day(5), form="xml"),
        lambda: commands.import_people(var, tmp_path / "none.csv", now=day(5)),
        lambda: commands.import_people(var, tmp_path / "none.csv", now=day(5), mapping=["address"]),
    ):
        with pytest.raises(PeopleError) as caught:
            wrong()
        assert caught.value.exitcode == 2 and str(caught.value)
    assert not (tmp_path / "nowhere").exists()


def test_verify_says_what_is_wrong(var: Path) -> None:
    """A sound book is said to be sound; one that was tampered with is an error that lists the faults."""
    assert "Sound: 3" in commands.verify_book(var)[0]
    with Book.open(var / commands.BOOK) as book:
        book.store.connection.execute("UPDATE consents SET state = 'confirmed'")
    with pytest.raises(PeopleError, match="stand elsewhere"):
        commands.verify_book(var)


def test_merging_never_raises(book: Book) -> None:
    """Two records become one: name and facts move, a no under either is a no, and a file cannot bring the second copy
    back.
    """
    subscribe(book, "old@example.com", name="Ann")
    subscribe(book, "new@example.com")
    merge(book, "new@example.com", "old@example.com", when=day(2))
    assert [(one.address, one.name) for one in book.recipients("newsletter", at=day(3))] == [("new@example.com", "Ann")]
    assert not book.record("old@example.com", "newsletter", "confirmed", "import", day(9)).changed
    subscribe(book, "third@example.com")
    book.withdraw("third@example.com", "newsletter", when=day(4))
    merge(book, "new@example.com", "third@example.com", when=day(5))
    assert addresses(book) == []


@pytest.mark.parametrize("place", [".", "list.csv/people.csv"])
def test_an_export_that_cannot_be_written_is_told(var: Path, place: str) -> None:
    """A folder, or a place that cannot be made, is named with the reason."""
    (var / "list.csv").touch()
    with pytest.raises(PeopleError, match="cannot be written"):
        commands.export_people(var, now=day(3), target=var / place)


def test_a_spoilt_text_is_told_without_it(var: Path) -> None:
    """A damage inside a text shows only when it is read; the message names the book and its backup, and repeats no text."""
    commands.back_up(var, now=day(3))
    with sqlite3.connect(var / commands.BOOK) as book:
        book.execute("UPDATE contacts SET name = CAST(X'416e6eff' AS TEXT)")
    for asked in (commands.show_person, commands.prove_consent):
        with pytest.raises(DamagedBook, match="newest backup") as told:
            asked(var, "ann@example.com")
        assert "Ann" not in str(told.value) and "ann@" not in str(told.value)
