"""From a stretch of Markdown, MDX or HTML source to what its reader sees, with links, names, and the way back.

One pass over the source. Everything that is markup goes; what markup says to a reader (alt texts, titles, labels,
values, arguments of components) stays as a sentence of its own.
"""

from __future__ import annotations

import re
from html import unescape
from unicodedata import normalize

from funnel.guard.disguise import ADDED, CAPITAL, PICTURED, PICTURING, between_letters, pictured, straightened
from funnel.guard.letters import UNSEEN
from funnel.guard.reading import Reading, close_anchors, read_tag
from funnel.guard.records import Link, Name
from funnel.guard.scripted import embedded
from funnel.guard.shown import with_unspoken
from funnel.guard.tags import ATTRIBUTE, BREAKING, PLAIN_HTML, unquoted

BEGINNING = {  # what can begin markup, by whether the text has addresses, and is plain ASCII, in which there is less to look for
    (addresses, ascii): re.compile(
        r"[\[\]<{&#*_`\\~!|" + "hw" * addresses + (r"\ufb00-\ufb06" + PICTURING + UNSEEN) * (not ascii) + "]"
    )
    for addresses in (False, True)
    for ascii in (False, True)
}
MARKUP = re.compile(
    r"""
    (?P<code>(?<!`)(?P<ticks>`++)(?:(?!(?P=ticks)).)+?(?P=ticks))
  | (?P<comment><!--.*?(?:-->|\Z)|\{/\*.{0,4000}?\*/\}|\{%-?\s*comment\s*-?%\}.{0,4000}?\{%-?\s*endcomment\s*-?%\})
  | (?P<auto><(?:https?://|mailto:|tel:)[^<>\s]+>)
  | (?P<tag></?[A-Za-z][\w.:-]*(?:"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}|[^<>"'{}])*/?>)
  | (?P<shortcode>\{\{[<%].{0,900}?[>%]\}\}|\{%.{0,900}?%\}|\{\{.{0,900}?\}\})
  | (?P<wordpress>\[/?[a-z][\w-]*(?:\s+[\w:-]+=(?:"[^"]*"|'[^']*'|[^\s\]"']+))+\s*/?\](?!\())
  | (?P<paired>\[(?P<box>[a-z][\w-]*)\](?=.{0,500}\[/(?P=box)\])|\[/[a-z][\w-]*\](?!\())
  | (?P<attributes>\{(?::|:?\s*[.\#]|\s*[\w:-]+=["'])[^{}\n]*\})
  | (?P<image>!\[)
  | (?P<open>\[)
  | (?P<close>\](?:
        \(\s*<?(?P<target>(?:\{\{[^{}\n]*\}\}|[^()\s<>{]|\{(?!\{))*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+(?P<title>"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)
      | \[(?P<ref>[^\]\n]*)\]
    )?)
  | (?P<entity>&(?:amp;)*(?:(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6});?|[A-Za-z][A-Za-z0-9]{1,31};))
  | (?P<string>\{\s*(?:"[^"{}]*"|'[^'{}]*'|`[^`{}]*`)\s*\})
  | (?P<hashtag>\#(?:[A-Z][a-z]*){3,9}(?![\w-]))
  | (?P<ligature>[\ufb00-\ufb06])
  | (?P<picture>[PICTURES]\ufe0f?)
  | (?P<url>(?:https?://|www\.)[^\s<>()\[\]{}"'`|]+)
  | (?P<escape>\\[!-/:-@\[-`{-~])
  | (?P<emphasis>\*+|~~+|(?<![^\W_])_+|_+(?![^\W_]))
  | (?P<unseen>[UNSEEN_LETTERS]+)
  | (?P<bar>\|)
    """.replace("UNSEEN_LETTERS", UNSEEN).replace("PICTURES", PICTURING),
    re.VERBOSE | re.DOTALL,
)
TAG_NAME = re.compile(r"</?([\w.:-]*).*", re.DOTALL)


def read_inline(source: str, line: int, column: int = 1) -> Reading:
    """The visible text of `source`, which begins at `line` and `column` of its file."""
    reading = Reading(line, column)
    source = straightened(source)
    beginning = BEGINNING["http" in source or "www." in source, source.isascii()]
    at = 0
    found = beginning.search(source)
    while found:
        match = MARKUP.match(source, found.start())
        if match:
            reading.say(source[at : match.start()], source, at)
            HANDLERS[match.lastgroup or ""](reading, match, source)
            at = match.end()
        found = beginning.search(source, at if match else found.end())
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
    if image and "data:" in target:
        reading.say(re.sub(r"<[^<>]*>", " ", embedded(target)), source, match.start())
    reading.links.append(Link(target, start, reading.length, "image" if image else "link"))
    if match.group("title"):
        reading.say(". " + match.group("title")[1:-1] + ". ", source, match.start("title"))


