"""The two secrets of the contact book.

The *book key* (`people.key` beside the book) names people in tombstones and seals the ledger; it is made once and never
changed. The *token secrets* sign the links in letters and can be rotated: `FUNNEL_SECRET` in the environment, or the
file `secret.key` beside the book, newest first, separated by white space. Take one away and every link that it signed
stops working.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from funnel.people.errors import PeopleError

SHORTEST_SECRET = 16


@dataclass(frozen=True)
class Keys:
    """`book`: bytes of the book key. `tokens`: secrets for links, newest first. Neither is ever shown."""

    book: bytes = field(repr=False)
    tokens: tuple[str, ...] = field(repr=False)

    def who(self, folded: str) -> str:
        """The keyed name of an address: tells two apart, tells nobody who they are without the key."""
        return hmac.digest(self.book, b"who:" + folded.encode(), "sha256").hex()

    def mark(self, subject: str, who: str) -> str:
        """Ties the random name of a person in the ledger to the keyed name of her address."""
        return self.seal(f"person:{subject} {who}")

    def seal(self, text: str) -> str:
        """A seal under the whole ledger, which only the owner of the key can make."""
        return hmac.digest(self.book, b"seal:" + text.encode(), "sha256").hex()


def read_keys(folder: Path, *, new_book: bool, environment: Mapping[str, str] = os.environ) -> Keys:
    """The keys kept in `folder`, made when missing. A book without its own key is an error, not a fresh start."""
    book = folder / "people.key"
    if not book.exists() and not new_book:
        raise PeopleError(
            f"{book} is missing. It belongs to the contact book: without it the people who asked to be erased "
            "are not known any more, and a file could bring them back.\nPut it back from your backup."
        )
    try:
        key = bytes.fromhex(_read_or_make(book))
    except ValueError:
        raise _spoilt(book) from None
    return Keys(key, _token_secrets(folder / "secret.key", environment))


def _token_secrets(path: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    given = environment.get("FUNNEL_SECRET", "").split()
    if any(len(secret) < SHORTEST_SECRET for secret in given):
        raise PeopleError(
            f"FUNNEL_SECRET holds a secret of fewer than {SHORTEST_SECRET} characters; anybody could guess the links.\n"
            "Make one: python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return tuple(given or _read_or_make(path).split())


def _read_or_make(path: Path) -> str:
    if not path.exists():
        _make(path)
    text = path.read_text(encoding="ascii", errors="replace").strip()
    if len(text) < SHORTEST_SECRET * 2 or "\ufffd" in text:
        raise _spoilt(path)
    return text


def _spoilt(path: Path) -> PeopleError:
    return PeopleError(f"{path} does not hold a key any more. Put it back from your backup.")


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # of two processes that make one at the same time, one wins
    except FileExistsError:
        return
    finally:
        draft.unlink()
