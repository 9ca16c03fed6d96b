"""Mailchimp, when everything goes well, and when it says no: against the stand-in on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from funnel.mailing_list import send
from funnel.mailing_list.faults import MailingListFault, Refused, SetupFault
from funnel.mailing_list.plan import has_effect
from funnel.mailing_list.port import Status
from funnel.mailing_list.status import Level, status

from .machines import Machine, readers
from .samples import edition
from .standin.faults import Fault
from .standin.members import Audience
from .standin.refusal import Refusal
from .standin.server import KEY, standing_in


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with standing_in() as (account, url):
        readers(account)
        yield Machine(tmp_path, account, url)


def test_publish_makes_one_draft_with_both_faces(machine: Machine) -> None:
    """A publish makes one campaign that holds both forms, our key at the end of its title, and no tracking.

    A second does nothing.
    """
    assert [f"{event.action}:{event.phase}" for event in machine.publish()] == ["draft:intent", "draft:done"]
    assert not has_effect(machine.plan()) and machine.publish() == []
    (one,) = machine.account.campaigns.known.values()
    assert (
        one.settings["title"] == "Issue 1 [nl:site:1]"
        and one.status == "save"
        and not machine.account.campaigns.deliveries
    )
    assert "*|UNSUB|*" in one.content["html"] and "*|LIST:ADDRESSLINE|*" in one.content["plain_text"]
    assert "%%funnel" not in str(one.content) and "*|IF:FNAME|*" in one.content["html"]
    assert not any(one.tracking[name] for name in ("opens", "html_clicks", "text_clicks", "goal_tracking"))


def test_send_is_once(machine: Machine) -> None:
    """`send` reaches every subscriber once, says the number, and does nothing the second time or on another machine."""
    assert machine.send().words == "Issue 1: sent, 3 letters."
    assert "nothing was sent now; sent to 3" in machine.send().words
    other = machine.without_ledger(machine.folder / "other")
    assert "nothing was sent now; sent to 3" in other.send().words and other.publish() == []
    assert len(machine.account.campaigns.deliveries) == 1


def test_a_list_that_grows_makes_no_old_letter_short(machine: Machine) -> None:
    """Only the number before the send counts as planned: Mailchimp goes on counting the list after it. A letter that reaches
    fewer is told at its send."""
    machine.send()
    readers(machine.account, 10)
    lines = status(
        machine.editions, machine.list().truth(), machine.ledger.events(), machine.account.clock.now(), "UTC"
    )
    assert [line.words for line in lines] == ["sent, 3 letters"]
    machine.editions = [edition(2)]
    machine.publish()
    gone = machine.account.readers.members
    machine.account.fate = lambda _n, _m, path: (path.endswith("/send") and gone.popitem() and Fault.NONE) or Fault.NONE
    assert "sent, 9 letters (Mailchimp had counted 10 readers" in machine.send(2).words


def test_a_letter_that_is_stuck_is_told(machine: Machine) -> None:
    """A campaign that Mailchimp calls "sending" for many hours is wrong, and `send` does not send it again."""
    machine.account.campaigns.sending_takes = timedelta(days=9)
    machine.send()
    for hours, levels in ((5, [Level.FINE]), (2, [Level.FINE, Level.WRONG])):
        machine.account.clock.sleep(hours * 3600)
        truth, now = machine.list().truth(), machine.account.clock.now()
        assert [line.level for line in status(machine.editions, truth, machine.ledger.events(), now, "UTC")] == levels
    assert "nothing was sent now; it is being sent" in machine.send().words
    assert len(machine.account.campaigns.deliveries) == 1


def test_a_schedule_lies_on_the_quarter_hour(machine: Machine) -> None:
    """send_at is rounded up to Mailchimp's grid, moved when it moves, taken back when it goes, and kept by
    Mailchimp."""
    at = machine.account.clock.now() + timedelta(hours=2, minutes=7)
    machine.editions = [edition(send_at=at)]
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    assert one.status == "schedule" and one.send_time is not None and one.send_time.minute == 15
    assert not has_effect(machine.plan())
    machine.editions = [edition(send_at=at + timedelta(hours=1))]
    assert [step.action for step in machine.plan()] == ["reschedule"]
    machine.publish()
    assert one.send_time is not None and one.send_time.hour == 12 and not has_effect(machine.plan())
    machine.editions = [edition(send_at=at + timedelta(hours=1), words="Better words.")]
    machine.publish()
    assert one.status == "schedule" and "Better" in one.content["html"] and not has_effect(machine.plan())
    machine.editions = [edition(words="Better words.")]
    machine.publish()
    assert one.status == "save" and not has_effect(machine.plan())


def test_a_schedule_that_came_due_is_told(machine: Machine) -> None:
    """When its moment has come Mailchimp sends by itself, and nothing more is planned."""
    machine.editions = [edition(send_at=machine.account.clock.now() + timedelta(hours=1))]
    machine.publish()
    machine.account.clock.sleep(3 * 3600)
    truth = machine.list().truth()
    assert truth.campaigns["site/1"].status in (Status.SENDING, Status.SENT)
    assert not has_effect(machine.plan()) and len(machine.account.campaigns.deliveries) == 1


def test_interests_are_never_widened(machine: Machine) -> None:
    """A letter for interests goes to those who chose one of them; a missing interest is an error and not everybody."""
    audience = machine.account.readers
    audience.group("Topics", "Gardens", "Kitchens", "Boats")
    for name in ("Gardens", "Kitchens", "Boats"):
        audience.add(f"{name.lower()}@example.com", interests=[audience.interest(name)])
    machine.editions = [edition(interests=("gardens", "Kitchens"))]
    machine.send()
    assert machine.account.campaigns.deliveries[0][1] == ("gardens@example.com", "kitchens@example.com")
    machine.editions = [edition(2, interests=("gardens", "cars"))]
    with pytest.raises(Refused, match=r"'cars' does not exist .* Interests there: Boats, Gardens, Kitchens"):
        machine.publish()
    assert len(machine.account.campaigns.known) == 1


def test_interests_that_somebody_takes_out_by_hand_come_back(machine: Machine) -> None:
    """A letter for some whose campaign was made one for everybody in Mailchimp's own pages is put right before it is sent; a
    change in the last moment stops the send."""
    audience = machine.account.readers
    audience.group("Topics", "Gardens")
    audience.add("gardens@example.com", interests=[audience.interest("Gardens")])
    machine.editions = [edition(interests=("Gardens",))]
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    one.recipients = {"list_id": "a1b2c3d4e5"}
    assert [(step.action, step.why) for step in machine.plan()] == [
        ("update", "it goes to everybody there, and the issue is for some only")
    ]
    seen = machine.list().truth().campaigns["site/1"]
    with pytest.raises(Refused, match="goes to everybody by now"):
        machine.list().send(seen, machine.editions[0], None)
    machine.send()
    assert machine.account.campaigns.deliveries == [(one.id, ("gardens@example.com",))]


def test_interests_that_are_taken_away_are_taken_away(machine: Machine) -> None:
    """A draft for some that becomes one for all loses its segment, and the other way round."""
    audience = machine.account.readers
    audience.group("Topics", "Gardens")
    machine.editions = [edition(interests=("Gardens",))]
    machine.publish()
    machine.editions = [edition()]
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    assert "segment_opts" not in one.recipients
    machine.editions = [edition(interests=("Gardens",))]
    machine.publish()
    assert one.recipients["segment_opts"]["conditions"][0]["op"] == "interestcontains"


def test_a_test_letter_goes_to_its_addresses_only(machine: Machine) -> None:
    """`test-send` hands the draft to Mailchimp's test for the given addresses, and nothing counts as sent."""
    send.test_send(1, ["me@example.com"], machine.editions, machine.list(), machine.ledger, machine.watch)
    assert machine.account.campaigns.tests == [("c000000001", ("me@example.com",))]
    assert (
        not machine.account.campaigns.deliveries and machine.list().truth().campaigns["site/1"].status is Status.DRAFT
    )


