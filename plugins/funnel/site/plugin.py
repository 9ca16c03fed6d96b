"""The site's edge to Pelican: gives the theme its names, writes what machines read, checks the finished links."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache
from pelican.plugins import signals

from funnel.site.assets import read_assets
from funnel.site.cards import make_cards
from funnel.site.claims import refuse_clashes, refuse_overwriting
from funnel.site.drawing import icons
from funnel.site.entry import Entry, plain
from funnel.site.furniture import Furniture
from funnel.site.here import Places
from funnel.site.keeping import Larder
from funnel.site.library import Library
from funnel.site.links import refuse_broken_links
from funnel.site.navigation import menu
from funnel.site.options import SiteRefused, missing_pictures, read_options, read_pairs
from funnel.site.pictures import RASTER, refuse, show
from funnel.site.search import indexing
from funnel.site.template_names import consent, template_names
from funnel.site.translations import is_translation, refuse_same_language, with_translations
from funnel.site.writing import alias_pages, machine_files, own_pages
from funnel.words import read_words

logger = logging.getLogger(__name__)
_SHELF: dict[str, Furniture] = {}
"""The furniture of the running build: Pelican's signals carry no value of ours from one to the next."""


class SiteGenerator:
    """Writes the site's own pages and files, after Pelican's own generators and the newsletter's."""

    def __init__(self, *, context: dict[str, Any], output_path: str, **_rest: object) -> None:
        self.context = context
        self.output = Path(output_path)

    def generate_output(self, writer: Any) -> None:
        """Write the pages first: the sitemap lists what was written."""
        furniture = _SHELF["furniture"]
        words = read_words(furniture.words_folder, furniture.options.language)
        get_template = self.context["funnel_get_template"]
        for page in own_pages(furniture, words):
            writer.write_file(page.save_as, get_template(page.template), self.context, **page.values)
        self._write(machine_files(furniture, words))
        refuse_overwriting(self.output, _aliases(self.context, furniture))  # now everything else is there
        self._write(alias_pages(_documents(self.context), furniture))

    def _write(self, files: Iterable[tuple[str, bytes]]) -> None:
        for path, content in files:
            target = self.output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def prepare(pelican: Any) -> None:
    """Read the options and give the templates their names, before any generator exists."""
    settings = pelican.settings
    options = read_options(settings)
    theme = Path(settings["THEME"])
    words = read_words(theme / "words", options.language)
    furniture = Furniture(options, theme / "words", assets=read_assets(theme / "static", options, words))
    furniture.navigation = read_pairs(settings, "NAVIGATION")
    furniture.places = Places.of(settings)
    settings["THEME_STATIC_PATHS"] = []  # SiteGenerator writes them, under names that carry their digest
    compiled = Path(settings["CACHE_PATH"]) / "templates"  # a template is compiled once, not once a build
    compiled.mkdir(parents=True, exist_ok=True)
    kept = FileSystemBytecodeCache(str(compiled))
    settings["JINJA_ENVIRONMENT"] = {**settings["JINJA_ENVIRONMENT"], "autoescape": True, "bytecode_cache": kept}
    named = {**template_names(furniture), "consent": consent(Path(settings["PATH"]))}
    settings["JINJA_GLOBALS"] = {**settings["JINJA_GLOBALS"], **named}
    _SHELF["furniture"] = furniture


def before_writing(generators: Sequence[Any]) -> None:
    """Read all published documents once every generator has them, and see that no two things have one address."""
    furniture = _SHELF["furniture"]
    context = generators[0].context
    context["funnel_get_template"] = generators[0].get_template
    refuse_same_language((content for content in _documents(context) if not is_translation(content)), "content")
    by_source = {str(content.relative_source_path): furniture.entry(content) for content in _documents(context)}
    furniture.made_from = {str(content.save_as): str(content.relative_source_path) for content in _documents(context)}
    furniture.sources, entries = by_source, list(by_source.values())
    furniture.library = Library(entries)
    furniture.pages = {entry.address: entry for entry in entries}
    furniture.files = dict(icons(furniture.options, Larder(Path(furniture.options.cache))))
    if missing := missing_pictures(furniture.options, {str(static.url) for static in _statics(context)}):
        raise SiteRefused("\n".join(missing))
    _show_pictures(furniture, _statics(context))
    words = read_words(furniture.words_folder, furniture.options.language)
    furniture.navigation = furniture.navigation or menu(_menu(context), furniture.places, words)
    if furniture.options.cards:
        _draw_cards(furniture, entries)
    refuse_clashes(_claims(context, furniture))


