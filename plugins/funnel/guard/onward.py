"""Where an address leads its reader in the end: written as a browser takes it, and past the houses that only send on."""

from __future__ import annotations

import re
import unicodedata
from base64 import urlsafe_b64decode

INNER = re.compile(
    r"(?<=.{8})(https?://?[\w-]+\.[\w.-]+.*)"  # whatever stands before it: a counter of clicks, an archive, a maker of QR codes
    r"|[?&](?:url|u|to|target|dest|destination|redirect|redirect_to|goto|next|continue)=(/[^&]+|[\w-]+\.[a-z]{2,}/[^&]+)"
)
CODED = re.compile(r"aHR0c[A-Za-z0-9+/_-]{8,400}")  # "http" in base64
SAFE = str.maketrans("+/", "-_")
ABSOLUTE = re.compile(r"(?:(https?)|intent):/*(?=[\w\[])")  # with any number of strokes
LONGEST = 2_000  # characters: addresses nested without end are no addresses


def as_taken(address: str) -> str:
    """An address in small letters as a browser takes it: with plain letters, and two strokes before the host."""
    address = address.replace("\\", "/") if "\\" in address else address
    address = address if address.isascii() else unicodedata.normalize("NFKC", address)
    return ABSOLUTE.sub(lambda match: f"{match.group(1) or 'https'}://", address, count=1)


def sent_on(address: str, written: str) -> str:
    """The address that stands in this one, which is `written` with its capitals; nothing where there is none."""
    if len(address) > LONGEST:
        return ""
    found = INNER.search(address)
    if found:
        inner: str = found.group(1) or found.group(2)
        return inner if inner[:1] == "/" or found.group(1) else f"https://{inner}"
    coded = CODED.search(written)
    if not coded:
        return ""
    letters = coded.group().translate(SAFE)
    return urlsafe_b64decode(letters[: len(letters) // 4 * 4]).decode(errors="ignore")
