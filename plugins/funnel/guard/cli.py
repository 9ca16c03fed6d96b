"""The command line. Exit 0 clean, 1 findings, 2 could not judge or wrong use."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from io import TextIOWrapper
from pathlib import Path

from funnel.guard.config import Config, read_config
from funnel.guard.explain import explain
from funnel.guard.files import check_paths
from funnel.guard.formats import FORMATS, ROWS
from funnel.guard.introduce import introduce
from funnel.guard.records import CouldNotJudge, Finding
from funnel.guard.rulebook import prove_switches


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # JSON is UTF-8 everywhere, and a file's name may be no text at all
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
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
    explain_one = commands.add_parser("explain", help="show every sign that was weighed in one passage")
    explain_one.add_argument("place", metavar="PATH:LINE")
    explain_one.add_argument("--config", type=Path, metavar="FILE")
    explain_one.set_defaults(run=_explain)
    init = commands.add_parser("init", help="learn a first configuration from an existing site")
    init.add_argument("folder", type=Path, metavar="FOLDER")
    init.add_argument("--output", type=Path, default=Path("guard.yml"), metavar="FILE")
    init.set_defaults(run=_init)
    return parser


def _config(options: argparse.Namespace) -> Config:
    config = Config()
    if options.config:
        config = read_config(options.config)
        prove_switches(config.rules, config.off, config.languages, str(options.config), options.config.read_bytes())
    return replace(config, today=date.today())  # noqa: DTZ011 (a waiver ends on the author's own day)


def _check(options: argparse.Namespace) -> int:
    refused: list[CouldNotJudge] = []
    findings = check_paths(options.paths, _config(options), refused.append, from_here=options.format not in ROWS)
    found = 0

    def counted() -> Iterator[Finding]:
        nonlocal found
        for finding in findings:
            found += 1
            yield finding

    for piece in FORMATS[options.format](counted()):
        sys.stdout.write(piece)
    for error in refused:
        print(error, file=sys.stderr)
    if refused:
        print(f"{_files(len(refused))} could not be judged; nothing counts as checked.", file=sys.stderr)
        return CouldNotJudge.exitcode
    if options.format == "text":
        print(f"{found} finding{'' if found == 1 else 's'}." if found else "Clean: nothing here sells.")
    return 1 if found else 0


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _explain(options: argparse.Namespace) -> int:
    path, _, line = options.place.rpartition(":")
    if not path or not line.isdecimal() or not line.isascii():
        raise CouldNotJudge(options.place, "write the place as PATH:LINE, for example content/posts/a.md:12.")
    sys.stdout.write(explain(Path(path), int(line), _config(options)))
    return 0


def _init(options: argparse.Namespace) -> int:
    if options.output.exists():
        raise CouldNotJudge(
            str(options.output), "this file is there already. Name another with --output, or take it away."
        )
    written, told = introduce(options.folder)
    try:
        options.output.write_text(written, encoding="utf-8")
    except OSError as error:
        raise CouldNotJudge(str(options.output), f"this file cannot be written ({error.strerror}).") from error
    print(f"{told}Written to {options.output}. Read it before you trust it.")
    return 0
