"""The words of consent: where they stand, in which form they are shown and kept, and their digest.

The form on the pages, the desk and the contact book must agree to the letter: what was shown is what is on record.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

WORDS_FILE = "extra/consent/newsletter.md"
"""The words of consent, inside `content/`: versioned with the site, and published with it, so that everybody can read
what was agreed to."""


def consent_words(content: Path) -> str:
    """The words in `content/` as one paragraph, without line ends. Raises OSError and UnicodeDecodeError."""
    return " ".join((content / WORDS_FILE).read_text(encoding="utf-8").split())


def words_digest(words: str) -> str:
    """The SHA-256 under which the exact words shown are kept; empty for no words."""
    return hashlib.sha256(words.encode()).hexdigest() if words else ""
