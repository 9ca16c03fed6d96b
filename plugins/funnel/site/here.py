"""Says what a written page is: its title, description, address, and place in the site."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from funnel.site.entry import Entry, newest, plain, shortened
from funnel.site.options import Options
from funnel.words import Words

TITLE_MOST = 70
"""Search engines cut a title after about this many characters."""
DESCRIPTION_MOST = 180


@dataclass(frozen=True)
class Crumb:
    """One step of the way from home to a page; `address` is relative to the site's root."""

    label: str
    address: str


@dataclass(frozen=True)
class Here:
    """One written page. `view` names its template's subject; `address` is relative to the site's root."""

    view: str
    title: str
    heading: str
    description: str
    address: str
    language: str
    crumbs: tuple[Crumb, ...] = ()
    entry: Entry | None = None
    listed: tuple[Entry, ...] = ()
    index: bool = True
    versions: tuple[Entry, ...] = ()
    """The document in all its languages, the original first; empty where it has but one."""

    @property
    def changed(self) -> datetime | None:
        """When what it shows last changed: its document, or the newest of the documents that it lists."""
        return self.entry.changed if self.entry else newest(self.listed)


@dataclass(frozen=True)
class Places:
    """Where Pelican's lists are, relative to the site's root; the owner's settings decide."""

    articles: str = "archive/"
    topics: str = "categories/"
    tags: str = "tags/"

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Places:
        """Read the places out of Pelican's settings."""
        names = ("ARCHIVES_SAVE_AS", "CATEGORIES_SAVE_AS", "TAGS_SAVE_AS")
        return cls(*(address_of(str(settings[name])) for name in names))


def address_of(save_as: str) -> str:
    """Give the address of an output file: `posts/x/index.html` is at `posts/x/`."""
    return save_as[: -len("index.html")] if save_as == "index.html" or save_as.endswith("/index.html") else save_as


Read = Callable[[Any], Entry]
"""Reads an entry out of a Pelican content object."""


def describe(context: Mapping[str, Any], options: Options, words: Words, read: Read) -> Here:
    """Describe the page that a template is being rendered for.

    Pelican names the subject by what it puts into the context: article, page, issue, category, tag. A page of our own
    passes `view` (and `heading`, `description`, `trail`).
    """
    for name in ("article", "page", "issue"):
        content = context.get(name)
        if content is not None:
            return _of_document(read(content), "issue" if name == "issue" else "", context, options, words)
    return _of_list(context, options, words, read)


def _of_document(entry: Entry, view: str, context: Mapping[str, Any], options: Options, words: Words) -> Here:
    view = view or entry.type
    crumbs = [Crumb(words.say("Home"), "")]
    if view == "post":
        crumbs.append(Crumb(words.say("Articles"), Places.of(context).articles))
    elif view in _LISTS:
        label = options.newsletter_name if view == "issue" else words.say(_LISTS[view])
        crumbs.append(Crumb(label, f"{_FOLDERS[view]}/"))
    return Here(
        view=view,
        title=_title(entry.title, options.site_name),
        heading=entry.title,
        description=shortened(_long_enough(entry.summary, entry), DESCRIPTION_MOST),
        address=address_of(str(context["output_file"])),
        language=entry.language or options.language,
        crumbs=(*crumbs, Crumb(entry.title, entry.address)),
        entry=entry,
    )


_LISTS = {"tip": "Tips", "review": "Reviews", "issue": "Newsletter", "request": "Requests"}
_FOLDERS = {"tip": "tips", "review": "reviews", "issue": "newsletter", "request": "requests"}
"""The list that a document of each type belongs to: its label, and its folder."""


def _long_enough(summary: str, entry: Entry) -> str:
    """A description of fewer than 50 characters says too little for a list of search results: the text goes on after it."""
    if len(summary) >= 50:
        return summary
    text = plain(entry.html)
    if not text or text.startswith(summary):
        return text or summary
    return f"{summary}{' ' if unicodedata.category(summary[-1]).startswith('P') else ' · '}{text}"


def _title(heading: str, site: str) -> str:
    """The heading with the site's name after it, where both fit."""
    whole = f"{heading} · {site}"
    return whole if len(whole) <= TITLE_MOST else shortened(heading, TITLE_MOST)


