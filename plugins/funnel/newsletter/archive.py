"""The archive: issues by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Generic, Protocol, TypeVar


class Dated(Protocol):
    """Whatever has a date."""

    date: datetime


T = TypeVar("T", bound=Dated)


@dataclass(frozen=True)
class Year(Generic[T]):
    """The issues of one year, newest first, and the address of its page below the site's root."""

    year: int
    url: str
    issues: tuple[T, ...]


def years_of(issues: Sequence[T]) -> tuple[Year[T], ...]:
    """Newest year first. An issue belongs to the year of its own date, in the zone that the date is written in."""
    dated = sorted(issues, key=lambda issue: issue.date, reverse=True)
    grouped = groupby(dated, key=lambda issue: issue.date.year)
    return tuple(Year(year, f"newsletter/{year}/", tuple(group)) for year, group in grouped)
