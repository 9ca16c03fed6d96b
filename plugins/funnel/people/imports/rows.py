"""What one row of a file says about one person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

from funnel.people.contacts import LONGEST_NAME, interest_key
from funnel.people.errors import PeopleError
from funnel.people.export import unguarded
from funnel.people.imports.formats import FACTS, GONE_STATES, STATES, Claim, Evidence, Field, Format
from funnel.people.law import GONE, How, Purpose, State
from funnel.people.visible import visible, visible_lines

_YES = frozenset({"yes", "y", "true", "t", "1", "x", "on", "ja", "oui", "si", "sí"})
_NO = frozenset({"no", "n", "false", "f", "0", "off", "nein", "non"})
_DAY = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})(.*)", re.DOTALL)
FUTURE_TOLERANCE = timedelta(days=1)
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
"""Before there was e-mail: what programs write for no date at all (1899-12-30, 1900-01-01, 1904-01-01, 1970-01-01)."""


@dataclass(frozen=True)
class Plan:
    """How a file is read: its format, the columns chosen for each field, the columns that prove consent, what it says
    by its name.
    """

    format: Format
    columns: Mapping[Field, str]
    evidence: tuple[Evidence, ...]
    claim: Claim | None


@dataclass(frozen=True)
class Wish:
    """What a row asks for. `state` None: a private acquaintance. `note`: why it asks for less than the file says."""

    address: str
    name: str
    purpose: Purpose
    state: State | None
    when: datetime
    words: str
    source: str
    interests: tuple[str, ...]
    facts: Mapping[str, str]
    paused_until: datetime | None
    note: str = ""


class BadRow(Exception):
    """A row that cannot be used; the text says why, without repeating what stands in it."""


def choose_columns(found: Format, header: tuple[str, ...], mapping: Mapping[str, str], name: str) -> Plan:
    """Match the columns of a file to fields. `mapping` is the owner's own (field -> column) and wins. Raises
    PeopleError.
    """
    present = {column.lower(): column.lower() for column in header if column}
    columns: dict[Field, str] = {}
    for column, meaning in found.columns.items():  # its surest names stand first: `email` before `address`
        if column in present and meaning not in columns:
            columns[meaning] = column
    for text, column in mapping.items():
        columns[_field(text)] = _column(column, header, name)
    if Field.ADDRESS not in columns:
        raise PeopleError(
            f"{name}: none of its columns is known to hold e-mail addresses. Columns: {', '.join(header)}.\n"
            "Say which one does: --map address=COLUMN"
        )
    evidence = found.evidence
    if Field.CONSENTED_AT in columns:
        evidence = (Evidence(columns[Field.CONSENTED_AT]), *evidence)
    return Plan(found, columns, evidence, _claim(found, present, name))


def _claim(found: Format, present: Collection[str], name: str) -> Claim | None:
    """What the file as a whole says about everybody in it: by its name, or by a column that only such a file has."""
    if not found.by_file_name:
        return found.default
    first = re.split(r"[^a-z]", PurePath(name).name.lower().replace("non-", "non"), maxsplit=1)[0]
    told = [claim for column, claim in found.by_column.items() if column in present]
    if first not in found.by_file_name and not told:
        raise PeopleError(
            f"{name}: this is a {found.name}, and only the name of such a file says whether the people in it left. "
            f"Give it back its name; it begins with {', '.join(found.by_file_name)}."
        )
    return found.by_file_name.get(first) or told[0]


def read_wish(cells: Mapping[str, str], plan: Plan, now: datetime) -> Wish:
    """The wish in one row (`cells` by column name in lower case). Raises BadRow."""
    values = {meaning: unguarded(cells.get(column, "").strip()) for meaning, column in plan.columns.items()}
    if not values[Field.ADDRESS]:
        raise BadRow("it has no e-mail address")
    claim = _row_claim(values, plan)
    state, when, note = _state(claim, values, cells, plan, now)
    return Wish(
        address=visible(values[Field.ADDRESS]),
        name=_as_kept(_name(values), state),
        purpose=_purpose(values.get(Field.PURPOSE, "")),
        state=state,
        when=when,
        words=values.get(Field.WORDS, ""),
        source=_source(plan, values),
        interests=_interests(values.get(Field.INTERESTS, "")),
        facts={
            meaning.value: visible_lines(values[meaning])
            for meaning in sorted(FACTS & values.keys())
            if values[meaning]
        },
        paused_until=read_moment(values.get(Field.PAUSED_UNTIL, "")),
        note=note,
    )


def _row_claim(values: Mapping[Field, str], plan: Plan) -> Claim | None:
    """The strongest statement against sending wins; None when the row and its file say nothing."""
    claims = [plan.claim] if plan.claim else []
    if word := values.get(Field.STATE, "").lower():
        if (claim := plan.format.states.get(word, STATES.get(word))) is None:
            raise BadRow("its state is a word that is not known")
        claims.append(claim)
    claims += _flags(values)
    if values.get(Field.LEFT_AT):
        claims.append(Claim.LEFT)
    if values.get(Field.BOUNCED_AT):
        claims.append(Claim.BOUNCED)
    order = (Claim.COMPLAINED, Claim.LEFT, Claim.BOUNCED, Claim.NEVER, Claim.PENDING, Claim.SUBSCRIBED)
    return next((claim for claim in order if claim in claims), None)


def _flags(values: Mapping[Field, str]) -> list[Claim]:
    found = []
    for meaning, yes, no in (
        (Field.WANTS, Claim.SUBSCRIBED, Claim.LEFT),
        (Field.REFUSES, Claim.LEFT, Claim.SUBSCRIBED),
    ):
        word = values.get(meaning, "").lower()
        if word and word not in _YES | _NO:
            raise BadRow("a column for yes or no holds something else")
        if word:
            found.append(yes if word in _YES else no)
    return found


def _state(
    claim: Claim | None, values: Mapping[Field, str], cells: Mapping[str, str], plan: Plan, now: datetime
) -> tuple[State | None, datetime, str]:
    if claim and claim in GONE_STATES:
        dates = (values.get(Field.LEFT_AT, ""), values.get(Field.BOUNCED_AT, ""), cells.get(plan.format.since, ""))
        left = next((moment for moment in map(read_moment, dates) if moment), now)
        return GONE_STATES[claim], min(left, now), ""
    dated = _consent_date(cells, plan, now)
    if claim is Claim.PENDING:
        return State.PENDING, min(dated or now, now), ""
    consents = claim is Claim.SUBSCRIBED or (claim is None and Field.CONSENTED_AT in plan.columns)
    if consents and dated:
        return State.CONFIRMED, min(dated, now), ""
    if claim is Claim.SUBSCRIBED:
        return State.PENDING, now, "no dated evidence of consent in the row"
    if consents and not dated and values[Field.CONSENTED_AT]:
        return State.PENDING, now, "a date of consent that cannot be one, or could be two days"
    return None, now, "no sign of consent in the row"


def _consent_date(cells: Mapping[str, str], plan: Plan, now: datetime) -> datetime | None:
    """The day of a consent that can have been given; a day to come, or one before e-mail, proves nothing."""
    for one in plan.evidence:
        if one.proof and not cells.get(one.proof, "").strip():
            continue
        moment = read_moment(cells.get(one.date, ""))
        if moment and EARLIEST <= moment <= now + FUTURE_TOLERANCE:
            return moment
    return None


def read_moment(text: str) -> datetime | None:
    """An ISO date or moment (also with slashes, year first); without a zone it is taken as UTC. None for anything else:
    03/04/2026 could be two days, and a consent must have one.
    """
    found = _DAY.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, rest = found.groups()
    try:
        moment = datetime.fromisoformat(f"{year}-{month}-{day}{rest}".replace(" UTC", "+00:00"))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _name(values: Mapping[Field, str]) -> str:
    whole = values.get(Field.NAME, "")
    parts = f"{values.get(Field.FIRST_NAME, '')} {values.get(Field.LAST_NAME, '')}"
    return " ".join((whole or parts).split())


def _as_kept(name: str, state: State | None) -> str:
    """The name without signs that are not seen. One that is broken costs the row, but keeps nobody from leaving."""
    seen = visible(name)
    broken = len(seen) > LONGEST_NAME or any(unicodedata.category(sign) == "Cc" for sign in name)
    if broken and state in GONE:
        return ""
    return name if broken else seen


def _purpose(text: str) -> Purpose:
    try:
        return Purpose(text.lower()) if text else Purpose.NEWSLETTER
    except ValueError:
        raise BadRow("its purpose is a word that is not known") from None


def _interests(text: str) -> tuple[str, ...]:
    return tuple(interest_key(word) for word in re.split(r"[,;|]", text) if re.search(r"\w", word))


def _source(plan: Plan, values: Mapping[Field, str]) -> str:
    """Which kind of file said so; of our own exports also by whose word it was there. Never the name of the file: it
    may be a person's.
    """
    known = {how.value for how in How}
    before = values.get(Field.HOW, "")
    return f"{plan.format.name} (there: {before})" if before in known else plan.format.name


def _field(text: str) -> Field:
    try:
        return Field(text.strip().lower())
    except ValueError:
        raise PeopleError(f"--map {text}=…: there is no such field. Fields: {', '.join(Field)}.") from None


def _column(column: str, header: tuple[str, ...], name: str) -> str:
    if column.strip().lower() not in {one.lower() for one in header}:
        raise PeopleError(f"--map …={column}: {name} has no such column. Columns: {', '.join(header)}.")
    return column.strip().lower()
