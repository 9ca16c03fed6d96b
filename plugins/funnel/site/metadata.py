"""Takes what a camera or an editor wrote about a picture (place, owner, device) out of the file, without touching a pixel.

Sources: JPEG (ITU-T T.81, annex B; CIPA DC-007 for what hangs behind a picture), PNG
(https://www.w3.org/TR/png/#11Chunks), WebP container (RFC 9649).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n"
_PNG_TOLD = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_WEBP_TOLD = {b"EXIF", b"XMP "}
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04
_ORIENTATION = 0x0112
_SCAN, _END = 0xDA, b"\xd9"
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
"""A marker that is no byte of a scan and no restart in it."""


def without_metadata(content: bytes) -> bytes:
    """Give the file without EXIF, XMP, IPTC and comments; of EXIF only the way up is kept.

    Files of other formats, and files that end in the middle of a part, come back as they are.
    """
    try:
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
        if content.startswith(PNG):
            return _png(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        return content
    return content


def _jpeg(content: bytes) -> bytes:
    kept, at, orientation = [content[:2]], 2, 1
    while content[at] == 0xFF and content[at + 1] != _SCAN:
        marker = content[at + 1]
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        segment = content[at:end]
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            orientation = _orientation(segment[10:])
        elif (
            marker not in (0xE1, 0xED, 0xFE) and segment[4:8] != b"MPF\0"
        ):  # EXIF and XMP, IPTC, comments, what hangs behind
            kept.append(segment)
        at = end
    if orientation != 1:
        kept.insert(1, _upright(orientation))
    return b"".join(kept) + content[at : _end_of_picture(content, at)]


def _end_of_picture(content: bytes, at: int) -> int:
    """Where the picture ends whose first scan begins at `at`: a telephone hangs a film or a second picture behind it."""
    while found := _MARKER.search(content, at):
        if found[1] == _END:
            return found.end()
        at = found.end() + struct.unpack_from(">H", content, found.end())[0]
    return len(content)


def _orientation(tiff: bytes) -> int:
    """Which way up the camera was held (EXIF 2.32, tag 0x0112); 1 where it is not said, or cannot be read."""
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        start = struct.unpack_from(order + "I", tiff, 4)[0]
        for entry in range(struct.unpack_from(order + "H", tiff, start)[0]):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * entry)
            if tag == _ORIENTATION:
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _tiff(orientation: int) -> bytes:
    """EXIF that says nothing but the way up."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)


def _upright(orientation: int) -> bytes:
    body = b"Exif\0\0" + _tiff(orientation)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        orientation = _orientation(content[at + 8 : end - 4]) if name == b"eXIf" else 1
        if orientation != 1:
            part = name + _tiff(orientation)
            kept.append(struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)))
        elif name not in _PNG_TOLD:
            kept.append(content[at:end])
        at = end
        if name == b"IEND":
            break
    return b"".join(kept)


def _webp(content: bytes) -> bytes:
    told = (chunk[8:].removeprefix(b"Exif\0\0") for name, chunk in _webp_chunks(content) if name == b"EXIF")
    orientation = _orientation(next(told, b""))
    lost = _XMP_FLAG | (_EXIF_FLAG if orientation == 1 else 0)
    kept = []
    for name, chunk in _webp_chunks(content):
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~lost]) + chunk[9:]
        if name not in _WEBP_TOLD:
            kept.append(chunk)
    if orientation != 1:
        tiff = _tiff(orientation)
        kept.append(b"EXIF" + struct.pack("<I", len(tiff)) + tiff)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        end = at + 8 + length + length % 2
        yield name, content[at:end]
        at = end
