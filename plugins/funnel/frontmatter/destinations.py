"""Where a link leads: to a document, to a file, or away from the site; and whether readers can follow it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from .addresses import aliases_of
from .documents import Document
from .problems import nearest
from .schema import FILE_FOLDERS, FOLDERS, RESERVED
from .targets import PELICANS, NoTarget, read_target
from .typed import refuse_spoilt
from .withholding import Withheld

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
ESCAPED = re.compile(r"\\([`*_{}\[\]()>#+\-.!])")
"""A sign that Markdown would read otherwise, with the backslash that some programs put before each."""
ENDINGS = "com|org|net|info|io|eu|de|uk|fr|at|ch|nl|example"
LIKE_A_HOST = re.compile(rf"www\.|[\w-]+(?:\.[\w-]+)*\.(?:{ENDINGS})(?:[/?#:]|$)", re.IGNORECASE)
MAILBOX = re.compile(r"[^\s/@{}]+@[^\s/@{}]+\.\w+")
PELICAN = re.compile(r"[{|](?:" + "|".join(PELICANS) + r")[}|]")


@dataclass(frozen=True)
class Destination:
    """A document or file of the site; `what` is the word that Pelican needs before its path."""

    what: str
    path: str
    tail: str = ""

    def __str__(self) -> str:
        return f"{{{self.what}}}/{self.path}{self.tail}"


class Places:
    """Everything that a link may lead to."""

    def __init__(
        self,
        documents: Iterable[Document],
        files: Iterable[str],
        held: Iterable[Withheld],
        unread: Iterable[str] = (),
        faulty: Iterable[str] = (),
    ) -> None:
        """`unread`: documents with faults of their own; what may lead to one of them is not called broken as well.

        `faulty`: files of which it is told that they must be renamed, or cannot be read; a link to one is not called broken as well.
        """
        self.unread = frozenset(unread)
        self.documents = {document.path: document for document in documents}
        self.files = frozenset(files)
        self.faulty = frozenset(faulty)
        self.held: Mapping[str, Withheld] = {one.document.path: one for one in held}
        self.numbers = {str(one.metadata.get("number")): one.path for one in self.documents.values()}
        self.addresses = {document.address: document.path for document in self.documents.values()}
        self.aliases = {alias.rstrip("/") for document in self.documents.values() for alias in aliases_of(document)}

    def destination(self, text: str, document: Document) -> Destination | None:
        """Read a target that stands in a document; None when it is not ours to judge. Raises NoTarget."""
        typed = text.strip()
        if not typed:
            raise NoTarget(
                "this link leads nowhere", "Write where it leads between the round brackets, or take it out."
            )
        refuse_spoilt(typed)
        words = ESCAPED.sub(r"\1", typed)
        if SCHEME.match(words) or words.startswith(("//", "#", "?", "%%")) or PELICAN.match(words):
            return None
        if MAILBOX.fullmatch(words):
            raise NoTarget(f'"{words}" is an e-mail address without its mailto:', f"Write mailto:{words}")
        if words.startswith("/"):
            return self._from_top(words)
        if words[0] not in "{|" and not posixpath.splitext(re.split(r"[?#]", words)[0])[1]:
            return self._relative_address(words, document)
        target = read_target(words, document.path)
        if target.what == "issue":
            return self._issue(target.path, target.tail)
        return self._found(target.what, target.path, target.tail, words)

    def named(self, value: str, document: Document) -> Destination | None:
        """What the value of `next` or `image` names: a path relative to content/, or `{issue}N`. Raises NoTarget."""
        return self.destination(value, document) if value.startswith("{issue}") else self._found("", value, "", value)

    def _issue(self, number: str, tail: str) -> Destination | None:
        if number not in self.numbers and any(path.startswith("newsletter/") for path in self.unread):
            return None
        if number not in self.numbers:
            known = ", ".join(sorted((one for one in self.numbers if one != "None"), key=int)) or "none"
            raise NoTarget(f"there is no issue {number}", f"Issues: {known}.")
        return Destination("filename", self.numbers[number], tail)

    def _from_top(self, words: str) -> Destination | None:
        """An address typed by hand. Of what else the site writes, only the finished site can tell."""
        place, tail = re.fullmatch(r"([^?#]*)(.*)", words, re.DOTALL).groups()  # type: ignore[union-attr]
        path = place.strip("/")
        address = f"/{path}/"
        if address in self.addresses:
            return Destination("filename", self.addresses[address], tail)
        if path in self.files and path.startswith("images/"):
            return Destination("static", path, tail)
        folder, _, rest = path.partition("/")
        wrong = (
            path.endswith(".md")
            or folder == "images"
            or (_own_address(folder, rest) and place.rstrip("/") not in self.aliases)
        )
        if wrong and not self.unread and unquote(path) not in self.faulty:
            near = nearest(address, self.addresses)
            raise NoTarget(
                f'there is nothing at the address "{place}"', f"Did you mean {near}?" if near else self._advice(path)
            )
        return None

    def _relative_address(self, words: str, document: Document) -> Destination | None:
        if LIKE_A_HOST.match(words):
            raise NoTarget(f'"{words}" is not a whole web address', f"Write https://{words}")
        place, tail = re.fullmatch(r"([^?#]*)(.*)", words, re.DOTALL).groups()  # type: ignore[union-attr]
        address = posixpath.normpath(posixpath.join(document.address, place))
        if f"{address}/" in self.addresses:
            return Destination("filename", self.addresses[f"{address}/"], tail)
        folder, _, rest = address.strip("/").partition("/")
        if self.unread or address == "/" or (folder in RESERVED and not _own_address(folder, rest)):
            return None
        raise NoTarget(f'"{words}" leads to nothing', self._advice(posixpath.basename(place.rstrip("/")) + ".md"))

    def _found(self, what: str, path: str, tail: str, words: str) -> Destination:
        if path in self.documents:
            if what in {"static", "attach"}:
                raise NoTarget(f"{path} is a document, not a file", f"Write {{filename}}/{path}")
            return Destination("filename", path, tail)
        if path in self.files:
            return Destination("attach" if what == "attach" else "static", path, tail)
        if path in self.unread or path in self.faulty:
            return Destination("filename", path, tail)
        if LIKE_A_HOST.match(words):
            raise NoTarget(f'"{words}" is not a whole web address', f"Write https://{words}")
        kind = "document" if path.endswith(".md") else "file"
        raise NoTarget(f'there is no {kind} "{path}"', self._advice(path))

    def _advice(self, path: str) -> str:
        page = re.sub(r"(?:\.(?:html|md))?$", ".md", path, count=1, flags=re.IGNORECASE)
        document = path.endswith(".md") or page in self.documents
        near = page if page in self.documents else _likest(path, self.documents if document else self.files)
        return f"Did you mean {{{'filename' if document else 'static'}}}/{near}?" if near else _how(path)


def _own_address(folder: str, rest: str) -> bool:
    """Whether an address has the form of a document's own; of issues only the numbers below the years."""
    if not rest or "/" in rest:
        return False
    return (
        rest.isdigit() and len(rest) < 4
        if folder == "newsletter"
        else folder in FOLDERS and folder not in {"pages", "offers"}
    )


