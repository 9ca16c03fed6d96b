"""Values of one document that cannot be true together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from .problems import Position, Problem
from .schema import Field, Value
from .source import Source

Values = Mapping[str, object]
Places = Mapping[str, Position]
FROM_THE_TITLE = frozenset({"title", "subject", "offer_name"})
"""Keys that `new` fills with the title that it was given."""


def contradictions(source: Source, values: Values, places: Places) -> list[Problem]:
    """Every pair of values that contradict each other, shown at the one that is more likely wrong."""
    return [
        source.problem(places[key], message, advice)
        for key, wrong, message, advice in RULES
        if key in places and wrong(values)
    ]


def untouched(source: Source, fields: Mapping[str, Field], values: Values, places: Places) -> list[Problem]:
    """Every example that `new` wrote for a needed key, and that would be published as the writer's own judgement."""
    if values.get("status") != "published":
        return []
    message = "this is only the example that `new` writes, and would be published as it stands"
    advice = "Write your own words in its place, or leave it a draft until then: status: draft"
    return [
        source.problem(places[name], message, advice)
        for name, field in fields.items()
        if field.required and field.value in {Value.TITLE, Value.TEXT} and name not in FROM_THE_TITLE
        if values.get(name) == field.example
    ]


def _before(values: Values, key: str, other: str) -> bool:
    """Whether one moment lies before the other; a day without a time counts as the whole day."""
    early, late = values.get(key), values.get(other)
    if not isinstance(early, date) or not isinstance(late, date):
        return False
    if isinstance(early, datetime) and isinstance(late, datetime) and early.timetz().replace(tzinfo=None) != time():
        return early < late
    return _day(early, late) < _day(late, early)


def _too_early(send_at: object, date: object) -> bool:
    """A letter goes out at a time of day, so 00:00 is no whole day here."""
    return isinstance(send_at, datetime) and isinstance(date, datetime) and send_at < date


def _day(moment: date, other: date) -> date:
    if not isinstance(moment, datetime):
        return moment
    zone = other.tzinfo if isinstance(other, datetime) else moment.tzinfo
    return moment.astimezone(zone).date()


def _unpaid_secret(values: Values) -> bool:
    return values.get("paid_link") is True and "disclosure" not in values


RULES: tuple[tuple[str, Callable[[Values], bool], str, str], ...] = (
    (
        "modified",
        lambda v: _before(v, "modified", "date"),
        "it was modified before its date",
        "Correct one of the two.",
    ),
    (
        "send_at",
        lambda v: _too_early(v.get("send_at"), v.get("date")),
        "the letter would go out before its page is there",
        "Make send_at later than date, by half an hour or more.",
    ),
    (
        "expires",
        lambda v: _before(v, "expires", "date"),
        "it expires before its date, so it would never be seen",
        "Correct one of the two.",
    ),
    (
        "agreed",
        lambda v: _before(v, "date", "agreed"),
        "it is dated before the day on which that person agreed",
        "Ask first; then correct one of the two.",
    ),
    (
        "paid_link",
        _unpaid_secret,
        "a link that pays needs a disclosure",
        "Tell readers: disclosure: I am paid when you buy through this link.",
    ),
    (
        "paid_link",
        lambda v: v.get("paid_link") is True and "link" not in v,
        "paid_link is yes, but there is no link",
        "Add link: https://... or take paid_link out.",
    ),
    (
        "image",
        lambda v: "image_alt" not in v,
        "a picture needs a text for those who cannot see it",
        "Add image_alt: and what the picture shows.",
    ),
    (
        "image_alt",
        lambda v: "image" not in v,
        "image_alt describes a picture, but there is no image",
        "Add image: or take image_alt out.",
    ),
    (
        "translates",
        lambda v: "lang" not in v,
        "a translation needs its language",
        "Add lang: and the language of this text, such as lang: de",
    ),
    (
        "series_index",
        lambda v: "series" not in v,
        "series_index needs the name of the series",
        "Add series: and its name.",
    ),
)
