"""Migrations and models agree, and every statement is SQL that both engines understand."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Executable, create_engine, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from bot import store
from bot.models import metadata
from bot.store import migrate

DIALECTS = (sqlite.dialect(), postgresql.dialect())  # type: ignore[no-untyped-call]  # SQLAlchemy leaves these two open


@pytest.fixture
def migrated(database: str) -> Iterator[Connection]:
    engine = create_engine(database.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def statements() -> Iterator[tuple[str, ClauseElement]]:
    """Every statement that stands as a constant in a module of the store."""
    for module in pkgutil.iter_modules(store.__path__):
        for name, value in vars(importlib.import_module(f"bot.store.{module.name}")).items():
            if isinstance(value, ClauseElement) and isinstance(value, Executable) and name.isupper():
                yield f"{module.name}.{name}", value


def test_migrations_make_the_tables_of_the_models(migrated: Connection) -> None:
    context = MigrationContext.configure(migrated, opts={"compare_type": True, "compare_server_default": True})

    assert compare_metadata(context, metadata) == []


def test_partial_indexes_are_the_same_too(migrated: Connection, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'models.db'}")
    metadata.create_all(engine)
    indexes = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
    with engine.connect() as models:
        wanted = models.execute(indexes).all()
    engine.dispose()

    assert migrated.execute(indexes).all() == wanted


def test_there_is_one_line_of_migrations_and_its_newest_file_is_its_head(migrated: Connection) -> None:
    script = ScriptDirectory(str(migrate.FOLDER))

    assert script.get_heads() == [migrate.newest()]
    assert migrate._current(migrated.engine) == migrate.newest()
    for revision in script.walk_revisions():
        assert revision.revision == Path(revision.path).stem


def test_a_database_that_is_up_to_date_is_left_alone(database: str, tmp_path: Path) -> None:
    assert migrate.upgrade(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    assert not migrate.upgrade(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    assert not migrate.upgrade(database)


@pytest.mark.parametrize("statement", [pytest.param(value, id=name) for name, value in statements()])
def test_both_engines_understand_the_statement(statement: ClauseElement) -> None:
    ours, theirs = (str(statement.compile(dialect=dialect)) for dialect in DIALECTS)

    assert ours.split()[0] == theirs.split()[0]
    assert ("ON CONFLICT" in ours) == ("ON CONFLICT" in theirs)
    assert "RETURNING" in theirs or "RETURNING" not in ours


def test_every_table_has_its_statements(migrated: Connection) -> None:
    assert len(list(statements())) > 40
    assert set(inspect(migrated).get_table_names()) == set(metadata.tables) | {"alembic_version"}
