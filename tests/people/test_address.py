"""Addresses: what is one, and when two are the same."""

from __future__ import annotations

import pytest
from funnel.people.address import Address, _examined, read_address
from funnel.people.errors import BadAddress
from hypothesis import example, given, settings
from hypothesis import strategies as st

PIECES = st.sampled_from(
    [
        "a",
        "B",
        "ann",
        ".",
        "..",
        "@",
        "example",
        ".com",
        "-",
        "--",
        "+x",
        '"',
        " ",
        "ü",
        "\\",
        "xn--",
        "_",
        "ß",
        "1",
        "x" * 63,
        "\n",
    ]
)


def outcome(read: object, text: str) -> Address | str:
    try:
        return read(text)  # type: ignore[operator, no-any-return]
    except BadAddress:
        return "refused"


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
@example("a@example.com@example.org")
@example("x" * 64 + "@example.com")
@example("x" * 65 + "@example.com")
@example("ann@" + ".".join(["x" * 60] * 4) + ".com")
def test_the_short_way_finds_what_the_long_way_finds(text: str) -> None:
    """Plain addresses are looked at quickly; the outcome is the same as of the whole examination."""
    assert outcome(read_address, text) == outcome(_examined, text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ann.Lee@EXAMPLE.Com", "Ann.Lee@example.com"),
        (" ann@example.com ", "ann@example.com"),
        ("ann@B\u00fccher.example", "ann@xn--bcher-kva.example"),
        ('"a b"@example.com', '"a b"@example.com'),
        ('"ann"@example.com', "ann@example.com"),
    ],
)
def test_only_the_domain_is_folded(text: str, key: str) -> None:
    """The domain loses its capitals and becomes ASCII, quotes that are not needed go; the rest stays."""
    assert read_address(text).key == key
