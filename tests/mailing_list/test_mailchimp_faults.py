"""Mailchimp, when answers are lost: every call x every fault, two machines, and hundreds of random schedules of
faults."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from funnel.mailing_list.carry_out import Watch, apply_letters
from funnel.mailing_list.event import Phase
from funnel.mailing_list.faults import MailingListFault, NothingToSend, OutcomeUnknown, Refused, SetupFault
from funnel.mailing_list.mailchimp.action import act
from funnel.mailing_list.mailchimp.api import Api
from funnel.mailing_list.plan import has_effect
from funnel.mailing_list.send import Sent

from .machines import SETTLE, Machine, readers
from .samples import edition
from .standin.faults import Fault
from .standin.server import Account, standing_in

FAULTS = [fault for fault in Fault if fault is not Fault.NONE]
SHORT = 0.3
"""Seconds that a call may take where answers drip or never come. A busy machine can miss it by itself, after which the
campaign of a lost create appears late and is taken away again: allowed, but not where calls have all the time they need."""
QUICK = [fault for fault in FAULTS if not fault.slow]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Account, str]]:
    with standing_in() as (account, url):
        yield account, url


def fresh(server: tuple[Account, str], folder: Path) -> Machine:
    """The same running server with a new account behind it: to start servers by the hundred takes time."""
    account, url = server
    account.__dict__.update(Account(drip_seconds=0.6).__dict__)
    account.readers.group("Topics", "Gardens")
    readers(account)
    account.campaigns.lag = timedelta(seconds=5)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Machine(folder, account, url, deadline=10.0)


def tried(machine: Machine, what: str) -> Sent | None:
    """Do it as a person would: an error in words is fine, anything else is not."""
    try:
        if what == "send":
            return machine.send()
        machine.publish()
    except MailingListFault as fault:
        assert str(fault) and not isinstance(fault, NothingToSend)
    return None


def check(machine: Machine, said: Sent | None = None) -> None:
    """The laws: one send at most, to everybody that it is for, and never a false `sent`."""
    campaigns = machine.account.campaigns
    assert len(campaigns.deliveries) <= 1 and all(one.sends <= 1 for one in campaigns.known.values())
    assert not [one for one in campaigns.deleted if one.sends]
    if said is not None and ": sent, " in said.words:
        assert len(campaigns.deliveries) == 1 and f": sent, {len(campaigns.deliveries[0][1])} letter" in said.words
    for event in machine.ledger.events():
        if event.action == "send" and event.phase == "done":
            assert len(campaigns.deliveries) == 1


def in_the_end(machine: Machine, *, again: bool = True) -> None:
    """With the faults gone, another run brings everything to its one right end."""
    machine.account.fate = lambda _number, _method, _template: Fault.NONE
    machine.send()
    campaigns = machine.account.campaigns
    assert len(campaigns.known) == 1 and len(campaigns.deliveries) == 1
    assert campaigns.deliveries[0][1] == campaigns.readers(next(iter(campaigns.known.values())))
    machine.account.clock.sleep(30)
    assert not has_effect(machine.plan())
    if again:
        assert "nothing was sent now" in machine.send().words and len(campaigns.deliveries) == 1


def whole_run(machine: Machine) -> None:
    """Draft and schedule, take back, send: every call that a letter can need."""
    tried(machine, "publish")
    machine.editions = [replace(machine.editions[0], send_at=None)]
    tried(machine, "publish")
    check(machine, tried(machine, "send"))


def scheduled(machine: Machine) -> Machine:
    at = machine.account.clock.now() + timedelta(days=1)
    machine.editions = [edition(send_at=at, interests=("Gardens",) if machine.account.readers.groups else ())]
    machine.account.readers.add("g@example.com", interests=[machine.account.readers.interest("Gardens")])
    return machine


def calls_of_a_life(server: tuple[Account, str], folder: Path) -> list[tuple[str, str]]:
    """Every call that a letter needs from its draft over a schedule and its undoing to its send."""
    machine = scheduled(fresh(server, folder))
    whole_run(machine)
    return list(machine.account.calls)


def one_fault(server: tuple[Account, str], folder: Path, place: int, fault: Fault) -> None:
    """A letter's life in which one call fails."""
    machine = scheduled(fresh(server, folder))
    machine.account.fate = lambda number, _m, _t: fault if number == place else Fault.NONE
    machine.deadline = SHORT if fault.slow else machine.deadline
    whole_run(machine)
    in_the_end(machine)
    assert fault.slow or not machine.account.campaigns.deleted


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("fault", FAULTS)
def test_every_operation_with_every_fault(server: tuple[Account, str], shelf: Path, fault: Fault, at: int) -> None:
    """When each operation of a letter's life fails in this way at its first or second call, there is still one send."""
    machine = scheduled(fresh(server, shelf / "machine"))
    seen: Counter[tuple[str, str]] = Counter()

    def fate(_number: int, method: str, template: str) -> Fault:
        seen[method, template] += 1
        return fault if seen[method, template] == at else Fault.NONE

    machine.account.fate = fate
    machine.deadline = SHORT if fault.slow else machine.deadline
    whole_run(machine)
    assert len(seen) >= 10
    in_the_end(machine)
    assert (
        fault.slow or not machine.account.campaigns.deleted
    )  # with a ledger there was never a second one to take away


