"""What a film says of itself, and what it tells about its maker taken out.

Cameras hide where they were in many places: in boxes of their own at every level, in tracks that are neither seen nor
heard, in unused space, between the frames. So what a player needs is named here, and of all the rest nothing is left.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bot.media import chunks
from bot.media.boxes import Box, Boxes, Broken

PLAYED = {"vide", "soun"}
_SPACE = {b"free", b"skip", b"wide"}
_NEEDED = {
    b"moov": set(b"mvhd trak mvex iods".split()),
    b"trak": set(b"tkhd mdia edts tref tapt load clip".split()),
    b"mdia": set(b"mdhd hdlr minf elng".split()),
    b"minf": set(b"vmhd smhd hmhd nmhd hdlr dinf stbl".split()),
    b"stbl": set(
        b"stsd stts ctts cslg stsc stsz stz2 stco co64 stss stsh stps sdtp sbgp sgpd subs saiz saio padb stdp".split()
    ),
    b"mvex": set(b"mehd trex leva".split()),
    b"moof": set(b"mfhd traf".split()),
    b"traf": set(b"tfhd tfdt trun sdtp sbgp sgpd subs saiz saio".split()),
    b"mfra": set(b"tfra mfro".split()),
}
"""Boxes that a player needs, by the box that holds them (ISO/IEC 14496-12, table 1; QuickTime File Format)."""
_TOP = {*b"ftyp styp pdin moov moof mdat mfra sidx ssix".split()}


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
        boxes = Boxes(opened)
        for movie in (box for box in boxes.top() if box.name == b"moov"):
            for box in boxes.children(movie):
                if box.name == b"mvhd":
                    film.seconds = _duration(boxes.content(box))
                elif box.name == b"trak":
                    kind = _kind(boxes, box)
                    film.tracks.add(kind)
                    if kind == "vide":
                        film.width, film.height = _extent(boxes, box)
    return film


def clean(file: Path) -> None:
    """Take out, in place, what a player does not need. Raises `Broken`.

    Of a film in fragments the data stay as they are, so one that hides more in them than is played is broken.
    """
    with file.open("r+b") as opened:
        boxes = Boxes(opened)
        top = boxes.top()
        movies = [box for box in top if box.name == b"moov"]
        tracks = [box for movie in movies for box in boxes.children(movie) if box.name == b"trak"]
        played = [track for track in tracks if _kind(boxes, track) in PLAYED]
        in_fragments = any(box.name == b"moof" for box in top)
        if in_fragments and (len(played) < len(tracks) or any(boxes.find(movie, b"gps ") for movie in movies)):
            raise Broken
        covered = _merged(place for track in played for place in _places(boxes, track))
        for box in top:
            if box.name in _NEEDED:
                _clean_inside(boxes, box)
            elif box.name == b"mdat" and in_fragments:
                continue
            elif box.name == b"mdat" or box.name in _SPACE:
                _zero_between(boxes, box, covered)
            elif box.name not in _TOP:
                boxes.take_out(box)


def _clean_inside(boxes: Boxes, parent: Box) -> None:
    for box in boxes.children(parent):
        if box.name not in _NEEDED[parent.name] or (box.name == b"trak" and _kind(boxes, box) not in PLAYED):
            boxes.take_out(box)
        elif box.name in _NEEDED:
            _clean_inside(boxes, box)


def _places(boxes: Boxes, track: Box) -> Iterator[tuple[int, int]]:
    """(first, behind the last) byte of each chunk of a track."""
    tables = boxes.find(track, b"mdia", b"minf", b"stbl")
    if tables is None:
        return
    try:
        for start, length in chunks.places(boxes.tables(tables)):
            if start > boxes.size:
                raise Broken
            yield start, start + length
    except (struct.error, ValueError):
        raise Broken from None


def _merged(places: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same bytes in order, none of them twice."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _zero_between(boxes: Boxes, box: Box, covered: list[tuple[int, int]]) -> None:
    """Leave of a box only what is covered."""
    at = box.inside
    first = bisect_right(covered, at, key=lambda place: place[1])
    for start, end in islice(covered, first, None):
        if start >= box.end:
            break
        boxes.zero(at, start)
        at = end
    boxes.zero(at, box.end)


def _kind(boxes: Boxes, track: Box) -> str:
    """The handler of a track, as `mdia/hdlr` names it."""
    handler = boxes.find(track, b"mdia", b"hdlr")
    return "" if handler is None else boxes.content(handler)[8:12].decode("latin-1")


def _duration(header: bytes) -> int | None:
    try:
        scale, length = (
            struct.unpack_from(">IQ", header, 20) if header[:1] == b"\1" else struct.unpack_from(">II", header, 12)
        )
    except struct.error:
        raise Broken from None
    return round(length / scale) if scale and length / scale < 10**6 else None


def _extent(boxes: Boxes, track: Box) -> tuple[int | None, int | None]:
    """Width and height, as `tkhd` ends with them."""
    header = boxes.find(track, b"tkhd")
    content = b"" if header is None else boxes.content(header)
    if len(content) < 84:
        return None, None
    width, height = struct.unpack(">II", content[-8:])
    turned = struct.unpack_from(">i", content, len(content) - 40)[0] != 0  # b of the matrix: turned by a quarter
    found = (width >> 16 or None, height >> 16 or None)
    return found[::-1] if turned else found
