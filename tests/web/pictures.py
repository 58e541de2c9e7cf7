"""Files as a visitor has them on the phone."""

import io
import struct
import wave
import zlib

from PIL import Image

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


def photo(width: int = 80, height: int = 60, colour: str = "teal", form: str = "JPEG", **options: object) -> bytes:
    """A photo of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, form, **options)
    return file.getvalue()


def speech(seconds: int = 2) -> bytes:
    """Silence, as WAV."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * seconds)
    return file.getvalue()


def bomb(side: int) -> bytes:
    """A black PNG of a few kilobytes that would be `side` × `side` pixels in memory. `side` in hundreds."""
    rows = zlib.compressobj(9, wbits=-15)
    hundred = bytes(100 * (1 + 3 * side))
    # Packed once and repeated: a full flush starts afresh. Of zeros the checksum needs no counting (RFC 1950).
    some = rows.compress(hundred) + rows.flush(zlib.Z_FULL_FLUSH)
    checksum = (len(hundred) * (side // 100) % 65521) << 16 | 1
    packed = b"\x78\xda" + some * (side // 100) + b"\x03\x00" + struct.pack(">I", checksum)
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
