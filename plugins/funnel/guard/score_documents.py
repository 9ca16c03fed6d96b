"""Score the guard on whole labelled documents: one JSON object a line, as in tests/guard/documents. `invoke guard-score` prints it.

A document has its site, path, language, page (marketing or sales), split and text, and the labels of its blocks as
[first line, label, kind, hard]; a block that is not named is none. Counting is that of the labelling guide: a finding
that covers a sales CTA is a hit on it, any other is one false alarm; sales pages are left out.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from funnel.guard.check import verdicts
from funnel.guard.config import Config
from funnel.guard.languages import language_of
from funnel.guard.learn import publisher
from funnel.guard.markdown import read_markdown
from funnel.guard.records import Label
from funnel.guard.score import print_figures, rows


@dataclass(frozen=True, slots=True)
class Document:
    """One labelled document. `labels`: for the first line of a block its label, its kind, and whether readers could differ."""

    site: str
    path: str
    lang: str
    page: str
    split: str
    text: str
    labels: dict[int, tuple[str, str, bool]]

    @property
    def asks(self) -> frozenset[int]:
        """The first lines of its sales CTAs."""
        return frozenset(line for line, (label, _, _) in self.labels.items() if label == Label.SALES)


@dataclass(frozen=True, slots=True)
class Score:
    """What the guard made of one document: the sales CTAs it found and missed, by kind, and its false alarms."""

    document: Document
    found: Counter[str]
    missed: Counter[str]
    false_alarms: int


def documents(folder: Path) -> Iterator[Document]:
    """The labelled documents of every file in the folder."""
    for row in rows(folder):
        labels = {first: (label, kind, hard) for first, label, kind, hard in row.pop("labels")}
        yield Document(**row, labels=labels)


def scored(found: Sequence[Document]) -> Iterator[Score]:
    """The marketing pages as the guard judges them, each site in the voice that its own documents tell."""
    sites: dict[str, list[Document]] = defaultdict(list)
    for document in found:
        sites[document.site].append(document)
    for site, members in sites.items():
        config = publisher(Path(site), site, [one.text for one in members], Config()).added_to(Config())
        yield from (_score(one, config) for one in members if one.page == "marketing")


def _score(document: Document, config: Config) -> Score:
    passages = read_markdown(document.path, document.text)
    language = language_of(passages, document.text, document.path, config)
    asks = document.asks
    hits: set[int] = set()
    false_alarms: set[int] = set()
    for passage, verdict in verdicts(passages, language, config):
        if verdict.label is Label.SALES:
            met = asks.intersection(range(passage.line, passage.end_line + 1))
            hits |= met
            if not met:
                false_alarms.add(passage.line)
    kinds = {line: document.labels[line][1] for line in asks}
    return Score(
        document, Counter(kinds[line] for line in hits), Counter(kinds[line] for line in asks - hits), len(false_alarms)
    )


def report(scores: Iterable[Score]) -> str:
    """The figures as text: each split, each language, and the recall of each kind of sales CTA on the test split."""
    every = list(scores)
    lines = [f"{'documents':<22}{'pages':>7}{'precision':>11}{'recall':>8}{'clean ones flagged':>20}"]
    for split in ("tune", "test"):
        part = [one for one in every if one.document.split == split]
        languages = sorted({one.document.lang for one in part})
        lines += [_line(split, part), *(_line(f"{split}, {code}", _of(part, code)) for code in languages)]
    found: Counter[str] = sum((one.found for one in every if one.document.split == "test"), Counter())
    missed: Counter[str] = sum((one.missed for one in every if one.document.split == "test"), Counter())
    lines += ["", "recall by kind on the test documents"]
    lines += [f"  {kind}: {found[kind]} of {count}" for kind, count in (found + missed).most_common()]
    return "\n".join(lines) + "\n"


def _of(part: Sequence[Score], language: str) -> list[Score]:
    return [one for one in part if one.document.lang == language]


def _line(name: str, part: Sequence[Score]) -> str:
    hits, missed = sum(one.found.total() for one in part), sum(one.missed.total() for one in part)
    alarms = sum(one.false_alarms for one in part)
    clean = [one for one in part if not one.document.asks]
    flagged = f"{sum(one.false_alarms > 0 for one in clean)}/{len(clean)}"
    precision, recall = hits / max(hits + alarms, 1), hits / max(hits + missed, 1)
    return f"{name:<22}{len(part):>7}{precision:>11.3f}{recall:>8.3f}{flagged:>20}"


def main(arguments: Sequence[str]) -> int:
    """Print the figures of the documents in the folder given (default: tests/guard/documents)."""
    folder = Path(arguments[0] if arguments else "tests/guard/documents")
    return print_figures(folder, "document", documents, lambda found: report(scored(found)))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
