"""Where the samples of a track stand in an MP4 file (ISO/IEC 14496-12, 8.6 and 8.7), so that they can be wiped out.

A track that is neither seen nor heard may tell where the camera was at each second; without its box nobody would look
for it, but its samples would still be there.
"""

import struct
from collections.abc import Iterator, Mapping
from itertools import chain, islice, repeat

MOST_SAMPLES = 500_000


def places(tables: Mapping[bytes, bytes]) -> Iterator[tuple[int, int]]:
    """(first byte, how many) of each chunk. `tables`: the contents of `stsz`, `stsc` and `stco` or `co64`.

    Raises `struct.error` if a table is cut off, and ValueError if there is more than any such track has.
    """
    sizes = iter(_sizes(tables.get(b"stsz", bytes(12))))
    offsets = _offsets(tables)
    runs = _runs(tables.get(b"stsc", bytes(8)), len(offsets))
    for offset, samples in zip(offsets, runs, strict=False):
        yield offset, sum(islice(sizes, samples))


def _sizes(table: bytes) -> Iterator[int]:
    """The size of each sample: one for all, or one for each."""
    same, count = struct.unpack_from(">II", table, 4)
    if count > MOST_SAMPLES:
        raise ValueError("too many samples")
    return repeat(same, count) if same else iter(struct.unpack_from(f">{count}I", table, 12))


def _offsets(tables: Mapping[bytes, bytes]) -> tuple[int, ...]:
    table, sign = (tables[b"co64"], "Q") if b"co64" in tables else (tables.get(b"stco", bytes(8)), "I")
    (count,) = struct.unpack_from(">I", table, 4)
    if count > MOST_SAMPLES:
        raise ValueError("too many chunks")
    return struct.unpack_from(f">{count}{sign}", table, 8)


def _runs(table: bytes, chunks: int) -> Iterator[int]:
    """How many samples each chunk has: an entry counts until the next one begins."""
    (count,) = struct.unpack_from(">I", table, 4)
    if count > MOST_SAMPLES:
        raise ValueError("too many runs")
    entries = [struct.unpack_from(">II", table, 8 + 12 * at) for at in range(count)]
    ends = [first for first, _ in entries[1:]] + [chunks + 1]
    runs = (repeat(samples, max(0, end - first)) for (first, samples), end in zip(entries, ends, strict=True))
    return chain.from_iterable(runs)
