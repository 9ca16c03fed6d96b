"""Measure the guard: milliseconds a document of 800 words, as a ratio to Python-Markdown, and memory over 10,000 documents.

invoke bench-guard        or        python benchmarks/guard_speed.py
"""

from __future__ import annotations

import itertools
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "plugins"))

import markdown
from funnel.guard import check_markdown

PARAGRAPHS = (
    "Start with the tools that you already own. A kitchen knife that is sharp does more than a drawer full of blunt ones, "
    "and an hour with a stone teaches you what *edge* means better than any [long article](/posts/edges/) could do.",
    "We kept a diary of the garden for a year, and what we learnt was plain: **water early**, feed rarely, and look often. "
    "Most of the plants that died had been loved too much, not too little, and we wrote down each of them.",
    "When our neighbours asked how we had done it, we could only say that we had asked the man at the market, who had asked "
    "his mother. If you have a question, ask it; people who know a thing like to be asked.",
    "1. Write down what you did.\n2. Write down what came of it.\n3. Read it again in spring, and change one thing.",
    "> The best time to prune is when the knife is sharp, said my grandfather, and he was right about most things.",
)


SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu")


def document(words: int = 800) -> str:
    """A teaching text of about so many words, with headings, lists, quotations and links."""
    parts, count, index = ["---\ntitle: What a year teaches\ndate: 2026-03-01\n---\n"], 0, 0
    while count < words:
        if index % 4 == 0:
            parts.append(f"## What we saw in month {index // 4 + 1}")
        paragraph = PARAGRAPHS[index % len(PARAGRAPHS)]
        parts.append(paragraph)
        count += len(paragraph.split())
        index += 1
    return "\n\n".join(parts)


def unlike(text: str, mark: int) -> str:
    """The text with a word of its own at the end of every paragraph, so that no two are equal."""
    word = "".join(SYLLABLES[int(digit)] for digit in f"{mark:04}")
    return "\n\n".join(
        f"{one} {word}{SYLLABLES[at // 10]}{SYLLABLES[at % 10]}" if at else one
        for at, one in enumerate(text.split("\n\n"))
    )


def milliseconds(*works: Callable[[], object], rounds: int = 60) -> list[float]:
    """The best CPU time of one call of each, among several rounds in which they take turns: a machine is not equally fast all the time."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for index, work in enumerate(works):
            before = time.process_time()
            work()
            best[index] = min(best[index], time.process_time() - before)
    return [seconds * 1000 for seconds in best]


def main() -> int:
    """Print the figures; exit 1 where the guard is slower than parsing, or than 3 ms."""
    text = document()
    check_markdown("warm.md", text)
    fresh = (
        unlike(text, number) for number in itertools.count()
    )  # the guard remembers equal passages: each round gets new ones
    guard, parse = milliseconds(
        lambda: check_markdown("a.md", next(fresh)),
        lambda: markdown.Markdown(extensions=["meta", "extra"]).convert(next(fresh)),
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(2000):
        check_markdown(f"{number}.md", unlike(text, 1000 + number))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{len(text.split())} words: guard {guard:.2f} ms, Python-Markdown {parse:.2f} ms, ratio {guard / parse:.2f}")
    print(
        f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB in all, {grown:.1f} MB grown over 2,000 documents"
    )
    return 0 if guard <= 3 and guard <= parse else 1


if __name__ == "__main__":
    raise SystemExit(main())
