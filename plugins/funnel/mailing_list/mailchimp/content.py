"""An edition in Mailchimp's words, and the proof that Mailchimp took it."""

from __future__ import annotations

import html
import re

from funnel.mailing_list.faults import Refused
from funnel.mailing_list.merge import check_letter
from funnel.newsletter.edition import Edition
from funnel.newsletter.merge import Field, fields_in, replace

ENOUGH = 0.9
"""Share of our words that must be found again.

Mailchimp may move styles and add its own lines, but takes no words away.
"""


def content_of(edition: Edition) -> dict[str, str]:
    """HTML and plain text with Mailchimp's merge tags. Raises Refused for a letter that may not be sent by law.

    CAN-SPAM wants a way out and a postal address in every letter; Mailchimp fills both in by tags of its own.
    """
    check_letter(edition)
    for part in (edition.html, edition.text):
        if not any(name is Field.ADDRESS for name, _fallback in fields_in(part)):
            raise Refused(f"Issue {edition.number}: the letter has no postal address in both of its forms.")
    return {
        "html": replace(edition.html, lambda name, fallback: _tag(name, fallback, as_html=True)),
        "plain_text": replace(edition.text, lambda name, fallback: _tag(name, fallback, as_html=False)),
    }


def in_tags(text: str) -> str:
    """A subject or preview text in Mailchimp's words."""
    return replace(text, lambda name, fallback: _tag(name, fallback, as_html=False))


def missing_words(sent: dict[str, str], taken: dict[str, object]) -> str:
    """What of a letter Mailchimp did not take, in words; empty when it took it.

    Bytes cannot be compared: Mailchimp rewrites them. So the words are.
    """
    for name, called in (("html", "the HTML form"), ("plain_text", "the plain text")):
        got = taken.get(name)
        if got is None and name == "plain_text":
            continue  # not told; where it had none Mailchimp would have made one
        if not isinstance(got, str) or not got.strip():
            return f"{called} is empty there"
        ours = _words(sent[name])
        if ours and len(ours & _words(got)) < ENOUGH * len(ours):
            return f"{called} there is another one (does the campaign have a template of its own?)"
    return ""


def _tag(name: Field, fallback: str | None, *, as_html: bool) -> str:
    if name is Field.NAME:
        otherwise = html.escape(fallback or "") if as_html else fallback or ""
        return f"*|IF:FNAME|**|FNAME|**|ELSE:|*{otherwise}*|END:IF|*"
    if name is Field.ADDRESS:
        return "*|HTML:LIST_ADDRESS_HTML|*" if as_html else "*|LIST:ADDRESSLINE|*"
    return {Field.UNSUBSCRIBE: "*|UNSUB|*", Field.PREFERENCES: "*|UPDATE_PROFILE|*", Field.CONSENT: "*|OPTIN_DATE|*"}[
        name
    ]


def _words(text: str) -> set[str]:
    seen = re.sub(r"(?s)<style.*?</style>|<!--.*?-->|<[^>]*>|\*\|.*?\|\*", " ", text)
    return set(re.findall(r"[^\W\d_]{4,}", html.unescape(seen).lower()))
