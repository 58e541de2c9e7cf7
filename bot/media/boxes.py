"""The boxes of an MP4 or MOV file (ISO/IEC 14496-12, 4.2), read and taken out.

A box that is taken out keeps its place: its name becomes `free` and its content zeros, so nothing behind it moves and
the film need not be written anew.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

MOST_BOXES = 50_000
"""All in all, each as often as it is read."""
MOST_HEADER = 4096


class Broken(Exception):
    """The boxes do not fill the file, or what they say cannot be: cut off, or something has been hung on to it."""


@dataclass(frozen=True, slots=True)
class Box:
    """`start` is where its header begins, `inside` where its content does, `end` where it ends; bytes in the file."""

    name: bytes
    start: int
    inside: int
    end: int


class Boxes:
    """The boxes of an opened file."""

    def __init__(self, opened: BinaryIO) -> None:
        self._opened = opened
        self._left = MOST_BOXES
        self.size = opened.seek(0, 2)

    def top(self) -> list[Box]:
        """Those that no other box holds. Raises `Broken`, as all that reads does."""
        return self._between(0, self.size)

    def children(self, box: Box) -> list[Box]:
        return self._between(box.inside, box.end)

    def find(self, box: Box, *path: bytes) -> Box | None:
        """The first box at the end of this path below another."""
        if not path:
            return box
        inner = next((child for child in self.children(box) if child.name == path[0]), None)
        return None if inner is None else self.find(inner, *path[1:])

    def content(self, box: Box, most: int = MOST_HEADER) -> bytes:
        self._opened.seek(box.inside)
        return self._opened.read(min(box.end - box.inside, most))

    def tables(self, box: Box) -> dict[bytes, bytes]:
        """The boxes in this one, whole."""
        return {child.name: self.content(child, self.size) for child in self.children(box)}

    def take_out(self, box: Box) -> None:
        self._opened.seek(box.start + 4)
        self._opened.write(b"free")
        self.zero(box.inside, box.end)

    def zero(self, start: int, end: int) -> None:
        self._opened.seek(start)
        left = end - start
        while left > 0:
            left -= self._opened.write(bytes(min(left, 1 << 20)))

    def _between(self, start: int, end: int) -> list[Box]:
        found = []
        at = start
        while at != end:
            self._left -= 1
            if self._left < 0:
                raise Broken
            found.append(self._box(at, end))
            at = found[-1].end
        return found

    def _box(self, at: int, end: int) -> Box:
        self._opened.seek(at)
        header = self._opened.read(16)
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
