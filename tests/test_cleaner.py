"""Files of strangers are opened in processes of their own: whatever they do there ends there."""

import asyncio
import io
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot.config import ROOT
from bot.media import Cleaned, Cleaner, CleaningFailed, Rejected, Shelf, cleaner
from bot.media.worker import MEMORY_BYTES
from tests import bombs, samples
from tests.citizen import PATIENCE


@pytest.fixture
async def cleaning(tmp_path: Path) -> AsyncIterator[Cleaner]:
    found = Cleaner(Shelf(tmp_path / "media"), at_once=1)
    yield found
    await found.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "came"


async def put(cleaning: Cleaner, source: Path, content: bytes, name: str = "") -> Cleaned:
    source.write_bytes(content)
    return await cleaning.put(source, name=name)


async def reason(cleaning: Cleaner, source: Path, content: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        await put(cleaning, source, content)
    return caught.value.reason


def process(cleaning: Cleaner) -> int:
    """The number of the process that waits for the next file."""
    (worker,) = cleaning._idle
    return worker._process.pid


def status(pid: int, name: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(line.split(":")[1].strip() for line in lines if line.startswith(f"{name}:"))


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def kept(cleaning: Cleaner) -> list[Path]:
    return [file for file in cleaning.shelf.folder.rglob("*") if file.is_file()]


# What it costs


async def test_a_file_comes_out_as_it_would_from_the_shelf(cleaning: Cleaner, source: Path, tmp_path: Path) -> None:
    found = await put(cleaning, source, samples.telling_jpeg(), "عکس.jpg")

    assert found == Shelf(tmp_path / "other").put(source, name="عکس.jpg")
    assert cleaning.shelf.path(found.hash).is_file()


async def test_one_process_takes_file_after_file_and_is_replaced_in_time(
    cleaning: Cleaner, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaner, "FILES_EACH", 3)
    await put(cleaning, source, samples.jpeg())
    first = process(cleaning)
    assert await reason(cleaning, source, samples.PROGRAM) == "kind"
    assert process(cleaning) == first
    await put(cleaning, source, samples.jpeg())
    await put(cleaning, source, samples.jpeg())

    assert process(cleaning) != first
    assert gone(first)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (bombs.gif(), "pixels"),
        (bombs.jpeg_of_scans(3000), "broken"),
        (bombs.jpeg_of_segments(50_000), "broken"),
        (samples.png_that_claims(7000, 7000), "pixels"),
    ],
    ids=["gif", "scans", "segments", "png"],
)
async def test_a_bomb_is_refused_at_once(cleaning: Cleaner, source: Path, content: bytes, why: str) -> None:
    await put(cleaning, source, samples.jpeg())
    before = int(status(process(cleaning), "VmHWM").split()[0])

    assert await reason(cleaning, source, content) == why
    assert int(status(process(cleaning), "VmHWM").split()[0]) - before < 30_000


