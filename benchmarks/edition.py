"""How long a letter takes beyond Markdown: `python benchmarks/edition.py [FILE.md]`. The limit is 15 ms of one core."""

from __future__ import annotations

import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE / "plugins"))

from funnel.newsletter.compose import IssueText, Sender, compose  # noqa: E402
from funnel.newsletter.fragment import sanitise  # noqa: E402
from funnel.newsletter.issue_text import absolute  # noqa: E402
from funnel.newsletter.letter_body import MailImage  # noqa: E402
from funnel.newsletter.stationery import open_stationery  # noqa: E402
from markdown import Markdown  # noqa: E402

LIMIT = 15.0
ROUNDS = 50
SITE = "https://site.example"
EXTENSIONS = ["extra", "admonition", "sane_lists", "codehilite", "toc", "funnel.newsletter.forms"]


class AnyImage(dict[str, MailImage]):
    """Pictures are made once and kept; here each is as good as made."""

    def __missing__(self, address: str) -> MailImage:
        return MailImage(address, 536)


def measure(markdown: str) -> list[float]:
    """Milliseconds of processor time for sanitising, absolute addresses, HTML, text and digest, a run each."""
    paper = open_stationery(HERE / "theme" / "email")
    sender = Sender("site", SITE, "The Letter", "Somebody", "hello@site.example")
    raw = Markdown(extensions=EXTENSIONS).convert(markdown)
    moment = datetime(2026, 5, 4, tzinfo=UTC)
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        html = absolute(sanitise(raw), f"{SITE}/newsletter/1/")
        text = IssueText(1, "Title", "Subject", "", html, moment, None, (), "", f"{SITE}/newsletter/1/", "en")
        compose(text, sender, AnyImage(), paper).digest  # noqa: B018 (computed for its time)
        times.append((time.process_time() - start) * 1000)
    return times


def main(files: list[str]) -> int:
    """Print a line for each file; 1 if the median of one is over the limit."""
    slow = False
    for file in map(Path, files or [str(HERE / "tests/newsletter/every_form.md")]):
        body = file.read_text(encoding="utf-8").split("\n---\n", 1)[-1]
        times = measure(body)
        median = statistics.median(times)
        slow = slow or median > LIMIT
        print(f"{file.name}: {len(body.split())} words, median {median:.2f} ms, worst {max(times):.2f} ms")
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
