"""What a passage was taken for, and by which signs."""

from __future__ import annotations

from dataclasses import dataclass, field

from funnel.guard.records import Label
from funnel.guard.structure import Seen


@dataclass(slots=True)
class Verdict:
    """What a passage was taken for, and why. `needed`: the sum from which it would sell."""

    label: Label | None
    kind: str = ""
    score: float = 0.0
    needed: float = 0.0
    start: int = 0
    end: int = 0
    signs: list[Seen] = field(default_factory=list)
    soft: float = 0.0
    permission: float = 0.0
    pressure: bool = False

    @property
    def leading(self) -> Seen | None:
        """The sign that weighed most for the label."""
        asks = [seen for seen in self.signs if seen.sign.role == "ask"]
        return max(asks, key=lambda seen: (seen.sign.sales, -seen.start), default=None)
