"""Mailchimp as it may also be: the whole life of a letter, and of people, against a stand-in with other manners."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from funnel.mailing_list import send
from funnel.mailing_list.carry_out import Watch
from funnel.mailing_list.faults import MailingListFault, OutcomeUnknown
from funnel.mailing_list.mailchimp.doctor import examine
from funnel.mailing_list.mailchimp.member import Wanted
from funnel.mailing_list.mailchimp.members import apply_sync, plan_sync
from funnel.mailing_list.mailchimp.pull import changes, members_since
from funnel.mailing_list.plan import has_effect
from funnel.mailing_list.status import status, whole_truth

from .machines import Machine
from .other_standin.account import Mailchimp
from .other_standin.manners import LIST, Manners
from .other_standin.server import other_mailchimp
from .samples import edition

MANNERS = {
    "plain": Manners(),
    "small pages": Manners(largest_page=3),
    "small pages, no counts": Manners(largest_page=3, counts=False),
    "newest first, no counts": Manners(newest_first=True, counts=False),
    "leaves out what is empty": Manners(sparse=True),
    "null for no moment, Z for UTC": Manners(unset=None, moments="%Y-%m-%dT%H:%M:%SZ"),
    "fractions of seconds": Manners(moments="%Y-%m-%dT%H:%M:%S.%f+00:00"),
    "another way to write an offset": Manners(moments="%Y-%m-%dT%H:%M:%S+0000"),
    "rewrites letters": Manners(rewrites=True),
    "200 with nothing for an action": Manners(actions_answer=200),
    "lists lag": Manners(lag=6),
    "statuses lag": Manners(slow_status=4),
    "gzip and plain errors": Manners(zipped=True, plain_json_errors=True),
    "no reports": Manners(reports=False),
    "slow to hang up": Manners(slow_to_hang_up=True),
    "a path of its own": Manners(prefix="/proxy/mailchimp/3.0"),
}


@dataclass
class Desk:
    """A machine in front of the second stand-in."""

    machine: Machine
    there: Mailchimp

    def settle(self) -> None:
        self.there.clock.sleep(30)


@pytest.fixture(params=MANNERS.values(), ids=MANNERS.keys())
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with other_mailchimp(request.param) as (there, url):
        machine = Machine(tmp_path, there, url, deadline=10.0, more={"MAILCHIMP_LIST_ID": LIST})  # type: ignore[arg-type]
        yield Desk(machine, there)


def people(desk: Desk, count: int = 7) -> None:
    api = desk.machine.list().api
    wanted = [Wanted(f"reader{number}@example.com", f"Reader {number}", ("Gardens",)) for number in range(count)]
    apply_sync(api, plan_sync(api, wanted))
    for one in desk.there.members.values():
        assert one["status"] == "pending"
        one["status"] = "subscribed"


def test_the_life_of_a_letter(desk: Desk) -> None:
    """Draft, schedule, move, take back, test, change, send: one campaign, one send, and an empty plan after each."""
    people(desk)
    machine, at = desk.machine, desk.there.clock.now() + timedelta(days=2)
    for issue in (
        edition(),
        edition(send_at=at, words="Été: a café with good words."),
        edition(send_at=at + timedelta(hours=3), words="Été: a café with good words."),
        edition(words="Été: a café with good words.", interests=("Gardens",)),
        edition(words="Été: a café with good words."),
    ):
        machine.editions = [issue]
        machine.publish()
        assert not has_effect(machine.plan())
        desk.settle()
        assert not has_effect(machine.plan())
        (campaign,) = desk.there.campaigns.values()
        assert campaign["status"] == ("schedule" if issue.send_at else "save")
        assert bool(campaign["recipients"].get("segment_opts", {}).get("conditions")) == bool(issue.interests)
    machine.editions = [replace(machine.editions[0], send_at=at)]
    machine.publish()
    send.unschedule(1, machine.editions, machine.list(), machine.ledger, machine.watch)
    machine.editions = [replace(machine.editions[0], send_at=None)]
    with nullcontext() if desk.there.manners.actions_answer == 204 else pytest.raises(OutcomeUnknown):
        send.test_send(1, ["me@example.com"], machine.editions, machine.list(), machine.ledger, machine.watch)
    assert [test["test_emails"] for test in desk.there.tests] == [["me@example.com"]] and not desk.there.went_out
    assert machine.send().words == "Issue 1: sent, 7 letters."
    desk.settle()
    assert "nothing was sent now" in machine.send().words and not has_effect(machine.plan())
    assert "nothing was sent now" in machine.without_ledger(machine.folder / "other").send().words
    assert len(desk.there.went_out) == 1 and len(desk.there.campaigns) == 1


PAGES = ("plain", "small pages", "small pages, no counts", "newest first, no counts", "lists lag")
PEOPLE = ("plain", "small pages, no counts", "leaves out what is empty", "fractions of seconds")
TOLD = ("no reports", "leaves out what is empty", "gzip and plain errors", "a path of its own")


def only(*names: str) -> pytest.MarkDecorator:
    """Those manners that matter here."""
    return pytest.mark.parametrize("desk", [MANNERS[name] for name in names], ids=names, indirect=True)


@only(*PAGES)
def test_many_issues_on_two_machines(desk: Desk) -> None:
    """Seven issues are found again whatever a page holds, also by a machine that has lost its ledger."""
    people(desk, 1)
    machine = desk.machine
    machine.editions = [edition(number) for number in range(1, 8)]
    machine.publish()
    desk.settle()
    other = machine.without_ledger(machine.folder / "other")
    other.publish()
    assert len(desk.there.campaigns) == 7 and not has_effect(other.plan()) and not has_effect(machine.plan())


@only(*TOLD)
def test_status_and_doctor(desk: Desk) -> None:
    """`status` tells what became of each letter, and `doctor` finds the set-up good, whatever else is left out."""
    people(desk)
    machine = desk.machine
    machine.send()
    desk.settle()
    truth = whole_truth(machine.list())
    (line,) = status(machine.editions, truth, machine.ledger.events(), desk.there.clock.now(), "UTC")
    assert line.words == "sent, 7 letters"
    assert bool(truth.note) is not desk.there.manners.reports
    environ = {"MAILCHIMP_API_KEY": "test-key", "MAILCHIMP_LIST_ID": LIST, "MAILCHIMP_BASE_URL": machine.url}
    assert [
        check for check in examine(environ, "desk@example.com", Watch(sleep=machine.watch.sleep)) if not check.ok
    ] == []


@only(*PEOPLE)
def test_people_both_ways(desk: Desk) -> None:
    """People go there once and as pending; who left there is found; a second sync has nothing to do."""
    people(desk)
    api = desk.machine.list().api
    assert plan_sync(api, [Wanted(f"Reader{number}@example.com", f"Reader {number}") for number in range(7)]).empty
    changed = plan_sync(api, [Wanted("reader3@example.com", "Reader the third", language="de")])
    assert apply_sync(api, changed).updated == 1
    again = [Wanted("reader3@example.com", "Reader the third", language="de")]
    assert plan_sync(desk.machine.list().api, again).empty
    leaver = next(one for one in desk.there.members.values() if one["email_address"] == "reader5@example.com")
    leaver["status"] = "unsubscribed"
    assert [change.state for change in changes(api, members_since(api, None))] == ["withdrawn"]
    assert plan_sync(api, [Wanted("reader5@example.com", "Another name")]).left_alone


@only("plain", "gzip and plain errors")
def test_a_wrong_audience_or_path_is_told(desk: Desk) -> None:
    """An audience that is not there, or an address that is not Mailchimp's, ends in words and with nothing done."""
    machine = desk.machine
    machine.more = {"MAILCHIMP_LIST_ID": "nosuch"}
    with pytest.raises(MailingListFault):
        machine.publish()
    assert not desk.there.campaigns and not machine.ledger.events()
