"""Kill -9 at every request and every ledger write of a publish and a send to Mailchimp.

Then run again, here or elsewhere.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .killed_machine import SETTLE
from .machines import readers
from .standin.clock import Clock
from .standin.server import Account, standing_in

HERE = Path(__file__).parent


class TrueClock(Clock):
    """The real clock: the killed processes cannot share another."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@contextmanager
def driver(url: str) -> Iterator[subprocess.Popen[str]]:
    path = f"{HERE.parent}:{HERE.parent.parent / 'plugins'}"
    command = [sys.executable, "-m", f"{HERE.name}.killed_machine", url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env={"PYTHONPATH": path}
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def ask(process: subprocess.Popen[str], folder: Path, job: str) -> tuple[str, str]:
    """Give how the process ended, and what it said."""
    assert process.stdin is not None and process.stdout is not None
    folder.mkdir(exist_ok=True, parents=True)
    process.stdin.write(f"{folder} {job}\n")
    process.stdin.flush()
    said = ""
    while not (line := process.stdout.readline()).startswith("="):
        said += line
    return line[1:].strip(), said


WAYS = [
    (what, moment, where)
    for what in ("send", "publish")
    for moment in ("before", "after")
    for where in ("here", "elsewhere")
]
QUICK = {("send", "after", "here"), ("send", "before", "elsewhere")}


@pytest.mark.parametrize(
    ("what", "moment", "where"),
    [way if way in QUICK else pytest.param(*way, marks=pytest.mark.heavy) for way in WAYS],
)
def test_killed_at_every_effect(shelf: Path, what: str, moment: str, where: str) -> None:
    """Killed at each request and each ledger write: whoever runs next, there is one campaign, one send, and no
    false `sent`."""
    with standing_in() as (account, url), driver(url) as process:
        count, ended = 1, "killed"
        while ended == "killed":
            account.__dict__.update(Account(clock=TrueClock()).__dict__)
            readers(account)
            account.campaigns.lag, account.campaigns.sending_takes = timedelta(seconds=SETTLE / 2), timedelta(0)
            folder = shelf / str(count)
            ended, said = ask(process, folder, f"{what} {count} {moment}")
            next_one = folder if where == "here" else folder / "other"
            if what == "publish":
                assert ask(process, next_one, "publish 0 never")[0] == "0"
            assert ask(process, next_one, "send 0 never")[0] == "0"
            campaigns = account.campaigns
            assert len(campaigns.known) == 1 and len(campaigns.deliveries) == 1
            assert where == "elsewhere" or not campaigns.deleted
            assert not [one for one in campaigns.deleted if one.sends]
            assert ": sent, " not in said or ended == "0"
            last = ask(process, folder, "send 0 never")[1]
            assert "nothing was sent now; sent to 3" in last and len(campaigns.deliveries) == 1
            count += 1
    assert count > (9 if what == "publish" else 13)