def test_unschedule(machine: Machine) -> None:
    """`unschedule` makes a draft of a scheduled campaign."""
    machine.editions = [edition(send_at=machine.account.clock.now() + timedelta(hours=1))]
    machine.publish()
    send.unschedule(1, machine.editions, machine.list(), machine.ledger, machine.watch)
    assert machine.list().truth().campaigns["site/1"].status is Status.DRAFT


def test_a_change_by_hand_is_mended(machine: Machine) -> None:
    """A subject changed in Mailchimp by hand comes back to that of the issue."""
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    one.settings["subject_line"] = "Changed"
    assert [step.why for step in machine.plan()] == ["it was changed at the provider by hand"]
    machine.publish()
    assert one.settings["subject_line"] == edition().subject and not has_effect(machine.plan())


@pytest.mark.parametrize("hours", [None, 2])
def test_a_renamed_campaign_is_the_same_letter_still(hours: int | None, machine: Machine) -> None:
    """A title that somebody changed in Mailchimp, key and all, makes no second campaign of a draft, a schedule or a letter
    that is out: the ledger knows it by its id. An update gives it its title back."""
    at = machine.account.clock.now() + timedelta(hours=hours) if hours else None
    machine.editions = [edition(send_at=at)]
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    one.settings["title"] = "My own name"
    machine.account.clock.sleep(60)
    assert not has_effect(machine.plan()) and machine.publish() == []
    machine.editions = [edition(send_at=at, words="Better words.")]
    machine.publish()
    assert "Better" in one.content["html"] and one.settings["title"].endswith("[nl:site:1]")
    one.settings["title"] = "My own name"
    if hours:
        machine.account.clock.sleep(3 * 3600)
    else:
        machine.send()
    assert machine.publish() == [] and "nothing was sent now" in machine.send().words
    assert len(machine.account.campaigns.known) == 1 == len(machine.account.campaigns.deliveries)


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_letter_follows_to_another_audience_and_leaves_none_behind(by_hand: bool, machine: Machine) -> None:
    """When the audience is another one, in the environment or by hand in Mailchimp, what was scheduled moves to the one that
    is set up; nothing stays behind that would go out by itself, and what went out is not sent again."""
    other = Audience("otherlist", machine.account.clock)
    other.add("reader0@example.com")
    machine.account.audiences["otherlist"] = other
    at = machine.account.clock.now() + timedelta(hours=2)
    machine.editions = [edition(send_at=at)]
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    if by_hand:
        one.recipients = {"list_id": "otherlist"}
    else:
        machine.more = {"MAILCHIMP_LIST_ID": "otherlist"}
    machine.account.clock.sleep(60)
    steps = machine.plan()
    assert [step.action for step in steps] == ["unschedule", "update", "schedule"] and "another audience" in steps[
        0
    ].why
    machine.publish()
    assert one.recipients["list_id"] == ("a1b2c3d4e5" if by_hand else "otherlist") and one.status == "schedule"
    machine.account.clock.sleep(3 * 3600)
    machine.more = {} if not by_hand else {"MAILCHIMP_LIST_ID": "otherlist"}
    assert machine.publish() == [] and "nothing was sent now" in machine.send().words
    assert len(machine.account.campaigns.known) == 1 == len(machine.account.campaigns.deliveries)


