"""What a page says outside its text: in its head, in attributes, in styles, scripts and data."""

from __future__ import annotations

import re

import turbohtml

from funnel.guard.page import Page
from funnel.guard.records import Name
from funnel.guard.scripted import goes_to, linked_data, told_by
from funnel.guard.tags import styled_words

TOLD = re.compile(
    r"description$|title$|:alt$|abstract$|summary$|keywords$|^twitter:(?:label|data)\d|site_name$|^subject$"
)
PRICED = re.compile(r"price:amount$")
REFRESH = re.compile(r"\d*[\s;,]*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
OFFERED = re.compile(r"(?:^|[/:])(?:Aggregate)?Offer\b")
RULE = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")
UNSHOWN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*\.?0+(?:\.0*)?(?![.\d])"
)
REVERSED = re.compile(r"unicode-bidi\s*:\s*(?:isolate-)?(?:bidi-)?override")


def read_meta(page: Page, token: turbohtml.Token, attributes: dict[str, str]) -> None:
    """Where a `meta` sends the reader, and what it tells other sites of the page."""
    refresh = REFRESH.match(attributes.get("content", "")) if "http-equiv" in attributes else None
    if refresh:
        page.leads(refresh.group(1).strip(), token.line, token.col + 1)
    told = (attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or "").lower()
    if PRICED.search(told):
        page.sold(token.line, token.col + 1)
    elif TOLD.search(told) or (told and len(attributes.get("content", "").split()) > 2):
        page.aside("front matter", attributes.get("content", ""), token.line, token.col + 1, "description")


def read_attributes(page: Page, token: turbohtml.Token, attributes: dict[str, str]) -> None:
    """What an attribute says: that something is for sale, a page within the page, and what its style writes."""
    if OFFERED.search(attributes.get("itemtype", "") + " " + attributes.get("typeof", "")) or (
        attributes.get("itemprop") == "offers"
    ):
        page.at(token.line, token.col + 1).names.append(Name("Checkout", 0, "component"))
    if attributes.get("srcdoc"):
        page.aside("html", attributes["srcdoc"], token.line, token.col + 1)
    for value in attributes.values():
        page.embeds(value, token.line, token.col + 1)
    for said, _ in styled_words(attributes.get("style", "")):
        page.aside("css", said, token.line, token.col + 1)


def read_unspoken(page: Page, data: str, line: int, column: int) -> None:
    """What a style, a script or a block of data brings before the reader."""
    if page.silent == "style":
        if UNSHOWN.search(data) or REVERSED.search(data):
            for name, said in RULE.findall(data):
                page.unshown |= {name} if UNSHOWN.search(said) else set()
                page.reversing |= {name} if REVERSED.search(said) else set()
        for said, start in styled_words(data):
            page.aside("css", said, line + data.count("\n", 0, start), 1)
        page.embeds(data, line, column)
    elif page.ld:
        told, sells = linked_data(data)
        for said in told:
            page.aside("data", said, line, column)
        if sells:
            page.sold(line, column)
    elif page.silent == "script":
        if page.markup:
            page.aside("html", data, line, column)
        for said, start, hidden in told_by(data):
            page.aside("script" if hidden else "data", said, line + data.count("\n", 0, start), 1)
        for target, start in goes_to(data):
            page.leads(target, line + data.count("\n", 0, start), 1)
