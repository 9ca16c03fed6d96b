"""Connects strict documents to Pelican: the whole tree is judged first, and only what the tree read reaches Pelican."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markdown import Markdown
from pelican import Pelican, signals
from pelican.readers import BaseReader, MarkdownReader, Readers

from .documents import Document
from .link_check import with_pelican_links
from .moments import NoDate, stand_in
from .problems import Problem, Refused
from .raw_html import Home
from .translations import original_of
from .tree import Tree, read_tree

KEY = "FUNNEL_TREE"
DRAFTS = "FUNNEL_DRAFTS"
"""In the environment of a build that shows drafts: "all", or the path of one. Such a build is never published."""
# Doors through which a document could come in, change its date or its address, or go stale, past the strict reader.
# Pelican would pair translations by slug: a post and a tip of the same name would be taken for one text in two languages.
# `translates` names the original instead.
SETTINGS: Mapping[str, object] = {
    "ARTICLE_TRANSLATION_ID": "original",
    "CACHE_CONTENT": False,
    "DEFAULT_DATE": None,
    "DEFAULT_METADATA": {},
    "FILENAME_METADATA": "",
    "LOAD_CONTENT_CACHE": False,
    "PAGE_TRANSLATION_ID": "original",
    "PATH_METADATA": "",
    "WITH_FUTURE_DATES": True,
}
PELICAN_TEMPLATES = {"page": "page", "offer": "page", "request": "page"}


def newest_first(content: Any) -> tuple[float, str]:
    """The order of lists: by date, and where two have the same date by path, so that every build has the same."""
    return -content.date.timestamp(), str(content.relative_source_path)


def tree_of(settings: Mapping[str, Any]) -> Tree:
    """The tree of the running build, from the settings that every generator and content object carries."""
    tree = settings[KEY]
    if not isinstance(tree, Tree):
        raise TypeError(f"{KEY} is no Tree")
    return tree


def moment_of_build() -> datetime:
    """The clock, or what stands in for it. Raises Refused."""
    try:
        return stand_in(os.environ) or datetime.now(UTC)
    except NoDate as fault:
        raise Refused(f"FUNNEL_NOW: {fault.message}\n  {fault.advice}") from None


class StrictReader(MarkdownReader):  # type: ignore[misc]
    """Gives Pelican the checked document of a file, and its body as HTML."""

    def __init__(self, settings: dict[str, Any]) -> None:
        # MarkdownReader's own start would switch on the lax front matter of Markdown ("meta").
        BaseReader.__init__(self, settings)

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """HTML and metadata; for what is withheld, an empty text and the status `skip`."""
        tree = tree_of(self.settings)
        path = Path(source_path).relative_to(Path(self.settings["PATH"]).resolve()).as_posix()
        document = tree.by_path.get(path)
        if document is None:
            raise Refused.because(
                [Problem(path, 1, 1, "this file came in after the documents were checked", "Build again.")]
            )
        if tree.held(path):
            return "", {"status": "skip", "title": ""}
        return self._html(document), self._metadata(document)

    def _html(self, document: Document) -> str:
        options = dict(self.settings["MARKDOWN"])
        configured = list(options.get("extensions", [])) + list(options.get("extension_configs", {}))
        options["extensions"] = [
            name for name in dict.fromkeys(configured) if name not in {"meta", "markdown.extensions.meta"}
        ]
        root = urlsplit(self.settings["SITEURL"]).path.rstrip("/")
        return str(Markdown(**options).convert(with_pelican_links(document, tree_of(self.settings).places, root)))

    def _metadata(self, document: Document) -> dict[str, Any]:
        metadata = dict(document.metadata)
        for name in ("category", "tags"):
            if metadata.get(name):
                metadata[name] = self.process_metadata(name, metadata[name])
        if not metadata.get("tags"):
            metadata.pop("tags", None)
        address = document.address
        return metadata | {
            "type": document.type,
            "kind": document.kind,
            "url": address.lstrip("/"),
            "save_as": address.lstrip("/") + "index.html",
            "template": self._template(document.type),
            "original": original_of(document),
            "translation": str(original_of(document) != document.path),
        }

    def _template(self, kind: str) -> str:
        """The template named after the type; a theme without one gets Pelican's own name for it."""
        folders = [*self.settings.get("THEME_TEMPLATES_OVERRIDES", []), Path(self.settings["THEME"]) / "templates"]
        if any((Path(folder) / f"{kind}.html").is_file() for folder in folders):
            return kind
        return PELICAN_TEMPLATES.get(kind, "article")


def prepare(pelican: Pelican) -> None:
    """Close the doors that would let a document by the strict reader."""
    pelican.settings.update(SETTINGS)
    pelican.settings["ARTICLE_ORDER_BY"] = newest_first
    pelican.settings["PAGE_ORDER_BY"] = "relative_source_path"


def judge(pelican: Pelican) -> None:
    """Read the whole tree before anything is generated; with one fault nothing is."""
    zone = ZoneInfo(pelican.settings["TIMEZONE"])
    now, drafts = moment_of_build(), os.environ.get(DRAFTS, "")
    home = Home(pelican.settings["SITEURL"], pelican.settings.get("SUBSCRIBE_URL") or "")
    tree = read_tree(Path(pelican.settings["PATH"]), timezone=zone.key, now=now, drafts=drafts, home=home)
    if tree.problems:
        raise Refused.because(tree.problems)
    pelican.settings[KEY] = tree


def install(readers: Readers) -> None:
    """Documents are Markdown, and only the strict reader reads them."""
    for ending in list(readers.reader_classes):
        if ending != "static":
            readers.reader_classes[ending] = None
    readers.reader_classes["md"] = StrictReader


def before_writing(generators: Sequence[Any]) -> None:
    """Law 2: every published document, and every file of images/ and extra/, was taken by a generator.

    Called by `funnel.publish.plugin`, which puts the gates of all packages in order.
    """
    tree = tree_of(generators[0].settings)
    context = generators[0].context
    root = Path(generators[0].settings["PATH"]).name
    taken = context["generated_content"]
    lost = [document.path for document in tree.published if taken.get(document.path) is None]
    lost += [
        path
        for path in tree.files
        if path.startswith(("images/", "extra/")) and not context["static_content"].get(path)
    ]
    if lost:
        advice = "Put its folder into ARTICLE_PATHS, PAGE_PATHS or STATIC_PATHS, and look into IGNORE_FILES."
        message = "this file would be missing from the site: no generator took it"
        raise Refused.because(Problem(f"{root}/{path}", 1, 1, message, advice) for path in lost)


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(prepare)
    signals.get_generators.connect(judge)
    signals.readers_init.connect(install)
