"""The names that the theme's templates may call, all in one place (docs/theme.md lists them; a test compares)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import pass_context
from markupsafe import Markup

from funnel.settings.consent import WORDS_FILE, consent_words, words_digest
from funnel.site.drawing import drawn_icon
from funnel.site.entry import Entry, shortened
from funnel.site.furniture import Card, Furniture, subject
from funnel.site.here import Here
from funnel.site.library import by_year
from funnel.site.navigation import Item, shown
from funnel.site.options import PAPER, Options
from funnel.site.structured import graph
from funnel.site.subscription import form_of
from funnel.site.translations import own_name
from funnel.words import direction_of, is_upright

KINDS = {
    "post": "Article",
    "tip": "Tip",
    "review": "Review",
    "issue": "Issue",
    "offer": "Offer",
    "request": "Request",
    "page": "Page",
}
FACTS = ("reviewed", "item_title", "item_author", "isbn", "verdict", "link", "offer_name", "price")
"""Front matter values that structured data speaks of."""


def template_names(furniture: Furniture) -> dict[str, Any]:
    """Give every name that a template may call or read, for Jinja's globals."""
    return {**_spoken(furniture), **_asked(furniture), **_read(furniture.options)}


def _spoken(furniture: Furniture) -> dict[str, Callable[..., Any]]:
    """Names whose answer is in the words of the page's language."""

    @pass_context
    def say(context: Mapping[str, Any], text: str, **values: object) -> str:
        return furniture.words(context).say(text, **values)

    @pass_context
    def count(context: Mapping[str, Any], one: str, many: str, number: int) -> str:
        return furniture.words(context).count(one, many, number)

    @pass_context
    def in_words(context: Mapping[str, Any], when: date) -> str:
        return furniture.words(context).day(when)

    @pass_context
    def kind_of(context: Mapping[str, Any], entry: Entry) -> str:
        return furniture.words(context).say(KINDS.get(entry.type, entry.type))

    @pass_context
    def body_of(context: Mapping[str, Any], content: Any) -> Any:
        return furniture.body(content, furniture.words(context))

    @pass_context
    def next_of(context: Mapping[str, Any], content: Any) -> Any:
        return furniture.next_step(content, furniture.words(context))

    return {"_": say, "_n": count, "in_words": in_words, "kind_of": kind_of, "body_of": body_of, "next_of": next_of}


def _asked(furniture: Furniture) -> dict[str, Callable[..., Any]]:
    """Names that ask the furniture about the page or the site."""
    options = furniture.options

    @pass_context
    def graph_of(context: Mapping[str, Any], here: Here, card: Card | None) -> Markup:
        content = subject(context)
        facts = {name: getattr(content, name, None) for name in FACTS} if content is not None else {}
        return Markup(graph(here, options, card.address if card else "", facts))  # noqa: S704  graph() escapes < > &

    @pass_context
    def navigation(context: Mapping[str, Any]) -> list[Item]:
        return shown(furniture.navigation, furniture.here(context).address, options.root)

    return {
        "graph": graph_of,
        "navigation": navigation,
        "describe": _with_context(furniture.here),
        "subject": _with_context(subject),
        "topics": _with_context(furniture.topics),
        "places": lambda: furniture.places,
        "hero_of": furniture.hero,
        "portrait": furniture.portrait,
        "asset": lambda name: f"{options.root}/{furniture.assets[name].path}",
        "card_of": lambda here: furniture.cards.get(here.address) or furniture.cards.get(""),
        "style": lambda: Markup(_style(furniture)),  # noqa: S704  our own style sheet, as it is served
        "policy": lambda here: policy(options, _style(furniture), search=here.view == "search"),
        "series_of": lambda entry: furniture.library.series.get(entry.series),
        "related_of": lambda entry: furniture.library.related(entry),
        "page_at": lambda address: furniture.pages.get(address),
        "latest": lambda type_, most: furniture.library.latest(type_, most),
    }


def _with_context(ask: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], Any]:
    """Jinja marks a function that wants the context; a method cannot be marked."""

    @pass_context
    def asked(context: Mapping[str, Any]) -> Any:
        return ask(context)

    return asked


def _read(options: Options) -> dict[str, Any]:
    """Names that hold a value, and those that need nothing but their arguments."""
    return {
        "by_year": by_year,
        "shortened": shortened,
        "direction_of": direction_of,
        "is_upright": is_upright,
        "locale_of": locale_of,
        "own_name": own_name,
        "host_of": lambda address: urlsplit(str(address)).hostname or str(address),
        "colours": {"paper_light": PAPER["light"], "paper_dark": PAPER["dark"]},
        "form": form_of(options),
        "icon": f"data:image/svg+xml,{quote(drawn_icon(options.accent, options.accent_dark).strip())}",
        "logo": options.logo,
        "social": options.social,
        "search_on": options.search,
        "newsletter_name": options.newsletter_name,
        "root": options.root,
    }


def _style(furniture: Furniture) -> str:
    return furniture.assets["site.css"].content.decode().rstrip()


def policy(options: Options, style: str, *, search: bool) -> str:
    """Give the content security policy of a page: everything from our own host, no script and no style in the page.

    The one exception is the theme's own style sheet, allowed by its digest (CSP 3, 2.3.1): the first view need not wait
    for a second file. Only the search page may compile WebAssembly: Pagefind's index is read by it.
    """
    script = "'self' 'wasm-unsafe-eval'" if search else "'self'"
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    action = f"'self' {options.form_origin}".strip()
    return (
        f"default-src 'none'; script-src {script}; style-src 'self' 'sha256-{digest}'; img-src 'self' data:; "
        f"font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action {action}; base-uri 'none'"
    )


def consent(content: Path) -> Mapping[str, str]:
    """Give the words of consent in `content/` and their digest, as the desk records them (docs/desk.md).

    Both are empty where the file is missing; then no desk runs that could record anything.
    """
    words = consent_words(content) if (content / WORDS_FILE).is_file() else ""
    return {"words": words, "digest": words_digest(words)}


_TERRITORY = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES"}


def locale_of(language: str) -> str:
    """Give a language tag in OpenGraph's form: `en` is en_GB, `pt-BR` is pt_BR."""
    return _TERRITORY.get(language, language.replace("-", "_"))
