"""A letter that went out as pages of the site: the same words and pictures, without what was personal in it.

The site's policy for content allows no style inside a page (docs/theme.md), and a letter has nothing else. So every
style of its elements becomes a class with the same declarations, in a style sheet beside the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urldefrag

from turbohtml import Element, Text, parse

from funnel.newsletter.edition import Edition
from funnel.newsletter.fragment import attribute, squeeze
from funnel.newsletter.merge import replace
from funnel.words import Words

FOLDER = "as-sent"
"""Below the address of the issue."""
LEFT_OUT = "[…]"
"""Stands for what was personal: a day of consent, an address, a way to leave."""
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
_FIELD = "%%funnel:"
_HEAD = """<!DOCTYPE html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="letter.css">
</head>
"""
_FRAME = """.way-back { margin: 0; padding: 12px; font: 15px/1.5 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; text-align: center; }
.way-back a { color: inherit; }
table { border-spacing: 0; }
td, th { padding: 0; }
"""
_PRESENT = {"width": "width: {}", "align": "text-align: {}"}
"""Attributes of tables that HTML has given up, and the style that they stand for. The others say what `_FRAME` says."""
_MAIL_ONLY = re.compile(r"(?<![\w-])(?:mso-[\w-]+|supported-color-schemes)\s*:[^;}]*;?")
"""Declarations that only mail programs know."""
_GIVEN_UP = ("cellpadding", "cellspacing", "border")


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A page of its own and its style sheet, which stands beside it as letter.css."""

    html: str
    css: str


@dataclass(frozen=True)
class Today:
    """The site as it is now. `leads` says whether a path of it, below `root`, with an anchor or none, leads somewhere."""

    root: str
    leads: Callable[[str, str], bool]


@dataclass
class _Sheet:
    names: dict[str, str] = field(default_factory=dict)

    def name(self, style: str) -> str:
        return self.names.setdefault(style, f"s{len(self.names)}")

    def rules(self) -> str:
        return "".join(f".{name} {{ {style} }}\n" for style, name in self.names.items())


def plain_face(edition: Edition) -> str:
    """The plain letter without what was personal in it."""
    return _impersonal(edition.text)


def letter_page(edition: Edition, words: Words, today: Today) -> LetterPage:
    """The HTML letter as a page of its own. Links to pages that are gone, or that were personal, keep their words."""
    page = parse(edition.html)
    root, body = page.find("html"), page.find("body")
    if root is None or body is None:
        raise ValueError(f"edition {edition.key} holds no page")
    scheme = "".join(style.text for style in page.find_all("style"))
    for node in list(body.descendants):
        if isinstance(node, Text):
            node.data = _impersonal(node.data)
        elif not isinstance(node, Element):
            node.extract()  # comments: what they say is for Outlook alone
    old = edition.archive_url.removesuffix(f"/newsletter/{edition.number}/")
    for element in list(body.iter_elements(["a", "img"])):
        _lead(element, old, today)
    sheet = _Sheet()
    for element in [body, *body.iter_elements()]:
        _restyle(element, sheet)
    head = _HEAD.format(
        lang=escape(attribute(root, "lang")),
        dir=escape(attribute(root, "dir")),
        policy=POLICY,
        title=escape(edition.subject),
    )
    back = escape(words.say("Issue {number}, as it was mailed", number=edition.number))
    classes = escape(attribute(body, "class"))
    html = (
        f'{head}<body class="{classes}">\n<main>\n<p class="way-back"><a href="../">{back}</a></p>\n{body.inner_html}'
    )
    css = _FRAME + sheet.rules() + _MAIL_ONLY.sub("", scheme).strip() + "\n"
    return LetterPage(f"{html.rstrip()}\n</main>\n</body>\n</html>\n", css)


def _impersonal(text: str) -> str:
    return replace(text, lambda _name, fallback: fallback or LEFT_OUT)


def _lead(element: Element, old: str, today: Today) -> None:
    """Point an address of the site as it was at the site as it is."""
    name = "href" if element.tag == "a" else "src"
    address = attribute(element, name)
    own = address == old or address.startswith((f"{old}/", f"{old}#", f"{old}?"))
    path, anchor = urldefrag(address[len(old) :].lstrip("/")) if own else ("", "")
    if address.startswith(_FIELD) or (own and not today.leads(path.partition("?")[0], "")):
        element.unwrap() if element.tag == "a" else element.replace_with(Text(f"[{attribute(element, 'alt')}]"))
    elif own:
        kept = f"#{anchor}" if anchor and today.leads(path, anchor) else ""
        element.attrs[name] = f"{today.root}/{path}{kept}"


def _restyle(element: Element, sheet: _Sheet) -> None:
    styles = [_MAIL_ONLY.sub("", squeeze(attribute(element, "style"))).strip().rstrip(";")]
    for name in _GIVEN_UP:
        element.attrs.pop(name, None)
    for name, form in _PRESENT.items():
        if name in element.attrs and element.tag != "img":
            styles.insert(0, form.format(re.sub(r"[^\w%.-]", "", attribute(element, name))))
            del element.attrs[name]
    element.attrs.pop("style", None)
    if style := "; ".join(filter(None, styles)):
        element.attrs["class"] = f"{attribute(element, 'class')} {sheet.name(style)}".strip()
