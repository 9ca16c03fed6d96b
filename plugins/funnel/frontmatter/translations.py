"""Which document is a translation of which, and whether every such claim can be true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .addresses import Read
from .documents import Document
from .problems import Problem


def original_of(document: Document) -> str:
    """The path of the document that it translates; its own where it is no translation."""
    return str(document.metadata.get("translates", document.path)).lstrip("/")


def mistranslated(reads: Sequence[Read]) -> Iterator[Problem]:
    """Every translation of another type, of a translation, or into a language that is there already.

    What it leads to must exist, and be seen: that is judged with the links.
    """
    by_path = {read.document.path: read.document for read in reads}
    taken: dict[tuple[str, str], str] = {
        (path, _language(document)): path for path, document in by_path.items() if original_of(document) == path
    }
    for read in reads:
        original = by_path.get(original_of(read.document))
        if original is None or original is read.document:
            continue
        fault = _fault(read.document, original, taken)
        if fault:
            yield read.source.problem(read.document.positions["translates"], *fault)
        taken.setdefault((original.path, _language(read.document)), read.document.path)


def _fault(document: Document, original: Document, taken: dict[tuple[str, str], str]) -> tuple[str, str] | None:
    if original_of(original) != original.path:
        return f"{original.path} is itself a translation", f"Name the original: {original_of(original)}"
    if original.type != document.type:
        return f"a {document.type} cannot translate a {original.type}", f"Put both into {original.path.split('/')[0]}/."
    other = taken.get((original.path, _language(document)))
    if other:
        return f"{other} is in the same language", "Correct lang: in one of the two."
    return None


def _language(document: Document) -> str:
    return str(document.metadata.get("lang", "")).lower()
