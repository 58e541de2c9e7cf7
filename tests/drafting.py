"""Staff who announce: how tests compose something, up to where it is sent."""

from dataclasses import replace
from typing import Any

from bot.app import App
from bot.models import announcement_drafts, announcements
from bot.store import Unit
from tests.botapi import Seen
from tests.citizen import Citizen, rows_of

TEXT = "مسیر خیابان پیروزی تا شنبه بسته است. از بزرگراه امام علی بروید."
NEW, CHECK, SEND, REGRET = "✏️ پیام تازه", "✅ بررسی و ارسال", "📤 بفرست", "پشیمان شدم"
BACK, DROP, GONE = "برگشت به پیش‌نویس", "کنار بگذار", "دیگر باز نیست"


async def composed(editor: Citizen, text: str = TEXT) -> list[Seen]:
    """A draft with these words: the message itself, and the panel."""
    await editor.send("/announce")
    await editor.press(NEW)
    return await editor.send(text)


async def submitted(editor: Citizen, text: str = TEXT) -> list[Seen]:
    """The same, checked and sent."""
    await composed(editor, text)
    await editor.press(CHECK)
    return await editor.press(SEND)


def go_live(app: App, **settings: Any) -> None:  # noqa: ANN401 - of the settings
    """Announcements go to citizens from now on; a service that is live has no samples in its content, ours has."""
    assert app.work is not None
    house = app.work.house
    house.library = replace(house.library, sending=replace(house.library.sending, **{"live": True} | settings))


async def stored(app: App) -> list[dict[str, Any]]:
    """All announcements."""
    return await app.store.read(lambda unit: rows_of(unit, announcements))


async def drafts(app: App) -> list[dict[str, Any]]:
    """Whatever is being composed."""
    return await app.store.read(lambda unit: rows_of(unit, announcement_drafts))


async def choose(citizen: Citizen, *, wants: int = 0, refuses: int = 0, lives: str | None = None) -> None:
    """What a citizen chose of announcements; the conversation for it has tests of its own."""

    def write(unit: Unit) -> None:
        known = unit.citizens.find(citizen.api.dialect.name, citizen.user_id, citizen.user_id)
        assert known is not None
        unit.choices.choose(known.citizen.id, wants, refuses)
        unit.choices.live_in(known.citizen.id, lives)

    await citizen.app.store.write(write)
