"""What our Markdown can hold beyond Pelican's: captions, videos, the reader's name, and blocks by one line.

A Python-Markdown extension. It only marks: what a mark becomes in each face is decided where that face is written.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

NAME_CLASS = "reader-name"
BLOCK_CLASS = "funnel-block"
VIDEO = re.compile(r"\.(mp4|m4v|webm|ogv)$", re.IGNORECASE)


class Block(StrEnum):
    """A block that one line of Markdown asks for."""

    DIGEST = "digest"
    TIP = "tip"
    REVIEW = "review"
    REQUEST = "request"
    THANKS = "thanks"


BLOCK_LINE = re.compile(rf"^ {{0,3}}\{{({'|'.join(Block)})\}}[ \t]*(.*?)[ \t]*$", re.MULTILINE)
NAME = r"\{name\|([^{}|\n%<>*&\u00a0]+)\}"


class BlockLines(BlockProcessor):
    """`{tip}/tips/ask-twice.md` on a line of its own becomes a placeholder that knows its kind and its target."""

    def test(self, _parent: ET.Element, block: str) -> bool:
        return BLOCK_LINE.search(block) is not None

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        found = BLOCK_LINE.search(block)
        if found is None:
            raise AssertionError("test() said that a block line is in it")
        if before := block[: found.start()].rstrip("\n"):
            self.parser.parseBlocks(parent, [before])
        if after := block[found.end() :].lstrip("\n"):
            blocks.insert(0, after)
        self._mark(parent, found)

    def _mark(self, parent: ET.Element, found: re.Match[str]) -> None:
        mark = ET.SubElement(parent, "div")
        mark.set("class", f"{BLOCK_CLASS} {BLOCK_CLASS}-{found[1]}")
        mark.set("title", found[2])
        if found[1] == Block.THANKS:
            ET.SubElement(mark, "p").text = found[2]  # what thanks are for may hold links and emphasis


class ReaderName(InlineProcessor):
    """`{name|friend}`: the reader's own name in the letter, the word after the bar everywhere else."""

    def handleMatch(self, m: re.Match[str], _data: str) -> tuple[ET.Element, int, int]:  # type: ignore[override]
        element = ET.Element("span", {"class": NAME_CLASS})
        element.text = m[1].strip()
        return element, m.start(0), m.end(0)


class Figures(Treeprocessor):
    """An image alone in its paragraph with a title gets a caption; one that leads to a video file becomes a video."""

    def run(self, root: ET.Element) -> None:
        for paragraph in root.iter("p"):
            child = _only_child(paragraph)
            if child is None:
                continue
            image = _only_child(child) if child.tag == "a" else child
            if image is None or image.tag != "img":
                continue
            if child.tag == "a" and VIDEO.search(child.get("href", "")):
                _become_figure(paragraph, image, "video")
            elif image.get("title"):
                _become_figure(paragraph, image, "picture")


def _only_child(element: ET.Element) -> ET.Element | None:
    if len(element) != 1 or (element.text or "").strip() or (element[0].tail or "").strip():
        return None
    return element[0]


def _become_figure(paragraph: ET.Element, image: ET.Element, kind: str) -> None:
    paragraph.tag = "figure"
    paragraph.set("class", kind)
    caption = image.attrib.pop("title", "")
    if caption:
        ET.SubElement(paragraph, "figcaption").text = caption


class Forms(Extension):
    """Adds the forms above to a Markdown converter."""

    def extendMarkdown(self, md: Markdown) -> None:
        parser: BlockParser = md.parser
        parser.blockprocessors.register(BlockLines(parser), "funnel-blocks", 175)
        md.inlinePatterns.register(ReaderName(NAME, md), "funnel-name", 172)
        md.treeprocessors.register(Figures(md), "funnel-figures", 5)


def makeExtension(**options: Any) -> Forms:
    """Python-Markdown's way to find the extension of a module."""
    return Forms(**options)
