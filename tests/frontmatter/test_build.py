"""The strict reader inside a real build with Pelican."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from .conftest import write

PLUGINS = Path(__file__).parents[2] / "plugins"
SETTINGS = f"""
SITENAME = "A site"
SITEURL = "https://www.example.org"
TIMEZONE = "Europe/Berlin"
PATH = "content"
PLUGIN_PATHS = [{str(PLUGINS)!r}, "."]
PLUGINS = ["funnel.frontmatter.plugin", "last_gate"]
ARTICLE_PATHS = ["posts", "tips", "reviews"]
PAGE_PATHS = ["pages", "offers", "requests"]
STATIC_PATHS = ["images", "extra"]
"""
# In a whole site funnel.publish.plugin does this, for the gates of all packages in their order.
LAST_GATE = """
from funnel.frontmatter import plugin
from pelican import signals

def register():
    signals.all_generators_finalized.connect(plugin.before_writing)
"""
POST = "---\ntitle: A seen post\ndate: 2026-05-04\nstatus: published\ntags: [Trust]\n---\n\nIts *text*.\n"
PAGE = "---\ntitle: A page\nstatus: published\n---\n\nA page.\n"


def build(folder: Path, files: Mapping[str, str | bytes], more: str = "") -> subprocess.CompletedProcess[str]:
    write(folder / "content", files)
    (folder / "pelicanconf.py").write_text(SETTINGS + more)
    (folder / "last_gate.py").write_text(LAST_GATE)
    command = [sys.executable, "-m", "pelican", "content", "-s", "pelicanconf.py", "-o", "output", "--fatal", "errors"]
    environment = os.environ | {"FUNNEL_NOW": "2026-06-01 12:00", "PYTHONPATH": str(PLUGINS)}
    return subprocess.run(
        [*command, "--log-handler", "plain"], cwd=folder, env=environment, capture_output=True, text=True
    )


def written(folder: Path) -> str:
    files = sorted(path for path in (folder / "output").rglob("*") if path.is_file())
    return "\n".join(f"{path.relative_to(folder)}\n{path.read_text(errors='replace')}" for path in files)


def test_a_published_document_stands_at_the_address_of_its_type(tmp_path: Path) -> None:
    """A post is written to /posts/SLUG/ and a page to /SLUG/, without their front matter."""
    done = build(tmp_path, {"posts/seen.md": POST, "pages/about.md": PAGE})
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "output/posts/seen/index.html").read_text()
    assert "<p>Its <em>text</em>.</p>" in html
    assert "status: published" not in html
    assert (tmp_path / "output/about/index.html").is_file()


@pytest.mark.parametrize("line", ["slug: other", "date: 2026-06-01 14:01\nstatus: published"])
def test_what_is_withheld_leaves_no_trace(tmp_path: Path, line: str) -> None:
    """A draft and a future document leave no file, title, slug, tag or feed entry behind (law 1)."""
    date = "" if "date" in line else "date: 2026-05-01\n"
    held = f"---\ntitle: Zanzibar\n{date}{line}\ntags: [Zebra]\n---\nZucchini zanzibar\n"
    page = f"---\ntitle: Zanzibar\n{line}\n---\nZucchini\n"
    offer = page.replace("title", "offer_name: Zulu\ntitle").replace("slug: other", "slug: another")
    files = {"posts/seen.md": POST, "posts/zoo.md": held, "pages/zap.md": page, "offers/zip.md": offer}
    done = build(tmp_path, files)
    assert done.returncode == 0, done.stderr
    site = written(tmp_path).lower()
    assert [word for word in ("zanzibar", "zebra", "zucchini", "zoo", "zap/", "zulu") if word in site] == []


def test_a_refused_tree_writes_nothing(tmp_path: Path) -> None:
    """Every fault of every file is told at once, the exit code is 3, and no output folder is made."""
    done = build(tmp_path, {"posts/a.md": POST.replace("status", "staus"), "tips/b.md": POST.replace("2026", "2O26")})
    assert done.returncode == 3
    assert 'content/posts/a.md:4:1: unknown key "staus"' in done.stderr
    assert "content/tips/b.md:3:7:" in done.stderr
    assert not (tmp_path / "output").exists()


def test_a_document_that_no_generator_takes_fails_the_build(tmp_path: Path) -> None:
    """A published document outside of ARTICLE_PATHS and PAGE_PATHS cannot vanish in silence (law 2)."""
    done = build(tmp_path, {"posts/seen.md": POST, "tips/tip.md": POST}, 'ARTICLE_PATHS = ["posts"]\n')
    assert done.returncode == 3
    assert "content/tips/tip.md:1:1: this file would be missing from the site" in done.stderr
    assert not (tmp_path / "output").exists()


def test_pelicans_settings_cannot_slip_metadata_in(tmp_path: Path) -> None:
    """DEFAULT_METADATA and FILENAME_METADATA do not publish, date or move a document behind our back."""
    more = 'DEFAULT_METADATA = {"status": "published"}\nFILENAME_METADATA = "(?P<slug>.*)"\nWITH_FUTURE_DATES = False\n'
    held = POST.replace("status: published\n", "").replace("seen", "zanzibar")
    done = build(tmp_path, {"posts/seen.md": POST, "posts/zanzibar.md": held}, more)
    assert done.returncode == 0, done.stderr
    assert "zanzibar" not in written(tmp_path)
