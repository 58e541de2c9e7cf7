"""Surveys as tests make them: asked of citizens without the way through the panel, and what was kept of the answers."""

import json
from collections import Counter
from typing import Any

from sqlalchemy import update

from bot.app import App
from bot.models import AnnouncementState, announcements, participants, places, responses
from bot.services import contents, counting, invitations, surveys
from bot.services.audiences import Audience
from bot.services.contents import Content
from bot.services.questionnaire import Survey
from bot.services.survey_sheet import tables_of
from bot.services.taking_part import Ballot
from bot.store import Unit
from bot.store.announcements import NewAnnouncement
from bot.store.outbox import Outgoing
from bot.switchboard import _post
from tests.botapi import Seen
from tests.citizen import Citizen, rows_of, settled
from tests.editing import library
from tests.filing import platform_of

START, SEND, CHANGE = "✍️ شروع کنیم", "📤 بفرست", "✏️ عوض کردن جواب‌ها"
DONE, SKIP, BACK, KEEP, HOME = "✅ همین‌ها", "رد کردن", "↩️ سؤال قبل", "همین بماند", "🏠 منوی اصلی"

YES_NO = [{"id": "yes", "label": "بله"}, {"id": "no", "label": "نه"}]
PARK: dict[str, Any] = {
    "survey": {"title": "بوستان محله", "intro": "چند سؤال کوتاه.", "thanks": "ممنون از شما.", "anonymous": False},
    "question": [
        {"id": "used", "kind": "one", "text": "به بوستان می‌روید؟", "options": YES_NO},
        {
            "id": "why",
            "kind": "many",
            "text": "برای چه؟",
            "choices": 2,
            "options": [
                {"id": "walk", "label": "پیاده‌روی"},
                {"id": "play", "label": "بازی بچه‌ها"},
                {"id": "rest", "label": "استراحت"},
                {"id": "none", "label": "هیچ‌کدام", "alone": True},
            ],
            "show_if": [{"question": "used", "any": ["yes"]}],
        },
        {
            "id": "clean",
            "kind": "scale",
            "text": "تمیز است؟",
            "words": ["خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب"],
        },
        {"id": "visits", "kind": "number", "text": "در هفته چند بار؟", "least": 0, "most": 50},
        {"id": "wish", "kind": "text", "text": "چه کم دارد؟", "required": False},
    ],
}
ALL_KINDS: dict[str, Any] = {
    "survey": PARK["survey"],
    "question": [
        {"id": "picture", "kind": "photo", "text": "عکسی دارید؟"},
        {"id": "where", "kind": "place", "text": "کجاست؟", "required": False},
        {"id": "last", "kind": "text", "text": "حرف آخر؟"},
    ],
}
SWING: dict[str, Any] = {
    "survey": {"title": "تاب تازه", "thanks": "ممنون.", "anonymous": False, "quick": True},
    "question": [{"id": "swing", "kind": "one", "text": "تاب بگذاریم؟", "options": YES_NO}],
}


def nameless(tables: dict[str, Any]) -> dict[str, Any]:
    return tables | {"survey": tables["survey"] | {"anonymous": True}}


def put(
    unit: Unit,
    tables: dict[str, Any] | Survey,
    *,
    lasts_ms: int | None = None,
    shows: bool = False,
    whom: Audience | None = None,
) -> int:
    """A survey that is open; its number. Its announcement has no buttons and was sent to nobody."""
    found = tables_of(tables) if isinstance(tables, Survey) else tables
    anonymous = found["survey"]["anonymous"]
    number = unit.surveys.add(json.dumps(found), anonymous=anonymous, shows=shows, lasts_ms=lasts_ms)
    new = NewAnnouncement(
        AnnouncementState.PLANNED,
        "",
        urgent=False,
        content=json.dumps(Content(()).to_json()),
        audience=(whom or Audience()).to_json(),
        fingerprint="",
        due_at=unit.now,
    )
    made = unit.announcements.add(new)
    assert number is not None
    assert made is not None
    unit.surveys.ask(number, made)
    unit.announcements.begin(made)
    unit.announcements.move(made, [AnnouncementState.QUEUING], AnnouncementState.DONE)
    return number


async def asked(app: App, tables: dict[str, Any], **more: Any) -> int:  # noqa: ANN401 - of `put`
    return await app.store.write(lambda unit: put(unit, tables, **more))


async def announced(citizen: Citizen, number: int) -> Seen:
    """The citizen gets the announcement that asks a survey."""
    assert citizen.app.work is not None
    words = library(citizen.app).talks.words

    def work(unit: Unit) -> list[Any]:
        row = surveys.find(unit, number)
        assert row.announcement_id is not None
        content = Content(invitations.wording(row, words["survey"]), (), invitations.actions(row, words["survey"]))
        one = update(announcements).where(announcements.c.id == row.announcement_id)
        unit.surveys._connection.execute(one.values(content=json.dumps(content.to_json())))
        bodies = contents.bodies(unit, content, row.announcement_id, "", words["announced"])
        messages = [Outgoing(platform_of(citizen), citizen.user_id, "send", body) for body in bodies]
        return _post(unit, messages, ("", 0))

    citizen.app.work._deliver(await citizen.app.store.write(work))
    await settled(citizen.app)
    return citizen.api.seen(citizen.user_id)[-1]


async def button(app: App, number: int, action: str, *rest: int) -> str:
    """What a button of a survey carries: of a question, and of an answer there."""
    row = await app.store.read(lambda unit: surveys.find(unit, number))
    return f"{action}:{Ballot.of(row, *rest)}"


async def answers(app: App) -> list[dict[str, Any]]:
    """Of each response what was answered."""
    return [json.loads(row["answers"]) for row in await kept(app, responses)]


async def kept(app: App, table: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a table
    return await app.store.read(lambda unit: rows_of(unit, table))


async def taking_part(app: App) -> list[dict[str, Any]]:
    return await kept(app, participants)


async def stands(app: App) -> list[str]:
    """Where everybody stands in a conversation."""
    return [row["place"] for row in await kept(app, places)]


def sums(unit: Unit, number: int) -> dict[tuple[str, str], int]:
    """What is counted, by question and value."""
    total: Counter[tuple[str, str]] = Counter()
    for one in unit.responses.counts(number):
        total[one.question, one.value] += one.count
    return dict(total)


def recounted(unit: Unit, number: int) -> dict[tuple[str, str], int]:
    """The same, added up anew from the responses."""
    sheet = surveys.sheet(surveys.find(unit, number))
    total: Counter[tuple[str, str]] = Counter()
    for response in unit.responses.page(number, 0, 10_000):
        for one in counting.counts(sheet, response):
            total[one.question, one.value] += one.count
    return dict(total)
