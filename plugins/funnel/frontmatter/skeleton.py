"""A new document: a draft with every key explained, ready to be filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from .names import slug_of
from .problems import did_you_mean
from .scalars import PLAIN, Unfit
from .schema import FOLDERS, RESERVED, TYPES, DocumentType, Field, Value

TEXT = "Write here. Everything below the second line of three hyphens is the text, in Markdown.\n"
LONGEST = 80
"""Letters of a file's name. A long title lends it its first words: no disk takes more than 255, and nobody reads them."""
NOBODY: Mapping[str, str] = MappingProxyType({})


def skeleton(kind: str, title: str, today: date, number: int = 1, taken: Mapping[str, str] = NOBODY) -> tuple[str, str]:
    """The path in content/ and the text of a new draft.

    `today` is the day of the writer; `number` counts for an issue only; `taken` tells which document has an address
    already. Raises ValueError for a type that does not exist, for a title of which no address can be made, and for one
    that the site would refuse.
    """
    if kind not in TYPES:
        near = FOLDERS[kind].name if kind in FOLDERS else kind.lower()
        hint = did_you_mean(near, TYPES) or "Types: " + ", ".join(TYPES) + "."
        raise ValueError(f'there is no type "{kind}". {hint}')
    title = " ".join(title.split())
    slug = _short(slug_of(title))
    if not slug:
        raise ValueError(f'the title "{title}" has neither a letter nor a digit, so no address can be made of it')
    try:
        PLAIN[Value.TITLE](title)
    except Unfit as fault:
        raise ValueError(f"the title cannot be used: {fault.message}. {fault.advice}") from None
    given = {"title": title, "date": today.isoformat(), "status": "draft", "number": str(number), "subject": title}
    given |= {"offer_name": title, "agreed": today.isoformat(), "expires": (today + timedelta(days=30)).isoformat()}
    path = f"{TYPES[kind].folder}/{f'{number:03}-{slug}' if kind == 'issue' else slug}.md"
    address = TYPES[kind].address.format(slug=slug, number=number)
    owner = "the site itself" if kind in {"page", "offer"} and slug in RESERVED else taken.get(address, path)
    if owner != path:
        raise ValueError(f"the address {address} is taken by {owner}; choose another title")
    return path, _text(TYPES[kind], given)


def _short(slug: str) -> str:
    return slug if len(slug) <= LONGEST else slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]


def _text(kind: DocumentType, given: dict[str, str]) -> str:
    fields = kind.fields.values()
    needed = [_needed(field, given) for field in fields if field.required or field.name in {"status", "date"}]
    free = [_free(field) for field in fields if not field.required and field.name not in {"status", "date"}]
    hint = ["# The lines below are asleep. To use one, take the # and the space away, and change its value.", "#"]
    return "\n".join(["---", f"# {kind.help}", *needed, *hint, *free, "---", "", TEXT])


def _explained(field: Field) -> str:
    allowed = f" One of: {', '.join(field.allowed)}." if field.allowed else f" ({field.value})"
    return f"# {field.name}: {field.help}{allowed}"


def _needed(field: Field, given: dict[str, str]) -> str:
    value = given.get(field.name, field.example)
    return f"{_explained(field)}\n{field.name}: {_written(field, value)}"


def _free(field: Field) -> str:
    return f"{_explained(field)}\n# {field.name}: {_written(field, field.example)}"


def _written(field: Field, value: str) -> str:
    """A text in double quotes can hold everything that a title may hold."""
    if field.value in {Value.TITLE, Value.LINE, Value.TEXT}:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value
