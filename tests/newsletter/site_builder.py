"""A small site on disk, built by Pelican itself, for the tests of the newsletter."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from funnel.newsletter import plugin as newsletter
from pelican import Pelican, signals
from pelican.settings import configure_settings, read_settings

REPOSITORY = Path(__file__).parents[2]
TEMPLATES = {
    "issue": "<title>{{ issue.title }}</title>{{ issue.content }}"
    "{% if issue.previous_issue %}<a rel=prev href=/{{ issue.previous_issue.url }}>b</a>{% endif %}",
    "issue_as_sent": "{{ heading }}<pre>{{ letter_text }}</pre>{{ letter_page }}",
    "newsletter": "{% for issue in issues %}<a href=/{{ issue.url }}>{{ issue.title }}</a>{% endfor %}",
    "newsletter_year": "{{ year.year }}{% for issue in year.issues %}<a href=/{{ issue.url }}>x</a>{% endfor %}",
}
SETTINGS: Mapping[str, Any] = {
    "SITEURL": "https://site.example",
    "SITENAME": "Example",
    "SITE_KEY": "example",
    "NEWSLETTER_NAME": "The Example Letter",
    "NEWSLETTER_REPLY_TO": "hello@site.example",
    "TIMEZONE": "Europe/Berlin",
    "STATIC_PATHS": ["images"],
    "ARTICLE_PATHS": ["posts", "tips", "reviews"],
    "PAGE_PATHS": ["pages", "requests"],
    "PLUGINS": ["funnel.frontmatter.plugin", "funnel.newsletter.plugin"],
    "DELETE_OUTPUT_DIRECTORY": True,
    "FEED_ALL_ATOM": None,
    "CATEGORY_FEED_ATOM": None,
    "TRANSLATION_FEED_ATOM": None,
    "AUTHOR_FEED_ATOM": None,
    "AUTHOR_FEED_RSS": None,
    "ARTICLE_URL": "posts/{slug}/",
    "DIRECT_TEMPLATES": [],
    "MARKDOWN": {
        "extension_configs": {
            "markdown.extensions.extra": {},
            "markdown.extensions.admonition": {},
            "markdown.extensions.sane_lists": {},
            "markdown.extensions.codehilite": {"css_class": "highlight", "guess_lang": False},
            "markdown.extensions.toc": {},
        },
        "output_format": "html5",
    },
}


def issue(number: int, body: str = "Some words.", /, **front: object) -> str:
    """The source of an issue."""
    said = {
        "title": f"Issue number {number}",
        "number": number,
        "date": f"2026-0{number}-04 09:00",
        "subject": f"What the letter {number} says",
        "preheader": "A second thing to read before the letter is opened",
        "status": "published",
        **front,
    }
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in said.items() if value) + f"---\n{body}\n"


def lay_out(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write content/ and a theme of three plain templates, the real letter and the real words; gives content/."""
    for name, data in files.items():
        file = root / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
    templates = root / "theme" / "templates"
    templates.mkdir(parents=True, exist_ok=True)
    (root / "theme" / "static").mkdir(exist_ok=True)
    for name, text in TEMPLATES.items():
        (templates / f"{name}.html").write_text(text, encoding="utf-8")
    for name in ("email", "words"):
        if not (root / "theme" / name).exists():
            (root / "theme" / name).symlink_to(REPOSITORY / "theme" / name)
    return root / "content"


def build(root: Path, **more: Any) -> Path:
    """Run Pelican as the publish plugin does; gives the output folder. The record stands in `output.record`."""
    settings = read_settings(None)
    own = {"PATH": str(root / "content"), "OUTPUT_PATH": str(root / "output"), "THEME": str(root / "theme")}
    settings.update({**SETTINGS, **own, "CACHE_PATH": str(root / "cache"), **more})
    with _quiet_now(), _called_in_order():
        Pelican(configure_settings(settings)).run()
    return root / "output"


@contextmanager
def _called_in_order() -> Iterator[None]:
    """Calls what funnel.publish.plugin calls."""
    signals.all_generators_finalized.connect(newsletter.before_writing)
    signals.finalized.connect(newsletter.after_writing)
    try:
        yield
    finally:
        signals.all_generators_finalized.disconnect(newsletter.before_writing)
        signals.finalized.disconnect(newsletter.after_writing)


@contextmanager
def _quiet_now() -> Iterator[io.StringIO]:
    before = os.environ.get("FUNNEL_NOW")
    os.environ["FUNNEL_NOW"] = "2026-11-01"
    try:
        yield io.StringIO()
    finally:
        if before is None:
            del os.environ["FUNNEL_NOW"]
        else:
            os.environ["FUNNEL_NOW"] = before
