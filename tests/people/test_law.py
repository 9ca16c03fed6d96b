"""What may follow what, and by whose word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from funnel.people import GONE, LAW, How, Standing, State
from funnel.people.law import rule

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MACHINES = {How.IMPORT, How.PROVIDER, How.REPORT, How.RESTORE}


def test_no_file_and_no_sync_moves_anybody_who_left_back() -> None:
    """From a state of leaving, no import, sync, report or restore leads to pending or confirmed."""
    for left, to, how in product(GONE, (State.PENDING, State.CONFIRMED), MACHINES):
        assert not rule(Standing(left, NOW), to, how, NOW + timedelta(days=900)).allowed


def test_only_a_mailbox_confirms_a_pending_person() -> None:
    """From pending to confirmed lead only the person's own mailbox and a provider's proof of it."""
    assert LAW[(State.PENDING, State.CONFIRMED)] == {How.MAILBOX, How.PROVIDER_OPT_IN}


def test_a_form_never_confirms() -> None:
    """Typing an address into a form confirms nobody, wherever she stands."""
    assert all(How.FORM not in hows for (_, to), hows in LAW.items() if to is State.CONFIRMED)


def test_withdrawing_is_open_to_everybody_from_everywhere() -> None:
    """Leaving is as easy as coming: from pending, confirmed and bounced, every word but the undo leads out."""
    for state in (State.PENDING, State.CONFIRMED, State.BOUNCED):
        assert LAW[(state, State.WITHDRAWN)] == set(How) - {How.UNDO}


def test_nothing_but_erase_leads_to_erased() -> None:
    """No line of the law leads to erased: only Book.erase, which deletes the person, writes it."""
    assert all(to is not State.ERASED for _, to in LAW)


@pytest.mark.parametrize("left", sorted(GONE - {State.COMPLAINED, State.ERASED}))
def test_who_left_may_ask_again(left: State) -> None:
    """A person who left, or whose mailbox bounced, becomes pending again by asking again."""
    assert rule(Standing(left, NOW), State.PENDING, How.FORM, NOW).allowed


@pytest.mark.parametrize("how", [How.PAPER, How.PROVIDER_OPT_IN])
def test_asking_again_must_be_later_than_leaving(how: How) -> None:
    """Paper or a provider's proof from before she left does not bring her back."""
    standing = Standing(State.WITHDRAWN, NOW)
    assert not rule(standing, State.PENDING, how, NOW - timedelta(seconds=1)).allowed
    assert rule(standing, State.PENDING, how, NOW + timedelta(seconds=1)).allowed


def test_an_old_export_does_not_undo_a_newer_confirmation() -> None:
    """A file that says she left last year does not end a consent that she gave this year; yesterday's clock still
    counts.
    """
    standing = Standing(State.CONFIRMED, NOW)
    assert not rule(standing, State.WITHDRAWN, How.IMPORT, NOW - timedelta(days=300)).allowed
    assert rule(standing, State.WITHDRAWN, How.IMPORT, NOW - timedelta(hours=20)).allowed
    assert rule(standing, State.WITHDRAWN, How.OWNER, NOW - timedelta(days=300)).allowed


def test_a_refusal_says_why() -> None:
    """Every refusal has a reason in words."""
    for known, to, how in product([None, *State], State, How):
        ruling = rule(Standing(known, NOW) if known else None, to, how, NOW)
        assert ruling.allowed or ruling.reason