def _of_list(context: Mapping[str, Any], options: Options, words: Words, read: Read) -> Here:
    view = str(context.get("view") or _view_of(context))
    heading = _heading(view, context, options, words)
    listed = tuple(_listed(view, context, read))
    address = address_of(str(context["output_file"]))
    crumbs = [Crumb(words.say("Home"), "")]
    if view != "home":
        crumbs += [*_trail(view, context, options, words), Crumb(heading, address)]
    return Here(
        view=view,
        title=_home_title(options) if view == "home" else _title(heading, options.site_name),
        heading=heading,
        description=shortened(_description(view, heading, listed, context, options), DESCRIPTION_MOST),
        address=address,
        language=str(context.get("language") or options.language),
        crumbs=tuple(crumbs) if len(crumbs) > 1 else (),
        listed=listed,
        index=view not in ("404", "as_sent"),
    )


_WITHOUT_LIST = ("404", "search", "as_sent")
"""Pages that show no documents of their own."""
_VIEWS = {
    "INDEX_SAVE_AS": "home",
    "ARCHIVES_SAVE_AS": "archives",
    "CATEGORIES_SAVE_AS": "categories",
    "TAGS_SAVE_AS": "tags",
}
"""The settings that say where Pelican writes its lists."""


def _trail(view: str, context: Mapping[str, Any], options: Options, words: Words) -> tuple[Crumb, ...]:
    """The steps between home and a list."""
    if view == "category":
        return (Crumb(words.say("Topics"), Places.of(context).topics),)
    if view == "tag":
        return (Crumb(words.say("Tags"), Places.of(context).tags),)
    if view == "newsletter_year":
        return (Crumb(options.newsletter_name, "newsletter/"),)
    return tuple(context.get("trail", ()))


def _home_title(options: Options) -> str:
    whole = f"{options.site_name}: {options.subtitle}" if options.subtitle else options.site_name
    return whole if len(whole) <= TITLE_MOST else options.site_name


def _view_of(context: Mapping[str, Any]) -> str:
    for name in ("category", "tag", "author", "issue_year"):
        if context.get(name):
            return "newsletter_year" if name == "issue_year" else name
    output = str(context["output_file"])
    if output.startswith("newsletter/"):
        return "newsletter" if output.count("/") == 1 else "newsletter_year"
    if output == "404.html":
        return "404"
    return next((view for setting, view in _VIEWS.items() if context.get(setting) == output), "list")


def _heading(view: str, context: Mapping[str, Any], options: Options, words: Words) -> str:
    if context.get("heading"):
        return str(context["heading"])
    if view in ("category", "tag", "author"):
        return str(context[view])
    if view == "newsletter":
        return options.newsletter_name
    if view == "newsletter_year":
        return f"{options.newsletter_name}, {year_of(context)}"
    return words.say(_HEADINGS[view]) if view in _HEADINGS else options.site_name


def year_of(context: Mapping[str, Any]) -> str:
    """Give the year of a page of the newsletter's archive, read from its address."""
    return str(context["output_file"]).split("/")[1]


_HEADINGS = {"archives": "Articles", "categories": "Topics", "tags": "Tags", "404": "This page is not here"}


def _listed(view: str, context: Mapping[str, Any], read: Read) -> Sequence[Entry]:
    """The documents that a list shows, newest first where they have a day."""
    if view in _WITHOUT_LIST:
        return ()
    if view.startswith("newsletter"):
        issues = context.get("issues", ())
        if view == "newsletter_year":
            issues = [issue for issue in issues if str(issue.date.year) == year_of(context)]
        return [read(issue) for issue in issues]
    items = context.get("listed", context.get("articles", ()))
    entries = [item if isinstance(item, Entry) else read(item) for item in items]
    if view == "home":
        entries += [read(issue) for issue in context.get("issues", ())]
    return entries


def _description(view: str, heading: str, listed: Sequence[Entry], context: Mapping[str, Any], options: Options) -> str:
    if context.get("description"):
        return str(context["description"])
    if view == "home" and len(options.subtitle) >= 50:
        return options.subtitle
    opening = options.subtitle if view == "home" else heading
    titles = "; ".join(entry.title for entry in listed[:4])
    said = f"{opening.rstrip('.')}: {titles}" if titles else f"{opening} · {options.site_name}. {options.subtitle}"
    return said if len(said) >= 50 else f"{said}. {options.site_name}: {options.subtitle}"
