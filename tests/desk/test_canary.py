"""A canary lives through everything the book and the desk can do, and nobody hears it sing where it should not."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from funnel.people import Book, PeopleError, commands
from funnel.people.merging import merge

from tests.desk.conftest import Counter

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BIRD = ("canary.bird@example.com", "Canary Q. Bird", "1971-02-29x")
SONG = ("canary", "bird", "1971-02")
"""No part of address, name or birthday, in small letters, may be heard."""

LISTS = (
    "email,name,birthday\n{0},{1},{2}\n{0} x,{1},{2}\n",
    "email,name,birthday\n{0},{1},{2},{0},{1}\n",
    'email,name,birthday\n"{0},{1},{2}\n',
    "email,name,status\n{0},{1},{2}\n",
    "email,name,subscribed\n{0},{1},{2}\n",
    "email,name,purpose\n{0},{1},{2}\n",
    "email,name\n{0},{1}\x07\n",
    "BEGIN:VCARD\nFN:{1}\nEMAIL:{0} x\nBDAY:{2}\nEND:VCARD\n",
    "BEGIN:VCARD\nFN:{1}\nEMAIL:{0}\nBDAY:{2}\n",
)


def sing(said: str) -> None:
    low = said.lower()
    assert not any(part in low for part in SONG), said


def tried(what: object, *arguments: object, **options: object) -> str:
    """The text of whatever comes back, error or lines."""
    try:
        return "\n".join(map(str, what(*arguments, **options) or ()))  # type: ignore[operator]
    except PeopleError as error:
        return str(error)


@pytest.mark.parametrize("content", LISTS)
def test_no_report_of_an_import_sings(tmp_path: Path, content: str) -> None:
    """Whatever is wrong with a row, report and error say the line and the reason, never what stands in it."""
    file = tmp_path / "list.csv"
    file.write_text(content.format(*BIRD), encoding="utf-8")
    for dry_run in (True, False):
        sing(tried(commands.import_people, tmp_path / "var", file, now=NOW, dry_run=dry_run))


def test_nothing_else_sings(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Receipts, bounces, verdicts, refusals, logs and what goes to the screen: nowhere address, name or birthday."""
    caplog.set_level(logging.DEBUG)
    var, (address, name, birthday) = tmp_path / "var", BIRD
    (tmp_path / "list.csv").write_text(f"email,name,birthday,consent_date\n{address},{name},{birthday},2025-01-01\n")
    said = tried(commands.import_people, var, tmp_path / "list.csv", now=NOW)
    (tmp_path / "bounce.eml").write_text(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
    )
    said += tried(commands.read_bounces, var, tmp_path / "bounce.eml", now=NOW)
    said += tried(commands.verify_book, var) + tried(commands.back_up, var, now=NOW)
    said += tried(commands.prove_consent, var, "nobody@example.com") + tried(commands.export_people, var, now=NOW)
    said += tried(commands.import_people, var, tmp_path / "list.csv", now=NOW)
    with Book.open(var / commands.BOOK) as book:
        counter = Counter(book, now=NOW)
        counter.sign_up(address, name=name)
        counter.client.post(counter.link())
        counter.sign_up(f"{address}\r\nBcc: x", name=name)
        counter.sign_up(address, name=f"{name} {{{{7*7}}}}")
        counter.sign_up("other@example.com")
        said += tried(merge, book, address, "other@example.com", when=NOW)
        said += tried(merge, book, address, address, when=NOW)
    said += tried(commands.erase_person, var, address, now=NOW)
    sing(said + caplog.text + "".join(capsys.readouterr()))
    left = [
        file
        for file in var.rglob("*")
        if file.is_file() and "exports" not in file.parts and "rejects" not in file.parts
    ]
    assert not any(b"canary" in file.read_bytes().lower() for file in left), (
        "after erasing, the book's files are silent"
    )
