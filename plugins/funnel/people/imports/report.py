"""What an import did, told so that the owner can answer for every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SHOWN_ROWS = 20


@dataclass(frozen=True)
class Remark:
    """Something about one row: the line in the file, why. `cells` go into the file of rejects, never into a message."""

    line: int
    why: str
    cells: tuple[str, ...] = ()


@dataclass
class Report:
    """Counts by what happened, and every row that needs a look. Grows while the import runs."""

    name: str
    format: str
    encoding: str
    separator: str
    columns: dict[str, str]
    ignored: tuple[str, ...]
    dry_run: bool
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[Remark] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    rejects_file: Path | None = None

    def lines(self) -> Iterator[str]:
        """The report for a terminal; no line holds anything that stood in a cell."""
        yield from self._preview()
        yield ""
        yield f"{sum(self.counts.values())} rows" + (" (dry run: nothing was changed)" if self.dry_run else "")
        for what, count in self.counts.most_common():
            yield f"  {count:>7}  {what}"
        for note, count in self.notes.most_common():
            yield f"  note: {note} ({count} rows)"
        yield from self._rejects()

    def _preview(self) -> Iterator[str]:
        kind = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}.get(self.separator, "none")
        yield f"{self.name}: {self.format}, {self.encoding}, separator {kind}"
        for meaning, column in self.columns.items():
            yield f"  {meaning:<13} <- {column}"
        if self.ignored:
            yield f"  left out: {', '.join(self.ignored)}   (use one with --map FIELD=COLUMN)"

    def _rejects(self) -> Iterator[str]:
        for remark in self.rejected[:SHOWN_ROWS]:
            yield f"  line {remark.line}: {remark.why}"
        if len(self.rejected) > SHOWN_ROWS:
            yield f"  … and {len(self.rejected) - SHOWN_ROWS} more"
        if self.rejects_file:
            yield f"Rows that did not land, with the reason for each: {self.rejects_file}"
