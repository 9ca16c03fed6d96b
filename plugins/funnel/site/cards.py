"""The picture of each dated document, as social networks show it, and the site's own for every other page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import PIL

from funnel.site.drawing import CARD, CardText, can_write, card
from funnel.site.entry import Entry
from funnel.site.furniture import Card
from funnel.site.keeping import Larder
from funnel.site.options import Options
from funnel.site.template_names import KINDS
from funnel.words import Words


def make_cards(
    entries: Iterable[Entry], options: Options, words: Words, font: Path, larder: Larder
) -> tuple[dict[str, Card], dict[str, bytes]]:
    """Give the card of each document by its address, and of the site at the empty address; and the files, by path.

    A title in letters that the font has not (Arabic, Japanese, a Polish l) gets no card: half a title is worse than none.
    """
    cards: dict[str, Card] = {}
    files: dict[str, bytes] = {}
    texts = {"": CardText("", options.subtitle or options.site_name, options.site_name)}
    texts |= {entry.address: _text(entry, options, words) for entry in entries if entry.published}
    texts = {address: text for address, text in texts.items() if can_write(text.title, font)}
    letters = hashlib.sha256(font.read_bytes()).hexdigest()
    for address, text in texts.items():
        recipe = repr((text, options.accent, letters, PIL.__version__))
        content = larder.keep(recipe, ".png", lambda text=text: card(text, options.accent, font))  # type: ignore[misc]
        path = f"images/cards/{hashlib.sha256(content).hexdigest()[:12]}.png"
        files[path] = content
        cards[address] = Card(f"{options.site_url}/{path}", *CARD, alt=text.title)
    return cards, files


def _text(entry: Entry, options: Options, words: Words) -> CardText:
    kind = words.say(KINDS.get(entry.type, entry.type))
    if entry.type == "issue":
        kind = f"{options.newsletter_name}, {words.say('Issue {number}', number=entry.number)}"
    day = words.day(entry.published) if entry.published else ""
    return CardText(f"{kind} · {day}", entry.title, options.site_name)
