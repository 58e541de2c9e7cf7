"""Frames of MP3 (ISO/IEC 11172-3, 13818-3): whether a file is a row of them."""

from pathlib import Path

_RATES = (44_100, 48_000, 32_000)
_BITS = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
"""Kilobits a second of layer III, in version 1 and in the later ones."""


def is_mp3(file: Path) -> bool:
    """Whether two frames follow one another, at the start or behind an ID3 tag. One alone is found in many a file."""
    with file.open("rb") as opened:
        head = opened.read(10)
        at = 10 + _synchsafe(head[6:]) if head.startswith(b"ID3") and len(head) == 10 else 0
        opened.seek(at)
        first = _length(opened.read(4))
        if first is None:
            return False
        opened.seek(at + first)
        return _length(opened.read(4)) is not None


def _synchsafe(size: bytes) -> int:
    """Seven bits a byte, so that no length looks like a frame."""
    return sum((byte & 0x7F) << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))


def _length(header: bytes) -> int | None:
    """Bytes of a frame of layer III; None: this is no header of one."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version, bits, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or bits in {0, 15} or rate == 3:
        return None
    is_first = version == 3
    samples = 144 if is_first else 72
    hertz = _RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    return samples * _BITS[not is_first][bits] * 1000 // hertz + (header[2] >> 1 & 1)
