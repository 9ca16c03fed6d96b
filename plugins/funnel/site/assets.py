"""The theme's files, each with a digest of its content in its name: browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import rcssmin

from funnel.site.options import Options

FOLDER = "assets"
"""Where they stand in the output."""
_LETTERS = 10


@dataclass(frozen=True)
class Asset:
    """A file of the theme as it is written: its name in the theme, its path in the output, its bytes."""

    name: str
    path: str
    content: bytes


def fingerprinted(name: str, content: bytes) -> Asset:
    """Give an asset whose path changes when, and only when, its content changes."""
    digest = hashlib.sha256(content).hexdigest()[:_LETTERS]
    stem, dot, ending = name.replace("/", "-").rpartition(".")
    return Asset(name, f"{FOLDER}/{stem}.{digest}{dot}{ending}", content)


def read_assets(folder: Path, options: Options) -> dict[str, Asset]:
    """Give the theme's static files by name. Style sheets are made small and refer to the fingerprinted names."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
    assets = {
        name: fingerprinted(name, content) for name, content in files.items() if not name.endswith((".css", ".txt"))
    }
    for name, content in files.items():
        if name.endswith(".css"):
            assets[name] = fingerprinted(name, style(content.decode(), assets, options).encode())
        elif name.endswith(".txt"):
            assets[name] = Asset(name, f"{FOLDER}/{name}", content)
    return assets


def style(source: str, assets: Mapping[str, Asset], options: Options) -> str:
    """Give a style sheet as it is served: with the owner's colours, the real names of fonts, and no spare byte."""
    owned = source + owner_layer(options)

    def renamed(match: re.Match[str]) -> str:
        asset = assets.get(match[1])
        return f'url("{asset.path.rpartition("/")[2]}")' if asset else match[0]

    return str(rcssmin.cssmin(re.sub(r'url\("([^"]+)"\)', renamed, owned))) + "\n"


def owner_layer(options: Options) -> str:
    """Give the layer of style that holds the owner's colours."""
    dark = f"--accent: {options.accent_dark};"
    return (
        f"@layer owner {{ @media screen {{ :root {{ --accent: {options.accent}; }}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-scheme="light"]) {{ {dark} }} }}\n'
        f':root[data-scheme="dark"] {{ {dark} }} }} }}\n'
    )
