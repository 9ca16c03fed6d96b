"""From the issues that Pelican read to editions. Reads pictures and templates; writes only in `Prepared.write`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin

from funnel.frontmatter import Problem, Refused
from funnel.newsletter.compose import IssueText, Sender, compose
from funnel.newsletter.edition import Edition
from funnel.newsletter.fragment import attribute, tree
from funnel.newsletter.images import BadImage, Fonts
from funnel.newsletter.letter_body import MailImage
from funnel.newsletter.load import FOLDER, write_edition
from funnel.newsletter.pictures import Pictures
from funnel.newsletter.stationery import open_stationery


class IssuePage(Protocol):
    """What an edition needs of an issue that Pelican read."""

    number: int
    title: str
    date: datetime
    url: str
    lang: str
    metadata: Mapping[str, Any]

    def get_content(self, siteurl: str) -> str: ...

    def get_relative_source_path(self) -> str: ...


@dataclass(frozen=True)
class Prepared:
    """Every edition of a build, and the pictures they show."""

    editions: tuple[Edition, ...]
    pictures: tuple[tuple[str, bytes], ...]

    def write(self, output: Path, record: Path) -> None:
        """Write the pictures below the site's folder, and the editions below the folder of the build's record."""
        for name, data in self.pictures:
            file = output / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        for edition in self.editions:
            write_edition(record / FOLDER / str(edition.number), edition)


def prepare_editions(issues: Sequence[IssuePage], context: Mapping[str, Any], settings: Mapping[str, Any]) -> Prepared:
    """Make the edition of each issue. Raises Refused with every fault of every issue."""
    email = Path(settings["THEME"]) / "email"
    paper, sender = open_stationery(email), sender_of(settings)
    pictures = Pictures(sender.siteurl, _sources(context, sender.siteurl), _fonts(email), _cache(settings))
    problems: list[Problem] = []
    editions: list[Edition] = []
    for issue in issues:
        text = issue_text(issue, sender)
        images, faults = _images_of(text, pictures, issue.get_relative_source_path())
        problems += faults
        if not faults:
            editions.append(compose(text, sender, images, paper))
    if problems:
        raise Refused.because(problems)
    return Prepared(tuple(editions), tuple(pictures.files()))


def sender_of(settings: Mapping[str, Any]) -> Sender:
    """The sender, from Pelican's settings and ours."""
    name = settings.get("NEWSLETTER_NAME") or settings["SITENAME"]
    return Sender(
        site_key=settings.get("SITE_KEY", "site"),
        siteurl=settings["SITEURL"].rstrip("/"),
        newsletter_name=name,
        from_name=settings.get("NEWSLETTER_FROM_NAME") or settings["SITENAME"],
        reply_to=settings.get("NEWSLETTER_REPLY_TO") or settings.get("NEWSLETTER_FROM_ADDRESS", ""),
    )


def issue_text(issue: IssuePage, sender: Sender) -> IssueText:
    """The issue with every address absolute."""
    address = f"{sender.siteurl}/{issue.url}"
    said = issue.metadata
    return IssueText(
        number=issue.number,
        title=issue.title,
        subject=said.get("subject") or issue.title,
        preheader=said.get("preheader") or "",
        html=absolute(issue.get_content(sender.siteurl), address),
        date=issue.date,
        send_at=said.get("send_at"),
        interests=tuple(said.get("interests") or ()),
        reply_to=said.get("reply_to") or "",
        archive_url=address,
        lang=issue.lang,
    )


def absolute(html: str, base: str) -> str:
    """The HTML with every address absolute: a relative one is meant from the issue's own page."""
    root = tree(html)
    for element in root.iter_elements():
        for name in ("href", "src", "poster"):
            value = attribute(element, name)
            if value and not value.startswith("#"):
                element.attrs[name] = urljoin(base, value)
    return root.inner_html


def _images_of(text: IssueText, pictures: Pictures, path: str) -> tuple[dict[str, MailImage], list[Problem]]:
    images: dict[str, MailImage] = {}
    problems: list[Problem] = []
    for address in _picture_addresses(text.html):
        try:
            images[address] = pictures.image(address)
        except BadImage as fault:
            message = f"the picture {address} cannot go into the letter: {fault}"
            problems.append(Problem(f"content/{path}", 1, 1, message))
    return images, problems


def _picture_addresses(html: str) -> Iterable[str]:
    for element in tree(html).iter_elements(["img", "video"]):
        found = attribute(element, "src" if element.tag == "img" else "poster")
        if found:
            yield found


def _sources(context: Mapping[str, Any], siteurl: str) -> dict[str, Path]:
    statics = context["static_content"].values()
    return {f"{siteurl}/{static.url}": Path(static.source_path) for static in statics if static is not None}


def _fonts(email: Path) -> Fonts:
    return Fonts(tuple(sorted((email / "fonts").glob("*.ttf"))))


def _cache(settings: Mapping[str, Any]) -> Path:
    return Path(settings["CACHE_PATH"]) / "mail-images"
