"""Answers of Mailchimp's that are JSON, and hold what nobody expects: words for the person, and no letter twice."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from funnel.mailing_list import send
from funnel.mailing_list.faults import MailingListFault
from funnel.mailing_list.mailchimp.doctor import examine
from funnel.mailing_list.mailchimp.member import Wanted
from funnel.mailing_list.mailchimp.members import apply_sync, plan_sync
from funnel.mailing_list.mailchimp.pull import changes, members_since
from funnel.mailing_list.status import status, whole_truth

from .machines import Machine, readers
from .samples import edition
from .standin.server import KEY, Account, standing_in

ODD: tuple[Any, ...] = (
    None, "", 0, -1, True, [], {}, [None], "x" * 3000, "\x1b[2J", 1e308, 10**30, float("nan"), "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "sent", "schedule", "quantum", "X [nl:site:" + "9" * 5000 + "]", "X [nl:site:0]", "\ud800", "a@b",
)  # fmt: skip
Change = Callable[[Any], Any]


@contextmanager
def in_front_of(change: Change, folder: Path) -> Iterator[Machine]:
    """A machine to which every answer of Mailchimp's comes changed. Three issues: scheduled, plain, for an interest."""
    with standing_in() as (account, url):
        readers(account)
        account.readers.group("Topics", "Gardens")
        machine = Machine(folder, account, url)
        at = account.clock.now() + timedelta(hours=2)
        machine.editions = [edition(1, send_at=at), edition(2), edition(3, interests=("Gardens",))]
        _changed(account, change)
        yield machine


def _changed(account: Account, change: Change) -> None:
    inner = account.answer

    def answer(*call: Any) -> Any:
        fate, code, body = inner(*call)
        return fate, code, json.dumps(change(json.loads(body))).encode() if body else body

    account.answer = answer  # type: ignore[method-assign]


def everywhere(change: Callable[[str, Any], Any], value: Any, name: str = "") -> Any:
    """The value with every part of it changed that a name leads to."""
    if isinstance(value, dict):
        return {key: everywhere(change, part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [everywhere(change, part, name) for part in value]
    return change(name, value)


def acts(machine: Machine) -> Mapping[str, Callable[[], object]]:
    """All that a person can ask for."""
    environ = {"MAILCHIMP_API_KEY": KEY, "MAILCHIMP_LIST_ID": "a1b2c3d4e5", "MAILCHIMP_BASE_URL": machine.url}
    now = machine.account.clock.now

    def people() -> None:
        api = machine.list().api
        apply_sync(api, plan_sync(api, [Wanted("ada@example.com", "Ada", ("Boats",))])).words()

    return {
        "publish": machine.publish,
        "plan": lambda: [step.words("Asia/Tokyo") for step in machine.plan()],
        "status": lambda: status(
            machine.editions, whole_truth(machine.list()), machine.ledger.events(), now(), "Asia/Tokyo"
        ),
        "doctor": lambda: examine(environ, "desk@example.com", machine.watch),
        "test": lambda: send.test_send(
            1, ["ada@example.com"], machine.editions, machine.list(), machine.ledger, machine.watch
        ),
        "send": lambda: machine.send(2),
        "unschedule": lambda: send.unschedule(1, machine.editions, machine.list(), machine.ledger, machine.watch),
        "push": people,
        "pull": lambda: list(changes(api := machine.list().api, members_since(api, None))),
    }


def do(machine: Machine, names: list[str]) -> None:
    """Ask for these; a fault in words is an answer, any other is a fault of ours."""
    for name in names:
        try:
            acts(machine)[name]()
        except MailingListFault as fault:
            assert str(fault)
    sent = Counter(campaign for campaign, _readers in machine.account.campaigns.deliveries)
    assert not [campaign for campaign, times in sent.items() if times > 1]


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("status", "quantum"),
        ("send_time", "0001-01-01T00:00:00+14:00"),
        ("create_time", "9999-12-31T23:59:59-14:00"),
        ("title", "X [nl:site:" + "9" * 5000 + "]"),
        ("title", "\ud800"),
        ("id", "\ud800"),
        ("email_address", "\ud800"),
        ("heading", "\ud83d"),
        ("last_changed", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_one_odd_value_everywhere_is_answered_in_words(name: str, odd: object, tmp_path: Path) -> None:
    """A new status, a moment that no clock shows, a number of 5,000 digits, half a letter: whatever is asked for ends well or
    in words, and nothing is sent twice."""
    with in_front_of(
        lambda body: everywhere(lambda key, value: odd if key == name else value, body), tmp_path
    ) as machine:
        do(machine, list(acts(machine)))


@pytest.mark.parametrize("seed", range(30))
def test_odd_values_anywhere_are_answered_in_words(seed: int, tmp_path: Path) -> None:
    """Values of wrong kinds, and parts left out, at random."""
    chance = random.Random(seed)

    def change(value: Any) -> Any:
        if chance.random() < share[0]:
            return chance.choice(ODD)
        if isinstance(value, dict):
            return {key: change(part) for key, part in value.items() if chance.random() >= share[0] / 3}
        return [change(part) for part in value] if isinstance(value, list) else value

    share = [0.0]
    with in_front_of(change, tmp_path) as machine:
        for _ in range(6):
            share[0] = chance.choice([0, 0.02, 0.05, 0.2])
            do(machine, [chance.choice(list(acts(machine)))])
