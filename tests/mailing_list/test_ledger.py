"""The ledger: append-only, chained, forced to disk, without addresses."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from funnel.mailing_list.event import Event, Phase, without_addresses
from funnel.mailing_list.faults import LedgerFault
from funnel.mailing_list.ledger import Ledger
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def event(number: int = 1, **facts: str | int | bool | None) -> Event:
    return Event(AT, "draft", Phase.INTENT, f"site/{number}", "local", facts)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Events come back in the order in which they were written, with all their facts."""
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    written = [ledger.append(event(number, digest="ä€", count=number, ready=True, why=None)) for number in range(5)]
    assert list(Ledger.open(ledger.path).events()) == written


def test_a_missing_file_is_an_empty_ledger(tmp_path: Path) -> None:
    """A ledger that was never written has no events, and reading it makes no file."""
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    assert ledger.events() == () and not ledger.path.exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_every_changed_byte_is_found(tmp_path: Path, place: int, byte: int) -> None:
    """Whatever single byte of a ledger is changed, it is an error that names the line, or a torn last line
    that is told.
    """
    path = tmp_path / "ledger.jsonl"
    path.unlink(missing_ok=True)
    ledger = Ledger.open(path)
    for number in range(3):
        ledger.append(event(number))
    content = bytearray(path.read_bytes())
    place %= len(content)
    if content[place] == byte:
        return
    content[place] = byte
    path.write_bytes(content)
    if place == len(content) - 1:
        assert ledger.torn() and len(ledger.events()) == 2
    else:
        with pytest.raises(LedgerFault, match=r"ledger.jsonl:[123]: "):
            Ledger.open(path)


def test_a_line_taken_out_is_found(tmp_path: Path) -> None:
    """A line that was taken away breaks the chain at the line after it."""
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    for number in range(3):
        ledger.append(event(number))
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(lines[0] + lines[2])
    with pytest.raises(LedgerFault, match=r":2: .*line before it"):
        ledger.events()


def test_a_torn_last_line_is_mended_in_the_open(tmp_path: Path) -> None:
    """A last line that a power cut left half written does not count; the next append takes it out and says so."""
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    ledger.append(event(1))
    ledger.append(event(2))
    ledger.path.write_bytes(ledger.path.read_bytes()[:-7])
    assert ledger.torn().startswith(b'{"at"') and len(Ledger.open(ledger.path).events()) == 1
    ledger.append(event(3))
    assert [one.action for one in ledger.events()] == ["draft", "mend-ledger", "draft"] and not ledger.torn()


@pytest.mark.parametrize("text", ["ada@example.com", "<ada@example.com>: no such user", "x ädä@bücher.example y"])
def test_no_address_gets_in(tmp_path: Path, text: str) -> None:
    """An event that holds an e-mail address is refused without repeating it, and nothing is written."""
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    with pytest.raises(LedgerFault) as fault:
        ledger.append(event(1, why=text))
    assert "@" not in str(fault.value) and ledger.events() == ()
    ledger.append(event(1, why=without_addresses(text)))


def test_two_writers_do_not_break_the_chain(tmp_path: Path) -> None:
    """Many writers at once leave a whole chain with every event."""
    path = tmp_path / "ledger.jsonl"
    writers = [threading.Thread(target=lambda: [Ledger(path).append(event(n)) for n in range(10)]) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(Ledger.open(path).events()) == 40


def test_a_ledger_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    """Where the ledger cannot be written the error names the file and what to do."""
    with pytest.raises(LedgerFault, match=r"cannot be written .* then run this again"):
        Ledger(tmp_path).append(event(1))
