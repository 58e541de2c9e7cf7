"""From SQLite to PostgreSQL: everything, once, and citizens notice nothing."""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import config
from bot.__main__ import main
from bot.config import PREFIX, ROOT, Settings
from bot.markup import spans
from bot.moving import move
from bot.opening import CannotStart, lock
from bot.outbox import bodies
from bot.store import migrate
from bot.store.aside import fill
from bot.store.outbox import Outgoing
from tests.botapi import BotApi
from tests.citizen import Citizen
from tests.postgres import Server
from tests.rich import ROWS, TABLES, contents, pour

FIRST = "2026_11_22_first_tables"


@pytest.fixture
def target(postgres: Server) -> Iterator[str]:
    """An empty PostgreSQL, without tables."""
    name = postgres.new_database()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def settings(database: str) -> Settings:
    return config.load(database={"url": database})


@pytest.fixture
def told() -> list[str]:
    return []


def file_of(settings: Settings) -> Path:
    return Path(settings.database.url.partition(":///")[2])


def test_every_row_of_every_table_is_moved_and_the_file_stays_as_it_was(
    settings: Settings, target: str, told: list[str]
) -> None:
    pour(settings.database.url)
    before, held = file_of(settings).read_bytes(), contents(settings.database.url)

    said = move(settings, target.replace("+asyncpg", ""), told.append)

    moved = contents(target)
    for row in held["chats"]:  # nobody works on anything
        row.update({"lease_by": None, "lease_until": 0})
    assert moved == held
    assert set(moved) == set(TABLES)
    assert [line.split(":")[0] for line in told] == sorted(TABLES)
    assert said.startswith(f"Moved {sum(map(len, held.values()))} rows")
    assert file_of(settings).read_bytes() == before


def test_postgresql_knows_how_much_was_moved(
    settings: Settings, postgres: Server, target: str, told: list[str]
) -> None:
    pour(settings.database.url)

    move(settings, target, told.append)

    known = postgres.query("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'", target.rpartition("/")[2])
    assert {name: rows for name, rows in known if name in TABLES} == dict.fromkeys(TABLES, ROWS)


def test_numbers_go_on_where_they_were(settings: Settings, target: str, told: list[str]) -> None:
    pour(settings.database.url)
    highest = {
        name: max(row["id"] for row in rows)
        for name, rows in contents(settings.database.url).items()
        if "id" in TABLES[name].columns
    }
    fill(settings.database.url, lambda whole: whole.unit.web.meet("one more"))
    fill(settings.database.url, lambda whole: whole.unit.web.prune_visitors(-1, highest["visitors"], 1))

    move(settings, target, told.append)

    assert fill(target, lambda whole: whole.unit.web.meet("new")) == highest["visitors"] + 2
    row = fill(target, lambda whole: whole.unit.outbox.add(Outgoing("bale", 1, "send", "{}"), claimed=False))
    assert row.id == highest["outbox"] + 1


def test_what_is_interrupted_leaves_nothing_and_is_run_again(settings: Settings, target: str, told: list[str]) -> None:
    pour(settings.database.url)

    def cut_off(line: str) -> None:
        if line.startswith("outbox"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(settings, target, cut_off)
    assert not any(contents(target).values())

    move(settings, target, told.append)

    assert "interrupted" in told[0]
    assert all(contents(target).values())


KILLED = """
import os, signal, sys
from bot import __main__ as program
tell = program._told
def told(line):
    tell(line)
    if line.startswith("inbox"):  # half of the tables are filled
        os.kill(os.getpid(), signal.SIGKILL)
program._told = told
sys.exit(program.main(sys.argv[1:]))
"""


def test_a_killed_move_leaves_nothing_and_is_run_again(settings: Settings, target: str, told: list[str]) -> None:
    pour(settings.database.url)
    command = [sys.executable, "-c", KILLED, "move", "--to", target]
    environment = {"PATH": "/usr/bin", PREFIX + "DATABASE__URL": settings.database.url}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout.split(":")[0]) == (-signal.SIGKILL, min(TABLES))
    assert not any(contents(target).values())

    move(settings, target, told.append)

    assert all(len(rows) == ROWS for rows in contents(target).values())


