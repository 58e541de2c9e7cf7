"""Brings the tables up to date. Alembic is loaded only when there is something to do: it costs a start 0.3 s."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, make_url, text

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(url: str) -> bool:
    """Apply what is missing. False: nothing was."""
    engine = create_engine(make_url(url).set(drivername="sqlite"))
    try:
        if _current(engine) == newest():
            return False
    finally:
        engine.dispose()
    _run_alembic(url)
    return True


def newest() -> str:
    """The revision of the last file: names begin with their date, and the revision is the name."""
    return max(file.stem for file in (FOLDER / "versions").glob("*.py"))


def _current(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run_alembic(url: str) -> None:
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    command.upgrade(config, "head")
