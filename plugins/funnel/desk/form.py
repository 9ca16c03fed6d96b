"""Reading what a browser, or something that claims to be one, posted."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.wrappers import Request

from funnel.desk.options import DeskOptions
from funnel.people.address import read_address
from funnel.people.errors import BadAddress
from funnel.people.visible import JOINERS, is_visible
from funnel.settings.consent import words_digest

LARGEST_BODY = 16 * 1024
MOST_PARTS = 40
LONGEST_NAME = 100
"""In characters; the message below says it too, in every language of words/."""
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

_NAME = re.compile(r"[\w .,'’·・()&/-]*")
"""What names are written with, beside marks and joiners, which belong to letters. No <, {, =, ; and the like: a name goes into
letters, tables and pages of other programs.
"""

_ODD = re.compile(r"[\"{}|^`*$%!#?=\\]|--")
"""Signs that RFC 5321 allows before the @ and no mailbox has: what is typed with them is meant for a program, not for us.
Behind the @ there are none: `--` stands in every domain that is not written in Latin letters (`xn--...`).
"""

_NO_NAME = ("--", "/*", "://", "//")


class DeskRequest(Request):
    """A request that can only be small."""

    max_content_length = LARGEST_BODY
    max_form_memory_size = LARGEST_BODY
    max_form_parts = MOST_PARTS


class Refused(BadRequest):
    """The form cannot be taken as it is; the description is for the person and repeats nothing that she typed."""


@dataclass(frozen=True)
class SignUp:
    """A sign-up as it was sent. `trapped`: the field that people do not see was filled in. `stale`: other words than
    today's.
    """

    address: str
    name: str
    interests: tuple[str, ...]
    trapped: bool
    stale: bool


def read_form(request: DeskRequest) -> MultiDict[str, str]:
    """The fields of a form; raises BadRequest for broken text, UnsupportedMediaType for anything that is no form."""
    if request.mimetype not in FORMS:
        raise UnsupportedMediaType("This page takes forms only.")
    _check_text(request)
    form = request.form
    if request.files:
        raise Refused("This form takes no files.")
    for field, value in form.items(multi=True):
        if "\ufffd" in field + value:  # this stands where bytes were no UTF-8
            raise Refused("The form was not written in UTF-8.")
        if not (is_visible(field) and is_visible(value)):
            raise Refused("The form holds characters that cannot be printed.")
    return form


def _check_text(request: DeskRequest) -> None:
    """werkzeug keeps percent signs where the bytes behind them are no UTF-8; such a form was not written by a browser."""
    if request.mimetype == "application/x-www-form-urlencoded":
        try:
            unquote_to_bytes(request.get_data()).decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("The form was not written in UTF-8.") from None


def read_sign_up(request: DeskRequest, options: DeskOptions) -> SignUp:
    """A sign-up; raises Refused with what is wrong."""
    form = read_form(request)
    if len(form.getlist("email")) != 1:
        raise Refused("Give one e-mail address.")
    return SignUp(
        address=_address(form["email"]),
        name=_name(form.get("name", "")),
        interests=_interests(form.getlist("interest"), options),
        trapped=bool(form.get("website", "").strip()),
        stale=out_of_date(form, options),
    )


def out_of_date(form: MultiDict[str, str], options: DeskOptions) -> bool:
    """Whether the form showed other words of consent than today's."""
    shown = form.get("consent", "")
    return bool(shown) and shown != words_digest(options.words)


def read_preferences(request: DeskRequest, options: DeskOptions) -> tuple[tuple[str, ...], int | None]:
    """The topics chosen, and the weeks to pause (0: none; None: the pause stays as it is); raises Refused."""
    form = read_form(request)
    weeks = form.get("pause", "0")
    if weeks not in (*PAUSES, AS_IT_IS):
        raise Refused("Choose one of the pauses on the page.")
    return _interests(form.getlist("interest"), options), None if weeks == AS_IT_IS else int(weeks)


PAUSES = ("0", "2", "4", "12")
"""Pauses that can be chosen, in weeks."""

AS_IT_IS = "as-it-is"
"""The choice of somebody who pauses and changes something else."""


def _address(text: str) -> str:
    try:
        address = read_address(text.strip()).deliver
    except BadAddress:
        raise Refused(
            "This is not an e-mail address that a letter can be sent to. Look for a slip of the key."
        ) from None
    if _ODD.search(address.rpartition("@")[0]):
        raise Refused(
            "This form does not take an address with such signs in it. Write to us, and we put you on the list."
        )
    return address


def _name(text: str) -> str:
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    letters = "".join(sign for sign in name if sign not in JOINERS and not unicodedata.category(sign).startswith("M"))
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(letters) or any(mark in name for mark in _NO_NAME):
        raise Refused("A name is written with letters, at most 100 of them. You can leave it out.")
    return name


def _interests(chosen: list[str], options: DeskOptions) -> tuple[str, ...]:
    if set(chosen) - options.interest_keys.keys():
        raise Refused("A topic that was chosen does not exist here.")
    return tuple(dict.fromkeys(chosen))