@pytest.mark.heavy
@pytest.mark.parametrize("fault", FAULTS)
def test_every_call_with_every_fault(server: tuple[Account, str], shelf: Path, fault: Fault) -> None:
    """The same for every single call, and not only the first of its operation."""
    for place in range(1, len(calls_of_a_life(server, shelf / "machine")) + 1):
        one_fault(server, shelf / "machine", place, fault)


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.EMPTY_503, Fault.TRUNCATED])
def test_one_kind_of_call_that_always_fails(server: tuple[Account, str], shelf: Path, fault: Fault) -> None:
    """While one operation fails for good, nothing goes out twice and nothing false is said.

    When it works again, all is done.
    """
    for method, template in (
        ("POST", "/campaigns"),
        ("PUT", "/campaigns/{campaign_id}/content"),
        ("POST", "/campaigns/{campaign_id}/actions/send"),
        ("GET", "/campaigns/{campaign_id}"),
        ("GET", "/campaigns"),
    ):
        machine = scheduled(fresh(server, shelf / "machine"))
        machine.account.fate = lambda _n, m, t, one=(method, template): fault if (m, t) == one else Fault.NONE
        whole_run(machine)
        in_the_end(machine)


def random_schedule(server: tuple[Account, str], folder: Path, seed: int) -> None:
    dice = random.Random(seed)
    machine = fresh(server, folder)
    if dice.random() < 0.5:
        machine = scheduled(machine)
    rate = dice.choice([0.05, 0.1, 0.25])
    slow = dice.random() < 0.01
    machine.deadline = SHORT if slow else machine.deadline
    faults = FAULTS if slow else QUICK
    machine.account.fate = lambda _n, _m, _t: dice.choice(faults) if dice.random() < rate else Fault.NONE
    machine.account.campaigns.lag = timedelta(seconds=dice.choice([0, 2, 8]))
    other = machine.without_ledger(folder / "other")
    alone = dice.random() < 0.5
    for _run in range(dice.choice([0, 0, 0, 1])):
        who = machine if alone else dice.choice([machine, other])
        check(who, tried(who, dice.choice(["publish", "send"])))
    machine.editions = other.editions = [replace(machine.editions[0], send_at=None)]
    check(machine, tried(machine, "send"))
    in_the_end(machine if alone else dice.choice([machine, other]), again=dice.random() < 0.1)
    assert slow or not alone or not machine.account.campaigns.deleted


def test_random_schedules_of_faults(server: tuple[Account, str], shelf: Path) -> None:
    """500 random schedules of faults, with two machines of which one has lost its ledger, end with one campaign and
    one send."""
    for seed in range(int(os.environ.get("FUNNEL_FAULT_SCHEDULES", "500"))):
        random_schedule(server, shelf / "machine", seed)


@pytest.mark.heavy
def test_a_hundred_thousand_schedules_of_faults(server: tuple[Account, str], shelf: Path) -> None:
    """The same laws over 100,000 random schedules."""
    for seed in range(1_000_000, 1_100_000):
        random_schedule(server, shelf / "machine", seed)


def test_a_server_that_is_gone(tmp_path: Path) -> None:
    """While nobody answers at all it is said in words, with the data centre in the key as one cause, and nothing is written as
    done.

    The same command works afterwards.
    """
    with standing_in() as (account, url):
        port = int(url.rpartition(":")[2].partition("/")[0])
        readers(account)
    machine = Machine(tmp_path, account, url)
    with pytest.raises(MailingListFault, match=r"cannot be reached.* the end of the key: it names the data centre"):
        machine.publish()
    with standing_in(account, port):
        in_the_end(machine)


@pytest.mark.parametrize("skew", [-7200, 7200])
def test_a_clock_that_is_wrong(server: tuple[Account, str], tmp_path: Path, skew: int) -> None:
    """Two hours of clock skew make no second campaign and no false schedule."""
    machine = scheduled(fresh(server, tmp_path))
    machine.account.campaigns.skew = timedelta(seconds=skew)
    whole_run(machine)
    in_the_end(machine)


