"""Read the guard's passages and count them; `--write` puts the counts into README.md.

Run from the repository: `python tests/guard/corpus/tally.py --write`.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
README = HERE / "README.md"
BEGIN, END = "<!-- counts: begin -->", "<!-- counts: end -->"
ABROAD = {"de": "German", "fr": "French", "es": "Spanish"}

LABELS: dict[str, list[str]] = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Passage:
    """One labelled block; `hard` means that a keyword matcher or a second careful reader could differ."""

    id: str
    trade: str
    lang: str
    split: str
    page: str
    surface: str
    text: str
    label: str
    kind: str
    hard: bool
    evasion: str = ""
    context: dict[str, object] | None = None


def read(path: Path) -> list[Passage]:
    """Return the passages of one file; an unknown or missing key is a TypeError that names it."""
    return [Passage(**json.loads(line)) for line in path.read_text(encoding="utf-8").split("\n") if line]


def trades(folder: Path = HERE) -> list[Passage]:
    """Return every English passage that is not in the adversarial set."""
    return [p for path in sorted(folder.glob("en-*.jsonl")) for p in read(path)]


def adversarial(folder: Path = HERE) -> list[Passage]:
    """Return the passages that hide their ask, and the innocent ones that look as if they did."""
    return read(folder / "adversarial.jsonl")


def abroad(lang: str, folder: Path = HERE) -> list[Passage]:
    """Return every passage in one of the other languages (`de`, `fr`, `es`) that is not in the adversarial set."""
    return [p for path in sorted(folder.glob(f"{lang}-*.jsonl")) for p in read(path)]


def adversarial_abroad(folder: Path = HERE) -> list[Passage]:
    """Return the hidden asks, and their innocent look-alikes, in German, French and Spanish."""
    return read(folder / "adversarial-intl.jsonl")


def adversarial_more(folder: Path = HERE) -> list[Passage]:
    """Return the hidden asks that were written later, by whoever mends the guard, in all languages: they are all for tuning."""
    return read(folder / "adversarial-more.jsonl")


def table(title: str, rows: Iterable[tuple[str, list[Passage]]]) -> list[str]:
    """Return a Markdown table with one line a group and one column a label."""
    lines = [f"| {title} | all | tune | test | hard | {' | '.join(LABELS)} |", "|---|" + "--:|" * (4 + len(LABELS))]
    for name, group in rows:
        seen = Counter(p.label for p in group)
        split = Counter(p.split for p in group)
        figures = [len(group), split["tune"], split["test"], sum(p.hard for p in group), *(seen[x] for x in LABELS)]
        lines.append(f"| {name} | {' | '.join(str(n) for n in figures)} |")
    return lines


def kinds(passages: list[Passage]) -> list[str]:
    """Return a Markdown table of how many passages there are of each label and kind."""
    seen = Counter((p.label, p.kind, p.split) for p in passages)
    lines = ["| label | kind | tune | test |", "|---|---|--:|--:|"]
    for label, names in LABELS.items():
        lines += [f"| {label} | {k} | {seen[label, k, 'tune']} | {seen[label, k, 'test']} |" for k in names]
    return lines


def section(title: str, every: list[Passage], hidden: list[Passage]) -> list[str]:
    """Return the two tables of one language, the trades first and the kinds after them."""
    names = sorted({p.trade for p in every})
    groups = [(name, [p for p in every if p.trade == name]) for name in names]
    lines = table("trade", [*groups, ("**all trades**", every), ("adversarial", hidden)])
    return [f"### {title}", "", *lines, "", *kinds(every), ""]


def report() -> str:
    """Return the counts as Markdown, taken from the files as they are now."""
    hidden = [*adversarial(), *adversarial_abroad(), *adversarial_more()]
    lines = section("English", trades(), [p for p in hidden if p.lang == "en"])
    for lang, name in ABROAD.items():
        lines += section(name, abroad(lang), [p for p in hidden if p.lang == lang])
    return "\n".join(lines).rstrip()


def renewed(readme: str) -> str:
    """Return the README's text with the part between the two marks replaced by today's counts."""
    head, rest = readme.split(BEGIN, 1)
    return f"{head}{BEGIN}\n{report()}\n{END}{rest.split(END, 1)[1]}"


def main() -> None:
    """Print the counts, or write them into the README."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the counts into README.md")
    if not parser.parse_args().write:
        print(report())
        return
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
