"""What is spelt out over lines, cells or items: a letter or a word in each, which a reader reads on and a filter does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from funnel.guard.letters import SMALL as SMALL_WORDS
from funnel.guard.records import Name, Passage
from funnel.guard.veiled import SELLING

CELLED = ("table", "item")
SMALL = frozenset(SMALL_WORDS) | frozenset(
    re.findall(
        r"\w+",
        "unser unsere unseren uns bei mit den die das ein eine einen jetzt notre nos vos votre un une le les chez maintenant "
        "nuestro nuestra nuestros nuestras el tu su por ahora",
    )
)
CELL = re.compile(r"[^;¶\n]+")
LONGEST_CELL = 4  # words
SHORT = 25  # characters: a paragraph that is no longer may be a part of one


def stacked(passages: list[Passage]) -> list[Passage]:
    """What stands a word or a letter a line, once more as one passage each: three lines or more that follow one another."""
    found: list[Passage] = []
    run: list[Passage] = []
    for passage in [*passages, None]:
        if passage and len(passage.text.split()) < 3 and (not run or passage.line <= run[-1].line + 2):
            run.append(passage)
            continue
        if len(run) > 2:
            single = all(len(one.text.strip()) == 1 for one in run)
            words = "".join(
                ("" if single and one.line == before.line + 1 else " ") + one.text.strip()
                for before, one in zip([run[0], *run], run, strict=False)
            )
            found.append(Passage("text", run[0].line, run[-1].line, words, [(0, run[0].line, 1)]))
        run = [passage] if passage and len(passage.text.split()) < 3 else []
    return found


def celled(passages: list[Passage]) -> list[Passage]:
    """What cells, items and short lines spell together, once more as one passage: letters, halves of words, or a sentence in small words."""
    found: list[Passage] = []
    for run, cells in _runs(passages):
        words, sign = _joined(cells) if len(cells) > 2 else ("", -1)
        if sign >= 0:
            passage = Passage("table", run[0].line, run[-1].end_line, words, [(0, run[0].line, 1)])
            passage.names.append(Name("", sign, "disguise"))
            found.append(passage)
    return found


def _runs(passages: list[Passage]) -> Iterator[tuple[list[Passage], list[str]]]:
    """Passages that follow one another with their cells, where each cell is hardly a word; not those of the page's furniture."""
    run: list[Passage] = []
    held: list[str] = []
    for passage in [*passages, None]:
        cells: list[str] = []
        if passage and not passage.furniture and (passage.form in CELLED or len(passage.text) < SHORT):
            cells = [cell.strip() for cell in CELL.findall(passage.text) if re.search(r"\w|--", cell)]
        if passage and cells and all(len(cell.split()) <= LONGEST_CELL for cell in cells):
            run.append(passage)
            held += [cell for cell in cells if "--" not in cell]
        elif run:
            yield run, held
            run, held = [], []


def _joined(cells: Sequence[str]) -> tuple[str, int]:
    """The cells as one text, and where in it stands what is no cell by itself; -1 where each may well be one."""
    text, sign, letters = "", -1, 0
    for before, cell in zip(["", *cells], cells, strict=False):
        letters = letters + 1 if len(cell) == 1 and cell.isalpha() else 0
        halved = (
            before[-1:].isalpha()
            and f"{before}{cell}".lower() in SELLING
            and not {before.lower(), cell.lower()} & SELLING
        )
        start = len(text)
        if text and not (halved or letters > 1):
            text, start = text + " ", start + 1
        text += cell
        if sign < 0 and (halved or letters > 2):
            sign = max(text.rfind(" ") + 1, 0)
        elif sign < 0 and cell.lower() in SMALL and len(before + cell) > 2:
            sign = start
    return text, sign


def unbroken(text: str) -> str:
    """A text whose every line is hardly a word, as one line, where some line is a word that nobody sets apart; else as it is."""
    lines = [line.strip() for line in text.split("¶") if line.strip()]
    short = len(lines) > 3 and all(len(line.split()) <= LONGEST_CELL for line in lines)
    return text.replace("¶", " ") if short and any(line in SMALL for line in lines) else text
