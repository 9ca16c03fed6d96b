"""`people import`: a file from elsewhere into the book, as far as the law allows."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

from funnel.people.address import read_address
from funnel.people.book import Book
from funnel.people.contacts import checked_name
from funnel.people.errors import PeopleError
from funnel.people.export import guarded
from funnel.people.imports import vcard
from funnel.people.imports.formats import VCARD, recognise
from funnel.people.imports.report import Remark, Report
from funnel.people.imports.rows import BadRow, Plan, Wish, choose_columns, read_wish
from funnel.people.imports.table import Row, Table, read_table
from funnel.people.law import How, Purpose, State
from funnel.people.records import Fact

ROWS_AT_A_TIME = 2_000
"""Rows that count together. Between two lots the subscription desk gets its turn to write."""


class _DryRun(Exception):
    """Ends a dry run: everything was tried and is taken back."""


def import_file(
    book: Book, path: Path, *, now: datetime, mapping: Mapping[str, str] | None = None, dry_run: bool = False
) -> Report:
    """Read the file at `path` into the book; what landed and what did not, row by row.

    `mapping` names the column for a field (`Field`) where the header alone does not say it. A dry run tries everything,
    changes nothing and reports the same. Raises PeopleError when the file as a whole cannot be used.
    """
    table, plan = _open(path, mapping or {})
    report = _report(path, table, plan, dry_run)
    if dry_run:
        with _taken_back(book):
            _take(book, table.rows, table.header, plan, now, report)
        return report
    book.store.backup(f"{now:%Y%m%dT%H%M%S}-before-import")
    while lot := list(islice(table.rows, ROWS_AT_A_TIME)):
        with book.writing():
            _take(book, lot, table.header, plan, now, report)
    report.rejects_file = _write_rejects(book, path, table.header, report, now)
    return report


def _open(path: Path, mapping: Mapping[str, str]) -> tuple[Table, Plan]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PeopleError(f"{path} cannot be read: {error.strerror}.") from None
    if vcard.is_vcard(content):
        table = vcard.read_cards(content, path.name)
        return table, choose_columns(VCARD, table.header, mapping, path.name)
    table = read_table(content, path.name)
    return table, choose_columns(recognise(table.header), table.header, mapping, path.name)


def _report(path: Path, table: Table, plan: Plan, dry_run: bool) -> Report:
    columns = {meaning.value: column for meaning, column in plan.columns.items()}
    columns |= {
        "evidence": ", ".join(f"{one.date} with {one.proof}" if one.proof else one.date for one in plan.evidence)
    }
    used = {*plan.columns.values(), *(name for one in plan.evidence for name in (one.date, one.proof))}
    ignored = tuple(name for name in table.header if name and name.lower() not in used)
    shown = {meaning: column for meaning, column in columns.items() if column}
    return Report(path.name, plan.format.name, table.encoding, table.separator, shown, ignored, dry_run)


@contextmanager
def _taken_back(book: Book) -> Iterator[None]:
    try:
        with book.writing():
            yield
            raise _DryRun
    except _DryRun:
        return


def _take(book: Book, rows: Iterable[Row], header: tuple[str, ...], plan: Plan, now: datetime, report: Report) -> None:
    names = [name.lower() for name in header]
    for row in rows:
        if row.fault:
            _reject(report, row, row.fault)
            continue
        try:
            wish = read_wish(dict(zip(names, row.cells, strict=True)), plan, now)
            _grant(book, wish, row, now, report)
        except (BadRow, PeopleError) as error:
            _reject(report, row, str(error))


def _reject(report: Report, row: Row, why: str) -> None:
    report.counts["could not be used"] += 1
    report.rejected.append(Remark(row.line, why, row.cells))


def _grant(book: Book, wish: Wish, row: Row, now: datetime, report: Report) -> None:
    if wish.state is None:
        _acquaint(book, wish, row, now, report)
        return
    outcome = book.record(
        wish.address, wish.purpose, wish.state, How.IMPORT, wish.when, wish.words, wish.source,
        name=wish.name, interests=wish.interests,
    )  # fmt: skip
    if outcome.changed:
        report.counts[_LANDED[wish.state]] += 1
        if wish.note:
            report.notes[wish.note] += 1
        _add_facts(book, wish, now)
    elif outcome.state is wish.state:
        report.counts["already known, unchanged"] += 1
    else:
        report.counts["refused by the law of consent"] += 1
        report.rejected.append(Remark(row.line, outcome.reason, row.cells))


_LANDED = {
    State.CONFIRMED: "subscribers, with dated evidence",
    State.PENDING: "pending: they still have to confirm from their own mailbox",
    State.WITHDRAWN: "people who left: they stay out",
    State.BOUNCED: "people whose mailbox refuses letters",
    State.COMPLAINED: "people who complained: they stay out",
}


def _acquaint(book: Book, wish: Wish, row: Row, now: datetime, report: Report) -> None:
    """A private acquaintance: in the book, without any consent, never a subscriber."""
    place = read_address(wish.address)
    name = checked_name(wish.name)
    if book.contacts.alike(place):
        report.counts["already known, unchanged"] += 1
        return
    standing = book.consents.standing(None, book.keys.who(place.folded), Purpose.NEWSLETTER)
    if standing and standing.state is State.ERASED:
        report.counts["refused by the law of consent"] += 1
        report.rejected.append(Remark(row.line, "erased: stays out until she asks again herself", row.cells))
        return
    book.contacts.add(place, name, now)
    _add_facts(book, wish, now)
    report.counts["private acquaintances (no consent, no letters)"] += 1


def _add_facts(book: Book, wish: Wish, now: datetime) -> None:
    if not wish.facts and not wish.paused_until:
        return
    contact = next(iter(book.contacts.alike(read_address(wish.address))))
    for name, value in wish.facts.items():
        book.contacts.learn(contact, Fact(name, value, wish.source, now))
    if wish.paused_until and contact.paused_until is None:
        book.contacts.pause(contact, wish.paused_until)


def _write_rejects(book: Book, path: Path, header: tuple[str, ...], report: Report, now: datetime) -> Path | None:
    """The rows that did not land, in a file that only the owner can read."""
    if not report.rejected:
        return None
    folder = book.store.path.parent / "rejects"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{now:%Y%m%dT%H%M%S}-{path.stem}.csv"
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "why", *map(guarded, header)])
        for remark in report.rejected:
            writer.writerow([remark.line, remark.why, *map(guarded, remark.cells)])
    return target
