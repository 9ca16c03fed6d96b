"""Builds again whenever a source changes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from watchfiles import watch

from funnel.publish.build import NotBuilt, Site, build

SOURCES = ("content", "theme", "plugins", "pelicanconf.py", "publishconf.py")
PAUSE = 300
"""Milliseconds after which the watch looks up when nothing changes; it does so once before the first build."""


def rebuild_on_change(
    site: Site, settings_file: str, output: Path, drafts: str = "", stop: threading.Event | None = None
) -> Iterator[str]:
    """Build now and after every change, for ever; give what each build had to say, a refusal included."""
    sources = [path for name in SOURCES if (path := site.root / name).exists()]
    first = True
    for changes in watch(*sources, stop_event=stop, yield_on_timeout=True, rust_timeout=PAUSE):
        if changes or first:  # the watch begins before the first build: nothing that is saved meanwhile is missed
            first = False
            yield attempt(site, settings_file, output, drafts)


def attempt(site: Site, settings_file: str, output: Path, drafts: str = "") -> str:
    """Build once; a refusal is an answer here, not an end."""
    try:
        return build(site, settings_file, output, drafts=drafts).words or "Built. Waiting for changes; Ctrl-C ends."
    except NotBuilt as fault:
        return f"{fault}\nThe last good build is still there. Waiting for changes; Ctrl-C ends."
