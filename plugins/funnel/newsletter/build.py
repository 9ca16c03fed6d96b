"""From the issues that Pelican read to editions, or to the list of all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from funnel.frontmatter import Document, Problem, Refused, Tree
from funnel.newsletter import gate
from funnel.newsletter.as_sent import FOLDER as AS_SENT
from funnel.newsletter.as_sent import Today, letter_page
from funnel.newsletter.blocks import BadBlocks
from funnel.newsletter.compose import IssueText, Sender, compose
from funnel.newsletter.drawing import BadImage, Look
from funnel.newsletter.edition import Edition
from funnel.newsletter.fragment import attribute, tree
from funnel.newsletter.frozen import PICTURES, SOURCE, Frozen
from funnel.newsletter.issue_text import IssuePage, issue_text, sender_of
from funnel.newsletter.letter_body import MailImage
from funnel.newsletter.limits import IMAGES_LIMIT
from funnel.newsletter.load import FOLDER, write_edition
from funnel.newsletter.pictures import FOLDER as PICTURE_FOLDER
from funnel.newsletter.pictures import Pictures
from funnel.newsletter.places import in_body
from funnel.newsletter.stationery import Stationery
from funnel.words import Words


@dataclass(frozen=True)
class Made:
    """One edition, the source it was made from, and its pictures by name."""

    edition: Edition
    source: bytes
    pictures: Mapping[str, bytes]

    def write(self, record: Path) -> None:
        """Write all of it below the record's folder of editions."""
        folder = record / FOLDER / str(self.edition.number)
        write_edition(folder, self.edition)
        (folder / SOURCE).write_bytes(self.source)
        for name, data in self.pictures.items():
            (folder / PICTURES).mkdir(exist_ok=True)
            (folder / PICTURES / name).write_bytes(data)


@dataclass(frozen=True)
class Prepared:
    """Every edition of a build, and all pictures that letters show, those of letters sent long ago too.

    `shown` are the letters that went out and have pages on the site, each with the words of its issue's language.
    """

    editions: tuple[Made, ...]
    pictures: Mapping[str, bytes]
    shown: tuple[tuple[Edition, Words], ...] = ()

    def write(self, output: Path, record: Path) -> None:
        """Write the pictures below the site's folder, and the editions below the folder of the build's record."""
        for name, data in self.pictures.items():
            file = output / PICTURE_FOLDER / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        for made in self.editions:
            made.write(record)

    def write_letters(self, output: Path, siteurl: str) -> None:
        """Write the pages of the letters that went out, once the pages that they may lead to are written."""
        root = urlsplit(siteurl).path.rstrip("/")
        for edition, words in self.shown:
            folder = output / "newsletter" / str(edition.number) / AS_SENT / "letter"
            page = letter_page(edition, words, Today(root, partial(_leads, output)))
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "index.html").write_text(page.html, encoding="utf-8")
            (folder / "letter.css").write_text(page.css, encoding="utf-8")


def _leads(output: Path, path: str, anchor: str) -> bool:
    file = output / unquote(path)
    file = file / "index.html" if path.endswith("/") or not path else file
    if not file.is_file():
        return False
    return not anchor or f'id="{escape(unquote(anchor))}"' in file.read_text(encoding="utf-8", errors="replace")


