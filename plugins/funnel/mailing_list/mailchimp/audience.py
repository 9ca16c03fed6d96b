"""The audience: that it exists, that people confirm themselves, and its folders of campaigns."""

from __future__ import annotations

from typing import Any

from funnel.mailing_list.faults import MailingListFault, SetupFault
from funnel.mailing_list.mailchimp.api import Api
from funnel.mailing_list.mailchimp.problem import Problem


def read_audience(api: Api) -> dict[str, Any]:
    """The audience. Raises SetupFault when it does not exist, or does not say that it takes only people who confirmed."""
    try:
        audience = api.repeat("reading the audience", api.client.lists.get_list, api.account.audience)
    except Problem:  # the only one that `repeat` lets through: there is none
        raise SetupFault(
            f"There is no audience {api.account.audience!r} behind this key. {_others(api)}Set "
            "MAILCHIMP_LIST_ID to the right one."
        ) from None
    if audience.get("double_optin") is False:
        raise SetupFault(
            f"The audience {audience.get('name', api.account.audience)!r} takes addresses that nobody "
            "confirmed (single opt-in). "
            "Switch double opt-in on in Mailchimp (Audience > Settings > Audience name and defaults); nothing"
            " was changed."
        )
    if audience.get("double_optin") is not True:
        raise SetupFault(
            "Mailchimp does not say that the audience has double opt-in, so nobody is written to and nobody is added. Nothing "
            "was changed; run this again in some minutes."
        )
    return audience


def folder_id(api: Api, name: str) -> str:
    """The id of a folder of campaigns. Raises SetupFault when there is none of that name."""
    folders = api.client.campaignFolders
    known = {
        str(one.get("name", "")): str(one.get("id", ""))
        for one in api.pages("reading the folders", "folders", folders.list)
    }
    if name not in known:
        have = ", ".join(sorted(known)) or "none"
        raise SetupFault(
            f"There is no folder {name!r} for campaigns at Mailchimp. There are: {have}. Make it there first."
        )
    return known[name]


def _others(api: Api) -> str:
    """The audiences that there are, as a sentence; empty when that cannot be read."""
    try:
        lists = list(api.pages("reading the audiences", "lists", api.client.lists.get_all_lists))
    except MailingListFault as fault:
        return f"({fault}) "
    named = ", ".join(f"{one.get('id', '')} ({one.get('name', '')})" for one in lists)
    return f"It sees: {named}. " if named else "It sees none. "