def _show_pictures(furniture: Furniture, statics: list[Any]) -> None:
    """Prepare every picture. Its cleaned original is written last: Pelican copies the file as it is before."""
    larder, faults = Larder(Path(furniture.options.cache)), []
    pictures, files = {}, {}
    for static in sorted(statics, key=lambda static: str(static.url)):
        path = Path(str(static.source_path))
        if path.suffix.lower() not in (*RASTER, ".svg"):
            continue
        try:
            shown = show(path.read_bytes(), str(static.url), furniture.options.root, larder)
        except ValueError as fault:
            root = Path(static.settings["PATH"]).name
            faults.append((f"{root}/{static.relative_source_path}", str(fault)))
            continue
        for part in shown.removed:
            logger.warning("%s: %s was left out of this drawing", static.relative_source_path, part)
        pictures[f"{furniture.options.root}/{static.url}"] = shown.picture
        furniture.originals[str(static.save_as)] = shown.original
        files.update(shown.files)
    refuse(faults)
    furniture.pictures, furniture.files = pictures, {**furniture.files, **files}


def _draw_cards(furniture: Furniture, entries: list[Entry]) -> None:
    words = read_words(furniture.words_folder, furniture.options.language)
    font = furniture.words_folder.parent / "static" / "fonts" / "literata.woff2"
    larder = Larder(Path(furniture.options.cache))
    furniture.cards, files = make_cards(entries, furniture.options, words, font, larder)
    furniture.files = {**furniture.files, **files}


def _documents(context: dict[str, Any]) -> list[Any]:
    originals = (*context.get("articles", ()), *context.get("pages", ()), *context.get("issues", ()))
    return list(with_translations(originals))


def _menu(context: dict[str, Any]) -> list[tuple[int, str, str]]:
    """The order, title and address of each document that is to be in the menu."""
    pages = [page for page in context.get("pages", ()) if getattr(page, "menu", False) in (True, "yes")]
    return [(int(getattr(page, "order", None) or 0), plain(page.title), str(page.url)) for page in pages]


def _statics(context: dict[str, Any]) -> list[Any]:
    return [static for static in context.get("static_content", {}).values() if static is not None]


def _claims(context: dict[str, Any], furniture: Furniture) -> Iterator[tuple[str, str]]:
    """What will be written where, and by whom."""
    for content in (*_documents(context), *_statics(context)):
        yield str(content.save_as), str(content.relative_source_path)
    yield from _aliases(context, furniture)
    words = read_words(furniture.words_folder, furniture.options.language)
    for page in own_pages(furniture, words):
        yield page.save_as, f"the site's own page {page.template}"


def _aliases(context: dict[str, Any], furniture: Furniture) -> Iterator[tuple[str, str]]:
    for content in _documents(context):
        for path, _ in alias_pages([content], furniture):
            yield path, f"{content.relative_source_path} (aliases)"


def add_generator(_pelican: object) -> type[SiteGenerator]:
    """Let our generator write after Pelican's own."""
    return SiteGenerator


def after_writing(pelican: Any) -> None:
    """Put clean pictures where Pelican copied the author's, index the pages, and refuse a site with a broken link."""
    furniture, output = _SHELF["furniture"], Path(pelican.output_path)
    for path, content in furniture.originals.items():
        (output / path).write_bytes(content)
    with indexing(output) if furniture.options.search else nullcontext():
        refuse_broken_links(output, furniture.options.site_url, furniture.made_from)


def register() -> None:
    """Connect to Pelican. `before_writing` and `after_writing` are called by funnel.publish.plugin, which makes the order."""
    signals.initialized.connect(prepare)
    signals.get_generators.connect(add_generator)
