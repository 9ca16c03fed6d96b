"""A letter speaks the language of its issue, from the catalogues that the theme speaks from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from funnel.newsletter.edition import Edition
from funnel.newsletter.frozen import freeze
from funnel.newsletter.load import load_editions
from funnel.newsletter.plaintext import WIDTH, wrap
from funnel.newsletter.text_table import cells_wide

from .conftest import DRAWING
from .site_builder import build, issue, lay_out
from .test_blocks import BODY, REQUEST, REVIEW, post

OWN = re.compile(
    r"\b(You get|Unsubscribe|Choose|Read it|On the web|Links|Picture|Watch|New on|A tip|We read|By B|"
    r"For whom|The whole|Who do|The request|is closed|Thank you|Issue|January|February|Corrected|It said|Added)\b"
)
"""Words of ours that are English and nothing else."""
MORE = "\n\n![Ein Kreis]({static}/images/d.svg)\n\n[![Ein Film]({static}/images/d.svg)](/images/v.mp4)\n\nWort.[^1]\n\n[^1]: Mehr.\n"
SAID = {
    "de": ("4. Februar 2026", "Jederzeit abbestellen", "Anmerkungen", "Danke, "),
    "fr-CH": ("4 février 2026", "Se désabonner à tout moment", "Notes", "Merci, "),
    "es": ("4 de febrero de 2026", "Darse de baja", "Notas", "Gracias, "),
}

WEB = {"de": "Im Browser lesen", "fr-CH": "Lire sur le web", "es": "Leer en la web"}


def _site(root: Path, language: str) -> Path:
    title = "---\ntitle: Zwei Mal\ndate: 2026-01-03\nstatus: published\n---\nZehn Sekunden.\n"
    files: dict[str, str | bytes] = {
        "posts/new.md": post("Brot", "2026-01-20").replace("About", "Vom"),
        "tips/ask.md": title,
        "reviews/bees.md": REVIEW,
        "requests/danish.md": REQUEST.format(expires="2027-01-01"),
        "requests/over.md": REQUEST.format(expires="2026-02-01").replace("Danish", "Dutch"),
        "images/d.svg": DRAWING,
        "images/v.mp4": b"film",
        "newsletter/1.md": issue(1),
        "newsletter/2.md": issue(2, BODY + MORE, title="Zwei", subject="Was in Brief 2 steht", lang=language),
    }
    lay_out(root, files)
    return build(root)


@pytest.mark.parametrize("language", sorted(SAID))
def test_a_letter_speaks_its_language(tmp_path: Path, language: str) -> None:
    """Nothing of ours in a letter, its blocks and its date is English where a catalogue of its language is there."""
    edition = load_editions(Path(f"{_site(tmp_path, language)}.record"))[1]
    assert f'<html lang="{language}"' in edition.html
    for face in (_shown(edition.html), edition.text):
        assert OWN.findall(face) == []
        for words in SAID[language]:
            assert words in face, words
    assert WEB[language] in edition.html


def test_no_catalogue(tmp_path: Path) -> None:
    """In a language without a catalogue the frame is English, and says that it is."""
    edition = load_editions(Path(f"{_site(tmp_path, 'nl')}.record"))[1]
    assert '<html lang="nl"' in edition.html
    assert edition.html.count('lang="en"') == 2
    assert "4 February 2026" in edition.text


def test_a_correction_speaks_the_language_of_the_issue(tmp_path: Path) -> None:
    """What was corrected, and when, is said on the page in the language of the issue."""
    lay_out(tmp_path, {"newsletter/1.md": issue(1, "Wir treffen uns am Montag.", lang="de")})
    freeze(Path(f"{build(tmp_path)}.record"), 1, tmp_path / "editions")
    changed = issue(1, "Wir treffen uns am Dienstag.", lang="de", modified="2026-03-02")
    lay_out(tmp_path, {"newsletter/1.md": changed})
    page = (build(tmp_path) / "newsletter/1/index.html").read_text()
    assert "Berichtigt am 2. März 2026" in page
    assert "Da stand: „Wir treffen uns am Montag.“" in page


def _shown(html: str) -> str:
    return re.sub(r"<[^>]+>|<!--.*?-->", " ", html.split("<body", 1)[1])


def test_english_is_the_source(edition: Edition) -> None:
    """The words that the test looks for are the ones that an English letter has."""
    assert len(set(OWN.findall(edition.text))) >= 6


def test_lines_without_spaces_are_wrapped() -> None:
    """Chinese and Japanese are wrapped by the columns that their signs take, and no line begins with a full stop."""
    words = "日本語の文章には空白がありません。" * 8 + " and %%funnel:name|you%% " + "漢字。" * 30
    lines = wrap(words)
    assert max(map(cells_wide, lines)) <= WIDTH + 2
    assert all(line[0] not in "。、" for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert len(lines) <= 8
