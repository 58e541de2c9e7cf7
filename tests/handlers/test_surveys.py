"""The room of surveys: what is made, runs and is over, and what can be done with each."""

import json
import re
from typing import Any

import pytest

from bot.app import App
from bot.clock import Clock
from bot.loading import ROOT
from bot.models import audit, participants
from bot.services import survey_sheet
from bot.services.counting import ANSWERED, LEFT
from bot.store import Unit
from bot.store.participants import Participant
from bot.store.responses import Count
from tests.botapi import BotApi
from tests.citizen import Citizen, labels, rows_of, settled
from tests.conftest import FakeClock
from tests.drafting import CHECK, SEND
from tests.editing import library, made_editor, pressed
from tests.making import (
    ASK,
    COPY,
    DELETE,
    GONE,
    PREVIEW,
    PUBLISHED,
    QUESTIONS,
    READY,
    SETTINGS,
    blank,
    over,
    poll,
    rows,
    stands,
)

OPEN = "۱. باز کردن"


@pytest.fixture
def clock() -> Clock:
    return FakeClock()


async def add(app: App, *titles: str, **more: Any) -> None:  # noqa: ANN401 - of `Surveys.add`
    """Drafts with these titles."""

    def write(unit: Unit) -> None:
        for title in titles:
            about = {"title": title, "intro": "ش", "thanks": "م", "anonymous": False}
            made = {"survey": about, "question": [{"id": "q1", "kind": "text", "text": "چرا؟"}]}
            unit.surveys.add(json.dumps(made), anonymous=False, **more)

    await app.store.write(write)


async def test_an_empty_room_says_how_to_begin(mina: Citizen) -> None:
    (room,) = await mina.send("/polls")

    assert "هیچ نظرسنجی‌ای در کار نیست" in room.text
    assert labels(room)[:4] == ["⚡️ نظرسنجی فوری", "🆕 نظرسنجی تازه", READY, "📄 از فایل"]


async def test_what_is_made_is_listed_by_pages_the_newest_first(mina: Citizen) -> None:
    await add(mina.app, *(f"بوستان {name}" for name in "ابپتثجچ"))
    (room,) = await mina.send("/polls")
    (older,) = await mina.press("قدیمی‌ترها")
    (newer,) = await mina.press("تازه‌ترها")

    assert room.text.index("بوستان چ") < room.text.index("بوستان ج")
    assert "بوستان ب" not in room.text
    assert "بوستان ب" in older.text
    assert "بوستان چ" in newer.text
    assert "در حال ساخت" in room.text


async def test_behind_very_many_drafts_the_first_is_found_and_far_pages_lead_back(mina: Citizen) -> None:
    await add(mina.app, "نخستین", *(f"بوستان {number}" for number in range(60)))
    await mina.send("/polls")
    (last,) = await pressed(mina, "surveys:open:12")
    (beyond,) = await pressed(mina, "surveys:open:999999999")

    assert "نخستین" in last.text
    assert "قدیمی‌ترها" not in labels(last)
    assert "بوستان 59" in beyond.text


async def test_what_runs_says_until_when_and_how_many_answered(mina: Citizen) -> None:
    await add(mina.app, "بوستان", lasts_ms=3 * 24 * 3600 * 1000)
    await stands(mina.app, begun=True)
    counts = [Count("", ANSWERED, "telegram", "dulab", 4), Count("q1", "text", "telegram", "dulab", 3)]
    counts += [Count("", LEFT, "telegram", "", 2)]  # who began and never sent their answers
    await mina.app.store.write(lambda unit: unit.responses.count(1, counts))
    (room,) = await mina.send("/polls")
    (one,) = await mina.press(OPEN)

    assert re.search(r"🟢 باز · تا \S+ \d+ \S+ ۱۴۰\d، \d+:\d+ · ۴ جواب", room.text)
    assert "۴ جواب رسیده است" in one.text
    for label in ("⏳ دیرتر بسته شود", "⏹ همین حالا ببند", COPY):
        assert label in labels(one)
    assert QUESTIONS not in labels(one)
    assert DELETE not in labels(one)


async def test_what_waits_leads_to_its_announcement(mina: Citizen) -> None:
    await add(mina.app, "بوستان")
    await stands(mina.app, begun=False)
    (one,) = await pressed(mina, "surveys:one:1")

    assert "در نوبت ارسال" in one.text
    assert labels(one)[0] == "🕒 پیام در نوبت"
    assert SETTINGS not in labels(one)


