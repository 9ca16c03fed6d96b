"""The file of the contact book: damage, backups, tampering, keys, several writers."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from funnel.people import Book, DamagedBook, PeopleError, departures
from funnel.people.schema import TRIGGERS
from funnel.people.verify import verify

from tests.people.conftest import addresses, day, subscribe


def put_back(backup: Path, path: Path) -> Book:
    """What an owner does with a backup: copy it over the book."""
    for leftover in ("-wal", "-shm"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    shutil.copy(backup, path)
    return Book.open(path, environment={})


def test_the_book_survives_closing(path: Path) -> None:
    """What was written is there after closing and opening."""
    with Book.open(path, environment={}) as book:
        subscribe(book, "ann@example.com")
    with Book.open(path, environment={}) as book:
        assert addresses(book) == ["ann@example.com"]
        assert verify(book).problems == ()


def test_a_damaged_book_names_its_backup(path: Path) -> None:
    """A book that is no database any more is an error that names the newest backup, and is not overwritten."""
    with Book.open(path, environment={}) as book:
        subscribe(book, "ann@example.com")
        backup = book.store.backup("daily")
    content = b"not a database at all" * 500
    path.write_bytes(content)
    path.with_name(path.name + "-wal").unlink(missing_ok=True)
    with pytest.raises(DamagedBook, match=backup.name):
        Book.open(path, environment={})
    assert path.read_bytes() == content


def test_a_book_with_a_torn_page_is_damaged(path: Path) -> None:
    """A page of the file overwritten with noise is found when the book is opened."""
    with Book.open(path, environment={}) as book:
        for number in range(60):
            subscribe(book, f"p{number}@example.com")
    content = bytearray(path.read_bytes())
    content[8192:20480] = b"\xa5" * 12288
    path.write_bytes(content)
    with pytest.raises(DamagedBook, match="no backup"):
        Book.open(path, environment={})


def test_a_restored_backup_brings_nobody_back(path: Path) -> None:
    """Who left, bounced, complained or was erased after the backup stays out when the backup is put back."""
    leavers = ["left@example.com", "bounced@example.com", "complained@example.com", "erased@example.com"]
    with Book.open(path, environment={}) as book:
        for who in [*leavers, "stays@example.com"]:
            subscribe(book, who)
        backup = shutil.copy(book.store.backup("daily"), path.with_name("own-copy.sqlite"))
        book.withdraw(leavers[0], "newsletter", when=day(1))
        book.bounce(leavers[1], "newsletter", when=day(1))
        book.complain(leavers[2], "newsletter", when=day(1))
        book.erase(leavers[3], when=day(1))
    with put_back(Path(backup), path) as book:
        assert addresses(book) == ["stays@example.com"]
        assert verify(book).problems == ()
        assert not book.record(leavers[3], "newsletter", "confirmed", "import", day(9)).changed


def test_a_restored_backup_remembers_people_it_never_knew(path: Path) -> None:
    """Who came and left after the backup is not confirmed by a later import into the restored book."""
    with Book.open(path, environment={}) as book:
        backup = book.store.backup("empty")
        subscribe(book, "ann@example.com")
        book.withdraw("ann@example.com", "newsletter", when=day(1))
    with put_back(backup, path) as book:
        assert not book.record("ann@example.com", "newsletter", "confirmed", "import", day(9)).changed
        assert book.sign_up("ann@example.com", "newsletter", words="yes", when=day(10)).changed


def test_a_crash_between_the_list_of_departures_and_the_book_only_lowers(path: Path) -> None:
    """When the machine dies after the departure was noted, the book applies it at the next opening."""
    with Book.open(path, environment={}) as book:
        subscribe(book, "ann@example.com")
        with pytest.raises(KeyboardInterrupt), book.writing():
            book.withdraw("ann@example.com", "newsletter", when=day(1))
            book.consents.finish()
            raise KeyboardInterrupt
        assert addresses(book) == ["ann@example.com"]
    with path.with_suffix(".left").open("a") as file:
        file.write('{"who": "half a li')
    with Book.open(path, environment={}) as book:
        assert addresses(book) == []
        subscribe(book, "bea@example.com")
        book.withdraw("bea@example.com", "newsletter", when=day(2))
    with Book.open(path, environment={}) as book:
        assert addresses(book) == []


TAMPERINGS = {
    "a state": "UPDATE ledger SET state = 'confirmed' WHERE seq = 3",
    "a date": "UPDATE ledger SET at = '2020-01-01T00:00:00.000000+00:00' WHERE seq = 1",
    "the words": "UPDATE words SET text = 'whatever'",
    "no words": "DELETE FROM words",
    "the last line gone": "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)",
    "a line in the middle gone": "DELETE FROM ledger WHERE seq = 2",
    "a standing": "UPDATE consents SET state = 'confirmed'",
    "a standing gone": "DELETE FROM consents",
    "the seal": "UPDATE meta SET value = 'x' WHERE name = 'seal'",
    "the whole ledger gone": "DELETE FROM ledger; DELETE FROM consents",
    "a word of no meaning": "UPDATE ledger SET state = 'dear' WHERE seq = 1",
    "no text": "UPDATE ledger SET source = x'ff' WHERE seq = 1",
    "an address": "UPDATE contacts SET address = 'eve@example.com' WHERE id = 1",
    "two people swapped": """
        CREATE TEMP TABLE old AS SELECT id, address, who FROM contacts;
        UPDATE contacts SET address = id;
        UPDATE contacts SET (address, who) = (SELECT address, who FROM old WHERE old.id = 3 - contacts.id) WHERE id < 3;
        UPDATE contacts SET address = (SELECT address FROM old WHERE old.id = contacts.id) WHERE id > 2""",
    "a person": "PRAGMA foreign_keys = ON; DELETE FROM contacts WHERE id = 2",
    "a tombstone": "DELETE FROM departed",
    "a trigger of one's own": "CREATE TRIGGER more AFTER INSERT ON consents BEGIN UPDATE consents SET state = 'confirmed'; END",
    "a trigger gone": "DROP TRIGGER ledger_no_delete",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_tampering_is_found(path: Path, statement: str) -> None:
    """A change behind the program's back, even with the triggers dropped and put back, is found by verify."""
    with Book.open(path, environment={}) as book:
        subscribe(book, "ann@example.com")
        subscribe(book, "bea@example.com")
        subscribe(book, "cleo@example.com")
        book.withdraw("ann@example.com", "newsletter", when=day(1))
        book.erase("cleo@example.com", when=day(1))
        assert verify(book).problems == ()
    with sqlite3.connect(path) as raw:
        raw.executescript("DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete")
        if "TRIGGER" not in statement:
            raw.executescript(statement)
        raw.executescript(";".join(TRIGGERS).replace("END", "END;"))
        if "TRIGGER" in statement:
            raw.executescript(statement)
    raw.close()
    with Book.open(path, environment={}) as book:
        assert verify(book).problems != ()


