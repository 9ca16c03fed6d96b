"""The letter can be read in light, in dark, and where a mail program inverts it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from funnel.newsletter.colours import Scheme, read_palette
from funnel.newsletter.stationery import StationeryError, open_stationery
from funnel.settings.colour import LEAST_CONTRAST

EMAIL = Path(__file__).parents[2] / "theme" / "email"
PALETTE = read_palette((EMAIL / "palette.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("pair", PALETTE.pairs)
def test_contrast(scheme: Scheme, pair: tuple[str, str]) -> None:
    """Every text colour stands out from every ground it stands on by at least 4.5 to 1."""
    assert PALETTE.contrast(scheme, *pair) >= LEAST_CONTRAST


def test_faint_palette_is_refused(tmp_path: Path) -> None:
    """A palette with a colour that cannot be read stops the build and names the pair and the scheme."""
    for file in EMAIL.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    text = (EMAIL / "palette.toml").read_text(encoding="utf-8")
    (tmp_path / "palette.toml").write_text(text.replace(PALETTE.light["muted"], "#b0a89c"), encoding="utf-8")
    with pytest.raises(StationeryError, match="light: muted on card"):
        open_stationery(tmp_path)


def test_every_scheme_is_judged() -> None:
    """A palette that is fine in light and bad in dark is found to be bad."""
    bad = replace(PALETTE, dark={**PALETTE.dark, "text": PALETTE.dark["card"]})
    assert {line.split(":")[0] for line in bad.too_faint()} == {"dark"}


@pytest.mark.parametrize("name", ["letter.html", "palette.toml", "letter.css", "blocks.html"])
def test_broken_stationery(tmp_path: Path, name: str) -> None:
    """A template that is missing or broken is said in words."""
    for file in EMAIL.iterdir():
        if file.is_file() and file.name != name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(StationeryError, match="cannot be used"):
        open_stationery(tmp_path)
