"""Runs Pelican, in the one place that knows how: every error is fatal, and what it says is kept."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from funnel.publish.compiled import CUT_OFF, begun_anew
from funnel.publish.faults import machine_words_in
from funnel.publish.preflight import raw_settings
from funnel.publish.stamp import BUILD, Record, ended, read_record
from funnel.settings import SettingsError

GATE = 3
"""The exit code of a gate that refused: its words are for the person who writes."""


class NotBuilt(Exception):
    """A build that failed. The text says why; `exitcode` is 3 when a gate refused, 2 for settings, 1 for a fault of ours."""

    def __init__(self, words: str, exitcode: int) -> None:
        super().__init__(words)
        self.exitcode = exitcode


@dataclass(frozen=True)
class Site:
    """The folder of a project: where its settings, content and private files lie."""

    root: Path

    @property
    def var(self) -> Path:
        """Private files that git ignores."""
        return self.root / "var"

    @property
    def ledger(self) -> Path:
        """The record of effects outside this machine."""
        return self.root / "ledger.jsonl"

    @property
    def kept_letters(self) -> Path:
        """Every letter that went out, as it went out."""
        return self.root / "editions"


@dataclass(frozen=True)
class Built:
    """One finished build: the site's files, their record, and what Pelican had to say."""

    site: Path
    record_folder: Path
    record: Record
    words: str


def build(site: Site, settings_file: str, output: Path, cache: Path | None = None, drafts: str = "") -> Built:
    """Build the site into `output`, which is replaced only when every gate was passed. `cache` stands in for CACHE_PATH.
    `drafts` lets withheld documents in ("all", or the path of one), for a build that is only looked at.

    Raises NotBuilt with the words of the gate that refused, or when the build did not come to its end; and BadStamp when it left
    no good record.
    """
    command = [
        sys.executable,
        "-m",
        "pelican",
        "--fatal",
        "errors",
        "--log-handler",
        "plain",
        "-s",
        settings_file,
        "-o",
        str(output),
    ]
    if cache:
        command += ["-e", f"CACHE_PATH={json.dumps(str(cache))}"]
    name = secrets.token_hex(8)
    environ = {**os.environ, "FUNNEL_DRAFTS": drafts, BUILD: name}
    done = subprocess.run(command, cwd=site.root, capture_output=True, text=True, check=False, env=environ)
    words = _plain(done.stderr + done.stdout)
    if done.returncode < 0:
        raise NotBuilt(_broken_off(f" by signal {-done.returncode} ({signal.strsignal(-done.returncode)})"), 1)
    if done.returncode:
        if done.returncode not in (2, GATE):
            raise _crashed(site.root / settings_file, words)
        raise NotBuilt(words, done.returncode)
    record_folder = output.with_name(output.name + ".record")
    if not ended(record_folder, name):
        raise NotBuilt(_broken_off(), 1)
    return Built(output, record_folder, read_record(record_folder), words)


def _broken_off(how: str = "") -> str:
    return (
        f"The build was stopped{how} before it came to its end, so nothing of it is used. Somebody ended it, or the machine did, as "
        "it does when its memory is full. Run this again."
    )


def _crashed(settings_file: Path, words: str) -> NotBuilt:
    """A slip in the settings file, told with its line; a disk that is full; or a fault of ours as Pelican told it."""
    try:
        raw_settings(settings_file)
    except SettingsError as fault:
        return NotBuilt(str(fault), fault.exitcode)
    disk = begun_anew() if words.rstrip().endswith(CUT_OFF) else machine_words_in(words)
    return NotBuilt(disk, 2) if disk else NotBuilt(words, 1)


def _plain(words: str) -> str:
    """What Pelican printed, without its closing line."""
    return "\n".join(line for line in words.partition("Done: Processed")[0].splitlines() if line.strip())
