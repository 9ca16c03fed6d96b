"""The plan for letters is pure: the same in, the same out, and after it was carried out there is nothing left to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from funnel.mailing_list.event import Event, Phase
from funnel.mailing_list.plan import letter_digest, plan_letters, plan_send
from funnel.mailing_list.port import MOVES, Status
from funnel.mailing_list.step import Action, round_up
from hypothesis import given, settings
from hypothesis import strategies as st

from .samples import NOW, campaign, edition, truth

SOON = NOW + timedelta(hours=3)


def actions(*args: object) -> list[str]:
    return [step.action.value for step in plan_letters(*args)]  # type: ignore[arg-type]


def done(action: str, number: int = 1, **facts: str | int) -> Event:
    return Event(NOW, action, Phase.DONE, f"site/{number}", "local", facts)


def drafted(number: int = 1, **more: str) -> Event:
    return done("draft", number, id=f"c{number}", digest=letter_digest(edition(number)), **more)


def test_a_new_issue_is_drafted() -> None:
    """An issue that nobody has heard of gets a draft, and a schedule if its send_at lies ahead."""
    assert actions([edition()], truth(), [], NOW) == ["draft"]
    assert actions([edition(send_at=SOON)], truth(), [], NOW) == ["draft", "schedule"]
    assert actions([edition(send_at=NOW - timedelta(hours=1))], truth(), [], NOW) == ["draft"]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (SOON, "go back to that list and unschedule it; if it is off there already, use resolve"),
        (NOW - timedelta(days=9), "then use resolve"),
    ],
)
def test_a_schedule_at_another_list_is_not_doubled(at: datetime, words: str) -> None:
    """What Mailchimp sends by itself, or may have sent, is neither drafted nor sent by the local list, until it was taken back
    there or the owner says what became of it. A schedule of the local list, which has no clock, holds up nothing."""
    there = [replace(drafted(), provider="mailchimp")]
    there.append(replace(done("schedule", send_at=at.isoformat()), provider="mailchimp"))
    for present in (truth(), truth(campaign(1))):
        local = replace(present, provider="local", sends_by_itself=False)
        for steps in (plan_letters([edition()], local, there, NOW), plan_send(edition(), local, there, NOW)):
            assert [step.action for step in steps] == [Action.CANNOT] and words in steps[0].why
        for over in (replace(done("unschedule"), provider="mailchimp"), done("resolve", outcome="not sent")):
            assert Action.CANNOT not in [one.action for one in plan_letters([edition()], local, [*there, over], NOW)]
    here = [drafted(), done("schedule", send_at=at.isoformat())]
    assert actions([edition()], replace(truth(), provider="mailchimp"), here, NOW) == ["draft"]


def test_a_second_plan_is_empty() -> None:
    """What the provider and the ledger know already is not done again."""
    assert actions([edition()], truth(campaign()), [drafted()], NOW) == ["nothing"]
    scheduled = campaign(status=Status.SCHEDULED, send_at=SOON)
    assert actions([edition(send_at=SOON)], truth(scheduled), [drafted()], NOW) == ["nothing"]


def test_a_changed_letter_is_updated() -> None:
    """A letter that differs in one word is brought up to date; a scheduled one is taken back for it first."""
    other = edition(words="Better words.")
    assert actions([other], truth(campaign()), [drafted()], NOW) == ["update"]
    scheduled = campaign(status=Status.SCHEDULED, send_at=SOON)
    changed = edition(words="Better words.", send_at=SOON)
    assert actions([changed], truth(scheduled), [drafted()], NOW) == ["unschedule", "update", "schedule"]


def test_a_letter_without_its_issue_is_told_by_its_number() -> None:
    """Where the issue is gone, so is its subject: no empty quotes stand in its place."""
    (told,) = [step.words("UTC") for step in plan_letters([], truth(campaign()), [drafted()], NOW)]
    assert told.startswith("issue 1: nothing to do")


def test_a_change_by_hand_at_the_provider_is_found() -> None:
    """A draft that somebody changed at the provider is brought back to the words of the issue."""
    assert actions([edition()], truth(campaign(face="b")), [drafted(face="a")], NOW) == ["update"]
    assert actions([edition()], truth(campaign(face="a")), [drafted(face="a")], NOW) == ["nothing"]


def test_a_due_letter_can_still_be_put_off() -> None:
    """Until `send-due` has sent a letter whose moment came, a `send_at` that was moved on, or taken away, holds it back."""
    past = NOW - timedelta(minutes=5)
    known = [drafted(), done("schedule", send_at=past.isoformat())]
    due = truth(campaign(status=Status.SCHEDULED, send_at=past), by_itself=False)
    assert actions([edition(send_at=SOON)], due, known, NOW) == ["reschedule"]
    assert actions([edition()], due, known, NOW) == ["unschedule"]
    assert actions([edition(words="Better words.", send_at=SOON)], due, known, NOW) == ["update", "reschedule"]
    for still in (past, past - timedelta(hours=1)):
        assert actions([edition(send_at=still)], due, known, NOW) == ["nothing"]
        assert actions([edition(words="Better words.", send_at=still)], due, known, NOW) == ["update"]


def test_a_letter_that_the_provider_is_about_to_send_is_told_when_it_was_put_off() -> None:
    """Mailchimp sends by itself: a `send_at` that is moved on, or taken away, after its moment comes too late, and says so."""
    past = NOW - timedelta(minutes=5)
    due = truth(campaign(status=Status.SCHEDULED, send_at=past))
    known = [drafted(), done("schedule", send_at=past.isoformat())]
    assert actions([edition(send_at=SOON)], due, known, NOW) == actions([edition()], due, known, NOW) == ["cannot"]
    assert actions([edition(send_at=past)], due, known, NOW) == ["nothing"]
    assert actions([edition()], due, [drafted()], NOW) == ["nothing"]  # scheduled there by hand


def test_a_moved_date_moves_the_schedule_only() -> None:
    """A new send_at reschedules, one taken away unschedules, and the letter is not touched."""
    scheduled = campaign(status=Status.SCHEDULED, send_at=SOON)
    events = [drafted(), done("schedule", send_at=SOON.isoformat())]
    later = edition(send_at=SOON + timedelta(days=1))
    assert actions([later], truth(scheduled), events, NOW) == ["reschedule"]
    assert actions([edition()], truth(scheduled), events, NOW) == ["unschedule"]
    assert actions([], truth(scheduled), events, NOW) == ["unschedule"]


def test_a_schedule_made_by_hand_is_left_alone() -> None:
    """What the owner scheduled at the provider herself is not taken back by us."""
    scheduled = campaign(status=Status.SCHEDULED, send_at=SOON)
    assert actions([edition()], truth(scheduled), [drafted()], NOW) == ["nothing"]


@pytest.mark.parametrize("status", [Status.SENDING, Status.SENT, Status.CANCELLED, Status.UNKNOWN])
def test_nothing_is_edited_after_it_went_out(status: Status) -> None:
    """Whatever changes in an issue whose letter left, or may have left, no step with an effect is planned."""
    changed = edition(words="Other words.", send_at=SOON)
    steps = plan_letters([changed], truth(campaign(status=status)), [drafted()], NOW)
    again = plan_send(changed, truth(campaign(status=status)), [drafted()], NOW)
    assert not [step for step in (*steps, *again) if step.action.effect]


def test_what_the_ledger_says_was_sent_is_never_drafted_again() -> None:
    """An issue sent by another provider, or deleted at the provider after it was sent, stays sent."""
    events = [drafted(), done("send", id="c1")]
    later = NOW + timedelta(days=1)
    assert actions([edition()], truth(), events, later) == ["nothing"]
    assert actions([edition()], truth(campaign()), events, later) == ["nothing"], "a draft that another list still has"
    assert not [one for one in plan_send(edition(), truth(campaign()), events, later) if one.action.effect]
    waiting = campaign(status=Status.SCHEDULED, send_at=SOON)
    assert actions([edition(send_at=SOON)], truth(waiting, by_itself=False), events, NOW) == ["unschedule"]
    cut_off = [drafted(), Event(NOW, "send", Phase.INTENT, "site/1", "local")]
    assert actions([edition()], truth(), cut_off, later) == ["cannot"]
    assert not [step for step in plan_send(edition(), truth(), cut_off, later) if step.action.effect]


def test_a_list_that_lags_does_not_make_a_second_draft() -> None:
    """Right after a draft was made the ledger counts, because the provider's list may not show it yet."""
    late = truth(settle=10)
    assert actions([edition()], late, [drafted()], NOW + timedelta(seconds=5)) == ["nothing"]
    assert actions([edition()], late, [drafted()], NOW + timedelta(seconds=15)) == ["draft"]


