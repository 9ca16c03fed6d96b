"""Rule files laid over each other: those that were shipped, and those that a reader lays over them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from funnel.guard.records import CouldNotJudge
from funnel.guard.rulefile import LANGUAGE_KEYS, line_of, read_rules

SHIPPED = Path(__file__).parent / "rules"


def rule_files(folders: tuple[str, ...]) -> dict[str, list[Path]]:
    """The rule files by name: the shipped one, then those that are laid over it. Raises CouldNotJudge for a folder without any."""
    found: dict[str, list[Path]] = {}
    for folder in (SHIPPED, *map(Path, folders)):
        paths = sorted((*folder.glob("*.yml"), *folder.glob("*.yaml")))
        if not paths:
            raise CouldNotJudge(str(folder), "there is no rule file (*.yml) in this folder. Name the right one.")
        for path in paths:
            found.setdefault(path.stem, []).append(path)
    return found


def read_layers(paths: list[Path], digest: hashlib._Hash) -> dict[str, Any]:
    """What the files of one name say, each laid over the one before."""
    documents: dict[str, dict[str, Any]] = {}
    added: list[str] = []
    for path in paths:
        node, raw = read_rules(path)
        digest.update(path.name.encode() + b"\0" + raw + b"\0")
        _merge(documents, path, node, raw)
        if path.parent != SHIPPED:
            added += (entry for entries in node.get("hosts", {}).values() for entry in entries)
    return documents[paths[0].stem] | (
        {"added_hosts": added} if added else {}
    )  # they stand for the reader's own houses


def _merge(documents: dict[str, dict[str, Any]], path: Path, node: dict[str, Any], raw: bytes) -> None:
    """Lay one file over the one of the same name: lists and tables grow, single values are replaced, and so is a rule of the same id."""
    known = documents.setdefault(path.stem, {})
    allowed = frozenset(known) or LANGUAGE_KEYS
    for key, value in node.items():
        before = known.get(key)
        if path.parent != SHIPPED and (key not in allowed or (before is not None and _shape(before) != _shape(value))):
            what = f"`{key}` is no key of this file" if key not in allowed else f"`{key}` must be a {_shape(before)}"
            raise CouldNotJudge(str(path), f"{what}. Known: {', '.join(sorted(allowed))}.", line=line_of(raw, key))
        if key == "signs":
            value = [{**entry, "from": (str(path), raw)} for entry in value]
            again = {entry["id"] for entry in value}
            known[key] = [*(entry for entry in before or () if entry["id"] not in again), *value]
        elif isinstance(value, list) and before:
            known[key] = [*before, *value]
        elif isinstance(value, dict) and before:
            known[key] = before | {
                name: [*before[name], *entry]
                if isinstance(before.get(name), list) and isinstance(entry, list)
                else entry
                for name, entry in value.items()
            }
        else:
            known[key] = value
    if "stopwords" not in known and not known.keys().isdisjoint(("classes", "signs")) and path.stem != "structure":
        raise CouldNotJudge(
            str(path), "a language needs `stopwords`, its commonest words, by which its texts are known."
        )


def _shape(value: object) -> str:
    return "list" if isinstance(value, list) else "table" if isinstance(value, dict) else "number or word"
