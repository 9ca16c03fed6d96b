"""Pictures for mail: JPEG or PNG, at most twice the width of the column, never larger than they were."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from funnel.newsletter.drawing import BadImage, Look, draw, own_width

MOST_PIXELS = 120_000_000
"""A larger picture is refused: unpacked it would take more than 350 megabytes of memory."""
COLUMN = 536
"""CSS pixels between the letter's margins: 600 less twice 32."""
DENSITY = 2
QUALITY = 80
COLOURS = 256
KINDS = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")


@dataclass(frozen=True, slots=True)
class Derived:
    """A picture made for mail. `name` holds a digest of the bytes; `width` and `height` are CSS pixels."""

    name: str
    data: bytes
    width: int
    height: int


def derive(name: str, data: bytes, look: Look) -> Derived:
    """Make the mail version of a picture. The same bytes give the same bytes. Raises BadImage."""
    stem, ending = Path(name).stem, Path(name).suffix.lower()
    if ending not in KINDS:
        kind = ending or "a file without an ending"
        raise BadImage(f"{kind} is no picture that mail can show; use {', '.join(KINDS)}")
    picture = _flat(_open(draw(data, look, COLUMN * DENSITY)) if ending == ".svg" else _open(data), look.ground)
    if picture.width > COLUMN * DENSITY:
        height = max(1, round(picture.height * COLUMN * DENSITY / picture.width))
        picture = picture.resize((COLUMN * DENSITY, height), Image.Resampling.LANCZOS)
    made, suffix = _smallest(picture, drawing=ending in (".svg", ".gif"))
    digest = hashlib.sha256(made).hexdigest()[:12]
    width, height = _shown(picture, data, ending)
    return Derived(f"{_plain(stem)}-{digest}.{suffix}", made, width, height)


def _plain(stem: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "picture"


def _open(data: bytes) -> Image.Image:
    try:
        picture = opened(data)
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        raise BadImage("this file is no picture that can be read; save it again as PNG or JPEG") from fault
    return ImageOps.exif_transpose(picture)


def opened(data: bytes) -> Image.Image:
    """The picture in a file, not unpacked yet. Raises ValueError where it has too many pixels, and what Pillow raises."""
    Image.MAX_IMAGE_PIXELS = None  # Pillow warns people of its own limit in words for programmers
    picture = Image.open(io.BytesIO(data))
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("it has too many pixels; make it smaller than 10,000 by 10,000")
    return picture


def eight_bit(picture: Image.Image) -> Image.Image:
    """A picture with 16 bits to a point in 8: Pillow would cut each point off at 255, which leaves a white sheet."""
    return picture.convert("I").point(lambda value: value / 257).convert("L") if picture.mode[0] == "I" else picture


def _flat(picture: Image.Image, colour: str) -> Image.Image:
    picture = eight_bit(picture)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        ground = Image.new("RGB", picture.size, colour)
        layer = picture.convert("RGBA")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _smallest(picture: Image.Image, *, drawing: bool) -> tuple[bytes, str]:
    """PNG for drawings, the smaller of PNG and JPEG for everything else."""
    png = _saved(picture.quantize(COLOURS, dither=Image.Dither.NONE) if drawing else picture, "PNG", optimize=True)
    if drawing:
        return png, "png"
    jpeg = _saved(picture, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return (png, "png") if len(png) <= len(jpeg) else (jpeg, "jpg")


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _shown(picture: Image.Image, data: bytes, ending: str) -> tuple[int, int]:
    """CSS pixels: the width it was made for, or the column where it is wider than that."""
    width = min(COLUMN, own_width(data) or COLUMN if ending == ".svg" else picture.width)
    return width, max(1, round(picture.height * width / picture.width))
