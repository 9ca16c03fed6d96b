"""From the text that was typed to the value that is meant. Nothing is guessed: what does not fit is refused."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from .entries import Entry, Listing, Pairs, Words
from .moments import NoDate, read_clock, read_day, read_moment
from .problems import did_you_mean
from .scalars import LISTS, PLAIN, Unfit, odd_signs
from .schema import Field, Value
from .targets import NoTarget, front_matter_target


def converted(field: Field, entry: Entry, zone: ZoneInfo, path: str) -> object:
    """The typed value of a key; `path` is the document's own, from which relative links are counted. Raises Unfit."""
    value = entry.value
    if field.value in LISTS:
        return _listed(field, value)
    if not isinstance(value, Words):
        raise Unfit(
            f'"{field.name}" takes one value, not a list', "Write: " + f"{field.name}: {field.example}", value.at
        )
    if not value.text.strip():
        advice = f"Give it one, such as {field.name}: {field.example}" + (
            "" if field.required else ", or take the line out."
        )
        raise Unfit(f'"{field.name}" has no value', advice, entry.at)
    if value.many_lines and field.value is not Value.TEXT:
        raise Unfit(f'"{field.name}" takes one line only', "Write the value on the line of its key.", value.at)
    return _one(field, value.text, zone, path)


def _one(field: Field, text: str, zone: ZoneInfo, path: str) -> object:
    try:
        match field.value:
            case Value.MOMENT:
                return read_moment(text, zone)
            case Value.CLOCK:
                return read_clock(text, zone)
            case Value.DAY:
                return read_day(text)
            case Value.DOCUMENT_LINK | Value.IMAGE_LINK:
                return front_matter_target(text, path, image=field.value is Value.IMAGE_LINK)
            case Value.CHOICE:
                return _choice(field, text)
            case _:
                return PLAIN[field.value](text)
    except (NoDate, NoTarget) as fault:
        raise Unfit(fault.message, odd_signs(text) or fault.advice) from None


def _choice(field: Field, text: str) -> str:
    if text in field.allowed:
        return text
    advice = odd_signs(text) or did_you_mean(text, field.allowed) or "Allowed: " + ", ".join(field.allowed) + "."
    raise Unfit(f'{field.name} cannot be "{text}"', advice)


def _listed(field: Field, value: Words | Listing | Pairs) -> tuple[object, ...]:
    """A YAML list, or text between commas (between semicolons when there is one: Pelican's rule)."""
    if isinstance(value, Pairs):
        raise Unfit(f'"{field.name}" takes a list', f"Write: {field.name}: {field.example}", value.at)
    if isinstance(value, Words) and value.many_lines:
        raise Unfit(f'"{field.name}" takes a list on one line', f"Write: {field.name}: {field.example}", value.at)
    whole = isinstance(value, Words) and field.value is Value.WAIVERS
    items = value.items if isinstance(value, Listing) else (value,) if whole else _split(value)
    found: list[object] = []
    for item in items:
        found.append(_item(field, item))
        if found[-1] in found[:-1]:
            raise Unfit(f'"{found[-1]}" is listed twice', "Keep one of the two.", item.at)
    if not found:
        raise Unfit(
            f'"{field.name}" is empty', f"Write: {field.name}: {field.example}, or take the line out.", value.at
        )
    return tuple(found)


def _split(value: Words) -> tuple[Words, ...]:
    sign = ";" if ";" in value.text else ","
    parts = [part.strip() for part in value.text.split(sign)]
    return tuple(Words(part, value.at) for part in parts if part)


def _item(field: Field, item: Words | Pairs) -> object:
    if isinstance(item, Pairs):
        if field.value is not Value.WAIVERS:
            raise Unfit(f'each word of "{field.name}" is plain text', "Put it into quotes.", item.at)
        return _pairs(item)
    try:
        if not item.text.strip():
            raise Unfit(f'a word of "{field.name}" is missing', "Write it, or take the comma or the hyphen away.")
        return LISTS[field.value](item.text)
    except Unfit as fault:
        raise Unfit(fault.message, fault.advice, fault.at or item.at) from None


def _pairs(item: Pairs) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, words in item.items:
        if key in found:
            raise Unfit(f'"{key}" is given twice', "Keep one of the two.", words.at)
        found[key] = words.text
    return found
