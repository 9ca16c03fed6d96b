"""The page that shows one issue in its faces."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from funnel.newsletter.load import load_editions
from funnel.newsletter.preview import NothingToShow, readers_of, write_preview

from .site_builder import build, issue, lay_out

POSTAL = ("Example & Co", "1 Example Street")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("preview")
    lay_out(root, {"newsletter/1.md": issue(1, "Dear {name|friend}, a word.")})
    return build(root)


def test_three_faces(output: Path) -> None:
    """The preview holds the page, the letter and the text, for a reader with a name and for one without, and the digest."""
    record = Path(f"{output}.record")
    file = write_preview(record, output, 1, output.parent / "theme", "https://site.example", POSTAL)
    page = html.unescape(html.unescape(file.read_text()))
    edition = load_editions(record)[0]
    assert edition.digest in page
    assert 'src="/newsletter/1/"' in page
    assert page.count("Dear Ada, a word.") == 2
    assert page.count("Dear friend, a word.") == 2
    assert "%%funnel" not in page


def test_values_are_escaped(output: Path) -> None:
    """A name or an address with signs of HTML stays text in the letter."""
    edition = load_editions(Path(f"{output}.record"))[0]
    readers = readers_of(edition, POSTAL)
    assert "Example &amp; Co<br>1 Example Street" in readers[0].html
    assert "Maria Theresia &amp; Söhne" in readers[2].html
    assert "Example & Co\n1 Example Street" in readers[0].text


def test_no_such_issue(output: Path) -> None:
    """An issue that the build does not have is refused in words."""
    with pytest.raises(NothingToShow, match="no issue 7"):
        write_preview(Path(f"{output}.record"), output, 7, output.parent / "theme", "https://site.example", POSTAL)
