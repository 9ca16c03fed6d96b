"""Starts the subscription desk with the contact book, the words of consent and the mail server of the site."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from email.message import EmailMessage

from funnel.desk import Deliver, Listening, desk_options, serve, to_outbox
from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp import Answer, Receipt, SmtpCarrier
from funnel.mailing_list.smtp_url import SmtpUrl, read_smtp_url
from funnel.publish.build import Site
from funnel.settings import Settings


class NotHandedOver(OSError):
    """The mail server did not take a letter of the desk; it is tried again later."""


def run_desk(
    site: Site, settings: Settings, environ: Mapping[str, str], where: Listening, say: Callable[[str], None]
) -> None:
    """Serve the desk until interrupted. Raises PeopleError and SetupFault, in plain words, when something is missing for it."""
    options = desk_options(settings, site.root / "content")
    url = environ.get("SMTP_URL")
    deliver = by_smtp(read_smtp_url(Secret(url)), say) if url else to_outbox(site.var / "outbox" / "desk")
    if not url:
        say("SMTP_URL is not set: the desk's letters stay as files in var/outbox/desk.")
    _keep_a_log()
    serve(site.var, options, deliver, where, say)


def _keep_a_log() -> None:
    """What the desk writes down goes to the terminal, or to whoever runs it (systemd's journal); of others only trouble."""
    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger("funnel.desk").setLevel(logging.INFO)


def by_smtp(where: SmtpUrl, say: Callable[[str], None]) -> Deliver:
    """Hand the desk's letters to a mail server, one connection a letter: they are few.

    Where the server cannot be used as things are set up, or does not want the sender just now (a daily quota, a list of
    spammers), the owner is told, and the letter waits for the mend. She is told as well of a letter that is lost.
    """

    def deliver(message: EmailMessage, before_last_byte: Callable[[], None]) -> None:
        try:
            with SmtpCarrier(where) as carrier:
                receipt = carrier.carry(message, before_last_byte)
        except SetupFault as fault:
            say(str(fault))
            raise NotHandedOver(str(fault)) from None
        if receipt.answer is Answer.LATER or receipt.unwanted:
            say(f"A letter of the desk was not taken yet ({_reason(receipt)}); the desk tries for half a day.")
            raise NotHandedOver(receipt.words)
        if receipt.answer is not Answer.TAKEN:
            say(_LOST[receipt.answer].format(reason=_reason(receipt)))

    return deliver


def _reason(receipt: Receipt) -> str:
    """The codes of an answer; its words may hold a reader's name. Where the server said nothing, our own words."""
    code = re.match(r"\d\.\d{1,3}\.\d{1,3}\b", receipt.words)
    return f"{receipt.code} {code[0] if code else ''}".strip() if receipt.code else receipt.words


_LOST = {
    Answer.REFUSED: "The mail server refused a letter of the desk for its mailbox ({reason}), so it is not tried again. If that happens to every "
    "letter, ask whoever runs the server of SMTP_URL whether you may send by it from NEWSLETTER_FROM_ADDRESS.",
    Answer.UNKNOWN: "The mail server did not say whether it took a letter of the desk. It is not sent a second time; the "
    "person can ask for another tomorrow.",
}
