"""What the desk needs to know about its owner, and how patient it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from funnel.people.contacts import interest_key
from funnel.people.errors import PeopleError
from funnel.settings import Settings
from funnel.settings.consent import WORDS_FILE, consent_words

SUBSCRIBE = "/subscribe"
LONGEST_WORDS = 2_000


@dataclass(frozen=True)
class Limits:
    """How much one sender may ask for. Networks are /24 (IPv4) and /48 (IPv6)."""

    signups_per_network_an_hour: int = 30
    signups_per_address_a_day: int = 5
    signups_an_hour: int = 1_000


@dataclass(frozen=True)
class DeskOptions:
    """One desk. `url` is its own public address without a slash at the end. `words` are shown above every sign-up
    button.
    """

    url: str
    site_name: str
    site_url: str
    newsletter: str
    sender_name: str
    sender_address: str
    words: str
    reply_to: str = ""
    cadence: str = ""
    postal_address: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    language: str = "en"
    keep_requests: bool = False
    limits: Limits = field(default_factory=Limits)

    @property
    def interest_keys(self) -> dict[str, str]:
        """Each topic's key and what it is called."""
        return {interest_key(label): label for label in self.interests}


def read_words(content: Path) -> str:
    """The words of consent in `content/`; raises PeopleError when they are missing: nobody can agree to nothing."""
    path = content / WORDS_FILE
    try:
        words = consent_words(content)
    except (OSError, UnicodeDecodeError) as error:
        raise PeopleError(
            f"{path}: the words of consent cannot be read ({error.__class__.__name__}). Write there, in one paragraph, what a "
            "subscriber agrees to: what you send, how often, and that leaving is possible at any time."
        ) from None
    if not words or len(words) > LONGEST_WORDS:
        raise PeopleError(f"{path}: the words of consent are one paragraph of 1 to {LONGEST_WORDS} characters.")
    return words


def desk_options(settings: Settings, content: Path, *, keep_requests: bool = False) -> DeskOptions:
    """The desk of a site; raises PeopleError for settings that a desk cannot do without."""
    if not settings.subscribe_url.endswith(SUBSCRIBE):
        raise PeopleError(
            "SUBSCRIBE_URL is not set to a desk. Set it to the desk's public address and /subscribe, for example: "
            "https://desk.example.com/subscribe"
        )
    if not settings.newsletter_from_address:
        raise PeopleError("NEWSLETTER_FROM_ADDRESS is not set. The desk's letters need a sender.")
    return DeskOptions(
        url=settings.subscribe_url.removesuffix(SUBSCRIBE),
        site_name=settings.sitename,
        site_url=settings.siteurl,
        newsletter=settings.newsletter_name,
        sender_name=settings.newsletter_from_name or settings.sitename,
        sender_address=settings.newsletter_from_address,
        words=read_words(content),
        reply_to=settings.newsletter_reply_to,
        cadence=settings.newsletter_cadence,
        postal_address=settings.newsletter_postal_address,
        interests=settings.newsletter_interests,
        language=settings.default_lang,
        keep_requests=keep_requests,
    )
