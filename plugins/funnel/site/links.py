"""Proves that a finished site holds together: every own link, anchor, picture and canonical address leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from turbohtml import Element, parse

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
_UNRESOLVED = ("{filename}", "{static}", "{attach}", "{issue}")
_ALT_MEND = "Say in words what it shows: ![words](address). One that only decorates gets {: .decorative } behind it."
_OTHER_HOST = ("mailto:", "tel:", "data:", "sms:", "blob:")


FURNITURE_FROM = 10
"""What stands on so many pages was hardly written by hand on each of them."""


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
    """What is to be checked of a page. Its elements are not kept: those of thousands of pages would fill the machine."""

    path: str
    address: str
    anchors: frozenset[str]
    links: tuple[_Link, ...]
    silent: tuple[LinkProblem, ...]


class _Link(NamedTuple):
    address: str
    line: int
    column: int


def refuse_broken_links(root: Path, site_url: str, sources: Mapping[str, str] | None = None) -> None:
    """Check a finished site. `sources` says which document each page was made from, by path.

    Raises LinksRefused with every problem.
    """
    problems = check_links(root, site_url)
    if problems:
        told = list(_told_once(problems, sources or {}))
        found = "1 fault" if len(told) == 1 else f"{len(told)} faults"
        raise LinksRefused("\n".join(told) + f"\n{found} in the links of the built pages. Nothing was put in place.")


def _told_once(problems: list[LinkProblem], sources: Mapping[str, str]) -> Iterator[str]:
    """A fault that stands on many pages comes from the theme or the settings: it is told at the first of them."""
    shared: dict[str, list[LinkProblem]] = {}
    for problem in problems:
        shared.setdefault(problem.message, []).append(problem)
    for group in shared.values():
        pages = len({problem.path for problem in group})
        if pages >= FURNITURE_FROM:
            yield f"{group[0]}\n    It stands on {pages} pages: look in NAVIGATION and the templates of the theme."
        else:
            yield from (f"{problem}{_made_from(sources.get(problem.path))}" for problem in group)


def _made_from(source: str | None) -> str:
    return f"\n    The page is made from {source}." if source else ""


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
    address = name.removesuffix("index.html") if name == "index.html" or name.endswith("/index.html") else name
    anchors, links, silent = set(), [], []
    for element in parse(path.read_bytes(), encoding="utf-8").iter_elements():
        anchors.add(element.attr("id") or "")
        line, column = element.position or (1, 0)
        links += [_Link(intern(asked), line, column + 1) for asked in _addresses(element)]
        if element.tag == "img" and not element.attr("alt") and not _decorates(element):
            words = f"the picture {element.attr('src') or ''} has no alternative text"
            silent.append(LinkProblem(name, line, column + 1, words, _ALT_MEND))
    own = f"{site_url.rstrip('/')}/{address}"
    return _Page(name, own, frozenset(anchors - {""}), tuple(links), tuple(silent))


@dataclass(frozen=True)
class _Check:
    site_url: str
    pages: dict[str, _Page]
    files: set[str]
    known: dict[str, tuple[str, str]] = field(default_factory=dict)

    def page(self, page: _Page) -> Iterator[LinkProblem]:
        for address, line, column in page.links:
            message, mend = self._fault(page, address)
            if message:
                yield LinkProblem(page.path, line, column, message, mend)
        yield from page.silent

    def _fault(self, page: _Page, address: str) -> tuple[str, str]:
        """What is wrong with an address on a page, and what to do; two empty texts where nothing is."""
        if address.startswith(_UNRESOLVED):
            return f"the link {address} was never resolved", "What it names does not exist, or is a draft. Correct it."
        everywhere = address.startswith("/")  # furniture leads to the same place from every page: it is joined once
        try:
            target = address if everywhere else urljoin(page.address, address)
            if target not in self.known:
                self.known[target] = self._fault_of_target(urljoin(page.address, target))
        except ValueError:
            return f"the link {address} is no address that a browser can read", "Correct the name of its host."
        message, mend = self.known[target]
        return (f"the link {address} {message}", mend) if message else ("", "")

    def _fault_of_target(self, target: str) -> tuple[str, str]:
        parts, own = urlsplit(target), urlsplit(self.site_url)
        if not (target + "/").startswith(self.site_url + "/"):
            ours = parts[:2] == own[:2]
            return ("leaves the site's own path", "Put the path of SITEURL in front.") if ours else ("", "")
        file = self._file(unquote(parts.path)[len(own.path) :].lstrip("/"))
        if file is None:
            return "leads nowhere", "Nothing is written at that address. Correct it, or write what is missing."
        anchor = unquote(parts.fragment)
        if anchor and anchor != "top" and file in self.pages and anchor not in self.pages[file].anchors:
            return "names a place that is not on the page", f"No element of {file} has the id {anchor}."
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


def _decorates(image: Element) -> bool:
    """Whether an empty alternative text is meant: it is said, or the link around the picture has words."""
    around = image.parent
    named = isinstance(around, Element) and around.tag == "a" and bool(around.text.strip())
    return image.attr("alt") is not None and (image.has_class("decorative") or named)
