"""Keeps every letter that went out, for as long as the site lives (docs/faces.md)."""

from __future__ import annotations

from collections.abc import Callable

from funnel.mailing_list.port import Status, Truth
from funnel.newsletter.frozen import freeze
from funnel.newsletter.load import load_editions
from funnel.publish.build import Site


def keep_what_was_sent(site: Site, ask: Callable[[], Truth]) -> None:
    """Freeze every letter that is out, as the last publish prepared it, before a new build takes its record's place."""
    record, archive = site.var / "build" / "site.record", site.kept_letters
    prepared = {edition.key: edition.number for edition in load_editions(record)}
    waiting = {key: number for key, number in prepared.items() if not (archive / str(number)).exists()}
    if not waiting:
        return  # everything that could have gone out is kept: the provider is not asked
    for key, campaign in ask().campaigns.items():
        if campaign.status is Status.SENT and key in waiting:
            freeze(record, waiting[key], archive)
