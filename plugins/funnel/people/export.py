"""`people export`: everything, in a file that `people import` and any spreadsheet read."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from funnel.people.book import Book
from funnel.people.dossier import dossier
from funnel.people.errors import PeopleError
from funnel.people.law import Purpose, Standing
from funnel.people.records import Contact
from funnel.people.when import to_text

FACT_COLUMNS = ("birthday", "note", "language", "phone", "company", "postal")
CONSENT_COLUMNS = ("purpose", "state", "since", "how", "words")
COLUMNS = ("two_funnels", "address", "name", *CONSENT_COLUMNS, "interests", "paused_until", *FACT_COLUMNS)
_FORMULA = re.compile(r"""(^|[;|\t\r\n])([ "]*)(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])""")
"""Where a spreadsheet would begin to calculate: at the start of a cell, also of those that it makes itself at other separators
than ours (Excel in German, French or Spanish takes a semicolon), in ordinary or wide signs.
"""

_GUARDED = re.compile(_FORMULA.pattern.replace("(?='*", "'(?='*"))

PUBLIC_FOLDERS = frozenset({"content", "output", "theme"})


def write_export(target: Path, text: str) -> None:
    """Write personal data where only the owner reads it; raises PeopleError for a folder that gets published."""
    if PUBLIC_FOLDERS & set(target.resolve().parts[:-1]):
        raise PeopleError(f"{target} lies in a folder that gets published. Personal data goes elsewhere: var/exports/")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise PeopleError(f"{target} cannot be written: {error.strerror}. Name a file in a folder of yours.") from None


def as_csv(book: Book) -> str:
    """One row for each consent of each person, and one for each person without any."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for contact in book.contacts.all():
        for row in _rows(book, contact):
            writer.writerow([guarded(cell) for cell in row])
    return out.getvalue()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection). `people import` takes the signs off again."""
    return _FORMULA.sub(r"\1\2'", cell)


def unguarded(cell: str) -> str:
    """What the cell was before."""
    return _GUARDED.sub(r"\1\2", cell)


def as_json(book: Book) -> str:
    """Everybody's whole dossier, history included."""
    return as_json_text([dossier(book, contact) for contact in book.contacts.all()])


def as_json_text(people: Sequence[Mapping[str, Any]]) -> str:
    """Dossiers as a JSON text."""
    return json.dumps(people, ensure_ascii=False, indent=1) + "\n"


def _rows(book: Book, contact: Contact) -> Iterator[list[str]]:
    facts = {fact.name: fact.value for fact in book.contacts.facts(contact)}
    interests = ", ".join(sorted(book.contacts.interests(contact)))
    pause = to_text(contact.paused_until) if contact.paused_until else ""
    tail = [interests, pause, *(facts.get(column, "") for column in FACT_COLUMNS)]
    consents = book.consents.all_standings(contact)
    for purpose, standing in sorted(consents.items()):
        yield ["1", contact.address, contact.name, purpose, *_consent(book, contact, purpose, standing), *tail]
    if not consents:
        yield ["1", contact.address, contact.name, "", "", "", "", "", *tail]


def _consent(book: Book, contact: Contact, purpose: Purpose, standing: Standing) -> list[str]:
    lines = [entry for entry in book.consents.entries(contact.subject) if entry.purpose is purpose]
    words = next((book.consents.words(entry.words_digest) for entry in reversed(lines) if entry.words_digest), "")
    return [standing.state, to_text(standing.since), lines[-1].how, words]
