"""Staff make surveys: how tests come to one, up to where it is asked, and what stands in the table."""

import json
from typing import Any

from bot.app import App
from bot.models import AnnouncementState, surveys
from bot.store import Unit
from bot.store.announcements import NewAnnouncement
from tests.botapi import Seen
from tests.citizen import Citizen, rows_of

POLL = "ساعت کلاس ورزش چند باشد؟\n۸ صبح\n۵ عصر\nفرقی نمی‌کند"
QUICK, NEW, READY, FILE = "⚡️ نظرسنجی فوری", "🆕 نظرسنجی تازه", "📋 از آماده‌ها", "📄 از فایل"
ASK, PREVIEW, DELETE, COPY = "📤 برای چه کسانی و چه وقت", "👁 پیش‌نمایش", "🗑 حذف", "نسخه‌ای از این"
SETTINGS, QUESTIONS, ADD = "⚙️ تنظیم‌ها", "✏️ سؤال‌ها و متن‌ها", "➕ سؤال تازه"
TO_SURVEY, TO_QUESTIONS, TO_QUESTION = "برگشت به نظرسنجی", "برگشت به سؤال‌ها", "برگشت به سؤال"
PUBLISHED, GONE = "دیگر عوض نمی‌شود", "پیدا نکردم"


async def poll(editor: Citizen, text: str = POLL) -> list[Seen]:
    """A quick poll, up to the panel of its announcement."""
    await editor.send("/polls")
    await editor.press(QUICK)
    return await editor.send(text)


async def blank(editor: Citizen, title: str = "بوستان محله", intro: str = "چند سؤال کوتاه داریم.") -> list[Seen]:
    """A survey without questions."""
    await editor.send("/polls")
    await editor.press(NEW)
    await editor.send(title)
    return await editor.send(intro)


async def question(editor: Citizen, kind: str, *said: str) -> list[Seen]:
    """One question more, from the page of questions and back to it. `said`: what is typed; «> » before a button."""
    await editor.press(ADD)
    await editor.press(kind)
    for words in said:
        await (editor.press(words[2:]) if words.startswith("> ") else editor.send(words))
    return await editor.press(TO_QUESTIONS)


async def rows(app: App) -> list[dict[str, Any]]:
    """All surveys, with their tables."""
    found = await app.store.read(lambda unit: rows_of(unit, surveys))
    return [row | {"tables": json.loads(row["sheet"])} for row in found]


async def only(app: App) -> dict[str, Any]:
    """The tables of the only survey."""
    (row,) = await rows(app)
    tables: dict[str, Any] = row["tables"]
    return tables


async def stands(app: App, *, begun: bool, number: int = 1) -> None:
    """A survey is asked, or waits to be, as if its announcement had been sent."""

    def write(unit: Unit) -> None:
        made = unit.announcements.add(
            NewAnnouncement(
                AnnouncementState.PLANNED,
                "",
                urgent=False,
                content='{"text": [], "files": [], "buttons": []}',
                audience="{}",
                fingerprint="",
                due_at=unit.now,
            )
        )
        assert made is not None
        unit.surveys.ask(number, made)
        if begun:
            unit.announcements.begin(made)

    await app.store.write(write)


async def over(app: App, number: int = 1) -> None:
    """It is closed."""
    await app.store.write(lambda unit: unit.surveys.close(number))
