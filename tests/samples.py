"""Files as citizens send them, made by hand: small, whole, and with what must not be passed on."""

import struct
import zipfile
import zlib
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image

HERE = b"+35.6892+051.4567/"
"""Where a film was taken, as phones write it."""
OWNER = "Sara's phone"


@cache
def jpeg(width: int = 80, height: int = 40, shade: int = 200, **more: Any) -> bytes:  # noqa: ANN401 - of Pillow
    """A picture, red on the left and blue on the right."""
    picture = Image.new("RGB", (width, height), (shade, 0, 0))
    picture.paste((0, 0, shade), (width // 2, 0, width, height))
    return _saved(picture, "JPEG", quality=95, **more)


def telling_jpeg(orientation: int = 1, width: int = 80, height: int = 40) -> bytes:
    """A picture that tells where it was taken, by which phone, and how it must be turned."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = OWNER
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 41.0, 21.0), 3: "E", 4: (51.0, 27.0, 24.0)})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + HERE + b"</x:xmpmeta>"
    picture = Image.open(BytesIO(jpeg(width, height)))
    return _saved(picture, "JPEG", quality=95, exif=exif.tobytes(), xmp=xmp, comment=OWNER.encode())


def png(width: int = 30, height: int = 20, mode: str = "RGBA") -> bytes:
    return _saved(Image.new(mode, (width, height)), "PNG")


def other(form: str) -> bytes:
    """A picture in another format: WEBP, GIF, TIFF or BMP."""
    return _saved(Image.new("RGB", (64, 48), "green"), form)


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that would become a picture of this size."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + _chunk(b"IDAT", zlib.compress(bytes(10_000))) + _chunk(b"IEND", b"")


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), name) + body


def film(brand: bytes = b"isom", tracks: tuple[bytes, ...] = (b"vide", b"soun"), told: bytes = HERE) -> bytes:
    """An MP4 of three seconds, 640 by 360, that tells where it was taken in every way there is."""
    place = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(told), 0x15C7), told))
    keys = box(b"meta", bytes(4), box(b"ilst", box(b"\0\0\0\1", told)))
    header = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, 3000), bytes(80))
    extra = box(b"uuid", b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", told)

    def made(at: int) -> bytes:
        all_of_it = stbl(at, b"frames")
        found = [track(kind, all_of_it, told=place + keys) for kind in tracks]
        moov = box(b"moov", header, *found, place, keys)
        return box(b"ftyp", brand, bytes(4), brand) + moov + extra + box(b"mdat", b"frames")

    return made(made(0).index(b"frames"))


def track(kind: bytes, tables: bytes = b"", *, media: bytes = b"", told: bytes = b"") -> bytes:
    """A track with these tables of samples; `media` stands beside them, `told` at its end."""
    extent = struct.pack(">II", 640 << 16, 360 << 16)
    header = box(b"tkhd", bytes(40), struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30), extent)
    handler = box(b"hdlr", bytes(8), kind, bytes(13))
    return box(b"trak", header, box(b"mdia", handler, box(b"minf", tables, media)), told)


def stbl(at: int, *chunks: bytes, sizes: bytes = b"", apart: int = 0, described: bytes = b"") -> bytes:
    """Tables of chunks of one sample each that begin at `at`, with so many bytes between two."""
    places = [at + sum(len(chunk) + apart for chunk in chunks[:number]) for number in range(len(chunks))]
    sizes = sizes or box(b"stsz", struct.pack(f">III{len(chunks)}I", 0, 0, len(chunks), *map(len, chunks)))
    runs = box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1))
    return box(
        b"stbl", described, sizes, runs, box(b"stco", struct.pack(f">II{len(chunks)}I", 0, len(chunks), *places))
    )


def ogg(seconds: int = 2) -> bytes:
    """Two pages of Opus, of which only the numbers are right."""
    first = struct.pack("<4sBBqIIIB", b"OggS", 0, 2, 0, 1, 0, 0, 1) + b"\x13" + b"OpusHead" + bytes(11)
    last = struct.pack("<4sBBqIIIB", b"OggS", 0, 4, seconds * 48_000, 1, 1, 0, 1) + b"\x05" + b"sound"
    return first + last


def mp3(tag: bytes = b"") -> bytes:
    """Frames of silence at 128 kbit/s, behind a tag if there is one."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    size = len(tag)
    header = b"ID3\x04\0\0" + bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0)) + tag if tag else b""
    return header + frame * 4


def wav(seconds: int = 1) -> bytes:
    data = bytes(8000 * seconds)
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", len(data)
    )
    return head + data


def webm(codec: bytes = b"V_VP9") -> bytes:
    return b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87\x81\x04" + b"\x86\x85" + codec + bytes(50)


def archive(*names: str, mimetype: str = "", types: bytes = b"<xml/>") -> bytes:
    """A ZIP with these files in it. `types`: what an office document says of its parts."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        if mimetype:
            opened.writestr("mimetype", mimetype)
        for name in names:
            opened.writestr(name, types if name == "[Content_Types].xml" else "<xml/>")
    return made.getvalue()


def compound(*streams: str) -> bytes:
    """An old office file, or what looks like one."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + b"".join(f"{s}\0".encode("utf-16-le") for s in streams)


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PROGRAM = b"MZ\x90\x00" + bytes(60) + b"PE\0\0" + bytes(200)


def _saved(picture: Image.Image, form: str, **more: Any) -> bytes:  # noqa: ANN401 - of Pillow
    made = BytesIO()
    picture.save(made, form, **more)
    return made.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
