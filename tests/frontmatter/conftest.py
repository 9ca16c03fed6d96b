"""A content folder for one test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from funnel.frontmatter import Tree, read_tree
from funnel.frontmatter.raw_html import Home

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
Reads = Callable[..., Tree]


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    def read(files: Mapping[str, str | bytes], now: datetime = NOW, home: Home | None = None) -> Tree:
        root = tmp_path / "content"
        root.mkdir(exist_ok=True)
        write(root, files)
        return read_tree(root, timezone="Europe/Berlin", now=now, home=home)

    return read
