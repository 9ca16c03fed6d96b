"""How sent campaigns fared: bounces and complaints, as Mailchimp counts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from funnel.mailing_list.faults import MailingListFault
from funnel.mailing_list.mailchimp.api import Api
from funnel.mailing_list.port import Campaign, Status, Truth


def with_reports(api: Api, truth: Truth) -> Truth:
    """The truth with the counts of bounces and complaints of every sent campaign, or with a note why it has none."""
    pages = api.pages("reading the reports", "reports", api.client.reports.get_all_campaign_reports)
    try:
        reports = {str(one.get("id", "")): one for one in pages}
    except MailingListFault as fault:  # what became of the letters is told all the same
        return replace(truth, note=f"Bounces and complaints are not known. {fault}")
    campaigns = {key: _counted(one, reports.get(one.id, {})) for key, one in truth.campaigns.items()}
    return replace(truth, campaigns=campaigns)


def shortfall(campaign: Campaign) -> str:
    """What is odd about the number of letters of a campaign that has just been sent, in words; empty: nothing."""
    if campaign.status is not Status.SENT or campaign.sent_count >= max(campaign.planned, 1):
        return ""
    if not campaign.sent_count:
        return "Mailchimp says that not one letter went out"
    return f"Mailchimp had counted {campaign.planned} readers; look there what became of the others"


def _counted(campaign: Campaign, report: Mapping[str, Any]) -> Campaign:
    bounces = report.get("bounces")
    kinds = ("hard_bounces", "soft_bounces", "syntax_errors")
    counts = [bounces.get(kind) for kind in kinds] if isinstance(bounces, Mapping) else []
    complained = report.get("abuse_reports")
    return replace(
        campaign,
        bounced=sum(count for count in counts if isinstance(count, int)),
        complained=complained if isinstance(complained, int) else 0,
    )
