"""From a stretch of Markdown, MDX or HTML source to what its reader sees, with links, names, and the way back.

One pass over the source. Everything that is markup goes; what markup says to a reader (alt texts, titles, labels,
values, arguments of components) stays as a sentence of its own.
"""

from __future__ import annotations

import re
from html import unescape

from funnel.guard.disguise import ADDED, between_letters, straightened
from funnel.guard.letters import UNSEEN
from funnel.guard.records import Link, Name
from funnel.guard.tags import ATTRIBUTE, BREAKING, PLAIN_HTML, led_to, spoken, unquoted

SPECIAL = re.compile(r"[\[\]<>{}&*_`\\~|" + UNSEEN + r"]|https?:|www\.")
MARKUP = re.compile(
    r"""
    (?=[\[\]<{&*_`\\~!hw|UNSEEN_LETTERS])(?:  # what can begin markup
    (?P<code>(?P<ticks>`+)(?:(?!(?P=ticks)).)+?(?P=ticks))
  | (?P<comment><!--.*?(?:-->|\Z)|\{/\*.*?\*/\}|\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\})
  | (?P<auto><(?:https?://|mailto:|tel:)[^<>\s]+>)
  | (?P<tag></?[A-Za-z][\w.:-]*(?:"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}|[^<>"'{}])*/?>)
  | (?P<shortcode>\{\{[<%].{0,900}?[>%]\}\}|\{%.{0,900}?%\}|\{\{.{0,900}?\}\})
  | (?P<wordpress>\[/?[a-z][\w-]*(?:\s+[\w:-]+=(?:"[^"]*"|'[^']*'|[^\s\]"']+))+\s*/?\](?!\())
  | (?P<attributes>\{(?::|:?\s*[.\#])[^{}\n]*\})
  | (?P<image>!\[)
  | (?P<open>\[)
  | (?P<close>\](?:
        \(\s*<?(?P<target>[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+(?P<title>"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)
      | \[(?P<ref>[^\]\n]*)\]
    )?)
  | (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
  | (?P<url>(?:https?://|www\.)[^\s<>()\[\]{}"'`|]+)
  | (?P<escape>\\[!-/:-@\[-`{-~])
  | (?P<emphasis>\*+|~~+|(?<![^\W_])_+|_+(?![^\W_]))
  | (?P<unseen>[UNSEEN_LETTERS]+)
  | (?P<bar>\|)
    )
    """.replace("UNSEEN_LETTERS", UNSEEN),
    re.VERBOSE | re.DOTALL,
)
TAG_NAME = re.compile(r"</?([\w.:-]*).*", re.DOTALL)


class Reading:
    """The visible text of one block while it is being read."""

    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column
        self.parts: list[str] = []
        self.length = 0
        self.pieces: list[tuple[int, int, int]] = []
        self.links: list[Link] = []
        self.names: list[Name] = []
        self.brackets: list[tuple[int, bool]] = []
        self.anchors: list[tuple[str, str, int]] = []

    def say(self, text: str, source: str, offset: int) -> None:
        """Add visible text that stands in the source at `offset`."""
        if not text:
            return
        line = self.line + source.count("\n", 0, offset)
        start = source.rfind("\n", 0, offset) + 1
        column = offset - start + 1 + (self.column - 1 if start == 0 else 0)
        self.pieces.append((self.length, line, column))
        self.parts.append(text)
        self.length += len(text)

    def text(self) -> str:
        return "".join(self.parts)


def read_inline(source: str, line: int, column: int = 1) -> Reading:
    """The visible text of `source`, which begins at `line` and `column` of its file."""
    reading = Reading(line, column)
    source = straightened(source)
    if not SPECIAL.search(source):
        reading.say(source, source, 0)
        return reading
    at = 0
    for match in MARKUP.finditer(source):
        start = match.start()
        if start > at:
            reading.say(source[at:start], source, at)
        HANDLERS[match.lastgroup or ""](reading, match, source)
        at = match.end()
    if at < len(source):
        reading.say(source[at:], source, at)
    close_anchors(reading)
    return reading


def _code(reading: Reading, match: re.Match[str], source: str) -> None:
    reading.say(" ` ", source, match.start())


def _comment(reading: Reading, match: re.Match[str], source: str) -> None:
    _unseen(reading, match, source)
    body = match.group()
    if body.lower().startswith("<!--[if"):
        for tag in MARKUP.finditer(body, 4):
            if tag.lastgroup == "tag":
                _tag(reading, tag, source, match.start())
        reading.say(re.sub(r"<[^<>]*>|<!--\[if[^\]]*\]>|<!\[endif\]-->", " ", body), source, match.start())


def _auto(reading: Reading, match: re.Match[str], source: str) -> None:
    _address(reading, match.group()[1:-1], source, match.start() + 1)


def _url(reading: Reading, match: re.Match[str], source: str) -> None:
    address = match.group().rstrip(".,;:!?*_")
    _address(reading, address, source, match.start())
    tail = match.group()[len(address) :]
    reading.say(tail.strip("*_"), source, match.end() - len(tail))


def _address(reading: Reading, address: str, source: str, offset: int) -> None:
    start = reading.length
    reading.say(address.removeprefix("mailto:").removeprefix("tel:"), source, offset)
    reading.links.append(Link(address, start, reading.length, "autolink"))


def _open(reading: Reading, match: re.Match[str], _source: str) -> None:
    reading.brackets.append((reading.length, match.lastgroup == "image"))