def test_a_draft_deleted_by_hand_is_made_anew(machine: Machine) -> None:
    """A draft that somebody deleted in Mailchimp is made again, one that was sent is not."""
    machine.publish()
    machine.account.campaigns.known.clear()
    machine.account.clock.sleep(60)
    machine.publish()
    machine.send()
    assert len(machine.account.campaigns.known) == 1
    machine.account.campaigns.known.clear()
    machine.account.clock.sleep(60)
    assert machine.publish() == [] and "nothing was sent now" in machine.send().words


def test_a_letter_that_mailchimp_sent_by_itself_and_somebody_deleted_is_not_made_anew(machine: Machine) -> None:
    """When its moment has passed and its campaign is gone, a scheduled letter may be out: it is neither made nor sent again
    until the owner says by `resolve` what became of it."""
    machine.editions = [edition(send_at=machine.account.clock.now() + timedelta(hours=1))]
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    for hours in (2, 1):
        machine.account.clock.sleep(hours * 3600)
        machine.list().truth()
    machine.account.campaigns.delete(one)
    assert [step.action for step in machine.plan()] == ["cannot"]
    with pytest.raises(Refused, match="issue 1: it was to go out"):
        machine.publish()
    with pytest.raises(Refused, match="does not know whether it did; find out, then use resolve"):
        machine.send()
    lines = status(
        machine.editions, machine.list().truth(), machine.ledger.events(), machine.account.clock.now(), "UTC"
    )
    assert [line.level for line in lines] == [Level.WRONG] and "was to go out" in lines[0].words
    assert len(machine.account.campaigns.deliveries) == 1
    send.resolve(1, machine.editions, machine.list(), machine.ledger, sent=False, watch=machine.watch)
    assert [step.action for step in machine.plan()] == ["draft"]
    send.resolve(1, machine.editions, machine.list(), machine.ledger, sent=True, watch=machine.watch)
    assert "nothing was sent now" in machine.send().words


