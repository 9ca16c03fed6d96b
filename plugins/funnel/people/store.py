"""The SQLite file of the contact book: opening, one writer at a time, backups."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from funnel.disk import to_disk
from funnel.people.errors import DamagedBook, PeopleError
from funnel.people.schema import MIGRATIONS

BUSY_SECONDS = 30
BACKUPS_KEPT = 7
DRAFT = ".part"


class Store:
    """One connection. Every change happens inside `writing()`, which takes the only writer's place at once."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        self._writing = False
        self.before_commit: Callable[[], None] = lambda: None
        """Called once at the end of every outermost `writing()`; whatever it raises undoes the change."""
        self.after_rollback: Callable[[], None] = lambda: None

    @classmethod
    def open(cls, path: Path, mark: Callable[[str, str], str], *, quick: bool = False) -> Store:
        """Open or make the book at `path`; raises DamagedBook (naming the newest backup) and PeopleError for a newer
        program's book. `mark` is `Keys.mark`.
        """
        with damage_named(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _refuse_a_loss(path)
            path.touch(mode=0o600)  # before a first word of it could be read by others
            store = cls(path, _connect(path, "NORMAL" if quick else "FULL"))
            store.connection.create_function("mark_of", 2, mark, deterministic=True)
            try:
                store._migrate()
                _check(store.connection)
            except BaseException:
                store.connection.close()
                raise
        path.chmod(0o600)  # also a copy that was put back
        return store

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Inside another `writing()` it is a part of that one."""
        if self._writing:
            yield self.connection
            return
        with damage_named(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            self._writing = True
            try:
                yield self.connection
                self.before_commit()
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                self.after_rollback()
                raise
            finally:
                self._writing = False

    def backup(self, name: str) -> Path:
        """A whole copy under `backups/` beside the book; the oldest beyond BACKUPS_KEPT go.

        It stands under its name only when it is whole and on the disk.
        """
        with damage_named(self.path), _alone(self.path):
            return self._copy(name)

    def _copy(self, name: str) -> Path:
        folder = self.path.parent / "backups"
        folder.mkdir(exist_ok=True, mode=0o700)
        for torn in _torn(self.path):
            torn.unlink()
        target = folder / f"{self.path.stem}-{name}.sqlite"
        draft = target.with_name(target.name + DRAFT)
        draft.touch(mode=0o600)
        self.connection.execute("VACUUM INTO ?", (str(draft),))
        to_disk(draft)
        draft.replace(target)
        to_disk(folder)
        for old in backups(self.path)[BACKUPS_KEPT:]:
            old.unlink()
        return target

    def replace_backups(self, name: str) -> int:
        """One fresh copy instead of all, which are deleted when it is there; how many those were."""
        with damage_named(self.path), _alone(self.path):
            old = backups(self.path)
            fresh = self._copy(name) if old else None
            for file in {*old, *_torn(self.path)} - {fresh}:
                file.unlink(missing_ok=True)
            return len(old)

    def forget_pages(self) -> bool:
        """Leave nothing deleted in free pages or in the write-ahead log; False while somebody else still reads what was there
        before.
        """
        with damage_named(self.path):
            self.connection.execute("VACUUM")
            return not self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    def _migrate(self) -> None:
        done = int(self.connection.execute("PRAGMA user_version").fetchone()[0])
        if done > len(MIGRATIONS):
            raise PeopleError(
                f"{self.path} was written by a newer version of Two Funnels.\nUpdate this one: git pull, bootstrap.py."
            )
        if done == len(MIGRATIONS):
            return
        if done:
            self.backup(f"before-migration-{done + 1}")
        with self.writing() as connection:
            present = int(connection.execute("PRAGMA user_version").fetchone()[0])
            for number, script in enumerate(MIGRATIONS[present:], present + 1):
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until no other process makes or deletes copies of the book: half a copy of another is not one that was cut off."""
    with path.with_name(f"{path.name}.copying").open("wb") as place:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield


def _torn(path: Path) -> list[Path]:
    """Copies that were cut off while they were made."""
    return list((path.parent / "backups").glob(f"{path.stem}-*.sqlite{DRAFT}*"))


def backups(path: Path) -> list[Path]:
    """The backups of the book at `path`, newest first."""
    found = (path.parent / "backups").glob(f"{path.stem}-*.sqlite")
    return sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints into words that say what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise PeopleError(
                f"{path} is being written by another program for more than {BUSY_SECONDS} seconds. Try again later."
            ) from error
        if "decode" in str(error):  # the text of this one holds what stood there
            raise DamagedBook(_damaged(path, "a text in it is none any more")) from None
        raise PeopleError(f"{path}: {error}. Look at the disk's free space and at who may write there.") from error
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise DamagedBook(_damaged(path, str(error))) from error
    except UnicodeDecodeError:
        raise DamagedBook(_damaged(path, "a text in it is none any more")) from None
    except OSError as error:
        raise PeopleError(
            f"{error.filename or path}: {error.strerror}. Look at the disk's free space and at who may write there."
        ) from error


def _refuse_a_loss(path: Path) -> None:
    """A book that is gone while its backups are there was lost: that is no reason to begin a new one."""
    if (not path.exists() or not path.stat().st_size) and backups(path):
        raise DamagedBook(_damaged(path, "it is empty" if path.exists() else "it is missing"))


def _damaged(path: Path, why: str) -> str:
    kept = backups(path)
    advice = (
        f"Put the newest backup in its place: {kept[0]}\n"
        f"People who left after it stay out: {path.stem}.left remembers them."
        if kept
        else "There is no backup beside it; look in your own."
    )
    return f"The contact book {path} is damaged ({why}). Nothing was changed.\n{advice}"


def _connect(path: Path, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _check(connection: sqlite3.Connection) -> None:
    verdict = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict.splitlines()[0])


def _statements(script: str) -> Iterator[str]:
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
