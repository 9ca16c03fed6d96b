"""Small sites, built by Pelican with all our plugins, for the tests that read what was written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
URL = "https://www.example.com/club"
CONF = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "plugins")!r}]
from pelicanconf import *
SITENAME = "Small & Sons"
SITESUBTITLE = ""
SITEURL = {URL!r}
AUTHOR = "Small & Sons"
THEME = {str(ROOT / "theme")!r}
PLUGIN_PATHS = [{str(ROOT / "plugins")!r}]
EXTRA_PATH_METADATA = {{}}
SITE_CACHE = "cache"
"""
HEAD = "---\ntitle: {title}\ndate: {date}\nstatus: published\n{more}---\n\n{body}\n"


@dataclass(frozen=True)
class Site:
    """A built site, or the refusal of one."""

    folder: Path
    words: str
    exitcode: int

    def read(self, path: str) -> str:
        """Give the text of a written file."""
        return (self.folder / path).read_text(encoding="utf-8")

    @property
    def pages(self) -> dict[str, str]:
        """Every written page by path."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_text("utf-8") for path in self.folder.rglob("*.html")
        }


Build = Callable[..., Site]


def build(folder: Path, files: dict[str, str | bytes], settings: str = "") -> Site:
    """Build `files` (by path in content/) as a site under a path, with these settings added."""
    for name in ("posts", "newsletter", "pages", "offers", "tips", "reviews", "requests", "images", "extra"):
        (folder / "content" / name).mkdir(parents=True)
    for name, content in files.items():
        path = folder / "content" / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "conf.py").write_text(CONF + settings, encoding="utf-8")
    command = [sys.executable, "-m", "pelican", "content", "-s", "conf.py", "-o", "output"]
    command += ["--fatal", "errors", "--log-handler", "plain"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    return Site(folder / "output", run.stdout + run.stderr, run.returncode)


def document(title: str = "A post", date: str = "2026-01-05", body: str = "Some words.", **more: str) -> str:
    """Give the source of a published document."""
    return HEAD.format(
        title=title, date=date, body=body, more="".join(f"{key}: {value}\n" for key, value in more.items())
    )


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site of one odd document each: a long title, another script, emoji, no tags, marks of HTML."""
    pictures = ROOT / "content/images/two-funnels.svg"
    files: dict[str, str | bytes] = {
        "posts/long.md": document("Word " * 60, body="## One\n\n## Two\n\n## Three\n\nText[^1].\n\n[^1]: A note."),
        "posts/right.md": document(
            '"שלום, קוראים"',
            "2026-01-04",
            "טקסט מימין לשמאל, with a word in English and `code()`.",
            lang="he",
            waivers="['unguarded: read by its author']",
        ),
        "posts/plain.md": document("Nothing but words", "2026-01-06"),
        "posts/marks.md": document(
            '"<b>&lt; \\"quotes\\" 🌻"',
            "2026-01-07",
            "![Two funnels](/images/a.svg 'A caption')\n\n| a | b |\n|--:|---|\n| 1 | 2 |\n\n```python\nx = 1\n```",
            tags="['C & D', i > j]",
            category="R&D",
            aliases="[/old/marks.html, /older/, /caf%C3%A9/]",
            series='"S & T"',
        ),
        "posts/unbroken.md": document(
            "Donau" * 20,
            "2026-01-02",
            f"<mark>Marked</mark>\n\n- A point\n\n        code\n\n    {'Rindfleisch' * 12}\n\n| a | b | c | d |\n|---|---|---|---|\n"
            + f"| `code` | {'Hafen' * 9} | {'Kraft' * 9} | {'Wagen' * 9} |\n\n<details><summary>More</summary><p>Folded away.</p></details>",
            tags=f"[{'Donau' * 12}]",
            category="Kraft" * 12,
            series="Wagen" * 12,
        ),
        "offers/kitchen-hour.md": document(
            "Work with me", body="An hour.", offer_name="The kitchen hour", aliases="[/with-me/]"
        ),
        "images/a.svg": pictures.read_bytes().replace(b"</svg>", b"<script>alert(1)</script></svg>"),
    }
    return build(tmp_path_factory.mktemp("odd"), files)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with nothing in it."""
    return build(tmp_path_factory.mktemp("bare"), {}, "SITE_SEARCH = False\n")
