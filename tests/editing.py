"""Editors at work: how tests make one, write an answer, and wait until it is live."""

from sqlalchemy import update

from bot.app import App
from bot.flow import Library
from bot.models import entry_versions
from bot.services import staff
from bot.store import Unit
from tests.botapi import Seen
from tests.citizen import Citizen, settled

TITLE = "قایق‌های دریاچه"
PHRASINGS = "قایق پدالی کرایه می‌دهید؟\nقایق سواری چنده"
ANSWER = "قایق پدالی هر نیم ساعت ۵۰ هزار تومان است."
QUESTION = "قایق پدالی کرایه می‌دین؟"
PUBLISH = "✅ انتشار"


async def made_editor(citizen: Citizen, role: staff.Role = "editor") -> Citizen:
    """The citizen, as one of the staff."""
    await citizen.send(f"/staff {await citizen.app.store.write(lambda unit: staff.invite(unit, role))}")
    return citizen


def library(app: App) -> Library:
    """What this process can say now."""
    assert app.work is not None
    return app.work.house.library


async def live(*apps: App) -> None:
    """Every process has what staff changed."""
    for app in apps:
        assert app.work is not None
        await app.work.refresher.look()


async def drafted(mina: Citizen, title: str = TITLE, phrasings: str = PHRASINGS, answer: str = ANSWER) -> list[Seen]:
    """Write a new answer, up to its preview."""
    await mina.send("/answers")
    await mina.press("✏️ جواب تازه")
    await mina.send(title)
    await mina.send(phrasings)
    return await mina.send(answer)


async def published(mina: Citizen, title: str = TITLE, phrasings: str = PHRASINGS, answer: str = ANSWER) -> list[Seen]:
    """Write a new answer and publish it."""
    await drafted(mina, title, phrasings, answer)
    told = await mina.press(PUBLISH)
    await live(mina.app)
    return told


async def pressed(citizen: Citizen, data: str) -> list[Seen]:
    """Press what stands no more, or was never shown, as a forged client does."""
    before = citizen.api.seen(citizen.user_id)
    citizen.api.press_gone(citizen.user_id, data, before[-1])
    await settled(citizen.app, citizen.api)
    return [seen for seen in citizen.api.seen(citizen.user_id) if seen not in before]


async def spoil(app: App, **values: object) -> None:
    """Rows of versions hold this, as no editor could have written it."""

    def write(unit: Unit) -> None:
        unit.entries._connection.execute(update(entry_versions).values(values))
        unit.revisions.bump("knowledge")

    await app.store.write(write)
    await live(app)
