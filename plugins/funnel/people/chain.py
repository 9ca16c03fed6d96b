"""The chain that makes a change of an old line of the consent ledger visible."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

START = "0" * 64
"""What the first line is chained to."""


def link(before: str, fields: Iterable[str]) -> str:
    """The digest of a line: SHA-256 over the digest of the line before it and every field of its own."""
    text = json.dumps([before, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
