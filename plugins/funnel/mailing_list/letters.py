"""Which reader's letter went how far: one row for each letter, so that a crash never makes two of one."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from funnel.mailing_list.faults import MailingListFault


class State(StrEnum):
    """How far a letter came. `HANDING` without a later state means: nobody knows whether the server took it."""

    QUEUED = "queued"
    TRYING = "trying"
    HANDING = "handing"
    SENT = "sent"
    WRITTEN = "written"
    LATER = "later"
    REFUSED = "refused"
    LEFT = "left"


OPEN = frozenset({State.QUEUED, State.TRYING, State.LATER})
"""Letters that surely did not go out and still may."""

OUT = frozenset({State.SENT, State.WRITTEN})

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sendings (key TEXT PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT) STRICT;
CREATE TABLE IF NOT EXISTS letters (
    key TEXT NOT NULL, person TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    boot TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', PRIMARY KEY (key, person)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
"""

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def person_of(address: str) -> str:
    """The name under which this store knows an address: it keeps no addresses, so there is nothing in it to erase."""
    return hashlib.sha256(address.casefold().encode()).hexdigest()


class Letters:
    """The store.

    A mark is on the disk before the method returns, but for `handing`, of which the class `Boot` tells.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                self._db.executescript(_SCHEMA)
        except (
            sqlite3.OperationalError
        ) as fault:  # the disk, not the file: an older copy in its place would send letters twice
            raise MailingListFault(
                f"{path}: {fault}. Nothing was sent. Look at the disk's free space and at who may write there, then run this again."
            ) from fault
        except sqlite3.DatabaseError as fault:
            raise MailingListFault(
                f"{path}: the record of who got which letter is damaged ({fault}). Nothing is sent, because nobody "
                "could "
                "say who would get a letter twice. Put the file back from a backup."
            ) from fault
        if version > 1:
            raise MailingListFault(f"{path} was written by a newer version of this program. Use that version.")
        self._boot = _boot()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin(self, key: str, addresses: Iterable[str], at: datetime) -> None:
        """Fix the audience of a sending, all at once; a sending that was begun stays as it is."""
        rows = [(key, person_of(address), State.QUEUED) for address in addresses]
        with _whole(self._db):
            if self.started(key):
                return
            self._db.execute("INSERT INTO sendings VALUES (?, ?, NULL)", (key, at.isoformat()))
            self._db.executemany("INSERT OR IGNORE INTO letters (key, person, state) VALUES (?, ?, ?)", rows)

    def started(self, key: str) -> bool:
        """Whether a sending was begun."""
        return self._db.execute("SELECT 1 FROM sendings WHERE key = ?", (key,)).fetchone() is not None

    def finished(self, key: str) -> bool:
        """Whether a sending came to its end: no letter of it is open."""
        row = self._db.execute("SELECT finished_at FROM sendings WHERE key = ?", (key,)).fetchone()
        return row is not None and row[0] is not None

    def finish(self, key: str, at: datetime) -> None:
        """Write down that no letter is open any more."""
        self._db.execute("UPDATE sendings SET finished_at = ? WHERE key = ?", (at.isoformat(), key))

    def settle(self, key: str) -> None:
        """After a crash: a letter in trying whose mark could have been lost (the machine was restarted) becomes
        unclear.

        While the machine has not been restarted, no mark is lost when a program dies: what is still in trying was never
        handed over, and stays open.
        """
        self._db.execute(
            "UPDATE letters SET state = ? WHERE key = ? AND state = ? AND (boot <> ? OR boot = '')",
            (State.HANDING, key, State.TRYING, self._boot),
        )

    def open_people(self, key: str) -> dict[str, State]:
        """The persons whose letters may still go out."""
        return self.people_in(key, OPEN)

    def people_in(self, key: str, states: Collection[State]) -> dict[str, State]:
        """The persons whose letters are in one of these states."""
        marks = ", ".join("?" * len(states))
        query = f"SELECT person, state FROM letters WHERE key = ? AND state IN ({marks})"  # noqa: S608
        rows = self._db.execute(query, (key, *states))
        return {person: State(state) for person, state in rows}

    def mark(self, key: str, address: str, state: State, note: str = "") -> None:
        """Write down how far a letter came, and force it to disk."""
        self._set(key, person_of(address), state, note)

    def mark_handing(self, key: str, address: str) -> None:
        """Write down that the last byte goes out now. Not forced: see `settle`, which covers the restart of a machine.

        To force it would take so long that a crash would often fall between the mark and the byte.
        """
        self._db.execute("PRAGMA synchronous = NORMAL")
        try:
            self._set(key, person_of(address), State.HANDING, "")
        finally:
            self._db.execute("PRAGMA synchronous = FULL")

    def conclude(self, key: str, person: str, state: State, note: str) -> None:
        """Write down the end of a letter whose sender was killed while it was handed over; any other stays as it is."""
        self._db.execute(
            "UPDATE letters SET state = ?, note = ? WHERE key = ? AND person = ? AND state = 'handing'",
            (state, note, key, person),
        )

    def drop_missing(self, key: str, present: Iterable[str]) -> None:
        """Letters that are open but whose readers are no subscribers any more are not sent."""
        here = {person_of(address) for address in present}
        with _whole(self._db):
            for person in self.open_people(key).keys() - here:
                self._set(key, person, State.LEFT, "")

    def counts(self, key: str) -> Counter[State]:
        """How many letters came how far."""
        rows = self._db.execute("SELECT state, count(*) FROM letters WHERE key = ? GROUP BY state", (key,))
        return Counter({State(state): count for state, count in rows})

    def reopen(self, key: str, states: Iterable[State]) -> int:
        """By the owner's word: letters in these states did not go out and may be sent. Gives their number."""
        with _whole(self._db):
            changed = sum(
                self._db.execute(
                    "UPDATE letters SET state = 'queued' WHERE key = ? AND state = ?", (key, state)
                ).rowcount
                for state in states
            )
            if changed:
                self._db.execute("UPDATE sendings SET finished_at = NULL WHERE key = ?", (key,))
        return changed

    def resolve_as_sent(self, key: str) -> int:
        """By the owner's word: the unclear letters went out. Gives their number."""
        return self._db.execute(
            "UPDATE letters SET state = 'sent' WHERE key = ? AND state = 'handing'", (key,)
        ).rowcount

    def _set(self, key: str, person: str, state: State, note: str) -> None:
        self._db.execute(
            "UPDATE letters SET state = ?, note = ?, boot = ?, tries = tries + (? = 'trying') WHERE key = ? AND "
            "person = ?",
            (state, note, self._boot, state, key, person),
        )


class _whole:
    """A transaction that takes the write lock at once; counts all or not at all."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def _boot() -> str:
    """What names this run of the machine; empty where nothing does, which counts as restarted."""
    return _BOOT.read_text().strip() if _BOOT.exists() else ""
