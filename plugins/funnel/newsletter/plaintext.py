"""The body of an issue as plain text that a person could have typed: wrapped, with lists, quotes and even tables."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator

from turbohtml import Element, Node

from funnel.newsletter.fragment import attribute, classes, elements
from funnel.newsletter.merge import MARKED_NAME, finish
from funnel.newsletter.text_inline import BREAK, Notes, line_of, piece, tidy
from funnel.newsletter.text_table import cells_wide, table_lines

WIDTH = 72
NARROWEST = 24
"""Text in many lists and quotations gets no narrower than this; its lines grow longer instead."""
Chunk = list[str]
"""The lines of one block; a blank line goes between two of them."""

CONTAINERS = frozenset({"div", "section", "aside", "details", "figure"})
BLOCKS = CONTAINERS | {"p", "ul", "ol", "dl", "blockquote", "pre", "table", "hr", "video", "summary", "figcaption"}
BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6"}
UNDERLINE = {"h1": "=", "h2": "-"}
_HELD = "\ufdd3"
_PIECE = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef] *|[^ \u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]* *"
)
"""Chinese, Japanese and Korean are written without spaces: a line may end after each of their signs."""
_NEVER_FIRST = frozenset("、。，．・：；？！）］｝」』〉》】〕ー々")


def wrap(text: str, width: int = WIDTH) -> Chunk:
    """Lines of at most `width` where words allow it. Addresses and merge fields are never broken."""
    lines = [line for part in _hold(text).split(BREAK) for line in _fill(part, max(width, NARROWEST)) or [""]]
    return _release(lines)


def _fill(text: str, width: int) -> Chunk:
    if cells_wide(text) <= len(text):
        return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    lines = [""]
    for part in _PIECE.findall(text):
        full = cells_wide(lines[-1] + part.rstrip()) > width and part.strip() not in _NEVER_FIRST
        lines[-1:] = [lines[-1].rstrip(), part] if full else [lines[-1] + part]
    return [line.strip() for line in lines if line.strip()]


def _hold(text: str) -> str:
    return MARKED_NAME.sub(lambda found: found[0].replace(" ", _HELD), text)


def _release(lines: Chunk) -> Chunk:
    return [line.replace(_HELD, " ") for line in lines]


def write_text(body: Node, notes: Notes) -> str:
    """The whole body. Links go to `notes`, whose list the letter puts at its end."""
    return finish("\n\n".join("\n".join(chunk) for chunk in chunks(body, notes, WIDTH)))


def chunks(parent: Node, notes: Notes, width: int) -> list[Chunk]:
    """The blocks of a node, in order. Words that stand between blocks make a paragraph of their own."""
    found: list[Chunk] = []
    for group in _groups(parent):
        if isinstance(group, Element):
            found += _block(group, notes, width)
        elif text := tidy("".join(piece(node, notes) for node in group)):
            found.append(wrap(text, width))
    return found


def _groups(parent: Node) -> Iterator[Element | list[Node]]:
    loose: list[Node] = []
    for child in parent.children:
        if isinstance(child, Element) and child.tag in BLOCKS:
            if loose:
                yield loose
            loose = []
            yield child
        else:
            loose.append(child)
    if loose:
        yield loose


def _block(element: Element, notes: Notes, width: int) -> list[Chunk]:
    if "footnote" in classes(element):
        return _footnotes(element, notes, width)
    if "admonition" in classes(element):
        return [_prefixed(chunks(element, notes, width - 2), "| ", "| ")]
    write = _WRITERS.get(element.tag)
    return write(element, notes, width) if write else chunks(element, notes, width)


def _paragraph(element: Element, notes: Notes, width: int) -> list[Chunk]:
    text = line_of(element, notes)
    if "admonition-title" in classes(element):
        text = f"*{text}*"
    return [wrap(text, width)] if text else []


def _heading(element: Element, notes: Notes, width: int) -> list[Chunk]:
    lines = wrap(line_of(element, notes), width)
    mark = UNDERLINE.get(element.tag, "~")
    return [[*lines, mark * max(map(cells_wide, lines))]]


def _list(element: Element, notes: Notes, width: int) -> list[Chunk]:
    start = attribute(element, "start")
    number = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
    items, loose = [], False
    for child in elements(element):
        mark = f"{number}. " if element.tag == "ol" else "- "
        number += 1
        parts = chunks(child, notes, width - len(mark))
        loose = loose or any(part.tag == "p" for part in elements(child))
        items.append(_prefixed(parts or [[""]], mark, " " * len(mark), tight=not loose))
    return items if loose else [[line for item in items for line in item]] if items else []


def _quote(element: Element, notes: Notes, width: int) -> list[Chunk]:
    return [_prefixed(chunks(element, notes, width - 2), "> ", "> ")]


def _code(element: Element, _notes: Notes, _width: int) -> list[Chunk]:
    return [[f"    {line}".rstrip() for line in element.text.strip("\n").splitlines()]]


def _rule(_element: Element, _notes: Notes, _width: int) -> list[Chunk]:
    return [["* * *"]]


def _definitions(element: Element, notes: Notes, width: int) -> list[Chunk]:
    found: list[Chunk] = []
    for child in elements(element):
        if child.tag == "dt":
            found.append(wrap(line_of(child, notes), width))
        else:
            meaning = _prefixed(chunks(child, notes, width - 4), "    ", "    ")
            found[-1:] = [found[-1] + meaning] if found else [meaning]
    return found


def _table(element: Element, notes: Notes, width: int) -> list[Chunk]:
    rows = [list(elements(row)) for row in element.iter_elements("tr")]
    texts = [[_hold(line_of(cell, notes).replace(BREAK, " ")) for cell in row] for row in rows]
    headed = bool(rows) and all(cell.tag == "th" for cell in rows[0])
    aligns = [_align(cell) for cell in rows[0]] if rows else []
    caption = element.find("caption")
    found = [wrap(line_of(caption, notes), width)] if caption is not None else []
    head = texts[0] if headed else []
    lines = table_lines(head, texts[1:] if headed else texts, aligns, width)
    return [*found, _release(lines)] if lines else found


def _align(cell: Element) -> str:
    found = re.search(r"text-align:\s*(\w+)", attribute(cell, "style"))
    return found[1] if found else attribute(cell, "align")


def _video(element: Element, notes: Notes, width: int) -> list[Chunk]:
    source = element.find("source")
    address = attribute(element, "src") or (attribute(source, "src") if source is not None else "")
    return [wrap(_film(video_title(element), address, notes), width)]


def _film(title: str, address: str, notes: Notes) -> str:
    return f"[{notes.words.say('Video: {what}', what=title)}] [{notes.number(address)}]"


def video_title(element: Element) -> str:
    """What a video shows: its title, or the words inside it for browsers that cannot play it."""
    return attribute(element, "title").strip() or " ".join(element.text.split())


def _video_figure(element: Element, notes: Notes, width: int) -> list[Chunk]:
    anchor, image, caption = element.find("a"), element.find("img"), element.find("figcaption")
    if anchor is None or image is None:
        return chunks(element, notes, width)
    line = _film(attribute(image, "alt").strip(), attribute(anchor, "href"), notes)
    under = [wrap(line_of(caption, notes), width)] if caption is not None else []
    return [wrap(line, width), *under]


def _figure(element: Element, notes: Notes, width: int) -> list[Chunk]:
    parts = (_video_figure if "video" in classes(element) else chunks)(element, notes, width)
    return [[line for part in parts for line in part]] if parts else []


def _footnotes(element: Element, notes: Notes, width: int) -> list[Chunk]:
    listed = element.find("ol")
    heading = notes.words.say("Notes")
    return [[heading, "-" * cells_wide(heading)], *(_list(listed, notes, width) if listed is not None else [])]


def _prefixed(parts: list[Chunk], first: str, rest: str, *, tight: bool = False) -> Chunk:
    """All the chunks as one, the first line after `first`, the others after `rest`."""
    lines: list[str] = []
    for part in parts:
        lines += [""] if lines and not tight else []
        lines += part
    return [((rest if index else first) + line).rstrip() for index, line in enumerate(lines)]


_WRITERS: dict[str, Callable[[Element, Notes, int], list[Chunk]]] = {
    "p": _paragraph,
    "summary": _paragraph,
    "figcaption": _paragraph,
    "ul": _list,
    "ol": _list,
    "blockquote": _quote,
    "pre": _code,
    "hr": _rule,
    "dl": _definitions,
    "table": _table,
    "video": _video,
    "figure": _figure,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
}
