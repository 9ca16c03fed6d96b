"""Was the ledger changed by anything else than this program? (`people verify`)"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from funnel.people import chain, departures
from funnel.people.book import Book
from funnel.people.schema import TRIGGERS
from funnel.people.store import damage_named
from funnel.people.when import to_text
from funnel.settings.consent import words_digest


@dataclass(frozen=True)
class Verdict:
    """`lines` of the ledger that were looked at; `problems` in plain words, none when the book is sound."""

    lines: int
    problems: tuple[str, ...]


def verify(book: Book) -> Verdict:
    """Check the file, the chain, the seal, the words, that everybody stands where her last line says and has the address that
    she came with, and that nobody vanished.
    """
    with damage_named(book.store.path):
        lines, head, broken = _walk(book)
        problems = [
            *_file(book),
            *_triggers(book),
            *_departures(book),
            *broken,
            *_seal(book, lines, head),
            *_words(book),
            *_standings(book),
            *_persons(book),
            *_vanished(book),
            *_tombstones(book),
        ]
    return Verdict(lines, tuple(problems))


def _walk(book: Book) -> tuple[int, str, list[str]]:
    before, seq = chain.START, 0
    with suppress(ValueError, TypeError):  # a word, a date or a kind of value that this program does not write
        for entry in book.consents.every_entry():
            fields = (
                str(entry.seq), entry.subject, entry.purpose.value, entry.state.value, entry.how.value,
                to_text(entry.at), entry.words_digest, entry.source,
            )  # fmt: skip
            if entry.seq != seq + 1 or entry.digest != chain.link(before, fields):
                break
            before, seq = entry.digest, entry.seq
        else:
            return seq, before, []
    return seq, before, [f"ledger line {seq + 1} was changed, or a line before it was taken out"]


def _file(book: Book) -> Iterator[str]:
    for (text,) in book.store.connection.execute("PRAGMA integrity_check(5)"):
        if text != "ok":
            yield f"the file itself: {text}"
    for table, *_ in book.store.connection.execute("PRAGMA foreign_key_check"):
        yield f"table {table} speaks of a person who is not in the book"


def _departures(book: Book) -> Iterator[str]:
    file, noted = book.consents.departures_file, int(book.consents.meta("left_bytes") or 0)
    if noted and (not file.exists() or file.stat().st_size < noted):
        yield f"{file.name} is missing or was cut short: an older copy of the book would not know who left since"


def _seal(book: Book, lines: int, head: str) -> Iterator[str]:
    seal = book.consents.meta("seal")
    if (lines or seal) and seal != book.consents.seal_text(lines, head):
        yield f"the seal under the ledger does not fit its {lines} lines: lines were added or taken away at its end"


def _words(book: Book) -> Iterator[str]:
    for digest, text in book.store.connection.execute("SELECT digest, text FROM words"):
        if words_digest(text) != digest:
            yield f"the words of consent {digest[:12]} were changed"
    query = (
        "SELECT count(*) FROM ledger WHERE words <> '' AND words NOT IN (SELECT digest FROM words) "
        "AND subject IN (SELECT subject FROM contacts)"  # the words of others are forgotten with them
    )
    if missing := book.store.connection.execute(query).fetchone()[0]:
        yield f"the words shown are missing for {missing} ledger lines"


def _standings(book: Book) -> Iterator[str]:
    unlike = """SELECT count(*) FROM consents c JOIN contacts p ON p.id = c.contact
        LEFT JOIN ledger l ON l.seq = c.seq WHERE l.seq IS NULL OR l.subject <> p.subject
        OR l.purpose <> c.purpose OR l.state <> c.state OR l.at <> c.since"""
    if count := book.store.connection.execute(unlike).fetchone()[0]:
        yield f"{count} people stand elsewhere than their line in the ledger says"
    later = """SELECT count(*) FROM consents c JOIN contacts p ON p.id = c.contact
        WHERE c.seq < (SELECT max(seq) FROM ledger l WHERE l.subject = p.subject AND l.purpose = c.purpose)"""
    if count := book.store.connection.execute(later).fetchone()[0]:
        yield f"{count} people have a later line in the ledger than the one that counts"
    orphans = """SELECT count(*) FROM contacts p WHERE EXISTS (SELECT 1 FROM ledger l WHERE l.subject = p.subject
        AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.contact = p.id AND c.purpose = l.purpose))"""
    if count := book.store.connection.execute(orphans).fetchone()[0]:
        yield f"{count} people have lines in the ledger and no standing"


def _triggers(book: Book) -> Iterator[str]:
    present = book.store.connection.execute("SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
    if {text for (text,) in present} != TRIGGERS:
        yield "the file acts by itself in another way than this program made it (its triggers were changed)"


def _persons(book: Book) -> Iterator[str]:
    rows = book.store.connection.execute("SELECT subject, address, who, mark FROM contacts")
    if count := sum(not _belong(book, *map(str, row)) for row in rows):
        yield f"{count} people have another address than the one they came with"


def _belong(book: Book, subject: str, address: str, who: str, mark: str) -> bool:
    return who == book.keys.who(address.lower()) and mark == book.keys.mark(subject, who)


def _vanished(book: Book) -> Iterator[str]:
    """Erased, merged and forgotten people are gone rightly, and their last lines tell."""
    gone = """SELECT count(DISTINCT l.subject) FROM ledger l WHERE l.subject NOT IN (SELECT subject FROM contacts)
        AND l.seq = (SELECT max(seq) FROM ledger m WHERE m.subject = l.subject AND m.purpose = l.purpose)
        AND l.how <> 'form' AND NOT (l.how = 'owner' AND l.state = 'withdrawn')
        AND NOT EXISTS (SELECT 1 FROM ledger e WHERE e.subject = l.subject AND e.state = 'erased')"""
    if count := book.store.connection.execute(gone).fetchone()[0]:
        yield f"{count} people of the ledger were taken out of the book, and no line says why"


def _tombstones(book: Book) -> Iterator[str]:
    noted = int(book.consents.meta("left_bytes") or 0)
    left = departures.read(book.consents.departures_file, 0, noted)[0]
    known = set(book.store.connection.execute("SELECT who, purpose FROM departed"))
    here = {who for (who,) in book.store.connection.execute("SELECT who FROM contacts")}
    lost = {one.who for one in left if one.who not in here and (one.who, one.purpose) not in known}
    if count := len(lost):
        yield f"{count} people who left are not known any more as having left: a file could bring them back"
