"""People at Mailchimp: added as pending, never raised, read back; and what happens there comes back into the book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from funnel.mailing_list.carry_out import Watch
from funnel.mailing_list.faults import MailingListFault, SetupFault
from funnel.mailing_list.mailchimp.doctor import examine
from funnel.mailing_list.mailchimp.exchange import last_pull, month_and_day, pull_people, push_people, wanted_people
from funnel.mailing_list.mailchimp.member import GONE, Member, Wanted, plan_members
from funnel.mailing_list.mailchimp.members import apply_sync, plan_sync
from funnel.mailing_list.mailchimp.pull import pull
from funnel.mailing_list.port import Status
from funnel.mailing_list.status import Level, status, whole_truth
from funnel.people import BadAddress, Book, Fact
from funnel.people.address import read_address
from hypothesis import given, settings
from hypothesis import strategies as st

from .machines import Machine
from .standin.faults import Fault
from .standin.members import Audience
from .standin.refusal import Refusal
from .standin.server import KEY, standing_in

STATUSES = ("subscribed", "unsubscribed", "cleaned", "pending", "archived")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with standing_in() as (account, url):
        account.readers.merge_fields["FNAME"] = {
            "tag": "FNAME",
            "name": "First name",
            "type": "text",
            "required": False,
        }
        yield Machine(tmp_path, account, url, deadline=20.0)


def test_new_people_are_pending(machine: Machine) -> None:
    """New people are asked by Mailchimp to confirm; what the audience lacks is made, as the plan said."""
    api = machine.list().api
    plan = plan_sync(api, [Wanted("ada@example.com", "Ada", ("Gardens",), "12/10", "de"), Wanted("kim@example.com")])
    assert plan.words() == [
        "make the merge field BIRTHDAY",
        "make the interest 'Gardens'",
        "2 new: pending until they confirm at Mailchimp",
    ]
    assert apply_sync(api, plan).words()[0] == "2 added as pending: Mailchimp asks them to confirm"
    ada = next(one for one in machine.account.readers.members.values() if one.address == "ada@example.com")
    assert (
        ada.status == "pending" and ada.merge_fields == {"FNAME": "Ada", "BIRTHDAY": "12/10"} and ada.language == "de"
    )
    assert list(ada.interests.values()) == [True] and len(machine.account.readers.confirmations) == 2
    assert plan_sync(api, [Wanted("ada@example.com", "Ada", ("gardens",), "12/10", "de")]).empty


@pytest.mark.parametrize("there", STATUSES)
def test_no_status_is_ever_raised(machine: Machine, there: str) -> None:
    """Whatever a person's status is at Mailchimp, a sync leaves it; who left is left alone, and the owner is told."""
    machine.account.readers.add("ada@example.com", there, compliance=there in ("unsubscribed", "cleaned"))
    api = machine.list().api
    plan = plan_sync(api, [Wanted("ADA@example.com", "Ada")])
    apply_sync(api, plan)
    (ada,) = machine.account.readers.members.values()
    assert ada.history == [there] and list(plan.left_alone) == ([GONE[there]] if there in GONE else [])
    assert ada.merge_fields == ({} if there in GONE else {"FNAME": "Ada"})


def test_a_person_who_comes_between_is_not_raised(machine: Machine) -> None:
    """Somebody who unsubscribes between the plan and its execution stays unsubscribed."""
    api = machine.list().api
    plan = plan_sync(api, [Wanted("ada@example.com", "Ada")])
    machine.account.readers.add("ada@example.com", "unsubscribed", compliance=True)
    outcome = apply_sync(api, plan)
    assert "her status was left as it is" in str(outcome.refused)
    assert next(iter(machine.account.readers.members.values())).history == ["unsubscribed"]


def test_each_reason_is_told_in_words(machine: Machine) -> None:
    """A forgotten contact, an address that looks fake, and a demanded field are each told with what the owner can
    do."""
    api = machine.list().api
    gone, fake = Wanted("gone@example.com", "Gone"), Wanted("someone@nowhere.invalid", "Some")
    machine.account.readers.forgotten.add(gone.hash)
    words = apply_sync(api, plan_sync(api, [gone, fake])).words()
    assert any("deleted for good" in line for line in words) and any("false one" in line for line in words)
    machine.account.readers.merge_fields["SHOE"] = {"tag": "SHOE", "name": "Shoe", "type": "text", "required": True}
    words = apply_sync(api, plan_sync(api, [Wanted("ada@example.com", "Ada")])).words()
    assert any(line.startswith("1 not taken: the audience demands fields that we lack") for line in words)
    machine.account.readers.add("kim@example.com", "subscribed")
    words = apply_sync(api, plan_sync(api, [Wanted("kim@example.com", "Kim")])).words()
    assert any("demands fields" in line for line in words) and "@" not in " ".join(words)