def test_sending_brings_the_draft_up_to_date_first() -> None:
    """`send` makes or mends the draft and takes a schedule back, and ends with one send."""
    plain = [step.action.value for step in plan_send(edition(), truth(), [], NOW)]
    scheduled = truth(campaign(status=Status.SCHEDULED, send_at=SOON))
    changed = [step.action.value for step in plan_send(edition(words="Other."), scheduled, [drafted()], NOW)]
    assert plain == ["draft", "send"] and changed == ["unschedule", "update", "send"]


@settings(deadline=None)
@given(
    minutes=st.integers(0, 60 * 24 * 400),
    seconds=st.integers(0, 59),
    grid=st.sampled_from([1, 5, 15, 30]),
)
def test_rounding_goes_up_and_stays_on_the_grid(minutes: int, seconds: int, grid: int) -> None:
    """A moment is never made earlier, moves by less than the grid, and lies on it."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes, seconds=seconds)
    rounded = round_up(moment, timedelta(minutes=grid))
    assert timedelta(0) <= rounded - moment < timedelta(minutes=grid)
    assert rounded.second == 0 and rounded.minute % grid == 0 and round_up(rounded, timedelta(minutes=grid)) == rounded


def test_sent_is_for_ever() -> None:
    """The law of states lets nothing follow `sent`, and lets only our own ignorance become everything."""
    assert MOVES[Status.SENT] == {Status.SENT} and MOVES[Status.UNKNOWN] == set(Status)
    assert all(Status.DRAFT not in MOVES[status] for status in (Status.SENDING, Status.SENT, Status.CANCELLED))


def test_a_step_can_be_read_aloud_and_by_a_machine() -> None:
    """A step tells moments in local time and UTC, and its record has the documented names."""
    step = plan_letters([edition(send_at=SOON)], truth(grid=15), [], NOW)[1]
    assert step.words("Europe/Berlin") == (
        "issue 1 “What we learnt, part 1”: schedule for 2026-05-04 14:00 Europe/Berlin (2026-05-04 12:00 UTC) "
        "(its send_at says so)"
    )
    assert list(step.as_record()) == ["action", "key", "number", "subject", "why", "at", "campaign", "status"]
    assert step.action is Action.SCHEDULE


def test_of_an_issue_that_is_gone_no_empty_name_is_read_aloud() -> None:
    """Nobody knows the subject of a draft whose issue was deleted, so its number stands alone."""
    (step,) = plan_letters([], truth(campaign(1)), [drafted()], NOW)
    assert step.words("UTC").startswith("issue 1: nothing to do (its issue is not published any more")


def test_what_is_scheduled_already_reads_as_a_sentence() -> None:
    """Where there is nothing to do, the moment stands beside what it belongs to: the schedule that is there."""
    scheduled = campaign(status=Status.SCHEDULED, send_at=SOON)
    events = [drafted(), done("schedule", send_at=SOON.isoformat())]
    (step,) = plan_letters([edition(send_at=SOON)], truth(scheduled), events, NOW)
    assert step.words("UTC").endswith(
        ": nothing to do (it is scheduled for 2026-05-04 12:00 UTC (2026-05-04 12:00 UTC))"
    )
