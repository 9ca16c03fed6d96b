"""What `invoke people.*` calls: each opens the book, does one thing and returns lines to print. Errors are PeopleError
(exit code 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from funnel.people import bounces, dossier, export
from funnel.people.book import Book
from funnel.people.errors import PeopleError
from funnel.people.imports.importing import import_file
from funnel.people.law import How, Purpose
from funnel.people.merging import merge
from funnel.people.store import damage_named
from funnel.people.verify import verify

BOOK = "people.sqlite"
"""The name of the contact book inside the folder for private data (`var/`)."""


def import_people(
    var: Path, file: Path, *, now: datetime, mapping: Sequence[str] = (), dry_run: bool = False
) -> list[str]:
    """Import a file; `mapping` holds `FIELD=COLUMN` as typed. A dry run changes nothing."""
    with _open(var) as book:
        return list(import_file(book, file, now=now, mapping=_pairs(mapping), dry_run=dry_run).lines())


def export_people(
    var: Path, *, now: datetime, address: str = "", target: Path | None = None, form: str = "csv"
) -> list[str]:
    """Write everybody (csv or json), or one person (json), to a file; without `target` under `var/exports/`."""
    with _existing(var) as book:
        if address:
            people = [dossier.dossier(book, one) for one in dossier.people_at(book, address)]
            text, ending = export.as_json_text(people), "json"
        elif form in ("csv", "json"):
            text, ending = (export.as_csv(book) if form == "csv" else export.as_json(book)), form
        else:
            raise PeopleError(f"--format {form}: there is csv and json.")
    place = target or var / "exports" / f"people-{now:%Y%m%dT%H%M%S}.{ending}"
    export.write_export(place, text)
    return [f"Written: {place}", "It holds personal data: keep it as private as the contact book."]


def show_person(var: Path, address: str) -> list[str]:
    """What the book knows about one person, readable."""
    with _existing(var) as book:
        return [line for one in dossier.people_at(book, address) for line in dossier.readable(book, one)]


def let_leave(var: Path, address: str, *, now: datetime) -> list[str]:
    """Write down that a person said to the owner that she leaves: by a mail, as letters without a desk ask her to, or a call."""
    with _existing(var) as book:
        people = dossier.people_at(book, address)
        purposes = sorted({Purpose.NEWSLETTER}.union(*(book.consents.all_standings(one) for one in people)))
        outcomes = [book.withdraw(address, one, when=now, how=How.OWNER, source="her own word") for one in purposes]
    if not any(outcome.changed for outcome in outcomes):
        return ["She had left already, or letters to her were stopped. Nothing was changed.", _AT_MAILCHIMP]
    return [
        "Written down: she left, and gets no more letters, also of a send that is going on. She can sign up again herself.",
        _AT_MAILCHIMP,
    ]


_AT_MAILCHIMP = (
    "Does Mailchimp send your letters? Unsubscribe her there too: what the book says takes nobody off that list."
)


def erase_person(var: Path, address: str, *, now: datetime) -> list[str]:
    """Delete a person for good, in the book and its backups; the lines are the receipt, without the address."""
    with _open(var) as book:
        receipt = book.erase(address, when=now)
    return [
        f"Erased on {receipt.at:%Y-%m-%d %H:%M:%S %Z}. Receipt {receipt.number}",
        f"  {receipt.contacts} contact(s) deleted with name, address, interests and facts",
        f"  {receipt.lines} ledger line(s) are kept without anything that says who they are about",
        f"  {receipt.backups} backup(s) replaced by a fresh one",
        "A later import cannot bring this person back; she herself can, by signing up.",
        "Not reached from here, delete them yourself: files in var/rejects, var/exports and var/outbox, her record at Mailchimp, "
        "and copies elsewhere.",
        "Letters already sent stay where they are.",
    ]


def merge_people(var: Path, keep: str, drop: str, *, now: datetime) -> list[str]:
    """Make one record of two of the same person."""
    with _existing(var) as book:
        merge(book, keep, drop, when=now)
    return ["Merged. What she left under either address she has left; no consent passed from one address to the other."]


def prove_consent(var: Path, address: str) -> list[str]:
    """The whole consent story of one person."""
    with _existing(var) as book:
        return list(dossier.proof(book, address))


def verify_book(var: Path) -> list[str]:
    """Check the ledger; raises PeopleError that lists what is wrong."""
    with _existing(var) as book:
        verdict = verify(book)
    if verdict.problems:
        raise PeopleError(
            "The contact book is not sound:\n" + "\n".join(f"  {problem}" for problem in verdict.problems)
        )
    return [f"Sound: {verdict.lines} ledger lines, unbroken up to the seal; everybody stands where her last line says."]


def read_bounces(var: Path, source: Path, *, now: datetime) -> list[str]:
    """Take in delivery and abuse reports from a mailbox or file."""
    with _existing(var) as book:
        return list(bounces.take_reports(book, bounces.open_mailbox(source), now).lines())


def back_up(var: Path, *, now: datetime) -> list[str]:
    """Make a whole copy of the book beside it."""
    with _existing(var) as book:
        return [f"Written: {book.store.backup(f'{now:%Y%m%dT%H%M%S}')}"]


@contextmanager
def _existing(var: Path) -> Iterator[Book]:
    if not (var / BOOK).exists():
        raise PeopleError(
            f"There is no contact book yet at {var / BOOK}. The first sign-up makes it, or: invoke people.import FILE"
        )
    with _open(var) as book:
        yield book


@contextmanager
def _open(var: Path) -> Iterator[Book]:
    """The book, and words for a damage that shows only when somebody reads on."""
    with Book.open(var / BOOK) as book, damage_named(book.store.path):
        yield book


def _pairs(mapping: Sequence[str]) -> Mapping[str, str]:
    pairs = [text.partition("=") for text in mapping]
    if wrong := next((field for field, sign, column in pairs if not (field and sign and column)), None):
        raise PeopleError(f"--map {wrong}: write FIELD=COLUMN, for example: --map consented_at=created_at")
    return {field.strip(): column.strip() for field, _, column in pairs}
