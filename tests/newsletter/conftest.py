"""Letters that several tests look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.newsletter.edition import Edition
from funnel.newsletter.load import load_editions

from .site_builder import build, issue, lay_out

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="500" height="200"><circle cx="99" cy="99" r="50"/></svg>'
POST = "---\ntitle: A post\ndate: 2026-01-02\nstatus: published\nsummary: What it is about.\n---\nWords.\n"


@pytest.fixture(scope="session")
def every_form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site with one issue, which holds every form that docs/faces.md names."""
    root = tmp_path_factory.mktemp("every")
    body = (Path(__file__).parent / "every_form.md").read_text(encoding="utf-8")
    files = {"newsletter/1.md": issue(1, body), "images/d.svg": DRAWING, "images/v.mp4": b"film", "posts/a.md": POST}
    lay_out(root, files)
    return build(root)


@pytest.fixture(scope="session")
def edition(every_form: Path) -> Edition:
    """Its letter."""
    return load_editions(Path(f"{every_form}.record"))[0]
