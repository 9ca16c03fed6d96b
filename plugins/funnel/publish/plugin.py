"""A whole release or none: the build goes to a new folder and takes its place only when every gate was passed."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pelican import Pelican, signals
from pelican.generators import Generator

from funnel.frontmatter import plugin as frontmatter
from funnel.guard import plugin as guard
from funnel.newsletter import plugin as newsletter
from funnel.publish.faults import machine_words
from funnel.publish.preflight import missing_plugins
from funnel.publish.stamp import BUILD, Held, write_end, write_record
from funnel.site import plugin as site


class MustNotBuild(Exception):
    """A build that must not go on. Its text is for the person who builds."""

    exitcode = 3


class WordsOnly(logging.Filter):
    """Print a refusal of any gate, or a full disk, in words: a traceback tells a person nothing, and Pelican's log wraps it."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if words := machine_words(fault):
            vars(fault)["exitcode"] = 2  # Pelican ends with what it carries
        elif hasattr(fault, "exitcode"):
            words = str(fault)
        if words:
            print(words, file=sys.stderr)
        return not words


WORDS_ONLY = WordsOnly()


def check_plugins(pelican: Pelican) -> None:
    """Refuse to build when a plugin of ours did not register: Pelican itself only logs that and goes on."""
    if fault := missing_plugins(pelican.settings["PLUGINS"]):
        raise MustNotBuild(fault)


def begin(pelican: Pelican) -> None:
    """Turn the build to a new folder beside the target."""
    target = Path(pelican.settings["OUTPUT_PATH"])
    staged, record = _staged(target), _staged(record_of(target))
    if target.exists() and any(target.iterdir()) and not record_of(target).exists():
        raise MustNotBuild(
            f"The folder {target} holds files that no build of ours has put there, and a build replaces the whole folder.\n"
            "Move it away, or name another folder (OUTPUT_PATH, or -o)."
        )
    for folder in (staged, record):
        _remove(folder)
        atexit.register(_remove, folder)
    staged.mkdir(parents=True)
    record.mkdir()
    pelican.output_path = str(staged)
    pelican.settings["FUNNEL_RECORD"] = str(record)


def judge_documents(generators: Sequence[Generator]) -> None:
    """Run the gates over the documents, in order, before a byte is written."""
    context = generators[0].context
    context["root"] = context["localsiteurl"] = urlsplit(context["SITEURL"]).path.rstrip("/")
    frontmatter.before_writing(generators)
    newsletter.before_writing(generators)
    guard.before_writing(generators)  # before pictures and cards: on a large site those take minutes
    site.before_writing(generators)


def finish(pelican: Pelican) -> None:
    """Complete what was written, run the gates over it, stamp it, and put it in its place."""
    newsletter.after_writing(pelican)
    site.after_writing(pelican)
    guard.after_writing(pelican)
    staged, record = Path(pelican.output_path), Path(pelican.settings["FUNNEL_RECORD"])
    drafts = bool(os.environ.get(frontmatter.DRAFTS))
    url = pelican.settings["SITEURL"]
    write_record(record, staged, url, guard.verdict(pelican), _withheld(pelican), drafts=drafts)
    target = Path(pelican.settings["OUTPUT_PATH"])
    _replace(record_of(target), record)
    _replace(target, staged)
    if name := os.environ.get(BUILD):
        write_end(record_of(target), name)


def record_of(target: Path) -> Path:
    """The folder of the record of a build, beside the built site."""
    return target.with_name(target.name + ".record")


def _withheld(pelican: Pelican) -> tuple[Held, ...]:
    tree: Any = frontmatter.tree_of(pelican.settings)
    return tuple(
        Held(
            held.document.path,
            str(held.document.metadata.get("title", "")),
            held.reason,
            held.due.isoformat() if held.due else "",
        )
        for held in tree.withheld
    )


def _staged(target: Path) -> Path:
    return target.with_name(target.name + ".new")


def _replace(target: Path, staged: Path) -> None:
    old = target.with_name(target.name + ".replaced")
    _remove(old)
    if target.exists():
        target.rename(old)
    staged.rename(target)
    _remove(old)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def register() -> None:
    logging.getLogger("pelican").addFilter(WORDS_ONLY)
    signals.initialized.connect(check_plugins)
    signals.get_generators.connect(begin)
    signals.all_generators_finalized.connect(judge_documents)
    signals.finalized.connect(finish)
