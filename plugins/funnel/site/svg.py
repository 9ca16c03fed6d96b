"""Takes out of a drawing what acts or calls elsewhere: a picture opened by itself may run scripts, and one may hide in it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from xml.etree import ElementTree as Tree

_SVG = "http://www.w3.org/2000/svg"
_ACTS = {"script", "foreignObject", "iframe", "embed", "object", "handler", "listener"}
_MOVES = {"animate", "set", "animateTransform", "animateMotion"}
_INSIDE = re.compile(r"#|data:image/(png|jpeg|gif|webp|avif)[;,]", re.I)
_CALLS = re.compile(r"@import\b[^;]*;?|url\(\s*+['\"]?+(?!#|data:image/)[^)]*+\)?", re.I)
"""What fetches from elsewhere; one that is never closed counts too, for browsers close it at the end."""


class DrawingRefused(Exception):
    """A drawing that is no well-formed XML. Line and column count from 1."""

    def __init__(self, line: int, column: int, words: str) -> None:
        super().__init__(words)
        self.line, self.column = line, column


@dataclass(frozen=True)
class Drawing:
    """A drawing that is safe to serve, and what was taken out of it, in words."""

    content: bytes
    removed: tuple[str, ...]


def cleaned(content: bytes) -> Drawing:
    """Give the drawing without scripts, event handlers, foreign content, and addresses outside itself.

    A drawing that has nothing of these comes back byte for byte. Raises DrawingRefused for what is no XML.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise DrawingRefused(1, 1, "it is not UTF-8") from None
    if b"<!ENTITY" in content:
        raise DrawingRefused(content[: content.index(b"<!ENTITY")].count(b"\n") + 1, 1, "it declares entities")
    try:
        root = Tree.fromstring(content)  # noqa: S314  no entity is left to grow
    except Tree.ParseError as fault:
        line, column = fault.position
        raise DrawingRefused(line, column + 1, str(fault).partition(":")[0]) from None
    removed: list[str] = []
    _clean(root, removed)
    return Drawing(_written(content, root) if removed else content, tuple(removed))


def _clean(element: Tree.Element, removed: list[str]) -> None:
    for name, value in list(element.attrib.items()):
        if _acts(_local(element.tag), _local(name), value):
            removed.append(f"{_local(element.tag)} {_local(name)}")
            del element.attrib[name]
        elif _CALLS.search(
            value
        ):  # style, and every attribute that may do what a style does: fill, mask, filter, cursor
            removed.append(f"{_local(name)} of {_local(element.tag)}")
            element.set(name, _CALLS.sub("", value))
    if _local(element.tag) == "style" and element.text and _CALLS.search(element.text):
        removed.append("an address in style")
        element.text = _CALLS.sub("", element.text)
    for child in list(element):
        name = _local(child.tag)
        target = child.get("attributeName", "").lower()
        if name in _ACTS or (name in _MOVES and (target.endswith("href") or target.startswith("on"))):
            removed.append(name)
            element.remove(child)
        else:
            _clean(child, removed)


def _acts(element: str, name: str, value: str) -> bool:
    """Whether an attribute runs something, or fetches something from outside the drawing."""
    if name.lower().startswith("on"):
        return True
    if name not in ("href", "src"):
        return False
    address = value.strip()
    if element == "a":
        return not address.lower().startswith(("https://", "http://", "#", "/", "mailto:"))
    return not _INSIDE.match(address)


def _local(name: object) -> str:
    """The name without its namespace; comments and processing instructions have none."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _written(content: bytes, root: Tree.Element) -> bytes:
    """The drawing as text, with the prefixes that it came with."""
    for _, (prefix, address) in Tree.iterparse(io.BytesIO(content), events=("start-ns",)):  # noqa: S314
        if not re.fullmatch(r"ns\d+", prefix):
            Tree.register_namespace(prefix, address)
    Tree.register_namespace("", _SVG)
    text: str = Tree.tostring(root, encoding="unicode")
    return text.encode() + b"\n"
