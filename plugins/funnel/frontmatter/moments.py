"""Dates and times as ISO 8601 writes them, in the time zone of the site. No other way of writing a date is taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
ISO_MOMENT = re.compile(
    ISO_DAY.pattern + r"[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?: ?(Z|[+-]\d{2}:?\d{2}))?", re.ASCII
)


class NoDate(ValueError):
    """What is wrong with a date, and what to do about it."""

    def __init__(
        self, message: str, advice: str = "Write it as 2026-05-04, or with a time as 2026-05-04 09:30."
    ) -> None:
        super().__init__(message)
        self.message, self.advice = message, advice


def read_day(text: str) -> date:
    """A date without a time."""
    match = ISO_DAY.fullmatch(text)
    if not match:
        raise NoDate(f'"{text}" is not a date', "Write it as 2026-05-04: year, month, day.")
    return _day(text, *map(int, match.groups()))


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """A date (its first minute), a local time in `zone`, or a time with its own offset from UTC."""
    if ISO_DAY.fullmatch(text):
        return _midnight(text, zone)
    return read_clock(text, zone)


def read_clock(text: str, zone: ZoneInfo) -> datetime:
    """A date with a time of day. A local time that does not exist, or that comes twice, is refused."""
    match = ISO_MOMENT.fullmatch(text)
    if not match:
        wanting = "has no time of day" if ISO_DAY.fullmatch(text) else "is not a date"
        raise NoDate(f'"{text}" {wanting}', "Write it as 2026-05-04 09:30.")
    year, month, day, hour, minute, second, offset = match.groups()
    found = datetime.combine(_day(text, int(year), int(month), int(day)), _time(text, hour, minute, second or "0"))
    return _with_offset(text, found, offset) if offset else _local(text, found, zone)


def stand_in(environ: Mapping[str, str]) -> datetime | None:
    """The moment that stands in for the clock, for tests and repeatable builds: FUNNEL_NOW; None where it is not set.

    Written as in front matter; without an offset it is UTC, for whoever reads it may not know the site's zone. Raises NoDate.
    """
    given = environ.get("FUNNEL_NOW", "")
    return read_moment(given, ZoneInfo("UTC")) if given else None


def _day(text: str, year: int, month: int, day: int) -> date:
    if not 1970 <= year <= 2199:
        raise NoDate(f'the year of "{text}" is not between 1970 and 2199')
    try:
        return date(year, month, day)
    except ValueError:
        raise NoDate(
            f'"{text}" is not in the calendar', "Look at the month and the day: 2026-05-04 is 4 May 2026."
        ) from None


def _time(text: str, hour: str, minute: str, second: str) -> time:
    try:
        return time(int(hour), int(minute), int(second))
    except ValueError:
        raise NoDate(
            f'"{text}" has no such time of day', "Hours go from 00 to 23, minutes and seconds from 00 to 59."
        ) from None


def _with_offset(text: str, found: datetime, offset: str) -> datetime:
    try:
        return datetime.fromisoformat(found.isoformat() + ("+00:00" if offset == "Z" else offset))
    except ValueError:
        raise NoDate(
            f'"{text}" has no such offset from UTC', "Offsets go from -23:59 to +23:59, such as +02:00."
        ) from None


def _local(text: str, found: datetime, zone: ZoneInfo) -> datetime:
    early, late = found.replace(tzinfo=zone, fold=0), found.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    if _exists(early):
        raise NoDate(
            f'"{text}" comes twice in {zone.key}, because the clocks go back',
            f"Say which one with its offset: {text}{_offset(early)} (first) or {text}{_offset(late)} (second).",
        )
    raise NoDate(
        f'"{text}" does not exist in {zone.key}, because the clocks go forward over it',
        "Choose a time before or after the change.",
    )


def _midnight(text: str, zone: ZoneInfo) -> datetime:
    """The first minute of a day: some zones change their clocks at midnight, so it need not be 00:00."""
    start = datetime.combine(read_day(text), time(), zone)
    while not _exists(start):
        start += timedelta(minutes=15)
    return start


def _exists(moment: datetime) -> bool:
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) == moment.replace(tzinfo=None)


def _offset(moment: datetime) -> str:
    return moment.strftime("%z")[:3] + ":" + moment.strftime("%z")[3:5]
