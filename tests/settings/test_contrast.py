"""The contrast of two colours."""

from __future__ import annotations

import pytest
from funnel.settings.colour import LEAST_CONTRAST, contrast
from hypothesis import given
from hypothesis import strategies as st

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def test_contrast_of_known_pairs() -> None:
    """Black on white is 21:1, and the lightest grey that can be read on white is that of WCAG's own examples, 4.54:1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#777777", "#ffffff") < LEAST_CONTRAST


@given(COLOURS, COLOURS)
def test_contrast_is_symmetric_and_bounded(one: str, other: str) -> None:
    """The contrast of two colours is from 1 to 21, whichever comes first."""
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21.0001
