"""Which account and audience: read from the environment only, checked before anybody is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.secret import Secret

LIST_NAMES = ("MAILCHIMP_LIST_ID", "MAILCHIMP_AUDIENCE_ID")


@dataclass(frozen=True, slots=True)
class Account:
    """The key, the address of the API without a slash at the end, and the audience. `settle`, `deadline`: seconds."""

    key: Secret
    base_url: str
    audience: str
    settle: float = 10.0
    deadline: float = 20.0

    @property
    def on_this_machine(self) -> bool:
        return _is_loopback(urlsplit(self.base_url).hostname or "")


def read_account(environ: Mapping[str, str]) -> Account:
    """Read the environment. Raises SetupFault that names everything that is missing or wrong, and never the key."""
    wrong: list[str] = []
    key = environ.get("MAILCHIMP_API_KEY", "").strip()
    if not key:
        wrong.append("MAILCHIMP_API_KEY is not set: make a key in Mailchimp (Profile > Extras > API keys).")
    elif not re.fullmatch(r"[\x21-\x7e]+", key):
        wrong.append("MAILCHIMP_API_KEY holds a sign that no key has. Copy the key again.")
    audience = _audience(environ, wrong)
    base_url = _base_url(environ, key, wrong)
    seconds = [_seconds(environ, name, usual, wrong) for name, usual in _PATIENCE]
    if wrong:
        raise SetupFault("Mailchimp cannot be used:\n  " + "\n  ".join(wrong))
    return Account(Secret(key), base_url, audience, *seconds)


_PATIENCE = (("MAILCHIMP_SETTLE_SECONDS", 10.0), ("MAILCHIMP_DEADLINE_SECONDS", 20.0))


def _audience(environ: Mapping[str, str], wrong: list[str]) -> str:
    named = {environ[name].strip() for name in LIST_NAMES if environ.get(name, "").strip()}
    if not named:
        wrong.append(
            "MAILCHIMP_LIST_ID is not set: it stands in Mailchimp under Audience > Settings > Audience name "
            "and defaults."
        )
        return ""
    if len(named) > 1:
        wrong.append("MAILCHIMP_LIST_ID and MAILCHIMP_AUDIENCE_ID name two different audiences. Take one of them out.")
    audience = min(named)
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", audience):
        wrong.append("MAILCHIMP_LIST_ID is no audience id: such an id has letters and digits only, like a1b2c3d4e5.")
    return audience


def _base_url(environ: Mapping[str, str], key: str, wrong: list[str]) -> str:
    given = environ.get("MAILCHIMP_BASE_URL", "").strip().rstrip("/")
    if given:
        return _checked_url(given, wrong)
    ending, prefix = key.rpartition("-")[2] if "-" in key else "", environ.get("MAILCHIMP_SERVER_PREFIX", "").strip()
    if ending and prefix and ending != prefix:
        wrong.append(
            f"MAILCHIMP_SERVER_PREFIX is {prefix!r}, but the key belongs to the data centre {ending!r}. Take "
            "the prefix out."
        )
    centre = prefix or ending
    if key and not re.fullmatch(r"[a-z]{2,4}[0-9]{1,3}", centre):
        wrong.append(
            "The data centre is not known: a whole key ends in -us1, -us21 or the like. Copy the key again, "
            "with its end, "
            "or set MAILCHIMP_SERVER_PREFIX."
        )
    return f"https://{centre}.api.mailchimp.com/3.0"


def _checked_url(given: str, wrong: list[str]) -> str:
    try:
        parts = urlsplit(given)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not parts.username
    except ValueError:
        usable = False
    if not usable:
        wrong.append("MAILCHIMP_BASE_URL is no web address.")
        return ""
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        wrong.append(
            "MAILCHIMP_BASE_URL is plain http to another machine: the key would travel in the open. Use https."
        )
    return given if parts.path else f"{given}/3.0"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _seconds(environ: Mapping[str, str], name: str, usual: float, wrong: list[str]) -> float:
    given = environ.get(name, "").strip()
    try:
        seconds = float(given) if given else usual
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 600:
        wrong.append(f"{name} must be a number of seconds from 0 to 600.")
    return seconds
