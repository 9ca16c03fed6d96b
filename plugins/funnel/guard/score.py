"""Score the guard on labelled passages: one JSON object a line, as in tests/guard/corpus. `invoke guard-score` prints it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from funnel.guard.check import read_text, verdicts
from funnel.guard.config import Config, Offer
from funnel.guard.html import read_html
from funnel.guard.markdown import read_markdown
from funnel.guard.records import Label
from funnel.guard.verdict import Verdict

Labelled = TypeVar("Labelled")
READERS = {"md": read_markdown, "html": read_html, "text": read_text}


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled passage and what the guard takes it for."""

    row: dict[str, Any]
    got: str
    score: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Precision and recall on `sales-cta`, and how many of the hard negatives were flagged."""

    hits: int
    false_alarms: int
    misses: int
    hard: int
    hard_flagged: int

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.false_alarms) if self.hits + self.false_alarms else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 1.0


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """What is labelled in every file of the folder."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def judged(row: dict[str, Any], config: Config) -> Judged:
    """What the guard takes a passage for: the gravest label of its blocks."""
    passages = READERS[row["surface"]](row["id"], row["text"])
    judged_one_by_one = verdicts(passages, row["lang"], _knowing(row, config))
    worst = max((verdict for _, verdict in judged_one_by_one), key=_gravity, default=Verdict(None))
    return Judged(row, worst.label.value if worst.label else "none", worst.score)


def _knowing(row: dict[str, Any], config: Config) -> Config:
    """The configuration with what the row's site is known to sell."""
    context = row.get("context")
    if not context:
        return config
    offers = tuple(Offer(_named(name)) for name in context.get("offers", ()))
    return replace(config.knowing(hosts=(context["site"],) if context.get("site") else ()), offers=offers)


def _named(offer: str) -> str:
    """An offer's name without what is said of it in brackets, and without its article."""
    return offer.split(" (")[0].removeprefix("The ").removesuffix(" course").removesuffix(" membership")


def _gravity(verdict: Verdict) -> tuple[int, float]:
    order = [None, Label.PERMISSION, Label.SOFT, Label.PRESSURE, Label.SALES]
    return order.index(verdict.label), verdict.score


def tally(results: Iterable[Judged]) -> Tally:
    """Count hits and errors. A pressing passage counts as a breach, like a sales CTA."""
    breach = {Label.SALES.value, Label.PRESSURE.value}
    counts: Counter[str] = Counter()
    for one in results:
        wanted, got = one.row["label"] in breach, one.got in breach
        counts["hit" if wanted and got else "miss" if wanted else "alarm" if got else "pass"] += 1
        if one.row["label"] == "none" and one.row["hard"]:
            counts["hard"] += 1
            counts["hard flagged"] += got
    return Tally(counts["hit"], counts["alarm"], counts["miss"], counts["hard"], counts["hard flagged"])


def report(results: Sequence[Judged], worst: int) -> str:
    """The figures as text: each part of the corpus, each language, the confusion table, the worst errors of the tuning part."""
    lines = [f"{'part':<22}{'passages':>9}{'precision':>11}{'recall':>8}{'hard negatives flagged':>24}"]
    parts = {
        f"{kind}{split}": [
            one for one in results if one.row["split"] == split and (one.row["trade"] == "adversarial") == bool(kind)
        ]
        for kind in ("", "adversarial, ")
        for split in ("tune", "test")
    }
    for code in sorted({one.row["lang"] for one in results}):
        parts[f"test, {code}"] = [one for one in parts["test"] if one.row["lang"] == code]
    for name, part in parts.items():
        found = tally(part)
        hard = f"{found.hard_flagged}/{found.hard}"
        lines.append(f"{name:<22}{len(part):>9}{found.precision:>11.3f}{found.recall:>8.3f}{hard:>24}")
    lines += ["", "confusion on the test part (label -> taken for: passages)"]
    confusion = Counter((one.row["label"], one.got) for one in parts["test"])
    lines += [f"  {wanted} -> {got}: {count}" for (wanted, got), count in sorted(confusion.items())]
    wrong = [one for one in parts["tune"] if (one.got == "sales-cta") != (one.row["label"] == "sales-cta")]
    wrong.sort(key=lambda one: -abs(one.score - 4))
    lines += ["", f"worst errors of the tuning part ({len(wrong)} in all)"] if worst else []
    lines += [
        f"  {one.row['id']} {one.row['label']}/{one.row['kind']} -> {one.got} ({one.score:.1f}): {one.row['text'][:150]!r}"
        for one in wrong[:worst]
    ]
    return "\n".join(lines) + "\n"


def print_figures(
    folder: Path, what: str, read: Callable[[Path], Iterable[Labelled]], figures: Callable[[Sequence[Labelled]], str]
) -> int:
    """Print the figures of what is labelled in the folder: 0. Where nothing is, say so: 2."""
    found = list(read(folder))
    if not found:
        print(f"{folder}: there is no labelled {what} (*.jsonl) here. Name the right folder.", file=sys.stderr)
        return 2
    sys.stdout.write(figures(found))
    return 0


def main(arguments: Sequence[str]) -> int:
    """Print the figures of the corpus in the folder given (default: tests/guard/corpus)."""
    folder = Path(arguments[0] if arguments else "tests/guard/corpus")
    return print_figures(
        folder, "passage", rows, lambda found: report([judged(row, Config()) for row in found], worst=20)
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
