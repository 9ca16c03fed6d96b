"""Whether a mail server said for good that a mailbox is not there (RFC 3463, RFC 5321), by its codes and its words."""

from __future__ import annotations

import re

TEMPORARY = ("5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.3.", "5.4.", "5.5.", "5.6.", "5.7.")
"""Permanent failures (RFC 3463) that are not about the mailbox: the sender, full, letter too big, server, network, content,
policy.
"""

VAGUE = ("", "5.0.0", "5.1.0", "5.2.0", "5.2.1")
"""Codes behind which anything may stand: Exim always says the first, Cisco's servers 5.1.0, and Gmail 5.2.1 also of a
mailbox that gets too many letters just now.
"""

OF_THE_MAILBOX = ("550", "551", "553", "556")
"""Replies (RFC 5321, RFC 7504) that speak of the mailbox; 552 is a full one, 554 and the rest refuse the sender or the letter."""

_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.])([45][0-5]\d)(?![\d.])")
_ADDRESS = re.compile(r"\S+@\S+")
_MISSING = re.compile(
    r"(?i)\b(?:no such|no|unknown|invalid|unrouteable) (?:local )?(?:user|recipient|mailbox|address|account)\b"
    r"|\b(?:user|recipient|mailbox|address|account)\b[^.]{0,40}\b(?:unknown|not found|disabled|not exist|have an?\b.*\baccount)"
)
_OF_THE_SENDER = re.compile(r"(?i)\b(?:sender|from address|hostname|ip address|spf|dkim|dmarc|helo)\b")
_OTHER = re.compile(
    r"(?i)\b(?:full|quota|storage|space|size|spam\w*|junk|virus\w*|malware|block(?:ed|list\w*|ing)?|black ?list\w*|listed|polic(?:y|ies)"
    r"|reputation|rbl|dnsbl|relay\w*|rate|too (?:many|much|large|big)|gr[ae]y ?list\w*|content|exceed\w*|limits?"
    r"|reverse|ptr|authenticat\w+|not (?:allowed|permitted|authori[sz]ed)|abuse|prohibit\w*|denied|banned|unsolicited|suspicious"
    r"|phish\w*|attachments?|(?:message|e?-?mail|connection|host)s? (?:was |is |has been |content )?(?:rejected|refused)"
    r"|(?:reject\w*|refus\w*) (?:your |this |the )?(?:message|e?-?mail))\b"
)
"""What servers say of a full mailbox, of the letter, and of the sender, where they say it in words alone."""


def reason_of(status: str, said: str) -> str:
    """Why, in a code of RFC 3463: a status that says no more than "failed" is told by what the mailbox's own server said."""
    told = _codes(status)[:1]
    if told and told[0] not in VAGUE:
        return told[0]
    return next((code for code in _codes(said) if code not in VAGUE), told[0] if told else "")


def is_for_good(status: str, said: str) -> bool:
    """Whether a failed delivery means that there is no such mailbox, or no longer."""
    code = reason_of(status, said)
    if code in VAGUE:
        return bool(code) and _in_words(said, spoken=code == "5.2.1")
    return code.startswith("5.") and not f"{code}.".startswith(TEMPORARY)


def _in_words(said: str, *, spoken: bool) -> bool:
    """What the server said, where no code tells more. `spoken`: the code names the mailbox, and only words can take that back."""
    words = _ADDRESS.sub(" ", said)
    if _OF_THE_SENDER.search(words):
        return False
    if _MISSING.search(words):
        return True
    reply = _REPLY.search(words)
    return (spoken or bool(reply and reply[1] in OF_THE_MAILBOX)) and not _OTHER.search(words)


def _codes(text: str) -> list[str]:
    return _STATUS.findall(text)
