"""Hostile input: whatever is sent to the desk, it answers 4xx, keeps nothing, sends nothing, and never breaks."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO
from urllib.parse import quote_from_bytes

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.desk.conftest import Counter

FORM = "application/x-www-form-urlencoded"
GOOD = b"ann%40example.com"
FRAGMENTS = (
    b"'; DROP TABLE contacts; --", b"' OR '1'='1", b"admin'--", b"{{7*7}}", b"${7*7}", b"<%= 7*7 %>", b"#{7*7}",
    b"<script>alert(1)</script>", b'"><img src=x onerror=1>', b"{% for x in y %}", b"$(id)", b"`id`", b"|id", b"../../etc/passwd\0",
    b"a\r\nBcc: b@example.com", b"a\nSubject: x", b"a%0d%0aX: y", b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\x00", b"\x1b[31m",
    "a\u2028b".encode(), "\u202egnp.exe".encode(), b"http://spam.example/", b"x" * 4000,
)  # fmt: skip
TOKENS = (
    b"x",
    b".",
    b"..",
    b"a.b.c",
    b"%",
    b"\xff",
    b"' OR 1=1",
    b"{{7*7}}",
    b"\r\nX: y",
    b"\x00",
    b"A" * 3000,
    "ü".encode(),
)
PLACES = ("/confirm/", "/unsubscribe/", "/undo/", "/preferences/", "/data/", "/nowhere/", "/subscribe/", "//subscribe")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "\u00fc")
KINDS = (
    "application/json", "text/plain", "text/xml", "", "multipart/form-data", "multipart/form-data; boundary=", "\u00ff/\u00ff",
    "application/x-www-form-urlencoded-not", "a/b; boundary=\r\n",
)  # fmt: skip

Request = tuple[str, bytes, bytes, str]
"""Method, path, body, content type."""


def bad_field(chance: random.Random) -> Request:
    """A sign-up with a fragment where the address or the name should be."""
    fragment = quote_from_bytes(chance.choice(FRAGMENTS), safe="").encode()
    if chance.random() < 0.5:
        return (
            "POST",
            b"/subscribe",
            b"name=Ann&email=" + chance.choice([fragment, GOOD + fragment, fragment + GOOD]),
            FORM,
        )
    return "POST", b"/subscribe", b"email=" + GOOD + b"&name=" + chance.choice([fragment, b"Ann+" + fragment]), FORM


def bad_shape(chance: random.Random) -> Request:
    """A form that is none: wrong kind, twice the address, none, unknown topics, noise, far too much."""
    body = chance.choice([
        b"", b"email=", b"email=" + GOOD + b"&email=" + GOOD, b"email", b"=&=&=", b"interest=x&email=" + GOOD, chance.randbytes(200),
        b"email=" + GOOD + b"&" + quote_from_bytes(chance.randbytes(9) + b"\xff").encode() + b"=1", b"email=" + GOOD + b"&x=" + b"y" * 20_000,
        b"&".join(b"email=%d" % number for number in range(60)),
    ])  # fmt: skip
    return "POST", b"/subscribe", body, FORM


def bad_kind(chance: random.Random) -> Request:
    """A good form under a content type that is no form's."""
    return "POST", b"/subscribe", b"email=" + GOOD, chance.choice(KINDS)


def bad_parts(chance: random.Random) -> Request:
    """Multipart bodies that were cut, doubled, filled with files or spoilt."""
    part = b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\nann@example.com\r\n--b--\r\n'
    file = b'--b\r\nContent-Disposition: form-data; name="email"; filename="x"\r\n\r\nann@example.com\r\n--b--\r\n'
    spoilt = bytearray(part)
    spoilt[chance.randrange(2, 30)] = 0xFF
    body = chance.choice(
        [
            file,
            part[: chance.randrange(60)],
            part.replace(b"email", b"emails"),
            bytes(spoilt),
            part[:-7] * 60 + b"--b--\r\n",
        ]
    )
    return "POST", b"/subscribe", body, "multipart/form-data; boundary=b"


def bad_place(chance: random.Random) -> Request:
    """Keys that are none, paths that are none, methods that are none."""
    path = (
        chance.choice(PLACES).encode()
        + chance.choice(TOKENS)
        + chance.choice([b"", b"/data", b"/export", b"/erase", b"/.."])
    )
    return chance.choice(METHODS), path, b"sure=yes&pause=0", FORM


KINDS_OF_HARM: tuple[Callable[[random.Random], Request], ...] = (bad_field, bad_shape, bad_kind, bad_parts, bad_place)


def send(counter: Counter, request: Request) -> int:
    """Put raw bytes before the application, as a server would."""
    method, path, body, kind = request
    environ = EnvironBuilder(method="POST", input_stream=BytesIO(body)).get_environ()
    environ |= {
        "REQUEST_METHOD": method, "PATH_INFO": path.decode("latin-1"), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": kind,
        "HTTP_HOST": "desk.example.com", "REMOTE_ADDR": "192.0.2.1",
    }  # fmt: skip
    _, status, _ = run_wsgi_app(counter.app, environ, buffered=True)
    return int(status.split()[0])


def storm(counter: Counter, count: int) -> None:
    chance = random.Random(20_260_301)
    for number in range(count):
        request = KINDS_OF_HARM[number % len(KINDS_OF_HARM)](chance)
        status = send(counter, request)
        assert 400 <= status < 500, (status, request)
    assert list(counter.book.contacts.all()) == []
    assert list(counter.book.consents.every_entry()) == []
    counter.deliver()
    assert counter.post == []


def test_two_thousand_hostile_requests(counter: Counter) -> None:
    """2,000 requests of broken encodings, oversized bodies, injections and fragments: 4xx, nothing stored, no letter,
    no 500.
    """
    storm(counter, 2_000)


@pytest.mark.heavy
def test_twenty_thousand_hostile_requests(counter: Counter) -> None:
    """The same with 20,000."""
    storm(counter, 20_000)
