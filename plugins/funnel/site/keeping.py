"""Keeps what is dear to make (pictures) under the digest of everything that it is made from."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RECIPE = "1"
"""Raise it when the way of making changes, so that nothing old is taken for new."""


@dataclass(frozen=True)
class Larder:
    """A folder of made things. It may be deleted at any time: everything in it can be made again."""

    folder: Path

    def keep(self, ingredients: str | bytes, ending: str, make: Callable[[], bytes]) -> bytes:
        """Give what was kept for these ingredients, or make and keep it."""
        raw = ingredients.encode() if isinstance(ingredients, str) else ingredients
        path = self.folder / f"{hashlib.sha256(RECIPE.encode() + b':' + raw).hexdigest()}{ending}"
        if path.is_file():
            return path.read_bytes()
        content = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)  # noqa: PTH105  atomic, and the same on every system
        return content
