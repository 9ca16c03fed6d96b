"""A clock that tests turn: sleeping moves it, so that lag and schedules take no time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that stands, but for what is slept and looked."""

    def __init__(self, now: datetime = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)) -> None:
        self._now = now
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The moment; it moves a millisecond at every look, as clocks do."""
        with self._lock:
            self._now += timedelta(milliseconds=1)
            return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._now += timedelta(seconds=max(0.0, seconds))


class RunningClock(Clock):
    """The real time, for a stand-in in front of a command that is another process."""

    def now(self) -> datetime:
        return datetime.now(UTC)
