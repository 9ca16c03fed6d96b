"""Makes a line to a mail server: TLS, a login, and no delay for the last dot."""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64encode

from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.smtp_url import SmtpUrl
from funnel.mailing_list.smtp_words import unusable_words

LOGGED_IN = 235


def connect(where: SmtpUrl, timeout: float) -> smtplib.SMTP:
    """A line that is ready for letters. Raises SetupFault where the server lets nobody in, OSError where none can be made."""
    secure = ssl.create_default_context()
    if where.tls == "whole":
        line: smtplib.SMTP = smtplib.SMTP_SSL(where.host, where.port, timeout=timeout, context=secure)
    else:
        line = smtplib.SMTP(where.host, where.port, timeout=timeout)
    try:
        if where.tls == "start":
            line.starttls(context=secure)
        if where.user:
            _log_in(line, where.user, where.password.reveal())
        line.ehlo_or_helo_if_needed()
    except smtplib.SMTPServerDisconnected:
        line.close()
        raise
    except smtplib.SMTPException as fault:
        offers_tls = where.tls == "none" and line.has_extn("starttls")
        line.close()
        raise SetupFault(unusable_words(fault, where, offers_tls=offers_tls)) from None
    if line.sock is not None:  # else the last dot, which goes out alone, waits 40 ms for an answer to the letter
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def _log_in(line: smtplib.SMTP, user: str, password: str) -> None:
    """Log in. smtplib writes nothing but ASCII; RFC 4616 says UTF-8."""
    if f"{user}{password}".isascii():
        line.login(user, password)
        return
    line.ehlo_or_helo_if_needed()
    answer = b64encode("\0".join(("", user, password)).encode()).decode()
    code, words = line.docmd("AUTH", f"PLAIN {answer}")
    if code != LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, words)
