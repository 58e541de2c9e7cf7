"""The address of a database, taken apart."""

from pathlib import Path

import pytest

from bot.store.address import file_of, with_file


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite+aiosqlite:///data/hamyar14.db", "data/hamyar14.db"),
        ("sqlite+aiosqlite:////var/lib/hamyar14.db", "/var/lib/hamyar14.db"),
        ("sqlite+aiosqlite:///:memory:", None),
        ("sqlite+aiosqlite://", None),
    ],
)
def test_an_address_names_its_file_or_none(url: str, file: str | None) -> None:
    assert file_of(url) == (None if file is None else Path(file))


def test_an_address_can_be_given_another_file() -> None:
    assert with_file("sqlite+aiosqlite:///a.db?timeout=3", Path("/b c.db")) == "sqlite+aiosqlite:////b c.db?timeout=3"
