"""What a link is for, judged from where it leads: a till, a diary, the publisher's own shelves, or elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from funnel.guard.config import Config
from funnel.guard.onward import as_taken, sent_on
from funnel.guard.tags import LED

RELATIVE = re.compile(r"^(?:\.{0,2}/|[\w-]+(?:/|$|\.html?)|\?|\{\{|\{%|\$\{|%)")


PAGED = re.compile(r"[?&](?:page|view|p|route)=([\w/-]+)")
SCHEMES = {
    "tel:": "tel", "sms:": "tel", "mailto:": "mail", "whatsapp:": "tel", "tg:": "tel", "skype:": "tel", "facetime:": "tel", "viber:": "tel",
    "signal:": "tel", "javascript:": "script", "bitcoin:": "donation", "ethereum:": "donation", "lightning:": "donation", "litecoin:": "donation",
    "monero:": "donation", "upi:": "payment",
}  # fmt: skip
SCHEME = re.compile("|".join(SCHEMES))
WRITTEN_TO = frozenset(("wa.me", "api.whatsapp.com", "t.me", "m.me", "calendar.google.com"))  # houses that take a text
CART = re.compile(
    r"[?&](?:add[-_]to[-_](?:cart|basket)|edd_action|buy|checkout|cart|coupon|discount(?:_code)?|promo(?:code)?|voucher|price_?id|purchase)="
    r"|[?&](?:action|do|step|page|view|p|wc-ajax|route|go|goto|to)=(?:[\w-]+/)*"
    r"(?:buy|checkout|order|purchase|add[-_]to[-_]cart|cart|basket|pay|book|donate|(?:book|buy|order)-(?:a|an|now|my|your|our|the)(?:-[\w-]+)?)(?:[&#]|$)"
    r"|[?&](?:product|item|sku|variant|id)(?:_?id)?=[^&]*&(?:qty|quantity)="
)
WISH = re.compile(
    r"[?&](?:subject|body|text)=[^&]*(?:\b(?:order|buy|book me|book a|book an|booking|quote|hire|appointment|consultation|trial|estimate|purchase|"
    r"enrol|angebot|bestell|buchen|termin|devis|commande|rendez-vous|pedido|presupuesto|reserva|cita))"
    r"|^sms:[^?&]*[?&;]body=(?:book|join|order|buy|give|donate|yes)\b"
)
FILLED = re.compile(
    r"""\{\{-?\s*['"]([^'"{}]*)['"]\s*\|[^{}]*\}\}|^\{\{[^{}]*\}\}"""
)  # {{ '/shop' | relative_url }}, {{ site.url }}/shop
HUMPED = re.compile(r"/[A-Z]?[a-z]+(?:[A-Z][a-z]*){2,}/?$")
HUMPS = re.compile(r"(?<=[a-zA-Z])(?=[A-Z][a-z]*)(?<!/)")
EVENT = re.compile(r"/(?:evenements?|events?)/")  # what a house of gifts lists there are tickets and free evenings
PROFILE = re.compile(  # where somebody is found on a platform, and no single post, search or button for sharing
    r"/(?:(?:in|company|c|user|channel|pages|web)/)?@?(?!(?:share|sharer|intent|watch|search|hashtag|home|embed|playlist|p|reel)\b)[\w.%-]+/?"
)
TILL = frozenset(
    ["checkout", "cart", "basket", "warenkorb", "kasse", "panier", "carrito", "buy-now", "book-now", "order-now"]
)
TOLD = frozenset(("blog", "posts", "post", "articles", "article", "articulos", "artikel", "news", "noticias", "actualites",
    "magazin", "magazine", "ratgeber", "tags", "tag", "docs"))  # fmt: skip  # where what is told stands: an article on prices is no price list
SERVED = frozenset(("booking", "payment", "shop", "course", "donation"))  # houses that serve other publishers
ITSELF = frozenset(
    ("", "about", "api", "blog", "developers", "docs", "features", "help", "legal", "privacy", "support", "terms")
)
# where such a house speaks for itself: an article on it is no ask
YEAR = re.compile(r"20\d\d")
MEDIUM = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|webm|mp[34]|pdf|md|zip|css|js|xml|json|txt)(?:[?#]|$)")
FREE = frozenset({"letter", "feed"})  # what stands there too
PASSED = frozenset({"social", "everyone"})  # what a house is not for where it only sends its reader on
MADE_TO_SELL = re.compile(r"mailto:(?:sales|order|orders|bookings?|reservations?|vertrieb|ventas)@")
REMEMBERED = 2_000  # addresses; beyond, the memory is emptied


class LinkTable:
    """The known hosts and paths, and what this publisher owns, ready for look-up."""

    def __init__(self, data: Mapping[str, Any], config: Config) -> None:
        self.hosts: dict[str, str] = {}
        for purpose, entries in data.get("hosts", {}).items():
            for entry in entries:
                self.hosts[entry] = purpose
        self.added = frozenset(data.get("added_hosts", ()))
        self.paths = {purpose: _words(entries) for purpose, entries in data.get("paths", {}).items()}
        self.articles = frozenset(config.articles)
        self.told, self.reader, self.free = (
            frozenset(data.get(key, ())) for key in ("told_paths", "reader_words", "free_words")
        )
        self.slugs = {purpose: re.compile(pattern) for purpose, pattern in data.get("slugs", {}).items()}
        self.subdomains = {name: purpose for purpose, names in data.get("subdomains", {}).items() for name in names}
        self.queries = tuple(data.get("affiliate_queries", ()))
        self.own = tuple(host.lower().removeprefix("www.") for host in config.own_hosts)
        self.handles = frozenset(handle for handle in map(_handle, (*self.own, *config.names)) if len(handle) > 3)
        self.offers = frozenset(_bare(address) for offer in config.offers for address in offer.addresses)
        self.components = frozenset(re.sub(r"[^a-z0-9]", "", name.lower()) for name in config.components)
        self.memory: dict[str, frozenset[str]] = {}

    def purposes(self, target: str) -> frozenset[str]:
        """Every word that fits the target, e.g. {"own", "booking"}; empty for an address that says nothing."""
        known = self.memory.get(target)
        if known is None:
            known = self.memory[target] = frozenset(self._judge(target.strip()))
            if len(self.memory) > REMEMBERED:
                self.memory.clear()
        return known

    def _judge(self, target: str) -> Iterable[str]:
        plain = re.sub(r"[\t\r\n\u200b\u00ad]", "", unquote(unquote(target)))
        lowered = (HUMPS.sub("-", plain) if plain.count("/") < 5 and HUMPED.search(plain) else plain).lower()
        if scheme := SCHEME.match(lowered):
            yield from self._by_scheme(SCHEMES[scheme.group()], lowered)
            return
        lowered = as_taken(lowered)
        inner = sent_on(lowered, plain)
        onward = frozenset(self._judge(inner)) if inner else frozenset()
        yield from onward
        if CART.search(lowered):
            yield from ("own", "payment")
            return
        if self.offers and _bare(target) in self.offers:
            yield "offer"
        if lowered.startswith(("http://", "https://", "//")) or lowered.startswith("www."):
            yield from (purpose for purpose in self._outside(lowered) if not onward or purpose not in PASSED)
        elif lowered.startswith("#"):
            yield "same page"
        elif RELATIVE.match(lowered):
            yield "own"
            yield from self._path(FILLED.sub(r"\1", lowered) if lowered.startswith("{{") else lowered)
            if paged := PAGED.search(lowered):
                yield from self._path(paged.group(1))

    def _by_scheme(self, purpose: str, lowered: str) -> Iterable[str]:
        """What an address is for that is no page: a number to call, a letter, a script, a purse."""
        yield purpose
        if WISH.search(lowered.replace("+", " ")):
            yield "sales-mail"
        if purpose == "script" and (moved := LED.search(lowered)):
            yield from self._judge(moved.group(1))
        if purpose == "mail" and MADE_TO_SELL.match(lowered):
            yield "sales-mail"

    def _outside(self, target: str) -> Iterable[str]:
        parts = _split(target)
        host = (parts.hostname or "").removeprefix("www.").rstrip(".") if parts else ""
        path = parts.path if parts else ""
        yield "outside"
        if host in WRITTEN_TO and WISH.search(target.replace("+", " ")):
            yield "sales-mail"
        known = self._known(host, path)
        if known:
            yield known
            if any(handle in target for handle in self.handles):
                yield "own"
        if any(query in target for query in self.queries):
            yield "affiliate"
        if known:
            return
        own = any(host == name or host.endswith("." + name) for name in self.own) or self._named(host)
        if own:
            yield "own"
        label = host.split(".")[0]
        if host.count(".") > 1 and label in self.subdomains:
            yield self.subdomains[label]
        yield from (purpose for purpose, words in self.paths.items() if "-" in label and label in words)
        rest = path + ("#" + parts.fragment if parts and parts.fragment else "")
        yield from self._path(rest)
        if path in ("", "/") and not (parts and parts.fragment):
            yield "home"

    def _known(self, host: str, path: str) -> str:
        labels = host.split(".")
        first, *deeper = path.strip("/").split("/")
        parts = (
            [f"/{first}/{deeper[0]}/", f"/{first}/", f"/{first}", ""] if deeper else [f"/{first}", ""]
        )  # with a stroke: only what stands below
        for at in range(max(len(labels) - 1, 0)):
            names = listed_as(labels[at:])
            entries = [name + part for name in names for part in parts]
            purpose = next((self.hosts[entry] for entry in entries if entry in self.hosts), "")
            if purpose == "social" and not PROFILE.fullmatch(path):
                return "everyone"
            if purpose in SERVED and not at and first in ITSELF and names[0] not in self.added:
                return "everyone"
            if purpose:
                return "" if purpose == "donation" and EVENT.search(path) else purpose
        return ""

    def _named(self, host: str) -> bool:
        labels = host.split(".")
        return len(labels) > 1 and any(handle == labels[-2].replace("-", "") for handle in self.handles)

    def _path(self, path: str) -> Iterable[str]:
        if "/#/" in path:
            path = path.replace("/#/", "/")
        segments = [
            segment for segment in re.split(r"[/#?]", path.split("?")[0]) if segment and segment not in ("..", ".")
        ]
        last = re.sub(r"\.(html?|md|php|aspx)$", "", segments[-1]).replace("_", "-") if segments else ""
        if "#" in path or MEDIUM.search(path) or last in self.articles or any(map(self._is_told, segments)):
            yield "told"
        if len(segments) > 4 and last not in TILL:
            return
        told = last not in TILL and not TOLD.isdisjoint(segments[:-1])
        inside = segments[-2] if len(segments) > 1 else ""
        for purpose, pattern in self.slugs.items():
            if not told and len(segments) < 3 and pattern.search(last):
                yield purpose
        for purpose, words in self.paths.items():
            if told and purpose not in FREE:
                continue
            if last in words or (inside in words and inside != "book" and purpose in ("shop", "payment", "booking")):
                yield purpose

    def _is_told(self, segment: str) -> bool:
        """Whether what stands below such a part of an address is there to be read: `blog`, `about-us`, `2024`."""
        return re.split(r"[-.]", segment)[0] in self.told or bool(YEAR.fullmatch(segment))


def listed_as(labels: Sequence[str]) -> list[str]:
    """The names by which a host may stand in hosts.yml: its own, and `name.*` where nothing but a country's ending follows the first label."""
    country = len(labels) < 4 and all(len(label) < 4 for label in labels[1:])  # .de, .co.uk
    return [".".join(labels), *([f"{labels[0]}.*"] if country else [])]


def _words(entries: Iterable[str]) -> frozenset[str]:
    return frozenset(entries)


def _split(target: str) -> Any:
    try:
        return urlsplit(target if "//" in target else "//" + target)
    except ValueError:
        return None


def _bare(address: str) -> str:
    return (
        re.sub(r"^(?:https?:)?//(?:www\.)?", "", address.lower())
        .rstrip("/")
        .removesuffix("/index.html")
        .removesuffix(".html")
    )


def _handle(name: str) -> str:
    """The handle by which a publisher is known on other people's platforms: `isfny` for isfny.com."""
    labels = name.lower().split(".")
    return re.sub(r"[^\w]", "", labels[-2] if len(labels) > 1 else labels[0])
