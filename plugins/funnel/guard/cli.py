"""The command line. Exit 0 clean, 1 findings, 2 could not judge or wrong use."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from funnel.guard.config import Config, read_config
from funnel.guard.files import check_paths
from funnel.guard.formats import FORMATS
from funnel.guard.records import CouldNotJudge


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except CouldNotJudge as error:
        print(f"{error}\nThe guard could not judge; nothing counts as checked.", file=sys.stderr)
        return CouldNotJudge.exitcode
    except BrokenPipeError:
        return CouldNotJudge.exitcode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m funnel.guard", description="Tell whether documents teach or sell.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="judge files and folders: .md .mdx .markdown .html .txt")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    check.add_argument(
        "--config", type=Path, metavar="FILE", help="what the publisher sells (docs/guard.md, Configuration)"
    )
    check.add_argument("--format", choices=sorted(FORMATS), default="text")
    check.set_defaults(run=_check)
    return parser


def _check(options: argparse.Namespace) -> int:
    config = read_config(options.config) if options.config else Config()
    findings = list(check_paths(options.paths, config))
    sys.stdout.write(FORMATS[options.format](findings))
    if options.format == "text":
        print(
            f"{len(findings)} finding{'' if len(findings) == 1 else 's'}." if findings else "Clean: nothing here sells."
        )
    return 1 if findings else 0
