"""SVG drawings as PNG: mail programs show no SVG. The only file here that knows the rasteriser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import resvg_py

LAST_SIGN = "\u2fff"
"""Latin, Greek, Cyrillic and signs: what the fonts that come with the theme can draw lies below."""
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp)[;,]")


class BadImage(Exception):
    """A picture that cannot go into a letter. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Look:
    """What drawings are drawn with: font files, so that they look the same whatever fonts a machine has, and a ground.

    Transparent pictures get a ground of their own: on a dark letter, dark lines on nothing cannot be seen.
    """

    fonts: tuple[Path, ...]
    ground: str = "#ffffff"
    sans: str = "Arimo"
    serif: str = "Tinos"


def draw(data: bytes, look: Look, width: int) -> bytes:
    """The drawing as PNG, `width` pixels wide. The same bytes give the same bytes. Raises BadImage."""
    try:
        svg = data.decode("utf-8")
        _check(svg)
        png = resvg_py.svg_to_bytes(
            svg_string=_settled(svg),
            width=width,
            skip_system_fonts=max(svg) <= LAST_SIGN,  # signs that our fonts lack are better drawn by any font than lost
            font_files=[str(file) for file in look.fonts],
            font_family=look.sans,
            sans_serif_family=look.sans,
            serif_family=look.serif,
        )
    except (UnicodeDecodeError, ValueError, ET.ParseError) as fault:
        raise BadImage(f"this drawing cannot be read as SVG ({fault}); save it again as plain SVG") from fault
    return bytes(png)


def _check(svg: str) -> None:
    """Refuse what could make the rasteriser read other files: it would follow any path of this machine."""
    if "<!ENTITY" in svg:
        raise ValueError("it declares entities")
    for element in ET.fromstring(svg).iter():  # noqa: S314 (no entities: see above)
        if element.tag.rpartition("}")[2] in ("image", "feImage", "use"):
            for name, value in element.attrib.items():
                if name.rpartition("}")[2] == "href" and not (value.startswith("#") or _EMBEDDED.match(value)):
                    raise ValueError("it takes in another file; embed that picture")


def _settled(svg: str) -> str:
    """The drawing in its light colours: rasterisers know neither CSS variables nor media queries."""
    svg = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", svg)
    svg = re.sub(r"var\(\s*--[\w-]+\s*,\s*([^()]+)\)", r"\1", svg)
    return svg.replace("ui-sans-serif, ", "").replace("ui-serif, ", "").replace("system-ui, ", "")


def own_width(data: bytes) -> int:
    """The width in CSS pixels that a drawing asks for; 0 where it asks for none."""
    found = re.search(rb"<svg[^>]*?\swidth\s*=\s*[\"']([\d.]+)(?:px)?[\"']", data, re.DOTALL)
    return max(1, round(float(found[1]))) if found else 0
