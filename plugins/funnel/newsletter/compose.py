"""Issue text + sender -> Edition. Pure: no file, no clock, no Pelican, no provider."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urldefrag

from turbohtml import Element, Text

from funnel.newsletter.edition import Edition
from funnel.newsletter.fragment import attribute, tree
from funnel.newsletter.letter_body import Images, dress
from funnel.newsletter.limits import is_own
from funnel.newsletter.merge import Field, escape, escape_address, field, finish, printable
from funnel.newsletter.plaintext import write_text
from funnel.newsletter.stationery import Stationery, spoken
from funnel.newsletter.text_inline import Notes
from funnel.newsletter.text_table import cells_wide
from funnel.words import Words, direction_of, is_upright

ADDRESSES = ("href", "src", "poster")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the part of a letter that is the same in every issue."""

    site_key: str
    siteurl: str
    newsletter_name: str
    from_name: str
    reply_to: str


@dataclass(frozen=True, slots=True)
class IssueText:
    """One issue, ready to be a letter. `html` is sanitised, and all its addresses are absolute."""

    number: int
    title: str
    subject: str
    preheader: str
    html: str
    date: datetime
    send_at: datetime | None
    interests: tuple[str, ...]
    reply_to: str
    archive_url: str
    lang: str


def compose(issue: IssueText, sender: Sender, images: Images, paper: Stationery) -> Edition:
    """Write the letter. The same issue, sender, images and paper give the same bytes."""
    issue = replace(issue, title=_head(issue.title), subject=_head(issue.subject), preheader=_head(issue.preheader))
    body = tree(issue.html)
    _make_safe(body)
    words = paper.words(issue.lang)
    notes = Notes(words)
    values = _values(issue, sender, words)
    text = write_text(body, notes)
    width = max(1, cells_wide(issue.title))
    plain = paper.plain({**values, "body": text, "links": notes.lines(), "title_width": min(width, 72)})
    dress(body, images, words)
    page = paper.html({**values, "body": finish(body.inner_html)})
    return Edition(
        key=f"{sender.site_key}/{issue.number}",
        number=issue.number,
        title=issue.title,
        subject=issue.subject,
        preheader=issue.preheader,
        html=page,
        text=plain,
        date=issue.date,
        send_at=issue.send_at,
        interests=issue.interests,
        from_name=sender.from_name,
        reply_to=issue.reply_to or sender.reply_to,
        archive_url=issue.archive_url,
        links=_own_links(body, issue.archive_url, sender.siteurl),
    )


def _values(issue: IssueText, sender: Sender, words: Words) -> dict[str, object]:
    primary = issue.lang.split("-")[0].lower()
    direction = direction_of(issue.lang)
    return {
        **spoken(words),
        "issue": issue,
        "sender": sender,
        "lang": issue.lang,
        "frame_lang": "" if words.language == primary else words.language,
        "frame_dir": direction_of(words.language),
        "dir": direction,
        "upright": is_upright(issue.lang),
        "side": "right" if direction == "rtl" else "left",
        "date": words.day(issue.date),
        "field": {name.value: field(name) for name in Field if name is not Field.NAME},
    }


def _head(text: str) -> str:
    return escape(printable(text))


def _make_safe(body: Element) -> None:
    """Take out control characters, and break up what some machine could take for a field in an attribute."""
    for node in list(body.descendants):
        if isinstance(node, Text):
            node.data = printable(node.data)
        elif isinstance(node, Element):
            for name in ("alt", "title"):
                if name in node.attrs:
                    node.attrs[name] = escape(printable(attribute(node, name)))
            for name in ADDRESSES:
                if name in node.attrs:
                    node.attrs[name] = escape_address(printable(attribute(node, name)))


def _own_links(body: Element, archive_url: str, siteurl: str) -> tuple[str, ...]:
    found = {archive_url}
    for element in body.iter_elements():
        found.update(attribute(element, name) for name in ADDRESSES if name in element.attrs)
    return tuple(sorted({urldefrag(address)[0] for address in found if is_own(address, siteurl)}))