def _entity(reading: Reading, match: re.Match[str], source: str) -> None:
    decoded = unescape(match.group().replace("&amp;", "&") if match.group() != "&amp;" else "&")
    if decoded.isascii() and decoded.isalpha():
        _disguised(reading)
    reading.say("" if decoded in "\u00ad\u200b\u200c\u200d\u2060\ufeff" else decoded, source, match.start())


def _escape(reading: Reading, match: re.Match[str], source: str) -> None:
    reading.say(match.group()[1], source, match.start() + 1)


def _unseen(reading: Reading, match: re.Match[str], source: str) -> None:
    """Unseen characters vanish. Between plain letters they hide a word, but for the hyphen that may be needed."""
    if "\u202e" in match.group() or (match.group() != "\u00ad" and between_letters(source, match.start(), match.end())):
        _disguised(reading)


def _disguised(reading: Reading) -> None:
    reading.names.append(Name("", reading.length, "disguise"))


def _string(reading: Reading, match: re.Match[str], source: str) -> None:
    reading.say(match.group().strip("{} \n\t")[1:-1], source, match.start() + 2)


def _hashtag(reading: Reading, match: re.Match[str], source: str) -> None:
    reading.say(CAPITAL.sub(" ", match.group()[1:]).strip(), source, match.start() + 1)


def _ligature(reading: Reading, match: re.Match[str], source: str) -> None:
    reading.say(normalize("NFKC", match.group()), source, match.start())


def _picture(reading: Reading, match: re.Match[str], source: str) -> None:
    found = PICTURED.match(source, match.start())
    reading.say(pictured(found) if found else match.group(), source, match.start())


def _emphasis(reading: Reading, match: re.Match[str], source: str) -> None:
    """Emphasis leaves no trace, so that a word which it splits is whole again; what is struck out ends a clause."""
    if match.group() != "~~" or between_letters(source, match.start(), match.end()):
        return
    if reading.struck < 0:
        reading.begin_struck(source, match.start())
    else:
        reading.end_struck(source, match.start())


def _bar(reading: Reading, match: re.Match[str], source: str) -> None:
    apart = between_letters(source, match.start(), match.end())
    reading.say("|" if apart else " ; ", source, match.start())


def _attributes(reading: Reading, match: re.Match[str], source: str) -> None:
    for word in re.findall(r"[.#]([\w-]+)", match.group()):
        reading.names.append(Name(word, reading.length, "class"))
    for _, value in re.findall(r"=([\"'])([^\"']* [^\"']*)\1", match.group()):
        reading.say(f". {value}. ", source, match.start())


def _shortcode(reading: Reading, match: re.Match[str], source: str) -> None:
    body = match.group().strip("{}<>%-[] \n\t")
    word = re.match(r"/?\s*(?:include(?:_cached|_relative)?\s+|partial\s+[\"']?|render\s+)?[\"']?([\w./-]+)", body)
    if not word:
        return
    reading.names.append(Name(word.group(1), reading.length, "shortcode", body))
    for value in re.finditer(r"[\"']([^\"']*)[\"']|`([^`]*)`", body):
        _argument(reading, value.group(1) or value.group(2) or "", source, match.start())


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
    if "srcdoc" in attributes:
        reading.say(f" ¶ {read_inline(with_unspoken(attributes['srcdoc']), 1).text()} ¶ ", source, offset)
    if body.endswith("/>"):
        close_anchors(reading, tag)


HANDLERS = {
    "code": _code, "comment": _comment, "auto": _auto, "tag": _tag, "shortcode": _shortcode, "wordpress": _shortcode, "paired": _shortcode,
    "attributes": _attributes,
    "image": _open, "open": _open, "close": _close, "entity": _entity, "url": _url, "escape": _escape,
    "emphasis": _emphasis, "string": _string, "hashtag": _hashtag, "ligature": _ligature, "picture": _picture, "unseen": _unseen, "bar": _bar,
}  # fmt: skip
