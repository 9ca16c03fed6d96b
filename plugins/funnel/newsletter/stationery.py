"""The paper that letters are written on: templates, colours and a compiled style sheet, read once from theme/email."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.environment import TemplateModule

from funnel.newsletter.colours import Palette, read_palette
from funnel.words import Words, read_words


class StationeryError(Exception):
    """The letter's templates or colours cannot be used. The text says which and why."""

    exitcode = 3


@dataclass(frozen=True)
class Stationery:
    """Ready to write on: compiled templates and a compiled inliner, used for every edition of a build."""

    palette: Palette
    scheme: str
    letter: Template
    text: Template
    blocks: Template
    inliner: css_inline.CSSInliner
    catalogues: Path

    def words(self, language: str) -> Words:
        """The letter's fixed words in a language; English where there is no catalogue of it."""
        return read_words(self.catalogues, language)

    def blocks_in(self, words: Words) -> TemplateModule:
        """The forms of the blocks, in these words."""
        return self.blocks.make_module(spoken(words))

    def html(self, values: Mapping[str, object]) -> str:
        """The HTML letter with all styles on the elements, but for the one small style sheet of dark and narrow."""
        inlined = self.inliner.inline(self.letter.render(scheme=self.scheme, **values))
        return inlined.replace('<style data-css-inline="ignore">', "<style>").rstrip() + "\n"

    def plain(self, values: Mapping[str, object]) -> str:
        """The plain letter."""
        return self.text.render(**values).rstrip() + "\n"


def open_stationery(folder: Path) -> Stationery:
    """Read letter.html, letter.txt, blocks.html, letter.css, scheme.css and palette.toml.

    The catalogues of its words stand beside the folder, in words/.
    Raises StationeryError if one is missing or broken, or if a colour cannot be read on its ground.
    """
    try:
        palette = read_palette((folder / "palette.toml").read_text(encoding="utf-8"))
        pages = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
        plain = Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True)  # noqa: S701
        colours = {"light": palette.light, "dark_": palette.dark}
        style = plain.get_template("letter.css").render(colours)
        scheme = plain.get_template("scheme.css").render(colours)
        letter, text = pages.get_template("letter.html"), plain.get_template("letter.txt")
        blocks = pages.get_template("blocks.html")
    except (OSError, TemplateError, tomllib.TOMLDecodeError, KeyError, ValueError) as fault:
        raise StationeryError(f"The letter's templates (theme/email) cannot be used: {fault}") from fault
    if faint := palette.too_faint():
        raise StationeryError("theme/email/palette.toml: colours that cannot be read:\n  " + "\n  ".join(faint))
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True, extra_css=style)
    return Stationery(palette, scheme.strip(), letter, text, blocks, inliner, folder.parent / "words")


def spoken(words: Words) -> dict[str, Callable[..., str]]:
    """What a template says its own words with, by the names that the theme's templates use too."""
    return {"_": words.say, "in_words": words.day}
