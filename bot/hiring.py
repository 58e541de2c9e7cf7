"""`python -m bot staff`: the code by which the first admin joins, and who works here. The service may run meanwhile."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.clock import Clock
from bot.config import Settings
from bot.dates import day_in_words
from bot.errors import StoreDown
from bot.opening import database_url, out_of_reach
from bot.services import staff
from bot.store import Store, Unit
from bot.store.migrate import upgrade

Result = TypeVar("Result")


def invite(settings: Settings, role: staff.Role) -> str:
    """Make a code for one person; returns what to print. Raises `CannotStart`."""
    code = _write(settings, lambda unit: staff.invite(unit, role))
    return f"Good for one {role}, for a day. Let them write to the bot, on any platform:\n/staff {code}"


def listed(settings: Settings) -> str:
    """Who works here, one a line. Raises `CannotStart`."""
    members = _write(settings, lambda unit: unit.staff.all())
    lines = [f"{who.role}\t{who.platform}\t{day_in_words(who.made_at)}\t{who.name or ''}" for who in members]
    return "\n".join(lines) or "Nobody yet. Begin with: python -m bot staff invite"


def _write(settings: Settings, work: Callable[[Unit], Result]) -> Result:
    url = database_url(settings)

    async def run() -> Result:
        store = Store(url, Clock(), connections=1)
        try:
            return await store.write(work)
        finally:
            await store.close()

    try:
        upgrade(url)
        return asyncio.run(run())
    except StoreDown as error:
        raise out_of_reach(url, error) from None
