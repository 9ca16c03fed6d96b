"""Documents made up by Hypothesis, with the list of what each face must show of them, in order."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from random import Random

from hypothesis import strategies as st

SITE = "https://site.example"


@dataclass
class Sheet:
    """A document in the making: every word on it stands there once."""

    draw: Callable[[st.SearchStrategy[object]], object]
    words: list[str] = field(default_factory=list)
    long_forms: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    notes: list[tuple[str, list[str], list[str]]] = field(default_factory=list)
    count: int = 0

    def number(self) -> int:
        self.count += 1
        return self.count

    def word(self) -> str:
        word = f"w{self.number()}z"
        self.words.append(word)
        return word

    def address(self, ending: str = "/") -> str:
        host = SITE if self.choose(2) else "https://example.org"
        return f"{host}/u{self.number()}q{ending}"

    def link(self) -> str:
        self.links.append(self.address())
        return self.links[-1]

    def picture(self) -> str:
        self.pictures.append(f"{SITE}/images/u{self.number()}q.png")
        return self.pictures[-1]

    def choose(self, below: int) -> int:
        return int(str(self.draw(st.integers(0, below - 1))))

    def times(self, most: int) -> range:
        return range(1 + self.choose(most))


def run(sheet: Sheet) -> str:
    """Words of a paragraph, with everything that can stand among them."""
    return " ".join(INLINE[sheet.choose(len(INLINE))](sheet) for _ in sheet.times(4))


def _link(sheet: Sheet) -> str:
    text = sheet.word()
    return f"[{text}]({sheet.link()})"


def _strong_link(sheet: Sheet) -> str:
    text = sheet.word()
    return f"**[{text}]({sheet.link()})**"


def _image(sheet: Sheet) -> str:
    alt = sheet.word()
    return f"![{alt}]({sheet.picture()})"


def _footnote(sheet: Sheet) -> str:
    """A note's words come after everything else, in the order of the marks."""
    mark = f"n{sheet.number()}"
    aside = copy(sheet)
    aside.words, aside.links = [], []
    text = f"{aside.word()} {_link(aside)}"
    sheet.count = aside.count
    sheet.notes.append((f"[^{mark}]: {text}", aside.words, aside.links))
    return f"{sheet.word()}[^{mark}]"


def _abbreviation(sheet: Sheet) -> str:
    """A short word that stands twice, whose long form must follow its first use where nobody can point at it."""
    short = f"Q{sheet.number()}Q"
    sheet.long_forms.append(f"*[{short}]: long of {short}")
    return f"{short} {sheet.word()} {short}"


INLINE: list[Callable[[Sheet], str]] = [
    lambda sheet: sheet.word(),
    lambda sheet: f"*{sheet.word()}*",
    lambda sheet: f"**{sheet.word()} *{sheet.word()}***",
    lambda sheet: f"`{sheet.word()}`",
    lambda sheet: f"{sheet.word()}  \n{sheet.word()}",
    lambda sheet: f"{{name|{sheet.word()}}}",
    lambda sheet: f'{sheet.word()} & {sheet.word()} < "{sheet.word()}" *| |* %%',
    lambda sheet: f"<kbd>{sheet.word()}</kbd> <mark>{sheet.word()}</mark> <del>{sheet.word()}</del>",
    _link,
    _strong_link,
    _image,
    _footnote,
    _abbreviation,
]


def cell(sheet: Sheet) -> str:
    """Words of a table cell, where a bar would end it."""
    choices = (INLINE[0], INLINE[1], INLINE[3], _link)
    return choices[sheet.choose(len(choices))](sheet)


def table(sheet: Sheet) -> str:
    """A table of one to four columns."""
    columns = len(sheet.times(4))
    marks = [("---", ":--", "--:", ":-:")[sheet.choose(4)] for _ in range(columns)]
    head = [sheet.word() for _ in range(columns)]
    rows = [[cell(sheet) for _ in range(columns)] for _ in sheet.times(3)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, marks, *rows])


