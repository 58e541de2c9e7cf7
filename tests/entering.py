"""Events as tests need them: entered by an editor in the chat, or put there at once."""

from bot.app import App
from bot.services import dated, event_drafts, events, staff
from bot.services.events import Event
from tests.botapi import Seen
from tests.citizen import Citizen


async def make_editor(citizen: Citizen) -> Citizen:
    """The citizen, as an editor."""
    code = await citizen.app.store.write(lambda unit: staff.invite(unit, "editor"))
    await citizen.send(f"/staff {code}")
    return citizen


async def put(app: App, title: str, when: str, **more: object) -> Event:
    """An event that is live in this process."""
    now = app.clock.now()
    values = {"kind": "culture", "place": "سرای محله"} | more | event_drafts.times(dated.read(when, now))
    plan = event_drafts.plan({"title": title} | values)
    found = await app.store.write(lambda unit: events.add(unit, plan, 1, now))
    await live(app)
    return found


async def live(app: App) -> None:
    """What was changed is known to this process."""
    assert app.work is not None
    await app.work.refresher.look()


def bare(seen: Seen) -> str:
    """The text without Bale's stars for bold letters and what keeps other signs plain."""
    return seen.text.replace("\u200b", "").replace("*", "")
