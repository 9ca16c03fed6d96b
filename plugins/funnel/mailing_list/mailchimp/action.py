"""Changes that must not be made twice blindly: status before, one try, status after; unclear is settled by looking."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from funnel.mailing_list.faults import MailingListFault, OutcomeUnknown, Refused
from funnel.mailing_list.mailchimp.api import LONGEST_WAIT, Api, gave_up
from funnel.mailing_list.mailchimp.campaign import by_key, campaign_of, of_audience
from funnel.mailing_list.mailchimp.problem import Certainty, Problem, in_words
from funnel.mailing_list.port import Campaign

TRIES = 3
"""Times that a change is asked for, each time only after Mailchimp was seen not to have made it."""

Record = dict[str, Any]


def read_campaign(api: Api, campaign_id: str) -> Record:
    """The campaign as it is now. Raises Refused when it is gone."""
    try:
        return api.repeat("reading the campaign", api.client.campaigns.get, campaign_id)
    except Problem as problem:
        raise in_words(problem, "to show the campaign") from None


def act(
    api: Api,
    campaign_id: str,
    doing: str,
    function: Callable[..., Any],
    *body: Any,
    reached: Callable[[Campaign], bool],
) -> Record:
    """Ask for a change of status until Mailchimp is seen to have made it; give the campaign as it is then.

    Raises Refused for a sure no, Unreachable when nobody was reached, OutcomeUnknown when looking does not help.
    """
    for attempt in range(1, TRIES + 1):
        problem = _try(function, api, campaign_id, *body)
        if problem and problem.certainty is Certainty.UNSTARTED:
            if attempt == TRIES:
                raise gave_up(problem, doing)
            api.rest(attempt, problem)
            continue
        if problem and problem.retry_after:
            api.rest(attempt, problem)
        patient = problem is None or problem.certainty is Certainty.UNCLEAR
        record = _look(api, campaign_id, doing, reached, patient=patient)
        if reached(campaign_of(record)):
            return record
        if problem is None:  # it was taken, and cannot be seen: to ask again would be blind
            break
        if problem.certainty is Certainty.NO:
            raise in_words(problem, f"while {doing}")
        if problem.certainty is Certainty.BUSY:
            api.rest(attempt, problem)
    raise OutcomeUnknown(
        f"Nobody can say what came of {doing}: Mailchimp gives no clear answer and its status does not change. "
        "Look at the campaign in Mailchimp, then use resolve, or run this again in some minutes."
    )


def create(api: Api, body: Record, key: str) -> Record:
    """Create a campaign; after an unclear answer look for its key before asking again, for there must be only one.

    Raises OutcomeUnknown when it may exist and cannot be seen.
    """
    for attempt in range(1, TRIES + 1):
        try:
            return api.once(api.client.campaigns.create, body)
        except Problem as problem:
            if problem.certainty is Certainty.NO:
                raise in_words(problem, "to make the campaign") from None
            if problem.certainty is Certainty.UNSTARTED and attempt == TRIES:
                raise gave_up(problem, "making the campaign") from None
            if problem.certainty is Certainty.UNSTARTED:
                api.rest(attempt, problem)
            elif (found := _settled(api, problem, key)) is not None:
                return found
    raise OutcomeUnknown(
        "Mailchimp gave no clear answer to the making of the campaign, and does not show it. Run this again in some "
        "minutes: it looks for it first."
    )


def all_campaigns(api: Api, known: Collection[str] = ()) -> list[Record]:
    """Every campaign of the audience, oldest first, and those with a `known` id that go to another audience by now."""
    audience = api.account.audience
    found = [record for record in _listed(api, list_id=audience) if of_audience(record, audience)]
    missing = set(known) - {str(record.get("id")) for record in found}
    return found + [record for record in (_listed(api) if missing else ()) if str(record.get("id")) in missing]


def _listed(api: Api, **more: str) -> Iterator[Record]:
    order = {"sort_field": "create_time", "sort_dir": "ASC"}
    return api.pages("reading the campaigns", "campaigns", api.client.campaigns.list, **order, **more)


def _settled(api: Api, problem: Problem, key: str) -> Record | None:
    """After an unclear create: wait until the list must show it, then look."""
    api.watch.sleep(max(min(LONGEST_WAIT, problem.retry_after), api.account.settle))
    try:
        records = all_campaigns(api)
    except MailingListFault as fault:
        raise OutcomeUnknown(f"It is not known whether the campaign was made. {fault}") from fault
    oldest = by_key(records, key.rpartition("/")[0])[0].get(key)
    return next((record for record in records if oldest and str(record.get("id")) == oldest.id), None)


def _try(function: Callable[..., Any], api: Api, *args: Any) -> Problem | None:
    try:
        api.once(function, *args)
    except Problem as problem:
        return problem
    return None


def _look(api: Api, campaign_id: str, doing: str, reached: Callable[[Campaign], bool], *, patient: bool) -> Record:
    """The campaign once it is as wanted; as it is when patience ends."""
    waited, pause = 0.0, 0.5
    try:
        while True:
            record = read_campaign(api, campaign_id)
            if reached(campaign_of(record)) or not patient or waited >= api.account.settle:
                return record
            api.watch.sleep(pause)
            waited, pause = waited + pause, pause * 2
    except Refused:
        raise
    except MailingListFault as fault:
        raise OutcomeUnknown(f"It is not known what came of {doing}. {fault}") from fault