def _close(reading: Reading, match: re.Match[str], source: str) -> None:
    if not reading.brackets:
        return
    start, image = reading.brackets.pop()
    target = match.group("target")
    if image:
        reading.say(". " if reading.length > start else "", source, match.start())
    if target is None:
        reference = match.group("ref")
        if not image and reference is not None:
            reading.links.append(Link("[" + (reference or reading.text()[start:]), start, reading.length, "reference"))
        return
    reading.links.append(Link(target, start, reading.length, "image" if image else "link"))
    if match.group("title"):
        reading.say(". " + match.group("title")[1:-1] + ". ", source, match.start("title"))


def _entity(reading: Reading, match: re.Match[str], source: str) -> None:
    decoded = unescape(match.group())
    if decoded.isascii() and decoded.isalpha():
        _disguised(reading)
    reading.say("" if decoded in "\u00ad\u200b\u200c\u200d\u2060\ufeff" else decoded, source, match.start())


def _escape(reading: Reading, match: re.Match[str], source: str) -> None:
    reading.say(match.group()[1], source, match.start() + 1)


def _unseen(reading: Reading, match: re.Match[str], source: str) -> None:
    """Unseen characters vanish. Between plain letters they hide a word, but for the hyphen that may be needed."""
    if match.group() != "\u00ad" and between_letters(source, match.start(), match.end()):
        _disguised(reading)


def _disguised(reading: Reading) -> None:
    reading.names.append(Name("", reading.length, "disguise"))


def _nothing(_reading: Reading, _match: re.Match[str], _source: str) -> None:
    """Emphasis leaves no trace, so that a word which it splits is whole again."""


def _bar(reading: Reading, match: re.Match[str], source: str) -> None:
    reading.say(" ; ", source, match.start())


def _attributes(reading: Reading, match: re.Match[str], _source: str) -> None:
    for word in re.findall(r"[.#]([\w-]+)", match.group()):
        reading.names.append(Name(word, reading.length, "class"))


def _shortcode(reading: Reading, match: re.Match[str], source: str) -> None:
    body = match.group().strip("{}<>%-[] \n\t")
    word = re.match(r"/?\s*(?:include(?:_cached|_relative)?\s+|partial\s+[\"']?|render\s+)?[\"']?([\w./-]+)", body)
    if not word:
        return
    reading.names.append(Name(word.group(1), reading.length, "shortcode", body))
    for value in re.finditer(r"[\"']([^\"']*)[\"']", body):
        _argument(reading, value.group(1), source, match.start())


def _argument(reading: Reading, value: str, source: str, offset: int) -> None:
    start = reading.length
    if re.match(r"https?:|/|mailto:|tel:|www\.", value):
        reading.say(" ", source, offset)
        reading.links.append(Link(value, start, reading.length))
    elif " " in value.strip():
        reading.say(f". {value}. ", source, offset)


def _tag(reading: Reading, match: re.Match[str], source: str, shift: int = 0) -> None:
    body, offset = match.group(), match.start() + shift
    tag = TAG_NAME.sub(r"\1", body)
    if tag.lower() in BREAKING:
        reading.say("\n" if source[offset : offset + 1] == "\n" else " ¶ ", source, offset)
    if body.startswith("</"):
        if tag.lower() in ("a", "button", "link", "form") or not PLAIN_HTML.match(tag):
            close_anchors(reading, tag)
        return
    attributes = {key.lower(): unquoted(value) for key, value in ATTRIBUTE.findall(body[len(tag) + 1 :].rstrip("/>"))}
    if ADDED.search(body):
        _disguised(reading)
    read_tag(reading, tag, attributes, source, offset)
    if body.endswith("/>"):
        close_anchors(reading, tag)


def read_tag(reading: Reading, tag: str, attributes: dict[str, str], source: str, offset: int) -> None:
    """Take in what a tag says: where it leads, what its attributes tell the reader, how its parts are named."""
    if not PLAIN_HTML.match(tag):
        reading.names.append(Name(tag, reading.length, "component", " ".join(attributes.values())[:300]))
    for word in " ".join(attributes.get(key, "") for key in ("class", "classname", "id")).split():
        reading.names.append(Name(word, reading.length, "class"))
    if target := led_to(attributes):
        form = {"img": "image", "script": "script", "iframe": "embed", "form": "form"}.get(tag.lower(), "link")
        reading.anchors.append((tag.lower(), f"{form} {target}", reading.length))
    for key, value in attributes.items():
        if spoken(key, value, not PLAIN_HTML.match(tag)):
            reading.say(f" ¶ {value} ¶ ", source, offset)
    if tag.lower() in ("img", "input", "meta", "br"):
        close_anchors(reading, tag)


def close_anchors(reading: Reading, tag: str = "") -> None:
    """End the innermost link that `tag` began; without a tag, all of them."""
    while reading.anchors:
        name, kept, start = reading.anchors[-1]
        if tag and name != tag.lower() and not any(entry[0] == tag.lower() for entry in reading.anchors):
            return
        reading.anchors.pop()
        form, _, target = kept.partition(" ")
        reading.links.append(Link(target, start, reading.length, form))
        if name == tag.lower():
            return


HANDLERS = {
    "code": _code, "comment": _comment, "auto": _auto, "tag": _tag, "shortcode": _shortcode, "wordpress": _shortcode, "attributes": _attributes,
    "image": _open, "open": _open, "close": _close, "entity": _entity, "url": _url, "escape": _escape,
    "emphasis": _nothing, "unseen": _unseen, "bar": _bar,
}  # fmt: skip
