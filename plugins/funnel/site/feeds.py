"""Feeds in three formats: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1. Full text, absolute addresses, no clock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as Tree

from funnel.site.entry import Entry, newest

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN = "http://purl.org/dc/elements/1.1/"
FULL = "http://purl.org/rss/1.0/modules/content/"
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""The day of a feed without entries: Atom wants one, and a build has no clock."""


@dataclass(frozen=True)
class Channel:
    """What a feed is about. `page` (what it belongs to) and `path` (its own, no ending) are relative to `site_url`."""

    title: str
    subtitle: str
    site_url: str
    page: str
    path: str
    language: str
    author: str
    icon: str = ""
    style: str = ""


def atom(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Give an Atom feed of these entries, in their order."""
    feed = Tree.Element("feed", {"xmlns": ATOM, "xml:lang": channel.language})
    _add(feed, "title", channel.title)
    if channel.subtitle:
        _add(feed, "subtitle", channel.subtitle)
    _add(feed, "id", f"{channel.site_url}/{channel.path}.xml")
    _add(feed, "updated", _internet(newest(entries) or NO_DAY))
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{channel.site_url}/{channel.path}.xml")
    _add(feed, "link", rel="alternate", type="text/html", href=f"{channel.site_url}/{channel.page}")
    _add(_add(feed, "author"), "name", channel.author)
    if channel.icon:
        _add(feed, "icon", channel.icon)
    for entry in entries:
        _atom_entry(feed, entry, channel)
    return _written(feed, channel.style)


def _atom_entry(feed: Tree.Element, entry: Entry, channel: Channel) -> None:
    address = f"{channel.site_url}/{entry.address}"
    published = entry.published or NO_DAY
    other = entry.language and entry.language != channel.language
    item = _add(feed, "entry", **({"xml:lang": entry.language} if other else {}))
    _add(item, "title", entry.title)
    _add(item, "id", address)
    _add(item, "link", rel="alternate", type="text/html", href=address)
    _add(item, "published", _internet(published))
    _add(item, "updated", _internet(entry.changed or published))
    if entry.author and entry.author != channel.author:
        _add(_add(item, "author"), "name", entry.author)
    for tag in (entry.section, *entry.tags):
        if tag:
            _add(item, "category", term=tag)
    _add(item, "summary", entry.summary)
    _add(item, "content", entry.html, type="html")


def rss(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Give an RSS 2.0 feed of these entries, in their order."""
    feed = Tree.Element("rss", {"version": "2.0", "xmlns:atom": ATOM, "xmlns:dc": DUBLIN, "xmlns:content": FULL})
    root = _add(feed, "channel")
    _add(root, "title", channel.title)
    _add(root, "link", f"{channel.site_url}/{channel.page}")
    _add(root, "description", channel.subtitle or channel.title)
    _add(root, "language", channel.language)
    _add(root, "lastBuildDate", _mail(newest(entries) or NO_DAY))
    _add(root, "atom:link", rel="self", type="application/rss+xml", href=f"{channel.site_url}/{channel.path}.rss")
    for entry in entries:
        address = f"{channel.site_url}/{entry.address}"
        item = _add(root, "item")
        _add(item, "title", entry.title)
        _add(item, "link", address)
        _add(item, "guid", address, isPermaLink="true")
        _add(item, "pubDate", _mail(entry.published or NO_DAY))
        _add(item, "dc:creator", entry.author or channel.author)
        if entry.language and entry.language != channel.language:
            _add(item, "dc:language", entry.language)
        for tag in (entry.section, *entry.tags):
            if tag:
                _add(item, "category", tag)
        _add(item, "description", entry.summary)
        _add(item, "content:encoded", entry.html)
    return _written(feed, channel.style)


def json_feed(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Give a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) of these entries, in their order."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": f"{channel.site_url}/{channel.page}",
        "feed_url": f"{channel.site_url}/{channel.path}.json",
        "language": channel.language,
        "authors": [{"name": channel.author, "url": f"{channel.site_url}/"}],
        "items": [_json_item(channel, entry) for entry in entries],
    }
    if channel.subtitle:
        feed["description"] = channel.subtitle
    if channel.icon:
        feed["icon"] = channel.icon
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _json_item(channel: Channel, entry: Entry) -> dict[str, Any]:
    address = f"{channel.site_url}/{entry.address}"
    published = entry.published or NO_DAY
    item: dict[str, Any] = {
        "id": address,
        "url": address,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_published": _internet(published),
        "date_modified": _internet(entry.changed or published),
    }
    tags = [tag for tag in (entry.section, *entry.tags) if tag]
    if tags:
        item["tags"] = tags
    if entry.language:
        item["language"] = entry.language
    return item


def _add(parent: Tree.Element, tag: str, text: str = "", **attributes: str) -> Tree.Element:
    element = Tree.SubElement(parent, tag, attributes)
    element.text = _legal(text) or None
    return element


def _legal(text: str) -> str:
    """XML 1.0 cannot hold control characters, not even escaped (https://www.w3.org/TR/xml/#charsets)."""
    return "".join(letter for letter in text if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff"))


def _written(root: Tree.Element, style: str) -> bytes:
    look = f'<?xml-stylesheet type="text/css" href="{style}"?>\n' if style else ""
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + look + Tree.tostring(root, encoding="unicode") + "\n").encode()


def _internet(when: datetime) -> str:
    """RFC 3339."""
    return when.isoformat(timespec="seconds").replace("+00:00", "Z")


def _mail(when: datetime) -> str:
    """RFC 822 with a four-digit year."""
    return format_datetime(when)
