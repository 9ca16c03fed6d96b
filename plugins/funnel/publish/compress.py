"""Smaller copies of a site's text files, for servers that send `x.br` or `x.gz` where a browser takes it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # the package brings no types

from funnel.publish.manifest import Manifest

TEXT = re.compile(r".+\.(html|css|js|json|xml|rss|svg|txt|webmanifest|ics|map)")
LEAST = 512
"""Bytes below which a smaller copy saves no packet on the network."""
BROTLI_QUALITY = 9
"""11 is 1 % smaller and ten times slower."""


def compressed(site: Path, manifest: Manifest, cache: Path) -> Mapping[str, bytes]:
    """`PATH.br` and `PATH.gz` for every text file of the site that they make smaller.

    `cache` is a folder in which copies are kept by the digest of what they were made from: what did not change is not
    compressed again, and what this site no longer has is removed.
    """
    cache.mkdir(parents=True, exist_ok=True)
    copies: dict[str, bytes] = {}
    used = set()
    for path, entry in manifest.items():
        if TEXT.fullmatch(path) and (site / path).stat().st_size >= LEAST:
            for ending in ("br", "gz"):
                kept = cache / f"{entry.sha256}.{ending}"
                used.add(kept.name)
                smaller = _kept(kept, site / path)
                if len(smaller) < (site / path).stat().st_size:
                    copies[f"{path}.{ending}"] = smaller
    for stale in cache.iterdir():
        if stale.name not in used:
            stale.unlink()
    return copies


def _kept(kept: Path, source: Path) -> bytes:
    if kept.is_file():
        return kept.read_bytes()
    data = source.read_bytes()
    smaller = (
        bytes(brotli.compress(data, quality=BROTLI_QUALITY))
        if kept.suffix == ".br"
        else gzip.compress(data, 9, mtime=0)
    )
    partial = kept.with_name(f"{kept.name}.new")
    partial.write_bytes(smaller)
    partial.replace(kept)
    return smaller
