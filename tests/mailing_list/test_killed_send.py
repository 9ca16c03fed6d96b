"""Kill -9 anywhere while letters go out, run again: nobody gets two, and whoever got none is known."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.letters import Letters, State

from .mail_server import Mailroom, mail_server
from .samples import ListedRoll, edition, people

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


def check(folder: Path, room: Mailroom, kills: int) -> None:
    """At most one letter each; none missing but those that the store calls unclear, one for a kill at most."""
    everybody = set(people(len(ListedRoll(folder / "roll.json")._people())))
    assert not [count for count in room.counts.values() if count != 1]
    letters = Letters(folder / "var" / "letters.sqlite3")
    counts = letters.counts("site/1")
    letters.close()
    assert counts[State.SENT] + counts[State.HANDING] == len(everybody)
    assert len(everybody - room.took.keys()) <= counts[State.HANDING] <= kills
    assert Ledger.open(folder / "ledger.jsonl").events()[-1].action == "send"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_every_write(shelf: Path, moment: str) -> None:
    """For each single write of a send: killed there and run again, everybody has one letter or is known to be
    unclear."""
    with mail_server() as room, sender(room) as process:
        count, last = 1, "killed"
        while last == "killed":
            folder = shelf / str(count)
            folder.mkdir()
            ListedRoll(folder / "roll.json").write(people(2))
            room.took.clear()
            last = ask(process, folder, f"{count} {moment}")
            assert ask(process, folder, "0 never") == "exit 0"
            check(folder, room, 1)
            count += 1
    assert count > 12


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.heavy), pytest.param(3, marks=pytest.mark.heavy)]
)
def test_two_hundred_letters_killed_over_and_over(shelf: Path, seed: int) -> None:
    """A send of 200 letters through a real mail server, killed every few writes until it is done: nobody gets two."""
    dice = random.Random(seed)
    ListedRoll(shelf / "roll.json").write(people(200))
    kills = 0
    with mail_server() as room, sender(room) as process:
        while ask(process, shelf, f"{dice.randint(2, 40)} {dice.choice(['before', 'after'])}") == "killed":
            kills += 1
        assert ask(process, shelf, "0 never") == "exit 0"
        check(shelf, room, kills)
    assert kills > 20 and edition().key == "site/1"
