"""The command line. Exit 0 clean, 1 findings, 2 could not judge or wrong use."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from io import TextIOWrapper
from pathlib import Path

from funnel.guard.config import Config, read_config
from funnel.guard.explain import explain
from funnel.guard.files import check_sources
from funnel.guard.formats import FORMATS, ROWS, harmless
from funnel.guard.introduce import introduce
from funnel.guard.records import CouldNotJudge, Finding
from funnel.guard.rulebook import prove_switches
from funnel.guard.walk import sources


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # JSON is UTF-8 everywhere, and a file's name may be no text at all
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        if sys.stdout is None:
            raise CouldNotJudge("the output", "it is closed, so that nothing can be told. Leave it open.")
        code = int(options.run(options))
        sys.stdout.flush()
    except CouldNotJudge as error:
        return _without_verdict(error, "The guard could not judge; nothing counts as checked.")
    except KeyboardInterrupt:
        return _without_verdict("\nEnded; nothing counts as checked.")
    except OSError as error:
        with suppress(OSError):  # what the output has not taken yet is let go, or it would fail once more at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # the reader has seen enough
            return CouldNotJudge.exitcode
        return _without_verdict(f"The output cannot be written ({error.strerror}); nothing counts as checked.")
    return code


def _without_verdict(*said: object) -> int:
    """Say why there is no verdict."""
    for words in said if sys.stderr is not None else ():
        print(harmless(str(words)), file=sys.stderr)
    return CouldNotJudge.exitcode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m funnel.guard", description="Tell whether documents teach or sell.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check",
        help="judge files and folders: .md .mdx .markdown .html .txt",
        epilog="Exit codes: 0 clean, 1 findings, 2 something could not be judged.",
    )
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    check.add_argument(
        "--config", type=Path, metavar="FILE", help="what the publisher sells (docs/guard.md, Configuration)"
    )
    check.add_argument("--format", choices=sorted(FORMATS), default="text", help="how findings are told (text)")
    check.set_defaults(run=_check)
    explain_one = commands.add_parser("explain", help="show every sign that was weighed in one passage")
    explain_one.add_argument("place", metavar="PATH:LINE", help="as `check` tells it; a column may follow")
    explain_one.add_argument("--config", type=Path, metavar="FILE", help="the same as for `check`")
    explain_one.add_argument(
        "--checked", type=Path, action="append", default=[], metavar="PATH",
        help="what `check` was given, if not the first folder of the path (once for each)",
    )  # fmt: skip
    explain_one.set_defaults(run=_explain)
    init = commands.add_parser("init", help="learn a first configuration from an existing site")
    init.add_argument("folder", type=Path, metavar="FOLDER", help="where the site's documents are")
    init.add_argument(
        "--output",
        type=Path,
        default=Path("guard.yml"),
        metavar="FILE",
        help="a file that is not there yet (guard.yml)",
    )
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
    config = _config(options)
    found = list(sources(options.paths, refused.append))
    if not found and options.format in ROWS:
        return _unjudged(refused)  # and no rows, which would look clean
    findings = check_sources(found, config, refused.append, from_here=options.format not in ROWS)
    count = 0

    def counted() -> Iterator[Finding]:
        nonlocal count
        for finding in findings:
            count += 1
            yield finding

    for piece in FORMATS[options.format](counted(), refused):
        sys.stdout.write(piece)
    if refused:
        return _unjudged(refused)
    if options.format == "text":
        print(f"{count} finding{'' if count == 1 else 's'}." if count else "Clean: nothing here sells.")
    return 1 if count else 0


def _unjudged(refused: list[CouldNotJudge]) -> int:
    count = f"{len(refused)} path{'' if len(refused) == 1 else 's'}"
    return _without_verdict(*refused, f"{count} could not be judged; nothing counts as checked.")


def _explain(options: argparse.Namespace) -> int:
    sys.stdout.write(harmless(explain(options.place, _config(options), options.checked)))
    return 0


def _init(options: argparse.Namespace) -> int:
    written, told = introduce(options.folder)
    try:
        with options.output.open("x", encoding="utf-8") as file:
            file.write(written)
    except FileExistsError as error:
        said = "this file is there already. Name another with --output, or take it away."
        raise CouldNotJudge(str(options.output), said) from error
    except OSError as error:
        raise CouldNotJudge(str(options.output), f"this file cannot be written ({error.strerror}).") from error
    print(f"{harmless(told)}Written to {options.output}. Read it before you trust it.")
    return 0
