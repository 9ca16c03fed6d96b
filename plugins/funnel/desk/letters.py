"""What the desk's letters say. Plain text: nothing to load, nothing to count, readable everywhere."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from funnel.desk.options import DeskOptions
from funnel.desk.pages import WORDS
from funnel.desk.post_room import Job, Kind
from funnel.people.tokens import Ticket, Tokens, Use
from funnel.settings.mail_policy import MailPolicy
from funnel.words import read_words

SUBJECT_CONFIRM = "Please confirm: {newsletter}"
SUBJECT_DATA = "{newsletter}: what we keep about you"
CONFIRM = """\
Somebody, probably you, asked for {newsletter} at this address.

If it was you, open this page and press the button there:

{link}

You agree to this: "{words}"

If it was not you, do nothing: without the button you get no letters. The link works for seven days.

{signature}
"""

DATA = """\
Somebody, probably you, asked to see what we keep about this address.

This page shows it, lets you download it, and lets you erase it:

{link}

The link works for one day. If it was not you, do nothing.

{signature}
"""


def write_letter(options: DeskOptions, tokens: Tokens, job: Job, now: datetime) -> EmailMessage:
    """The letter of one job, dated `now`."""
    use, path, text = (Use.CONFIRM, "confirm", CONFIRM) if job.kind is Kind.CONFIRM else (Use.MANAGE, "data", DATA)
    token = tokens.make(use, Ticket(job.contact.subject, job.purpose, job.seq), now)
    message = EmailMessage(policy=MailPolicy(linesep=SMTP.linesep))
    say = read_words(WORDS, options.language)
    subject = SUBJECT_CONFIRM if job.kind is Kind.CONFIRM else SUBJECT_DATA
    message["Subject"] = say.say(subject, newsletter=options.newsletter)
    message["From"] = Address(options.sender_name, addr_spec=options.sender_address)
    message["To"] = Address(addr_spec=job.contact.address)  # the name is a stranger's word until she has confirmed
    if options.reply_to:
        message["Reply-To"] = options.reply_to
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{_unique(token)}@{urlsplit(options.url).hostname or 'desk'}>"
    message["Auto-Submitted"] = "auto-replied"  # RFC 3834: no holiday notice comes back
    link = f"{options.url}/{path}/{token}"
    signature = "\n".join([options.sender_name, *options.postal_address, options.site_url])
    words = {"newsletter": options.newsletter, "link": link, "words": options.words, "signature": signature}
    message.set_content(say.say(text, **words))
    message["Content-Language"] = say.language  # after the content, which takes headers of its kind away
    return message


def _unique(token: str) -> str:
    """A name for the Message-ID that says nothing about the person."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]
