"""Signs that are no words: where links lead, what components are called, which key or place a passage has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from funnel.guard.disguise import addressed, disguises, sells_at
from funnel.guard.leads import FEW, LAST, WORD, acts, leads_on, speaks_of_nothing_free, words_in_links
from funnel.guard.letters import folded
from funnel.guard.links import LinkTable
from funnel.guard.records import Name, Passage
from funnel.guard.rulebook import Rulebook, Sign
from funnel.guard.words import APOSTROPHES

MEANT = ("heading", "quote", "item", "table", "css", "comment", "script", "hidden")
LINE = 120  # characters: what is longer says more than a number or a price
BUTTON = 40  # characters: what is longer is no button's word
ALONE = frozenset({"social", "podcast", "own"})  # where a link is more of an ask with nothing beside it
SPARE = 7  # words beside the number or the price
LEADS_ABOUT = frozenset({"nav", "navbar", "menu", "breadcrumb", "icon"})  # classes of what only leads about the site
CONTACT = re.compile(
    r"(?<![\w.])\+?\(?\d{2,5}[\s./()-]{1,2}\d{2,4}(?:[\s./-]?\d{2,4}){1,3}(?!\w)|[\w.+-]+@[\w-]+\.[\w.]+\w"
)
REGISTERED = re.compile(
    r"(?<!\w)(?:ein|vat|tax|iban|isbn|issn|siret|siren|nif|cif|ust|hrb|abn|acn|duns|registered|registration|charity|company|licen[cs]e)"
    r"\W{0,4}(?:no|nr|num|number|id|idnr)?\W{0,4}\d",
    re.I,
)  # numbers that nobody calls
MADE_UP = re.compile(r"@(?:your|votre|ihre?|deine?|tu(?=empresa|dominio|sitio))\w*[.-]", re.I)
PRICE = re.compile(r"[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|£|eur\b|euros?\b|chf\b)", re.I)
RANGE = re.compile(
    r"[$€£]\s?\d[\d.,]*\s?[km]?\s?(?:-|–|bis|to|à|a)\s?[$€£]?\s?\d|\d\s?€?\s?(?:-|–|bis|à|a)\s?\d[\d.,]*\s?(?:€|eur)",
    re.I,
)
BOOK = re.compile(
    r"\b(?:my|our|the|this|new|first|latest|his|her|their|a) (?:\w+ )?books?\b", re.I
)  # the thing, not the deed
RECKONED = re.compile(r"=|\d ?%")  # a sum that somebody works out
QUOTED = re.compile(
    r"[\s*_>¶]{0,6}[\"“„«][^\"“”„«»]{30,}[\"“”»][ *_.]*(?:[-–—|,(\n].{0,80})?", re.S
)  # one quotation, and who said it
SCANNED = re.compile(r"\bqr|=qr\b")  # a picture that a telephone reads as the address in its own
EDGE = " \n¶"  # what may stand around a quotation that is a block of its own
CHARGED = re.compile(
    r"(?<![\w-])(?:price|price[-_]?id|coupon|discount|sku|plan)\s*=\s*[\"'{]?\w", re.I
)  # arguments of what is sold
STANDING = ("place", "form", "key unspoken")  # tests of where a passage stands and of what it is, which tell of nobody
TYPED = re.compile(r"(?<![\w-])type\s*=\s*[\"']?([\w-]+)")  # what of several things a component is
THINGS = frozenset({"book", "order", "quote", "schedule"})  # as parts of a template's data they are things, not deeds
CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


@dataclass(frozen=True, slots=True)
class Seen:
    """A sign that was seen, where in the passage's text, and whether its words bid the reader do something."""

    sign: Sign
    start: int
    end: int
    bids: bool = False

    @property
    def tells_parties(self) -> bool:
        """Whether it tells who offers or who is asked: by its words, or by what is linked, named or disguised."""
        structural = bool(self.sign.test) and not self.sign.test.startswith(STANDING)
        return self.sign.parties or self.bids or structural


