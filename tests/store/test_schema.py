"""Migrations and models agree, and every statement is SQL that both engines understand."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Executable, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from bot import store
from bot.config import ROOT
from bot.models import metadata
from bot.store import Unit, migrate
from tests.postgres import Server

DIALECTS = (sqlite.dialect(), postgresql.dialect())  # type: ignore[no-untyped-call]  # SQLAlchemy leaves these two open


@pytest.fixture
def migrated(unit: Unit) -> Connection:
    """A connection to a database as the migrations make it."""
    return unit.inbox._connection


def statements() -> Iterator[tuple[str, ClauseElement]]:
    """Every statement that stands as a constant in a module of the store."""
    for module in pkgutil.iter_modules(store.__path__):
        for name, value in vars(importlib.import_module(f"bot.store.{module.name}")).items():
            if isinstance(value, ClauseElement) and isinstance(value, Executable) and name.isupper():
                yield f"{module.name}.{name}", value


def test_migrations_make_the_tables_of_the_models(migrated: Connection) -> None:
    context = MigrationContext.configure(migrated, opts={"compare_type": True, "compare_server_default": True})

    assert compare_metadata(context, metadata) == []


INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes "
    "WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY indexname",
}


def test_partial_indexes_are_the_same_too(migrated: Connection, engine: str) -> None:
    indexes = text(INDEXES[engine])
    made = migrated.execute(indexes).all()

    metadata.drop_all(migrated)
    metadata.create_all(migrated)

    assert made == migrated.execute(indexes).all()


def test_postgresql_counts_anew_when_a_backlog_begins(migrated: Connection, engine: str) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite plans without counting")
    options = "SELECT reloptions FROM pg_class WHERE relname = :name"

    for name in ("inbox", "outbox", "chats", "files"):
        found = migrated.execute(text(options), {"name": name}).scalar_one()
        assert {"autovacuum_analyze_scale_factor=0", "autovacuum_analyze_threshold=1000"} <= set(found)


def test_there_is_one_line_of_migrations_and_its_newest_file_is_its_head(migrated: Connection) -> None:
    script = ScriptDirectory(str(migrate.FOLDER))

    assert script.get_heads() == [migrate.newest()]
    assert migrate._revision(migrated) == migrate.newest()
    for revision in script.walk_revisions():
        assert revision.revision == Path(revision.path).stem


@pytest.fixture
def nothing(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if engine == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
        return
    running: Server = request.getfixturevalue("postgres")
    name = running.new_database()
    yield running.url(name)
    running.drop(name)


def test_a_database_is_migrated_once_and_then_left_alone(nothing: str) -> None:
    assert migrate.upgrade(nothing)
    assert migrate.current(nothing) == migrate.newest()
    assert not migrate.upgrade(nothing)


def test_two_that_start_at_once_do_not_migrate_over_each_other(nothing: str) -> None:
    program = "import sys; from bot.store.migrate import upgrade; upgrade(sys.argv[1])"
    starts = [subprocess.Popen([sys.executable, "-c", program, nothing], cwd=ROOT) for _ in range(3)]

    assert [start.wait() for start in starts] == [0] * 3
    assert migrate.current(nothing) == migrate.newest()


def test_alembic_sees_nothing_to_change(database: str) -> None:
    command.check(migrate.alembic_config(database))


@pytest.mark.parametrize("statement", [pytest.param(value, id=name) for name, value in statements()])
def test_both_engines_understand_the_statement(statement: ClauseElement) -> None:
    ours, theirs = (str(statement.compile(dialect=dialect)) for dialect in DIALECTS)

    assert ours.split()[0] == theirs.split()[0]
    assert ("ON CONFLICT" in ours) == ("ON CONFLICT" in theirs)
    assert "RETURNING" in theirs or "RETURNING" not in ours


def test_every_table_has_its_statements(migrated: Connection) -> None:
    assert len(list(statements())) > 40
    assert set(inspect(migrated).get_table_names()) == set(metadata.tables) | {"alembic_version"}
