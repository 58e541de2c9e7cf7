"""The boxes of an MP4 or MOV file (ISO/IEC 14496-12): what is in it, and what it tells about its maker taken out.

A box that is taken out keeps its place: its name becomes `free` and its content zeros, so nothing behind it moves and
the film need not be written anew.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from bot.media import chunks

MOST_BOXES = 20_000
MOST_HEADER = 4096
_TOP = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pdin", b"moof", b"mfra", b"sidx", b"ssix", b"styp"}
_MOVIE = {b"mvhd", b"trak", b"mvex", b"iods", b"free", b"skip"}
_TRACK = {b"tkhd", b"mdia", b"edts", b"tref", b"tapt", b"load", b"clip", b"free", b"skip"}
_MEDIA = {b"mdhd", b"hdlr", b"minf", b"elng", b"free", b"skip"}
_KNOWN = {b"moov": _MOVIE, b"trak": _TRACK, b"mdia": _MEDIA}
"""Boxes that a player needs. Any other of these levels tells of place, device or owner, or is of no use."""
PLAYED = {"vide", "soun"}


class Broken(Exception):
    """The boxes do not fill the file: cut off, or something else has been hung on to it."""


@dataclass(frozen=True, slots=True)
class Box:
    """`start` is where its header begins, `inside` where its content does, `end` where it ends; bytes in the file."""

    name: bytes
    start: int
    inside: int
    end: int


@dataclass(slots=True)
class Film:
    """What is known of a film. `tracks`: the kinds of its tracks ("vide", "soun", …)."""

    tracks: set[str] = field(default_factory=set)
    width: int | None = None
    height: int | None = None
    seconds: int | None = None


def look(file: Path) -> Film:
    """Read what the film says of itself. Raises `Broken`."""
    film = Film()
    with file.open("rb") as opened:
        for box in _children(opened, 0, _size(opened)):
            if box.name == b"moov":
                _look_inside(opened, box, film)
    return film


def clean(file: Path) -> None:
    """Take out, in place, what a player does not need. Raises `Broken`."""
    with file.open("r+b") as opened:
        for box in list(_children(opened, 0, _size(opened))):
            if box.name not in _TOP:
                _blank(opened, box)
            elif box.name == b"moov":
                _clean_inside(opened, box)


def _look_inside(opened: BinaryIO, movie: Box, film: Film) -> None:
    for box in _children(opened, movie.inside, movie.end):
        if box.name == b"mvhd":
            film.seconds = _duration(_content(opened, box))
        elif box.name == b"trak":
            kind = _kind(opened, box)
            film.tracks.add(kind)
            if kind == "vide":
                film.width, film.height = _extent(opened, box)


def _clean_inside(opened: BinaryIO, parent: Box) -> None:
    for box in list(_children(opened, parent.inside, parent.end)):
        if box.name == b"trak" and _kind(opened, box) not in PLAYED:
            _wipe(opened, box)
            _blank(opened, box)
        elif box.name not in _KNOWN[parent.name]:
            _blank(opened, box)
        elif box.name in _KNOWN:
            _clean_inside(opened, box)


def _children(opened: BinaryIO, start: int, end: int) -> Iterator[Box]:
    at = start
    for _ in range(MOST_BOXES):
        if at == end:
            return
        box = _box(opened, at, end)
        yield box
        at = box.end
    raise Broken


def _box(opened: BinaryIO, at: int, end: int) -> Box:
    opened.seek(at)
    header = opened.read(16)
    if len(header) < 8:
        raise Broken
    size, name = struct.unpack(">I4s", header[:8])
    inside = at + 8
    if size == 1 and len(header) == 16:
        size, inside = struct.unpack(">Q", header[8:])[0], at + 16
    elif size == 0:  # up to the end
        size = end - at
    if at + size > end or at + size < inside:
        raise Broken
    return Box(name, at, inside, at + size)


def _blank(opened: BinaryIO, box: Box) -> None:
    opened.seek(box.start + 4)
    opened.write(b"free")
    _zero(opened, box.inside, box.end)


def _wipe(opened: BinaryIO, track: Box) -> None:
    """Zero the samples of a track. In all they are no more than the film itself, whatever its tables claim."""
    found = _tables(opened, track, b"mdia", b"minf", b"stbl")
    left = size = _size(opened)
    try:
        for start, length in chunks.places(found):
            left -= length
            if left < 0 or start + length > size:
                raise Broken
            _zero(opened, start, start + length)
    except (struct.error, ValueError):
        raise Broken from None


def _tables(opened: BinaryIO, parent: Box, *path: bytes) -> dict[bytes, bytes]:
    """The contents of the boxes below a track at the end of this path: its tables of samples."""
    boxes = list(_children(opened, parent.inside, parent.end))
    if not path:
        return {box.name: _content(opened, box, box.end - box.inside) for box in boxes}
    inner = next((box for box in boxes if box.name == path[0]), None)
    return {} if inner is None else _tables(opened, inner, *path[1:])


def _zero(opened: BinaryIO, start: int, end: int) -> None:
    opened.seek(start)
    left = end - start
    while left:
        left -= opened.write(bytes(min(left, 1 << 20)))


def _kind(opened: BinaryIO, track: Box) -> str:
    """The handler of a track, as `mdia/hdlr` names it."""
    for media in _children(opened, track.inside, track.end):
        if media.name == b"mdia":
            for box in _children(opened, media.inside, media.end):
                if box.name == b"hdlr":
                    return _content(opened, box)[8:12].decode("latin-1")
    return ""


def _duration(header: bytes) -> int | None:
    try:
        scale, length = (
            struct.unpack_from(">IQ", header, 20) if header[:1] == b"\1" else struct.unpack_from(">II", header, 12)
        )
    except struct.error:
        raise Broken from None
    return round(length / scale) if scale and length / scale < 10**6 else None


def _extent(opened: BinaryIO, track: Box) -> tuple[int | None, int | None]:
    """Width and height, as `tkhd` ends with them."""
    for box in _children(opened, track.inside, track.end):
        content = _content(opened, box) if box.name == b"tkhd" else b""
        if len(content) >= 84:
            width, height = struct.unpack(">II", content[-8:])
            turned = (
                struct.unpack_from(">i", content, len(content) - 40)[0] != 0
            )  # b of the matrix: turned by a quarter
            found = (width >> 16 or None, height >> 16 or None)
            return found[::-1] if turned else found
    return None, None


def _content(opened: BinaryIO, box: Box, most: int = MOST_HEADER) -> bytes:
    opened.seek(box.inside)
    return opened.read(min(box.end - box.inside, most))


def _size(opened: BinaryIO) -> int:
    return opened.seek(0, 2)
