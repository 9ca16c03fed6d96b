"""The record of all settings of ours. A field is a setting: `site_key` here is `SITE_KEY` in pelicanconf.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from funnel.settings import places
from funnel.settings.ascii import only_ascii

Check = Callable[[Any], str]
"""Gives what is wrong with a value, in words, or the empty string."""


class SettingsError(Exception):
    """Settings that cannot be used. The text names every one of them and the mend."""

    exitcode = 2


def _fine(_value: object) -> str:
    return ""


def _site_url(value: str) -> str:
    if not places.web_address(value):
        return "must be the whole address of the site, such as https://www.example.com"
    parts = urlsplit(value)
    if parts.username is not None:
        return "must hold no name and no password: it stands on every page"
    if value.endswith("/"):
        return "must not end with a slash"
    return only_ascii(value) or ("must not hold a question mark or a #" if parts.query or parts.fragment else "")


def _address_or_nothing(value: str) -> str:
    if value and not places.web_address(value):
        return "must be empty or a whole address that begins with https://"
    return only_ascii(value)


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        return "is no time zone that this machine knows; write one such as Europe/Berlin or America/New_York"
    return ""


def _one_of(*allowed: str) -> Check:
    def check(value: str) -> str:
        return "" if value in allowed else f"must be one of: {', '.join(allowed)}"

    return check


def _at_least(least: int) -> Check:
    def check(value: int) -> str:
        return "" if value >= least else f"must be {least} or more"

    return check


def _not_empty(value: str) -> str:
    return "" if value.strip() else "must not be empty"


def _email(value: str) -> str:
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "must be an e-mail address"
    return only_ascii(value)


def _key(value: str) -> str:
    return "" if re.fullmatch(r"[a-z0-9-]{1,40}", value) else "must be small letters, digits and hyphens, 40 at most"


def _language(value: str) -> str:
    return "" if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", value) else "must be a language tag such as en or de"


def _hex_colour(value: str) -> str:
    return "" if re.fullmatch(r"#[0-9a-fA-F]{6}", value) else "must be a colour such as #8a3b12"


def setting(default: object, words: str, check: Check = _fine) -> Any:
    """Declare one setting: its default, what it is for (the docs are made from this), and its check."""
    if isinstance(default, (dict, list)):
        raise TypeError("a default must not change: use a tuple")
    return field(default=default, metadata={"help": words, "check": check})


@dataclass(frozen=True)
class Settings:
    """Every setting that this project reads. Pelican's own settings keep their meaning and are not listed here."""

    sitename: str = setting("Two Funnels", "The name of the site.", _not_empty)
    sitesubtitle: str = setting("", "What the site is about, in one breath.")
    siteurl: str = setting(
        "http://localhost:8000", "The whole address of the site, without a slash at the end.", _site_url
    )
    author: str = setting("", "Who writes, as it is to be read on the site.")
    timezone: str = setting("UTC", "The time zone in which dates without one are meant.", _timezone)
    default_lang: str = setting("en", "The language of the site.", _language)
    site_key: str = setting(
        "site", "A short name for this site that never changes. It marks its letters at the provider.", _key
    )

    newsletter_name: str = setting("Newsletter", "The name of the newsletter.", _not_empty)
    newsletter_cadence: str = setting("", "How often it comes, in words: 'every second Tuesday'.")
    newsletter_from_name: str = setting("", "The sender's name in the letter. Empty: SITENAME.")
    newsletter_from_address: str = setting("", "The sender's address (local list, over SMTP).", _email)
    newsletter_reply_to: str = setting("", "Where replies go. Empty: the sender's address.", _email)
    newsletter_postal_address: tuple[str, ...] = setting(
        (), "Your postal address, a line each. The law wants it in every letter."
    )
    newsletter_interests: tuple[str, ...] = setting((), "Topics that a subscriber can choose.")
    mailing_list_provider: str = setting(
        "local", "Who keeps the list: local or mailchimp. The environment wins.", _one_of("local", "mailchimp")
    )
    newsletter_tracking: bool = setting(False, "Let Mailchimp count opens and clicks. Off: nobody is followed.")
    mailchimp_folder: str = setting("", "Mailchimp's folder for the campaigns; it must exist.")
    letters_per_minute: int = setting(600, "How fast the local list sends.", _at_least(1))
    letters_stop_percent: int = setting(
        5, "The local list stops when more than this share of mailboxes does not exist.", _at_least(1)
    )
    letters_stop_complaints: int = setting(
        3, "The local list stops when more than so many of 1,000 readers complain while it sends.", _at_least(1)
    )
    subscribe_url: str = setting(
        "", "Where the subscription form posts to: the desk's or Mailchimp's address.", _address_or_nothing
    )

    mailchimp_group_fields: tuple[tuple[str, str], ...] = setting(
        (), "The check boxes of Mailchimp's hosted form: a list of (topic, field), such as ('Talks', 'group[1234][1]')."
    )

    publisher: str = setting("person", "What structured data calls the author.", _one_of("person", "organization"))
    accent_colour: str = setting("#245c45", "The one colour of links and buttons, on light.", _hex_colour)
    accent_colour_dark: str = setting("#9fd0b4", "The same on dark.", _hex_colour)
    logo: str = setting("", "A picture in content/ in place of the drawn mark.")
    portrait: str = setting("", "A picture of you in content/, shown under every document.")
    portrait_alt: str = setting("", "What the portrait shows. Empty: AUTHOR.")
    navigation: tuple[tuple[str, str], ...] = setting(
        (), "The menu: a list of (label, address). Empty: made from the documents with `menu: yes`."
    )
    social: tuple[tuple[str, str], ...] = setting((), "Where else you are: a list of (label, address).")
    security_contact: str = setting("", "An address for reports of security faults.")
    feed_items: int = setting(20, "How many documents a feed holds.", _at_least(1))
    site_search: bool = setting(True, "Whether the site has a search.")
    site_cards: bool = setting(True, "Whether each document gets a picture for social networks.")
    site_cache: str = setting("", "Where derived pictures are kept. Empty: in CACHE_PATH.")

    deploy_target: str = setting(
        "local",
        "Where the site goes on-line: local, rsync, gh-pages, s3 or command. docs/deploy.md describes each.",
        _one_of(*places.KINDS),
    )
    deploy_local_path: str = setting(
        "var/site", "The folder of releases of the local target; `current` in it is the live site.", _not_empty
    )
    keep_releases: int = setting(5, "How many releases to keep for rollback.", _at_least(2))
    deploy_patience: int = setting(
        180,
        "Seconds to wait, after a deploy, until SITEURL shows the new site. Then publish stops before the letters.",
        _at_least(0),
    )
    deploy_precompress: bool = setting(
        False, "Write .br and .gz beside each text file, for a server of your own that sends them (local, rsync)."
    )
    deploy_ssh_target: str = setting(
        "", "The folder of releases of the rsync target: ssh://user@host/srv/www/site", places.folder_over_ssh
    )
    deploy_ssh_config: str = setting(
        "", "A file like ~/.ssh/config with the key and host to use (rsync; gh-pages over ssh). Empty: ssh's own."
    )
    deploy_git_remote: str = setting(
        "origin", "The repository that gh-pages pushes to: a remote of this one, or an address.", places.git_remote
    )
    deploy_git_branch: str = setting("gh-pages", "The branch that the host serves (gh-pages).", places.git_branch)
    deploy_domain: str = setting(
        "", "Your own domain for the file CNAME (gh-pages). Empty: what the branch has stays.", places.domain
    )
    deploy_s3_bucket: str = setting("", "The bucket of the s3 target.", places.bucket)
    deploy_s3_prefix: str = setting("", "The folder in that bucket. Empty: the bucket itself.")
    deploy_s3_endpoint: str = setting("", "The address of a service like S3. Empty: Amazon's.", _address_or_nothing)
    deploy_s3_region: str = setting("", "The region of the bucket. Empty: that of your AWS profile.")
    deploy_command: str = setting(
        "", "Your own command for the command target, with {folder} where the folder of the site goes.", places.command
    )

    def as_text(self) -> str:
        """The settings, one a line, in the order of this record; none of them is a secret."""
        return "\n".join(f"{item.name.upper()} = {getattr(self, item.name)!r}" for item in fields(self))