def bullets(sheet: Sheet, depth: int = 0) -> str:
    """A list, perhaps with lists in it."""
    lines = []
    ordered = sheet.choose(2)
    for at in sheet.times(3):
        lines.append(f"{at + 1}. {run_flat(sheet)}" if ordered else f"- {run_flat(sheet)}")
        if depth < 2 and sheet.choose(3) == 0:
            lines += [f"    {line}" for line in bullets(sheet, depth + 1).split("\n")]
    return "\n".join(lines)


def run_flat(sheet: Sheet) -> str:
    """Words on one line."""
    return " ".join(part(sheet) for part in (INLINE[0], INLINE[sheet.choose(4)]))


def loose_list(sheet: Sheet) -> str:
    """A list whose entries have paragraphs."""
    return "\n\n".join(f"- {sheet.word()}\n\n    {run_flat(sheet)}" for _ in sheet.times(2))


def quote(sheet: Sheet) -> str:
    """A quotation of one or two blocks."""
    inside = "\n\n".join((run, bullets, table)[sheet.choose(3)](sheet) for _ in sheet.times(2))
    return "\n".join(f"> {line}" for line in inside.split("\n"))


def admonition(sheet: Sheet) -> str:
    """A box with a title."""
    return f'!!! note "{sheet.word()}"\n    {run_flat(sheet)}\n\n    {run_flat(sheet)}'


def definitions(sheet: Sheet) -> str:
    """A list of terms."""
    return "\n\n".join(f"{sheet.word()}\n:   {run_flat(sheet)}" for _ in sheet.times(2))


def code(sheet: Sheet) -> str:
    """Code, with signs that other places would take for marks."""
    return f"```python\n{sheet.word()} = {{'{sheet.word()}': 1}}  # *| {{name|x}} <b>\n    {sheet.word()}\n```"


def figure(sheet: Sheet) -> str:
    """A picture with a caption."""
    return f'![{sheet.word()}]({sheet.picture()} "{sheet.word()}")'


def video(sheet: Sheet) -> str:
    """A poster that leads to a film."""
    sheet.links.append(sheet.address(".mp4"))
    return f"[![{sheet.word()}]({sheet.picture()})]({sheet.links[-1]})"


def details(sheet: Sheet) -> str:
    """Raw HTML."""
    return f"<details><summary>{sheet.word()}</summary>\n<p>{sheet.word()} <em>{sheet.word()}</em></p>\n</details>"


def heading(sheet: Sheet) -> str:
    """A heading of some depth."""
    return f"{'#' * (2 + sheet.choose(4))} {sheet.word()} *{sheet.word()}*"


BLOCKS = (
    run, run, heading, bullets, loose_list, quote, table, admonition, definitions, code, figure, video, details,
    lambda sheet: f"{sheet.word()}\n\n---\n\n{sheet.word()}",
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A document, and what each face must show of it, in order."""

    markdown: str
    words: tuple[str, ...]
    links: tuple[str, ...]
    pictures: tuple[str, ...]
    short_forms: int


def written(sheet: Sheet) -> Drawn:
    """A document of one to six blocks."""
    parts = [BLOCKS[sheet.choose(len(BLOCKS))](sheet) for _ in sheet.times(6)]
    parts += [note for note, _, _ in sheet.notes] + sheet.long_forms
    words = [*sheet.words, *(word for _, words, _ in sheet.notes for word in words)]
    links = [*sheet.links, *(link for _, _, links in sheet.notes for link in links)]
    markdown = "\n\n".join(parts) + "\n"
    return Drawn(markdown, tuple(words), tuple(links), tuple(sheet.pictures), len(sheet.long_forms))


@st.composite
def documents(draw: Callable[[st.SearchStrategy[object]], object]) -> Drawn:
    """Any document."""
    return written(Sheet(draw))


class Rolled(Sheet):
    """A document rolled by dice, that leads to other sites only and shows one drawing: it can stand on a real site."""

    def __init__(self, dice: Random) -> None:
        super().__init__(draw=lambda _strategy: 0)
        self.dice = dice

    def choose(self, below: int) -> int:
        return self.dice.randrange(below)

    def times(self, most: int) -> range:
        return range(1 + self.choose(most) if most != 6 else 40)

    def address(self, ending: str = "/") -> str:
        return f"https://example.org/u{self.number()}q{ending}"

    def picture(self) -> str:
        self.pictures.append("{static}/images/d.svg")
        return self.pictures[-1]
