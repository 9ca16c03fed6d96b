"""The search index of a finished site, made by Pagefind (https://pagefind.app) and served from the site itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pagefind_bin import get_executable  # type: ignore[import-untyped]

FOLDER = "pagefind"
"""Where the index stands in the site; theme/templates/search.html names it."""
_NOT_USED = ("*ui*", "*highlight*", "playground")
"""Pagefind's ready-made interfaces: the theme has its own."""


class NoSearch(Exception):
    """The index could not be made. The text says why, and how to do without."""

    exitcode = 2


@contextmanager
def indexing(site: Path) -> Iterator[None]:
    """Write the index of every page marked `data-pagefind-body` into the site's folder, beside other work on it.

    The index is there when the block ends; in the block, pages may be read and not written. The same pages give the
    same bytes. Raises NoSearch when Pagefind is missing or fails.
    """
    program = get_executable()
    if program is None:
        raise NoSearch(
            "Search needs Pagefind, and there is none for this machine.\n"
            "Install it (pip install 'pagefind[bin]'), or put SITE_SEARCH = False into pelicanconf.py."
        )
    with tempfile.TemporaryDirectory(prefix="search-") as made:
        target = Path(made) / FOLDER
        command = [str(program), "--site", str(site), "--output-path", str(target), "--quiet"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
            yield
            said, _ = running.communicate()
        if running.returncode or not (target / "pagefind.js").is_file():
            raise NoSearch(f"Pagefind could not index the pages:\n{said.decode(errors='replace')}".rstrip())
        _in_order(target / "pagefind-entry.json")
        shutil.copytree(target, site / FOLDER, ignore=shutil.ignore_patterns(*_NOT_USED), dirs_exist_ok=True)


def _in_order(entry: Path) -> None:
    """Name the languages in the order of their codes: Pagefind 1.5 writes them in an order of chance."""
    content = json.loads(entry.read_text(encoding="utf-8"))
    content["languages"] = dict(sorted(content["languages"].items()))
    entry.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
