"""Draws the site's icons and the picture that social networks show of a page. Same input, same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from funnel.site.keeping import Larder
from funnel.site.options import PAPER, Options

MARK = (
    ((2.0, 4.0), (30.0, 4.0), (20.5, 14.5), (20.5, 18.0), (11.5, 18.0), (11.5, 14.5)),
    ((9.0, 20.5), (23.0, 20.5), (18.5, 25.0), (18.5, 29.0), (13.5, 29.0), (13.5, 25.0)),
)
"""The two funnels on a square of 32, as in theme/templates/_parts.html."""
CARD = (1200, 630)
"""The size in pixels that OpenGraph's readers want (1.91:1)."""
_MARGIN, _INK, _SOFT = 84, "#26221d", "#584f45"
_SCALE = 4
"""Everything is drawn larger and reduced: Pillow's polygons have no smooth edges."""


@dataclass(frozen=True)
class CardText:
    """The words on a card: the kind of page and its day above, the title, the site's name below."""

    above: str
    title: str
    site: str


def icons(options: Options, larder: Larder) -> Iterator[tuple[str, bytes]]:
    """Give the icons by path: one drawing, and pixels for those who cannot draw, which are drawn once for each colour."""
    yield "icons/icon.svg", drawn_icon(options.accent, options.accent_dark).encode()
    for size in (180, 192, 512):
        yield (
            f"icons/icon-{size}.png",
            larder.keep(f"icon {size} {options.accent}", ".png", partial(_pixels, size, options.accent)),
        )
    yield "favicon.ico", larder.keep(f"favicon {options.accent}", ".ico", partial(_favicon, options.accent))


def _pixels(size: int, accent: str) -> bytes:
    return _png(_icon(size, accent))


def _favicon(accent: str) -> bytes:
    small = io.BytesIO()
    _icon(32, accent).save(small, "ICO", sizes=[(32, 32)])
    return small.getvalue()


def drawn_icon(accent: str, accent_dark: str) -> str:
    """Give the icon as an SVG that follows the reader's light or dark."""
    paths = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in shape) + "z" for shape in MARK)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f"<style>path{{fill:{accent}}}@media (prefers-color-scheme:dark){{path{{fill:{accent_dark}}}}}</style>"
        f'<path d="{paths}"/></svg>\n'
    )


def _icon(size: int, accent: str) -> Image.Image:
    large = size * _SCALE
    image = Image.new("RGB", (large, large), accent)
    _mark(ImageDraw.Draw(image), large * 0.18, large * 0.16, large * 0.64, PAPER["light"])
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _mark(draw: ImageDraw.ImageDraw, left: float, top: float, width: float, colour: str) -> None:
    for shape in MARK:
        draw.polygon([(left + x / 32 * width, top + y / 32 * width) for x, y in shape], fill=colour)


def card(text: CardText, accent: str, font: Path) -> bytes:
    """Give the picture of a page as PNG: title in the theme's own letters on its paper.

    Signs that the font does not have (emoji) are left out of the picture; a title with none left gives a picture with the
    site's name only. `can_write` tells whether a title keeps its letters.
    """
    image = Image.new("RGB", CARD, PAPER["light"])
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, CARD[0], 18), fill=accent)
    mark = Image.new("RGB", (64 * _SCALE, 64 * _SCALE), PAPER["light"])
    _mark(ImageDraw.Draw(mark), 0, 0, 64 * _SCALE, accent)
    image.paste(mark.resize((64, 64), Image.Resampling.LANCZOS), (_MARGIN, CARD[1] - _MARGIN - 52))
    draw.text((_MARGIN + 84, CARD[1] - _MARGIN - 46), known(text.site, font), font=_letters(font, 36, 600), fill=_INK)
    title = known(text.title, font) or known(text.site, font)
    draw.text((_MARGIN, 84), known(text.above, font), font=_letters(font, 30, 400), fill=_SOFT)
    size, lines = fitted(title, font, CARD[0] - 2 * _MARGIN)
    for number, line in enumerate(lines):
        draw.text((_MARGIN - 3, 140 + number * size * 1.16), line, font=_letters(font, size, 560), fill=_INK)
    return _png(image.quantize(32, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))


@cache
def _letters(font: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    letters = ImageFont.truetype(str(font), size, layout_engine=ImageFont.Layout.BASIC)
    letters.set_variation_by_axes([weight])
    return letters


def fitted(title: str, font: Path, width: int) -> tuple[int, Sequence[str]]:
    """Give the largest size at which the title fits in the room for it, and its lines; a too long one is cut."""
    for size, most in ((84, 3), (72, 3), (62, 4), (52, 5)):
        lines = _broken(title, _letters(font, size, 560), width)
        if len(lines) <= most:
            return size, lines
    return 52, [*lines[:4], lines[4].rstrip(" ,.;:") + "…"]


def _broken(title: str, letters: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and letters.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
        while letters.getlength(lines[-1]) > width:
            cut = next(at for at in range(len(lines[-1]), 0, -1) if letters.getlength(lines[-1][:at]) <= width)
            lines[-1:] = [lines[-1][:cut], lines[-1][cut:]]
    return lines


def known(text: str, font: Path) -> str:
    """Give the text without the letters that the font cannot draw."""
    return " ".join("".join(letter for letter in text if letter.isspace() or _can_draw(font, letter)).split())


def can_write(text: str, font: Path) -> bool:
    """Whether the font has every letter and digit of a text: one that is left out would make another word of it."""
    return all(_can_draw(font, letter) for letter in text if letter.isalnum())


@cache
def _can_draw(font: Path, letter: str) -> bool:
    letters = _letters(font, 40, 400)
    return bytes(letters.getmask(letter)) != bytes(letters.getmask("\uffff")) or letters.getlength(
        letter
    ) != letters.getlength("\uffff")


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
