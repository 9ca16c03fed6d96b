"""Whom a campaign goes to: everybody, or those who chose at least one of the interests.

Never more than was asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from funnel.mailing_list.faults import Refused
from funnel.mailing_list.mailchimp.api import Api

MOST_CONDITIONS = 10
"""Conditions that Mailchimp takes in one segment."""


@dataclass(frozen=True, slots=True)
class Interest:
    """A topic that subscribers can choose, and the group it stands in."""

    category: str
    id: str
    name: str


def interests_of(api: Api) -> list[Interest]:
    """All interests of the audience."""
    lists, audience = api.client.lists, api.account.audience
    found = []
    for category in api.pages(
        "reading the groups of the audience", "categories", lists.get_list_interest_categories, audience
    ):
        group = str(category.get("id", ""))
        for one in api.pages(
            "reading the interests", "interests", lists.list_interest_category_interests, audience, group
        ):
            found.append(Interest(group, str(one.get("id", "")), str(one.get("name", ""))))
    return found


def segment_of(names: Sequence[str], known: Sequence[Interest]) -> dict[str, Any]:
    """The segment of those who chose at least one of the named interests.

    Raises Refused for a name that no interest has, or two have: a letter for some must never go to all.
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        matches = [one for one in known if folded(one.name) == folded(name)]
        if len(matches) != 1:
            have = ", ".join(sorted({one.name for one in known})) or "none"
            wrong = "does not exist" if not matches else "exists in two groups"
            raise Refused(
                f"The interest {name!r} {wrong} in the audience at Mailchimp, so the letter goes to nobody rather "
                "than to "
                f"everybody. Interests there: {have}. Add it in Mailchimp (Audience > Manage contacts > Groups) or"
                " change "
                "the issue's `interests`."
            )
        groups.setdefault(matches[0].category, []).append(matches[0].id)
    if len(groups) > MOST_CONDITIONS:
        raise Refused(
            f"Interests of {len(groups)} groups are too many for one letter: Mailchimp takes {MOST_CONDITIONS}."
        )
    conditions = [
        {"condition_type": "Interests", "field": f"interests-{group}", "op": "interestcontains", "value": ids}
        for group, ids in groups.items()
    ]
    return {"match": "any", "conditions": conditions}


def folded(name: str) -> str:
    """Names of interests are compared as the contact book keeps them: `Birthday cards` and `birthday-cards` are one."""
    return re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFKC", name).casefold()).strip("-_")