def test_a_move_that_was_done_is_not_done_again(settings: Settings, target: str, told: list[str]) -> None:
    pour(settings.database.url)
    move(settings, target, told.append)
    before = contents(target)

    assert "done before" in move(settings, target, told.append)

    assert contents(target) == before


def test_a_database_with_anything_else_in_it_is_left_alone(settings: Settings, target: str, told: list[str]) -> None:
    pour(settings.database.url)
    migrate.upgrade(target)
    fill(target, lambda whole: whole.unit.citizens.meet("bale", 1, "سارا"))
    before = contents(target)

    with pytest.raises(CannotStart, match="is not empty"):
        move(settings, target, told.append)

    assert contents(target) == before


def test_nothing_is_moved_while_the_service_runs(settings: Settings, target: str, told: list[str]) -> None:
    with lock(file_of(settings)), pytest.raises(CannotStart, match="in use by another start"):
        move(settings, target, told.append)

    assert migrate.current(target) is None


def test_tables_of_an_older_revision_are_moved_and_then_migrated(tmp_path: Path, target: str, told: list[str]) -> None:
    old = config.load(database={"url": f"sqlite:///{tmp_path / 'old.db'}"})
    migrate.upgrade(old.database.url, FIRST)
    rows: list[Any] = [[1, "bale", 5, "سارا", 7]]
    fill(
        old.database.url, lambda whole: whole.fill("citizens", ["id", "platform", "user_id", "name", "met_at"], [rows])
    )

    move(old, target, told.append)

    assert migrate.current(target) == migrate.newest()
    assert migrate.current(old.database.url) == FIRST
    assert [row["name"] for row in contents(target)["citizens"]] == ["سارا"]


def test_what_only_sqlite_takes_is_mended_or_named_without_its_words(
    settings: Settings, target: str, told: list[str]
) -> None:
    columns = ["id", "platform", "user_id", "name", "met_at"]
    fill(settings.database.url, lambda whole: whole.fill("citizens", columns, [[[1, "bale", 5, "سا\x00را", 7]]]))
    move(settings, target, told.append)
    assert contents(target)["citizens"][0]["name"] == "سا\ufffdرا"


def test_a_row_that_postgresql_does_not_take_is_named_without_its_words(
    settings: Settings, target: str, told: list[str]
) -> None:
    columns = ["id", "platform", "user_id", "name", "met_at"]
    fill(
        settings.database.url,
        lambda whole: whole.fill("citizens", columns, [[[1, "a secret platform", 5, "secret", 7]]]),
    )

    with pytest.raises(CannotStart, match="citizens: a row between 1 and 1") as refused:
        move(settings, target, told.append)

    assert "secret" not in str(refused.value)
    assert not any(contents(target).values())


@pytest.mark.parametrize("address", ["sqlite:///other.db", "mysql://host/database", "nonsense"])
def test_only_postgresql_is_a_target(settings: Settings, address: str, told: list[str]) -> None:
    with pytest.raises(CannotStart, match="must begin with postgresql"):
        move(settings, address, told.append)


def test_a_server_that_is_not_there_is_named_without_the_password(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PREFIX + "DATABASE__URL", settings.database.url)

    assert main(["move", "--to", "postgresql://hamyar14:secret@127.0.0.1:1/hamyar14"]) == 1

    said = capsys.readouterr().err
    assert "out of reach" in said
    assert "secret" not in said


async def test_a_citizen_goes_on_at_the_same_step_and_gets_what_waited_once(
    start_on: Callable[[str], Any], settings: Settings, api: BotApi, target: str, told: list[str]
) -> None:
    api.meet(501, first_name="سارا")
    async with start_on(settings.database.url) as app:
        sara = Citizen(app, api, 501)
        (asked,) = await sara.send("/deleteme")
        assert asked.buttons
        (said,) = bodies(spans("یک خبر"))
        # Written down by a process that is then gone, before it could send.
        await app.store.write(lambda unit: unit.outbox.add(Outgoing(api.dialect.name, 501, "send", said), claimed=True))
    await asyncio.to_thread(move, settings, target, told.append)

    async with start_on(target) as app:
        sara = Citizen(app, api, 501)
        (deleted,) = [seen for seen in await sara.send("بله") if "خبر" not in seen.text]

    assert re.search("حذف|پاک", deleted.text)
    assert [seen.text for seen in api.seen(501)].count("یک خبر") == 1
