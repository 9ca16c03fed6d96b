"""What a letter may be: sizes, the preheader, addresses that work from anywhere."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

HTML_LIMIT = 100 * 1024
"""Bytes. Gmail shows only about the first 102 KB of a letter, and hides the way out with the rest."""
IMAGES_LIMIT = 300 * 1024
"""Bytes of all pictures of a letter: about a second and a half on a slow mobile line."""
PREHEADER = range(30, 131)
"""Characters. Mailboxes show 30 to 130 of them; a shorter one lets them add whatever comes next in the letter."""
SUBJECT_LIMIT = 120
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SAME = 4
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"]")
_LOCAL = re.compile(r"(?:^|\.)(?:localhost|local|internal|lan|home\.arpa)$")


def preheader_fault(preheader: str, subject: str, opening: str) -> str:
    """Why a preheader does not do its work; the empty string if it does. `opening` is how the letter begins."""
    if not preheader:
        return ""
    if len(preheader) < PREHEADER.start:
        return (
            f"the preheader has {len(preheader)} characters; with fewer than {PREHEADER.start} a mailbox adds its own"
        )
    if len(preheader) >= PREHEADER.stop:
        return f"the preheader has {len(preheader)} characters; mailboxes show {PREHEADER.stop - 1} at most"
    first = _words(preheader)[:_SAME]
    for text, name in ((subject, "the subject"), (opening, "the letter")):
        if first and first == _words(text)[: len(first)]:
            return f"the preheader begins like {name}; a reader sees the same words twice"
    return ""


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def is_own(address: str, siteurl: str) -> bool:
    """Whether an address is on our own site."""
    return address == siteurl or address.startswith((siteurl + "/", siteurl + "#", siteurl + "?"))


def address_fault(address: str, siteurl: str) -> str:
    """Why an address cannot stand in a letter; the empty string if it can. Our own site is judged elsewhere."""
    if is_own(address, siteurl):
        return ""
    if _UNSAFE.search(address):
        return "holds a sign that no address can hold"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "is no address that a mail program could open"
    if parts.scheme in ("mailto", "tel"):
        return "" if parts.path else "leads nowhere"
    if parts.scheme not in ("http", "https") or not host:
        return "is no address that a mail program could open"
    if "{" in address or "}" in address:
        return "holds a mark that nothing has replaced"
    return "is an address of one machine; nobody else can open it" if _is_local(host) else ""


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return bool(_LOCAL.search(host)) or "." not in host
