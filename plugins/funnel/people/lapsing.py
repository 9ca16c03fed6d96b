"""Forgetting who asked and never confirmed: often it was somebody else who typed the address (GDPR Art. 5(1)(c) and
(e)).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from funnel.people.book import Book
from funnel.people.law import GONE, How, Purpose, State
from funnel.people.records import Contact
from funnel.people.when import to_text

KEPT = timedelta(days=30)
"""How long an unconfirmed sign-up is kept. The link in its letter works for seven days."""

_ASKED = """
SELECT subject FROM contacts JOIN consents c ON c.contact = id
WHERE NOT EXISTS (SELECT 1 FROM facts f WHERE f.contact = id)
GROUP BY id HAVING min(c.state = 'pending') AND max(c.since) < ?
"""


def forget_unconfirmed(book: Book, now: datetime) -> int:
    """Delete people who only ever typed an address into the form more than KEPT ago, and about whom nothing else is
    known; how many.

    Who had left before she asked again stays known as having left.
    """
    with book.writing():
        subjects = [str(row[0]) for row in book.store.connection.execute(_ASKED, (to_text(now - KEPT),)).fetchall()]
        contacts = [contact for subject in subjects if (contact := book.contacts.by_subject(subject))]
        forgotten = sum(_forget(book, contact) for contact in contacts)
        if forgotten:
            book.consents.forget_words()
        return forgotten


def _forget(book: Book, contact: Contact) -> bool:
    lines = book.consents.entries(contact.subject)
    last = {
        purpose: [line for line in lines if line.purpose is purpose][-1] for purpose in {line.purpose for line in lines}
    }
    if any(line.how is not How.FORM for line in last.values()):
        return False  # a file or a paper of the owner's: hers to decide
    who = book.keys.who(contact.address.lower())
    left: dict[Purpose, tuple[State, datetime]] = {
        line.purpose: (line.state, line.at) for line in lines if line.state in GONE
    }
    for purpose, (state, at) in left.items():
        book.consents.bury(who, purpose, state, at)
    book.contacts.remove(contact)
    return True
