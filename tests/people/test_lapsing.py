"""Forgetting who asked and never confirmed."""

from __future__ import annotations

from funnel.people import Book, State
from funnel.people.lapsing import forget_unconfirmed
from funnel.people.verify import verify

from tests.people.conftest import WORDS, addresses, day, state, subscribe


def test_an_unconfirmed_sign_up_is_forgotten_after_a_month(book: Book) -> None:
    """Thirty days after the form, an address that never confirmed is gone from the book; a subscriber stays."""
    subscribe(book, "ann@example.com")
    book.sign_up("bea@example.com", "newsletter", words=WORDS, when=day(0))
    assert forget_unconfirmed(book, day(30)) == 0
    assert forget_unconfirmed(book, day(31)) == 1
    assert [one.address for one in book.contacts.all()] == addresses(book) == ["ann@example.com"]
    assert verify(book).problems == ()


def test_what_the_owner_brought_in_stays(book: Book) -> None:
    """People whom a file made pending, and people about whom the owner knows something, are hers to decide about."""
    book.record("bea@example.com", "newsletter", "pending", "import", day(0))
    assert forget_unconfirmed(book, day(99)) == 0


def test_an_old_no_outlives_a_new_question(book: Book) -> None:
    """Who left, asked again and never confirmed is forgotten but for the no: no file brings her in."""
    subscribe(book, "ann@example.com")
    book.complain("ann@example.com", "newsletter", when=day(1))
    book.sign_up("ann@example.com", "newsletter", words=WORDS, when=day(2))
    assert forget_unconfirmed(book, day(60)) == 1
    assert state(book, "ann@example.com") is State.COMPLAINED
    assert not book.record("Ann@example.com", "newsletter", "confirmed", "import", day(61)).changed
