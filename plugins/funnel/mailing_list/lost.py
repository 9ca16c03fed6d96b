"""Schedules that a list with a clock of its own keeps, or kept, where the list in use does not show them. Pure."""

from __future__ import annotations

from datetime import datetime

from funnel.mailing_list.history import History
from funnel.mailing_list.port import Campaign, Truth


def lost_schedule(past: History, campaign: Campaign | None, truth: Truth, now: datetime) -> str:
    """Why a schedule that we made goes on, or went on, where this list does not show it; empty: there is none.

    Only a list with a clock of its own sends what it was told to without our knowing.
    """
    same = past.scheduled_by == truth.provider
    if campaign is not None and campaign.status.out:
        return ""
    if past.scheduled is None or past.sent_at is not None or same != truth.sends_by_itself:
        return ""
    when = f"{past.scheduled:%Y-%m-%d %H:%M} UTC by {past.scheduled_by}"
    if past.scheduled <= now and (campaign is None or not same):
        return f"it was to go out on {when}, and this list does not know whether it did; find out, then use resolve"
    if same:
        return ""
    return f"it is to go out on {when}: go back to that list and unschedule it; if it is off there already, use resolve"
