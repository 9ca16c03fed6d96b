"""The letter's colours and their contrast, in light, in dark, and where a mail program inverts them by itself."""

from __future__ import annotations

import colorsys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from funnel.settings.colour import LEAST_CONTRAST, contrast

Colours = Mapping[str, str]


class Scheme(StrEnum):
    """How a mail program may show the letter."""

    LIGHT = "light"
    DARK = "dark"
    INVERTED = "inverted"


@dataclass(frozen=True)
class Palette:
    """Named colours (#rrggbb) for light and dark, and which stands on which."""

    light: Colours
    dark: Colours
    pairs: tuple[tuple[str, str], ...]

    def too_faint(self) -> list[str]:
        """A line for each pair that cannot be read well enough, in any scheme."""
        return [
            f"{scheme}: {front} on {back} has a contrast of {ratio:.2f}:1; it needs {LEAST_CONTRAST}:1"
            for scheme in Scheme
            for front, back in self.pairs
            if (ratio := self.contrast(scheme, front, back)) < LEAST_CONTRAST
        ]

    def contrast(self, scheme: Scheme, front: str, back: str) -> float:
        """The contrast of two named colours in a scheme. Inverted takes the worse of the two ways programs invert."""
        colours = self.dark if scheme is Scheme.DARK else self.light
        if scheme is not Scheme.INVERTED:
            return contrast(colours[front], colours[back])
        return min(contrast(turn(colours[front]), turn(colours[back])) for turn in (_by_lightness, _by_channel))


def read_palette(text: str) -> Palette:
    """Read palette.toml. Raises tomllib.TOMLDecodeError or KeyError if it is not one."""
    raw = tomllib.loads(text)
    return Palette(raw["light"], raw["dark"], tuple((front, back) for front, back in raw["pairs"]))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in (red, green, blue))


def _by_lightness(colour: str) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    return _hex(*colorsys.hls_to_rgb(hue, 1 - lightness, saturation))


def _by_channel(colour: str) -> str:
    red, green, blue = _channels(colour)
    return _hex(1 - red, 1 - green, 1 - blue)