async def test_what_is_over_is_among_the_past_and_citizens_can_be_told(mina: Citizen) -> None:
    await add(mina.app, "بوستان")
    await stands(mina.app, begun=True)
    await over(mina.app)
    (room,) = await mina.send("/polls")
    (past,) = await mina.press("نظرسنجی‌های گذشته")
    (one,) = await mina.press(OPEN)
    (asked,) = await mina.press("📣 بگوییم چه شد")

    assert "بوستان" not in room.text
    assert "⚪️ بسته" in past.text
    assert "📣 بگوییم چه شد" in labels(one)
    assert "متن پیام را بنویسید" in asked.text


async def test_to_ask_again_what_was_asked_leads_to_where_it_can_be_copied(mina: Citizen) -> None:
    """The words of its announcement alone would go out without anything to answer by."""
    await poll(mina)
    await mina.press(CHECK)
    await mina.press(SEND)
    await mina.app.store.write(lambda unit: unit.announcements.begin(1))
    await over(mina.app)
    shown = (await pressed(mina, "announcements:copy:1"))[-1]

    assert "ساعت کلاس ورزش" in shown.text
    assert COPY in labels(shown)


async def test_results_have_a_door_only_if_somebody_shows_them(mina: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    await add(mina.app, "بوستان")
    await stands(mina.app, begun=True)
    talks, known = library(mina.app).talks, type(library(mina.app).talks).knows
    for is_there in (True, False):
        monkeypatch.setattr(
            type(talks), "knows", lambda self, data, there=is_there: there if "results" in data else known(self, data)
        )
        (one,) = await pressed(mina, "surveys:one:1")
        assert ("📊 نتیجه‌ها" in labels(one)) == is_there


async def test_one_that_came_with_the_content_asks_by_itself_for_ever(mina: Citizen) -> None:
    await add(mina.app, "رضایت", key="after_case:1")
    await mina.send("/polls")
    await mina.press("نظرسنجی‌های گذشته")
    (one,) = await mina.press(OPEN)
    refused = [await pressed(mina, data) for data in ("survey_end:close:1", "survey_end:later:1", "surveys:delete:1")]

    assert "همیشه باز است" in one.text
    assert "⏹ همین حالا ببند" not in labels(one)
    assert ["باز نیست" in refused[0][0].text, "باز نیست" in refused[1][0].text] == [True, True]
    assert PUBLISHED in refused[2][0].text


async def test_a_ready_one_becomes_a_draft(mina: Citizen) -> None:
    await mina.send("/polls")
    (those,) = await mina.press(READY)
    (one,) = await mina.press("نظر شما درباره برنامه")
    (forged,) = await pressed(mina, "surveys:take:after_case")

    assert "رضایت از رسیدگی" not in labels(those)
    assert len(labels(those)) == 4
    assert "آماده ارسال است" in one.text
    (row,) = await rows(mina.app)
    assert row["tables"] == survey_sheet.tables_of(survey_sheet.load(ROOT / "content")["program"])
    assert (row["anonymous"], row["made_by"]) == (1, 1)
    assert GONE in forged.text


async def test_a_copy_is_a_draft_of_its_own_without_its_end(mina: Citizen) -> None:
    await poll(mina)
    await pressed(mina, "survey_settings:reminder:1")
    await stands(mina.app, begun=True)
    await pressed(mina, "surveys:one:1")
    _, copy = await mina.press(COPY)

    first, second = await rows(mina.app)
    assert second["sheet"] == first["sheet"]
    assert (second["reminds"], second["shows"], second["announcement_id"]) == (1, 1, None)
    assert ASK in labels(copy)


async def test_a_double_tap_copies_once(mina: Citizen) -> None:
    await poll(mina)
    await pressed(mina, "surveys:one:1")
    shown = mina.api.seen(mina.user_id)[-1]
    for _ in range(2):
        mina.api.press_gone(mina.user_id, "surveys:copy:1", shown)
    await settled(mina.app, mina.api)

    assert len(await rows(mina.app)) == 2


async def test_a_draft_is_deleted_knowingly_with_what_was_answered_on_trial(mina: Citizen) -> None:
    await poll(mina)
    await mina.app.store.write(
        lambda unit: unit.participants.begin(Participant(1, 1, 0, None, "{}", unit.now, None, None))
    )
    await pressed(mina, "surveys:one:1")
    (asked,) = await mina.press(DELETE)
    await mina.press("نه، بماند")
    assert len(await rows(mina.app)) == 1
    await mina.press(DELETE)
    (told,) = await mina.press("بله، حذف شود")
    (twice,) = await pressed(mina, "surveys:delete:1")

    assert "«ساعت کلاس ورزش چند باشد؟» حذف شود؟" in asked.text
    assert told.text == "حذف شد."
    assert GONE in twice.text
    assert await rows(mina.app) == []
    assert await mina.app.store.read(lambda unit: rows_of(unit, participants)) == []
    deeds = [row["action"] for row in await mina.app.store.read(lambda unit: rows_of(unit, audit))]
    assert deeds[-2:] == ["survey_made", "survey_dropped"]


async def test_a_poll_on_trial_is_seen_as_citizens_have_it(mina: Citizen) -> None:
    await poll(mina)
    await pressed(mina, "surveys:one:1")
    shown, told = await mina.press(PREVIEW)

    assert shown.text == "ساعت کلاس ورزش چند باشد؟"
    assert labels(shown)[:3] == ["۸ صبح", "۵ عصر", "فرقی نمی‌کند"]
    assert "نمونه" in told.text


async def test_a_survey_on_trial_is_begun_again_by_whoever_has_answered(mina: Citizen) -> None:
    await add(mina.app, "بوستان")
    await pressed(mina, "surveys:one:1")
    await mina.press(PREVIEW)

    def answer(unit: Unit) -> None:
        (found,) = rows_of(unit, participants)
        unit.participants.send(
            Participant(1, found["citizen_id"], 0, None, "{}", found["began_at"], None, None), unit.now, None
        )

    await mina.app.store.write(answer)
    await pressed(mina, "surveys:preview:1")

    (row,) = await mina.app.store.read(lambda unit: rows_of(unit, participants))
    assert row["sent_at"] is None


async def test_what_is_changed_wipes_what_was_answered_on_trial(mina: Citizen) -> None:
    await add(mina.app, "بوستان")
    await pressed(mina, "surveys:preview:1")
    kept = await mina.app.store.read(lambda unit: rows_of(unit, participants))
    await pressed(mina, "survey_question:must:1.q1")

    assert len(kept) == 1
    assert await mina.app.store.read(lambda unit: rows_of(unit, participants)) == []


async def test_what_is_unfinished_is_neither_tried_nor_asked(mina: Citizen) -> None:
    await blank(mina)
    (one,) = await pressed(mina, "surveys:one:1")
    (tried,) = await pressed(mina, "surveys:preview:1")
    (asked,) = await pressed(mina, "announce:survey:1")

    assert "هنوز سؤالی ندارد" in one.text
    assert (PREVIEW in labels(one), ASK in labels(one)) == (False, False)
    assert "کامل نیست" in tried.text
    assert "کامل نیست" in asked.text


async def test_titles_are_text_whatever_they_hold(mina: Citizen) -> None:
    await add(mina.app, "**پررنگ** {when} @kasi")
    (room,) = await mina.send("/polls")

    assert "{when}" in room.text
    assert "@kasi" not in room.text


@pytest.mark.parametrize("data", ["one:7", "one:x", "one", "copy:7", "one:99999999999999999999", "take:nothing"])
async def test_forged_buttons_are_told_so(mina: Citizen, data: str) -> None:
    (told,) = await pressed(mina, f"surveys:{data}")

    assert GONE in told.text
    assert await rows(mina.app) == []


@pytest.mark.parametrize("data", ["open:99", "open:-1", "past:9999999", "past:x"])
async def test_forged_pages_are_the_nearest(mina: Citizen, data: str) -> None:
    (told,) = await pressed(mina, f"surveys:{data}")

    assert "نظرسنجی" in told.text


async def test_a_colleague_without_the_role_sees_nothing(app: App, api: BotApi, mina: Citizen) -> None:
    api.meet(504, first_name="امید")
    omid = await made_editor(Citizen(app, api, 504), "operator")
    await poll(mina)
    for data in ("surveys:one:1", "poll_new:new", "survey_edit:title:1", "survey_import:ask"):
        shown = await pressed(omid, data)
        assert "ورزش" not in shown[-1].text
        assert "نظرسنجی" not in shown[-1].text
    await omid.send("/polls")

    assert "ورزش" not in omid.screen