async def test_a_picture_that_takes_all_memory_is_broken_and_the_next_one_is_taken(
    cleaning: Cleaner, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held to less memory than a picture within the limits takes."""
    await put(cleaning, source, samples.jpeg())
    most = int(status(process(cleaning), "VmSize").split()[0]) * 1024 + 30 * 2**20
    resource.prlimit(process(cleaning), resource.RLIMIT_AS, (most, most))
    made = io.BytesIO()
    Image.new("RGB", (8000, 5000)).save(made, "PNG")

    assert await reason(cleaning, source, made.getvalue()) == "broken"
    assert (await put(cleaning, source, samples.jpeg())).kind == "photo"


async def test_a_process_holds_little_and_goes_first(cleaning: Cleaner, source: Path) -> None:
    await put(cleaning, source, samples.jpeg())
    proc = Path(f"/proc/{process(cleaning)}")

    limits = {line[:26].strip(): line[26:].split()[:2] for line in (proc / "limits").read_text().splitlines()}
    assert limits["Max address space"] == [str(MEMORY_BYTES)] * 2
    assert limits["Max core file size"] == ["0", "0"]
    assert int(limits["Max cpu time"][0]) < 60
    assert (proc / "oom_score_adj").read_text().strip() == "1000"


# What it does not know


async def test_a_process_knows_no_secret_and_holds_no_connection(
    cleaning: Cleaner, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAMYAR14_TELEGRAM__TOKEN", "1:secret")
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with server:
        await put(cleaning, source, samples.jpeg())
        proc = Path(f"/proc/{process(cleaning)}")

        assert b"secret" not in (proc / "environ").read_bytes()
        assert b"HAMYAR14" not in (proc / "environ").read_bytes()
        opened = {int(file.name): str(file.readlink()) for file in (proc / "fd").iterdir()}
        # 0 and 1 lead to us: asyncio makes the pipe to a child of a pair of sockets on some systems.
        assert not [where for number, where in opened.items() if number > 2 and where.startswith("socket")]


PARENT = """
import asyncio, sys
from pathlib import Path
from bot.media import Cleaner, Shelf

async def main():
    cleaner = Cleaner(Shelf(Path(sys.argv[1])))
    await cleaner.put(Path(sys.argv[2]), name="a.jpg")
    print(cleaner._idle[0]._process.pid, "PIL" in sys.modules, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_a_process_dies_with_the_one_that_started_it(tmp_path: Path, source: Path) -> None:
    source.write_bytes(samples.jpeg())
    command = [sys.executable, "-c", PARENT, str(tmp_path / "media"), str(source)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid, loaded = parent.stdout.readline().split()
        parent.kill()

    until = time.monotonic() + PATIENCE
    while not gone(int(pid)) and status(int(pid), "State")[0] != "Z":
        assert time.monotonic() < until, "it lives on"
        time.sleep(0.01)
    assert loaded == "False"


# What ends it


async def test_what_takes_too_long_is_broken(cleaning: Cleaner, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await put(cleaning, source, samples.jpeg())
    stopped = process(cleaning)
    os.kill(stopped, signal.SIGSTOP)
    monkeypatch.setattr(cleaner, "WALL_SECONDS", 0.2)

    assert await reason(cleaning, source, samples.jpeg()) == "broken"
    assert gone(stopped)
    monkeypatch.undo()
    assert (await put(cleaning, source, samples.jpeg())).kind == "photo"


async def test_whoever_no_longer_waits_frees_the_place(cleaning: Cleaner, source: Path) -> None:
    await put(cleaning, source, samples.jpeg())
    stopped = process(cleaning)
    os.kill(stopped, signal.SIGSTOP)
    waiting = asyncio.create_task(cleaning.put(source, name="a"))
    while cleaning._idle:
        await asyncio.sleep(0.01)
    waiting.cancel()

    assert (await put(cleaning, source, samples.jpeg())).kind == "photo"
    assert waiting.cancelled()
    assert gone(stopped)


async def test_what_a_killed_process_had_begun_is_removed(cleaning: Cleaner, source: Path) -> None:
    await put(cleaning, source, samples.PDF)
    (worker,) = cleaning._idle
    with Shelf(cleaning.shelf.folder, mark=worker._mark).scratch() as half:
        half.write_bytes(b"a half of so")
        os.kill(process(cleaning), signal.SIGSTOP)
        waiting = asyncio.create_task(cleaning.put(source, name="a"))
        while cleaning._idle:
            await asyncio.sleep(0.01)
        os.kill(worker._process.pid, signal.SIGKILL)
        with pytest.raises(Rejected, match="broken"):
            await waiting

        assert not half.exists()
    assert len(kept(cleaning)) == 1


async def test_a_process_that_was_ended_while_it_waited_spoils_no_file(cleaning: Cleaner, source: Path) -> None:
    await put(cleaning, source, samples.jpeg())
    (worker,) = cleaning._idle
    os.kill(process(cleaning), signal.SIGKILL)
    await worker._process.wait()

    assert (await put(cleaning, source, samples.jpeg())).kind == "photo"


async def test_where_no_process_starts_nothing_is_said_about_the_file(
    cleaning: Cleaner, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(CleaningFailed):
        await put(cleaning, source, samples.jpeg())


async def test_a_disk_that_is_full_is_not_the_file_s_fault(cleaning: Cleaner, source: Path) -> None:
    await put(cleaning, source, samples.PDF)
    shelf = cleaning.shelf.folder / "new"
    shelf.rmdir()
    shelf.touch()

    with pytest.raises(CleaningFailed):
        await put(cleaning, source, samples.PDF)


@pytest.mark.soak
async def test_how_long_a_photo_of_a_phone_takes(
    cleaning: Cleaner, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grain = Image.effect_noise((4000, 3000), 40)
    made = io.BytesIO()
    Image.merge("RGB", (grain, grain.rotate(180), grain)).save(made, "JPEG", quality=90)
    await put(cleaning, source, samples.jpeg())

    began = time.perf_counter()
    found = await put(cleaning, source, made.getvalue())
    seconds = time.perf_counter() - began

    assert (found.width, found.height) == (2560, 1920)
    with capsys.disabled():
        print(f"\n12 megapixels, {len(made.getvalue()) / 1e6:.1f} MB: {seconds:.2f} s to clean")  # noqa: T201 - a figure for whoever measures