def test_two_machines_at_once(server: tuple[Account, str], tmp_path: Path) -> None:
    """Two machines that both see an empty list and both create end with the older campaign, and agree on it."""
    first, second = fresh(server, tmp_path / "a"), None
    second = first.without_ledger(tmp_path / "b")
    plan_first, plan_second = first.plan(), second.plan()
    begun = apply_letters(plan_first, first.list(), first.ledger, first.watch)
    next(begun), next(begun)
    list(apply_letters(plan_second, second.list(), second.ledger, second.watch))
    list(begun)
    assert list(first.account.campaigns.known) == ["c000000001"]
    assert not has_effect(first.plan()) and not has_effect(second.plan())


def test_a_clock_that_is_set_back_keeps_nobody_waiting(server: tuple[Account, str], tmp_path: Path) -> None:
    """After a draft was made, Mailchimp's list is waited for as long as it may lag, also when the clock is set back an hour just then."""
    machine, slept = fresh(server, tmp_path), []
    clock, behind = machine.account.clock, [timedelta(0)]
    watch = Watch(lambda: clock.now() - behind[0], lambda seconds: slept.append(seconds) or clock.sleep(seconds))
    for event in apply_letters(machine.plan(), machine.list(), machine.ledger, watch):
        behind[0] = timedelta(hours=1) if event.phase is Phase.DONE else behind[0]
    assert 0 < sum(slept) <= SETTLE


def test_a_draft_that_failed_late_is_found_again(server: tuple[Account, str], shelf: Path) -> None:
    """When the letter could not be handed over after its campaign was made, the next run finds that campaign, lag
    or not."""
    machine = fresh(server, shelf / "machine")
    machine.account.campaigns.lag = timedelta(seconds=9)
    machine.account.fate = lambda _n, method, _t: Fault.EMPTY_500_BEFORE if method == "PUT" else Fault.NONE
    tried(machine, "publish")
    machine.account.fate = lambda _n, _m, _t: Fault.NONE
    machine.publish()
    assert len(machine.account.campaigns.known) == 1 and not machine.account.campaigns.deleted


def test_the_ledger_can_be_lost(server: tuple[Account, str], tmp_path: Path) -> None:
    """Without its ledger a machine learns from Mailchimp which letters exist, and makes none twice."""
    machine = fresh(server, tmp_path / "a")
    machine.editions = [edition(number) for number in range(1, 4)]
    machine.publish()
    machine.send(2)
    machine.account.clock.sleep(60)
    again = machine.without_ledger(tmp_path / "b")
    again.publish()
    assert len(machine.account.campaigns.known) == 3 and len(machine.account.campaigns.deliveries) == 1
    assert not has_effect(again.plan())


def test_no_secret_in_anything(server: tuple[Account, str], tmp_path: Path) -> None:
    """The key is in no representation, no error and no ledger."""
    machine = fresh(server, tmp_path)
    machine.account.fate = lambda number, _m, _t: QUICK[number % len(QUICK)]
    mailing_list = machine.list()
    key = machine.account.key
    told = [
        repr(mailing_list),
        repr(mailing_list.api),
        repr(mailing_list.api.wire),
        str(vars(mailing_list.api.account.key.__class__)),
    ]
    for what in ("publish", "send"):
        try:
            machine.send() if what == "send" else machine.publish()
        except (MailingListFault, Refused, SetupFault) as fault:
            told.append(f"{fault} {fault!r} {fault.__cause__!r} {fault.__context__!r}")
    ledger = machine.folder / "ledger.jsonl"
    told.append(ledger.read_text() if ledger.exists() else "")
    assert not [text for text in told if key in text or key.split("-")[0] in text]


def test_what_was_taken_and_is_not_seen_is_never_asked_for_again() -> None:
    """A send that Mailchimp took, and whose status does not move, is in doubt: one request, and then words."""
    asked: list[str] = []

    def once(function: object, campaign_id: str) -> dict[str, object]:
        asked.append(campaign_id)
        return {}

    api = SimpleNamespace(
        account=SimpleNamespace(settle=1.0),
        watch=SimpleNamespace(sleep=lambda _seconds: None),
        client=SimpleNamespace(campaigns=SimpleNamespace(get=None)),
        once=once,
        repeat=lambda *_: {"id": "c1", "status": "save"},
    )
    with pytest.raises(OutcomeUnknown, match="Look at the campaign in Mailchimp"):
        act(cast("Api", api), "c1", "sending issue 1", print, reached=lambda one: one.status.out)
    assert asked == ["c1"]
