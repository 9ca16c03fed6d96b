"""A new document: a draft with every key explained, ready to be filled in."""

from __future__ import annotations

from datetime import date, timedelta

from .names import slug_of
from .schema import TYPES, DocumentType, Field, Value

TEXT = "Write here. Everything below the second line of three hyphens is the text, in Markdown.\n"


def skeleton(kind: str, title: str, today: date, number: int = 1) -> tuple[str, str]:
    """The path in content/ and the text of a new draft.

    `today` is the day of the writer; `number` counts for an issue only. Raises ValueError for a type that does not
    exist and for a title of which no address can be made.
    """
    if kind not in TYPES:
        raise ValueError(f'there is no type "{kind}"; known: ' + ", ".join(TYPES))
    title = " ".join(title.split())
    slug = slug_of(title)
    if not slug:
        raise ValueError(f'the title "{title}" has neither a letter nor a digit')
    given = {"title": title, "date": today.isoformat(), "status": "draft", "number": str(number), "subject": title}
    given |= {"offer_name": title, "agreed": today.isoformat(), "expires": (today + timedelta(days=30)).isoformat()}
    name = f"{number:03}-{slug}" if kind == "issue" else slug
    return f"{TYPES[kind].folder}/{name}.md", _text(TYPES[kind], given)


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
