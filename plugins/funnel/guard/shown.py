"""What a block of Markdown source shows to a reader beside its plain words: titles, values, strings, what styles and scripts write."""

from __future__ import annotations

import re

from funnel.guard.scripted import embedded, goes_to, linked_data, written
from funnel.guard.tags import MARKUP, styled_words

REFERENCES = re.compile(
    r"(?:\s{0,3}\[(?!\^)[^\]\n]+\]:\s*\S.*\n?)+"
)  # they are read where they are used, all but their titles
TITLES = re.compile(r"""(?m)^\s{0,3}\[[^\]\n]+\]:\s*\S+\s+(["'(].*["')])\s*$""")
FLOW = re.compile(
    r"""([\[,{:]\s*)(["'])(.{0,500}?)\2(?=\s*[,\]}])"""
)  # a quoted value in a list: its marks quote nobody
NAMED = re.compile(r"\s*(?:[&!][\w!/-]+[ \t]+)+")  # an anchor or a type before a value
CODED = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})")
ADMONITION = re.compile(r"""^(\s*(?:!!!|\?\?\?\+?)\s+[\w -]+?)"(.*)"[ ]*$""", re.M)
SCRIPT = re.compile(r"(<script\b([^<>]*)>)(.*?)(</script>|\Z)", re.I | re.S)
STYLE = re.compile(r"""<style\b[^<>]*>(.*?)(?:</style>|\Z)|\bstyle\s*=\s*("[^"]*"|'[^']*')""", re.I | re.S)
BOXED = re.compile(
    r"^(\s*(?:!!!|\?\?\?\+?)\s+[\w -]+)$", re.M
)  # what kind of box it is, which nobody reads on with what is in it
ELEMENT_TEXT = re.compile(r">([^<>{}]*[^\s<>{}][^<>{}]*)</")
TYPE = re.compile(r"""\btype\s*=\s*["']?([^"'\s>]+)""", re.I)
STRINGS = re.compile(r"""(["'`])((?:(?!\1).)* (?:(?!\1).)* (?:(?!\1).)*)\1""")
NESTED = re.compile(
    r"""(?m)(^\s+(?:-\s+)?[\w-]+:[ ]*)(["'])(.*)\2(?=[ ]*$)"""
)  # a quoted value below a key: its marks quote nobody
IMPORT = re.compile(r"^\s*(import\s.+from\s|import\s*[\"'{]|export\s(const|default))")


def value_shown(source: str) -> str:
    """A value of the front matter without the marks that quote nobody, and with its escapes undone."""
    source = NESTED.sub(r"\1 \3 ", source)
    if source[:3] in ('"""', "'''"):
        source = source.replace(source[:3], "   ")
    if source[:1] in ("&", "!"):
        source = NAMED.sub(lambda match: " " * len(match.group()), source, count=1)
    source = source.replace("\\\n", "\n ")  # a line's end that is none
    if source[:1] in ("[", "{"):
        source = FLOW.sub(r"\1 \3 ", source)
    return CODED.sub(lambda match: chr(int(match.group()[2:], 16) % 0x110000), source) if "\\" in source else source


def paragraph_shown(source: str) -> str:
    """A paragraph as it is printed: of link definitions only their titles, of a box its heading without marks."""
    if source[:3] in ("!!!", "???"):
        return BOXED.sub(r"\1 ¶", ADMONITION.sub(r"\1 \2 ", source))
    if source.lstrip()[:1] == "[" and REFERENCES.fullmatch(source):
        return " ¶ ".join(title[1:-1] for title in TITLES.findall(source))
    return source


def exported(source: str) -> str:
    """What the code of an MDX document keeps in words: its strings, and the text of its elements."""
    if not source.startswith("export"):
        return ""
    shown, at = "", 0
    for first, last in sorted(
        [found.span(2) for found in STRINGS.finditer(source)]
        + [found.span(1) for found in ELEMENT_TEXT.finditer(source)]
    ):
        if last > at:
            shown += _blank(source[at:first]) + source[max(first, at) : last]
            at = last
    return shown


def _blank(code: str) -> str:
    """Code between words as blanks, so that the words keep their places, and as a mark that ends a sentence."""
    blank = re.sub(r"[^\n]", " ", code)
    return blank if len(code) < 2 else blank[0] + "¶" + blank[2:] if code[1] != "\n" else "¶" + blank[1:]


def with_unspoken(source: str) -> str:
    """Raw HTML with what its styles and scripts bring before the reader in words after it."""
    said = []
    if "style" in source:
        for sheet, value in STYLE.findall(source):
            said += [words for words, _ in styled_words(sheet or value[1:-1])]
    if "data:" in source:
        said.append(embedded(source))
    if "<script" in source.lower():
        for script in SCRIPT.finditer(source):
            if "ld+json" in script.group(2):
                told, sells = linked_data(script.group(3))
                said += [*told, "<Checkout />"] if sells else told
            elif (kind := TYPE.search(script.group(2))) and MARKUP.search(kind.group(1).lower()):
                said.append(script.group(3))
            else:
                said += [words for words, _ in written(script.group(3))]
                said += [f"<a href='{target}'></a>" for target, _ in goes_to(script.group(3))]
        source = SCRIPT.sub(
            lambda match: match.group(1) + re.sub(r"[^\n]", " ", match.group(3)) + match.group(4), source
        )
    return source + "".join(f" ¶ {words}" for words in said)
