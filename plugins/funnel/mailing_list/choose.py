"""Opens the mailing list that the settings and the environment name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from funnel.mailing_list.carry_out import Watch
from funnel.mailing_list.delivery import Pace, Progress, Roll, Subscriber
from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.local import LocalList
from funnel.mailing_list.message import Sender
from funnel.mailing_list.port import MailingList
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp_url import read_smtp_url
from funnel.people import Book
from funnel.people.commands import BOOK

SUBSCRIBE = "/subscribe"


class ListSettings(Protocol):
    """The settings that a mailing list needs (settings.Settings has them all)."""

    @property
    def sitename(self) -> str: ...
    @property
    def siteurl(self) -> str: ...
    @property
    def site_key(self) -> str: ...
    @property
    def newsletter_name(self) -> str: ...
    @property
    def newsletter_from_name(self) -> str: ...
    @property
    def newsletter_from_address(self) -> str: ...
    @property
    def newsletter_reply_to(self) -> str: ...
    @property
    def newsletter_postal_address(self) -> tuple[str, ...]: ...
    @property
    def mailing_list_provider(self) -> str: ...
    @property
    def subscribe_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Choices:
    """What an owner may turn. `tracking`: let Mailchimp count opens and clicks. `folder`: of campaigns at Mailchimp."""

    tracking: bool = False
    folder: str = ""
    pace: Pace = field(default_factory=Pace)


def open_list(
    settings: ListSettings,
    environ: Mapping[str, str],
    var: Path,
    *,
    choices: Choices | None = None,
    watch: Watch | None = None,
    progress: Progress = lambda _done, _all: None,
    known: Callable[[], Mapping[str, str]] = dict,
) -> MailingList:
    """Open the list of MAILING_LIST_PROVIDER (the environment wins over the settings). Changes nothing and asks nobody.

    `var` is the folder of private files; `known` gives the keys of the campaigns that we made, by their ids.
    Raises SetupFault, in words, where something is missing or cannot be right.
    """
    provider = environ.get("MAILING_LIST_PROVIDER") or settings.mailing_list_provider
    choices, watch = choices or Choices(), watch or Watch()
    if provider == "local":
        return _local(settings, environ, var, choices, watch, progress)
    if provider == "mailchimp":
        return _mailchimp(settings, environ, choices, watch, known)
    raise SetupFault(f"MAILING_LIST_PROVIDER is {provider!r}, which is no list that we know. Use local or mailchimp.")


def _local(
    settings: ListSettings, environ: Mapping[str, str], var: Path, choices: Choices, watch: Watch, progress: Progress
) -> LocalList:
    url = environ.get("SMTP_URL", "")
    smtp = read_smtp_url(Secret(url)) if url else None
    return LocalList(
        settings.site_key, var, _roll(var / BOOK, environ), _sender(settings), smtp, choices.pace, watch, progress
    )


def _mailchimp(
    settings: ListSettings,
    environ: Mapping[str, str],
    choices: Choices,
    watch: Watch,
    known: Callable[[], Mapping[str, str]],
) -> MailingList:
    # Imported here because the client library takes 0.2 s, which nobody with a local list should wait for.
    from funnel.mailing_list.mailchimp import Manner, open_mailchimp

    name = settings.newsletter_from_name or settings.sitename
    reply_to = settings.newsletter_reply_to or settings.newsletter_from_address
    if not reply_to:
        raise SetupFault(
            "No address for replies, without which Mailchimp sends nothing: set NEWSLETTER_REPLY_TO or NEWSLETTER_FROM_ADDRESS in "
            "pelicanconf.py."
        )
    manner = Manner(name, reply_to, choices.tracking, choices.folder)
    return open_mailchimp(environ, settings.site_key, manner, watch, known)


def _sender(settings: ListSettings) -> Sender:
    form = settings.subscribe_url.rstrip("/")
    return Sender(
        name=settings.newsletter_from_name or settings.sitename,
        address=settings.newsletter_from_address,
        reply_to=settings.newsletter_reply_to,
        list_name=settings.newsletter_name,
        postal_address=settings.newsletter_postal_address,
        siteurl=settings.siteurl,
        desk_url=form.removesuffix(SUBSCRIBE) if form.endswith(SUBSCRIBE) else "",
    )


class _Nobody:
    """The roll of a site that has no contact book yet. It makes no file, so that a dry run leaves no trace."""

    def recipients(self, purpose: str, interests: Collection[str]) -> Sequence[Subscriber]:
        del purpose, interests
        return ()

    def may_receive(self, address: str, purpose: str) -> bool:
        del address, purpose
        return False

    def complaints(self, purpose: str) -> int:
        del purpose
        return 0

    def bounce(self, address: str, purpose: str, *, when: datetime, source: str) -> object:
        del address, purpose, when, source
        raise SetupFault("There is no contact book to write a bounce into.")


def _roll(path: Path, environ: Mapping[str, str]) -> Callable[[], Roll]:
    """The contact book, opened when it is first needed, and once."""
    opened: list[Book] = []

    def roll() -> Roll:
        if not opened and path.exists():
            opened.append(Book.open(path, environment=environ))
        return opened[0] if opened else _Nobody()

    return roll
