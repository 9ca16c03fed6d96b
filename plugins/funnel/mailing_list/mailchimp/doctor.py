"""Looks at everything that letters by Mailchimp need: each thing with what was found and, if it is odd, the mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from funnel.mailing_list.carry_out import Watch
from funnel.mailing_list.faults import MailingListFault
from funnel.mailing_list.mailchimp.account import read_account
from funnel.mailing_list.mailchimp.api import Api
from funnel.mailing_list.mailchimp.audience import read_audience
from funnel.mailing_list.mailchimp.problem import Problem

MOST_SKEW = 120.0
"""Seconds by which the clocks may differ; more makes schedules go wrong."""


class Check(NamedTuple):
    """One thing that was looked at."""

    ok: bool
    what: str
    mend: str


def examine(environ: Mapping[str, str], reply_to: str, watch: Watch | None = None) -> list[Check]:
    """Ask Mailchimp about the key, the audience, its opt-in, the sender's domain, the address, the clock.

    Changes nothing.

    Stops at the first thing without which the rest cannot be asked.
    """
    watch = watch or Watch()
    checks: list[Check] = []
    try:
        api = Api(read_account(environ), watch, tries=2)
        checks += _all(api, reply_to)
    except MailingListFault as fault:
        checks.append(Check(False, "Mailchimp", str(fault)))
    return checks


def _all(api: Api, reply_to: str) -> Iterator[Check]:
    try:
        api.repeat("asking whether the key works", api.client.ping.get)
    except Problem as problem:
        yield Check(False, "Key", f"{problem}. Look at MAILCHIMP_BASE_URL and MAILCHIMP_SERVER_PREFIX.")
        return
    yield Check(True, f"Key and data centre: {api.account.base_url} answers", "")
    yield _clock(api)
    audience = read_audience(api)
    yield Check(True, f"Audience: {audience.get('name', api.account.audience)}", "")
    yield Check(True, "Double opt-in", "")  # without it there is no audience for us: `read_audience` says so
    yield from _permissions(audience)
    yield _address(audience)
    yield _domain(api, reply_to)


def _clock(api: Api) -> Check:
    try:
        there = parsedate_to_datetime(api.wire.date)
    except ValueError:
        return Check(True, "Clock: Mailchimp does not tell the time", "")
    there = there if there.tzinfo else there.replace(tzinfo=UTC)  # "-0000" says no zone, and means UTC
    skew = abs((api.watch.now() - there).total_seconds())
    mend = (
        "" if skew <= MOST_SKEW else "Set this machine's clock (switch on time by network): schedules would go wrong."
    )
    return Check(not mend, f"Clock: {skew:.0f} s from Mailchimp's", mend)


def _permissions(audience: Mapping[str, Any]) -> Iterator[Check]:
    if audience.get("marketing_permissions") is True:
        yield Check(
            False,
            "GDPR fields of the audience",
            "A letter goes to every subscriber, whichever of these boxes she ticked, because Mailchimp's API cannot ask for "
            "them. Unsubscribe in Mailchimp whoever did not allow e-mail, or leave the boxes out: Audience > Settings.",
        )


def _address(audience: Mapping[str, Any]) -> Check:
    contact = audience.get("contact")
    known = isinstance(contact, Mapping) and bool(contact.get("address1")) and bool(contact.get("city"))
    mend = (
        ""
        if known
        else "The law wants a postal address in every letter: Audience > Settings > Required email footer content."
    )
    return Check(known, "Postal address of the audience", mend)


def _domain(api: Api, reply_to: str) -> Check:
    domain = reply_to.rpartition("@")[2].lower()
    if not domain:
        return Check(False, "Sender", "Set NEWSLETTER_REPLY_TO or NEWSLETTER_FROM_ADDRESS in pelicanconf.py.")
    try:
        answer = api.repeat("reading the domains", api.client.verifiedDomains.get_verified_domains_all)
    except Problem as problem:
        return Check(False, f"Sender's domain {domain}", f"Mailchimp does not show its domains: {problem}.")
    told = answer.get("domains")
    domains = [one for one in (told if isinstance(told, list) else []) if isinstance(one, Mapping)]
    known: dict[str, Mapping[str, Any]] = {str(one.get("domain", "")).lower(): one for one in domains}
    verified = bool(known.get(domain, {}).get("verified"))
    signed = bool(known.get(domain, {}).get("authenticated"))
    if not verified:
        return Check(
            False,
            f"Sender's domain {domain}",
            "Not verified, so nothing can be sent: Account > Domains > Add and verify.",
        )
    mend = "" if signed else "Not authenticated (DKIM): Gmail and Yahoo will refuse or hide letters. Account > Domains."
    return Check(signed, f"Sender's domain {domain}", mend)
