"""`python -m funnel.frontmatter docs` prints the reference of documents; `check CONTENT` judges a folder."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .problems import Refused
from .reference import reference
from .tree import Tree, read_tree


def main(arguments: list[str] | None = None) -> int:
    """Print what was asked for; the exit code is 3 when a document is refused."""
    parser = argparse.ArgumentParser(prog="python -m funnel.frontmatter", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("docs", help="print docs/documents.md")
    check = commands.add_parser("check", help="judge every file of a content folder")
    check.add_argument("content", type=Path)
    check.add_argument("--timezone", default="UTC", type=_zone, help="of the site, such as Europe/Berlin")
    chosen = parser.parse_args(arguments)
    if chosen.command == "docs":
        sys.stdout.write(reference())
        return 0
    return _check(read_tree(chosen.content.resolve(), timezone=chosen.timezone, now=datetime.now(UTC)))


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(f'there is no time zone "{name}"') from None


def _check(tree: Tree) -> int:
    for held in tree.withheld:
        due = f" until {held.due:%Y-%m-%d %H:%M %Z}" if held.due else ""
        sys.stdout.write(f"withheld: {held.document.path} ({held.reason}{due})\n")
    for ignored in tree.ignored:
        sys.stdout.write(f"ignored: {ignored.path} ({ignored.reason})\n")
    if tree.problems:
        refused = Refused.because(tree.problems)
        sys.stderr.write(f"{refused}\n")
        return refused.exitcode
    sys.stdout.write(f"{len(tree.published)} documents are ready.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
