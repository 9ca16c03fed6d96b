"""Why a mail server cannot be used as SMTP_URL has it: what it said, and what the owner can do."""

from __future__ import annotations

import re
import smtplib
import ssl

from funnel.mailing_list.event import without_addresses
from funnel.mailing_list.smtp_url import SmtpUrl

NO_TLS_THERE = "WRONG_VERSION_NUMBER"
"""OpenSSL's word for a server that answers in plain text."""


def server_words(words: bytes | str) -> str:
    """What a server said, with addresses blotted out, and not longer than anybody reads."""
    text = words if isinstance(words, str) else words.decode("utf-8", "replace")
    return without_addresses(text)[:300]


def quoted(code: int, words: bytes | str) -> str:
    """An answer of a server as it stands in a sentence, on one line."""
    return re.sub(r"\s+", " ", f"{code or ''} {server_words(words)}").strip().rstrip(".")


def no_answer_words(fault: OSError) -> str:
    """How a line to the server could not be made, or broke."""
    if isinstance(fault, smtplib.SMTPConnectError):
        return f"the mail server turned us away: {quoted(fault.smtp_code, fault.smtp_error)}"
    return f"the mail server does not answer: {server_words(str(fault))}"


def untrusted_words(fault: ssl.SSLCertVerificationError) -> str:
    """That a certificate is not the server's."""
    return (
        f"The mail server of SMTP_URL shows a certificate that this machine does not trust ({fault.verify_message}). "
        "Write the server's name as its certificate has it; the letters that are left were not sent."
    )


def plain_words(where: SmtpUrl) -> str:
    """That a server does not speak TLS where it was expected."""
    return (
        f"The mail server of SMTP_URL does not begin with TLS on port {where.port}. smtps:// is for servers that do (port 465); for "
        "STARTTLS (port 587) write smtp://, on this machine smtp+starttls://. The letters that are left were not sent."
    )


def unwanted_sender_words(code: int, words: bytes) -> str:
    """That a server takes nothing from the sender, or not before a login."""
    if code == 530:
        return (
            f"The mail server of SMTP_URL takes letters only after STARTTLS or a login ({quoted(code, words)}). Write "
            "smtp://NAME:PASSWORD@ before its name, on this machine smtp+starttls://NAME:PASSWORD@; the letters that are left were not sent."
        )
    return (
        f"The mail server takes no letters from the address of the sender ({quoted(code, words)}). Set NEWSLETTER_FROM_ADDRESS "
        "in pelicanconf.py to one that the name in SMTP_URL may use; the letters that are left were not sent."
    )


def unusable_words(fault: smtplib.SMTPException, where: SmtpUrl, *, offers_tls: bool) -> str:
    """Why nobody got in. `offers_tls`: the server would have spoken TLS, and SMTP_URL did not ask for it."""
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        said = quoted(fault.smtp_code, fault.smtp_error)
        if fault.smtp_code < 500:
            return (
                f"The mail server of SMTP_URL lets nobody log in just now ({said}). Try again in some minutes; "
                "the letters that are left were not sent."
            )
        return f"The mail server refused the name and password of SMTP_URL ({said}). Check both; the letters that are left were not sent."
    if isinstance(fault, smtplib.SMTPNotSupportedError) and offers_tls:
        return (
            "The mail server of SMTP_URL takes a name and a password over TLS only. Write smtp+starttls:// in the place of smtp://; "
            "the letters that are left were not sent."
        )
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return (
            "The mail server of SMTP_URL offers no TLS (or no login), and letters with names and addresses do "
            "not go over the net in the open. Use smtps:// or another server; the letters that are left were not sent."
        )
    if isinstance(fault, smtplib.SMTPResponseException):
        said = quoted(fault.smtp_code, fault.smtp_error)
        return (
            f"The mail server of SMTP_URL refused the connection ({said}). Check the address and whether you may use it; "
            "the letters that are left were not sent."
        )
    return (
        f"The mail server of SMTP_URL ({where.host}) offers no login with a name and a password. Some hosts have an address for "
        "that, or a switch in the mailbox's settings: ask whoever runs it. The letters that are left were not sent."
    )
