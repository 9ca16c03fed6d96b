"""Files from elsewhere: every encoding, separator and mishap, and never a subscriber without evidence."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest
from funnel.people import Book, PeopleError, State
from funnel.people.dossier import proof, readable
from funnel.people.export import as_csv, guarded, unguarded
from funnel.people.imports.importing import import_file
from funnel.people.imports.table import read_table
from funnel.people.imports.vcard import is_vcard, read_cards

from tests.people.conftest import WORDS, Import, addresses, day, state, subscribe


def test_a_row_without_consent_is_an_acquaintance(book: Book, take: Import) -> None:
    """Somebody of whom the file says nothing but the address is in the book, and never a subscriber."""
    report = take("email,name,birthday\nann@example.com,Ann,1970-04-05\n")
    contact = next(iter(book.contacts.all()))
    assert (contact.name, state(book, contact.address)) == ("Ann", None)
    assert [(fact.name, fact.value) for fact in book.contacts.facts(contact)] == [("birthday", "1970-04-05")]
    assert report.counts == {"private acquaintances (no consent, no letters)": 1}
    assert addresses(book) == []


@pytest.mark.parametrize("name", ["Cid\u200e", "\u202ediC", "C\x07", "C" * 300])
def test_no_name_keeps_anybody_from_leaving(book: Book, take: Import, name: str) -> None:
    """Who left elsewhere stays out here, whatever signs her name has, or however long it is."""
    subscribe(book, "old@example.com")
    take(f"email,name,left_at\ncid@example.com,{name},2026-03-01\nold@example.com,{name},2026-05-01\n")
    assert state(book, "cid@example.com") is state(book, "old@example.com") is State.WITHDRAWN


def test_signs_that_are_not_seen_stay_outside(book: Book, take: Import) -> None:
    """What turns round or steers what stands beside it reaches neither the book nor the terminal, and costs nobody her place."""
    report = take(
        "email,name,note,words,consent_date,\x1b[31mred\n"
        '\u202aann@example.com,"\u202eAnn\u200d Bea","one\x1b[2J\ntwo","I \x1b[2Jagree",2026-02-01,x\n'
        "bea@example.com,علی\u200cرضا,,,2026-02-01,x\n"
    )
    ann, bea = book.contacts.all()
    assert (ann.address, ann.name, bea.name) == ("ann@example.com", "Ann Bea", "علی\u200cرضا")
    assert [fact.value for fact in book.contacts.facts(ann)] == ["one[2J\ntwo"]
    told = [*report.lines(), *readable(book, ann), *proof(book, ann.address)]
    assert "note: one[2J two" in "\n".join(told)
    assert not any(sign in line for line in told for sign in "\x1b\u202a\u202e\n")


def test_only_dated_evidence_confirms(book: Book, take: Import) -> None:
    """A date of consent confirms; the bare word "subscribed", an unclear date and a date to come do not."""
    take(
        "email,status,consent_date\n"
        "dated@example.com,subscribed,2025-06-01\n"
        "bare@example.com,subscribed,\n"
        "unclear@example.com,subscribed,03/04/2025\n"
        "future@example.com,subscribed,2099-01-01\n"
        "left@example.com,unsubscribed,2025-06-01\n"
    )
    assert addresses(book) == ["dated@example.com"]
    assert [state(book, f"{who}@example.com") for who in ("bare", "unclear", "future")] == [State.PENDING] * 3
    assert state(book, "left@example.com") is State.WITHDRAWN


def test_no_import_touches_who_left(book: Book, take: Import) -> None:
    """Somebody who left stays out, whatever a file says about her, and the row is in the file of rejects."""
    subscribe(book, "ann@example.com")
    book.withdraw("ann@example.com", "newsletter", when=day(1))
    report = take("email,consent_date,name\nann@example.com,2026-03-05,Ann\n")
    assert addresses(book) == []
    assert report.counts == {"refused by the law of consent": 1}
    assert report.rejects_file is not None
    (row,) = csv.DictReader(report.rejects_file.open(encoding="utf-8"))
    assert row["email"] == "ann@example.com" and "stays out" in row["why"]
    assert report.rejects_file.stat().st_mode & 0o077 == 0


NAMES = "email;name;consent_date\nzoë@example.com;x;\nann@example.com;Zoë Müller;2025-01-01\n"
WRITTEN = {
    "utf-8": NAMES.encode(),
    "utf-8 with its mark": b"\xef\xbb\xbf" + NAMES.encode(),
    "utf-16": NAMES.encode("utf-16"),
    "utf-16 without a mark": NAMES.encode("utf-16-le"),
    "windows-1252": NAMES.encode("windows-1252"),
    "old Mac line ends": NAMES.replace("\n", "\r").encode(),
    "Windows line ends": NAMES.replace("\n", "\r\n").encode(),
    "Excel's own first line": b"sep=;\r\n" + NAMES.encode(),
    "commas": NAMES.replace(";", ",").encode(),
    "tabs": NAMES.replace(";", "\t").encode(),
    "blank lines": NAMES.replace("\n", "\n\n").encode(),
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_table_is_read_however_it_was_written(book: Book, take: Import, content: bytes) -> None:
    """The same table gives the same people in every encoding, with every separator and line end."""
    take(content)
    assert [one.name for one in book.recipients("newsletter", at=day(200))] == ["Zoë Müller"]


def test_quoted_newlines_and_quotes_are_part_of_a_cell(book: Book, take: Import) -> None:
    """A note over two lines and a quoted comma do not break a row, and the rows after it are counted right."""
    report = take('email,name,note\nann@example.com,"Ann ""A"" Lee, MD","one\ntwo"\nnobody,x,y\n')
    assert next(iter(book.contacts.all())).name == 'Ann "A" Lee, MD'
    assert [remark.line for remark in report.rejected] == [4]


def test_a_broken_row_costs_only_itself(book: Book, take: Import) -> None:
    """A quotation mark that never closes spoils its own row; every other row lands."""
    report = take('email,name\na@example.com,"A\nb@example.com,B\nc@example.com,C\n')
    assert {one.address for one in book.contacts.all()} == {"b@example.com", "c@example.com"}
    assert [(remark.line, remark.why) for remark in report.rejected] == [(2, "its quotation marks do not match")]


@pytest.mark.parametrize(
    "content",
    [
        b"email,name\n" + b'"a"b,c\n' * 150_000,
        b"BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:x=\n" + b"y=\n" * 500_000 + b"\nEMAIL:a@example.com\nEND:VCARD\n",
    ],
)
def test_a_large_file_of_broken_rows_is_read_in_good_time(content: bytes) -> None:
    """The time grows with the file and not with its square: a whole list that some program wrote badly is no reason to wait."""
    begun = time.process_time()
    table = read_cards(content, "x") if is_vcard(content) else read_table(content, "x")
    assert len(list(table.rows)) in (1, 150_000)
    assert time.process_time() - begun < 5


def test_every_bad_row_is_named_and_the_good_ones_land(book: Book, take: Import) -> None:
    """Invalid addresses, too many cells, unknown words and control characters are reported with line and reason,
    without the cell.
    """
    report = take(
        "email,name,status\n"
        "not an address,A,\n"
        "b@example.com,B,,,extra\n"
        "c@example.com,C,sideways\n"
        "d@example.com,D\x07,\n"
        "e@example.com,E,\n"
        "e@example.com,E,\n"
    )
    assert [remark.line for remark in report.rejected] == [2, 3, 4, 5]
    assert [one.address for one in book.contacts.all()] == ["e@example.com"]
    assert report.counts["already known, unchanged"] == 1
    said = "\n".join(report.lines())
    assert "example.com" not in said and "not an address" not in said.replace("not an e-mail address", "")


def test_a_dry_run_says_the_same_and_changes_nothing(book: Book, take: Import) -> None:
    """The dry run counts what the real one does, and leaves no contact, no ledger line and no file behind."""
    content = "email,consent_date\nann@example.com,2025-01-01\nbad,\nann@example.com,2025-01-01\n"
    before = sorted(book.store.path.parent.rglob("*"))
    dry = take(content, dry_run=True)
    assert (list(book.contacts.all()), list(book.consents.every_entry())) == ([], [])
    assert sorted(book.store.path.parent.rglob("*")) == before
    real = take(content)
    assert dry.counts == real.counts and sum(real.counts.values()) == 3


def test_a_dry_run_of_leavers_writes_no_departure(book: Book, take: Import) -> None:
    """A dry run of a list of people who left does not take them out."""
    subscribe(book, "ann@example.com")
    take("email,unsubscribed_at\nann@example.com,2026-05-01\n", dry_run=True)
    path = book.store.path
    with Book.open(path, environment={}) as again:
        assert addresses(again) == ["ann@example.com"]


def test_the_owner_can_say_which_column_means_what(book: Book, take: Import) -> None:
    """A mapping wins over the guess; a field or column that does not exist is named."""
    content = "Kontakt,Wann\nann@example.com,2025-01-01\n"
    with pytest.raises(PeopleError, match="--map address=COLUMN"):
        take(content)
    with pytest.raises(PeopleError, match="no such field"):
        take(content, mapping={"mail": "Kontakt"})
    with pytest.raises(PeopleError, match="no such column"):
        take(content, mapping={"address": "Mail"})
    take(content, mapping={"address": "Kontakt", "consented_at": "Wann"})
    assert addresses(book) == ["ann@example.com"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"sep=,\n", b"ann@example.com,Ann\n"])
def test_a_file_that_is_no_list_is_refused(take: Import, content: bytes) -> None:
    """An empty file, and one without a header, is refused as a whole with what to do."""
    with pytest.raises(PeopleError):
        take(content)


def test_an_export_comes_back_whole(book: Book, take: Import, tmp_path: Path) -> None:
    """What one book exports, an empty one imports: states, dates, words, purposes, interests, names and facts."""
    book.record("ann@example.com", "newsletter", "confirmed", "paper", day(1), WORDS, name="Ann", interests=["cards"])
    book.record("ann@example.com", "alerts", "withdrawn", "owner", day(2))
    book.bounce("bea@example.com", "newsletter", when=day(3))
    book.sign_up("cid@example.com", "newsletter", words=WORDS, when=day(4))
    take('email,birthday,note\ndot@example.com,1970-01-01,"two\nlines, and ; more"\n')
    (tmp_path / "all.csv").write_text(as_csv(book), encoding="utf-8")
    with Book.open(tmp_path / "other" / "people.sqlite", environment={}) as other:
        report = import_file(other, tmp_path / "all.csv", now=day(300))
        assert report.rejected == []
        assert _without_how(as_csv(other)) == _without_how(as_csv(book))


def _without_how(text: str) -> list[dict[str, str]]:
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    return [{key: value for key, value in row.items() if key != "how"} for row in rows]


def test_an_import_makes_a_backup_first(book: Book, take: Import) -> None:
    """Before an import changes anything, the book is copied."""
    take("email\nann@example.com\n")
    assert list((book.store.path.parent / "backups").glob("people-*-before-import.sqlite"))


def test_a_date_that_could_be_two_days_makes_her_pending(book: Book, take: Import) -> None:
    """A column of consent with a date that nobody can be sure of asks for a confirmation, and the report says why."""
    report = take("email,when\nann@example.com,03/04/2025\nbea@example.com,\n", mapping={"consented_at": "when"})
    assert state(book, "ann@example.com") is State.PENDING and state(book, "bea@example.com") is None
    assert any("two days" in line for line in report.lines())


def test_an_export_holds_nothing_that_a_spreadsheet_calculates(book: Book, take: Import, tmp_path: Path) -> None:
    """A name that looks like a formula comes out as text, and comes back as it was."""
    take("email,name,phone\n=1+1@example.com,=HYPERLINK(A1),+49 30 1234\n")
    exported = as_csv(book)
    assert "'=1+1@example.com" in exported and ",=" not in exported and ",+" not in exported
    with Book.open(tmp_path / "other" / "people.sqlite", environment={}) as other:
        file = tmp_path / "export.csv"
        file.write_text(exported, encoding="utf-8")
        import_file(other, file, now=day(200))
        (person,) = other.contacts.all()
        assert (person.address, person.name) == ("=1+1@example.com", "=HYPERLINK(A1)")
        assert [fact.value for fact in other.contacts.facts(person)] == ["+49 30 1234"]


@pytest.mark.parametrize(
    "day_", ["1900-01-01", "1899-12-30 00:00:00", "1904-01-01", "1970-01-01", "0001-01-01", "2999-01-01"]
)
def test_a_day_on_which_nobody_can_have_consented_is_no_proof(book: Book, take: Import, day_: str) -> None:
    """What spreadsheets and programs write for no date, and a day to come, make nobody a subscriber: she has to confirm."""
    report = take(f"email,consented_at\nann@example.com,{day_}\n")
    assert state(book, "ann@example.com") is State.PENDING and addresses(book) == []
    assert any("cannot be one" in line for line in report.lines())


CELLS = (
    "=1+1",
    "'=1",
    "''=1",
    "a;=1+1",
    'a; "=1',
    "a|+1;@b;'-c",
    "a\n=1\n\t-2",
    "\uff1d1",
    "a=b; c",
    "",
    "'",
    ";;=",
    " =1",
    "O'Hara; 'x'",
)


@pytest.mark.parametrize("cell", CELLS)
def test_no_other_separator_makes_a_formula_of_a_cell(cell: str) -> None:
    """Also where a spreadsheet cuts at semicolons, tabs or lines no piece of a cell is a formula, and the cell comes back as it was."""
    pieces = [piece.strip(' "') for piece in re.split("[;|\t\r\n]", guarded(cell))]
    assert not any(piece.startswith(("=", "+", "-", "@", "\uff1d")) for piece in pieces)
    assert unguarded(guarded(cell)) == cell


def test_a_cell_of_blanks_and_line_ends_costs_no_time() -> None:
    """A hundred thousand line ends, blanks and quotation marks are looked through at once."""
    for sign in "\n; \"'":
        assert unguarded(guarded(sign * 100_000)) == sign * 100_000


def test_the_notes_above_linkedins_table_are_passed_over(book: Book, take: Import) -> None:
    """LinkedIn's list of connections is read below its notes, also as a spreadsheet saved it, and gives acquaintances only."""
    notes = 'Notes:{0}\n"When exporting your data, you may notice, that addresses are missing."{0}\n{0}\n'
    rows = (
        "First Name,Last Name,URL,Email Address,Company,Connected On\nAnn,A,u,ann@example.com,Acme,1\nBo,B,u,,Acme,1\n"
    )
    for commas in ("", ",,,,,"):
        report = take(notes.format(commas) + rows, "Connections.csv")
        assert [(remark.line, remark.why) for remark in report.rejected] == [(6, "it has no e-mail address")]
    (contact,) = book.contacts.all()
    assert (contact.address, contact.name) == ("ann@example.com", "Ann A") and addresses(book) == []