def names() -> tuple[str, ...]:
    """The names of all settings of ours as they are written in pelicanconf.py."""
    return tuple(item.name.upper() for item in fields(Settings))


def read_settings(raw: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Read our settings out of Pelican's.

    The environment wins where a setting says so.
    Raises SettingsError with one line for each setting that is wrong.
    """
    values, wrong = {}, []
    for item in fields(Settings):
        name = item.name.upper()
        value = raw.get(name, item.default)
        if name == "MAILING_LIST_PROVIDER":
            value = environ.get(name) or value
        value, fault = _typed(value, item.default)
        fault = fault or item.metadata["check"](value)
        if fault:
            wrong.append(f"{name} {fault} (it is {_without_password(value)})")
        values[item.name] = value
    if wrong:
        raise SettingsError("Settings that cannot be used (pelicanconf.py, publishconf.py):\n  " + "\n  ".join(wrong))
    return Settings(**cast("dict[str, Any]", values))


def _without_password(value: object) -> str:
    """A value as it stands in the file, but for a password in an address: messages end up in the logs of others."""
    return re.sub(r"(://[^:/@]*):.*@", r"\1:***@", repr(value))


def _typed(value: object, default: object) -> tuple[object, str]:
    if value is None:
        return default, ""
    if isinstance(default, tuple):
        if isinstance(value, (list, tuple)):
            return tuple(value), ""
        return value, "must be a list: put it between [ and ]"
    if isinstance(value, bool) != isinstance(default, bool) or not isinstance(value, type(default)):
        return value, f"must be {_NOUNS[type(default)]}"
    return value, ""


_NOUNS: dict[type, str] = {str: "text between quotes", int: "a whole number", bool: "True or False"}
