"""Signing up, confirming, leaving, being erased: what the contact book gives out afterwards."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from funnel.people import BadAddress, Book, How, PeopleError, State
from funnel.people.address import read_address
from funnel.people.erasure import finish_erasures
from funnel.people.verify import verify
from funnel.settings.consent import words_digest

from tests.people.conftest import WORDS, addresses, day, subscribe


def test_only_confirmed_people_receive(book: Book) -> None:
    """Somebody who only typed her address receives nothing until her mailbox confirms."""
    book.sign_up("ann@example.com", "newsletter", words=WORDS, when=day(0))
    assert addresses(book) == []
    assert not book.may_receive("ann@example.com", "newsletter")
    book.confirm("ann@example.com", "newsletter", when=day(0))
    assert addresses(book) == ["ann@example.com"]
    assert book.may_receive("ann@example.com", "newsletter")


def test_a_recipient_says_since_when_and_carries_her_own_link(book: Book) -> None:
    """A recipient has her name, the moment of her consent, and a link that leads to her and to nobody else."""
    subscribe(book, "ann@example.com", name="Ann")
    subscribe(book, "bea@example.com")
    ann, bea = book.recipients("newsletter", at=day(9))
    assert (ann.name, ann.consented_at, bea.name) == ("Ann", day(0), "")
    subject = book.tokens.read_unsubscribe(ann.token)
    contact = book.contacts.by_subject(subject)
    assert contact is not None and contact.address == "ann@example.com"
    assert ann.token != bea.token and "ann" not in ann.token


def test_each_purpose_has_its_own_consent(book: Book) -> None:
    """Consent to the newsletter is not consent to alerts, and leaving one leaves the other alone."""
    subscribe(book, "ann@example.com")
    book.record("ann@example.com", "alerts", "confirmed", "paper", day(1), WORDS)
    book.withdraw("ann@example.com", "newsletter", when=day(2))
    assert [one.address for one in book.recipients("alerts", at=day(3))] == ["ann@example.com"]
    assert addresses(book) == []


def test_interests_are_joined_by_or(book: Book) -> None:
    """An issue for two topics goes to everybody who chose at least one, once each; without topics it goes to all."""
    for who, chosen in {"a": ["cards"], "b": ["cards", "talks"], "c": []}.items():
        book.record(f"{who}@example.com", "newsletter", "confirmed", "paper", day(0), WORDS, interests=chosen)
    assert addresses(book, "cards", "talks") == ["a@example.com", "b@example.com"]
    assert addresses(book, "talks") == ["b@example.com"]
    assert len(addresses(book)) == 3


def test_a_pause_holds_letters_back_and_ends_by_itself(book: Book) -> None:
    """Somebody who pauses receives nothing until the day she named, and then again."""
    subscribe(book, "ann@example.com")
    contact = book.contacts.by_subject(book.tokens.read_unsubscribe(book.recipients("newsletter", at=day(1))[0].token))
    assert contact is not None
    with book.writing():
        book.contacts.pause(contact, day(30))
    assert addresses(book, at=29) == []
    assert not book.may_receive("ann@example.com", "newsletter", at=day(29))
    assert addresses(book, at=30) == ["ann@example.com"]


def test_an_address_is_unique_after_what_rfc_5321_folds(book: Book) -> None:
    """The domain's capitals make no second person; a sync that spells ANN@ means ann@."""
    subscribe(book, "ann@EXAMPLE.com")
    assert not book.sign_up("ann@example.COM", "newsletter", words=WORDS, when=day(1)).changed
    assert not book.record("ANN@example.com", "newsletter", "confirmed", "import", day(1)).changed
    assert addresses(book) == ["ann@example.com"]


def test_two_spellings_of_one_mailbox_get_one_letter(book: Book) -> None:
    """Somebody who signed up as Ann@ and as ann@ gets one copy, and leaving by either leaves both."""
    subscribe(book, "ann@example.com")
    subscribe(book, "Ann@example.com", on=1)
    assert addresses(book) == ["Ann@example.com"]
    book.withdraw("ann@example.com", "newsletter", when=day(2))
    assert addresses(book) == []


def test_leaving_by_one_spelling_keeps_imports_of_another_out(book: Book) -> None:
    """Who left as ann@ is not brought back by a file that spells her ANN@."""
    subscribe(book, "ann@example.com")
    book.withdraw("ann@example.com", "newsletter", when=day(1))
    assert not book.record("ANN@example.com", "newsletter", "confirmed", "import", day(50)).changed
    assert addresses(book) == []


@pytest.mark.parametrize("how", ["import", "provider", "provider-opt-in", "report"])
def test_no_machine_brings_back_who_left(book: Book, how: str) -> None:
    """After leaving, no import and no provider confirms her, whatever date it names."""
    subscribe(book, "ann@example.com")
    book.withdraw("ann@example.com", "newsletter", when=day(1))
    assert not book.record("ann@example.com", "newsletter", "confirmed", how, day(400)).changed
    assert addresses(book) == []


def test_an_import_does_not_raise_a_pending_person(book: Book) -> None:
    """Somebody who never confirmed stays pending when a file claims that she did."""
    book.sign_up("ann@example.com", "newsletter", words=WORDS, when=day(0))
    outcome = book.record("ann@example.com", "newsletter", "confirmed", "import", day(1))
    assert (outcome.state, outcome.changed) == (State.PENDING, False)


