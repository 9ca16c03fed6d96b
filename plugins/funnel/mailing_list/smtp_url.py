"""`SMTP_URL`: smtp://, smtps:// or smtp+starttls://, with name and password if needed."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.secret import Secret


@dataclass(frozen=True, slots=True)
class SmtpUrl:
    """Where and how. `tls`: `whole` from the first byte, `start` by STARTTLS, `none` on this machine only."""

    host: str
    port: int
    tls: str
    user: str
    password: Secret


def read_smtp_url(url: Secret) -> SmtpUrl:
    """Read SMTP_URL. Raises SetupFault, without repeating it: it may hold a password."""
    try:
        parts = urlsplit(url.reveal())
        port = parts.port
        (parts.hostname or "").encode("idna")  # as the system will, when it looks for the host
    except ValueError as fault:
        raise SetupFault(_HOW_TO) from fault
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
        raise SetupFault(_HOW_TO)
    local = _is_this_machine(parts.hostname)
    tls = "whole" if parts.scheme == "smtps" else "none" if parts.scheme == "smtp" and local else "start"
    usual = {"whole": 465, "start": 587, "none": 25}[tls]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return SmtpUrl(parts.hostname, port or usual, tls, user, Secret(password))


_HOW_TO = (
    "SMTP_URL cannot be used. Write it as smtps://NAME:PASSWORD@mail.example.com (TLS from the first byte) or "
    "smtp://NAME:PASSWORD@mail.example.com:587 (STARTTLS); signs such as @ or / in the password as %40 or %2F."
)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