def _likest(path: str, known: Iterable[str]) -> str | None:
    """The path with the same name or a like one, best in the same folder; that folder and ending are alike tells nothing."""
    folder, name = posixpath.split(path)
    paths = sorted(known, key=lambda one: posixpath.dirname(one) == folder)
    near = next((one for one in paths if posixpath.basename(one) == name), None)
    names = {posixpath.splitext(posixpath.basename(one))[0]: one for one in paths}
    like = nearest(posixpath.splitext(name)[0], names)
    return near or (names[like] if like else None)


def _how(path: str) -> str:
    if path.split("/")[0] in FILE_FOLDERS or not path.endswith(".md"):
        return "Pictures stand in images/; write {static}/images/ and the name of the file."
    return "Write {filename}/ and the path of the document below content/, such as {filename}/posts/x.md"


def hindrance(target: Withheld | None, source: Withheld | None) -> str | None:
    """Why readers of one document could not follow its link to another; None when they can, or nobody reads it yet.

    A request that has expired hinders nobody: what was right yesterday must not be refused by the clock alone, so the link
    leads to the list of requests from then on (`standing_in`).
    """
    if target is None or (source is not None and source.reason != "future") or target.reason == "expired":
        return None
    if target.reason != "future":
        return "is a draft"
    if source and source.due and target.due and target.due <= source.due:
        return None
    return f"appears only on {_day(target.due)}"


def standing_in(target: Withheld | None) -> str | None:
    """The address that takes the place of a request that is closed: the list of its kind; None for anything else."""
    return f"/{target.document.path.partition('/')[0]}/" if target and target.reason == "expired" else None


def _day(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else "a later day"
