"""What a JPEG (ITU-T T.81, annex B) will cost, told by its markers before anything is decoded."""

import re
import struct
from dataclasses import dataclass
from pathlib import Path

MOST_SEGMENTS = 1000
"""Of 64 KB each; cameras with depth and gain maps write some two hundred."""
MOST_SCANS = 64
"""Each goes over the whole picture. Encoders write about ten."""
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")  # what stands within the data of a scan is none of these
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}


class TooMuch(Exception):
    """More segments or scans than any camera writes."""


@dataclass(slots=True)
class Costs:
    """`whole`: all of it must be held in memory, so decoding it at a fraction of its size saves little."""

    width: int = 0
    height: int = 0
    parts: int = 0
    whole: bool = False


def look(file: Path) -> Costs:
    """Read the markers of a JPEG. Raises `TooMuch`; a file that is cut off is for the decoder to refuse."""
    content = file.read_bytes()
    costs = Costs()
    segments = scans = at = 0
    while (found := _MARKER.search(content, at)) is not None and content[found.start() + 1] != _EOI:
        kind, at = content[found.start() + 1], found.end()
        if kind == _SOI:
            continue
        segments, scans = segments + 1, scans + (kind == _SOS)
        if segments > MOST_SEGMENTS or scans > MOST_SCANS:
            raise TooMuch
        body = content[at + 2 : at + 12]
        if kind in _FRAMES and len(body) >= 6:
            costs.height, costs.width, costs.parts = struct.unpack_from(">HHB", body, 1)
            costs.whole = costs.whole or kind in _PROGRESSIVE
        elif kind == _SOS and body[:1] and body[0] < costs.parts:
            costs.whole = True
        at += int.from_bytes(content[at : at + 2])
    return costs
