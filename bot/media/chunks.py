"""Where the samples of a track stand in an MP4 file (ISO/IEC 14496-12, 8.6 and 8.7): what is none of them is no film.

A sample is a frame, or a moment of sound; a chunk is a row of samples without anything between.
"""

import struct
from collections.abc import Iterator, Mapping
from itertools import chain, islice, repeat

MOST_SAMPLES = 500_000
"""Of a track; more than ten hours of frames."""


def places(tables: Mapping[bytes, bytes]) -> Iterator[tuple[int, int]]:
    """(first byte, how many) of each chunk. `tables`: the contents of the boxes in `stbl`.

    Raises `struct.error` if a table is cut off, and ValueError if there is more than any film has.
    """
    same, sizes = _sizes(tables)
    offsets = _offsets(tables)
    runs = _runs(tables.get(b"stsc", bytes(8)), len(offsets))
    for offset, samples in zip(offsets, runs, strict=False):
        length = sum(islice(sizes, samples)) if same is None else samples * same
        yield offset, max(length, _sound(tables.get(b"stsd", b""), samples) if same is not None else 0)


def _sizes(tables: Mapping[bytes, bytes]) -> tuple[int | None, Iterator[int]]:
    """The size of all samples if they have one, else that of each."""
    if b"stz2" in tables:
        return None, _small_sizes(tables[b"stz2"])
    table = tables.get(b"stsz", bytes(12))
    same, count = struct.unpack_from(">II", table, 4)
    _check(count)
    return (same, iter(())) if same else (None, iter(struct.unpack_from(f">{count}I", table, 12)))


def _small_sizes(table: bytes) -> Iterator[int]:
    """Sizes of 4, 8 or 16 bits each."""
    bits, count = struct.unpack_from(">BI", table, 7)
    _check(count)
    if bits == 4:
        halves = struct.unpack_from(f">{(count + 1) // 2}B", table, 12)
        return islice(chain.from_iterable((byte >> 4, byte & 15) for byte in halves), count)
    if bits not in {8, 16}:
        raise ValueError("sizes of no known width")
    return iter(struct.unpack_from(f">{count}{'B' if bits == 8 else 'H'}", table, 12))


def _sound(described: bytes, samples: int) -> int:
    """Bytes of so many samples of sound, as QuickTime describes them: its tables may count them without their size.

    Source: QuickTime File Format, "Sound sample description", versions 0 and 1.
    """
    if len(described) < 16 + 28:
        return 0
    version, channels, bits = struct.unpack_from(">H6xHH", described, 16 + 8)
    if version == 1 and len(described) >= 16 + 28 + 16:
        per_packet, _, per_frame, _ = struct.unpack_from(">IIII", described, 16 + 28)
        return -(-samples // per_packet) * per_frame if per_packet else 0
    return samples * channels * ((bits + 7) // 8) if version == 0 and channels <= 64 and bits <= 64 else 0


def _offsets(tables: Mapping[bytes, bytes]) -> tuple[int, ...]:
    table, sign = (tables[b"co64"], "Q") if b"co64" in tables else (tables.get(b"stco", bytes(8)), "I")
    (count,) = struct.unpack_from(">I", table, 4)
    _check(count)
    return struct.unpack_from(f">{count}{sign}", table, 8)


def _runs(table: bytes, chunks: int) -> Iterator[int]:
    """How many samples each chunk has: an entry counts until the next one begins."""
    (count,) = struct.unpack_from(">I", table, 4)
    _check(count)
    entries = [struct.unpack_from(">II", table, 8 + 12 * at) for at in range(count)]
    ends = [first for first, _ in entries[1:]] + [chunks + 1]
    runs = (repeat(samples, max(0, end - first)) for (first, samples), end in zip(entries, ends, strict=True))
    return chain.from_iterable(runs)


def _check(count: int) -> None:
    if count > MOST_SAMPLES:
        raise ValueError("too many entries")
