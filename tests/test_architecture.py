"""The house keeps its plan: docs/architecture.md."""

from __future__ import annotations

import ast
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGES = Path(__file__).resolve().parent.parent / "plugins" / "funnel"

MAY_IMPORT = {
    "disk": set(),
    "frontmatter": set(),
    "guard": set(),
    "settings": set(),
    "words": set(),
    "people": {"disk", "settings"},
    "newsletter": {"frontmatter", "settings", "words"},
    "mailing_list": {"disk", "newsletter", "people", "settings"},
    "desk": {"people", "settings", "words"},
    "site": {"newsletter", "frontmatter", "settings", "words"},
    "publish": {"disk", "frontmatter", "guard", "settings", "people", "newsletter", "mailing_list", "desk", "site"},
}
"""What each package may import of ours, besides itself."""

MAY_IMPORT_PELICAN = {"plugin.py", "preflight.py", "console.py"}
BANNED_NAMES = {"utils", "helpers", "common", "manager", "service", "base", "core"}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGES.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def named(path: Path) -> str:
    return path.relative_to(PACKAGES).as_posix()


def test_every_package_is_in_the_plan() -> None:
    """No room is built without a place in the plan."""
    rooms = {path.parent.relative_to(PACKAGES).parts[0] for path in modules() if path.parent != PACKAGES}
    assert rooms <= set(MAY_IMPORT)


@pytest.mark.parametrize("path", modules(), ids=named)
def test_packages_import_downwards_only(path: Path) -> None:
    """A package imports only what the plan says it may."""
    room = path.relative_to(PACKAGES).parts[0]
    if room not in MAY_IMPORT:
        return
    used = {name.split(".")[1] for name in imports(path) if name.startswith("funnel.")}
    assert used - {room} <= MAY_IMPORT[room]


def test_only_the_edge_imports_pelican() -> None:
    """Pelican is known in plugin.py, and where the settings file is read; nowhere else."""
    offenders = [
        named(path)
        for path in modules()
        if path.name not in MAY_IMPORT_PELICAN and any(name.split(".")[0] == "pelican" for name in imports(path))
    ]
    assert offenders == []


def test_only_its_adapter_names_the_provider() -> None:
    """The client library of Mailchimp is imported by its adapter alone."""
    offenders = [
        named(path)
        for path in modules()
        if "mailchimp" not in named(path)
        and any("mailchimp" in name for name in imports(path) if not name.startswith("funnel."))
    ]
    assert offenders == []


def functions() -> Iterator[tuple[str, int]]:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{named(path)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_rooms_and_thoughts_are_small() -> None:
    """No file is over 250 lines and no function over 40; the middle ones are far below."""
    files = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: lines for name, lines in files.items() if lines > 250} == {}
    sizes = dict(functions())
    assert {name: lines for name, lines in sizes.items() if lines > 40} == {}
    assert statistics.median(sizes.values()) <= 10


def test_names_say_what_is_in_the_room() -> None:
    """No module is called by a word that fits everything."""
    assert [named(path) for path in modules() if path.stem in BANNED_NAMES] == []


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGES.parent).with_suffix("").parts).removesuffix(".__init__")


def waits_for(path: Path, known: set[str]) -> set[str]:
    """The modules that must be there before this one is: those it imports at its top, and the packages they stand in."""
    package = dotted(path) if path.stem == "__init__" else dotted(path).rpartition(".")[0]
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = f"{package}.{node.module}" if node.level else str(node.module)
            found |= {start, *(f"{start}.{name.name}" for name in node.names)} if node.module else set()
    whole = {".".join(name.split(".")[:count]) for name in found for count in range(1, name.count(".") + 2)}
    ours = {".".join(dotted(path).split(".")[:count]) for count in range(1, dotted(path).count(".") + 2)}
    return (whole & known) - ours


def test_no_two_modules_wait_for_each_other() -> None:
    """Whichever module is imported first, its imports end."""
    known = {dotted(path) for path in modules()}
    order = TopologicalSorter({dotted(path): waits_for(path, known) for path in modules()})
    assert len(list(order.static_order())) == len(known)


def test_no_group_of_a_pattern_is_possessive() -> None:
    """Python before 3.11.5 (Debian 12 has 3.11.2) reads such groups wrongly: it finds what is not there (gh-106052)."""
    possessive = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")
    found = [
        f"{path.name}: {hit[0]}" for path in PACKAGES.rglob("*.py") for hit in possessive.finditer(path.read_text())
    ]
    assert found == []


def test_no_task_waits_for_a_provider_that_it_does_not_use() -> None:
    """What makes the tasks known reads no library of a provider: a writer with a local list would wait for it at every command."""
    heavy = "mailchimp_marketing", "requests", "boto3", "PIL", "waitress"
    code = f"import sys, tasks; print([name for name in {heavy!r} if name in sys.modules])"
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(PACKAGES.parent), str(PACKAGES.parent.parent)])}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