def test_single_opt_in_is_refused(machine: Machine) -> None:
    """Nobody is added to an audience that does not ask for confirmation."""
    machine.account.readers.double_optin = False
    with pytest.raises(SetupFault, match="double opt-in"):
        plan_sync(machine.list().api, [Wanted("ada@example.com")])


def test_ten_thousand_people_in_sixty_requests(machine: Machine) -> None:
    """10,000 people are brought to an audience of 5,000 others in at most 60 requests, at most 4 of them at once."""
    for number in range(5000):
        machine.account.readers.add(f"old{number}@example.com", merge_fields={"FNAME": "Old"})
    api = machine.list().api
    wanted = [Wanted(f"new{number}@example.com", f"New {number}", (), "01/02") for number in range(10_000)]
    outcome = apply_sync(api, plan_sync(api, wanted))
    assert outcome.added == 10_000 and not outcome.refused and len(machine.account.calls) <= 60
    assert machine.account.most_at_once <= 4


def test_updates_run_four_at_a_time(machine: Machine) -> None:
    """Many changes are made by PUT without a status, never more than four at once."""
    for number in range(40):
        machine.account.readers.add(f"one{number}@example.com")
    api = machine.list().api
    plan = plan_sync(api, [Wanted(f"one{number}@example.com", "New") for number in range(40)])
    assert apply_sync(api, plan).updated == 40 and machine.account.most_at_once <= 4
    assert {tuple(one.history) for one in machine.account.readers.members.values()} == {("subscribed",)}


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.NONE and not fault.slow])
def test_a_sync_survives_every_fault(machine: Machine, fault: Fault) -> None:
    """Whichever call of a sync fails in whichever way, all are there once in the end, and nobody was raised."""
    readers = machine.account.readers
    readers.add("left@example.com", "unsubscribed", compliance=True)
    readers.add("old@example.com", "subscribed")
    wanted = [Wanted(f"{name}@example.com", "New", ("Gardens",), "02/29") for name in ("left", "old", "ada", "kim")]
    machine.account.fate = lambda number, _m, _t: fault if number % 3 == 2 else Fault.NONE
    try:
        apply_sync(machine.list().api, plan_sync(machine.list().api, wanted))
    except MailingListFault as told:
        assert "@" not in str(told)
    machine.account.fate = lambda _n, _m, _t: Fault.NONE
    api = machine.list().api
    outcome = apply_sync(api, plan_sync(api, wanted))
    assert not outcome.refused and plan_sync(api, wanted).empty
    assert sorted(one.history[0] for one in readers.members.values()) == [
        "pending",
        "pending",
        "subscribed",
        "unsubscribed",
    ]
    assert all(len(one.history) == 1 for one in readers.members.values()) and len(readers.groups) == 1


members = st.builds(
    Member,
    address=st.just("ada@example.com"),
    status=st.sampled_from(STATUSES),
    changed=st.none(),
    opted=st.none(),
    merge_fields=st.just({}),
    interests=st.just({}),
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([f"p{n}@example.com" for n in range(8)]), members))
def test_a_plan_never_touches_who_left(present: dict[str, Member]) -> None:
    """For any audience a plan adds only who is not there and changes only who did not leave."""
    wanted = [Wanted(f"p{number}@example.com", "N") for number in range(8)]
    known = {Wanted(address).hash: member for address, member in present.items()}
    plan = plan_members(wanted, known, ["FNAME"], [])
    assert {one.hash for one in plan.new} == {one.hash for one in wanted} - known.keys()
    assert all(known[one.hash].status not in GONE for one in plan.changed)
    assert len(plan.new) + len(plan.changed) + sum(plan.left_alone.values()) == 8


HERS = "203.0.113.7"
"""The network address from which a subscriber confirmed."""