def test_a_schedule_that_is_deleted_before_its_moment_is_made_anew(machine: Machine) -> None:
    """A campaign that was deleted in Mailchimp before its moment cannot be out, so the letter is made and scheduled again."""
    machine.editions = [edition(send_at=machine.account.clock.now() + timedelta(hours=5))]
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    machine.account.campaigns.delete(one)
    machine.account.clock.sleep(60)
    assert [step.action for step in machine.plan()] == ["draft", "schedule"]


def test_a_schedule_that_another_machine_made_is_taken_back(machine: Machine) -> None:
    """Where the ledger knows only a campaign that is gone, the schedule of the one that is there is taken back all the same,
    so that the letter can be brought up to date."""
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    machine.account.campaigns.delete(one)
    machine.account.clock.sleep(60)
    other = machine.without_ledger(machine.folder / "other")
    at = machine.account.clock.now() + timedelta(hours=5)
    other.editions = machine.editions = [edition(send_at=at)]
    other.publish()
    machine.account.clock.sleep(60)
    machine.publish()
    (two,) = machine.account.campaigns.known.values()
    assert two.id != one.id and two.status == "schedule" and not has_effect(machine.plan())


@pytest.mark.parametrize("ended", ["canceled", "archived", "paused"])
def test_a_send_that_ended_oddly_waits_for_the_owners_word(ended: str, machine: Machine) -> None:
    """A campaign that was cancelled, archived or paused in the middle is not sent and not edited; once `resolve` says that it
    went out, nothing more is said against it."""
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    one.status, one.emails_sent = ended, 0 if ended == "archived" else 1
    one.send_time = machine.account.clock.now()  # what was scheduled has a moment too, and is not sent for that
    machine.editions = [edition(words="Better words.")]
    assert [step.action for step in machine.plan()] == ["cannot"]
    for ask in (machine.publish, machine.send):
        with pytest.raises(Refused, match="use resolve"):
            ask()
    send.resolve(1, machine.editions, machine.list(), machine.ledger, sent=True, watch=machine.watch)
    assert [step.action for step in machine.plan()] == ["nothing"]
    lines = status(
        machine.editions, machine.list().truth(), machine.ledger.events(), machine.account.clock.now(), "UTC"
    )
    assert all(line.level is Level.FINE for line in lines) and not machine.account.campaigns.deliveries


def test_a_draft_that_was_paused_before_it_began_is_a_draft(machine: Machine) -> None:
    """Paused and not one letter out: it can still be brought up to date."""
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    one.status = "paused"
    machine.editions = [edition(words="Better words.")]
    assert [step.action for step in machine.plan()] == ["update"]


def test_what_is_sent_is_never_edited_or_deleted(machine: Machine) -> None:
    """An issue that changes after it was sent leaves its campaign alone, and the plan says so."""
    machine.send()
    machine.editions = [edition(words="Corrected.")]
    (step,) = machine.plan()
    assert "cannot be called back" in step.why and machine.publish() == []
    with pytest.raises(Refused, match="only a draft can be edited"):
        machine.list().draft(machine.editions[0], machine.list().truth().campaigns["site/1"])
    assert not machine.account.campaigns.deleted


def test_the_checklist_speaks(machine: Machine) -> None:
    """What Mailchimp's checklist has against a campaign is told with the draft, and stops a send."""
    machine.account.campaigns.verified_domains = ()
    events = machine.publish()
    assert "The From domain is not verified." in str(events[-1].facts["detail"])
    with pytest.raises(Refused, match="checklist is against it: Replies: The From domain is not verified"):
        machine.send()
    assert not machine.account.campaigns.deliveries


def test_a_template_that_swallows_the_letter_is_found(machine: Machine) -> None:
    """A campaign that got a template by hand answers 200 and keeps its old content: that is found and told."""
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    one.settings["template_id"] = 9
    machine.editions = [edition(words="Entirely different words about beekeeping everywhere, honeycombs included.")]
    with pytest.raises(Refused, match="template of its own"):
        machine.publish()


def test_a_template_never_lets_an_old_letter_go_out(machine: Machine) -> None:
    """A campaign that got a template by hand is not sent, although one word was all that changed, or nothing at all: its old
    content would go out."""
    machine.publish()
    (one,) = machine.account.campaigns.known.values()
    one.settings["template_id"] = 9
    for words in (edition().text, "We meet on Thursday."):
        machine.editions = [edition(words=words)]
        with pytest.raises(Refused, match="template of its own in Mailchimp; delete the draft there and publish again"):
            machine.send()
    assert not machine.account.campaigns.deliveries


