"""Contrast, and the refusal of colours that cannot be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from funnel.settings.colour import contrast
from funnel.site.assets import smallest
from funnel.site.options import PAPER, RAISED, SiteRefused, colour_faults, read_options

STYLE = Path(__file__).parents[2] / "theme/static/site.css"


def test_an_unreadable_accent_is_refused_with_the_figure() -> None:
    """A yellow accent is refused with its contrast and the way out; a readable one passes."""
    assert colour_faults("#245c45", "#9fd0b4") == []
    with pytest.raises(
        SiteRefused, match=r"ACCENT_COLOUR #f0d020 has a contrast of 1\.\d:1 on the light ground.*darker"
    ):
        read_options({"SITENAME": "x", "ACCENT_COLOUR": "#f0d020"})


def test_the_style_sheet_has_the_grounds_that_are_computed_with() -> None:
    """The grounds in options.py are those of the style sheet, in both schemes."""
    style = STYLE.read_text(encoding="utf-8")
    for name, ground in (("paper", PAPER), ("raised", RAISED)):
        found = re.findall(rf"--{name}: (#\w{{6}});", style)
        assert set(found) == set(ground.values())


def test_every_text_colour_of_the_style_sheet_can_be_read() -> None:
    """Text has 7:1 on the page and 4.5:1 on every ground; code colours have 4.5:1 on theirs, in both schemes."""
    style = STYLE.read_text(encoding="utf-8")
    blocks = re.findall(r"\{([^{}]*--ink:[^{}]*)\}", style)[:3] + re.findall(r"\{([^{}]*--c-word:[^{}]*)\}", style)[:3]
    for block in blocks:
        colours = dict(re.findall(r"--([\w-]+): (#\w{6})", block))
        scheme = "dark" if contrast(colours.get("ink", colours.get("c-note", "")), "#000000") > 7 else "light"
        for name, colour in colours.items():
            if name in ("ink", "soft"):
                assert contrast(colour, PAPER[scheme]) >= 7, (name, colour)
            if name in ("ink", "soft", "accent") or name.startswith("c-"):
                assert contrast(colour, RAISED[scheme]) >= 4.5, (name, colour)


def test_the_style_sheet_means_the_same_when_it_is_small() -> None:
    """Each space that a selector needs before a colon is still there when the sheet is small (`.a :is(b)` is not `.a:is(b)`)."""
    needed = re.compile(r"[\w\])*>+~] ?:(?:is|where|not|has|focus|first|last)")
    source = STYLE.read_text(encoding="utf-8")
    spaced = [part for part in needed.findall(source) if part[0] not in ">+~" and " " in part]
    assert spaced
    assert [part for part in needed.findall(smallest(source)) if part[0] not in ">+~" and " " in part] == spaced


def test_a_space_before_a_pseudo_class_is_kept_in_a_layer() -> None:
    """`p :is(a)` asks for what is in a paragraph, `p:is(a)` for the paragraph; in layers and containers too."""
    for around in ("@layer p", "@container (width > 1px)", "@media print"):
        assert ".p :is(a,b){c:d}" in smallest(f"{around} {{ .a {{ b: c }} .p :is(a, b) {{ c: d }} }}")
    assert smallest("@layer p, q;\n@layer { a { b: c } }") == "@layer p,q;@layer{a{b:c}}"