@dataclass
class Press:
    """Makes the editions of one build, and remembers every fault on the way."""

    paper: Stationery
    sender: Sender
    pictures: Pictures
    documents: Tree
    root: Path
    sent: Mapping[int, Frozen]
    topics: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def make(self, issue: IssuePage) -> Made | None:
        """The edition of an issue; None with at least one more problem if it cannot be made."""
        document = self.documents.by_path[issue.get_relative_source_path()]
        text = self._text(issue, document)
        if text is None:
            self.problems += gate.check_source(document, issue.raw_html)
            return None
        return self._sent(document, issue.number) or self._new(issue, document, text)

    def _sent(self, document: Document, number: int) -> Made | None:
        """The letter that went out, if its document is still the same: no later rule or colour touches it."""
        sent, source = self.sent.get(number), (self.root / document.path).read_bytes()
        return Made(sent.edition, source, dict(sent.pictures())) if sent and sent.source.encode() == source else None

    def _new(self, issue: IssuePage, document: Document, text: IssueText) -> Made | None:
        before = len(self.problems)
        self.problems += gate.check_source(document, issue.raw_html)
        self.problems += gate.check_text(document, text)
        self.problems += gate.check_links(document, text, self.sender.siteurl, self.documents.withheld)
        self.problems += gate.check_topics(document, self.topics)
        images = self._images(document, text)
        if len(self.problems) > before:
            return None
        edition = compose(text, self.sender, images, self.paper)
        self.problems += gate.check_letter(document, edition)
        names = {image.address.rsplit("/", 1)[-1] for image in images.values()}
        pictures = {name: data for name, data in self.pictures.files() if name in names}
        return Made(edition, (self.root / document.path).read_bytes(), pictures)

    def _text(self, issue: IssuePage, document: Document) -> IssueText | None:
        try:
            return issue_text(issue, self.sender)
        except BadBlocks as found:
            for fault in found.faults:
                self.problems.append(in_body(document, f"{{{fault.kind}}}{fault.target}", str(fault)))
            return None

    def _images(self, document: Document, text: IssueText) -> dict[str, MailImage]:
        images: dict[str, MailImage] = {}
        weights: dict[str, int] = {}
        for address in picture_addresses(text.html):
            try:
                images[address] = self.pictures.image(address)
                weights[address] = self.pictures.bytes_of(address)
            except BadImage as fault:
                self.problems.append(
                    in_body(document, gate.needle_for(document, address), f"this picture is not for mail: {fault}")
                )
        if sum(weights.values()) > IMAGES_LIMIT:
            heaviest = max(weights, key=lambda address: weights[address])
            size = (
                f"{sum(weights.values()) // 1024} KB; {IMAGES_LIMIT // 1024} is the limit, and this one is the heaviest"
            )
            advice = "Crop it, make it simpler, or leave one picture out."
            needle = gate.needle_for(document, heaviest)
            self.problems.append(in_body(document, needle, f"the pictures of this letter have {size}", advice))
        return images


def picture_addresses(html: str) -> Iterable[str]:
    """Addresses of all pictures of a body, posters of videos too, in order."""
    for element in tree(html).iter_elements(["img", "video"]):
        found = attribute(element, "src" if element.tag == "img" else "poster")
        if found:
            yield found


def prepare_editions(
    issues: Sequence[IssuePage],
    paper: Stationery,
    sent: Mapping[int, Frozen],
    context: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> Prepared:
    """Make the edition of each issue. Raises Refused with every fault of every issue."""
    sender = sender_of(settings)
    pictures = Pictures(sender.siteurl, _sources(context, sender.siteurl), _look(paper, settings), _cache(settings))
    topics = tuple(settings.get("NEWSLETTER_INTERESTS") or ())
    press = Press(paper, sender, pictures, settings["FUNNEL_TREE"], Path(settings["PATH"]), sent, topics)
    made = [press.make(issue) for issue in issues]
    if press.problems:
        raise Refused.because(press.problems)
    old = {name: data for letter in sent.values() for name, data in letter.pictures()}
    shown = [
        (sent[one.number].edition, paper.words(one.lang))
        for one in issues
        if one.number in sent and sent[one.number].shown
    ]
    return Prepared(tuple(filter(None, made)), {**old, **dict(pictures.files())}, tuple(shown))


def archive_of(settings: Mapping[str, Any]) -> Path:
    """The folder of letters that were sent: `editions/` beside content/."""
    return Path(settings["PATH"]).parent / FOLDER


def _sources(context: Mapping[str, Any], siteurl: str) -> dict[str, Path]:
    statics = context["static_content"].values()
    return {f"{siteurl}/{static.url}": Path(static.source_path) for static in statics if static is not None}


def _look(paper: Stationery, settings: Mapping[str, Any]) -> Look:
    fonts = (Path(settings["THEME"]) / "email" / "fonts").glob("*.ttf")
    return Look(tuple(sorted(fonts)), paper.palette.light["card"])


def _cache(settings: Mapping[str, Any]) -> Path:
    return Path(settings["CACHE_PATH"]) / "mail-images"
