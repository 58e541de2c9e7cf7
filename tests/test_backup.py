"""A backup made while the service runs comes back whole, on either engine; what is damaged or in the way is refused."""

import asyncio
import hashlib
import json
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import config
from bot.__main__ import main
from bot.archive import Archive, Manifest, TableOf, shelved
from bot.backup import backup
from bot.clock import Clock
from bot.config import PREFIX, Settings
from bot.markup import spans
from bot.models import RowState
from bot.opening import CannotStart
from bot.outbox import bodies
from bot.restoring import LEAP, restore
from bot.store import Store, Unit, migrate
from bot.store.aside import fill
from bot.store.inbox import Received
from bot.store.outbox import Outgoing
from bot.store.whole import Row, Whole
from tests.botapi import BotApi
from tests.citizen import settled
from tests.conftest import BOTH_ENGINES, FakeClock
from tests.rich import TABLES, contents, pour

FIRST = "2026_11_22_first_tables"


class Time(FakeClock):
    def go_on(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def media(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def settings(database: str, media: Path) -> Settings:
    return config.load(database={"url": database}, media={"folder": str(media)})


@pytest.fixture
def nothing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Gives the address of an empty database of an engine."""
    made: list[str] = []

    def give(engine: str) -> str:
        if engine == "sqlite":
            return f"sqlite+aiosqlite:///{tmp_path / 'restored.db'}"
        server = request.getfixturevalue("postgres")
        made.append(server.new_database())
        return str(server.url(made[-1]))

    yield give
    for name in made:
        request.getfixturevalue("postgres").drop(name)


@pytest.fixture
def other(engine: str) -> str:
    return next(name for name in BOTH_ENGINES if name != engine)


@pytest.fixture
def empty(nothing: Callable[[str], str], engine: str, tmp_path: Path) -> Settings:
    """Settings of a new machine: nothing is there yet."""
    return config.load(database={"url": nothing(engine)}, media={"folder": str(tmp_path / "new-media")})


def save(settings: Settings, folder: Path, time: Time, keep: int = 14) -> Path:
    """Make a backup; its folder."""
    before = set(saved(folder))
    backup(settings, folder, keep, time)
    (made,) = set(saved(folder)) - before
    time.go_on(1)
    return made


def saved(folder: Path) -> list[Path]:
    return sorted(folder.glob("20*")) if folder.exists() else []


def receive(unit: Unit, rows: list[Received]) -> None:
    unit.chats.arrived("bale", unit.inbox.receive("bale", rows))


def quiet(_line: str) -> None:
    """Nobody listens."""


def put(media: Path, content: bytes) -> str:
    name = hashlib.sha256(content).hexdigest()
    shelved(media, name).parent.mkdir(parents=True, exist_ok=True)
    shelved(media, name).write_bytes(content)
    return name


def keep_files(url: str, *hashes: str) -> None:
    columns = ["id", "key", "platform", "chat_id", "kind", "hash", "state", "due_at", "received_at"]
    rows: list[Any] = [[n, f"key{n}", "web", 1, "photo", content, 1, 0, 0] for n, content in enumerate(hashes, 9_001)]
    fill(url, lambda whole: whole.fill("files", columns, [rows]))


# -- what comes back


@pytest.mark.parametrize("to_the_other", [False, True])
def test_every_row_of_every_table_comes_back(
    settings: Settings,
    nothing: Callable[[str], str],
    engine: str,
    other: str,
    to_the_other: bool,
    tmp_path: Path,
    time: Time,
) -> None:
    pour(settings.database.url)
    put_in = contents(settings.database.url)
    made = save(settings, tmp_path / "backups", time)
    new = nothing(other if to_the_other else engine)

    restore(config.load(database={"url": new}), made, quiet, send_waiting=True)

    found = contents(new)
    assert set(found) == set(TABLES)
    assert all(len(rows) > 20 for rows in put_in.values())
    for row in put_in["visitors"]:
        row["seq"] += LEAP
    for row in put_in["chats"]:  # nobody works on anything
        row.update({"lease_by": None, "lease_until": 0})
    assert found == put_in


async def test_a_backup_is_of_one_instant_while_the_service_writes(
    settings: Settings, database: str, empty: Settings, tmp_path: Path, time: Time
) -> None:
    store = Store(database, Clock())
    stopped = threading.Event()
    numbers = iter(range(1_000_000))

    async def write() -> None:
        while not stopped.is_set():
            rows = [Received(1, next(numbers), 7, "{}") for _ in range(3)]
            await store.write(partial(receive, rows=rows))

    await store.write(
        lambda unit: [unit.outbox.add(Outgoing("bale", n, "send", "x" * 99), claimed=False) for n in range(2000)]
    )
    writing = [asyncio.create_task(write()) for _ in range(4)]
    before = next(numbers)
    made = [await asyncio.to_thread(save, settings, tmp_path / "backups", time) for _ in range(3)]
    after = next(numbers)
    stopped.set()
    await asyncio.gather(*writing)
    await store.close()

    assert after > before + 3, "nothing was written meanwhile"
    await asyncio.to_thread(restore, empty, made[-1], quiet)
    found = await asyncio.to_thread(contents, empty.database.url)
    assert [row["pending"] for row in found["chats"]] == [len(found["inbox"])]
    assert len(found["outbox"]) == 2000


def test_an_older_backup_is_restored_and_then_migrated(
    nothing: Callable[[str], str], engine: str, tmp_path: Path, time: Time, empty: Settings
) -> None:
    old = empty if engine == "postgresql" else config.load(database={"url": f"sqlite:///{tmp_path / 'old.db'}"})
    migrate.upgrade(old.database.url, FIRST)
    rows: list[Any] = [[1, "bale", 5, "سارا", 7]]
    fill(
        old.database.url, lambda whole: whole.fill("citizens", ["id", "platform", "user_id", "name", "met_at"], [rows])
    )
    made = save(old, tmp_path / "backups", time)
    new = nothing(engine)

    restore(config.load(database={"url": new}), made, quiet)

    assert migrate.current(new) == migrate.newest()
    assert [row["name"] for row in contents(new)["citizens"]] == ["سارا"]


def test_numbers_go_on_beyond_those_that_were_given(
    settings: Settings, empty: Settings, tmp_path: Path, time: Time
) -> None:
    url = settings.database.url

    def talk(whole: Whole) -> tuple[int, int, int]:
        visitor = whole.unit.web.meet(f"visitor {time.millis()}")
        said = whole.unit.web.sent(visitor, "{}")
        assert said is not None
        return visitor, said.id, said.seq

    first = fill(url, talk)
    time.go_on(1)
    second = fill(url, talk)
    fill(url, lambda whole: whole.unit.web.prune_visitors(-1, second[0] - 1, 1))  # has a talk: stays
    fill(url, lambda whole: whole.unit.web.drop(second[0], second[1]))
    fill(url, lambda whole: whole.unit.web.prune_visitors(-1, second[0] - 1, 1))
    made = save(settings, tmp_path / "backups", time)

    restore(empty, made, quiet)

    visitor, message, _ = fill(empty.database.url, talk)
    assert visitor > second[0] + LEAP - 1
    assert message > second[1] + LEAP - 1
    assert fill(empty.database.url, lambda whole: whole.unit.web.seqs([first[0]])) == {first[0]: first[2] + LEAP}


def test_nobody_who_is_gone_leaves_a_number_to_somebody_else(settings: Settings) -> None:
    url = settings.database.url
    last = fill(url, lambda whole: whole.unit.web.meet("a"))
    assert fill(url, lambda whole: whole.unit.web.prune_visitors(-1, 0, 10))[0] == [last]

    assert fill(url, lambda whole: whole.unit.web.meet("b")) == last + 1


# -- what waited


@pytest.mark.parametrize("send_waiting", [False, True])
async def test_what_waited_to_be_sent_is_sent_only_if_wished_and_what_waited_for_an_answer_gets_it(
    settings: Settings,
    empty: Settings,
    start_on: Callable[[str], Any],
    telegram: BotApi,
    send_waiting: bool,
    tmp_path: Path,
    time: Time,
) -> None:
    telegram.meet(501, first_name="سارا")
    (said,) = bodies(spans("یک پاسخ قدیمی"))
    asked = {
        "update_id": 1,
        "message": {"message_id": 1, "date": 1, "text": "/help"}
        | {key: {"id": 501, "type": "private", "first_name": "سارا", "is_bot": False} for key in ("chat", "from")},
    }

    def wait(whole: Whole) -> None:
        whole.unit.outbox.add(Outgoing("telegram", 501, "send", said), claimed=True)
        whole.unit.chats.arrived(
            "telegram", whole.unit.inbox.receive("telegram", [Received(100, 1, 501, json.dumps(asked))])
        )
        whole.unit.chats.claim("somebody else", ["telegram"], 1)

    await asyncio.to_thread(fill, settings.database.url, wait)
    made = await asyncio.to_thread(save, settings, tmp_path / "backups", time)
    await asyncio.to_thread(lambda: restore(empty, made, quiet, send_waiting=send_waiting))

    async with start_on(empty.database.url) as app:
        await settled(app, telegram)

    shown = [seen.text for seen in telegram.seen(501)]
    assert [text for text in shown if "قدیمی" in text] == ["یک پاسخ قدیمی"] * send_waiting
    assert len(shown) == 1 + send_waiting
    rows = (await asyncio.to_thread(contents, empty.database.url))["outbox"]
    assert rows[0]["state"] == (RowState.DONE if send_waiting else RowState.DROPPED)


# -- media


def test_files_are_copied_once_and_come_back(
    settings: Settings, empty: Settings, media: Path, tmp_path: Path, time: Time
) -> None:
    photo, gone, damaged = put(media, b"a photo"), put(media, b"gone"), put(media, b"damaged")
    put(media, b"nobody's")
    keep_files(settings.database.url, photo, gone, damaged)
    shelved(media, gone).unlink()
    shelved(media, damaged).write_bytes(b"rotten")

    first, second = (save(settings, tmp_path / "backups", time) for _ in range(2))

    manifest = Archive(second).manifest()
    assert (manifest.media, manifest.media_bytes, set(manifest.gone)) == (1, 7, {gone, damaged})
    assert Archive(first).media(photo).samefile(Archive(second).media(photo))
    assert not Archive(first).media(photo).samefile(shelved(media, photo))
    restore(empty, second, quiet)
    assert [file.read_bytes() for file in empty.media.path().rglob("*") if file.is_file()] == [b"a photo"]


def test_a_file_that_rotted_in_the_last_backup_is_copied_anew(
    settings: Settings, media: Path, tmp_path: Path, time: Time
) -> None:
    photo = put(media, b"a photo")
    keep_files(settings.database.url, photo)
    first = save(settings, tmp_path / "backups", time)
    Archive(first).media(photo).write_bytes(b"a phot0")

    second = save(settings, tmp_path / "backups", time)

    assert Archive(second).media(photo).read_bytes() == b"a photo"


# -- what is refused


def cut(made: Path) -> None:
    file = made / "tables" / "citizens.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-20])


def flip(made: Path) -> None:
    file = made / "tables" / "citizens.jsonl.gz"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def lose(made: Path) -> None:
    (made / "tables" / "citizens.jsonl.gz").unlink()


def shorten(made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["tables"]["citizens"]["rows"] -= 1
    (made / "manifest.json").write_text(json.dumps(manifest))


def spoil_photo(made: Path) -> None:
    (photo,) = (file for file in (made / "media").rglob("*") if file.is_file())
    photo.write_bytes(b"another")


def age(made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps(manifest | {"revision": "2036_01_01_later"}))


@pytest.mark.parametrize(
    "spoil", [cut, flip, lose, shorten, spoil_photo, age, shutil.rmtree], ids=lambda spoil: spoil.__name__
)
def test_what_is_damaged_or_too_new_is_not_restored(
    spoil: Callable[[Path], None], settings: Settings, empty: Settings, media: Path, tmp_path: Path, time: Time
) -> None:
    pour(settings.database.url)
    keep_files(settings.database.url, put(media, b"a photo"))
    made = save(settings, tmp_path / "backups", time)
    spoil(made)

    with pytest.raises(CannotStart, match=r"not a whole backup|revision 2036"):
        restore(empty, made, quiet)

    assert migrate.current(empty.database.url) is None


def test_a_database_with_anything_in_it_is_left_alone(settings: Settings, tmp_path: Path, time: Time) -> None:
    made = save(settings, tmp_path / "backups", time)
    fill(settings.database.url, lambda whole: whole.unit.citizens.meet("bale", 1, "سارا"))
    before = contents(settings.database.url)

    with pytest.raises(CannotStart, match="is not empty"):
        restore(settings, made, quiet)

    assert contents(settings.database.url) == before


def test_a_restore_cut_off_leaves_nothing_and_may_be_run_again(
    settings: Settings, empty: Settings, tmp_path: Path, time: Time
) -> None:
    pour(settings.database.url)
    made = save(settings, tmp_path / "backups", time)

    def cut_off(line: str) -> None:
        if line.startswith("outbox"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(empty, made, cut_off)
    assert not any(contents(empty.database.url).values())

    restore(empty, made, quiet)
    assert all(contents(empty.database.url).values())


# -- keeping house


def test_so_many_backups_stay_and_nothing_else_is_touched(settings: Settings, tmp_path: Path, time: Time) -> None:
    folder = tmp_path / "backups"
    (folder / "2026-01-01T00-00-00Z.unfinished").mkdir(parents=True)
    (folder / "notes").mkdir()

    made = [save(settings, folder, time, keep=2) for _ in range(4)]

    assert saved(folder) == made[-2:]
    assert (folder / "notes").exists()


def test_only_one_makes_a_backup_at_a_time(
    settings: Settings, tmp_path: Path, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    refused: list[str] = []
    write = Archive.write_manifest

    def try_another(archive: Archive, manifest: Manifest) -> None:
        with pytest.raises(CannotStart, match="under way") as error:
            backup(settings, folder, 14, time)
        refused.append(str(error.value))
        write(archive, manifest)

    monkeypatch.setattr(Archive, "write_manifest", try_another)

    assert save(settings, folder, time).exists()
    assert len(refused) == 1


def test_what_cannot_be_read_back_is_no_backup(
    settings: Settings, tmp_path: Path, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    pour(settings.database.url)
    first = save(settings, tmp_path / "backups", time)
    write = Archive.write_table

    def write_badly(archive: Archive, name: str, columns: list[str], parts: Iterable[list[Row]]) -> TableOf:
        table = write(archive, name, columns, parts)
        if name == "citizens":
            flip(archive.folder)
        return table

    monkeypatch.setattr(Archive, "write_table", write_badly)

    with pytest.raises(CannotStart, match=r"no backup.*citizens"):
        backup(settings, tmp_path / "backups", 1, time)
    assert [path.name for path in (tmp_path / "backups").iterdir() if path.is_dir()] == [first.name]


def test_as_an_operator_calls_it(
    database: str, empty: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pour(database)
    monkeypatch.setenv(PREFIX + "DATABASE__URL", database)
    monkeypatch.setenv(PREFIX + "MEDIA__FOLDER", str(tmp_path / "media"))
    folder = str(tmp_path / "backups")

    assert main(["backup", "--to", folder, "--keep", "3"]) == 0
    (made,) = saved(tmp_path / "backups")
    assert main(["restore", "--check", str(made)]) == 0
    assert main(["restore", str(made)]) == 1
    monkeypatch.setenv(PREFIX + "DATABASE__URL", empty.database.url)
    assert main(["restore", str(made)]) == 0

    printed = capsys.readouterr()
    assert printed.out.splitlines()[0].startswith(f"Backup {made}: ")
    assert printed.out.splitlines()[1].startswith("The backup is whole: ")
    assert printed.out.splitlines()[-1].startswith("Restored: ")
    assert "is not empty" in printed.err
    assert (made.stat().st_mode & 0o777) == 0o700
