"""How headers of mail are written: in ASCII (RFC 2047), and without losing a space between two words."""

from __future__ import annotations

from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any


class MailPolicy(EmailPolicy):
    """The standard library's policy, but words that are not in ASCII are encoded as one text.

    It encodes them word by word, and where a line ends between two of them the space goes missing: readers of a long
    subject would see two words run into one.
    """

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {_encoded(name, value)}\r\n" if _is_foreign(value) else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii") if _is_foreign(value) else super().fold_binary(name, value)


def _is_foreign(value: Any) -> bool:
    return not str(value).isascii()


def _encoded(name: str, value: Any) -> str:
    """The header's value, folded. Mailboxes keep their address outside the encoded words."""
    if hasattr(value, "addresses"):
        return ",\r\n ".join(_mailbox(name, one) for one in value.addresses)
    return _words(name, str(value))


def _mailbox(name: str, one: Address) -> str:
    return f"{_words(name, one.display_name)}\r\n <{one.addr_spec}>" if one.display_name else one.addr_spec


def _words(name: str, text: str) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, maxlinelen=75, header_name=name).encode(linesep="\r\n")
