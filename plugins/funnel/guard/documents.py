"""Judge one source document, and keep what its waivers let pass."""

from __future__ import annotations

from dataclasses import dataclass

from funnel.guard.config import Config
from funnel.guard.files import check_source
from funnel.guard.records import Finding, Kind
from funnel.guard.walk import Source


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings of one document, and the texts of the passages that a waiver lets pass."""

    findings: list[Finding]
    waived: tuple[str, ...] = ()


def judge_document(source: Source, kind: Kind, config: Config) -> Judged:
    """Judge the file as a document of this kind. Raises CouldNotJudge."""
    return Judged(check_source(source, config, kind))
