"""Announcements as tests make them: sent to one citizen, and what that citizen chose of them."""

import json
from typing import Any

from bot.markup import spans
from bot.models import AnnouncementState
from bot.services import contents
from bot.services.contents import Action, Content
from bot.store import Unit
from bot.store.announcements import NewAnnouncement
from bot.store.choices import Choice
from bot.store.outbox import Outgoing
from bot.switchboard import _post
from tests.botapi import Seen
from tests.citizen import Citizen, settled
from tests.editing import library, pressed
from tests.filing import platform_of

TEXT = "**نمایشگاه گل** از فردا در بوستان است."


def add(unit: Unit, content: Content, topic: str, *, begun: bool = True) -> int:
    """An announcement; its number. `begun`: it has been sent."""
    stored = json.dumps(content.to_json())
    new = NewAnnouncement(
        AnnouncementState.PLANNED, topic, urgent=False, content=stored, audience="{}", fingerprint="", due_at=0
    )
    number = unit.announcements.add(new)
    assert number is not None
    if begun:
        unit.announcements.begin(number)
    return number


async def announced(citizen: Citizen, *buttons: Action, topic: str = "culture", files: tuple[str, ...] = ()) -> int:
    """The citizen gets an announcement with these buttons; its number."""
    assert citizen.app.work is not None
    words = library(citizen.app).talks.words["announced"]
    content = Content(spans(TEXT), files, buttons)

    def work(unit: Unit) -> tuple[int, list[Any]]:
        number = add(unit, content, topic)
        bodies = contents.bodies(unit, content, number, topic, words)
        return number, _post(
            unit, [Outgoing(platform_of(citizen), citizen.user_id, "send", body) for body in bodies], ("", 0)
        )

    number, rows = await citizen.app.store.write(work)
    citizen.app.work._deliver(rows)
    await settled(citizen.app)
    return number


async def chosen(citizen: Citizen) -> Choice:
    """What is kept of their choice."""
    where = (platform_of(citizen), citizen.user_id)

    def work(unit: Unit) -> Choice:
        met = unit.citizens.find(*where, citizen.user_id)
        assert met is not None
        return unit.choices.of(met.citizen.id)

    return await citizen.app.store.read(work)


async def pressed_anew(citizen: Citizen, data: str) -> list[Seen]:
    """Press what stands no more, or was never shown; what that showed."""
    before = citizen.api.seen(citizen.user_id)
    await pressed(citizen, data)
    return [seen for seen in citizen.api.seen(citizen.user_id) if seen not in before]
