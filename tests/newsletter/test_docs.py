"""docs/faces.md says what is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from funnel.newsletter.forms import Block
from funnel.newsletter.fragment import TAGS
from funnel.newsletter.limits import HTML_LIMIT, IMAGES_LIMIT, PREHEADER

PAGE = (Path(__file__).parents[2] / "docs" / "faces.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("tag", sorted(TAGS - {"h2", "h3", "h4", "h5"}))
def test_every_element_has_a_declared_form(tag: str) -> None:
    """Each element that an author may use is named in the contract."""
    assert f"`{tag}`" in PAGE


@pytest.mark.parametrize("block", list(Block))
def test_every_block_is_named(block: Block) -> None:
    """Each block has its line."""
    assert re.search(rf"^\| `\{{{block}\}}", PAGE, re.MULTILINE)


def test_limits_are_the_real_ones() -> None:
    """The limits on the page are those of the code."""
    assert f"HTML {HTML_LIMIT // 1024} KB" in PAGE
    assert f"pictures {IMAGES_LIMIT // 1024} KB" in PAGE
    assert f"preheader {PREHEADER.start} to {PREHEADER.stop - 1} characters" in PAGE
