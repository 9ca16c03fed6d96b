"""The contact book: people, their consent, and the proof of it."""

from funnel.people.book import Book
from funnel.people.erasure import Receipt
from funnel.people.errors import BadAddress, DamagedBook, PeopleError
from funnel.people.law import GONE, LAW, How, Purpose, Standing, State
from funnel.people.records import Contact, Entry, Fact, Outcome, Recipient

__all__ = [
    "GONE",
    "LAW",
    "BadAddress",
    "Book",
    "Contact",
    "DamagedBook",
    "Entry",
    "Fact",
    "How",
    "Outcome",
    "PeopleError",
    "Purpose",
    "Receipt",
    "Recipient",
    "Standing",
    "State",
]
