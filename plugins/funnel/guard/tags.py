"""What tags and their attributes mean to a reader: which break the line, which lead away, which are spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape

ATTRIBUTE = re.compile(r"""([A-Za-z_:@][\w:.@-]*)\s*(?:=\s*("[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}|[^\s"'>]+))?""")
BREAKING = frozenset(
    re.findall(
        r"\w+",
        "br p div li ul ol h1 h2 h3 h4 h5 h6 td th tr table section article aside header footer nav form "
        "button blockquote figure figcaption hr dd dt dl main label option select summary details legend fieldset caption address ",
    )
)
ADDRESSES = (
    "href",
    "action",
    "formaction",
    "to",
    "url",
    "link",
    "src",
    "data-href",
    "data-url",
    "xlink:href",
    "data-link",
    "data-src",
    "hx-get",
    "hx-post",
    "data",
)
SPOKEN = ("aria-label", "alt", "title", "value", "placeholder", "content", "label", "text", "cta", "data-text")
LOCATION = re.compile(r"""(?:location(?:\.href)?\s*=|(?:open|assign|replace|push|navigate)\()\s*['"`]([^'"`]+)""")
LED = re.compile(r"""['"`]((?:https?:/)?/[^'"`\s]+)['"`]""")
COMMENTED = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
STRING = re.compile(r"""(?P<held>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\\.|(?P<end>[;{}])""", re.S)
STYLED = re.compile(
    r"(?:content|--[\w-]+|list-style(?:-type)?|symbols|suffix|prefix|quotes|initial-value)\s*:[^:]*$", re.I
)
NAMED = re.compile(r"(?:font[\w-]*|src|grid[\w-]*)\s*:[^:]*$|url\(\s*$", re.I)  # strings that name a thing
SCRIPTED = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|(.))", re.S)
VARIABLE = re.compile(r"(--[\w-]+)\s*:\s*(\"[^\"]*\"|'[^']*')")
USED = re.compile(r"var\(\s*(--[\w-]+)[^()]*\)")
ESCAPED = re.compile(r"\\([0-9A-Fa-f]{1,6})\s?|\\(\n|.)")
LITERAL = re.compile(r""""([^"]*)"|'([^']*)'|`([^`]*)`""")
FILLED_IN = re.compile(r"""\$\{\s*["'`]?([\w .,-]*)["'`]?\s*\}""")
QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
UNSPOKEN = frozenset(
    re.findall(
        r"\S+", "class classname id style sx key ref rel sizes srcset d viewbox transform points fill target srcdoc"
    )
)
TECHNICAL = UNSPOKEN | frozenset(  # of those that HTML and SVG know
    re.findall(
        r"\S+",
        "allow sandbox media integrity pattern datetime coords accept charset itemprop itemtype itemref itemid typeof property vocab prefix "
        "about resource ping cite longdesc download headers name for form list role action href xlink:href src data xmlns keytimes keysplines "
        "values dur stroke-dasharray preserveaspectratio gradienttransform patterntransform imagesrcset imagesizes autocomplete http-equiv",
    )
)
MARKUP = re.compile(
    "html|template|tmpl|plain|babel|jsx|mustache|handlebars|x-dot"
)  # scripts by name, pages by what they hold
CODE_IN = re.compile(r"on|@|:|x-|v-|ng-|hx-on|wire:|set:|\(|\[")  # keys whose values are code
PLAIN_HTML = re.compile(r"^[a-z][a-z0-9]*$")


def told_in(data: str) -> list[str]:
    """The strings in data that are sentences: three words or more."""
    return [said for said in map("".join, QUOTED.findall(data)) if said.count(" ") > 1]


def spoken(key: str, value: str, component: bool = False) -> bool:
    """Whether the attribute tells the reader something: a label, a tooltip, an alternative text of two words or more.

    One that HTML does not know tells something where it has more words, since some theme or script of the page is to show it.
    """
    told = (
        key in SPOKEN
        or key in ("abbr", "summary")
        or key.startswith("aria-")
        or (key.startswith("data-") and "{" not in value)
    )
    words = len(value.split())
    if not told and (component or words > 2):
        told = key not in (UNSPOKEN if component else TECHNICAL) and not key.startswith("on") and "{" not in value
    return told and words > 1 and not (key in ("content", "value") and "://" in value)


@lru_cache(maxsize=8)  # the theme's own sheet stands in every page
def styled_words(css: str) -> tuple[tuple[str, int], ...]:
    """What a style sheet puts before or after an element, its strings joined and its escapes undone, and where it stands."""
    return tuple(_styled(css))


def _styled(css: str) -> Iterator[tuple[str, int]]:
    if "/*" in css:
        css = COMMENTED.sub(lambda match: " " * len(match.group()), css)
    if "var(" in css:
        variables = dict(VARIABLE.findall(css))
        css = USED.sub(lambda match: variables.get(match.group(1), match.group()), css)
    said, begun, first = "", 0, 0
    for found in [*STRING.finditer(css), None]:
        if found and not found.group("end"):
            if (found.group("held") or "")[1:6] not in ("", "data:"):
                first = first if said else found.start()
                said += ESCAPED.sub(_character, found.group("held")[1:-1])
            continue
        before = css[begun:first]
        told = said and not NAMED.search(before) and (len(said.split()) > 2 or STYLED.search(before))
        if told and re.search(r"\w", said):
            yield said, first
        said, begun = "", found.end() if found else 0


def unescaped_script(text: str) -> str:
    """A script's string with its escapes undone."""
    return SCRIPTED.sub(_written_as, text) if "\\" in text else text


def _written_as(match: re.Match[str]) -> str:
    number = match.group(1) or match.group(2) or match.group(3)
    if not number:
        return {"n": "\n", "t": " ", "r": " "}.get(match.group(4), match.group(4))
    return chr(int(number, 16)) if int(number, 16) < 0x110000 else ""


def _character(match: re.Match[str]) -> str:
    number = int(match.group(1), 16) if match.group(1) else 0
    return chr(number) if 0 < number < 0x110000 else (match.group(2) or "").strip()


def led_to(attributes: dict[str, str]) -> str:
    """Where a tag leads: its address, or the place its script goes to when it is touched."""
    for key, value in attributes.items():
        if key.startswith("on") or value[:11].lower() == "javascript:":
            moved = LOCATION.search(value) or LED.search(value)
            if moved:
                return moved.group(1)
    return next((attributes[key] for key in ADDRESSES if attributes.get(key)), "")


def unquoted(value: str) -> str:
    """The value of an attribute without its quotation marks, its braces and its entities; strings that are added up, whole."""
    if value.startswith("{") and "+" in value:
        literals = LITERAL.findall(value)
        if len(literals) > 1:
            return unescape("".join("".join(parts) for parts in literals))
    if "${" in value:
        value = FILLED_IN.sub(r"\1", value)
    return unescape(value.strip("{}").strip("\"'`"))