def test_what_happens_there_comes_back(machine: Machine, tmp_path: Path) -> None:
    """Who left, bounced or complained at Mailchimp gets no letters here either; a dated confirmation confirms.

    Nobody is raised.
    """
    then = datetime.now(UTC) - timedelta(days=2)
    readers = machine.account.readers
    later = then + timedelta(days=1)
    for name, there in (("left", "unsubscribed"), ("dead", "cleaned"), ("new", "subscribed"), ("back", "subscribed")):
        readers.add(f"{name}@example.com", there, opted=later, from_where=HERS).changed = later
    readers.add("angry@example.com", "subscribed", abuse=True).changed = later
    readers.add("no address", "unsubscribed").changed = later
    with Book.open(tmp_path / "people.sqlite3", environment={}) as book:
        for name in ("left", "dead", "angry", "new", "back"):
            book.sign_up(f"{name}@example.com", "newsletter", words="Yes.", when=then)
        for name in ("left", "dead", "angry", "back"):
            book.confirm(f"{name}@example.com", "newsletter", when=then)
        book.withdraw("back@example.com", "newsletter", when=datetime.now(UTC))
        found = pull(machine.list().api, None, book, BadAddress).counts
        assert [one.address for one in book.recipients("newsletter")] == ["new@example.com"]
        assert found == {"withdrawn": 1, "bounced": 1, "confirmed": 1, "complained": 1, "not usable": 1}
        again = pull(machine.list().api, None, book, BadAddress).counts
        assert again == {"not usable": 1}


@pytest.mark.parametrize(
    ("from_where", "permissions", "counts"),
    [
        (HERS, {}, {"confirmed": 1}),
        ("", {}, {}),
        (HERS, {"Email": True, "Direct Mail": False}, {"confirmed": 1}),
        (HERS, {"E-mail": False, "Direct Mail": True}, {}),
        (HERS, {"Post": False}, {}),
        (HERS, {"Neuigkeiten": True}, {"confirmed": 1}),
    ],
)
def test_only_her_own_confirmation_confirms(
    machine: Machine, tmp_path: Path, from_where: str, permissions: dict[str, bool], counts: dict[str, int]
) -> None:
    """Whom the owner uploaded as subscribed, and who did not allow e-mail in the boxes of the form (GDPR fields), is no
    confirmed subscriber here, although Mailchimp tells a moment of opting in."""
    then = datetime.now(UTC) - timedelta(days=1)
    machine.account.readers.add("ada@example.com", opted=then, from_where=from_where, permissions=permissions)
    with Book.open(tmp_path / "people.sqlite3", environment={}) as book:
        assert pull(machine.list().api, None, book, BadAddress).counts == counts
        assert len(book.recipients("newsletter")) == len(counts)


def test_a_field_of_another_form_is_told(machine: Machine) -> None:
    """An audience whose field BIRTHDAY wants whole dates refuses whoever has a birthday, and the report says what to change."""
    machine.account.readers.merge_fields["BIRTHDAY"] = {
        "tag": "BIRTHDAY",
        "name": "B",
        "type": "date",
        "required": False,
    }
    api = machine.list().api
    synced = apply_sync(
        api, plan_sync(api, [Wanted("ada@example.com", "Ada", birthday="12/10"), Wanted("b@example.com")])
    )
    assert synced.added == 1 and "wants ours in another form" in next(iter(synced.refused))


