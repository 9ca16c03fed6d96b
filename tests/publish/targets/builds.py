"""Small builds, as Pelican would leave them: a home page that links to every page, and a style sheet named by its content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from funnel.publish.build import Built
from funnel.publish.stamp import write_record

PAGES = ("a", "b")


def built(folder: Path, word: str, pages: Iterable[str] = PAGES, ballast: int = 0) -> Built:
    """A build whose every page says `word`, links to the next page, and uses a style sheet of its own."""
    site, names = folder / "site", list(pages)
    style = f"assets/site.{hashlib.sha256(word.encode()).hexdigest()[:10]}.css"
    _write(site / style, f"/* {word} */")
    links = "".join(f'<a href="/{name}/">{name}</a>' for name in names)
    _write(site / "index.html", page(word, style, links))
    for name, following in zip(names, [*names[1:], ""], strict=True):
        link = f'<a href="/{following}/">next</a>' if following else '<a href="/">home</a>'
        _write(site / name / "index.html", page(word, style, link))
    _write(site / "feeds/all.xml", f"<feed>{word}</feed>")
    if ballast:
        (site / "large.bin").write_bytes(os.urandom(ballast))
    return built_again(folder)


def built_again(folder: Path) -> Built:
    """The build of a site whose files were edited since."""
    record = write_record(folder / "site.record", folder / "site", "https://site.example", {"surfaces": 1}, ())
    return Built(folder / "site", folder / "site.record", record, "")


def page(word: str, style: str, links: str) -> str:
    return (
        f'<!doctype html><title>{word}</title><link rel="stylesheet" href="/{style}"><main><p>{word}</p>{links}</main>'
    )


def words_in(files: Iterable[bytes]) -> set[str]:
    """What pages say: one word when they are all of one release."""
    return {text.decode().partition("<title>")[2].partition("</title>")[0] for text in files}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
