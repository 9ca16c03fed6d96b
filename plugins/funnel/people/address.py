"""E-mail addresses: what is one, and when two are the same (RFC 5321, RFC 5322; no DNS)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from funnel.people.errors import BadAddress


@dataclass(frozen=True)
class Address:
    """`deliver`: as given, domain in its ASCII form and lower case. `key`: unique in the book. `folded`: `key` in lower
    case.

    RFC 5321 section 2.4 lets us fold the case of the domain and no more, so `key` keeps the case of the local part.
    Because no mailbox in practice depends on that case, everything that stops letters also looks at `folded`: who left
    as Ann@ has left as ann@.
    """

    deliver: str
    key: str
    folded: str

    @property
    def mailbox(self) -> str:
        """Where its letters most likely arrive: what stands behind a + is a note to oneself, and Gmail reads no dots. A guess,
        good for counting and for nothing else.
        """
        local, _, domain = self.folded.rpartition("@")
        bare = local.partition("+")[0] or local
        return f"{bare.replace('.', '')}@gmail.com" if domain in _WITHOUT_DOTS else f"{bare}@{domain}"


_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})
"""Domains of one host that reads no dots before the @."""

_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
"""The dot-atom of RFC 5322 section 3.2.3, which nearly every address has before its @."""

LONGEST_LOCAL, LONGEST_ADDRESS = 64, 254


@lru_cache(maxsize=1024)
def read_address(text: str) -> Address:
    """The address in `text`; raises BadAddress with the reason, without the address."""
    local, _, domain = text.strip().rpartition("@")
    if _PLAIN_LOCAL.fullmatch(local) and len(local) <= LONGEST_LOCAL and (known := _domain(domain)):
        whole = f"{local}@{known}"
        if len(whole) <= LONGEST_ADDRESS and len(text.strip()) <= LONGEST_ADDRESS:
            return Address(whole, whole, whole.lower())
    return _examined(text)


@lru_cache(maxsize=4096)
def _domain(text: str) -> str:
    """The ASCII form of a good domain, empty for any other: of 100,000 people most share few domains, and looking is
    slow.
    """
    try:
        return _examined(f"x@{text}").key.removeprefix("x@")
    except BadAddress:
        return ""


def _examined(text: str) -> Address:
    try:
        found = validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False, allow_quoted_local=True, strict=True
        )
    except EmailNotValidError as error:
        raise BadAddress(f"this is not an e-mail address: {_reason(error, text)}") from None
    whole = f"{found.local_part}@{found.ascii_domain.lower()}"
    return Address(whole, whole, whole.lower())


def _reason(error: EmailNotValidError, text: str) -> str:
    reason = str(error)
    parts = [text.strip(), *text.strip().split("@")]
    if any(part and len(part) > 2 and part in reason for part in parts):
        return "a part of it is not allowed"
    return reason
