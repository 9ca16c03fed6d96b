"""The append-only record of effects outside this machine: one JSON object a line, chained by hashes, forced to disk."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from funnel.mailing_list.event import Event, Fact, Phase, event_from, refuse_addresses
from funnel.mailing_list.faults import LedgerFault

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Ledger:
    """An opened ledger. Several processes may append to one file; each line is whole or, after a power cut, torn.

    A torn last line (no line end) is an event that never counted: `torn()` gives its bytes, and the next `append`
    takes it out and
    writes down that it did. Any other damage is an error with its line, never a fresh start.
    """

    path: Path

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Open and check the whole file; a file that is not there is an empty ledger. Raises LedgerFault."""
        ledger = cls(path)
        ledger.events()
        return ledger

    def events(self) -> tuple[Event, ...]:
        """All events in order. Raises LedgerFault with the line number where a line is damaged or the chain breaks."""
        lines, _torn = _split(self._bytes())
        return tuple(_chained(self.path, lines))

    def torn(self) -> bytes:
        """What stands after the last line end: the beginning of an event that was never written whole. Mostly empty."""
        return _split(self._bytes())[1]

    def append(self, event: Event) -> Event:
        """Write the event and force it to disk; give it back. Raises LedgerFault and leaves the file as it was."""
        try:
            with self._locked() as handle:
                lines, torn = _split(_read_all(handle))
                last = _hash_of_last(self.path, lines)
                if torn:
                    os.ftruncate(handle, sum(len(line) + 1 for line in lines))
                    last = _write(handle, _mended(torn), last)
                _write(handle, event, last)
        except OSError as fault:
            raise LedgerFault(
                f"{self.path}: the ledger cannot be written ({fault.strerror}). Nothing more will be done outside this "
                "machine until it can: free some space or give yourself the right to write there, then run this again."
            ) from fault
        return event

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as fault:
            raise LedgerFault(
                f"{self.path}: the ledger cannot be read ({fault.strerror}). Give yourself the right to read it."
            ) from fault

    @contextmanager
    def _locked(self) -> Iterator[int]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)


def _read_all(handle: int) -> bytes:
    size = os.fstat(handle).st_size
    return os.pread(handle, size, 0)


def _split(content: bytes) -> tuple[list[bytes], bytes]:
    *lines, torn = content.split(b"\n")
    return lines, torn


def _mended(torn: bytes) -> Event:
    facts: dict[str, Fact] = {"bytes": len(torn), "sha256": hashlib.sha256(torn).hexdigest()}
    return Event(datetime.now(UTC), "mend-ledger", Phase.DONE, "ledger", "", facts)


def _write(handle: int, event: Event, last: str) -> str:
    """Write one line and force it out; give its hash. A line that does not fit on the disk is taken back."""
    record = event.as_record() | {"prev": last}
    refuse_addresses(json.dumps(record, ensure_ascii=False))
    record["hash"] = _hash(record)
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    before = os.fstat(handle).st_size
    try:
        written = os.write(handle, line)
        if written != len(line):
            raise OSError(28, "no space left on the disk")
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, before)
        raise
    return str(record["hash"])


def _hash(record: dict[str, Any]) -> str:
    body = {name: value for name, value in record.items() if name != "hash"}
    return hashlib.sha256(
        json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def _hash_of_last(path: Path, lines: list[bytes]) -> str:
    """The hash that the next line chains to. Only the last line is judged here; `open` has judged them all."""
    return str(_record(path, len(lines), lines[-1])["hash"]) if lines else START


def _chained(path: Path, lines: list[bytes]) -> Iterator[Event]:
    last = START
    for number, line in enumerate(lines, start=1):
        record = _record(path, number, line)
        if record["prev"] != last:
            raise _damaged(path, number, "the line before it was changed or taken away, or two histories were mixed")
        last = record["hash"]
        try:
            yield event_from(record)
        except (KeyError, TypeError, ValueError) as fault:
            raise _damaged(path, number, f"it describes no event ({fault})") from fault


def _record(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
        if not isinstance(record, dict) or not isinstance(record["prev"], str) or record["hash"] != _hash(record):
            raise ValueError
    except (ValueError, KeyError, RecursionError) as fault:
        raise _damaged(path, number, "it is not as it was written") from fault
    return record


def _damaged(path: Path, number: int, why: str) -> LedgerFault:
    return LedgerFault(
        f"{path}:{number}: this line of the ledger is damaged: {why}. No letter is touched while that is so. "
        "Take the file "
        f"back from git (`git checkout -- {path.name}`) or from a backup. If there is none, move it away: the "
        "next publish "
        "learns from the provider which letters exist, by their keys."
    )
