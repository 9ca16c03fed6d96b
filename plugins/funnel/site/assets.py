"""The theme's files, each with a digest of its content in its name: browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import rcssmin

from funnel.site.options import Options
from funnel.words import Words

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


def read_assets(folder: Path, options: Options, words: Words) -> dict[str, Asset]:
    """Give the theme's static files by name. Files that name others come after them, with the fingerprinted names."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    assets: dict[str, Asset] = {}
    for name in sorted(files, key=lambda name: name.endswith(".css")):
        content = files[name]
        if name.endswith(".css"):
            content = style(spoken(content.decode(), words), assets, options).encode()
        assets[name] = (
            Asset(name, f"{FOLDER}/{name}", content) if name.endswith(".txt") else fingerprinted(name, content)
        )
    return assets


def spoken(source: str, words: Words) -> str:
    """Give a style sheet with each `@@text@@` in the site's language, fit to stand between its double quotes."""
    return re.sub(r"@@([^@]+)@@", lambda match: _quoted(words.say(match[1])), source)


def _quoted(text: str) -> str:
    """What would end a text of a style sheet, as its number (https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point)."""
    return re.sub(r'["\\\n\r\f]', lambda sign: f"\\{ord(sign[0]):06x}", text)


def style(source: str, assets: Mapping[str, Asset], options: Options) -> str:
    """Give a style sheet as it is served: with the owner's colours, the real names of fonts, and no spare byte."""
    owned = source + owner_layer(options)

    def renamed(match: re.Match[str]) -> str:
        asset = assets.get(match[1])
        return f'url("{options.root}/{asset.path}")' if asset else match[0]

    return smallest(re.sub(r'url\("([^"]+)"\)', renamed, owned)) + "\n"


def smallest(source: str) -> str:
    """Give a style sheet without a spare byte.

    rcssmin does not know that these hold rules, and would turn `p :is(a)` in them into `p:is(a)`: another meaning.
    """
    known = re.sub(r"@(layer|container|scope|starting-style)\b", r"@media in-\1", source)
    return re.sub(r"@media in-(layer|container|scope|starting-style)\b", r"@\1", str(rcssmin.cssmin(known)))


def owner_layer(options: Options) -> str:
    """Give the layer of style that holds the owner's colours."""
    dark = f"--accent: {options.accent_dark};"
    return (
        f"@layer owner {{ @media screen {{ :root {{ --accent: {options.accent}; }}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-scheme="light"]) {{ {dark} }} }}\n'
        f':root[data-scheme="dark"] {{ {dark} }} }} }}\n'
    )
