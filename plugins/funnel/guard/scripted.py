"""What reaches a reader by a detour: what a script writes, what a data: address holds, what JSON-LD tells of a page."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import unquote

from funnel.guard.tags import LITERAL, LOCATION, unescaped_script

WRITES = re.compile(
    r"(?:document\.write(?:ln)?\(|\.(?:innerHTML|outerHTML|textContent|innerText|value|title|alt|placeholder|ariaLabel)\s*\+?=(?!=)"
    r"|\.insertAdjacent(?:HTML|Text)\([^,()]*,|\.setAttribute\(\s*['\"](?:alt|title|value|placeholder|aria-label|content)['\"]\s*,"
    r"|\.(?:append|prepend|before|after|replaceWith|html|text)\(|\b(?:createTextNode|alert|confirm|prompt|atob)\()\s*"
    r"(?P<coded>(?:(?:window\.)?(?:atob|unescape|decodeURI(?:Component)?)\(\s*)*)"
    r"(?P<said>(?:(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)\s*\+?\s*){1,40})"
)
EMBEDDED = re.compile(
    r"data:(?:text/(?:html|plain)|image/svg\+xml|application/xhtml\+xml)([^,]{0,60}),([^\"')]*)", re.I
)
PROSE = frozenset(
    {"description", "headline", "name", "text", "abstract", "slogan", "disambiguatingDescription", "alternateName"}
)
TRADING = r"(?:(?:Aggregate)?Offer|(?:Buy|Order|PreOrder|Donate|Reserve|Rent|Pay|Sell|Trade|Register|Tip)Action)"
SOLD = re.compile(rf"^(?:https?://schema\.org/)?{TRADING}$")
LD_OFFER = re.compile(rf'"@type"\s*:\s*(?:\[[^\]]*)?"(?:https?:\\?/\\?/schema\.org\\?/)?{TRADING}"')
PRICED = frozenset({"price", "lowPrice", "priceSpecification"})


def written(code: str) -> Iterator[tuple[str, int]]:
    """Every text that a script writes to its page, its strings joined and its codes undone, and where it stands."""
    if "(" not in code and "=" not in code:
        return
    for found in WRITES.finditer(code):
        said = unescaped_script("".join("".join(parts) for parts in LITERAL.findall(found.group("said"))))
        if "atob" in found.group():
            said = from_base64(said)
        if "unescape" in found.group("coded") or "decodeURI" in found.group("coded"):
            said = unquote(said)
        if re.search(r"\w", said):
            yield said, found.start()


def goes_to(code: str) -> Iterator[tuple[str, int]]:
    """Every address to which a script leads the reader, and where it stands."""
    for found in LOCATION.finditer(code):
        yield found.group(1), found.start()


def embedded(address: str) -> str:
    """The page or picture that a data: address holds, as text; nothing for any other address."""
    found = EMBEDDED.search(address)
    if not found:
        return ""
    kind, held = found.groups()
    return from_base64(unquote(held)) if "base64" in kind.lower() else unquote(held)


def from_base64(coded: str) -> str:
    """The text that the letters stand for; nothing where they stand for none."""
    try:
        return b64decode(coded + "=" * (-len(coded) % 4), validate=True).decode("utf-8")
    except ValueError:
        return ""


def linked_data(source: str) -> tuple[list[str], bool]:
    """The sentences of a JSON-LD block, and whether it offers something for money. What is no JSON is searched as it stands."""
    try:
        node = json.loads(source)
    except (ValueError, RecursionError):
        return [], bool(LD_OFFER.search(source))
    said: list[str] = []
    sells = False
    waiting = [("", node)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            sells = sells or (key in ("offers", "makesOffer") and not PRICED.isdisjoint(value))
            waiting += value.items()
        elif isinstance(value, list):
            waiting += [(key, entry) for entry in value]
        elif isinstance(value, str):
            sells = sells or (key == "@type" and bool(SOLD.match(value)))
            if key in PROSE and " " in value.strip():
                said.append(value)
    return said, sells
