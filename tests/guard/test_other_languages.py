"""A passage in another language than its text is judged by its own."""

from __future__ import annotations

import pytest
from funnel.guard import check_markdown

IN_ENGLISH = (
    "Moss grows in the shade of walls, and it drinks with its leaves, since it has no roots that could.\n\n" * 4
)
IN_GERMAN = (
    "Moos wächst dort, wo die Sonne nur kurz hinkommt, und es trinkt mit den Blättern, denn Wurzeln hat es keine.\n\n"
    * 4
)


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        (IN_ENGLISH, "Buchen Sie jetzt Ihr kostenloses Erstgespräch bei mir."),
        (IN_ENGLISH, "Faites un don à notre refuge."),
        (IN_ENGLISH, "Moss is green. Spenden Sie jetzt für unser Tierheim."),
        (IN_GERMAN, "- Book a free consultation with me today."),
        (IN_GERMAN, "> Réservez dès maintenant votre consultation gratuite avec moi."),
        (IN_ENGLISH, "| Rooms |\n|---|\n| Buchen Sie jetzt Ihr kostenloses Erstgespräch bei mir. |"),
    ],
)
def test_an_ask_in_another_language_than_its_text_is_found(text: str, ask: str) -> None:
    """Who changes the language for one passage or one sentence asks all the same."""
    assert any(one.label == "sales-cta" for one in check_markdown("a.md", f"{text}{ask}\n\n{text}"))


@pytest.mark.parametrize(
    "guest",
    [
        "The sign said »Buchen Sie jetzt Ihr Erstgespräch bei uns«, and I walked on.",
        "Die Würde des Menschen ist unantastbar: so begins their law.",
        "Bestellung, Rechnung, Angebot, Termin, Preis: five words to learn.",
        "Le moss, c'est la mousse, and la mousse is also what one eats.",
        "`Buchen Sie jetzt Ihr kostenloses Erstgespräch bei mir.`",
        "| English | German |\n|---|---|\n| I would like to book a room | Ich möchte ein Zimmer buchen |\n"
        "| Where is the station? | Wo ist der Bahnhof? |\n| Call me tomorrow | Rufen Sie mich morgen an |",
    ],
)
def test_foreign_words_in_a_text_are_no_ask(guest: str) -> None:
    """Quotations, word lists, sayings in another language and tables that translate pass."""
    assert check_markdown("a.md", f"{IN_ENGLISH}{guest}\n") == []
