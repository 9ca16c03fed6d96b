"""What RFC 4287, RSS 2.0 and JSON Feed 1.1 ask of a feed, as rules in our own words. No validator of them can be installed.

Each function gives a line for each broken rule. Sources: RFC 4287 sections 3 and 4; https://www.rssboard.org/rss-specification
and the board's best practices profile; https://www.jsonfeed.org/version/1.1/.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as Tree

from jsonschema import Draft202012Validator
from turbohtml import parse_fragment

ATOM = "{http://www.w3.org/2005/Atom}"
FULL = "{http://purl.org/rss/1.0/modules/content/}encoded"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_ONCE = {"feed": ("id", "title", "updated"), "entry": ("id", "title", "updated")}
_AT_MOST_ONCE = ("generator", "icon", "logo", "subtitle", "rights", "published", "summary", "content", "source")
_CHILDREN = {
    "feed": {"author", "category", "contributor", "entry", *_AT_MOST_ONCE[:5], "id", "link", "title", "updated"},
    "entry": {"author", "category", "contributor", *_AT_MOST_ONCE[4:], "id", "link", "title", "updated"},
}


def atom_faults(data: bytes, address: str) -> list[str]:
    """Faults of an Atom feed that is served at this address."""
    feed = Tree.fromstring(data)
    if feed.tag != f"{ATOM}feed":
        return [f"the root is {feed.tag}"]
    faults = [*_container(feed, "feed")]
    links = [(link.get("rel", "alternate"), link.get("href", "")) for link in feed.findall(f"{ATOM}link")]
    faults += [] if ("self", address) in links else ["no rel=self with the feed's own address"]
    authored = feed.find(f"{ATOM}author") is not None
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        faults += _container(entry, "entry")
        faults += [] if authored or entry.find(f"{ATOM}author") is not None else ["an entry without an author"]
        content = entry.find(f"{ATOM}content")
        if content is None or content.get("type") != "html":
            faults.append("an entry without its whole text as HTML")
        else:
            faults += _html(content.text or "")
    faults += _doubles([entry.findtext(f"{ATOM}id", "") for entry in entries])
    return faults


def _container(parent: Tree.Element, name: str) -> Iterator[str]:
    tags = Counter(child.tag.removeprefix(ATOM) for child in parent)
    yield from (f"{name}: {tag} stands {tags[tag]} times, not once" for tag in _ONCE[name] if tags[tag] != 1)
    yield from (f"{name}: {tag} stands {tags[tag]} times" for tag in _AT_MOST_ONCE if tags[tag] > 1)
    yield from (f"{name}: {tag} does not belong here" for tag in tags if tag not in _CHILDREN[name])
    yield from (f"{name}: {child.tag} is no moment of RFC 3339" for child in _moments(parent) if not _is_moment(child))
    yield from (f"{name}: no address as id" for child in parent.findall(f"{ATOM}id") if not _whole(child.text or ""))
    alternates = Counter()
    for link in parent.findall(f"{ATOM}link"):
        if not _whole(link.get("href", "")):
            yield f"{name}: a link without a whole address"
        if link.get("type") and not _MEDIA_TYPE.fullmatch(link.get("type", "")):
            yield f"{name}: a link with a type that is none"
        if link.get("rel", "alternate") == "alternate":
            alternates[link.get("type"), link.get("hreflang")] += 1
    yield from (f"{name}: two alternates of one kind" for count in alternates.values() if count > 1)
    yield from (f"{name}: an empty title" for child in parent.findall(f"{ATOM}title") if not (child.text or "").strip())
    yield from (
        f"{name}: a person without a name" for who in parent.findall(f"{ATOM}author") if not who.findtext(f"{ATOM}name")
    )
    yield from (
        f"{name}: a category without a term" for one in parent.findall(f"{ATOM}category") if not one.get("term")
    )


def _moments(parent: Tree.Element) -> list[Tree.Element]:
    return [*parent.findall(f"{ATOM}updated"), *parent.findall(f"{ATOM}published")]


def _is_moment(element: Tree.Element) -> bool:
    text = element.text or ""
    return bool(_MOMENT.fullmatch(text)) and datetime.fromisoformat(text).tzinfo is not None


def rss_faults(data: bytes, address: str) -> list[str]:
    """Faults of an RSS 2.0 feed that is served at this address."""
    root = Tree.fromstring(data)
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        return ["this is no rss 2.0 with one channel"]
    (channel,) = channels
    faults = [f"channel: no {tag}" for tag in ("title", "link", "description") if not channel.findtext(tag, "").strip()]
    faults += [] if _whole(channel.findtext("link", "")) else ["channel: link is no whole address"]
    faults += [
        f"channel: {tag} is no date of RFC 822" for tag in ("pubDate", "lastBuildDate") if not _dated(channel, tag)
    ]
    own = [(link.get("rel"), link.get("href")) for link in channel.findall(f"{ATOM}link")]
    faults += [] if ("self", address) in own else ["no atom:link with the feed's own address"]
    items = channel.findall("item")
    for item in items:
        faults += (
            [] if item.findtext("title") or item.findtext("description") else ["item: neither title nor description"]
        )
        faults += [
            f"item: {tag} stands twice"
            for tag, count in Counter(child.tag for child in item).items()
            if count > 1 and tag != "category"
        ]
        faults += [] if _dated(item, "pubDate") else ["item: pubDate is no date of RFC 822"]
        guid = item.find("guid")
        if guid is None or (guid.get("isPermaLink", "true") == "true" and not _whole(guid.text or "")):
            faults.append("item: no guid, or one that is no address and does not say so")
        faults += _html(item.findtext(FULL, "")) if item.findtext(FULL) else ["item: no whole text"]
        faults += [] if _whole(item.findtext("link", "")) else ["item: link is no whole address"]
    return faults + _doubles([item.findtext("guid", "") for item in items])


def _dated(parent: Tree.Element, tag: str) -> bool:
    text = parent.findtext(tag)
    if text is None:
        return True
    try:
        return parsedate_to_datetime(text).tzinfo is not None and bool(re.search(r" \d{4} ", text))
    except ValueError:
        return False


_ADDRESS = {"type": "string", "format": "uri", "pattern": "^[a-z]+:"}
_AUTHORS = {
    "type": "array",
    "items": {
        "type": "object",
        "minProperties": 1,
        "properties": {"name": {"type": "string"}, "url": _ADDRESS, "avatar": _ADDRESS},
    },
}
_ITEM = {
    "type": "object",
    "required": ["id", "url", "title", "content_html", "date_published"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "url": _ADDRESS,
        "external_url": _ADDRESS,
        "title": {"type": "string"},
        "content_html": {"type": "string", "minLength": 1},
        "content_text": {"type": "string"},
        "summary": {"type": "string"},
        "image": _ADDRESS,
        "banner_image": _ADDRESS,
        "date_published": {"type": "string", "pattern": f"^{_MOMENT.pattern}$"},
        "date_modified": {"type": "string", "pattern": f"^{_MOMENT.pattern}$"},
        "authors": _AUTHORS,
        "tags": {"type": "array", "items": {"type": "string"}},
        "language": {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"},
        "attachments": {"type": "array"},
    },
    "patternProperties": {"^_": {"type": "object"}},
    "additionalProperties": False,
}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items", "home_page_url", "feed_url"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": _ADDRESS,
        "feed_url": _ADDRESS,
        "description": {"type": "string"},
        "user_comment": {"type": "string"},
        "next_url": _ADDRESS,
        "icon": _ADDRESS,
        "favicon": _ADDRESS,
        "authors": _AUTHORS,
        "language": _ITEM["properties"]["language"],  # type: ignore[index]
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {"type": "array", "items": _ITEM},
    },
    "patternProperties": {"^_": {"type": "object"}},
    "additionalProperties": False,
}
"""Stricter than the standard where we promise more: the whole text, a title and a day for each item, `feed_url`."""


def json_faults(data: bytes, address: str) -> list[str]:
    """Faults of a JSON feed that is served at this address."""
    feed = json.loads(data)
    faults = [
        f"{'/'.join(map(str, fault.path))}: {fault.message[:90]}"
        for fault in Draft202012Validator(JSON_FEED).iter_errors(feed)
    ]
    if faults:
        return faults
    faults += [] if feed["feed_url"] == address else ["feed_url is not the feed's own address"]
    for item in feed["items"]:
        faults += _html(item["content_html"])
    return faults + _doubles([item["id"] for item in feed["items"]])


def _whole(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _html(html: str) -> Iterator[str]:
    for element in parse_fragment(html).iter_elements():
        if element.tag in ("script", "iframe", "form", "style", "object", "embed"):
            yield f"<{element.tag}> in a text"
        for name in ("href", "src", "poster"):
            address = element.attr(name)
            if address is not None and not re.match(r"(?:https?://|mailto:|tel:)", address):
                yield f"an address in a text that is not whole: {address}"


def _doubles(names: list[str]) -> list[str]:
    return [f"{name} names two entries" for name, count in Counter(names).items() if count > 1]
