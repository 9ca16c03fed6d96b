"""What a built site consists of: a digest of every file, and of each page the parts that a reader would notice."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import turbohtml


@dataclass(frozen=True)
class Entry:
    """One file. `title`, `text` and `links` are those of a page: its title, and digests of the words and the links in its main part."""

    sha256: str
    title: str = ""
    text: str = ""
    links: str = ""

    def is_of(self, data: bytes) -> bool:
        """Whether these bytes are the file's."""
        return _digest(data) == self.sha256


Manifest = dict[str, Entry]
"""Every file of a site by its path, '/' between folders, in order."""


def make_manifest(site: Path) -> Manifest:
    """Read a built site. Raises OSError if a file cannot be read."""
    return {name: make_entry(name, (site / name).read_bytes()) for name in files_of(site)}


def files_of(folder: Path) -> list[str]:
    """The paths of all files in a folder, '/' between folders, in order."""
    top = len(str(folder)) + 1
    found = (f"{where}{os.sep}{name}"[top:] for where, _, names in os.walk(folder) for name in names)
    return sorted(name.replace(os.sep, "/") for name in found)


def release_id(manifest: Manifest) -> str:
    """The name of a release: 16 hexadecimal digits that stand for its whole content. The same content has the same name."""
    lines = "".join(f"{entry.sha256} {path}\n" for path, entry in sorted(manifest.items()))
    return _digest(lines.encode())[:16]


def differences(site: Path, manifest: Manifest) -> list[str]:
    """The paths at which a folder is not what the manifest says; hidden files that a host adds are not looked at."""
    found = frozenset(files_of(site))
    strange = [name for name in found if name not in manifest and not name.startswith(".")]
    wrong = [
        name for name, entry in manifest.items() if name not in found or not entry.is_of((site / name).read_bytes())
    ]
    return sorted(strange + wrong)


def to_json(manifest: Manifest) -> str:
    """The manifest as text: the same for the same manifest, a file a line."""
    rows = {
        path: {key: value for key, value in asdict(entry).items() if value} for path, entry in sorted(manifest.items())
    }
    return json.dumps(rows, ensure_ascii=False, indent=0) + "\n"


def from_json(text: str) -> Manifest:
    """Read `to_json`. Raises ValueError if it is not a manifest."""
    return from_rows(json.loads(text))


def from_rows(rows: Any) -> Manifest:
    """Read a manifest as JSON gives it. Raises ValueError if it is none."""
    try:
        return {path: Entry(**row) for path, row in rows.items()}
    except (AttributeError, TypeError) as fault:
        raise ValueError(f"this is not a manifest: {fault}") from fault


def make_entry(name: str, data: bytes) -> Entry:
    """The entry of one file, from its name and its bytes."""
    if not name.endswith(".html"):
        return Entry(_digest(data))
    page = turbohtml.parse(data.decode("utf-8", "replace"))
    title, main = page.find("title"), page.find("main") or page
    links = [str(value) for tag in main.find_all("a") if (value := tag.attrs.get("href"))]
    return Entry(
        sha256=_digest(data),
        title=" ".join(title.text.split()) if title else "",
        text=_digest(" ".join(main.text.split()).encode())[:16],
        links=_digest("\n".join(links).encode())[:16],
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
