"""Surveys as tests make them: open ones, and answers to them without any conversation."""

import json
from typing import Any

from bot.models import AnnouncementState
from bot.services import taking_part
from bot.services.audiences import Audience
from bot.services.questionnaire import Value
from bot.store import Unit
from bot.store.announcements import NewAnnouncement
from bot.store.citizens import Citizen

WORDS = ["خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب"]
FAIR: dict[str, Any] = {
    "survey": {"title": "جشن محله", "intro": "چند سؤال کوتاه.", "thanks": "ممنون.", "anonymous": False},
    "question": [
        {
            "id": "came",
            "kind": "one",
            "text": "آمدید؟",
            "options": [{"id": "yes", "label": "بله"}, {"id": "no", "label": "نه"}],
        },
        {
            "id": "what",
            "kind": "many",
            "text": "چه چیزی خوب بود؟",
            "options": [{"id": "music", "label": "موسیقی"}, {"id": "food", "label": "=آش"}],
            "show_if": [{"question": "came", "any": ["yes"]}],
        },
        {"id": "liked", "kind": "scale", "text": "روی‌هم چطور بود؟", "words": WORDS, "required": False},
        {"id": "count", "kind": "number", "text": "چند نفر بودید؟", "least": 0, "most": 99, "required": False},
        {"id": "mend", "kind": "text", "text": "چه بهتر شود؟", "required": False},
        {"id": "seen", "kind": "photo", "text": "عکسی دارید؟", "required": False},
        {"id": "where", "kind": "place", "text": "کجا باشد؟", "required": False},
    ],
}
POLL: dict[str, Any] = {
    "survey": {"title": "تاب", "thanks": "ممنون.", "anonymous": False, "quick": True},
    "question": [
        {
            "id": "swing",
            "kind": "one",
            "text": "تاب بگذاریم؟",
            "options": [{"id": "yes", "label": "بله"}, {"id": "no", "label": "نه"}],
        }
    ],
}
HOUR_MS = 3600 * 1000
DAY_MS = 24 * HOUR_MS


def opened(
    unit: Unit,
    tables: dict[str, Any],
    *,
    nameless: bool = False,
    lasts_ms: int | None = 4 * DAY_MS,
    made_by: int | None = None,
) -> int:
    """A survey that is open; its number."""
    sheet = json.dumps(tables | {"survey": tables["survey"] | {"anonymous": nameless}})
    number = unit.surveys.add(sheet, anonymous=nameless, lasts_ms=lasts_ms, made_by=made_by)
    asking = NewAnnouncement(
        AnnouncementState.PLANNED,
        "sport",
        urgent=False,
        content='{"text": [["", "?"]], "files": [], "buttons": []}',
        audience=Audience(platforms=("bale", "telegram"), neighbourhoods=("doulab",)).to_json(),
        fingerprint="",
        due_at=unit.now,
    )
    made = unit.announcements.add(asking)
    assert number is not None
    assert made is not None
    unit.surveys.ask(number, made)
    unit.announcements.begin(made)
    return number


def answered(
    unit: Unit, number: int, user: int, *values: Value | None, platform: str = "bale", lives: str = ""
) -> Citizen:
    """Somebody answers so many questions, and sends their answers if these are all."""
    citizen = unit.citizens.meet(platform, user, "سارا")
    unit.choices.live_in(citizen.id, lives or None)
    part = taking_part.begin(unit, citizen, number)
    for value in values:
        question = part.at
        assert question is not None
        part = taking_part.give(unit, part, question, value)
    if part.at is None:
        taking_part.send(unit, citizen, part)
    return citizen


def voted(unit: Unit, number: int, yes: int, no: int, platform: str = "bale", first: int = 1000) -> None:
    """So many vote in a poll."""
    for user in range(yes + no):
        answered(unit, number, first + user, "yes" if user < yes else "no", platform=platform)
