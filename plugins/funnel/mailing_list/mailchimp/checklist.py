"""Mailchimp's own check before a send, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from funnel.mailing_list.event import without_addresses


def why_not_ready(checklist: Mapping[str, Any]) -> str:
    """What stands in the way of sending, as Mailchimp's send checklist tells it; empty when it is ready.

    A checklist that does not say `is_ready: true` is not ready: silence is no yes.
    """
    if checklist.get("is_ready") is True:
        return ""
    items = checklist.get("items")
    wrong = [
        ": ".join(without_addresses(str(item[name])) for name in ("heading", "details") if item.get(name))
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, Mapping) and item.get("type") == "error"
    ]
    return (
        "; ".join(wrong)
        or "Mailchimp says that the campaign is not ready, and not why (often: no verified From domain)"
    )