def test_one_person_who_is_refused_holds_up_nobody(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """When Mailchimp does not take the new name of one person, for whatever reason, the others are brought up to date and the
    report counts her."""
    readers, check = machine.account.readers, Audience._check_member

    def strict(self: Audience, address: str, body: dict[str, Any], key: str) -> None:
        if address.startswith("b"):
            raise Refusal(400, "Invalid Resource", "Please provide a valid email address.")
        check(self, address, body, key)

    monkeypatch.setattr(Audience, "_check_member", strict)
    for name in "abc":
        readers.add(f"{name}@example.com")
    wanted = [Wanted(f"{name}@example.com", name.upper()) for name in "abc"]
    api = machine.list().api
    synced = apply_sync(api, plan_sync(api, wanted))
    assert synced.updated == 2 and sum(synced.refused.values()) == 1
    assert [one.merge_fields.get("FNAME") for one in readers.members.values()] == ["A", None, "C"]


def test_the_book_and_mailchimp_exchange_people(machine: Machine, tmp_path: Path) -> None:
    """Confirmed people of the book go there with topics, birthday and language.

    The ledger keeps counts and no addresses.
    """
    now = datetime.now(UTC)
    machine.account.clock.sleep((now - machine.account.clock.now()).total_seconds() + 60)
    with Book.open(tmp_path / "people.sqlite3", environment={}) as book:
        book.sign_up("ada@example.com", "newsletter", words="Yes.", when=now, name="Ada", interests=["Birthday cards"])
        book.sign_up("kim@example.com", "newsletter", words="Yes.", when=now)
        book.confirm("ada@example.com", "newsletter", when=now)
        contact = book.contacts.exact(read_address("ada@example.com"))
        assert contact is not None
        book.contacts.learn(contact, Fact("birthday", "1815-12-10", "card", now))
        (ada,) = wanted_people(book, ["Birthday cards"])
        assert ada == Wanted("ada@example.com", "Ada", ("Birthday cards",), "12/10") and "@" not in repr(ada)
        mailing_list, ledger = machine.list(), machine.ledger
        plan = plan_sync(mailing_list.api, [ada])
        assert push_people(mailing_list, plan, ledger).added == 1
        machine.account.readers.add("kim@example.com", "subscribed", opted=machine.account.clock.now(), from_where=HERS)
        assert last_pull(ledger, "a1b2c3d4e5") is None and pull_people(mailing_list, book, ledger) == {"confirmed": 1}
        assert last_pull(ledger, "a1b2c3d4e5") is not None and pull_people(mailing_list, book, ledger) == {}
        assert len(book.recipients("newsletter")) == 2 and "example.com" not in ledger.path.read_text()


def test_another_audience_is_pulled_from_the_beginning(machine: Machine, tmp_path: Path) -> None:
    """Who left the audience that is set up now is written into the book, although she did so before the last pull from
    the one before."""
    now = datetime.now(UTC)
    machine.account.clock.sleep((now - machine.account.clock.now()).total_seconds())
    other = machine.account.audiences["otherlist"] = Audience("otherlist", machine.account.clock)
    with Book.open(tmp_path / "people.sqlite3", environment={}) as book:
        book.sign_up("ada@example.com", "newsletter", words="Yes.", when=now - timedelta(days=9))
        book.confirm("ada@example.com", "newsletter", when=now - timedelta(days=9))
        other.add("ada@example.com", "unsubscribed")
        machine.account.clock.sleep(3 * 3600)
        assert pull_people(machine.list(), book, machine.ledger) == {}
        machine.more = {"MAILCHIMP_LIST_ID": "otherlist"}
        assert pull_people(machine.list(), book, machine.ledger) == {"withdrawn": 1}
        assert pull_people(machine.list(), book, machine.ledger) == {}


@pytest.mark.parametrize("there", [["bo@example.com"], []])
def test_who_left_is_heard_whatever_our_clock_says(machine: Machine, tmp_path: Path, there: list[str]) -> None:
    """A pull by a machine whose clock is a day ahead hides nobody who leaves at Mailchimp afterwards, even if nobody was there yet."""
    now, clock = datetime.now(UTC), machine.account.clock
    clock.sleep((now - timedelta(days=2) - clock.now()).total_seconds())
    for one in there:
        machine.account.readers.add(one, "unsubscribed")
    with Book.open(tmp_path / "people.sqlite3", environment={}) as book:
        book.sign_up("ada@example.com", "newsletter", words="Yes.", when=now - timedelta(days=9))
        book.confirm("ada@example.com", "newsletter", when=now - timedelta(days=9))
        ahead = machine.list()
        ahead.api.watch = Watch(lambda: clock.now() + timedelta(days=1), clock.sleep)
        assert sum(pull_people(ahead, book, machine.ledger).values()) == len(there)
        clock.sleep(3 * 3600)
        machine.account.readers.add("ada@example.com", "unsubscribed")
        clock.sleep(30 * 3600)
        assert pull_people(machine.list(), book, machine.ledger) == {"withdrawn": 1}


@pytest.mark.parametrize(
    ("kept", "sent"),
    [("1980-05-04", "05/04"), ("--0229", "02/29"), ("05/04", "05/04"), ("1980-02-30", ""), ("May 4", ""), ("", "")],
)
def test_birthdays_are_days_that_exist(kept: str, sent: str) -> None:
    """A birthday goes to Mailchimp as MM/DD, or not at all."""
    assert month_and_day(kept) == sent


def test_the_rates_are_watched(machine: Machine) -> None:
    """Complaints over 0.3 % and bounces over 5 % are called wrong, with the counts."""
    for number in range(100):
        machine.account.readers.add(f"r{number}@example.com")
    machine.send()
    machine.account.clock.sleep(10)
    machine.account.abuse["c000000001"], machine.account.bounces["c000000001"] = 1, 3
    truth = whole_truth(machine.list())
    assert truth.campaigns["site/1"].status is Status.SENT
    lines = status(machine.editions, truth, machine.ledger.events(), machine.account.clock.now(), "UTC")
    assert [(line.level, line.words[:20]) for line in lines[1:]] == [
        (Level.WRONG, "1 (1.00%) called it "),
        (Level.WATCH, "3 (2.91%) did not re"),
    ]


def environ(machine: Machine, **more: str) -> dict[str, str]:
    known = {"MAILCHIMP_API_KEY": KEY, "MAILCHIMP_LIST_ID": "a1b2c3d4e5", "MAILCHIMP_BASE_URL": machine.url}
    return known | more


def test_the_doctor_finds_all_well(machine: Machine) -> None:
    """On a good account every check is fine."""
    checks = examine(environ(machine), "desk@example.com", machine.watch)
    assert len(checks) == 6 and all(check.ok and not check.mend for check in checks)


def test_the_doctor_names_each_mend(machine: Machine) -> None:
    """A wrong key, a wrong audience, a foreign domain, a wrong clock: each is named with its mend."""
    account = machine.account
    assert "MAILCHIMP_API_KEY is not set" in examine({}, "", machine.watch)[0].mend
    assert (
        "is wrong, was revoked, or" in examine(environ(machine, MAILCHIMP_API_KEY="0-us1"), "", machine.watch)[0].mend
    )
    wrong = examine(environ(machine, MAILCHIMP_LIST_ID="other"), "desk@example.com", machine.watch)
    assert "no audience 'other'" in wrong[-1].mend
    account.campaigns.skew = timedelta(hours=1)
    odd = [check for check in examine(environ(machine), "desk@elsewhere.example", machine.watch) if not check.ok]
    assert [check.what.partition(":")[0] for check in odd] == ["Clock", "Sender's domain elsewhere.example"]
    account.readers.double_optin = False
    assert "Switch double opt-in on" in examine(environ(machine), "desk@example.com", machine.watch)[-1].mend


def test_the_doctor_tells_of_boxes_that_narrow_nothing(machine: Machine) -> None:
    """An audience whose form asks for permissions (GDPR fields) is told of: a letter goes to those too who ticked none."""
    machine.account.readers.asks_permissions = True
    (odd,) = [check for check in examine(environ(machine), "desk@example.com", machine.watch) if not check.ok]
    assert odd.what == "GDPR fields of the audience" and "whichever of these boxes she ticked" in odd.mend


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"MAILCHIMP_LIST_ID": ""}, "MAILCHIMP_LIST_ID is not set"),
        ({"MAILCHIMP_AUDIENCE_ID": "ffff"}, "two different audiences"),
        ({"MAILCHIMP_BASE_URL": "http://relay.example.com/3.0"}, "plain http to another machine"),
        ({"MAILCHIMP_BASE_URL": "ftp://x"}, "no web address"),
        ({"MAILCHIMP_BASE_URL": "", "MAILCHIMP_API_KEY": "abc"}, "data centre is not known"),
        ({"MAILCHIMP_BASE_URL": "", "MAILCHIMP_SERVER_PREFIX": "us7"}, "belongs to the data centre 'us1'"),
        ({"MAILCHIMP_SETTLE_SECONDS": "soon"}, "MAILCHIMP_SETTLE_SECONDS must be a number"),
    ],
)
def test_a_wrong_environment_is_told(machine: Machine, more: dict[str, str], words: str) -> None:
    """What is missing or cannot be right in the environment is told before anybody is asked, without the key."""
    machine.more = more
    with pytest.raises(SetupFault, match=words) as fault:
        machine.list()
    assert KEY not in str(fault.value) and not machine.account.calls
