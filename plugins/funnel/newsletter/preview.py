"""One issue in three faces, side by side: the page, the letter, the plain text, as different readers get them.

The letter shown is the edition of the build, with the merge fields filled; the digest on the page is the digest of what
will be sent. A draft is previewed by a build of its own, into a folder of its own, that counts this one draft as
published (docs/faces.md); a release never sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from funnel.newsletter.edition import Edition
from funnel.newsletter.load import FOLDER, read_edition
from funnel.newsletter.merge import Field, fill

NAMES = (
    ("Reader with a name", "Ada"),
    ("Reader without a name", ""),
    ("Reader with a long name", "Maria Theresia & Söhne"),
)


class NothingToShow(Exception):
    """There is no such issue in this build. The text says what to do."""

    exitcode = 2


@dataclass(frozen=True, slots=True)
class Reader:
    """What one reader gets."""

    label: str
    html: str
    text: str


def readers_of(edition: Edition, postal_address: Sequence[str]) -> tuple[Reader, ...]:
    """The letter as each sample reader gets it."""
    return tuple(_reader(edition, label, name, "\n".join(postal_address)) for label, name in NAMES)


def _reader(edition: Edition, label: str, name: str, postal: str) -> Reader:
    values = {
        Field.NAME: name,
        Field.CONSENT: "2026-05-04",
        Field.UNSUBSCRIBE: "https://example.org/unsubscribe",
        Field.PREFERENCES: "https://example.org/preferences",
        Field.ADDRESS: postal,
    }
    return Reader(label, fill(edition.html, values, as_html=True), fill(edition.text, values, as_html=False))


def write_preview(record: Path, output: Path, number: int, theme: Path, siteurl: str, postal: Sequence[str]) -> Path:
    """Write the page into the built site (`preview/NUMBER/index.html`), to be looked at through `serve`.

    Raises NothingToShow if the build has no such issue.
    """
    folder = record / FOLDER / str(number)
    if not folder.is_dir():
        raise NothingToShow(f"There is no issue {number} in this build. Look at `number:` in content/newsletter/.")
    edition = read_edition(folder)
    pages = Environment(loader=FileSystemLoader(theme / "email"), autoescape=True, undefined=StrictUndefined)
    page = pages.get_template("preview.html").render(
        edition=edition,
        size=len(edition.html.encode()),
        page=_here(edition.archive_url, siteurl),
        readers=[
            Reader(reader.label, _here(reader.html, siteurl), reader.text) for reader in readers_of(edition, postal)
        ],
    )
    target = output / "preview" / str(number) / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    return target


def _here(text: str, siteurl: str) -> str:
    """Pictures of a letter that is not on-line yet are shown from the build that is looked at."""
    path = "/" + siteurl.split("://", 1)[-1].partition("/")[2]
    return text.replace(f"{siteurl}/", path.rstrip("/") + "/")
