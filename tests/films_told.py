"""Films that tell where they were taken in the places where cameras of our day write it."""

import struct
from collections.abc import Callable

from tests.samples import HERE, box, stbl, track

FRAMES = b"abcdefgh"
SOUND = b"0123456789abcdef"
_TYPE = box(b"ftyp", b"isom", bytes(4), b"isom")
_HEADER = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, 3000), bytes(80))


def _film(make: Callable[[int, int], bytes]) -> bytes:
    """`make` knows where the frames and where the first secret stand."""
    draft = make(99, 99)
    return make(draft.index(FRAMES[:4]), draft.index(HERE))


def _seen(frames: int, media: bytes = b"", told: bytes = b"") -> bytes:
    return track(b"vide", stbl(frames, FRAMES), media=media, told=told)


def _moov(*content: bytes) -> bytes:
    return box(b"moov", _HEADER, *content)


def _novatek(frames: int, here: int) -> bytes:
    """A table of blocks that stand between the frames, as chips of dash cameras write it."""
    block = box(b"free", b"GPS ", HERE)
    table = box(b"gps ", struct.pack(">IIII", 0x101, 1, here - 12, len(block)))
    return _TYPE + box(b"mdat", FRAMES, block) + _moov(_seen(frames), table)


def _measured(frames: int, here: int) -> bytes:
    sizes = box(b"stz2", struct.pack(">IIIH", 0, 16, 1, len(HERE)))
    told = track(b"meta", stbl(here, HERE, sizes=sizes))
    return _TYPE + box(b"mdat", HERE, FRAMES) + _moov(_seen(frames), told)


HIDDEN = {
    "free at the top": _film(lambda at, _: _TYPE + box(b"mdat", FRAMES) + box(b"free", HERE) + _moov(_seen(at))),
    "skip at the top": _film(lambda at, _: _TYPE + box(b"mdat", FRAMES) + box(b"skip", HERE) + _moov(_seen(at))),
    "wide at the top": _film(lambda at, _: _TYPE + box(b"wide", HERE) + box(b"mdat", FRAMES) + _moov(_seen(at))),
    "free in moov": _film(lambda at, _: _TYPE + box(b"mdat", FRAMES) + _moov(_seen(at), box(b"free", HERE))),
    "free in a track": _film(lambda at, _: _TYPE + box(b"mdat", FRAMES) + _moov(_seen(at, told=box(b"skip", HERE)))),
    "udta in minf": _film(lambda at, _: _TYPE + box(b"mdat", FRAMES) + _moov(_seen(at, media=box(b"udta", HERE)))),
    "behind the frames": _film(lambda at, _: _TYPE + box(b"mdat", FRAMES, HERE) + _moov(_seen(at))),
    "in a second mdat": _film(lambda at, _: _TYPE + box(b"mdat", FRAMES) + box(b"mdat", HERE) + _moov(_seen(at))),
    "a table of blocks": _film(_novatek),
    "a track of stz2": _film(_measured),
    "a track that leads nowhere": _film(
        lambda at, _: _TYPE + box(b"mdat", FRAMES, HERE) + _moov(_seen(at), track(b"meta", stbl(10**6, HERE)))
    ),
}


def between_the_frames(sizes: bytes | int) -> bytes:
    """Frames with a route between them, measured by `stsz` or by a `stz2` of so many bits."""
    count = struct.pack(">I", 2)
    tables = {
        b"stsz": b"",
        4: box(b"stz2", struct.pack(">II", 0, 4), count, b"\x66"),
        8: box(b"stz2", struct.pack(">II", 0, 8), count, b"\x06\x06"),
        16: box(b"stz2", struct.pack(">II", 0, 16), count, b"\0\x06\0\x06"),
    }

    def made(at: int) -> bytes:
        seen = track(b"vide", stbl(at, b"before", b"behind", sizes=tables[sizes], apart=len(HERE)))
        told = track(b"meta", stbl(at + 6, HERE))
        return _TYPE + _moov(seen, told) + box(b"mdat", b"before", HERE, b"behind")

    return made(made(0).index(b"before"))


def leading_out() -> bytes:
    return _TYPE + _moov(track(b"vide", stbl(10**6, FRAMES))) + box(b"mdat", FRAMES)


def plain_sound() -> bytes:
    """Four moments of two channels of 16 bits; the table says that each takes one byte."""
    entry = box(b"sowt", bytes(6), b"\0\1", struct.pack(">HHIHHHHI", 0, 0, 0, 2, 16, 0, 0, 44_100 << 16))
    described = box(b"stsd", struct.pack(">II", 0, 1), entry)
    sizes = box(b"stsz", struct.pack(">III", 0, 1, 4))
    runs = box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 4, 1))

    def made(at: int) -> bytes:
        where = box(b"stco", struct.pack(">III", 0, 1, at))
        heard = track(b"soun", box(b"stbl", described, sizes, runs, where))
        return box(b"ftyp", b"qt  ", bytes(4)) + _moov(heard) + box(b"mdat", SOUND, HERE)

    return made(made(0).index(SOUND))


def in_fragments(*more: bytes) -> bytes:
    """As browsers record: the tables are empty, and each fragment tells of its own frames."""
    tracks = [track(kind, stbl(0)) for kind in (b"vide", *more)]
    run = box(b"traf", box(b"tfhd", bytes(8)), box(b"trun", bytes(12)), box(b"udta", HERE))
    fragment = box(b"moof", box(b"mfhd", bytes(8)), run, box(b"udta", HERE))
    return _TYPE + _moov(*tracks, box(b"mvex", box(b"free", HERE))) + fragment + box(b"mdat", FRAMES)