@pytest.mark.parametrize("header", ["name,address,email", "email,address,name"])
def test_a_column_called_email_holds_the_addresses(book: Book, take: Import, header: str) -> None:
    """Where a list has streets under `address` and mailboxes under `email`, the order of the two does not matter."""
    cells = {"name": "Ann", "address": "1 Street", "email": "ann@example.com"}
    take(f"{header}\n" + ",".join(cells[column] for column in header.split(",")) + "\n")
    assert [contact.address for contact in book.contacts.all()] == ["ann@example.com"]


def test_a_rejected_row_is_no_formula(take: Import) -> None:
    """No cell in the file of rejects is one that a spreadsheet would calculate, and the file can be mended and taken in."""
    report = take("email,name,=1+2\nno-address,=1+1,\n+x,@SUM(A1),\n")
    assert report.rejects_file is not None
    text = report.rejects_file.read_text(encoding="utf-8")
    assert "'=1+2" in text and "'=1+1" in text and "'@SUM(A1)" in text and "'+x" in text
    assert take(text.replace("no-address", "ann@example.com"), "mended.csv").counts["could not be used"] == 1


def test_a_long_cell_is_a_cell(book: Book, take: Import) -> None:
    """A note of 200,000 characters is read like any other."""
    report = take('email,note\nann@example.com,"' + "x" * 200_000 + '"\n')
    assert report.rejected == [] and len(list(book.contacts.all())) == 1
