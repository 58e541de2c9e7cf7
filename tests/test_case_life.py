"""The whole life of a case, as its citizen and staff have it: from the first message to «رفع شد», and weeks after.

Nothing of it is done behind the scenes but that weeks pass.
"""

import pytest
from sqlalchemy import update

from bot import config
from bot.app import App
from bot.models import CaseState, Verdict, cases
from bot.services import staff
from bot.store import Unit
from bot.store.cases import Case
from scheduler import JOBS
from tests import samples
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels, rows_of, settled
from tests.editing import made_editor
from tests.filing import plain
from tests.group import Group
from tests.reporting import COMPLAINT, HERE, LIGHTS, ONE_LIGHT, SEND, WORDS, code_in, pin
from tests.scene import ADMIN, MINA, NAMES, REZA

pytestmark = pytest.mark.usefixtures("cleaned_here")

ASKING = next(job for job in JOBS if job.name == "ask_again")
MOST_ACTS = 7
VERDICTS = ["✅ رفع شد", "🌓 نصفه", "❌ نشد"]
PICTURES = [samples.jpeg(shade=200 + at) for at in range(3)]


@pytest.fixture
def engine(api: BotApi) -> str:
    """Each messenger with another database."""
    return {"telegram": "sqlite", "bale": "postgresql"}[api.dialect.name]


@pytest.fixture
async def desk(app: App, api: BotApi) -> Group:
    """A group that an admin made a desk, and two operators who came by codes."""
    group = Group(app, api, -100, "میز برق")
    for user_id in (ADMIN, MINA, REZA):
        api.meet(user_id, first_name=NAMES[user_id])
    await made_editor(Citizen(app, api, ADMIN), "admin")
    await group.send(ADMIN, "/desk")
    made = await group.desk()
    assert made is not None
    for user_id in (MINA, REZA):
        code = await app.store.write(lambda unit: staff.invite(unit, "operator", None, made.id))
        await Citizen(app, api, user_id).send(f"/staff {code}")
    return group


async def press(group: Group, user_id: int, wanted: str) -> list[Seen]:
    return await group.after(lambda: group.api.press(user_id, wanted, chat_id=group.number))


async def reply(
    group: Group, user_id: int, to: Seen, text: str | None = None, picture: bytes | None = None
) -> list[Seen]:
    more = {"chat_id": group.number, "reply_to": to.message_id}
    if picture is not None:
        return await group.after(lambda: group.api.send_photo(user_id, picture, text, **more))
    return await group.after(lambda: group.api.say(user_id, text, **more))


def card(group: Group) -> Seen:
    """The case's card as it stands in the desk now."""
    return next(seen for seen in group.api.seen(group.number) if "مهلت" in seen.text)


async def the_case(app: App) -> Case:
    rows = await app.store.read(lambda unit: rows_of(unit, cases))
    assert len(rows) == 1
    case = await app.store.read(lambda unit: unit.cases.find(rows[0]["id"]))
    assert case is not None
    return case


def last(citizen: Citizen) -> Seen:
    """What the citizen was told last."""
    return citizen.api.seen(citizen.user_id)[-1]


async def reported(sara: Citizen, desk: Group) -> int:
    """Sara reports it, with two pictures in an album and a point on the map; it stands in the desk. Its code."""
    await sara.send("/start")
    acts = [
        await sara.press("📝 ثبت درخواست"),
        await sara.press(COMPLAINT),
        await sara._after(lambda: sara.api.send_album(sara.user_id, PICTURES[:2], WORDS)),
        await sara.press(LIGHTS),
        await sara.press(ONE_LIGHT),  # the category's own question
        await pin(sara, *HERE),
        await sara.press(SEND),
    ]
    assert len(acts) <= MOST_ACTS
    case = await the_case(sara.app)
    code = code_in(acts[-1][-1])
    assert (case.code, case.category) == (code, "lights")
    assert (case.lat, case.lon) == pytest.approx(HERE)
    shown = card(desk)
    assert WORDS in plain(shown)
    assert "۲ عکس یا فایل" in shown.text
    assert sum(seen.kind == "photo" for seen in sara.api.seen(desk.number)) == 2
    return code


