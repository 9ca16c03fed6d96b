"""docs/theme.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from funnel.site.furniture import Furniture
from funnel.site.options import read_options
from funnel.site.template_names import template_names

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/theme.md").read_text(encoding="utf-8")


def test_every_name_that_a_template_may_call_is_explained() -> None:
    """The table of names has every name, and no other."""
    names = set(template_names(Furniture(read_options({"SITENAME": "x"}), ROOT / "theme/words")))
    table = PAGE.split("A template may call:")[1].split("An entry has")[0]
    told = set(re.findall(r"`(\w+)[(`]", "\n".join(line.split("|")[1] for line in table.splitlines() if "|" in line)))
    assert told == names


def test_every_setting_that_the_theme_reads_is_explained() -> None:
    """Each setting in the code stands in the table."""
    read = set(re.findall(r'raw(?:\.get\(|\[)"([A-Z_]+)"', (ROOT / "plugins/funnel/site/options.py").read_text()))
    read -= {"SITEURL", "DEFAULT_LANG"}  # Pelican's own, explained there
    assert read - set(re.findall(r"`([A-Z_]+)`", PAGE)) == set()


def test_every_block_that_is_named_exists() -> None:
    """Blocks of the table are in the templates."""
    templates = "".join(path.read_text() for path in (ROOT / "theme/templates").glob("*.html"))
    table = PAGE.split("| block | where |")[1].split("`base.html` calls")[0]
    for name in re.findall(r"`(\w+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if "|" in line)):
        assert f"{{% block {name} %}}" in templates, name