def structural(passage: Passage, links: LinkTable, book: Rulebook) -> list[Seen]:
    """Every structural sign in the passage."""
    hidden = list(disguises(passage.text))
    plain = not (
        passage.links or passage.names or passage.key or passage.form in MEANT or passage.beside_sale or passage.under
    )
    if plain and passage.place_from_end >= LAST and not hidden and not QUOTED.match(passage.text):
        return []
    facts: dict[str, tuple[int, int]] = {}
    for fact, start, end in _facts(passage, links, book):
        facts.setdefault(fact, (start, end))
    for start, sells in hidden:
        facts.setdefault("letters disguised", (start, start + 1))
        if sells and "letters veiled" not in facts:
            facts.setdefault(_veiled(passage, start), (start, start + 1))
    return [Seen(sign, *facts[fact]) for fact in facts for sign in book.tests.get(fact, ())]


def _facts(passage: Passage, links: LinkTable, book: Rulebook) -> Iterator[tuple[str, int, int]]:
    end = len(passage.text)
    yield f"form {passage.form}", 0, end
    if not passage.key and QUOTED.fullmatch(passage.text.strip(EDGE)):
        yield "form quoted", 0, end
    button = bool(passage.names) and len(passage.text) < BUTTON and _drawn(passage, book)
    if passage.form in ("heading", "html") and passage.text.rstrip(" \n\u00b6").endswith("?") and not button:
        yield "form question", 0, end
    if passage.key:
        yield from _keyed(passage, links, book)
    if passage.place_from_end < LAST:
        yield "place last", 0, end
    if passage.repeats_sale:
        yield "name repeated", 0, end
    if passage.under:
        yield f"under {passage.under}", 0, end
    if passage.beside_sale:
        yield "place beside", 0, end
        if passage.form != "front matter":
            yield from _line(passage.text, passage.form == "table")
    if button:
        if _deal(passage.text, book):
            yield "line button", 0, end
        for link in passage.links:
            purposes = links.purposes(link.target)
            if "signup" in purposes and ("own" in purposes or speaks_of_nothing_free(passage, links)):
                yield "button signup", link.start, link.end
    if passage.key not in book.data.get("origin_keys", ()):
        yield from _led(passage, links)
    if passage.links:
        yield from leads_on(passage, links)
    for name in passage.names:
        if name.form == "disguise":
            yield "letters disguised", name.offset, name.offset + 1
            if sells_at(passage.text, name.offset):
                yield _veiled(passage, name.offset), name.offset, name.offset + 1
            continue
        for fact in _named(name, book, links.components):
            yield fact, name.offset, name.offset + 1


def _keyed(passage: Passage, links: LinkTable, book: Rulebook) -> Iterator[tuple[str, int, int]]:
    """What a key of the front matter says of its value."""
    end = len(passage.text)
    yield f"key {passage.key}", 0, end
    if passage.key in book.data.get("unspoken_keys", ()):
        yield "key unspoken", 0, end
    if acts(passage, links):
        yield "key action", 0, end


def _veiled(passage: Passage, offset: int) -> str:
    """The fact that a word which sells is disguised: an ask where somebody is spoken to or led away, else hardly one."""
    led = any(name.form != "disguise" for name in passage.names) or bool(passage.links)
    return (
        "letters veiled"
        if led or len(passage.text) < BUTTON or addressed(passage.text, offset)
        else "letters veiled alone"
    )


def _led(passage: Passage, links: LinkTable) -> Iterator[tuple[str, int, int]]:
    """Where the links of the passage lead, and what they are made of."""
    pictures = {(link.start, link.end) for link in passage.links if link.form == "image"}
    for link in passage.links:
        if link.form in ("image", "script", "reference") and not (link.form == "image" and SCANNED.search(link.target)):
            continue
        purposes = links.purposes(link.target)
        if BOOK.search(passage.text[link.start : link.end]):
            purposes -= {"booking"}  # /book is where an author's book stands
        for purpose in sorted(purposes):  # in one order: of signs that weigh the same the first gives its name
            yield f"link {purpose}", link.start, link.end
            if purpose == "tel" and (link.start, link.end) in pictures and _hardly_more(passage):
                yield "name class button", link.start, link.end  # a picture that dials: a button, as it is drawn
            if purpose in ALONE and not passage.key and _hardly_more(passage):
                yield f"only {purpose}", link.start, link.end
            if "own" in purposes and purpose != "own":
                yield f"link own {purpose}", link.start, link.end
                if (link.start, link.end) in pictures and len(passage.text) < LINE:
                    yield f"banner {purpose}", link.start, link.end
        if link.form == "link" and not re.search(r"\w", passage.text[link.start : link.end]):
            yield "link wordless", link.start, link.end
        if link.form in ("embed", "form"):
            yield f"link {link.form}", link.start, link.end


