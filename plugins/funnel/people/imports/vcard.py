"""vCard 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350), as telephones and mail programs write them. Nobody in an address book
gave consent.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator

from funnel.people.errors import PeopleError
from funnel.people.imports.table import Row, Table, decode

HEADER = ("address", "name", "birthday", "note", "language", "phone", "company", "postal")
_FACTS = {"BDAY": "birthday", "NOTE": "note", "LANG": "language", "TEL": "phone", "ORG": "company", "ADR": "postal"}
_LINE = re.compile(r"(?:[\w-]+\.)?([\w-]+)((?:;(?:[^:\";]|\"[^\"]*\")*)*):(.*)", re.DOTALL)


def is_vcard(content: bytes) -> bool:
    """Does the file begin as a vCard does?"""
    start = content[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    return start.startswith(b"BEGIN:VCARD")


def read_cards(content: bytes, name: str) -> Table:
    """Every address of every card as one row of a table. Raises PeopleError for a file that ends inside a card."""
    text, encoding = decode(content, name)
    cards = list(_cards(text, name))
    return Table(encoding, "", HEADER, (Row(line, cells) for line, card in cards for cells in _rows(card)))


def _cards(text: str, name: str) -> Iterator[tuple[int, list[tuple[str, str, str]]]]:
    """Each card with the number of its first line; a card is (property, parameters, value)."""
    card: list[tuple[str, str, str]] | None = None
    begun = 0
    for number, line in _unfolded(text):
        found = _LINE.fullmatch(line)
        if not found:
            continue
        label, parameters, value = found[1].upper(), found[2].upper(), found[3]
        if label == "BEGIN" and value.strip().upper() == "VCARD":
            card, begun = [], number
        elif label == "END" and card is not None:
            yield begun, card
            card = None
        elif card is not None:
            card.append((label, parameters, _value(parameters, value)))
    if card is not None:
        raise PeopleError(
            f"{name}: the card that begins on line {begun} never ends. The file was cut short; nothing was imported."
        )


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first line: folded by a leading space, or by quoted-printable's trailing
    `=`.
    """
    start, held, quoted = 0, [""], False
    for number, line in enumerate(text.splitlines(), 1):
        if quoted and held[-1].endswith("="):
            held[-1] = held[-1][:-1]
            held.append(line)
        elif held[0] and line[:1] in (" ", "\t"):
            held.append(line[1:])
        else:
            yield start, "".join(held)
            start, held = number, [line]
            quoted = "QUOTED-PRINTABLE" in line.upper().partition(":")[0]
    yield start, "".join(held)


def _value(parameters: str, value: str) -> str:
    if "QUOTED-PRINTABLE" in parameters:
        charset = re.search(r"CHARSET=([\w-]+)", parameters)
        try:
            value = quopri.decodestring(value.encode()).decode(charset[1] if charset else "utf-8", "replace")
        except (LookupError, UnicodeError):  # no such encoding, or one that is not for texts
            value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
    return value


def _rows(card: list[tuple[str, str, str]]) -> Iterator[tuple[str, ...]]:
    facts = {_FACTS[label]: _plain(value) for label, _, value in reversed(card) if label in _FACTS}
    name = next((_plain(value) for label, _, value in card if label == "FN"), "") or _structured(card)
    for label, _, value in card:
        if label == "EMAIL" and value.strip():
            address = _plain(value).removeprefix("mailto:")
            yield (address, name, *(facts.get(column, "") for column in HEADER[2:]))


def _structured(card: list[tuple[str, str, str]]) -> str:
    family, given, *_ = (next((value for label, _, value in card if label == "N"), "") + ";").split(";")
    return _plain(f"{given} {family}").strip()


def _plain(value: str) -> str:
    """A value on one line: escapes undone, the parts of a structured one joined."""
    parts = re.split(r"(?<!\\);", value)
    undone = (re.sub(r"\\(.)", lambda found: " " if found[1] in "nN" else found[1], part) for part in parts)
    return " ".join(", ".join(part for part in undone if part.strip()).split())
