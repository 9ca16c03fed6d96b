"""Issues through Pelican itself: pages, archive, editions."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.newsletter.load import BrokenEdition, load_editions

from .site_builder import build, issue, lay_out

BAR = b'<rect width="300" height="100" fill="#246"/>'
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100">' + BAR + b"</svg>"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    body = "See [the post]({filename}/posts/a.md#part) and ![A blue bar]({static}/images/bar.svg)"
    lay_out(
        root,
        {
            "images/bar.svg": DRAWING,
            "posts/a.md": "---\ntitle: A post\ndate: 2026-01-02\nstatus: published\n---\nWords.\n",
            "newsletter/1.md": issue(1),
            "newsletter/2.md": issue(2, body),
            "newsletter/3.md": issue(3, "Secret words.", status="draft"),
            "newsletter/4.md": issue(4, "Later words.", date="2027-01-01"),
        },
    )
    return build(root)


def test_pages(output: Path) -> None:
    """Each published issue has its page, the archive lists them newest first, and a year lists its own."""
    assert "Issue number 1" in (output / "newsletter/1/index.html").read_text()
    archive = (output / "newsletter/index.html").read_text()
    assert archive.index("/newsletter/2/") < archive.index("/newsletter/1/")
    assert "2026" in (output / "newsletter/2026/index.html").read_text()
    assert "rel=prev href=/newsletter/1/" in (output / "newsletter/2/index.html").read_text()


def test_withheld_issues_leave_no_trace(output: Path) -> None:
    """A draft and a future issue have no page, no edition, and no word in the output."""
    assert not (output / "newsletter/3").exists()
    assert not (output / "newsletter/4").exists()
    every = "".join(file.read_text() for file in output.rglob("*.html"))
    assert "Secret" not in every
    assert "Later" not in every
    assert [edition.number for edition in load_editions(Path(f"{output}.record"))] == [1, 2]


def test_edition_addresses(output: Path) -> None:
    """Links and pictures of a letter are absolute, the picture is a PNG on our own site, and both are listed."""
    edition = load_editions(Path(f"{output}.record"))[1]
    assert 'href="https://site.example/posts/a/#part"' in edition.html
    assert "{filename}" not in edition.html + edition.text
    picture = next(link for link in edition.links if link.endswith(".png"))
    assert (output / picture.removeprefix("https://site.example/")).read_bytes().startswith(b"\x89PNG")
    assert {"https://site.example/posts/a/", edition.archive_url, picture} == set(edition.links)
    assert edition.key == "example/2"


def test_same_bytes_again(output: Path) -> None:
    """A second build of the same tree gives editions with the same digests."""
    before = [edition.digest for edition in load_editions(Path(f"{output}.record"))]
    build(output.parent)
    assert [edition.digest for edition in load_editions(Path(f"{output}.record"))] == before


def test_changed_edition_is_refused(output: Path) -> None:
    """An edition that somebody changed on disk cannot be loaded."""
    letter = Path(f"{output}.record") / "editions/1/letter.txt"
    kept = letter.read_bytes()
    letter.write_bytes(kept + b"more")
    with pytest.raises(BrokenEdition, match="changed"):
        load_editions(Path(f"{output}.record"))
    letter.write_bytes(kept)
