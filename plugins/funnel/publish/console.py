"""The thin front of every task: what to print, and with which exit code to end."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from funnel.frontmatter import NoDate, stand_in
from funnel.mailing_list import choose as lists
from funnel.mailing_list.carry_out import Watch
from funnel.mailing_list.delivery import Pace
from funnel.mailing_list.history import made
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.port import MailingList
from funnel.publish.build import Site
from funnel.publish.faults import machine_words
from funnel.publish.preflight import raw_settings
from funnel.publish.targets.port import Progress, quiet
from funnel.publish.transaction import Event
from funnel.settings import Settings, SettingsError, read_settings


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn every error that is meant for a person, and what a disk says, into words and an exit code; leave a fault of ours
    as it is."""
    try:
        yield
    except KeyboardInterrupt:
        print("\nEnded.", file=sys.stderr)
        raise SystemExit(130) from None
    except Exception as fault:
        code = getattr(fault, "exitcode", None)
        words = str(fault) if code is not None else machine_words(fault)
        if not words:
            raise
        stop(words, 2 if code is None else code)


def stop(words: str, code: int) -> NoReturn:
    """End with a message for a person and an exit code (docs/architecture.md lists them)."""
    print(harmless(words), file=sys.stderr)
    raise SystemExit(code)


def harmless(words: str) -> str:
    """Words without the signs by which a terminal is steered: much of what we tell was said by other machines."""
    return words.translate(_STEERING)


_STEERING = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}
_STEERING[ord("\r")] = ""  # of a file with the line ends of Windows


def tell(events: Iterator[Event], form: str = "text") -> None:
    """Print events as they happen: sentences, or a JSON object a line."""
    for event in events:
        if form == "json":
            say(json.dumps({"step": event.step, "words": event.words, **event.data}, ensure_ascii=False))
        else:
            say(event.words)


def say(words: str) -> None:
    """Print at once. When nobody reads any more (`publish | head`), the work goes on all the same, in silence."""
    try:
        print(harmless(words), flush=True)
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays open as long as we run


def moment(environ: Mapping[str, str] = os.environ) -> datetime:
    """The time now, aware; FUNNEL_NOW in the environment stands in for it in tests.

    Raises SettingsError if FUNNEL_NOW is no moment.
    """
    try:
        return stand_in(environ) or datetime.now(UTC)
    except NoDate as fault:
        raise SettingsError(f"FUNNEL_NOW: {fault.message}. {fault.advice}") from None


def settings_of(site: Site, settings_file: str = "publishconf.py", environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of a site as Pelican would. Ends with exit code 2 when they cannot be meant as they stand."""
    path = site.root / settings_file
    if not path.is_file():
        raise SettingsError(f"There is no {settings_file} in {site.root}. Is this the folder of the site?")
    return read_settings(raw_settings(path), environ)


def choose(form: str, allowed: tuple[str, ...], option: str = "--format") -> str:
    """Check a word that was typed as an option."""
    if form not in allowed:
        stop(f"{option} takes one of: {', '.join(allowed)} (not {form!r}).", 2)
    return form


def open_list(
    site: Site, settings: Settings, environ: Mapping[str, str] = os.environ, progress: Progress = quiet
) -> MailingList:
    """The mailing list that the settings name, with the contact book of the site. `progress` is told of each letter."""
    pace = Pace(
        per_minute=settings.letters_per_minute,
        stop_share=settings.letters_stop_percent / 100,
        stop_complaints=settings.letters_stop_complaints / 1000,
    )
    choices = lists.Choices(settings.newsletter_tracking, settings.mailchimp_folder, pace)
    return lists.open_list(
        settings,
        environ,
        site.var,
        choices=choices,
        known=lambda: made(Ledger.open(site.ledger).events()),
        watch=Watch(say=_say_beside),
        progress=progress,
    )


def _say_beside(words: str) -> None:
    """Tell what is waited for, beside what programs read."""
    print(harmless(words), file=sys.stderr, flush=True)


def whole(text: str, name: str) -> int:
    """Read a whole number that was typed. Ends with exit code 2 when it is none."""
    if not text.isascii() or not text.isdecimal():
        stop(f"{name} takes a whole number (not {text!r}).", 2)
    return int(text)


def agree(question: str) -> bool:
    """Ask a person at a terminal; without a terminal nothing asks, and flags have decided already."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:  # Ctrl-D: no answer is no yes
        print()
        return False