async def asked_and_answered(sara: Citizen, desk: Group) -> None:
    """Mina takes it and asks something, which Sara answers."""
    await press(desk, MINA, "✋ برمی‌دارم")
    assert "با مینا" in card(desk).text
    assert "برداشت" in last(sara).text
    await press(desk, MINA, "❓ پرسش از شهروند")
    await reply(desk, MINA, sara.api.seen(desk.number)[-1], "شماره تیر چراغ چند است؟")
    assert "شماره تیر چراغ چند است؟" in last(sara).text
    assert (await the_case(sara.app)).state == CaseState.ASKED
    await sara.press("✍️ جواب می‌دهم")
    await sara.send("روی تیر نوشته ۱۴۲")
    assert any("روی تیر نوشته ۱۴۲" in seen.text for seen in sara.api.seen(desk.number))
    assert (await the_case(sara.app)).state == CaseState.TAKEN


async def told_by_replies(sara: Citizen, desk: Group) -> None:
    """A note stays among colleagues, a reply to the card reaches Sara, and what else is said there is not read."""
    before = len(sara.api.seen(sara.user_id))
    await reply(desk, MINA, card(desk), "// پیمانکار فردا می‌رود")
    assert len(sara.api.seen(sara.user_id)) == before
    await reply(desk, MINA, card(desk), "فردا گروه برق می‌آید.")
    assert "فردا گروه برق می‌آید." in last(sara).text
    await desk.send(MINA, "بچه‌ها ناهار؟")
    assert len(sara.api.seen(sara.user_id)) == before + 1


async def objected(sara: Citizen, desk: Group) -> None:
    """An answer is not «رفع شد»: Sara says that nothing is mended, and another than Mina must take it."""
    await press(desk, MINA, "📄 پاسخ و پایان")
    await reply(desk, MINA, sara.api.seen(desk.number)[-1], "لامپ در برنامه تعویض است.")
    assert "پاسخ داده شد" in last(sara).text
    assert labels(last(sara))[:3] == VERDICTS
    await sara.press("❌ نشد")
    case = await the_case(sara.app)
    assert (case.is_open, case.owner_id, case.reopened) == (True, None, 1)
    assert "دوباره باز شد" in card(desk).text
    await press(desk, MINA, "✋ برمی‌دارم")
    assert "همکار دیگری" in sara.api.alerts[-1].text
    assert (await the_case(sara.app)).owner_id is None


async def mended(sara: Citizen, desk: Group) -> None:
    """Reza closes it with a picture, and Sara agrees."""
    await press(desk, REZA, "✋ برمی‌دارم")
    await press(desk, REZA, "✅ رفع شد")
    await reply(desk, REZA, sara.api.seen(desk.number)[-1], "لامپ عوض شد.", PICTURES[2])
    new = [seen for seen in sara.api.seen(sara.user_id) if seen.kind == "photo"]
    assert len(new) == 1
    assert "لامپ عوض شد." in last(sara).text
    await sara.press("✅ رفع شد")
    case = await the_case(sara.app)
    assert (case.state, case.verdict, case.is_open) == (CaseState.FIXED, Verdict.FIXED, False)
    assert "شهروند هم می‌گوید رفع شد" in card(desk).text


async def asked_weeks_later(sara: Citizen) -> None:
    """Once more, and never again."""
    await sara.app.store.write(weeks_pass)
    assert await ASKING.run(sara.app.store, config.load()) == {"asked": 1}
    await settled(sara.app, sara.api)
    assert labels(last(sara))[:3] == VERDICTS
    assert await ASKING.run(sara.app.store, config.load()) == {"asked": 0}


async def test_from_the_first_message_to_mended_and_weeks_after(sara: Citizen, desk: Group) -> None:
    code = await reported(sara, desk)
    await asked_and_answered(sara, desk)
    await told_by_replies(sara, desk)
    await objected(sara, desk)
    await mended(sara, desk)
    await asked_weeks_later(sara)

    (page,) = await sara.send(str(code))
    told = page.text + "".join(seen.text for seen in await sara.press("📜 همه سابقه"))
    assert "شماره تیر چراغ" in told
    assert "لامپ عوض شد" in told
    assert "پیمانکار" not in told
    number = (await the_case(sara.app)).id
    deeds = await sara.app.store.read(lambda unit: [deed.action for deed in unit.audit.of(f"case:{number}", 50)])
    assert sorted(deeds) == [
        "case_answered", "case_asked", "case_fixed", "case_note", "case_said", "case_taken", "case_taken",
    ]  # fmt: skip


def weeks_pass(unit: Unit) -> None:
    """On PostgreSQL the clock is the database's own: the day of asking comes to us instead."""
    unit.cases._connection.execute(update(cases).where(cases.c.ask_at.is_not(None)).values(ask_at=1))
