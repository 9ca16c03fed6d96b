"""Kill -9 anywhere while letters go out, run again: nobody gets two, and nobody gets none."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from funnel.mailing_list import send, witnessed
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.letters import Letters, State

from .mail_server import Mailroom, mail_server
from .samples import ListedRoll, edition, local_list, people

HERE = Path(__file__).parent


@contextmanager
def sender(room: Mailroom) -> Iterator[subprocess.Popen[str]]:
    path = f"{HERE.parent}:{HERE.parent.parent / 'plugins'}"
    command = [sys.executable, "-m", f"{HERE.name}.killed_send", str(room.port)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env={"PYTHONPATH": path}
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def ask(process: subprocess.Popen[str], folder: Path, job: str) -> str:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{folder} {job}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def counts(folder: Path) -> Counter[State]:
    letters = Letters(folder / "var" / "letters.sqlite3")
    try:
        return letters.counts("site/1")
    finally:
        letters.close()


def check(folder: Path, room: Mailroom) -> None:
    """Exactly one letter each, and the record knows it."""
    everybody = people(len(ListedRoll(folder / "roll.json")._people()))
    assert room.counts == dict.fromkeys(everybody, 1)
    assert counts(folder) == {State.SENT: len(everybody)}
    assert Ledger.open(folder / "ledger.jsonl").events()[-1].action == "send"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_every_write(shelf: Path, moment: str) -> None:
    """For each single write of a send: killed there and run again, everybody has exactly one letter."""
    with mail_server() as room, sender(room) as process:
        count, last = 1, "killed"
        while last == "killed":
            folder = shelf / str(count)
            folder.mkdir()
            ListedRoll(folder / "roll.json").write(people(2))
            room.took.clear()
            last = ask(process, folder, f"{count} {moment}")
            assert ask(process, folder, "0 never") == "exit 0"
            check(folder, room)
            count += 1
    assert count > 12


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.heavy), pytest.param(3, marks=pytest.mark.heavy)]
)
def test_two_hundred_letters_killed_over_and_over(shelf: Path, seed: int) -> None:
    """A send of 200 letters through a real mail server, killed every few writes until it is done: nobody gets two, and
    nobody gets none."""
    dice = random.Random(seed)
    ListedRoll(shelf / "roll.json").write(people(200))
    kills = 0
    with mail_server() as room, sender(room) as process:
        while ask(process, shelf, f"{dice.randint(2, 40)} {dice.choice(['before', 'after'])}") == "killed":
            kills += 1
        assert ask(process, shelf, "0 never") == "exit 0"
        check(shelf, room)
    assert kills > 20 and edition().key == "site/1"


@pytest.mark.heavy
def test_two_hundred_letters_killed_at_every_single_write(shelf: Path) -> None:
    """A send of 200 letters in which no process survives the third write of its own: everybody has exactly one."""
    ListedRoll(shelf / "roll.json").write(people(200))
    kills = 0
    with mail_server() as room, sender(room) as process:
        while ask(process, shelf, f"{2 + kills % 4} {('before', 'after')[kills // 4 % 2]}") == "killed":
            kills += 1
        assert ask(process, shelf, "0 never") == "exit 0"
        check(shelf, room)
    assert kills > 200


def test_a_machine_that_stops_leaves_one_letter_unclear_at_most(shelf: Path) -> None:
    """Sender and witness killed together, at each write: nobody gets two, at most the letter in hand is unclear, and
    the owner's word settles it."""
    unclear = []
    with mail_server() as room, sender(room) as process:
        count, last = 1, "killed"
        while last == "killed":
            folder = shelf / str(count)
            folder.mkdir()
            ListedRoll(folder / "roll.json").write(people(2))
            room.took.clear()
            last = ask(process, folder, f"{count} both")
            assert ask(process, folder, "0 never") == "exit 0"
            unclear.append(counts(folder)[State.HANDING])
            assert sum(room.counts.values()) == len(room.took) == 2 - unclear[-1]
            if unclear[-1]:
                words = send.resolve(
                    1, [edition()], local_list(folder, room.url), Ledger(folder / "ledger.jsonl"), sent=False
                )
                assert "1 letter counts as not sent now" in words
                assert ask(process, folder, "0 never") == "exit 0"
            check(folder, room)
            count += 1
    assert max(unclear) == 1 and sum(unclear) == 2


def test_a_witness_that_is_killed_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When only the witness is killed, again and again, the sending goes on with a new one: exactly one letter each."""
    ListedRoll(tmp_path / "roll.json").write(people(40))
    called: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def call(*args: Any, **more: Any) -> subprocess.Popen[bytes]:
        called.append(start(*args, **more))
        return called[-1]

    def kill(done: int, _all: int) -> None:
        if done % 7 == 0:
            called[-1].kill()

    monkeypatch.setattr(witnessed, "subprocess", SimpleNamespace(**vars(subprocess) | {"Popen": call}))
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url, progress=kill)
        send.send_issue(1, [edition()], mailing_list, Ledger(tmp_path / "ledger.jsonl"))
        check(tmp_path, room)
    assert len(called) > 5


def test_a_killed_sending_leaves_the_terminal_quiet(shelf: Path) -> None:
    """A witness that outlives its sender writes what it heard, and prints nothing."""
    ListedRoll(shelf / "roll.json").write(people(2))
    with mail_server() as room:
        path = f"{HERE.parent}:{HERE.parent.parent / 'plugins'}"
        command = [sys.executable, "-m", f"{HERE.name}.killed_send", str(room.port)]
        jobs = "".join(f"{shelf} {count} after\n" for count in range(3, 12)) + f"{shelf} 0 never\n"
        done = subprocess.run(
            command, input=jobs, capture_output=True, text=True, env={"PYTHONPATH": path}, check=True, timeout=120
        )
        assert done.stderr == "" and "killed" in done.stdout
        check(shelf, room)
