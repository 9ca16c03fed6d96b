"""Explains what is missing or odd in the set-up, each with its mend."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from funnel.desk import desk_options
from funnel.desk.options import SUBSCRIBE
from funnel.newsletter.frozen import verify_frozen
from funnel.people import PeopleError
from funnel.publish.build import Site
from funnel.publish.history import held_back, overdue_words
from funnel.publish.targets import NotDeployed, open_for_examination, open_target
from funnel.publish.verify import can_be_read
from funnel.settings import Settings, SettingsError
from funnel.settings.consent import WORDS_FILE

SAMPLE = "Two Funnels"
SEEN = ("sitename", "author", "newsletter_name", "newsletter_from_name")


@dataclass(frozen=True)
class Check:
    """One look at the set-up. `mend` says what to do, and is empty when all is well."""

    what: str
    mend: str = ""

    @property
    def well(self) -> bool:
        return not self.mend


def examine(site: Site, settings: Settings, environ: Mapping[str, str], now: datetime) -> Iterator[Check]:
    """Look at everything that publishing needs, without changing anything."""
    yield Check(
        f"Python {sys.version.split()[0]}", "" if sys.version_info >= (3, 11) else "Install Python 3.11 or later."
    )
    yield _address(settings)
    yield _names(settings)
    yield _postal(settings)
    yield _sender(settings)
    yield _replies(settings)
    yield _form(site, settings)
    yield from _target(site, settings)
    yield from _letters_leave(settings, environ)
    yield from _kept_letters(site)
    yield from _missed_dates(site, settings, now)
    yield _private_is_ignored(site)
    yield _ledger_is_kept(site)
    yield _browser()


def _address(settings: Settings) -> Check:
    sample = (
        "" if can_be_read(settings.siteurl) else "It is the sample address. Write your own in publishconf.py (SITEURL)."
    )
    return Check(f"Address of the site: {settings.siteurl}", sample)


def _names(settings: Settings) -> Check:
    left = [name.upper() for name in SEEN if SAMPLE in getattr(settings, name)]
    mend = f"They are the sample's. Write your own in pelicanconf.py: {', '.join(left)}." if left else ""
    return Check(f"Names that readers see: {settings.sitename}, {settings.newsletter_name}", mend)


def _postal(settings: Settings) -> Check:
    lines = ", ".join(settings.newsletter_postal_address)
    sample = (
        ""
        if lines and "Example" not in lines
        else "The law wants your real postal address in every letter: NEWSLETTER_POSTAL_ADDRESS in pelicanconf.py."
    )
    return Check(f"Postal address: {lines or 'none'}", sample)


def _sender(settings: Settings) -> Check:
    address = settings.newsletter_from_address
    mend = "" if _real(address) else "Write the address that you send from: NEWSLETTER_FROM_ADDRESS in pelicanconf.py."
    return Check(f"Sender of the letters: {address or 'none'}", mend)


def _replies(settings: Settings) -> Check:
    """Where answers go, and without a desk the wish to leave: lost in the sample's mailbox, it would be heard by nobody."""
    address = settings.newsletter_reply_to or settings.newsletter_from_address
    mend = "" if _real(address) else "Write where answers reach you: NEWSLETTER_REPLY_TO in pelicanconf.py."
    return Check(f"Replies to the letters: {address or 'none'}", mend)


def _real(mailbox: str) -> bool:
    return bool(mailbox) and can_be_read(f"https://{mailbox.rpartition('@')[2]}")


def _form(site: Site, settings: Settings) -> Check:
    """Whether people can join, and agree to words that are the owner's own."""
    url = settings.subscribe_url
    if not url:
        mend = "Nobody can subscribe until SUBSCRIBE_URL is set: docs/desk.md, or with Mailchimp docs/mailing-list.md."
        return Check("Subscription form: not connected", mend)
    mend = ""
    if url.endswith(SUBSCRIBE):
        try:
            words = desk_options(settings, site.root / "content").words
            mend = (
                f"The words of consent name the sample. Write your own in content/{WORDS_FILE}."
                if SAMPLE in words
                else ""
            )
        except PeopleError as fault:
            mend = str(fault)
    return Check(f"Subscription form: {url}", mend)


def _target(site: Site, settings: Settings) -> Iterator[Check]:
    what = f"Where the site goes: {settings.deploy_target}"
    try:
        yield from (Check(found.what, found.mend) for found in open_for_examination(settings, site).examine())
        live = open_target(settings, site).live()
    except (NotDeployed, SettingsError) as fault:
        yield Check(what, str(fault))
        return
    yield Check(f"{what}, live release: {live.id if live else 'none yet'}")


def _letters_leave(settings: Settings, environ: Mapping[str, str]) -> Iterator[Check]:
    provider = environ.get("MAILING_LIST_PROVIDER") or settings.mailing_list_provider
    if provider == "mailchimp":
        from funnel.mailing_list.mailchimp import doctor as mailchimp  # here: nobody else needs to wait for its library

        reply_to = settings.newsletter_reply_to or settings.newsletter_from_address
        yield from (Check(found.what, found.mend) for found in mailchimp.examine(environ, reply_to))
    elif environ.get("SMTP_URL"):
        yield Check("List: local, letters leave over SMTP")
    else:
        yield Check("List: local", "Letters stay as files in var/outbox until SMTP_URL is set (docs/mailing-list.md).")


def _kept_letters(site: Site) -> Iterator[Check]:
    """Letters that went out are kept; one that was changed afterwards is no proof any more."""
    for fault in verify_frozen(site.kept_letters):
        yield Check("Letters that went out", f"{fault} Put it back from git or a backup.")


def _missed_dates(site: Site, settings: Settings, now: datetime) -> Iterator[Check]:
    """What was held back for its date, and should be on-line by now: does anything publish by itself?"""
    for words in overdue_words(held_back(site.var / "build" / "site.record"), now, settings.timezone):
        mend = f"{words.lstrip('! ')}. To let it go by itself: docs/deploy.md, Scheduled documents."
        yield Check("Scheduled documents", mend)


def _private_is_ignored(site: Site) -> Check:
    what = "Private files (var/, .env) stay out of git"
    if not shutil.which("git") or not (site.root / ".git").exists():
        return Check(f"{what}: this folder is no git repository")
    private = {"var/people.sqlite": "var/", ".env": ".env"}
    asked = ["git", "check-ignore", *private]
    ignored = subprocess.run(asked, cwd=site.root, capture_output=True, text=True, check=False).stdout.split()
    lines = [line for path, line in private.items() if path not in ignored]
    mend = f"Add to .gitignore, a line each: {', '.join(lines)}. They hold addresses of people, and secrets."
    return Check(what, mend if lines else "")


def _ledger_is_kept(site: Site) -> Check:
    return Check(f"Ledger: {'kept in ledger.jsonl' if site.ledger.exists() else 'begins with the first publish'}")


def _browser() -> Check:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    tests = importlib.util.find_spec("pytest") is not None
    mend = "Only the tests need it. On Debian: sudo apt install chromium" if tests and not found else ""
    return Check(f"Browser for the tests: {found or 'none'}", mend)
