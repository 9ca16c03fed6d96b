"""What a host is told beside the files: rules for headers and redirects, and smaller copies."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from builds import built, built_again
from funnel.publish.compress import compressed
from funnel.publish.headers import KINDS, cache_control, content_type, header_rules, redirect_rules

REFRESH = '<!doctype html><meta http-equiv="refresh" content="0; url=/posts/new/">'


@pytest.mark.parametrize(
    ("path", "seconds"),
    [
        ("index.html", "max-age=0"),
        ("assets/site.0123456789.css", "immutable"),
        ("assets/OFL.txt", "max-age=0"),
        ("images/cards/0123456789ab.png", "immutable"),
        ("images/portrait.webp", "max-age=86400"),
        ("images/photo.20260504.html", "max-age=0"),
        ("feeds/all.xml", "max-age=0"),
        ("feeds/all.rss", "max-age=0"),
        ("odd\nname", "max-age=0"),
    ],
)
def test_only_what_is_named_by_its_content_is_kept_for_ever(path: str, seconds: str) -> None:
    """Everything else is asked for again, pictures after a day."""
    assert seconds in cache_control(path)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a/index.html", "text/html; charset=utf-8"),
        ("feeds/all.xml", "application/xml; charset=utf-8"),
        ("feeds/all.rss", "application/xml; charset=utf-8"),
        ("site.webmanifest", "application/manifest+json"),
        ("images/a.avif", "image/avif"),
        ("no-ending", "application/octet-stream"),
    ],
)
def test_every_file_has_a_media_type(path: str, kind: str) -> None:
    """The same on every machine, whatever its table of types."""
    assert content_type(path) == kind


def test_the_recipe_for_nginx_knows_every_kind(project: Path) -> None:
    """Nginx knows only the kinds that a `types` block names, and has browsers save every other file: ours names all that a site may hold."""
    recipe = (project / "docs/recipes/nginx.conf").read_text(encoding="utf-8")
    lines = re.findall(r"^ {8}(\S+/\S+) ([\w ]+);$", recipe, re.MULTILINE)
    said = {ending: kind for kind, endings in lines for ending in endings.split()}
    kept = re.findall(r"\w+", "avif webp png jpg jpeg gif svg ico woff2 mp3 mp4 pdf")
    assert {name: said.get(name) for name in kept} == {name: content_type(f"a.{name}") for name in kept} | {
        "ico": "image/x-icon"
    }
    assert {name: said.get(name.lstrip(".")) for name in KINDS} == {
        name: kind.split(";")[0] for name, kind in KINDS.items()
    }


def test_rules_for_hosts_that_read_them(tmp_path: Path) -> None:
    """The pages' own policy as a header, and for every old address a line that Netlify takes and one that Cloudflare Pages takes."""
    build = built(tmp_path, "one")
    (build.site / "index.html").write_text(
        '<meta http-equiv="Content-Security-Policy" content="default-src &#39;self&#39;">', encoding="utf-8"
    )
    (build.site / "old/place").mkdir(parents=True)
    (build.site / "old/place/index.html").write_text(REFRESH, encoding="utf-8")
    rules = header_rules(build.site)
    assert "  Content-Security-Policy: default-src 'self'; frame-ancestors 'none'\n" in rules
    assert "/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n" in rules
    assert "/pagefind/" not in rules
    assert redirect_rules(build.site) == "/old/place/ /posts/new/ 301!\n/old/place/ /posts/new/ 301\n"
    (build.site / "old/place").rename(build.site / "old/café")
    assert redirect_rules(build.site).startswith("/old/caf%C3%A9/ /posts/new/ 301!\n")


def test_the_header_lets_the_search_page_compile(tmp_path: Path) -> None:
    """A browser obeys header and page alike, so the header gives what the search page needs; other pages narrow it."""
    (tmp_path / "search").mkdir()
    for name, script in (("index.html", "'self'"), ("search/index.html", "'self' 'wasm-unsafe-eval'")):
        policy = f'<meta http-equiv="Content-Security-Policy" content="script-src {script}">'
        (tmp_path / name).write_text(policy, encoding="utf-8")
    assert "script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'" in header_rules(tmp_path)


def test_smaller_copies_hold_the_same_and_are_made_once(tmp_path: Path) -> None:
    """Text that is long enough gets .br and .gz; a second time they come from the cache; what is stale leaves it."""
    build = built(tmp_path, "one")
    (build.site / "long.html").write_text("word " * 400, encoding="utf-8")
    (build.site / "noise.png").write_bytes(b"x" * 4000)
    build, cache = built_again(tmp_path), tmp_path / "cache"
    (tmp_path / "cache").mkdir()
    (cache / "stale.br").touch()
    copies = compressed(build.site, build.record.manifest, cache)
    assert sorted(copies) == ["long.html.br", "long.html.gz"]
    assert brotli.decompress(copies["long.html.br"]) == gzip.decompress(copies["long.html.gz"]) == b"word " * 400
    assert not (cache / "stale.br").exists()
    kept = next(cache.glob("*.br"))
    kept.write_bytes(b"from the cache")
    assert compressed(build.site, build.record.manifest, cache)["long.html.br"] == b"from the cache"
