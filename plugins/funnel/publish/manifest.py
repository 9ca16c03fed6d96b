"""What a built site consists of: a digest of every file, and of each page the parts that a reader would notice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

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
    files = sorted(path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): make_entry(path.name, path.read_bytes()) for path in files}


def release_id(manifest: Manifest) -> str:
    """The name of a release: 16 hexadecimal digits that stand for its whole content. The same content has the same name."""
    lines = "".join(f"{entry.sha256} {path}\n" for path, entry in sorted(manifest.items()))
    return _digest(lines.encode())[:16]


def differences(site: Path, manifest: Manifest) -> list[str]:
    """The paths at which a folder is not what the manifest says; hidden files that a host adds are not looked at."""
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    strange = [name for name in found if name not in manifest and not name.startswith(".")]
    wrong = [
        name
        for name, entry in manifest.items()
        if name not in found or _digest(found[name].read_bytes()) != entry.sha256
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
    try:
        return {path: Entry(**row) for path, row in json.loads(text).items()}
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
