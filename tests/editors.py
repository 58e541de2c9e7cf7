"""What tests of staff's rooms share: somebody who answers, and questions that nobody could answer."""

from sqlalchemy import update

from bot.app import App
from bot.models import questions
from bot.services import staff
from bot.services.staff import Role
from bot.store import Unit
from bot.store.questions import Asker
from tests.citizen import Citizen


async def hired(citizen: Citizen, role: Role = "editor") -> Citizen:
    """The citizen, as staff of this role."""
    code = await citizen.app.store.write(lambda unit: staff.invite(unit, role))
    await citizen.send(f"/staff {code}")
    return citizen


async def missed(app: App, asker: Asker, *texts: str) -> list[int]:
    """Questions that the bot could not answer; their numbers."""
    answers = app.work.house.library.answers if app.work is not None else None
    assert answers is not None

    def work(unit: Unit) -> list[int]:
        return [unit.questions.missed(asker, text, answers.folded(text)) for text in texts]

    return await app.store.write(work)


async def passed(app: App, asker: Asker, text: str) -> int:
    """A question that somebody passed on to staff; they wait."""
    (number,) = await missed(app, asker, text)
    folded = (await app.store.read(lambda unit: unit.questions.find(number))).folded  # type: ignore[union-attr]  # it is there
    assert await app.store.write(lambda unit: unit.questions.passed(asker, number, text, folded or ""))
    return number


async def made_older(app: App, age_ms: int) -> None:
    """All questions were asked so much earlier. On PostgreSQL the clock is not ours to set."""
    older = update(questions).values(asked_at=questions.c.asked_at - age_ms)
    await app.store.write(lambda unit: unit.unanswered._connection.execute(older))


def asker(citizen: Citizen) -> Asker:
    return Asker(citizen.api.dialect.name, citizen.user_id, citizen.user_id)
