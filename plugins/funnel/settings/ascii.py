"""Addresses as mail headers and other programs hold them: in ASCII (RFC 5890)."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"((?:https?://)?(?:[^/@]*@)?)([^/:@?#]*)(.*)", re.DOTALL)


def only_ascii(address: str) -> str:
    """What is wrong with an address, of the web or of a mailbox, that is not in ASCII, with the way to write it; empty:
    nothing.
    """
    if address.isascii():
        return ""
    start, host, rest = _ADDRESS.fullmatch(address).groups()  # type: ignore[union-attr]
    try:
        written = f"{start}{host.encode('idna').decode('ascii')}{rest}"
    except UnicodeError:
        written = address
    how = f": {written}" if written.isascii() else ""
    return f"must be written as mail and other programs read it, without special letters{how}"
