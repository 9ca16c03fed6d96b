"""Undocumented is broken: the pages of documentation are walked, and what is made from the program is compared with it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from funnel.publish.reference import commands_page, settings_page

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)


@pytest.fixture
def tasks() -> ModuleType:
    """The tasks, read anew: invoke uses up the words of a task's options when it reads them."""
    spec = importlib.util.spec_from_file_location("site_tasks", ROOT / "tasks.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["site_tasks"] = module
    spec.loader.exec_module(module)
    return module


def every_task(tasks: ModuleType) -> list[tuple[str, object]]:
    return [(name, tasks.namespace[name]) for name in tasks.namespace.task_names]


def golden(request: pytest.FixtureRequest, path: Path, text: str) -> None:
    """Compare a page with what the program says now; --snapshot-update writes it."""
    if request.config.getoption("--snapshot-update", default=False):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_the_page_of_settings_is_what_the_program_reads(request: pytest.FixtureRequest) -> None:
    """docs/settings.md lists every setting with its default and its meaning."""
    golden(request, ROOT / "docs/settings.md", settings_page())


def test_the_page_of_commands_is_what_the_program_does(request: pytest.FixtureRequest, tasks: ModuleType) -> None:
    """docs/commands.md lists every task and every option."""
    golden(request, ROOT / "docs/commands.md", commands_page(every_task(tasks)))


def test_every_task_explains_itself_and_its_options(tasks: ModuleType) -> None:
    """`invoke --list` reads like a manual: a sentence for each task, words for each option."""
    for name, task in every_task(tasks):
        assert task.__doc__ and task.__doc__.strip().endswith((".", "`.")), name
        for argument in task.get_arguments():  # type: ignore[attr-defined]
            assert argument.help, f"{name} {argument.name}"


def test_what_is_shown_without_hyphens_can_be_typed_without(tasks: ModuleType) -> None:
    """invoke takes a bare word only for what must be there: whatever may be left out is an option with its name."""
    for name, task in every_task(tasks):
        for argument in task.get_arguments():  # type: ignore[attr-defined]
            assert argument.name not in (task.positional or ()) or argument.default is None, f"{name} {argument.name}"  # type: ignore[attr-defined]


def test_every_setting_of_the_sample_is_documented() -> None:
    """Each name of ours in pelicanconf.py stands in docs/settings.md."""
    text = (ROOT / "pelicanconf.py").read_text(encoding="utf-8").partition("# --- How the house works")[0]
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"^([A-Z_]+) =", text, re.M) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_links_between_the_pages_lead_somewhere(document: Path) -> None:
    """A link, a picture or a file named in code marks with a folder exists."""
    text = document.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.S)
    linked = [
        target
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose)
        if "://" not in target and not target.startswith("{")
    ]
    named = re.findall(r"`(docs/[\w./-]+\.md)`", text)
    missing = [target for target in linked if not (document.parent / target).exists()] + [
        name for name in named if not (ROOT / name).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_commands_named_in_the_pages_exist(document: Path, tasks: ModuleType) -> None:
    """Every `invoke X` in the documentation is a task."""
    known = set(tasks.namespace.task_names)
    text = document.read_text(encoding="utf-8")
    named = {name.rstrip(".") for name in re.findall(r"(?:invoke|bootstrap\.py) ([a-z][a-z.-]+)", text)}
    assert named - known <= {"issue"}


def test_the_words_of_the_glossary_have_one_meaning() -> None:
    """No word stands twice in the glossary."""
    words = re.findall(r"^\| ([a-z -]+?) \|", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.M | re.I)
    assert len(words) == len(set(words))


def test_the_readme_names_the_two_commands_first() -> None:
    """Before anything else, a stranger reads the two commands that do all."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.index("python3 bootstrap.py publish") < text.index("python3 bootstrap.py test") < text.index("## ")
