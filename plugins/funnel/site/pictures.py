"""Gives each picture of the site its size and, for photographs, smaller and better compressed forms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image

from funnel.site.body import Picture
from funnel.site.options import Options

_VIEW_BOX = re.compile(r'<svg\b[^>]*?\bviewBox\s*=\s*["\']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)', re.S)
_RASTER = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")


def read_pictures(statics: Iterable[Any], options: Options) -> dict[str, Picture]:
    """Give the picture of each static image by its root-relative address."""
    pictures = {}
    for static in statics:
        path = Path(str(static.source_path))
        address = f"{options.root}/{static.url}"
        if path.suffix.lower() == ".svg":
            width, height = drawn_size(path.read_text(encoding="utf-8"))
            pictures[address] = Picture(address, width, height)
        elif path.suffix.lower() in _RASTER:
            with Image.open(path) as image:
                pictures[address] = Picture(address, *image.size)
    return pictures


def drawn_size(svg: str) -> tuple[int, int]:
    """Give the size of a drawing in CSS pixels, from its viewBox; 300 by 150, as browsers do, where it says nothing."""
    box = _VIEW_BOX.search(svg)
    return (round(float(box[1])), round(float(box[2]))) if box else (300, 150)
