"""Pictures: sizes and formats, what is taken out of them, and the bad ones."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from funnel.site import pictures
from funnel.site.keeping import Larder
from funnel.site.metadata import without_metadata
from funnel.site.pictures import Shown, show
from funnel.site.svg import DrawingRefused, cleaned
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image


def _file(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def _show(content: bytes, folder: Path, name: str = "images/a.jpg") -> Shown:
    return show(content, name, "/club", Larder(folder))


def _exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera that tells"
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def test_a_photograph_comes_in_every_useful_width_and_two_better_formats(tmp_path: Path) -> None:
    """A photograph of 1,000 pixels is offered at 400, 608, 912 and 1,000 in AVIF and WebP, and once as JPEG."""
    shown = _show(_file(Image.new("RGB", (1000, 500), "#875"), "JPEG"), tmp_path)
    assert [source.type for source in shown.picture.sources] == ["image/avif", "image/webp"]
    assert [part.split()[1] for part in shown.picture.sources[0].srcset.split(", ")] == [
        "400w",
        "608w",
        "912w",
        "1000w",
    ]
    assert (shown.picture.width, shown.picture.height) == (1000, 500)
    assert shown.picture.src.startswith("/club/images/sized/a-") and shown.picture.src.endswith("-1000.jpg")
    assert len(shown.files) == 9
    assert all(Image.open(io.BytesIO(content)).width in (400, 608, 912, 1000) for content in shown.files.values())


@pytest.mark.heavy
def test_a_photograph_of_forty_megapixels_is_made_small(tmp_path: Path) -> None:
    """What a camera gives (8,000 by 5,000) is shown at 1,824 at most, within 60 seconds; 100 megapixels are refused in words."""
    content = _file(
        Image.effect_mandelbrot((2000, 1250), (-2, -1, 1, 1), 20).resize((8000, 5000)).convert("RGB"), "JPEG"
    )
    start = time.monotonic()
    shown = _show(content, tmp_path)
    assert time.monotonic() - start < 60
    assert max(Image.open(io.BytesIO(made)).width for made in shown.files.values()) == 1824
    with pytest.raises(ValueError, match="too many pixels"):
        _show(_file(Image.new("1", (12001, 10000)), "PNG"), tmp_path, "images/a.png")


def test_nothing_is_made_twice(tmp_path: Path) -> None:
    """The second build takes every form from the larder, and its bytes are the same."""
    content = _file(Image.effect_mandelbrot((700, 400), (-2, -1, 1, 1), 20).convert("RGB"), "PNG")
    first = _show(content, tmp_path, "images/a.png")
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert _show(content, tmp_path, "images/a.png") == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == kept


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_what_a_camera_tells_is_gone_and_no_pixel_with_it(tmp_path: Path, form: str) -> None:
    """No place, owner or device is left in the original or in any form of it, and the picture is the same."""
    content = _file(Image.effect_noise((500, 300), 40).convert("RGB"), form, exif=_exif())
    assert b"A camera that tells" in content
    shown = _show(content, tmp_path, f"images/a.{form.lower()}")
    assert Image.open(io.BytesIO(shown.original)).tobytes() == Image.open(io.BytesIO(content)).tobytes()
    for told in (shown.original, *shown.files.values()):
        assert b"A camera that tells" not in told
        assert set(Image.open(io.BytesIO(told)).getexif()) <= {0x0112}


def test_what_a_camera_tells_is_gone_where_it_cannot_be_read() -> None:
    """EXIF that ends in the middle goes like whole EXIF: it may still hold a place."""
    whole = _file(Image.new("RGB", (30, 20)), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x09A camera that tells")
    assert b"A camera that tells" in whole
    assert b"A camera that tells" not in without_metadata(whole)


@pytest.mark.parametrize("progressive", [False, True])
def test_what_a_telephone_hangs_behind_a_photograph_is_gone(progressive: bool) -> None:
    """A film with sound, or a second picture with a place of its own, does not go on-line with the first."""
    plain = _file(
        Image.effect_noise((300, 200), 40).convert("RGB"), "JPEG", progressive=progressive, restart_marker_rows=1
    )
    index = b"\xff\xe2\x00\x0aMPF\0MM\0*"
    behind = b"\0\0\0\x18ftypmp42 a film" + _file(Image.new("RGB", (8, 8)), "JPEG", exif=_exif())
    assert without_metadata(plain[:2] + index + plain[2:] + behind) == without_metadata(plain)
    assert Image.open(io.BytesIO(without_metadata(plain))).tobytes() == Image.open(io.BytesIO(plain)).tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_taken_on_its_side_stands_upright(tmp_path: Path, form: str) -> None:
    """The way up is kept in the original, and turned into pixels in every form."""
    content = _file(Image.new("RGB", (800, 600)), form, exif=_exif(6))
    shown = _show(content, tmp_path, f"images/a.{form.lower()}")
    original = Image.open(io.BytesIO(shown.original))
    assert dict(original.getexif()) == {0x0112: 6}
    assert original.tobytes() == Image.open(io.BytesIO(content)).tobytes()
    assert (shown.picture.width, shown.picture.height) == (600, 800)
    assert all(image.height > image.width for image in map(Image.open, map(io.BytesIO, shown.files.values())))


def test_a_small_webp_on_its_side_is_shown_by_a_form_of_it(tmp_path: Path) -> None:
    """Browsers do not turn a WebP by its EXIF, so that the file itself is not what the page shows, however small."""
    shown = _show(_file(Image.new("RGB", (300, 200)), "WEBP", exif=_exif(6)), tmp_path, "images/a.webp")
    assert (shown.picture.width, shown.picture.height) == (200, 300)
    assert shown.picture.src.startswith("/club/images/sized/a-")
    assert {Image.open(io.BytesIO(made)).size for made in shown.files.values()} == {(200, 300)}


def test_print_colours_become_screen_colours(tmp_path: Path) -> None:
    """A CMYK picture, as printers send it, is offered in RGB."""
    shown = _show(_file(Image.new("CMYK", (500, 500), (0, 200, 200, 0)), "JPEG"), tmp_path)
    assert {Image.open(io.BytesIO(content)).mode for content in shown.files.values()} == {"RGB"}


def test_a_picture_of_sixteen_bits_keeps_its_greys(tmp_path: Path) -> None:
    """Half black in 16 bits is half black on the page, and no white sheet."""
    shown = _show(_file(Image.new("I;16", (600, 300), 0x8080), "PNG"), tmp_path, "images/a.png")
    assert all(
        Image.open(io.BytesIO(made)).convert("L").getpixel((9, 9)) in range(120, 137) for made in shown.files.values()
    )


@pytest.mark.parametrize("width", [200, 900])
def test_a_picture_that_browsers_do_not_show_is_refused_whatever_its_name(tmp_path: Path, width: int) -> None:
    """A TIFF picture that was only renamed .jpg is refused with its true kind."""
    with pytest.raises(ValueError, match="inside it is a TIFF picture"):
        _show(_file(Image.new("RGB", (width, 100)), "TIFF"), tmp_path)


def test_a_moving_picture_is_left_as_it_is(tmp_path: Path) -> None:
    """An animated GIF keeps its frames and gets no still forms."""
    frames = [Image.new("RGB", (600, 300), colour) for colour in ("red", "green", "blue")]
    content = _file(frames[0], "GIF", save_all=True, append_images=frames[1:])
    shown = _show(content, tmp_path, "images/a.gif")
    assert (shown.original, shown.files, shown.picture.sources) == (content, {}, ())
    assert shown.picture.src == "/club/images/a.gif"


def test_transparency_survives(tmp_path: Path) -> None:
    """A picture one can see through falls back to PNG, not to a black JPEG."""
    shown = _show(_file(Image.new("RGBA", (700, 300), (0, 0, 0, 0)), "PNG"), tmp_path, "images/a.png")
    assert shown.picture.src.endswith(".png")


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n broken", b"\xff\xd8\xff\xe1"])
def test_a_broken_file_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    """A file that is no picture, or breaks off, is refused with a reason instead of a traceback."""
    with pytest.raises(ValueError, match="cannot be read as a picture"):
        _show(content, tmp_path)


def test_a_cut_off_photograph_is_refused(tmp_path: Path) -> None:
    """A photograph whose second half is missing is refused: it would be shown half grey."""
    content = _file(Image.effect_noise((900, 900), 60).convert("RGB"), "JPEG")
    with pytest.raises(ValueError, match="cannot be read"):
        _show(content[: len(content) // 2], tmp_path)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBPVP8X"]))
def test_no_bytes_break_the_taking_out(content: bytes, start: bytes) -> None:
    """Whatever bytes come, taking the metadata out gives bytes, and doing it twice changes nothing more."""
    once = without_metadata(start + content)
    assert without_metadata(once) == once


def test_a_drawing_without_anything_active_stays_byte_for_byte() -> None:
    """A plain drawing is not rewritten."""
    drawing = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20"><a href="https://example.com/"><path d="M0 0"/></a>
        <rect style="fill: url('#a'); mask: url( #b )" filter='url("#c")' stroke="url(#d)"/><style>p{fill:url("#e")}</style></svg>"""
    assert cleaned(drawing).content == drawing and not cleaned(drawing).removed


