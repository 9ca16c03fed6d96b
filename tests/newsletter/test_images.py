"""Pictures made for mail."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import pytest
from funnel.newsletter import images
from funnel.newsletter.drawing import BadImage, Look
from funnel.newsletter.images import COLUMN, derive
from funnel.newsletter.pictures import Pictures
from PIL import Image

LOOK = Look(tuple(sorted((Path(__file__).parents[2] / "theme/email/fonts").glob("*.ttf"))), "#fcfaf5")
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100" width="400" height="100"><style>
.a {{ fill: var(--ink, #123456); }} @media (prefers-color-scheme: dark) {{ .a {{ fill: #ffffff; }} }}
text {{ font-family: ui-sans-serif, system-ui, sans-serif; font-size: 40px; }}</style>
<rect class="a" width="100" height="100"/><text x="150" y="60">{}</text></svg>"""


def saved(mode: str, size: tuple[int, int], kind: str, **options: object) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """The picture in a file, in colours."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_drawing() -> None:
    """A drawing becomes a PNG of twice its width with its light colours, its words, and a ground."""
    made = derive("My Drawing.svg", DRAWING.format("Words").encode(), LOOK)
    picture = opened(made.data)
    assert made.name.startswith("my-drawing-")
    assert made.name.endswith(".png")
    assert (made.width, made.height) == (400, 100)
    assert picture.width == COLUMN * 2
    assert picture.getpixel((20, 20)) == (0x12, 0x34, 0x56)
    assert picture.getpixel((picture.width - 5, 5)) == (0xFC, 0xFA, 0xF5)
    plain = opened(derive("x.svg", DRAWING.format("").encode(), LOOK).data)
    assert plain.tobytes() != picture.tobytes()


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("WEBP", "RGB"), ("GIF", "P"), ("AVIF", "RGB")]
)
def test_raster(kind: str, mode: str) -> None:
    """Every raster becomes a JPEG or PNG of at most twice the column."""
    made = derive(f"x.{kind.lower()}", saved(mode, (3000, 1500), kind), LOOK)
    assert Image.open(io.BytesIO(made.data)).format in ("JPEG", "PNG")
    assert opened(made.data).width == COLUMN * 2
    assert (made.width, made.height) == (COLUMN, COLUMN // 2)


def test_a_picture_of_sixteen_bits_keeps_its_greys() -> None:
    """Half black in 16 bits is half black in the letter, and no white sheet."""
    file = io.BytesIO()
    Image.new("I;16", (60, 30), 0x8080).save(file, "PNG")
    assert opened(derive("x.png", file.getvalue(), LOOK).data).convert("L").getpixel((9, 9)) in range(120, 137)


def test_small_pictures_stay_small() -> None:
    """A picture is never made larger than it was."""
    made = derive("x.png", saved("RGB", (120, 60), "PNG"), LOOK)
    assert opened(made.data).size == (120, 60)
    assert (made.width, made.height) == (120, 60)


def test_same_bytes() -> None:
    """The same picture makes the same bytes and the same name."""
    data = DRAWING.format("Words").encode()
    assert derive("x.svg", data, LOOK) == derive("x.svg", data, LOOK)


@pytest.mark.parametrize("data", [b"", b"no picture", b"<svg", b"\x89PNG\r\n\x1a\n broken", b"\xff\xd8\xff\xe0"])
@pytest.mark.parametrize("ending", ["svg", "png", "jpg"])
def test_broken(data: bytes, ending: str) -> None:
    """A file that is no picture is refused in words."""
    with pytest.raises(BadImage, match="save it again"):
        derive(f"x.{ending}", data, LOOK)


INTO = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" width="50" height="50">{}</svg>'
REACHING = (
    '<image href="{}" width="50" height="50"/>',
    '<image x:href="file://{}" width="50" height="50"/>',
    '<use href="{}#x"/>',
    '<image href="https://example.org{}" width="50" height="50"/>',
    '<image href="data:image/svg+xml,&lt;svg/>{}" width="50" height="50"/>',
)


@pytest.mark.parametrize("inside", REACHING)
def test_drawings_cannot_reach_out(inside: str, tmp_path: Path) -> None:
    """A drawing that points at other files, by whatever way, is refused before it is drawn."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(saved("RGB", (50, 50), "PNG"))
    with pytest.raises(BadImage, match="another file"):
        derive("x.svg", INTO.format(inside.format(secret)).encode(), LOOK)


def test_drawings_cannot_declare_entities() -> None:
    """A drawing with entities of its own is refused: they could hide a path, or grow without end."""
    with pytest.raises(BadImage, match="entities"):
        derive("x.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + INTO.format("&a;").encode(), LOOK)


@pytest.mark.parametrize("left", [b"", b'{"name": "x', b"[]", b'{"sha256": 1}'])
@pytest.mark.parametrize("ending", ["json", "bin"])
def test_half_a_kept_picture_is_made_anew(left: bytes, ending: str, tmp_path: Path) -> None:
    """What a build that was cut off left in the cache stops no later build: the same picture is made again."""
    source, cache = tmp_path / "x.png", tmp_path / "cache"
    source.write_bytes(saved("RGB", (120, 60), "PNG"))

    def made() -> list[tuple[str, bytes]]:
        pictures = Pictures("https://site.example", {"x": source}, LOOK, cache)
        pictures.image("x")
        return list(pictures.files())

    first = made()
    next(cache.glob(f"*.{ending}")).write_bytes(left)
    assert made() == first == made()


def test_a_large_picture_is_opened_without_a_word() -> None:
    """Of 100 megapixels, which are allowed, nobody hears a library's warning; of more than 120 it is said what to do."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert images.opened(saved("1", (10000, 10000), "PNG")).size == (10000, 10000)
    with pytest.raises(ValueError, match="make it smaller"):
        images.opened(saved("1", (13000, 10000), "PNG"))