def _hardly_more(passage: Passage) -> bool:
    """Whether the passage is links, and hardly a word beside them."""
    return len(passage.text) < LINE and words_in_links(passage)[1] < FEW


def _line(text: str, in_table: bool) -> Iterator[tuple[str, int, int]]:
    """What a short line is there for, where it is hardly more than a number to call, an address to write to, or a price.

    A table of prices, a price from so much to so much and a sum that is worked out tell what things cost.
    """
    if len(text) >= LINE:
        return
    for fact, wanted, digits in (("line contact", CONTACT, 9), ("line price", PRICE, 1)):
        found = wanted.search(text)
        if found and fact == "line price" and (in_table or RANGE.search(text) or RECKONED.search(text)):
            continue
        enough = found and ("@" in found.group() or sum(map(str.isdigit, found.group())) >= digits)
        examples = len(wanted.findall(text)) > 2 or (found and MADE_UP.search(found.group()))
        if not found or not enough or examples or (digits > 1 and REGISTERED.search(text)):
            continue
        if len(WORD.findall(wanted.sub(" ", text))) <= SPARE:
            yield fact, found.start(), found.end()


def section(heading: str, book: Rulebook) -> str:
    """What a heading says that its section is, as `sponsor` for `Acme - Sponsor`; nothing where it is an ordinary one."""
    parts = {part.strip(" *_#!.\u00b6").lower() for part in re.split(r" [-–—|] |:", heading.translate(APOSTROPHES))}
    headings: dict[str, list[str]] = book.data.get("headings", {})
    return next((purpose for purpose, entries in headings.items() if not parts.isdisjoint(entries)), "")


def _drawn(passage: Passage, book: Rulebook) -> bool:
    """Whether the passage is drawn as a button."""
    drawn = frozenset(book.data.get("names", {}).get("button", ()))
    return any(name.form != "disguise" and not drawn.isdisjoint(_parts(name.word)) for name in passage.names)


def _deal(text: str, book: Rulebook) -> bool:
    """Whether a button's text says what one does who buys: in just these words, or to begin with."""
    words = WORD.findall(folded(text).lower())
    if " ".join(words) in book.data.get("buttons", ()):
        return True
    if len(words) < 2:
        return False
    begins = words[0] in book.data.get("button_verbs", ()) and words[1] not in book.data.get("not_bought", ())
    return begins or words[-1] in book.data.get("button_ends", ())


def _parts(word: str) -> list[str]:
    """The parts of a component's or a class's name: hero and button of heroButton or hero__button."""
    return [part.lower() for part in CAMEL.findall(word.split("/")[-1])]


def _named(name: Name, book: Rulebook, sellers: frozenset[str]) -> Iterator[str]:
    words = _parts(name.word)
    joined_names = {"".join(words[at : at + size]) for size in (2, 3) for at in range(len(words) - size + 1)}
    if "." in name.word and words and words[0] in THINGS:
        return
    if "".join(words) in sellers:
        yield "name sell"
    if name.form in ("component", "shortcode"):
        if CHARGED.search(name.arguments):
            yield "name sell"
        words += (part for value in TYPED.findall(name.arguments) for part in _parts(value))
    if name.form == "class" and not LEADS_ABOUT.isdisjoint(words):
        return
    for purpose, entries in book.data.get("names", {}).items():
        if any(entry in words or entry in joined_names for entry in entries):
            yield f"name {'class ' if name.form == 'class' else ''}{purpose}"
