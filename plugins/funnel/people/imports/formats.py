"""The files that other programs write, as data: how to know them, and what their columns mean.

Sources, looked up in November 2026. Mailchimp: the fixtures subscribed, unsubscribed and cleaned of TryGhost/migrate
(packages/mg-mailchimp-members); the columns that the audience itself has stand between the name and MEMBER_RATING, LEID
and EUID are not always there, UNSUB_TIME is in the file of those who left only, CLEAN_TIME in that of bounces. Ghost: the
header that its own tests of the member export expect (TryGhost/Ghost); newer ones end in tiers, gift_id. Substack: the
fixtures of TryGhost/migrate (packages/mg-substack-members-csv), in two forms; newer files also have plan and
first_payment_at; the dashboard's form as buttondown/roadmap issue 2282 quotes it. Buttondown: the fields of a subscriber
in its API (docs.buttondown.com), which its CSV repeats; no file of its own was found to hold this against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from funnel.people.law import State


class Field(StrEnum):
    """What a column can hold for us. The values are the names for `--map FIELD=COLUMN`."""

    ADDRESS = "address"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    INTERESTS = "interests"
    PURPOSE = "purpose"
    STATE = "state"
    WANTS = "wants"  # yes: she subscribed; no: she left
    REFUSES = "refuses"  # yes: she left
    CONSENTED_AT = "consented_at"
    LEFT_AT = "left_at"
    BOUNCED_AT = "bounced_at"
    WORDS = "words"
    HOW = "how"
    PAUSED_UNTIL = "paused_until"
    BIRTHDAY = "birthday"
    NOTE = "note"
    LANGUAGE = "language"
    PHONE = "phone"
    COMPANY = "company"
    POSTAL = "postal"


FACTS = frozenset({Field.BIRTHDAY, Field.NOTE, Field.LANGUAGE, Field.PHONE, Field.COMPANY, Field.POSTAL})
"""Columns kept as facts, with the file as their source."""


class Claim(StrEnum):
    """What a state in a file amounts to, before anybody looks for evidence."""

    SUBSCRIBED = "subscribed"
    PENDING = "pending"
    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    NEVER = "never"  # known to the other program, never a subscriber


GONE_STATES: Mapping[Claim, State] = {
    Claim.LEFT: State.WITHDRAWN,
    Claim.BOUNCED: State.BOUNCED,
    Claim.COMPLAINED: State.COMPLAINED,
}


@dataclass(frozen=True)
class Evidence:
    """Columns that together prove a consent: when, and from where. Without `proof` the date alone counts."""

    date: str
    proof: str = ""


@dataclass(frozen=True)
class Format:
    """One kind of file. All column names are in lower case.

    `marks`: columns that only this format has, all of them. `default`: what a row without any state amounts to.
    `since`: the column that dates whatever state the row has. `by_file_name`: what the first word of the file's name
    says about everybody in it; `by_column`: what a column says that only such a file has, where the name says nothing.
    Where neither says it, the file is refused.
    """

    name: str
    marks: frozenset[str]
    columns: Mapping[str, Field]
    states: Mapping[str, Claim] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    by_file_name: Mapping[str, Claim] = field(default_factory=dict)
    by_column: Mapping[str, Claim] = field(default_factory=dict)
    default: Claim | None = None
    since: str = ""


STATES: Mapping[str, Claim] = {
    **dict.fromkeys(
        ("subscribed", "active", "confirmed", "opted in", "opt-in", "opted_in", "enabled"), Claim.SUBSCRIBED
    ),
    **dict.fromkeys(("pending", "unconfirmed", "invited"), Claim.PENDING),
    **dict.fromkeys(("unsubscribed", "withdrawn", "opted out", "opt-out", "opted_out", "left", "inactive"), Claim.LEFT),
    **dict.fromkeys(("blocklisted", "blocked", "suppressed", "disabled"), Claim.LEFT),
    **dict.fromkeys(("bounced", "cleaned", "undeliverable", "invalid", "hard bounce"), Claim.BOUNCED),
    **dict.fromkeys(("complained", "complaint", "spam", "abuse"), Claim.COMPLAINED),
    **dict.fromkeys(("non-subscribed", "nonsubscribed", "transactional", "none", "acquaintance"), Claim.NEVER),
}

_NAMES: Mapping[str, Field] = {
    **dict.fromkeys(("email", "e-mail", "email address", "e-mail address", "email_address", "mail"), Field.ADDRESS),
    **dict.fromkeys(
        ("address", "e-mail-adresse", "emailadresse", "adresse e-mail", "correo", "e-mail 1 - value"), Field.ADDRESS
    ),
    **dict.fromkeys(("name", "full name", "full_name", "fullname", "nom complet"), Field.NAME),
    **dict.fromkeys(
        ("first name", "first_name", "firstname", "fname", "given name", "vorname", "prénom"), Field.FIRST_NAME
    ),
    **dict.fromkeys(
        ("last name", "last_name", "lastname", "lname", "family name", "surname", "nachname"), Field.LAST_NAME
    ),
    **dict.fromkeys(("interests", "topics"), Field.INTERESTS),
    **dict.fromkeys(("purpose",), Field.PURPOSE),
    **dict.fromkeys(("state", "status", "subscription status", "subscriber status"), Field.STATE),
    **dict.fromkeys(("subscribed", "newsletter", "opt_in", "opt-in", "optin", "consent"), Field.WANTS),
    **dict.fromkeys(("unsubscribed", "opted_out", "opt_out", "email_disabled"), Field.REFUSES),
    **dict.fromkeys(("consented_at", "consent date", "consent_date", "opt_in_date", "opt-in date"), Field.CONSENTED_AT),
    **dict.fromkeys(("confirmed_at", "confirmation_date", "confirmed at", "opted_in_at"), Field.CONSENTED_AT),
    **dict.fromkeys(("unsubscribed_at", "unsubscribe_date", "left_at", "opted_out_at"), Field.LEFT_AT),
    **dict.fromkeys(("bounced_at",), Field.BOUNCED_AT),
    **dict.fromkeys(("words", "consent text", "consent_text"), Field.WORDS),
    **dict.fromkeys(("birthday", "birth date", "birthdate", "date of birth", "geburtstag"), Field.BIRTHDAY),
    **dict.fromkeys(("note", "notes", "comment"), Field.NOTE),
    **dict.fromkeys(("language", "lang", "locale"), Field.LANGUAGE),
    **dict.fromkeys(("phone", "phone number", "mobile", "telephone"), Field.PHONE),
    **dict.fromkeys(("company", "organisation", "organization"), Field.COMPANY),
    **dict.fromkeys(("postal", "postal address", "street address"), Field.POSTAL),
}

OWN = Format(
    "own export",
    frozenset({"two_funnels", "address", "purpose", "since"}),
    {name.value: name for name in Field if name not in (Field.CONSENTED_AT, Field.LEFT_AT, Field.BOUNCED_AT)},
    evidence=(Evidence("since"),),
    since="since",
)

MAILCHIMP = Format(
    "Mailchimp audience export",
    frozenset({"member_rating", "optin_time", "optin_ip", "confirm_time", "confirm_ip"}),
    {
        "email address": Field.ADDRESS,
        "first name": Field.FIRST_NAME,
        "last name": Field.LAST_NAME,
        "unsub_time": Field.LEFT_AT,
        "clean_time": Field.BOUNCED_AT,
        "birthday": Field.BIRTHDAY,
        "phone number": Field.PHONE,
        "address": Field.POSTAL,
        "notes": Field.NOTE,
        "status": Field.STATE,
    },
    # a time without the network address is what Mailchimp writes for people whom the owner uploaded: it proves nothing
    evidence=(Evidence("confirm_time", "confirm_ip"), Evidence("optin_time", "optin_ip")),
    by_file_name={
        "subscribed": Claim.SUBSCRIBED,
        "unsubscribed": Claim.LEFT,
        "cleaned": Claim.BOUNCED,
        "nonsubscribed": Claim.NEVER,
    },
    by_column={"unsub_time": Claim.LEFT, "clean_time": Claim.BOUNCED},
)

GHOST = Format(
    "Ghost members",
    frozenset(
        {"email", "subscribed_to_emails", "complimentary_plan", "stripe_customer_id", "created_at", "deleted_at"}
    ),
    {
        "email": Field.ADDRESS,
        "name": Field.NAME,
        "note": Field.NOTE,
        "subscribed_to_emails": Field.WANTS,
        "deleted_at": Field.LEFT_AT,
    },
)

SUBSTACK = Format(
    "Substack e-mail list",
    frozenset({"email", "expiry", "email_disabled"}),
    {"email": Field.ADDRESS, "name": Field.NAME, "email_disabled": Field.REFUSES},
)

SUBSTACK_DASHBOARD = Format(
    "Substack subscriber export",
    frozenset({"email", "subscription type", "activity", "subscription date", "revenue"}),
    {"email": Field.ADDRESS, "name": Field.NAME, "cancel date": Field.LEFT_AT},
    default=Claim.SUBSCRIBED,
)

_PAYING = ("regular", "premium", "gifted", "trialed", "paid", "churning", "churned", "past_due", "unpaid", "paused")
_BUTTONDOWN_COLUMNS: Mapping[str, Field] = {
    "email_address": Field.ADDRESS,
    "email": Field.ADDRESS,
    "notes": Field.NOTE,
    "type": Field.STATE,
    "subscriber_type": Field.STATE,
    "confirmation_date": Field.CONSENTED_AT,
    "unsubscription_date": Field.LEFT_AT,
    "undeliverability_date": Field.BOUNCED_AT,
}
_BUTTONDOWN_STATES: Mapping[str, Claim] = {
    **dict.fromkeys(_PAYING, Claim.SUBSCRIBED),
    **dict.fromkeys(("unactivated", "upcoming"), Claim.PENDING),
    **dict.fromkeys(("unsubscribed", "removed", "blocked", "disabled", "ignored", "spammy"), Claim.LEFT),
    "undeliverable": Claim.BOUNCED,
    "complained": Claim.COMPLAINED,
}
BUTTONDOWN = Format(
    "Buttondown subscribers",
    frozenset({"email_address", "creation_date", "type"}),
    _BUTTONDOWN_COLUMNS,
    _BUTTONDOWN_STATES,
)
BUTTONDOWN_OLDER = Format(
    "Buttondown subscribers",
    frozenset({"email", "creation_date", "subscriber_type"}),
    _BUTTONDOWN_COLUMNS,
    _BUTTONDOWN_STATES,
)

VCARD = Format("vCard", frozenset(), {name.value: name for name in (Field.ADDRESS, Field.NAME, *sorted(FACTS))})

PLAIN = Format(
    "CSV",
    frozenset(),
    _NAMES,
    STATES,
)

FORMATS = (OWN, MAILCHIMP, GHOST, SUBSTACK_DASHBOARD, SUBSTACK, BUTTONDOWN, BUTTONDOWN_OLDER)


def recognise(header: tuple[str, ...]) -> Format:
    """The format whose marks are all in the header; plain CSV when none is."""
    present = {name.lower() for name in header}
    return next((one for one in FORMATS if one.marks <= present), PLAIN)
