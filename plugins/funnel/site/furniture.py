"""What the theme's templates may call: one object that answers for the page being rendered."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from funnel.site.assets import Asset
from funnel.site.body import SIZES, Body, Picture, enrich
from funnel.site.entry import Entry, entry_of
from funnel.site.here import Here, Places, describe
from funnel.site.library import Group, Library
from funnel.site.options import Options
from funnel.site.translations import versions
from funnel.words import Words, read_words


@dataclass(frozen=True)
class Card:
    """The picture of a page in social networks: its absolute address, size in pixels, and alternative text."""

    address: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Step:
    """The one educational next step under a document; `why` says how it follows."""

    title: str
    address: str
    summary: str
    why: str
    language: str = ""


@dataclass
class Furniture:
    """Holds what is known of the site while it is written.

    `written` collects every page for the sitemap; `files` are pictures and icons that were made for it, by path;
    `originals` the authors' own pictures without metadata, by the path where Pelican copies them;
    `made_from` the document behind each page, by path.
    """

    options: Options
    words_folder: Path
    assets: Mapping[str, Asset] = field(default_factory=dict)
    library: Library = field(default_factory=lambda: Library(()))
    pages: Mapping[str, Entry] = field(default_factory=dict)
    sources: Mapping[str, Entry] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    cards: Mapping[str, Card] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    navigation: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    made_from: Mapping[str, str] = field(default_factory=dict)
    originals: dict[str, bytes] = field(default_factory=dict)
    written: dict[str, Here] = field(default_factory=dict)
    _words: dict[str, Words] = field(default_factory=dict)
    _bodies: dict[str, Body] = field(default_factory=dict)
    _entries: dict[str, Entry] = field(default_factory=dict)

    def entry(self, content: Any) -> Entry:
        """Read a document, once."""
        if content.url not in self._entries:
            self._entries[content.url] = entry_of(content, self.options.site_url)
        return self._entries[content.url]

    def words(self, context: Mapping[str, Any]) -> Words:
        """Give the words of the page's language: its document's, or the site's."""
        key = str(context["output_file"])  # a page asks some thirty times
        if key not in self._words:
            content = subject(context)
            language = str(getattr(content, "lang", "") or context.get("language") or self.options.language)
            self._words[key] = read_words(self.words_folder, language)
        return self._words[key]

    def here(self, context: Mapping[str, Any]) -> Here:
        """Describe the page that is being rendered, once."""
        key = str(context["output_file"])
        if key not in self.written:
            here = describe(context, self.options, self.words(context), self.entry)
            content = subject(context)
            every = versions(content) if content is not None else []
            self.written[key] = replace(here, versions=tuple(self.entry(item) for item in every))
        return self.written[key]

    def body(self, content: Any, words: Words) -> Body:
        """Give a document's HTML as the page shows it."""
        if content.url not in self._bodies:
            self._bodies[content.url] = enrich(content.content, words, self.pictures.get)
        return self._bodies[content.url]

    def hero(self, content: Any, body: Body) -> Markup:
        """Give the picture at the head of a document; nothing where there is none or the text itself shows it."""
        link = str(getattr(content, "image", "") or "")
        path = _source_path(link, str(getattr(content, "relative_dir", "")))
        picture = self.pictures.get(f"{self.options.root}/{path}") if link else None
        if picture is None or f'src="{picture.src}"' in body.html:
            return Markup("")
        return Markup('<div class="picture">{}</div>').format(
            shown(picture, str(getattr(content, "image_alt", "") or ""))
        )

    def portrait(self) -> Markup:
        """Give the owner's portrait, or nothing."""
        picture = self.pictures.get(f"{self.options.root}/{self.options.portrait}")
        return shown(picture, self.options.portrait_alt, sizes="6rem", lazy=True) if picture else Markup("")

    def next_step(self, content: Any, words: Words) -> Step | None:
        """Give the author's next step, or the next part of the series."""
        target = str(getattr(content, "next", "") or "")
        entry = self.sources.get(_source_path(target, str(getattr(content, "relative_dir", "")))) if target else None
        if entry is not None:
            return Step(entry.title, entry.address, entry.summary, words.say("Read next"), entry.language)
        own = self.library.at(str(content.url).lstrip("/"))
        group = self.library.series.get(own.series) if own else None
        if own and group and own in group.parts:
            after = group.parts[group.parts.index(own) + 1 :]
            if after:
                return Step(
                    after[0].title,
                    after[0].address,
                    after[0].summary,
                    words.say("Next in the series"),
                    after[0].language,
                )
        return None

    def topics(self, context: Mapping[str, Any]) -> list[Group]:
        """Give every topic with its documents, then the newsletter."""
        groups: dict[tuple[str, str], list[Entry]] = {}
        labels = {str(category): str(category.url) for category, _ in context.get("categories", ())}
        for entry in self.library.entries:
            if entry.type in ("post", "tip", "review"):
                groups.setdefault((entry.section, labels.get(entry.section, self.places.articles)), []).append(entry)
        issues = self.library.latest("issue")
        found = [Group(title, address, tuple(parts)) for (title, address), parts in sorted(groups.items())]
        return [*found, Group(self.options.newsletter_name, "newsletter/", issues)] if issues else found


def _source_path(link: str, folder: str) -> str:
    """The path in content/ of a document link: `{filename}/posts/x.md`, or relative to the document's folder."""
    path = link.partition("}")[2] if link.startswith("{") else link
    return path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))


def shown(picture: Picture, alt: str, *, sizes: str = SIZES, lazy: bool = False) -> Markup:
    """Give a picture as HTML: at once and first of all where it opens the page, else when the reader comes near."""
    line = Markup('<source type="{}" srcset="{}" sizes="{}">')
    sources = Markup("").join(line.format(source.type, source.srcset, sizes) for source in picture.sources)
    when = Markup('loading="lazy" decoding="async"') if lazy else Markup('fetchpriority="high"')
    return Markup('<picture>{}<img src="{}" width="{}" height="{}" alt="{}" {}></picture>').format(
        sources, picture.src, picture.width, picture.height, alt, when
    )


def subject(context: Mapping[str, Any]) -> Any:
    """Give the Pelican object of the document that is being rendered, or None on a list."""
    return next((context[name] for name in ("article", "page", "issue") if context.get(name) is not None), None)