def test_bounces_and_complaints_stop_letters(book: Book) -> None:
    """A hard bounce stops letters, a complaint stops them for good, until she asks again herself."""
    for who in ("a@example.com", "b@example.com"):
        subscribe(book, who)
    book.bounce("a@example.com", "newsletter", when=day(1))
    book.complain("b@example.com", "newsletter", when=day(1))
    assert addresses(book) == []
    assert not book.record("b@example.com", "newsletter", "pending", "paper", day(2)).changed
    assert book.sign_up("b@example.com", "newsletter", words=WORDS, when=day(3)).state is State.PENDING


def test_an_erased_person_leaves_nothing_but_a_tombstone(book: Book) -> None:
    """After erasing, her address and name are in no file of the book, not even in the words that only she was shown, and no
    import brings her back.
    """
    own = "I, Canary Bird (canary.bird@example.com), would like to have it."
    assert book.sign_up("canary.bird@example.com", "newsletter", words=own, when=day(0), name="Canary Bird").changed
    subscribe(book, "ann@example.com")
    book.confirm("canary.bird@example.com", "newsletter", when=day(0), words=WORDS)
    book.store.backup("daily")
    receipt = book.erase("canary.bird@example.com", when=day(1))
    assert (receipt.contacts, receipt.lines, receipt.backups) == (1, 2, 1)
    assert verify(book).problems == () and book.consents.words(words_digest(WORDS)) == WORDS
    assert "canary" not in str(receipt).lower()
    for file in book.store.path.parent.rglob("*"):
        assert file.is_dir() or b"anary" not in file.read_bytes(), file.name
    assert not book.record("Canary.Bird@example.com", "newsletter", "confirmed", "import", day(9)).changed
    assert addresses(book) == ["ann@example.com"]


def test_an_erasure_beside_a_reader_is_brought_to_its_end(book: Book) -> None:
    """Somebody reads the book while a person is erased, so the old pages cannot go at once: they go when the reader is done."""
    subscribe(book, "canary.bird@example.com")
    book.store.connection.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(book.store.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM contacts").fetchall()
        book.erase("canary.bird@example.com", when=day(1))
    finish_erasures(book.store, book.consents)
    for file in book.store.path.parent.rglob("*"):
        assert file.is_dir() or b"canary" not in file.read_bytes(), file.name
    assert not book.consents.meta("erasing_since")


def test_an_erased_person_may_come_back_by_herself(book: Book) -> None:
    """The tombstone stops files, not the person: she can sign up again."""
    subscribe(book, "ann@example.com")
    book.erase("ann@example.com", when=day(1))
    subscribe(book, "ann@example.com", on=2)
    assert addresses(book) == ["ann@example.com"]


def test_nobody_changes_a_name_by_typing_an_address(book: Book) -> None:
    """A second sign-up with another name leaves the name that is known."""
    book.sign_up("ann@example.com", "newsletter", words=WORDS, when=day(0), name="Ann")
    book.sign_up("ann@example.com", "newsletter", words=WORDS, when=day(1), name="Mallory")
    contact = book.contacts.exact(read_address("ann@example.com"))
    assert contact is not None and contact.name == "Ann"


@pytest.mark.parametrize(
    "name", ["Ann\r\nBcc: x@example.com", "Ann\x00", "A" * 500, "Ann\u2028Bea", "Ann\u202enaeB", "A\u200dnn"]
)
def test_a_name_is_one_line(book: Book, name: str) -> None:
    """A name that would break a mail header, or a novel, is refused and nothing is stored."""
    with pytest.raises(PeopleError):
        book.sign_up("ann@example.com", "newsletter", words=WORDS, when=day(0), name=name)
    assert list(book.contacts.all()) == []


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@", "a b@example.com", "ann@example.com\r\nBcc: b@example.com", "@"]
)
def test_what_is_no_address_is_refused_without_repeating_it(book: Book, address: str) -> None:
    """A bad address is an error whose text does not contain it."""
    with pytest.raises(BadAddress) as caught:
        book.sign_up(address, "newsletter", words=WORDS, when=day(0))
    assert len(address) < 3 or address not in str(caught.value)
    assert not book.may_receive(address, "newsletter")


def test_a_moment_without_a_zone_is_refused(book: Book) -> None:
    """A naive time is refused: it would prove nothing."""
    with pytest.raises(ValueError, match="time zone"):
        book.sign_up("ann@example.com", "newsletter", words=WORDS, when=datetime(2026, 3, 1))  # noqa: DTZ001
    assert list(book.contacts.all()) == []


def test_erased_is_not_recorded_by_the_way(book: Book) -> None:
    """Nobody becomes erased by a record: that would keep her address."""
    assert not book.record("ann@example.com", "newsletter", State.ERASED, How.IMPORT, day(0)).changed


def test_erasing_while_others_open_the_book(tmp_path: Path) -> None:
    """Whoever opens the book while somebody is erased finishes the erasure or waits: no copy is taken from under another."""
    path, over, faults = tmp_path / "people.sqlite", threading.Event(), list[BaseException]()
    with Book.open(path) as book:
        for number in range(30):
            book.sign_up(f"r{number}@example.com", "newsletter", words=WORDS, when=day(0))
        book.store.backup("first")

    def keep_opening() -> None:
        try:
            while not over.is_set():
                with Book.open(path):
                    pass
        except BaseException as fault:
            faults.append(fault)

    others = [threading.Thread(target=keep_opening) for _ in range(3)]
    for other in others:
        other.start()
    try:
        with Book.open(path) as book:
            for number in range(30):
                book.erase(f"r{number}@example.com", when=day(1) + timedelta(seconds=number))
    finally:
        over.set()
        for other in others:
            other.join()
    assert faults == []