@pytest.mark.parametrize(
    ("revoked", "kind", "words"),
    [
        (Refusal(401, "API Key Invalid", "Your API key may be invalid."), SetupFault, "is wrong, was revoked, or"),
        (
            Refusal(403, "Wrong Datacenter", "The key is linked to another datacenter."),
            SetupFault,
            "another data centre",
        ),
        (Refusal(403, "User Disabled", "This account has been disabled."), SetupFault, "disabled"),
        (Refusal(403, "Forbidden", "Monthly send quota exceeded."), Refused, "quota is reached"),
    ],
)
def test_a_no_is_told_with_its_mend(
    machine: Machine, revoked: Refusal, kind: type[MailingListFault], words: str
) -> None:
    """A wrong key, another data centre, a disabled account, a reached quota: each is named with its mend, and
    nothing is done."""
    machine.account.revoked = revoked
    with pytest.raises(kind, match=words) as fault:
        machine.publish()
    assert KEY not in str(fault.value) and not machine.account.campaigns.known and not machine.ledger.events()


def test_a_wrong_audience_is_told_with_the_right_ones(machine: Machine) -> None:
    """An audience that does not exist is told together with those that do."""
    machine.more = {"MAILCHIMP_LIST_ID": "nosuchlist"}
    with pytest.raises(SetupFault, match=r"no audience 'nosuchlist' .* It sees: a1b2c3d4e5 \(Readers\)"):
        machine.publish()


def test_a_single_opt_in_audience_is_refused(machine: Machine) -> None:
    """An audience that takes addresses which nobody confirmed gets no letters from us."""
    machine.account.readers.double_optin = False
    with pytest.raises(SetupFault, match="Switch double opt-in on"):
        machine.publish()


def test_no_address_for_replies(machine: Machine) -> None:
    """Without an address for replies nothing is made."""
    machine.editions = [replace(edition(), reply_to="")]
    mailing_list = machine.list()
    mailing_list.manner = replace(mailing_list.manner, reply_to="")
    with pytest.raises(SetupFault, match="NEWSLETTER_REPLY_TO"):
        mailing_list.draft(machine.editions[0], None)
    assert not machine.account.campaigns.known


def test_the_request_budget_of_a_publish(machine: Machine) -> None:
    """A publish of one new, scheduled issue with interests among 500 sent ones takes 12 requests at most."""
    account = machine.account
    account.readers.group("Topics", "Gardens")
    account.readers.add("g@example.com", interests=[account.readers.interest("Gardens")])
    for number in range(1, 501):
        one = account.campaigns.create(
            {
                "type": "regular",
                "settings": {"title": f"Old [nl:site:{number}]"},
                "recipients": {"list_id": "a1b2c3d4e5"},
            }
        )
        one.status, one.emails_sent, one.send_time = "sent", 3, account.clock.now()
    account.calls.clear()
    new = edition(501, send_at=account.clock.now() + timedelta(days=1), interests=("Gardens",))
    machine.editions = [*(edition(number) for number in range(1, 501)), new]
    machine.publish()
    assert account.campaigns.known[list(account.campaigns.known)[-1]].status == "schedule"
    assert len(account.calls) <= 12
    account.calls.clear()
    assert machine.publish() == [] and len(account.calls) == 2


def test_another_site_in_the_same_account_is_left_alone(machine: Machine) -> None:
    """Campaigns without our key, or with that of another site, are not ours."""
    for title in ("Hello", "Hello [nl:other:1]", "[nl:site:1] (copy 01)"):
        machine.account.campaigns.create(
            {"type": "regular", "settings": {"title": title}, "recipients": {"list_id": "a1b2c3d4e5"}}
        )
    assert [step.action for step in machine.plan()] == ["draft"]


def test_status_says_what_is_odd(machine: Machine) -> None:
    """`status` tells overdue schedules and a send that reached nobody, with moments in local time and UTC."""
    machine.editions = [edition(), edition(2, send_at=machine.account.clock.now() + timedelta(hours=1))]
    machine.send()
    machine.publish()
    one, two = machine.account.campaigns.known.values()
    one.emails_sent = 0
    late = machine.account.clock.now() + timedelta(hours=5)
    lines = status(machine.editions, machine.list().truth(), machine.ledger.events(), late, "Europe/Berlin")
    wrong = [line.words for line in lines if line.level is Level.WRONG]
    assert (
        "not one letter went out" in wrong[0]
        and "overdue since 2026-05-04 12:15 Europe/Berlin (2026-05-04 10:15 UTC)" in wrong[1]
    )
    assert two.status == "schedule"
