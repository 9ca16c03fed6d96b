"""The desk's own words in the language of the site."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from funnel.desk import app, letters, own_data
from funnel.desk.pages import TEMPLATES, WORDS
from funnel.words import read_words

from tests.desk.conftest import OPTIONS, Counter

LANGUAGES = ("de", "es", "fr")
SAYS = {"Refused", "TooManyRequests", "UnsupportedMediaType"}


def said() -> set[str]:
    """Every text that the desk's templates, answers and letters say."""
    texts = {text for path in TEMPLATES.glob("*.html") for text in re.findall(r"\b_\('([^']+)'", path.read_text())}
    texts |= {*app._TITLES.values(), *app._WORDS.values(), app._OTHERWISE, "That did not work"}
    texts |= {letters.CONFIRM, letters.DATA, letters.SUBJECT_CONFIRM, letters.SUBJECT_DATA, *own_data.NAMED.values()}
    return texts | {text for path in sorted(TEMPLATES.parent.glob("*.py")) for text in _answers(path)}


def _answers(path: Path) -> Iterator[str]:
    """What is said by raising, or shown as a title and words."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            raised = node.args[:1] if isinstance(node.func, ast.Name) and node.func.id in SAYS else []
            shown = [one.value for one in node.keywords if one.arg in ("title", "words")]
            yield from (one.value for one in (*raised, *shown) if isinstance(one, ast.Constant))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_is_complete(language: str) -> None:
    """A text of the desk that a catalogue lacks, has left over, or leaves empty, is named."""
    texts = read_words(WORDS, language).texts
    assert said() - set(texts) == set()
    assert set(texts) - said() == set()
    assert [text for text, forms in texts.items() if not all(forms)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_for_values(language: str) -> None:
    """What stands in braces in English stands in braces in the translation."""
    for text, forms in read_words(WORDS, language).texts.items():
        for form in forms:
            assert sorted(re.findall(r"\{\w+\}", form)) == sorted(re.findall(r"\{\w+\}", text)), text


@pytest.mark.parametrize(
    ("language", "subject", "button", "told"),
    [
        ("en", "Please confirm", "Yes, subscribe me", "This link does not work"),
        ("de", "Bitte bestätigen", "Ja, ich abonniere", "Dieser Link führt nirgendwohin"),
        ("de-AT", "Bitte bestätigen", "Ja, ich abonniere", "Dieser Link führt nirgendwohin"),
        ("fr", "Merci de confirmer", "Oui, je m’abonne", "Ce lien ne fonctionne pas"),
        ("es", "Confirme, por favor", "Sí, me suscribo", "Este enlace no funciona"),
        ("nl", "Please confirm", "Yes, subscribe me", "This link does not work"),
    ],
)
def test_the_desk_speaks_the_language_of_the_site(
    counter: Counter, language: str, subject: str, button: str, told: str
) -> None:
    """Pages, errors and the confirmation letter are in the site's language, and say which one that is; a language
    without a catalogue is English.
    """
    desk = Counter(counter.book, options=replace(OPTIONS, language=language))
    spoken = "en" if language == "nl" else language[:2]
    desk.sign_up()
    assert desk.post[0]["Subject"].startswith(subject) and desk.post[0]["Content-Language"] == spoken
    page = desk.client.get(desk.link()).text
    assert button in page and f'<html lang="{spoken}">' in page
    assert told in desk.client.get("/confirm/nothing").text


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_every_page_can_be_shown_in_every_language(counter: Counter, language: str) -> None:
    """From the form to the erasure, no page breaks in any language."""
    desk = Counter(counter.book, options=replace(OPTIONS, language=language))
    token = desk.subscribe()
    for path in ("/subscribe", f"/unsubscribe/{token}", f"/preferences/{token}"):
        assert desk.client.get(path).status_code == 200
    assert desk.client.post(f"/preferences/{token}/data").status_code == 200
    own = desk.link()
    assert desk.client.get(own).status_code == 200
    assert desk.client.post(f"/unsubscribe/{token}").status_code == 200
    assert desk.client.post(f"{own}/erase", data={"sure": "yes"}).status_code == 200


def test_no_word_of_a_subject_runs_into_the_next(counter: Counter) -> None:
    """The subject of the desk's letters keeps every space, however long the newsletter's name is."""
    name = "доверие письма к как как"
    desk = Counter(counter.book, options=replace(OPTIONS, newsletter=name))
    desk.sign_up()
    desk.deliver()
    assert name in desk.post[0]["Subject"]
