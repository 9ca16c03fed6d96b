"""One step of a plan for letters: what would be done with one issue, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from funnel.mailing_list.port import Campaign
from funnel.newsletter.edition import Edition


class Action(StrEnum):
    """What can be done with a letter. `nothing` and `cannot` have no effect."""

    NOTHING = "nothing"
    DRAFT = "draft"
    UPDATE = "update"
    SCHEDULE = "schedule"
    RESCHEDULE = "reschedule"
    UNSCHEDULE = "unschedule"
    SEND = "send"
    CANNOT = "cannot"

    @property
    def effect(self) -> bool:
        return self not in (Action.NOTHING, Action.CANNOT)


@dataclass(frozen=True, slots=True)
class LetterStep:
    """One step. `why` is a sentence for the person; `at` (aware) is the moment that a schedule step asks for.

    `campaign` is None where it does not exist yet when the plan is made; `edition` is None where the issue is gone.
    `over`: it went out as it is, so there is nothing more to say about it.
    """

    action: Action
    key: str
    number: int
    subject: str
    why: str
    edition: Edition | None = None
    campaign: Campaign | None = None
    at: datetime | None = None
    over: bool = False

    def words(self, timezone: str) -> str:
        """The step as one line that can be read aloud, moments in local time and UTC."""
        when = f" for {moment_words(self.at, timezone)}" if self.at else ""
        does, why = _VERBS[self.action], self.why
        told = f"{does} ({why}{when})" if self.action is Action.NOTHING else f"{does}{when} ({why})"
        subject = f" “{self.subject}”" if self.subject else ""
        return f"issue {self.number}{subject}: {told}"

    def as_record(self) -> dict[str, Any]:
        """The step as plain values; the stable form of `plan --format json` (docs/mailing-list.md)."""
        return {
            "action": self.action.value,
            "key": self.key,
            "number": self.number,
            "subject": self.subject,
            "why": self.why,
            "at": self.at.astimezone(UTC).isoformat() if self.at else None,
            "campaign": self.campaign.id if self.campaign else None,
            "status": self.campaign.status.value if self.campaign else None,
        }


def moment_words(moment: datetime, timezone: str) -> str:
    """A moment in local time and in UTC, so that nobody has to reckon."""
    local = moment.astimezone(ZoneInfo(timezone))
    return f"{local:%Y-%m-%d %H:%M} {timezone} ({moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"


def round_up(moment: datetime, grid: timedelta) -> datetime:
    """The moment, or the next one that lies on the provider's grid (counted from midnight UTC), in UTC."""
    moment = moment.astimezone(UTC)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    over = (moment - midnight) % grid
    return moment + (grid - over if over else timedelta(0))


_VERBS = {
    Action.NOTHING: "nothing to do",
    Action.DRAFT: "make a draft",
    Action.UPDATE: "bring the draft up to date",
    Action.SCHEDULE: "schedule",
    Action.RESCHEDULE: "schedule anew",
    Action.UNSCHEDULE: "take the schedule back",
    Action.SEND: "send",
    Action.CANNOT: "cannot be done",
}
