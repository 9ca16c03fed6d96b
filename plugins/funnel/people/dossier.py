"""Everything the book knows about one person, for herself (GDPR Art. 15 and 20) and as proof of her consent (Art.
7(1)).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from funnel.people.address import read_address
from funnel.people.book import Book
from funnel.people.errors import PeopleError
from funnel.people.law import How
from funnel.people.records import Contact, Entry
from funnel.people.verify import verify
from funnel.people.visible import visible
from funnel.people.when import to_text

MEANING = {
    How.FORM: "she typed her address into the form",
    How.MAILBOX: "she used a link that only her mailbox was sent",
    How.UNDO: "she took her withdrawal back",
    How.PAPER: "on paper, which the owner keeps",
    How.OWNER: "the owner, on her word",
    How.IMPORT: "a file from elsewhere",
    How.PROVIDER: "the mailing provider said so",
    How.PROVIDER_OPT_IN: "confirmed from her mailbox, at the mailing provider",
    How.REPORT: "a report of a mail server",
    How.RESTORE: "applied again after a backup was put back",
}


def people_at(book: Book, address: str) -> list[Contact]:
    """The contacts behind an address, in any spelling; raises BadAddress, and PeopleError when there are none."""
    people = book.contacts.alike(read_address(address))
    if not people:
        raise PeopleError(
            "Nobody with this address is in the contact book. Look how it is spelt there: invoke people.export"
        )
    return people


def dossier(book: Book, contact: Contact) -> dict[str, Any]:
    """Everything about one contact, ready for JSON."""
    return {
        "address": contact.address,
        "name": contact.name,
        "in the book since": to_text(contact.created_at),
        "paused until": to_text(contact.paused_until) if contact.paused_until else None,
        "interests": sorted(book.contacts.interests(contact)),
        "consent": {
            purpose.value: {"state": standing.state.value, "since": to_text(standing.since)}
            for purpose, standing in sorted(book.consents.all_standings(contact).items())
        },
        "facts": [
            {"name": fact.name, "value": fact.value, "source": fact.source, "at": to_text(fact.at)}
            for fact in book.contacts.facts(contact)
        ],
        "history": [_history(book, entry) for entry in book.consents.entries(contact.subject)],
    }


def _history(book: Book, entry: Entry) -> dict[str, Any]:
    return {
        "line": entry.seq,
        "at": to_text(entry.at),
        "purpose": entry.purpose.value,
        "state": entry.state.value,
        "how": f"{entry.how.value}: {MEANING[entry.how]}",
        "words shown": book.consents.words(entry.words_digest),
        "source": entry.source,
        "address of the request": book.consents.request(entry.seq),
    }


def readable(book: Book, contact: Contact) -> Iterator[str]:
    """The same as plain lines. What others wrote stands on one line, and nothing in it turns or steers what stands beside."""
    record = dossier(book, contact)
    for label in ("address", "name", "in the book since", "paused until"):
        yield f"{label}: {visible(record[label] or '-')}"
    yield f"interests: {', '.join(record['interests']) or '-'}"
    for fact in record["facts"]:
        yield f"{fact['name']}: {visible(fact['value'])}   (from {fact['source']}, {fact['at'][:10]})"
    for purpose, standing in record["consent"].items():
        yield f"consent to {purpose}: {standing['state']} since {standing['since'][:19]} UTC"
    if not record["consent"]:
        yield "consent: none was ever asked for (a private acquaintance: no letters)"


def proof(book: Book, address: str) -> Iterator[str]:
    """The whole consent story behind an address on one page. Raises PeopleError when nobody has it."""
    for contact in people_at(book, address):
        yield from readable(book, contact)
        yield ""
        for entry in book.consents.entries(contact.subject):
            yield from _story(book, entry)
    verdict = verify(book)
    if verdict.problems:
        yield "WARNING: the ledger is not sound: " + "; ".join(verdict.problems)
    else:
        yield f"The ledger that this is taken from is unbroken: {verdict.lines} lines, up to its seal."


def _story(book: Book, entry: Entry) -> Iterator[str]:
    yield f"{entry.at:%Y-%m-%d %H:%M:%S} UTC   {entry.purpose}: {entry.state}"
    yield f"    how: {MEANING[entry.how]}" + (f" ({entry.source})" if entry.source else "")
    if words := book.consents.words(entry.words_digest):
        yield f"    words shown: “{visible(words)}”"
        yield f"    SHA-256 of the words: {entry.words_digest}"
    if request := book.consents.request(entry.seq):
        yield f"    address of the request: {request}"
    yield f"    ledger line {entry.seq}, digest {entry.digest}"
    yield ""
