"""The desk's answers: whole pages of its own, safe by their headers, and nothing in them from anybody else."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response

from funnel.desk.options import DeskOptions
from funnel.settings.consent import words_digest
from funnel.words import read_words

TEMPLATES = Path(__file__).parent / "templates"
WORDS = Path(__file__).parent / "words"
"""The desk's own words in other languages. Where one lacks, the desk speaks English; the words of consent are the owner's."""


class Pages:
    """Renders the templates of one desk."""

    def __init__(self, options: DeskOptions) -> None:
        loader = FileSystemLoader(TEMPLATES)
        self._jinja = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
        words = read_words(WORDS, options.language)
        self._jinja.globals.update(_=words.say, language=words.language)
        self._jinja.globals.update(desk=options, style=style, consent=words_digest(options.words))
        self._headers = {
            "Content-Security-Policy": _policy(style),
            "Referrer-Policy": "no-referrer",  # the address of a page here is a key to a person
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "X-Robots-Tag": "noindex",
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    def show(self, template: str, status: int = 200, **values: object) -> Response:
        """One page. Values are escaped."""
        text = self._jinja.get_template(f"{template}.html").render(values)
        return self.dress(Response(text, status, mimetype="text/html"))

    def dress(self, response: Response) -> Response:
        """Put the desk's headers on any answer."""
        for name, value in self._headers.items():
            response.headers[name] = value
        return response


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
