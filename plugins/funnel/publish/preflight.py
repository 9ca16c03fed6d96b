"""Checks that need no build: the settings files, and that every plugin of ours is there, in order."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from funnel.settings import SettingsError, check_source, read_settings
from funnel.settings.record import names

REQUIRED = (
    "funnel.frontmatter.plugin",
    "funnel.newsletter.plugin",
    "funnel.site.plugin",
    "funnel.guard.plugin",
    "funnel.publish.plugin",
)
"""The plugins without which nothing may be built, in the order in which they do their work."""

PELICAN_NAMES = frozenset(
    (
        "ARCHIVES_SAVE_AS",
        "ARCHIVES_URL",
        "AUTHOR",
        "AUTHORS_SAVE_AS",
        "AUTHORS_URL",
        "AUTHOR_FEED_ATOM",
        "AUTHOR_FEED_RSS",
        "CATEGORIES_SAVE_AS",
        "CATEGORIES_URL",
        "CATEGORY_FEED_ATOM",
        "CATEGORY_FEED_RSS",
        "DELETE_OUTPUT_DIRECTORY",
        "DISPLAY_CATEGORIES_ON_MENU",
        "DISPLAY_PAGES_ON_MENU",
        "DRAFT_PAGE_SAVE_AS",
        "EXTRA_PATH_METADATA",
        "FEED_ALL_ATOM",
        "FEED_ALL_RSS",
        "FEED_ATOM",
        "FEED_DOMAIN",
        "FEED_MAX_ITEMS",
        "FEED_RSS",
        "INDEX_URL",
        "LINKS",
        "MARKDOWN",
        "MENUITEMS",
        "RSS_FEED_SUMMARY_ONLY",
        "SITENAME",
        "SITESUBTITLE",
        "SITEURL",
        "SOCIAL",
        "STATIC_PATHS",
        "TAGS_SAVE_AS",
        "TAGS_URL",
        "TAG_FEED_ATOM",
        "TAG_FEED_RSS",
        "TIMEZONE",
        "TRANSLATION_FEED_ATOM",
        "TRANSLATION_FEED_RSS",
        "WITH_FUTURE_DATES",
    )
)
"""Names that Pelican's documentation explains although they stand in no table of defaults."""


def known_names() -> frozenset[str]:
    """Every setting that Pelican or this project knows."""
    from pelican.settings import DEFAULT_CONFIG

    return frozenset(DEFAULT_CONFIG) | PELICAN_NAMES | frozenset(names()) | {"GUARD"}


def missing_plugins(plugins: Iterable[object]) -> str:
    """Say what is wrong with the list of plugins, or give the empty string."""
    given = [str(plugin) for plugin in plugins]
    missing = [name for name in REQUIRED if name not in given]
    if missing:
        return f"PLUGINS must name {', '.join(missing)}: without it nothing is built, because nothing would be checked."
    if [name for name in given if name in REQUIRED] != list(REQUIRED):
        return f"PLUGINS must keep this order: {', '.join(REQUIRED)}."
    return ""


def faults_of(path: Path, namespace: Mapping[str, Any]) -> list[str]:
    """All that is wrong with a settings file, a message each."""
    faults = check_source(path, known_names())
    if fault := missing_plugins(namespace.get("PLUGINS") or ()):
        faults.append(f"{path.name}: {fault}")
    for name in ("PATH", "THEME"):
        if not (path.parent / str(namespace.get(name))).is_dir():
            faults.append(f"{path.name}: {name} names a folder that is not there: {namespace.get(name)!r}")
    try:
        read_settings(namespace, os.environ)
    except SettingsError as fault:
        faults.append(str(fault))
    return faults


def raw_settings(path: Path) -> dict[str, Any]:
    """Everything that a settings file sets, Pelican's names and ours.

    Raises SettingsError with file and line where Python cannot read or carry out what stands there.
    """
    from pelican.settings import get_settings_from_file

    try:
        return dict(get_settings_from_file(str(path)))
    except Exception as fault:
        if not (words := _slip(fault, path.parent)):
            raise
        raise SettingsError(words) from fault


def _slip(fault: Exception, root: Path) -> str:
    """What the owner's own line did wrong; empty where the fault is one of ours."""
    if isinstance(fault, SyntaxError):
        line = (fault.text or "").strip()
        return f"{Path(fault.filename or '').name}:{fault.lineno}:{fault.offset}: Python cannot read this line: {fault.msg}.\n    {line}"
    frames = traceback.extract_tb(fault.__traceback__)
    own = [place for place, frame in enumerate(frames) if Path(frame.filename).parent == root]
    if not own or any(Path(frame.filename).is_relative_to(Path(__file__).parents[1]) for frame in frames[own[0] :]):
        return ""
    mend = " Text stands between quotes." if isinstance(fault, NameError) else ""
    where, why = frames[own[-1]], f"{type(fault).__name__}: {fault}"
    return f"{Path(where.filename).name}:{where.lineno}: Python cannot do what this line says ({why}).{mend}\n    {where.line}"


def check_settings_file(file: str, namespace: Mapping[str, Any]) -> None:
    """Stop everything with exit code 2 when a settings file cannot be meant as it stands.

    Called from the last line of pelicanconf.py and publishconf.py, so that a plain `pelican` run is checked too.
    """
    faults = faults_of(Path(file), namespace)
    if faults:
        print("\n".join(faults), file=sys.stderr)
        raise SystemExit(2)
