"""Gives each picture of the site its size and, for photographs, smaller and better compressed forms. Made once, then kept."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from threading import Lock

import PIL
from PIL import Image, ImageCms, ImageOps

from funnel.newsletter.images import eight_bit, opened
from funnel.site.body import Picture, Source
from funnel.site.keeping import Larder
from funnel.site.metadata import without_metadata
from funnel.site.svg import DrawingRefused, cleaned

WIDTHS = (400, 608, 912, 1216, 1824)
"""Widths in pixels: the text's measure of 608 on screens of one and two (three on a telephone) pixels to a point."""
FALLBACK = 1216
SHOWN = ("JPEG", "MPO", "PNG", "GIF", "WEBP", "AVIF", "BMP")
"""What browsers show, by the names that Pillow gives; the name of a file may say something else."""
FOLDER = "images/sized"
_QUALITY = {"AVIF": 58, "WEBP": 78, "JPEG": 82}
_TYPES = {"AVIF": "image/avif", "WEBP": "image/webp"}
_VIEW_BOX = re.compile(r'<svg\b[^>]*?\bviewBox\s*=\s*["\']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)', re.S)
RASTER = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")


class PicturesRefused(Exception):
    """Pictures that cannot be shown. The text names each, and what to do."""

    exitcode = 3


@dataclass(frozen=True)
class Shown:
    """A picture file as the site shows it: its picture, and the files to write, by path.

    `original` is what stands at the picture's own address; `removed` says what was taken out of it.
    """

    picture: Picture
    original: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    removed: tuple[str, ...] = ()


def show(content: bytes, address: str, root: str, larder: Larder) -> Shown:
    """Prepare a picture for the page. `address` is its own, relative to the site's root.

    Raises ValueError with the reason, in words, for a file that is no picture, is broken or is too large.
    """
    if address.lower().endswith(".svg"):
        return _drawing(content, f"{root}/{address}")
    try:
        return _photograph(content, address, root, larder)
    except (OSError, SyntaxError) as fault:
        raise ValueError(f"it cannot be read as a picture ({str(fault).partition('<')[0].strip()})") from None


def _drawing(content: bytes, address: str) -> Shown:
    try:
        drawing = cleaned(content)
    except DrawingRefused as fault:
        raise ValueError(f"line {fault.line}, column {fault.column}: it is no well-formed SVG ({fault})") from None
    box = _VIEW_BOX.search(drawing.content.decode("utf-8", "replace"))
    size = (round(float(box[1])), round(float(box[2]))) if box else (300, 150)
    return Shown(Picture(address, *size), drawing.content, removed=drawing.removed)


def _photograph(content: bytes, address: str, root: str, larder: Larder) -> Shown:
    original = without_metadata(content)
    digest = hashlib.sha256(original).hexdigest()
    with opened(original) as image:
        if image.format not in SHOWN:
            raise ValueError(
                f"inside it is a {image.format} picture, whatever its name says, which most browsers do not show"
            )
        moving = getattr(image, "n_frames", 1) > 1
        way = image.getexif().get(0x0112, 1)
        lying = way != 1 and image.format == "WEBP"  # whose EXIF browsers do not heed: only its forms stand upright
        width, height = image.size[::-1] if way >= 5 and not (lying and moving) else image.size
        if moving or (width <= WIDTHS[0] and not lying):
            image.load()
            return Shown(Picture(f"{root}/{address}", width, height), original)
        return _sized(image, (width, height), PurePosixPath(address).stem, digest, original, root, larder)


def _sized(
    image: Image.Image, size: tuple[int, int], stem: str, digest: str, original: bytes, root: str, larder: Larder
) -> Shown:
    """The smaller forms: AVIF and WebP in every width that is no enlargement, and one JPEG or PNG for old browsers."""
    width, height = size
    widths = [step for step in WIDTHS if step < width] + [min(width, WIDTHS[-1])]
    anew = " 8" if image.mode[0] == "I" else ""  # those were once kept as white sheets
    upright = _Upright(image)

    def made(step: int, form: str) -> bytes:
        recipe = f"{digest} {step} {form} {_QUALITY.get(form)} {PIL.__version__}{anew}"
        return larder.keep(recipe, f".{form.lower()}", lambda: _encoded(upright.at(step), form))

    def path(step: int, form: str) -> str:
        return f"{FOLDER}/{stem}-{digest[:8]}-{step}.{form.lower().replace('jpeg', 'jpg')}"

    fallback = (min(FALLBACK, width), "PNG" if image.has_transparency_data else "JPEG")
    forms = [(step, form) for form in _TYPES for step in dict.fromkeys(widths)]
    with ThreadPoolExecutor(os.cpu_count()) as hands:  # encoders work outside Python's lock
        files = {path(*one): content for one, content in hands.map(lambda one: (one, made(*one)), [*forms, fallback])}
    sources = tuple(
        Source(kind, ", ".join(f"{root}/{path(step, form)} {step}w" for step, form in forms if form == of))
        for of, kind in _TYPES.items()
    )
    picture = Picture(f"{root}/{path(*fallback)}", fallback[0], round(height * fallback[0] / width), sources)
    return Shown(picture, original, files)


@dataclass
class _Upright:
    """A picture the right way up and in sRGB; unpacked at the first question only, for all may be in the larder."""

    image: Image.Image
    _whole: Image.Image | None = None
    _one_at_a_time: Lock = field(default_factory=Lock)

    def at(self, width: int) -> Image.Image:
        """Give the picture at a width in pixels. Several threads may ask."""
        with self._one_at_a_time:
            if self._whole is None:
                self._whole = _standard(ImageOps.exif_transpose(self.image))
        height = max(1, round(self._whole.height * width / self._whole.width))
        return self._whole.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _standard(image: Image.Image) -> Image.Image:
    """The picture in sRGB, with transparency where it has some: also from CMYK, grey, and a palette."""
    image = eight_bit(image)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            shown = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except ImageCms.PyCMSError:
            shown = None  # a profile that does not fit the picture: browsers leave it out too
        if shown is not None:
            shown.info.pop("icc_profile", None)
            return shown
    return image.convert(mode)


def _encoded(image: Image.Image, form: str) -> bytes:
    file = io.BytesIO()
    options: dict[str, object] = {"quality": _QUALITY[form]} if form in _QUALITY else {"optimize": True}
    if form == "AVIF":
        options |= {"speed": 7, "max_threads": 1}  # one thread: the same bytes on every machine
    if form == "WEBP":
        options |= {"method": 4}
    if form == "JPEG":
        options |= {"progressive": True, "optimize": True}
    image.save(file, form, **options)
    return file.getvalue()


def refuse(faults: Iterable[tuple[str, str]]) -> None:
    """Raise PicturesRefused with a line for each (path as people know it, reason)."""
    lines = [
        f"{path}:1:1: this picture cannot be used: {reason}. Save it anew, or take another." for path, reason in faults
    ]
    if lines:
        raise PicturesRefused("\n".join(lines))