def test_a_book_of_the_form_before_learns_who_has_which_address(path: Path) -> None:
    """A book that was made before addresses were tied to the ledger is sound once it was opened, and a swap in it is found."""
    with Book.open(path, environment={}) as book:
        subscribe(book, "ann@example.com")
        subscribe(book, "bea@example.com")
    with sqlite3.connect(path) as raw:
        raw.executescript("ALTER TABLE contacts DROP COLUMN mark; PRAGMA user_version = 2")
    raw.close()
    with Book.open(path, environment={}) as book:
        assert verify(book).problems == ()
        who = book.keys.who("eve@example.com")
        with book.writing():
            book.store.connection.execute(
                "UPDATE contacts SET address = 'eve@example.com', who = ? WHERE id = 1", (who,)
            )
        assert verify(book).problems == ("1 people have another address than the one they came with",)


def test_a_missing_list_of_departures_is_found(path: Path) -> None:
    """Somebody deleted the list that outlives the book: verify says so."""
    with Book.open(path, environment={}) as book:
        subscribe(book, "ann@example.com")
        book.withdraw("ann@example.com", "newsletter", when=day(1))
        path.with_suffix(".left").unlink()
        assert any("people.left" in problem for problem in verify(book).problems)


def test_the_ledger_refuses_changes(book: Book) -> None:
    """The database itself refuses to change or delete a line of the ledger."""
    subscribe(book, "ann@example.com")
    for statement in ("UPDATE ledger SET state = 'pending'", "DELETE FROM ledger"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            book.store.connection.execute(statement)


def test_a_book_without_its_key_is_not_a_fresh_start(path: Path) -> None:
    """A missing book key is an error that says which file, because tombstones need it."""
    Book.open(path, environment={}).close()
    (path.parent / "people.key").unlink()
    with pytest.raises(PeopleError, match=r"people\.key is missing"):
        Book.open(path, environment={})


def test_secrets_are_for_the_owner_alone(path: Path) -> None:
    """The book and its keys can be read by their owner and nobody else."""
    Book.open(path, environment={}).close()
    for name in ("people.key", "secret.key", "people.sqlite"):
        assert (path.parent / name).stat().st_mode & 0o077 == 0


def test_rotating_the_secret_keeps_or_ends_old_links(path: Path) -> None:
    """Links work as long as the secret that signed them is listed; a short secret is refused."""
    old, new = "o" * 32, "n" * 32
    with Book.open(path, environment={"FUNNEL_SECRET": old}) as book:
        subscribe(book, "ann@example.com")
        token = book.recipients("newsletter", at=day(1))[0].token
    with Book.open(path, environment={"FUNNEL_SECRET": f"{new} {old}"}) as book:
        assert book.tokens.read_unsubscribe(token)
        assert book.recipients("newsletter", at=day(1))[0].token != token
    with Book.open(path, environment={"FUNNEL_SECRET": new}) as book, pytest.raises(Exception, match="not made here"):
        book.tokens.read_unsubscribe(token)
    with pytest.raises(PeopleError, match="FUNNEL_SECRET"):
        Book.open(path, environment={"FUNNEL_SECRET": "short"})


def test_a_newer_book_is_not_touched(path: Path) -> None:
    """A book written by a later version is refused with what to do."""
    Book.open(path, environment={}).close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 999")
    raw.close()
    with pytest.raises(PeopleError, match="newer version"):
        Book.open(path, environment={})


def test_several_writers_lose_nothing(path: Path) -> None:
    """Four programs that write at once all get their turn, and the chain holds."""
    Book.open(path, environment={}).close()

    def work(worker: int) -> None:
        with Book.open(path, environment={}) as mine:
            for number in range(10):
                subscribe(mine, f"w{worker}n{number}@example.com")

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Book.open(path, environment={}) as book:
        assert len(addresses(book)) == 40
        assert verify(book).problems == ()


@pytest.mark.parametrize("left", [b"", None])
def test_a_lost_book_is_not_begun_anew(path: Path, left: bytes | None) -> None:
    """A book that is empty or gone while its backups are there is an error that names the newest one."""
    with Book.open(path, environment={}) as book:
        subscribe(book, "ann@example.com")
        backup = book.store.backup("daily")
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    with pytest.raises(DamagedBook, match=backup.name):
        Book.open(path, environment={})
    with put_back(backup, path) as book:
        assert addresses(book) == ["ann@example.com"]


@pytest.mark.parametrize("name", ["people.key", "secret.key"])
@pytest.mark.parametrize("content", [b"z" * 64 + b"\xff", b"\xff" * 64, b"ab", b""])
def test_a_spoilt_key_is_told_by_its_file(path: Path, name: str, content: bytes) -> None:
    """A file of keys that holds none any more is named, and nothing is made in its place."""
    Book.open(path, environment={}).close()
    (path.parent / name).write_bytes(content)
    with pytest.raises(PeopleError, match=name):
        Book.open(path, environment={})
    assert (path.parent / name).read_bytes() == content


def test_a_spoilt_list_of_departures_is_told(path: Path) -> None:
    """A line that names no purpose, state or moment is an error that names the file: who left must not come back by it."""
    Book.open(path, environment={}).close()
    path.with_suffix(".left").write_text('{"who": "x", "purpose": "nonsense", "state": "erased", "at": "2026-03-01"}\n')
    with pytest.raises(DamagedBook, match=r"people\.left"):
        Book.open(path, environment={})


def test_a_disk_without_room_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full, who left is still in, the message says what to look at, and the next try goes through."""
    with Book.open(path, environment={}) as book:
        subscribe(book, "ann@example.com")
        with monkeypatch.context() as full:
            full.setattr(departures, "append", no_room)
            with pytest.raises(PeopleError, match="free space"):
                book.withdraw("ann@example.com", "newsletter", when=day(1))
        assert addresses(book) == ["ann@example.com"] and verify(book).problems == ()
        assert book.withdraw("ann@example.com", "newsletter", when=day(1)).changed


def no_room(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
