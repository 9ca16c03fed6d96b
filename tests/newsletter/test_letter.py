"""The frame of the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from funnel.newsletter.compose import IssueText, compose
from funnel.newsletter.edition import Edition
from funnel.newsletter.fragment import attribute
from funnel.newsletter.merge import Field, fields_in
from turbohtml import parse

from .test_parity import PAPER, SENDER, SITE, EveryPicture

TEXT = IssueText(
    number=7,
    title="A title & more",
    subject="A subject <b>",
    preheader="What else there is to say",
    html=f'<p>Words.</p><ul><li>one</li></ul><p><img src="{SITE}/images/a.png" alt="A"></p>',
    date=datetime(2026, 5, 4, tzinfo=UTC),
    send_at=None,
    interests=("writing",),
    reply_to="",
    archive_url=f"{SITE}/newsletter/7/",
    lang="en-GB",
)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return compose(TEXT, SENDER, EveryPicture(), PAPER)


def test_says_what_the_law_wants(edition: Edition) -> None:
    """Both forms say why and since when she gets it, how to leave and how to choose, and give the postal address."""
    for part in (edition.html, edition.text):
        assert {name for name, _ in fields_in(part)} == {
            Field.CONSENT,
            Field.UNSUBSCRIBE,
            Field.PREFERENCES,
            Field.ADDRESS,
        }
    assert "Unsubscribe" in edition.html
    assert "Unsubscribe" in edition.text


def test_leads_to_its_own_page(edition: Edition) -> None:
    """The letter says in both forms where it is on the web, and that page must be live before it is sent."""
    assert f'href="{edition.archive_url}"' in edition.html
    assert edition.archive_url in edition.text
    assert edition.archive_url in edition.links


def test_frame(edition: Edition) -> None:
    """Language, direction, title, preheader first, one h1, layout tables marked as such, every picture with words and width."""
    page = parse(edition.html)
    root = page.find("html")
    assert root is not None
    assert (attribute(root, "lang"), attribute(root, "dir")) == ("en-GB", "ltr")
    assert page.select_one("title").text == TEXT.subject  # type: ignore[union-attr]
    body = page.find("body")
    assert body is not None
    assert body.text.strip().startswith(TEXT.preheader)
    assert [heading.text for heading in page.find_all("h1")] == [TEXT.title]
    assert all(attribute(table, "role") == "presentation" for table in page.find_all("table"))
    assert all(attribute(image, "alt") and attribute(image, "width") for image in page.find_all("img"))
    assert len(page.find_all("style")) == 1
    assert not page.select("script, link, form, iframe, object")


def test_lists_keep_their_bullets_in_outlook(edition: Edition) -> None:
    """A list is moved in by its margin: Outlook ignores the padding of lists, and cuts their bullets off."""
    (bullets,) = parse(edition.html).find_all("ul")
    assert "26px" in attribute(bullets, "style").split("padding")[0]


def test_right_to_left() -> None:
    """A letter in a language that is written from the right is laid out from the right."""
    edition = compose(replace(TEXT, lang="he"), SENDER, EveryPicture(), PAPER)
    assert 'dir="rtl"' in edition.html
    assert 'align="right"' in edition.html


def test_author_signs_stay_text(edition: Edition) -> None:
    """Signs of HTML in a title or a subject stay signs."""
    assert "A title &amp; more" in edition.html
    assert "<title>A subject &lt;b&gt;</title>" in edition.html
    assert edition.text.startswith("A title & more\n==============\n")


def test_reply_to_of_the_issue_wins() -> None:
    """An issue may send its answers elsewhere."""
    edition = compose(replace(TEXT, reply_to="desk@site.example"), SENDER, EveryPicture(), PAPER)
    assert edition.reply_to == "desk@site.example"


def test_no_picture_that_nobody_made() -> None:
    """A letter cannot point at a picture that was not made for it."""
    with pytest.raises(KeyError):
        compose(TEXT, SENDER, {}, PAPER)
