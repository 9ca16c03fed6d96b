"""A link is judged by where its reader arrives."""

from __future__ import annotations

import pytest

from tests.guard.selling import TEACHING, sells


@pytest.mark.parametrize(
    "address",
    [
        "https://out.example/click?redirect_uri=https%3A%2F%2Fcalendly.com%2Fann",
        "https://www.google.com/url?q=https://buy.stripe.com/abc",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fcalendly.com%2Fann",
        "https://go.example/r/https://calendly.com/ann",
        "https://r.example/?x=aHR0cHM6Ly9jYWxlbmRseS5jb20vYW5u",
        "https://r.example/?to=calendly.com/ann",
        "https://calendly.com./ann",
        "https:calendly.com/ann",
        "https:///calendly.com/ann",
        "https://\uff43alendly.com/ann",
        "intent://calendly.com/ann#Intent;scheme=https;end",
        "https://calendar.google.com/calendar/appointments/schedules/x",
        "/?page=checkout",
        "tg://resolve?domain=ann&text=book+a+call",
    ],
)
def test_a_link_is_judged_by_where_its_reader_arrives(address: str) -> None:
    """A house that only sends on, and an address that is written oddly, hide no till and no diary."""
    assert sells("md", f"{TEACHING}See [moss]({address}).\n\n{TEACHING}")


@pytest.mark.parametrize(
    "address",
    [
        "https://www.facebook.com/sharer/sharer.php?u=https://moss.example/blog/walls",
        "https://twitter.com/intent/tweet?text=Moss&url=https://moss.example/blog/walls",
        "https://web.archive.org/web/2010/https://moss.example/essay",
        "https://validator.example/check?uri=https%3A%2F%2Fmoss.example%2F",
        "https://example.org/login?next=/blog/",
        "https://r.example/?x=aHR0cHM6Ly9tb3NzLmV4YW1wbGUv",
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Moss+walk",
        "skype:ann?call",
    ],
)
def test_a_link_that_sends_on_to_an_article_passes(address: str) -> None:
    """Buttons for sharing, archives and calendars lead to what there is to be read."""
    assert not sells("md", f"{TEACHING}See [moss]({address}).\n\n{TEACHING}")


def test_a_picture_that_a_telephone_reads_is_a_link() -> None:
    """A QR code leads where the address says that is drawn in it."""
    code = "![A code of black squares](https://qr.example/create-qr-code/?data=https%3A%2F%2F{})"
    assert sells("md", TEACHING + code.format("buy.stripe.com%2Fabc"))
    assert not sells("md", TEACHING + code.format("moss.example%2Fwalls"))
