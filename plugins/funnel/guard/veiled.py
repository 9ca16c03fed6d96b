"""The words that an author has a reason to veil, and the ways in which they are misspelt so that a filter does not know them.

A word of `SELLING` that was disguised is a sign by itself: nobody splits, swaps or stars the letters of "order" by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

SELLING = frozenset(
    re.findall(
        r"\S+",
        """
        book booking bookings buy order orders ordering call contact donate donation donations enrol enroll quote quotes free trial demo
        consultation consult appointment appointments discount discounts price prices sale sales offer offers shop checkout deal deals
        voucher vouchers ticket tickets basket cart purchase reserve hire subscribe subscription upgrade invest membership estimate
        valuation schedule register sponsor patron courses course session sessions lesson lessons workshop workshops join sign
        give support pay save off half only left places spaces spots seats slots hurry last ends tonight now today get claim grab gift
        member members stock services service package packages plan plans rates fee fees commissions prints copy copies store limited
        premium pro account payment deposit instalments bargain bargains coupon code voucher visit survey inspection affordable
        kaufen kauf kaufe bestellen bestell bestellung buchen buche angebot angebote rabatt gutschein anrufen termin spenden spende
        reservieren sichern vereinbaren testen spenden
        kostenloses kostenlosen anmelden kostenlos kostenlose gratis probestunde
        warenkorb beratung erstgesprach nur jetzt preis preise mitglied anmeldung
        acheter achetez commander commandez reserver reservez devis appelez remise promo offre panier gratuit gratuite inscrivez
        boutique soldes donnez essai tarif tarifs seance seances inscription maintenant
        contactez essayez profitez telephonez abonnez gratuitement
        compra comprar compre pide pedido reserva reservar llama llamanos presupuesto descuento oferta carrito cita apuntate dona
        donar matriculate rebajas cupon precio precios tienda solo ahora prueba contrata aprovecha solicita consulta inscribete suscribete
        """,
    )
)

READ_AS = {
    "bk": "book", "buk": "book", "boock": "book", "bookk": "book", "bokk": "book", "boook": "book", "kall": "call",
    "cawl": "call", "ordr": "order", "odrer": "order", "orderr": "order",
    "bai": "buy", "buyy": "buy", "buuy": "buy", "dontae": "donate", "donb": "donate", "don8": "donate", "doante": "donate",
    "donat": "donate", "donnate": "donate", "qoute": "quote", "quot": "quote", "kwote": "quote", "qwote": "quote",
    "conact": "contact", "kontact": "contact", "contct": "contact", "cantact": "contact", "enrole": "enrol", "enrold": "enrol",
    "consulation": "consultation", "consultaton": "consultation", "konsultation": "consultation", "apointment": "appointment",
    "appoinment": "appointment", "appt": "appointment", "appts": "appointments", "discout": "discount", "diskount": "discount",
    "dicsount": "discount", "triall": "trial", "checkotu": "checkout",
    "shopp": "shop", "pryce": "price", "sael": "sale", "phree": "free", "freee": "free",
    "pls": "please", "plz": "please", "yr": "your", "yor": "your", "frm": "from", "wth": "with",
    "teem": "team", "nao": "now", "noww": "now", "nowe": "now", "2day": "today", "todey": "today", "l8r": "later",
}  # fmt: skip
OFTEN_SWAPPED = 6  # letters: in a shorter word two that change places may make another word, as in "trail"


def _swapped() -> Iterator[tuple[str, str]]:
    """The longer words that sell with two neighbouring letters in each other's place."""
    for word in SELLING:
        for at in range(1, len(word) - 2 if len(word) >= OFTEN_SWAPPED else 0):
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :], word


READ_AS = {wrong: word for wrong, word in _swapped() if wrong not in SELLING} | READ_AS
BY_LENGTH = {length: [word for word in sorted(SELLING) if len(word) == length] for length in range(4, 21)}


@lru_cache(maxsize=1024)
def unmasked(written: str) -> str:
    """The word that sells whose vowels a mark stands for each; nothing where there is none."""
    words = BY_LENGTH.get(len(written), ())
    masked = re.compile(re.sub(r"[^a-z]", "[aeiou]", written)) if words else None
    return next((word for word in words if masked and masked.fullmatch(word)), "")


OWNED = (
    "it was me", "that was me", "i meant it", "quoting myself", "quote myself", "quoting ourselves", "as i always say", "as i like to say",
    "as i often say", "as we always say", "as we like to say", "as we say here", "and i mean it", "and we mean it", "somebody wise once said",
    "someone wise once said", "except me", "except us", "nobody but me", "nobody but us", "my own words",
    "could not have put it better myself",
    "couldn't have put it better myself", "the banner is right", "the sign is right", "the poster is right", "and so say i", "and so do i",
    "and i agree",
    "who is me", "who happens to be me", "do as it says", "do as she says", "do as he says", "do what it says", "not a quote", "not a quotation",
)  # fmt: skip
OWNING = re.compile(
    r"\b(?:our|my|unser|unsere|notre|nuestro|nuestra) (?:\w+ )?(?:sign|banner|poster|motto|slogan"
    r"|window|door|van|menu|flyer|leaflet|card|website|shop|schild|plakat"
    r"|enseigne|affiche|panneau|cartel|letrero|rótulo) (?:says|reads|said|tells you|puts it|sagt|dit|dice)\b"
)  # who lets his own sign speak says it himself