@pytest.mark.parametrize(
    "part",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)"/>',
        '<image href="https://spy.example/p.png"/>',
        '<a href="javascript:alert(1)"/>',
        "<foreignObject><body/></foreignObject>",
        '<style>@import "https://spy.example/x.css"; p{fill:url(https://spy.example/)}</style>',
        '<rect style="fill:url(https://spy.example/)"/>',
        '<rect style="fill:url(https://spy.example/"/>',
        '<rect mask="url(https://spy.example/m.svg#a)" filter="url( &quot;//spy.example/f.svg#a&quot; )"/>',
        '<a><set attributeName="href" to="javascript:alert(1)"/></a>',
        '<use xlink:href="https://spy.example/x.svg#a" xmlns:xlink="http://www.w3.org/1999/xlink"/>',
    ],
)
def test_what_acts_or_calls_is_taken_out_of_a_drawing(part: str) -> None:
    """Scripts, handlers and addresses outside the drawing are gone, the rest stands, and a second cleaning finds nothing."""
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{part}<circle r="3"/></svg>'.encode()
    clean = cleaned(drawing)
    assert clean.removed
    assert b"alert" not in clean.content and b"spy" not in clean.content and b"<circle" in clean.content
    assert not cleaned(clean.content).removed


@pytest.mark.parametrize("drawing", [b"<svg>", b'<!DOCTYPE x [<!ENTITY a "b">]><svg/>', "<svg/>".encode("utf-16")])
def test_a_drawing_that_is_no_xml_is_refused_with_its_place(drawing: bytes) -> None:
    """Broken XML, entities and other encodings are refused at line and column."""
    with pytest.raises(DrawingRefused) as caught:
        cleaned(drawing)
    assert caught.value.line >= 1 and caught.value.column >= 1


def test_a_picture_is_unpacked_once_however_many_threads_ask_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The forms of one photograph are made side by side from one unpacking of it."""
    unpacked: list[object] = []
    plain = pictures._standard
    monkeypatch.setattr(pictures, "_standard", lambda image: (unpacked.append(image), plain(image))[1])
    shown = _show(_file(Image.effect_noise((1900, 900), 50), "JPEG"), tmp_path)
    assert (len(unpacked), len(shown.files)) == (1, 11)
