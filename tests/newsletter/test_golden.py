"""A letter with every form, as a person reads it, is kept as golden files: `invoke golden` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from funnel.newsletter.edition import Edition

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["every_form.html", "every_form.txt"])
def test_golden(request: pytest.FixtureRequest, edition: Edition, name: str) -> None:
    """The letter reads as it did when somebody last looked at it."""
    text = edition.html if name.endswith("html") else edition.text
    text = re.sub(r"-[0-9a-f]{12}\.png", "-DIGEST.png", text)  # another processor may pack a picture otherwise
    path = GOLDEN / name
    if request.config.getoption("--snapshot-update", default=False):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
