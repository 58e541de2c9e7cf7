"""The process in which files of strangers are opened: `python -m bot.media.worker <folder> <most bytes> <mark>`.

Started and asked by `bot/media/cleaner.py`. A line of JSON for each file, the answer a line too; the end of the input
is its own end. Decoders written in C meet hostile bytes here: so it holds no secret and no connection, and has little
memory and little time. Whatever goes beyond that ends this process and no other.
"""

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.media import pictures
from bot.media.cleaner import READY, WALL_SECONDS
from bot.media.shelf import Shelf
from bot.media.sort import Rejected

MEMORY_BYTES = 700 * 2**20
CPU_SECONDS = 20
NICENESS = 10


def main() -> None:
    """Answer until the input ends."""
    folder, most_bytes, mark = sys.argv[1:]
    _limit()
    shelf = Shelf(Path(folder), int(most_bytes), mark)
    pictures.warm()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        _allow_time()
        answer = _answer(shelf, json.loads(line))
        signal.alarm(0)
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(os.umask(0) | 0o007)
    os.nice(NICENESS)
    with suppress(OSError):  # where the machine itself has no memory left, this process goes first
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _allow_time() -> None:
    """For one file: both limits end the process, even if whoever asked is gone by then."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
    signal.alarm(WALL_SECONDS)


def _answer(shelf: Shelf, asked: dict[str, Any]) -> dict[str, object]:
    """`{"cleaned": …}`, `{"rejected": reason}`, or `{"failed": why}` where it is not the file's fault."""
    try:
        cleaned = shelf.put(Path(asked["source"]), name=asked["name"], kind=asked["kind"])
    except Rejected as error:
        return {"rejected": error.reason}
    except MemoryError:
        return {"rejected": "broken"}
    except OSError as error:
        return {"failed": f"{type(error).__name__}: {error.strerror}"}
    except Exception as error:  # noqa: BLE001 - it is told to whoever asked
        return {"failed": type(error).__name__}
    return {"cleaned": asdict(cleaned)}


if __name__ == "__main__":
    main()
