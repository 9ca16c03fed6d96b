"""One line of the ledger: an effect outside this machine, meant or done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from funnel.mailing_list.faults import LedgerFault

Fact = str | int | bool | None

ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"'.,;:]+")
"""What looks like an e-mail address. Wide on purpose: the ledger is kept in git, where nothing can be erased."""


class Phase(StrEnum):
    """`intent` is written before an effect, one of the others after it. An intent alone means: killed in between."""

    INTENT = "intent"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Event:
    """What was to be done (`action`), to what (`key`: "SITE_KEY/NUMBER", a release), how far it came, and its facts."""

    at: datetime
    action: str
    phase: Phase
    key: str
    provider: str = ""
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))

    def as_record(self) -> dict[str, Any]:
        """The event as plain values, in the order in which they stand in the file."""
        return {
            "at": self.at.isoformat(timespec="microseconds"),
            "action": self.action,
            "phase": self.phase.value,
            "key": self.key,
            "provider": self.provider,
            "facts": dict(self.facts),
        }


def event_from(record: dict[str, Any]) -> Event:
    """The event that a line describes. Raises KeyError, TypeError or ValueError where it does not describe one."""
    at = datetime.fromisoformat(record["at"])
    texts = [record[name] for name in ("action", "key", "provider")]
    facts = record["facts"]
    if at.tzinfo is None or not all(isinstance(text, str) for text in texts) or not isinstance(facts, dict):
        raise ValueError("a value of the wrong kind")
    if not all(isinstance(value, str | int | bool | None) for value in facts.values()):
        raise ValueError("a fact that is neither text, number, yes/no nor nothing")
    return Event(at, texts[0], Phase(record["phase"]), texts[1], texts[2], MappingProxyType(facts))


def without_addresses(text: str) -> str:
    """The text with everything that looks like an e-mail address blotted out: for messages of servers."""
    return ADDRESS.sub("(address)", text)


def refuse_addresses(line: str) -> None:
    """Raise LedgerFault if the line holds something like an e-mail address. The message does not repeat it."""
    if ADDRESS.search(line):
        raise LedgerFault(
            "The ledger takes no addresses of persons (it is kept in git, where nothing can be erased), and this event "
            "holds something like one. Nothing was written. This is a fault of the program: please report it."
        )
