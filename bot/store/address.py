"""The address of a database, taken apart. Opens nothing."""

from pathlib import Path

from sqlalchemy import make_url


def file_of(url: str) -> Path | None:
    """The file that an address of SQLite names, as it is written there; None for a database in memory."""
    name = make_url(url).database
    return Path(name) if name and name != ":memory:" else None


def with_file(url: str, file: Path) -> str:
    """The same address with another file."""
    return make_url(url).set(database=str(file)).render_as_string(hide_password=False)


def without_password(url: str) -> str:
    """The address as it may be shown."""
    return make_url(url).render_as_string(hide_password=True)
