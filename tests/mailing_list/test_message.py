"""Letters as they go over the wire."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from funnel.mailing_list.faults import Refused
from funnel.mailing_list.merge import check_letter
from funnel.mailing_list.message import Reader, letter, message_id
from hypothesis import given, settings
from hypothesis import strategies as st

from .samples import NOW, SENDER, edition

READER = Reader("ada@example.com", "Ada", NOW, "T" * 300)


def wire(reader: Reader = READER) -> bytes:
    return letter(edition(), SENDER, reader, NOW).as_bytes()


def test_leaving_is_one_click_and_its_headers_are_raw() -> None:
    """List-Unsubscribe stands on one line however long it is, unencoded, with its RFC 8058 partner beside it."""
    lines = wire().split(b"\r\n")
    assert b"List-Unsubscribe: <https://desk.example.com/unsubscribe/" + b"T" * 300 + b">" in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert not [line for line in lines if line.lower().startswith((b"precedence", b"x-"))]


def test_without_a_desk_leaving_is_a_mail() -> None:
    """Where there is no desk the letter names a mailbox, and promises no one-click."""
    message = letter(edition(), replace(SENDER, desk_url=""), READER, NOW)
    assert message["List-Unsubscribe"] == "<mailto:desk@example.com?subject=unsubscribe%201>"
    assert message["List-Unsubscribe-Post"] is None
    text = message.get_body(("plain",)).get_content()
    assert "Leave: mailto:desk@example.com?subject=unsubscribe%201\n" in text
    assert "Choose: mailto:desk@example.com?subject=preferences%201\n" in text, (
        "who chooses topics does not ask to leave"
    )


@pytest.mark.parametrize(
    "name", ["Letters", "Lettre d’été à la campagne, pour tous les gens qui aiment lire", "Пис\nьмо", 'a "b" \\']
)
def test_the_name_of_the_list_is_readable_in_every_script(name: str) -> None:
    """List-ID stands on one line of ASCII, and a mail program shows the name of the list as its owner wrote it."""
    (line,) = [
        line
        for line in letter(edition(), replace(SENDER, list_name=name), READER, NOW).as_bytes().split(b"\r\n")
        if line.startswith(b"List-ID: ")
    ]
    shown = str(make_header(decode_header(line.decode("ascii").removeprefix("List-ID: ")))).replace('"', "")
    plain = name.replace('"', "").replace("\\", "")
    assert shown == f"{' '.join(plain.split())} <letters.www.example.com>"


def test_a_letter_parses_without_defects_and_carries_both_faces() -> None:
    """Python's own parser finds no defect; text and HTML are there, filled in, and everything is 7-bit."""
    content = wire()
    content.decode("ascii")
    message = message_from_bytes(content, policy=policy.default)
    text, body = (part.get_content() for part in message.iter_parts())
    assert not message.defects and [part.defects for part in message.walk()] == [[], [], []]
    assert "Hello Ada" in text and "<p>Hello Ada</p>" in body and "1 Street<br>Town" in body
    assert "%%funnel" not in text + body and message["Reply-To"] == "desk@example.com"


def test_the_message_id_is_stable() -> None:
    """The same issue and person give the same Message-ID at every attempt, others give others."""
    assert wire().split(b"Message-ID: ")[1][:60] == wire().split(b"Message-ID: ")[1][:60]
    other = replace(READER, address="eve@example.com")
    assert message_id(edition(), SENDER, READER) != message_id(edition(), SENDER, other)
    assert message_id(edition(2), SENDER, READER) != message_id(edition(), SENDER, READER)


WORDS = st.lists(
    st.sampled_from(["к", "как", "доверие", "رسالة", "Größe", "„gut“", "plain", "🎉", "手紙"]), min_size=1, max_size=30
)


def shown(content: bytes, name: str) -> str:
    """A header as a mail program shows it: unfolded, and white space between encoded words left out (RFC 2047, 6.2)."""
    raw = message_from_bytes(content)[name]
    return re.sub(r"\s+", " ", str(make_header(decode_header(re.sub(r"\r?\n", "", raw)))))


@settings(deadline=None)
@given(WORDS)
def test_no_space_of_a_subject_or_a_name_is_lost(words: list[str]) -> None:
    """However long a subject or a name is, and in whatever script, a reader sees its words apart."""
    text = " ".join(words)
    message = letter(replace(edition(), subject=text, from_name=text), SENDER, replace(READER, name=text), NOW)
    content = message.as_bytes()
    assert shown(content, "Subject") == text
    assert shown(content, "From").replace('"', "") == f"{text} <desk@example.com>"
    assert shown(content, "To").replace('"', "") == f"{text} <ada@example.com>"
    assert max(map(len, content.partition(b"\r\nList-ID")[0].split(b"\r\n"))) <= 78


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_name_breaks_a_header_or_the_html(name: str) -> None:
    """Whatever somebody typed as her name, no header is added and no tag is let in."""
    usual = message_from_bytes(wire(), policy=policy.default).keys()
    content = wire(replace(READER, name="<b>" + name))
    message = message_from_bytes(content, policy=policy.default)
    assert message.keys() == usual and "<b>" not in message.get_body(("html",)).get_content()


def test_no_name_turns_a_letter_round() -> None:
    """A name that came into an old book with a sign that turns round what follows stands in the letter without it."""
    message = message_from_bytes(wire(replace(READER, name="Ann\u202e\u2066 Bea")), policy=policy.default)
    faces = [message.get_body((kind,)).get_content() for kind in ("html", "plain")]
    assert all("Ann Bea" in text for text in (*faces, message["To"]))


def test_a_hostile_name_is_no_merge_field() -> None:
    """A name that looks like a merge field stays a name."""
    message = letter(edition(), SENDER, replace(READER, name="%%funnel:address%%"), NOW)
    assert "Hello %%funnel:address%%" in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize("address", ["ädä@example.com", "a@b@c", "no-at", "x@" + "a" * 70 + ".example"])
def test_addresses_that_smtp_cannot_carry_are_refused(address: str) -> None:
    """An address that plain SMTP cannot carry is refused in words that do not repeat it."""
    with pytest.raises(Refused) as fault:
        wire(replace(READER, address=address))
    assert address not in str(fault.value)


@pytest.mark.parametrize("words", ["%%funnel:birthday%%", "%%funnel:name", "%%Funnel:name|x%%"])
def test_an_unknown_merge_field_is_refused(words: str) -> None:
    """A field that nobody knows, or a broken one, never reaches a reader."""
    with pytest.raises(Refused, match="nobody knows"):
        check_letter(edition(words=words))


def test_a_letter_without_a_way_out_is_refused() -> None:
    """A letter whose text or HTML offers no unsubscribe is not drafted."""
    with pytest.raises(Refused, match="no way to unsubscribe"):
        check_letter(replace(edition(), text="Hello"))
