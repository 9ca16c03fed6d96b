"""What the reader's site adds to a build: `python benchmarks/site.py [POSTS] [ROUNDS]` (1000 and 3). The limit is 1.3 times.

The same made-up posts are built with the whole theme, and with everything of it switched off: bare pages without metadata,
structured data, related posts, contents, search or pictures for social networks. Both builds pass the same gates. Pictures
are made once, before the clock starts. The two take turns, so that other programs on the machine slow both alike.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
LIMIT = 1.3
TAGS = [f"thread-{number}" for number in range(40)]
WORDS = (
    "a letter that arrives on a quiet day is read twice and kept in the drawer beside the window where old maps lie "
    "somebody asks why the second page was blue and nobody remembers who had chosen the paper for it that spring "
    "the garden needs rain before noon and the printer hums while bread cools on the table near the open door"
)
BARE = {
    "base.html": '{% import "_parts.html" as parts with context %}<!DOCTYPE html>\n'
    '<html lang="en"><head><meta charset="utf-8"><title>{{ describe().title }}</title>{{ guard.seal() }}</head>\n'
    "<body><main>{% block main %}{% endblock %}</main></body></html>\n",
    "_document.html": '{% extends "base.html" %}{% block main %}<h1>{{ subject().title }}</h1>{{ subject().content }}{% endblock %}\n',
}


def write_site(folder: Path, posts: int) -> None:
    """Write posts of some 600 words with headings, links, a list and code, the same at every run."""
    chance = random.Random(8)  # noqa: S311  no secret is made of it
    for name in ("posts", "newsletter", "pages", "offers", "tips", "reviews", "requests", "images", "extra"):
        (folder / "content" / name).mkdir(parents=True)
    for number in range(posts):
        paragraphs = [" ".join(chance.choices(WORDS.split(), k=70)).capitalize() + "." for _ in range(8)]
        body = "\n\n## The part before\n\n".join(("\n\n".join(paragraphs[:4]), "\n\n".join(paragraphs[4:])))
        link = f"\n\nSee [another](post-{chance.randrange(posts):04}.md).\n\n- one\n- two\n\n```python\nx = 1\n```\n"
        tags = ", ".join(chance.sample(TAGS, 3))
        head = f"title: Paper number {number}\ndate: 20{number % 20:02}-0{number % 9 + 1}-11"
        head += f"\nstatus: published\ntags: [{tags}]\ncategory: Paper {number % 12}"
        (folder / f"content/posts/post-{number:04}.md").write_text(
            f"---\n{head}\n---\n\n{body}{link}", encoding="utf-8"
        )
    bare = folder / "bare"
    bare.mkdir()
    for name, text in BARE.items():
        (bare / name).write_text(text, encoding="utf-8")
    for name, more in (
        ("whole", ""),
        ("bare", f"SITE_SEARCH = SITE_CARDS = False\nTHEME_TEMPLATES_OVERRIDES = [{str(bare)!r}]\n"),
    ):
        (folder / f"{name}.py").write_text(
            f"import sys\nsys.path[:0] = [{str(HERE)!r}, {str(HERE / 'plugins')!r}]\nfrom pelicanconf import *\n"
            f"THEME = {str(HERE / 'theme')!r}\nPLUGIN_PATHS = [{str(HERE / 'plugins')!r}]\nEXTRA_PATH_METADATA = {{}}\n"
            f"CACHE_PATH = {str(folder / 'cache')!r}\n{more}",
            encoding="utf-8",
        )


def seconds(folder: Path, name: str) -> float:
    """Build once, and give the seconds that it took."""
    command = [sys.executable, "-m", "pelican", "content", "-s", f"{name}.py", "-o", f"out-{name}", "--fatal", "errors"]
    start = time.perf_counter()
    subprocess.run([*command, "--log-handler", "plain"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(posts: int = 1000, rounds: int = 3) -> int:
    """Print the medians and their ratio; 1 if it is over the limit."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_site(folder, posts)
        print(f"{posts} posts; the first build, which makes the pictures: {seconds(folder, 'whole'):.1f} s", flush=True)
        pairs = [(seconds(folder, "bare"), seconds(folder, "whole")) for _ in range(rounds)]
    bare, whole = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
    print(f"bare {bare:.1f} s, whole {whole:.1f} s: {ratio:.2f} times (limit {LIMIT})")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
