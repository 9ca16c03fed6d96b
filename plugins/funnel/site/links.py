"""Proves that a finished site holds together: every own link, anchor, picture and canonical address leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from turbohtml import Document, Element, parse

_ADDRESSES = {
    "a": "href",
    "area": "href",
    "link": "href",
    "img": "src",
    "source": "src",
    "script": "src",
    "iframe": "src",
    "form": "action",
}
_OTHER_HOST = ("mailto:", "tel:", "data:", "sms:", "blob:")


class LinksRefused(Exception):
    """The site has links that lead nowhere. The text lists them all, each with its place."""

    exitcode = 3


@dataclass(frozen=True, order=True)
class LinkProblem:
    """One fault of a written page. `path` is relative to the site's folder; line and column count from 1."""

    path: str
    line: int
    column: int
    message: str
    help: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}\n    {self.help}"


@dataclass(frozen=True)
class _Page:
    path: str
    address: str
    document: Document
    anchors: frozenset[str]


def refuse_broken_links(root: Path, site_url: str) -> None:
    """Check a finished site. Raises LinksRefused with every problem."""
    problems = check_links(root, site_url)
    if problems:
        count = len(problems)
        lines = "\n".join(str(problem) for problem in problems)
        raise LinksRefused(
            f"{lines}\n{count} broken link{'s' if count > 1 else ''} in the built pages. Nothing was put in place."
        )


def check_links(root: Path, site_url: str) -> list[LinkProblem]:
    """Give every own link, anchor, picture and canonical address that leads nowhere, and every picture without alt.

    `root` is the folder of the finished site, `site_url` its address. Addresses of other hosts are not looked at.
    """
    pages = {page.path: page for page in (_read(root, path, site_url) for path in sorted(root.rglob("*.html")))}
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    check = _Check(site_url.rstrip("/"), pages, files)
    return sorted({problem for page in pages.values() for problem in check.page(page)})


def _read(root: Path, path: Path, site_url: str) -> _Page:
    name = path.relative_to(root).as_posix()
    document = parse(path.read_bytes(), encoding="utf-8")
    anchors = {item.attr("id") or "" for item in document.iter_elements()} - {""}
    address = name.removesuffix("index.html") if name == "index.html" or name.endswith("/index.html") else name
    return _Page(name, f"{site_url.rstrip('/')}/{address}", document, frozenset(anchors))


@dataclass(frozen=True)
class _Check:
    site_url: str
    pages: dict[str, _Page]
    files: set[str]

    def page(self, page: _Page) -> Iterator[LinkProblem]:
        for element in page.document.iter_elements():
            for address in _addresses(element):
                message, mend = self._fault(page, address)
                if message:
                    yield _problem(page, element, message, mend)
            if element.tag == "img" and element.attr("alt") is None:
                source = element.attr("src") or ""
                mend = (
                    'Say in words what it shows: ![words](address). A picture that only decorates gets alt="" in HTML.'
                )
                yield _problem(page, element, f"the picture {source} has no alternative text", mend)

    def _fault(self, page: _Page, address: str) -> tuple[str, str]:
        """What is wrong with an address on a page, and what to do; two empty texts where nothing is."""
        if address.startswith(("{filename}", "{static}", "{attach}", "{issue}")):
            return (
                f"the link {address} was never resolved",
                "The file it names does not exist, or is a draft. Correct the name.",
            )
        target = urljoin(page.address, address)
        if not (target + "/").startswith(self.site_url + "/"):
            same = urlsplit(target)[:2] == urlsplit(self.site_url)[:2]
            return (
                (f"the link {address} leaves the site's own path", "Put the path of SITEURL in front.")
                if same
                else ("", "")
            )
        parts = urlsplit(target)
        path = unquote(parts.path)[len(urlsplit(self.site_url).path) :].lstrip("/")
        file = self._file(path)
        if file is None:
            return (
                f"the link {address} leads nowhere",
                "Nothing is written at that address. Correct it, or write what is missing.",
            )
        anchor = unquote(parts.fragment)
        if anchor and anchor != "top" and file in self.pages and anchor not in self.pages[file].anchors:
            return (
                f"the link {address} names a place that is not on the page",
                f"No element of {file} has the id {anchor}.",
            )
        return "", ""

    def _file(self, path: str) -> str | None:
        """The file that a host serves at a path: directories by their index.html."""
        if path in self.files:
            return path
        index = f"{path.rstrip('/')}/index.html".lstrip("/")
        return index if index in self.files and (path.endswith("/") or not path) else None


def _addresses(element: Element) -> Iterator[str]:
    """The addresses that an element asks for, other schemes left out."""
    found = [element.attr(_ADDRESSES[element.tag])] if element.tag in _ADDRESSES else []
    found += [part.split()[0] for part in (element.attr("srcset") or "").split(",") if part.strip()]
    if element.tag == "meta" and (element.attr("property") or "") in ("og:url", "og:image"):
        found.append(element.attr("content"))
    for address in found:
        if address is not None and not address.lower().startswith(_OTHER_HOST):
            yield address.strip()


def _problem(page: _Page, element: Element, message: str, mend: str) -> LinkProblem:
    line, column = element.position or (1, 0)
    return LinkProblem(page.path, line, column + 1, message, mend)
