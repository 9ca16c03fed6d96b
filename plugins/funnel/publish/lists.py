"""Opens the mailing list that the settings name, with the contact book as its roll."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from funnel.mailing_list.delivery import Roll, Subscriber
from funnel.mailing_list.local import LocalList
from funnel.mailing_list.message import Sender
from funnel.mailing_list.port import MailingList
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp import read_smtp_url
from funnel.people import Book
from funnel.settings import Settings


class NobodyYet:
    """The roll of a site that has no contact book yet. Looking does not make one."""

    def recipients(self, purpose: str, interests: Collection[str]) -> Sequence[Subscriber]:
        del purpose, interests
        return ()

    def may_receive(self, address: str, purpose: str) -> bool:
        del address, purpose
        return False

    def bounce(self, address: str, purpose: str, *, when: object, source: str) -> None:
        raise LookupError("nobody is in the book")


def book_of(var: Path) -> Path:
    """Where the contact book of a site lies."""
    return var / "people.sqlite3"


def open_mailing_list(settings: Settings, environ: Mapping[str, str], var: Path) -> MailingList:
    """The list of MAILING_LIST_PROVIDER. Raises SetupFault when something is missing for it."""
    path = book_of(var)

    def roll() -> Roll:
        return Book.open(path) if path.exists() else NobodyYet()

    address = settings.newsletter_from_address
    sender = Sender(
        name=settings.newsletter_from_name or settings.sitename,
        address=address,
        reply_to=settings.newsletter_reply_to or address,
        list_name=settings.newsletter_name,
        postal_address=settings.newsletter_postal_address,
        siteurl=settings.siteurl,
        desk_url="",
    )
    url = environ.get("SMTP_URL")
    return LocalList(settings.site_key, var, roll, sender, read_smtp_url(Secret(url)) if url else None)
