"""Files that are small and take much: memory, time, or both."""

import struct

from tests import samples


def gif(width: int = 65_535, height: int = 65_535) -> bytes:
    """Of 43 bytes; a frame that is wiped after it was shown is laid out as soon as the file is opened."""
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    control = b"\x21\xf9\x04\x08\0\0\0\0"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\0;"
    return b"GIF89a" + screen + control + frame


def jpeg_of_scans(scans: int, width: int = 80, height: int = 40) -> bytes:
    """A progressive JPEG that goes over the whole picture again and again, to change nothing."""
    whole = samples.jpeg(width, height, progressive=True)
    last = whole.rindex(b"\xff\xda")
    scan = whole[last:-2]
    return whole[:-2] + scan * scans + b"\xff\xd9"


def jpeg_of_segments(segments: int, content: bytes = b"Exif\0\0xx") -> bytes:
    whole = samples.jpeg()
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(content)) + content
    return whole[:2] + segment * segments + whole[2:]


def jpeg_in_parts(width: int = 80, height: int = 40) -> bytes:
    """A baseline JPEG whose first scan has one colour only; none is decoded before all have been read."""
    whole = samples.jpeg(width, height)
    at = whole.index(b"\xff\xda")
    length = 6 + 2
    return whole[:at] + b"\xff\xda" + struct.pack(">HBBB", length, 1, 1, 0) + b"\0\x3f\0" + whole[at + 14 :]


def film_of_boxes(count: int) -> bytes:
    """As many empty boxes as wanted, spread over tracks so that none has many."""
    handler = samples.box(b"hdlr", bytes(8), b"vide", bytes(13))
    media = samples.box(b"mdia", samples.box(b"free") * 1000, handler)
    tracks = samples.box(b"trak", media) * (count // 1000)
    return samples.box(b"ftyp", b"isom") + samples.box(b"moov", tracks)


def archive_of_nothing(count: int) -> bytes:
    """A ZIP whose directory says that there are so many files (APPNOTE 4.3)."""
    local = b"PK\x03\x04" + bytes(26)
    entries = (b"PK\x01\x02" + bytes(42)) * count
    where = struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, len(entries), len(local))
    end = b"PK\x06\x06" + where + b"PK\x06\x07" + struct.pack("<IQI", 0, len(local) + len(entries), 1)
    old_end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return local + entries + end + old_end
