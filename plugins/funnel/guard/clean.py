"""Remembers in which written files nothing was found, so that the next build judges only those that are not the same."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import turbohtml

from funnel.guard.built import Allowed
from funnel.guard.config import Config
from funnel.guard.records import Finding, Kind
from funnel.guard.rulebook import rulebook
from funnel.guard.walk import Source

DATED = "waive"
"""What a text with this word is depends on the day: waivers end. It is judged in every build."""


class Clean:
    """The clean files of the last build, each by a digest of all that its judgement depends on, and those of this one.

    `file` holds those of one build only, so that it cannot grow, and may be deleted at any time. A digest that was cut off
    or spoilt stands for no file.
    """

    def __init__(self, file: Path, config: Config, allowed: Allowed) -> None:
        self._file = file
        self._judge = _judge(config, allowed)
        self._before = frozenset(file.read_text(encoding="utf-8", errors="replace").split()) if file.is_file() else ()
        self._now: set[str] = set()

    def unless_known(self, source: Source, kind: Kind, judge: Callable[[], list[Finding]]) -> list[Finding]:
        """What `judge` finds in a file; nothing, unasked, where the last build had the same file and found nothing."""
        text = source.text()
        facts = "\0".join((self._judge, kind, source.path, text))
        digest = hashlib.sha256(facts.encode(errors="surrogatepass")).hexdigest()
        found = [] if digest in self._before else judge()
        if not found and DATED not in text:
            self._now.add(digest)
        return found

    def keep(self) -> None:
        """Keep what was clean in this build for the next one."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text("\n".join(sorted(self._now)), encoding="utf-8")


def _judge(config: Config, allowed: Allowed) -> str:
    """A digest of who judges, and by what: the guard's own files, the programs that it stands on, rules, settings, what is allowed."""
    own = sorted(Path(__file__).parent.rglob("*.py"))  # the rules tell of themselves in their own digest
    facts = (
        sys.version,
        turbohtml.__version__,
        [hashlib.sha256(path.read_bytes()).hexdigest() for path in own],
        rulebook(config.rules, config.off, config.languages).digest,
        replace(config, today=None),
        sorted(allowed.titles),
        sorted(allowed.waived),
    )
    return hashlib.sha256(repr(facts).encode(errors="surrogatepass")).hexdigest()
