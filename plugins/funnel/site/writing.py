"""What the site writes besides documents: its own lists, feeds, and small files for machines. All as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from funnel.site.entry import Entry, newest
from funnel.site.feeds import NO_DAY, Channel, atom, json_feed, rss
from funnel.site.furniture import Furniture
from funnel.site.here import Crumb
from funnel.site.library import Library
from funnel.site.sitemap import manifest, moved, robots, security, sitemap
from funnel.site.translations import own_name
from funnel.words import Words


@dataclass(frozen=True)
class OwnPage:
    """A page that no document stands behind: where it is written, its template, and what the template is given."""

    save_as: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


def own_pages(furniture: Furniture, words: Words) -> list[OwnPage]:
    """Give the site's own pages: lists by type, requests, series, feeds, search, a wrong address."""
    say, library = words.say, furniture.library
    pages = [
        OwnPage("tips/index.html", "kind", _list("kind", say("Tips"), library.latest("tip"))),
        OwnPage("reviews/index.html", "kind", _list("kind", say("Reviews"), library.latest("review"))),
        OwnPage("requests/index.html", "requests", _list("requests", say("Requests"), library.latest("request"))),
        OwnPage(
            "feeds/index.html", "feeds", _list("feeds", say("Feeds"), ()) | {"feeds_here": channels(furniture, words)}
        ),
    ]
    pages.append(OwnPage("404.html", "404", _list("404", say("This page is not here"), ())))
    if furniture.options.search:
        pages.append(OwnPage("search/index.html", "search", _list("search", say("Search"), ())))
    trail = [Crumb(say("Articles"), furniture.places.articles)]
    for title, group in library.series.items():
        pages.append(
            OwnPage(f"{group.address}index.html", "series", _list("series", title, group.parts) | {"trail": trail})
        )
    return [page for page in pages if page.save_as.removesuffix("index.html") not in furniture.pages]


def _list(view: str, heading: str, listed: Sequence[Entry]) -> dict[str, Any]:
    return {"view": view, "heading": heading, "listed": listed}


def channels(furniture: Furniture, words: Words) -> list[Channel]:
    """Give the feeds of the site: everything, articles, the newsletter, and one for each language of a translation."""
    options = furniture.options
    own = options.language
    named = [
        (options.site_name, "", "feeds/all", own),
        (f"{options.site_name}: {words.say('Articles')}", furniture.places.articles, "feeds/posts", own),
        (options.newsletter_name, "newsletter/", "feeds/newsletter", own),
    ]
    look = furniture.assets.get("feed.css")  # a theme may do without
    others = sorted({entry.language for entry in furniture.library.translations})
    named += [(f"{options.site_name}: {own_name(other)}", "", f"feeds/{other.lower()}", other) for other in others]
    return [
        Channel(
            title=title,
            subtitle=options.subtitle,
            site_url=options.site_url,
            page=page,
            path=path,
            language=language,
            author=options.author,
            icon=f"{options.site_url}/icons/icon-512.png",
            style=f"{options.root}/{look.path}" if look else "",
        )
        for title, page, path, language in named
    ]


_IN_FEED = {
    "feeds/all": ("post", "tip", "review", "issue"),
    "feeds/posts": ("post", "tip", "review"),
    "feeds/newsletter": ("issue",),
}


def feed_files(furniture: Furniture, words: Words) -> Iterator[tuple[str, bytes]]:
    """Give every feed in its three formats."""
    for channel in channels(furniture, words):
        entries = list(_in_feed(channel, furniture.library))[: furniture.options.feed_items]
        yield f"{channel.path}.xml", atom(channel, entries)
        yield f"{channel.path}.rss", rss(channel, entries)
        yield f"{channel.path}.json", json_feed(channel, entries)


def _in_feed(channel: Channel, library: Library) -> Iterable[Entry]:
    """The documents of a feed, newest first; a feed that is not named in the table is that of a language."""
    if channel.path not in _IN_FEED:
        return (entry for entry in library.translations if entry.language == channel.language)
    return (entry for entry in library.entries if entry.type in _IN_FEED[channel.path])


def machine_files(furniture: Furniture, words: Words) -> Iterator[tuple[str, bytes]]:
    """Give the small files that machines read, and the theme's assets. Call it after every page was written."""
    options = furniture.options
    yield from feed_files(furniture, words)
    yield "sitemap.xml", sitemap(furniture.written.values(), options.site_url).encode()
    yield "robots.txt", robots(options.site_url).encode()
    yield "site.webmanifest", manifest(options).encode()
    if options.security_contact:
        yield ".well-known/security.txt", security(options, newest(furniture.library.entries) or NO_DAY).encode()
    for asset in furniture.assets.values():
        yield asset.path, asset.content
    yield from furniture.files.items()


def alias_pages(contents: Iterable[Any], furniture: Furniture) -> Iterator[tuple[str, bytes]]:
    """Give a page for every old address in the documents' `aliases`; it leads to the new one."""
    for content in contents:
        for alias in getattr(content, "aliases", None) or ():
            path = str(alias).strip("/")
            name = path if path.rpartition("/")[2].endswith((".html", ".htm")) else f"{path}/index.html"
            entry = furniture.entry(content)
            options = furniture.options
            text = moved(
                f"{options.root}/{entry.address}", f"{options.site_url}/{entry.address}", entry.title, entry.language
            )
            yield name, text.encode()
