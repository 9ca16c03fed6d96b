"""Marks of other programs and other kinds of Markdown, which readers would see as they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .raw_html import Slip

AS_TYPED = "readers would see this as it stands here: it means nothing in the Markdown of this site"
OF_OTHERS = "It is a mark of another program: take it out, and write in its place what readers shall see."
CODE = " What is code stands between backticks."
MARKS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), advice)
    for pattern, advice in (
        (r"(?<![~\\])~~(?=[^\s~])[^~\n]*(?<=\S)~~(?!~)", "For words that are struck out write <del>words</del>"),
        (r"(?<=[A-Za-z)])~\d{1,3}[+-]?~(?!~)", "For small figures below the line write H<sub>2</sub>O." + CODE),
        (r"(?<=[\w)])\^[+-]?\w{1,4}[+-]?\^(?!\^)", "For small signs above the line write x<sup>2</sup>." + CODE),
        (r"\{(?:\+\+[^{}\n]*\+\+|--[^{}\n]*--|==[^{}\n]*==|~~[^{}\n]*~>[^{}\n]*~~|>>[^{}\n]*<<)\}",
         "This change is not settled: take its signs out, and leave what readers shall see." + CODE),
        (r"(?<![=\w\\{])==(?=[^\s=])[^=\n]*(?<=\S)==(?![=\w])", "For words that are marked write <mark>words</mark>"),
        (r"(?<=[-*+] )\[[ xX]\](?= )|(?<=\d\. )\[[ xX]\](?= )", "For a list to tick off write \u2610 or \u2611 in place of the brackets."),
        (r"(?<=^>)\[!\w+\]|(?<=^> )\[!\w+\]", 'For a box write !!! note "Title" and set the lines below it in by four spaces.'),
        (r"(?<!\\)!?\[\[[^\[\]\n]+\]\](?!\()", "Write [words]({filename}/posts/x.md), a picture with a ! before it." + CODE),
        (r"(?<![\\{])\{\{(?!\{)[^{}\n]*\}\}|\{%[^{}\n]*%\}", OF_OTHERS + CODE),
        (r"(?<![\w\\(\"'<=])%%(?!funnel:|\s)[^%\n]*[^%\s]%%", "A note that readers shall not see stands between <!-- and -->." + CODE),
        (r"<!(?=[\u2013\u2014]|-(?!-))", "A note that readers shall not see begins with <!-- and ends with -->, each with two plain hyphens."),
        (r"^ {0,3}:{3,}(?= ?[\w{])", 'For a box write !!! note "Title" and set the lines below it in by four spaces.'),
        (r"\((?=[^\s()])[^()\[\]\n]*\)\[(?:https?://|mailto:|\{\w+\})[^\]\s]*\]",
         "The words stand in square brackets, the address in round ones: [words](address)"),
        (r"(?<![\\\]])\^\[[^\[\]\n]+\](?!\()", "Write [^1] here, and on a line of its own, below: [^1]: the words of the note"),
        (r"(?<!\\)\\(?=\n[^\s\0])", "To begin a new line, end this one with two spaces in place of the \\"),
        (r"^ {0,3}! (?=\[[^\]\n]*\]\([^()\s]+\.(?:png|jpe?g|gif|webp|svg|avif)\))", "For a picture take the space out: ![what it shows](address)"),
        (r"^ {0,3}\{:[^}\n]*\} *(?=\n[^\s\0])|\{::[a-z]+[^}\n]*\}|(?<!\])\[[^\[\]\n]*\]\{[.#][^}\n]*\}", OF_OTHERS + CODE),
        (r"\[(?:/(?:caption|gallery|embed|audio|video|playlist|button)|(?:caption|gallery|embed|audio|video|playlist|button)\s+\w+=[^\]\n]*)\]|"
         r"(?<!\\)\[(?:/(?!s\])[a-z]\w*|[a-z][\w-]*(?:\s+[\w-]+=(?:\"[^\]\"\n]*\"|'[^\]'\n]*'))+\s*/?)\](?![(\[:])", OF_OTHERS + CODE),
        (r"<%[^%\n]*%>|(?<![$\\])\$\$[^\s$](?:[^$\n]*[^\s$])?\$\$(?!\$)|^\$\$ *$", OF_OTHERS + CODE),
        (r"(?<!\\)\\(?=['\"$@<&%,;?]|~(?!~)|=(?!=))", "Take the backslash out: it is shown before this sign." + CODE),
        (r"(?<![\w:/]):(?=[a-z_]*[a-z])[a-z0-9_+]{3,30}:(?![\w:])", "For a small picture put in the sign itself, such as \u2615." + CODE),
        (r"^\+(?:[-=]{3,}\+)+ *$", "A table is written so: | a | b |, below it |---|---|, then a line for each row."),
        (r"!\[[^\]\n]*\|\d+(?:x\d+)?\](?=\()", "Take the | and the number out: the site gives each picture its size."),
        (r"^/[^\s/]\S*\.(?:png|jpe?g|gif|webp|csv|md|txt)(?: +[\"'(].*)?$",
         "For a picture write ![what it shows]({static}/images/x.jpg); of other files put in the words." + CODE),
        (r"(?<![^\s(])(?<!\d )\*\* (?=\S)[^*\n]*\S ?\*\*(?!\w)", "For bold words take the space behind the first ** out: **words**"),
    )
)  # fmt: skip
ITEM = (
    r" {0,3}(?:[\u2022\u25e6\u25aa\u2023\u25cf\u25cb\u00b7]|o\t|\d{1,2}\)|(?:[-*+]|\d{1,2}\.)\u00a0|(?:-|\d{1,2}\.)(?=[^\W\d]))"
    r"[ \t\u00a0]*[^\s\0].*"
)
NO_LIST = re.compile(rf"^{ITEM}(?:\n{ITEM})+", re.MULTILINE)
TAGS = re.compile(r"^#\w[\w-]*(?: #\w[\w-]*)+ *$", re.MULTILINE)
STRONG = re.compile(r"\*\*(?=[^\s*])(?:(?!\*\*).)*?[^\s*]\*\*", re.DOTALL)
OPEN_STARS = re.compile(r"(?<![^\s(])\*\*\w")
SENTENCE = re.compile(r".*[.,;] *|.{100,}")


def marks(plain: str) -> Iterator[Slip]:
    """Every mark of another dialect in a text whose code and comments are veiled."""
    for pattern, advice in MARKS:
        for found in pattern.finditer(plain):
            yield Slip(found.start(), AS_TYPED, advice)
    for found in NO_LIST.finditer(plain):
        message = "this is no list to Markdown: readers would see its lines run together"
        yield Slip(found.start(), message, "Begin each line with - and a space, or with 1. and a space.")
    for found in TAGS.finditer(plain):
        message = "to Markdown these tags are a heading"
        yield Slip(found.start(), message, "Write them at the beginning of the file: tags: [one, two]")


def marks_of_block(start: int, lines: list[str]) -> Iterator[Slip]:
    """The same for lines that stand together without an empty one between them."""
    text = "\n".join(lines)
    stars = OPEN_STARS.search(STRONG.sub(lambda strong: "\0" * len(strong[0]), text)) if "***" not in text else None
    if stars:
        message = "readers would see these two stars: no others close them in this paragraph, right behind a word"
        yield Slip(start + stars.start(), message, "Write **words**, or \\*\\* where you mean the stars themselves.")
    if len(lines) < 2:
        return
    if SENTENCE.fullmatch(lines[0]) and re.fullmatch(r"-{3,} *", lines[1]) and not lines[0].startswith((" ", "#", ">")):
        message = "the line of hyphens below it makes this sentence a heading"
        yield Slip(start, message, "For a line across the page put an empty line before the hyphens.")
