"""The list of announcements, one of them, what is done to it while it is sent, and its report."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.herald import Herald
from bot.markup import spans
from bot.models import AnnouncementState, audit, recipients
from bot.services.audiences import Audience
from bot.services.contents import Action, Content
from bot.services.repeating import Repeat
from bot.store import Unit
from bot.store.announcements import Announcements, NewAnnouncement
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels, rows_of
from tests.drafting import TEXT, stored, submitted
from tests.editing import made_editor, pressed

ENDS = {"sent": 60, "gone": 5, "held": 3, "unknown": 2, "failed:Bad Request: no": 4, "failed:ours": 1}


@pytest.fixture
def api(telegram: BotApi) -> BotApi:
    """Both messengers see the whole life in `tests/test_announcement_life.py`."""
    return telegram


@pytest.fixture(autouse=True)
def nobody_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sending has tests of its own."""

    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(Herald, "look", nothing)
    monkeypatch.setattr(Announcements, "next_run", lambda *_: None)


async def announced(editor: Citizen, state: AnnouncementState, ends: dict[str, int] | None = None, **more: Any) -> int:  # noqa: ANN401 - fields of the row
    """An announcement that stands there, to a hundred; its number."""
    button = Action("link", "ثبت‌نام", "https://tehran.ir")
    new = NewAnnouncement(
        AnnouncementState.PLANNED,
        "traffic",
        urgent=False,
        content=json.dumps(Content(spans(TEXT), (), (button,)).to_json()),
        audience=Audience().to_json(),
        fingerprint="x",
        due_at=1_795_000_000_000,
        made_by=1,
    )

    def write(unit: Unit) -> int:
        number = unit.announcements.add(replace(new, **more))
        assert number is not None
        if state != AnnouncementState.PLANNED:
            unit.announcements.begin(number)
            unit.announcements.move(number, [AnnouncementState.QUEUING], state)
        if ends is not None:
            unit.announcements.add_run(number, editor.api.dialect.name)
            (run,) = unit.announcements.runs(number)
            unit.announcements.went_on(run.id, 100, 100)
            for outcome, count in ends.items():
                unit.announcements.count(run.id, outcome, count)
        return number

    return await editor.app.store.write(write)


async def opened(editor: Citizen, number: int) -> Seen:
    return (await pressed(editor, f"announcements:one:{number}"))[-1]


async def state(editor: Citizen) -> AnnouncementState:
    return AnnouncementState((await stored(editor.app))[-1]["state"])


async def test_an_empty_room_leads_to_a_new_one(mina: Citizen) -> None:
    (room,) = await mina.send("اطلاع‌رسانی")
    (past,) = await mina.press("پیام‌های گذشته")

    assert "پیامی در راه نیست" in room.text
    assert "✏️ پیام تازه" in labels(room)
    assert "هنوز پیامی فرستاده نشده" in past.text


async def test_the_list_shows_where_each_one_stands_and_begins(mina: Citizen) -> None:
    await submitted(mina, "اولین خبر **پررنگ** [x](https://evil.example)")
    await announced(mina, AnnouncementState.RUNNING, ENDS)
    await announced(mina, AnnouncementState.DONE, ENDS)
    (room,) = await mina.send("/announce")
    (past,) = await mina.press("پیام‌های گذشته")

    assert "🕒 در نوبت" in room.text
    assert "اولین خبر" in room.text
    assert "📤 در حال ارسال" in room.text
    assert "فرستاده شد" not in room.text
    assert "✅ فرستاده شد" in past.text
    assert "text_link" not in str(room.entities)


async def test_many_stand_on_pages(mina: Citizen) -> None:
    for _ in range(7):
        await announced(mina, AnnouncementState.PLANNED)
        await announced(mina, AnnouncementState.DONE)
    (first,) = await mina.send("/announce")
    (second,) = await mina.press("قدیمی‌ترها")
    (past,) = await mina.press("پیام‌های گذشته")
    (older,) = await mina.press("قدیمی‌ترها")
    (beyond,) = await pressed(mina, "announcements:past:999999999999")

    assert [sum("باز کردن" in label for label in labels(seen)) for seen in (first, second, past, older)] == [5, 2, 5, 2]
    assert "تازه‌ترها" in labels(older)
    assert "باز کردن" not in str(labels(beyond))


async def test_one_is_seen_as_it_was_sent_with_how_far_it_is(mina: Citizen) -> None:
    number = await announced(mina, AnnouncementState.RUNNING, ENDS)
    shown, told = await pressed(mina, f"announcements:one:{number}")

    assert shown.text == TEXT
    assert labels(shown)[0] == "ثبت‌نام"
    for part in (
        "در حال ارسال",
        "▓▓▓▓▓▓▓░░░ ۷۵٪",
        "۷۵ از ۱۰۰ نفر",
        "رسید: ۶۰",
        "حسابشان بسته است: ۵",
        "معلوم نشد رسید یا نه: ۲",
    ):
        assert part in told.text
    for part in ("نرسید (پیام‌رسان نپذیرفت): ۴", "نرسید (اشکال از ما بود): ۱", "نویسنده: مینا"):
        assert part in told.text
    assert {"⏸ مکث", "✖️ لغو"} <= set(labels(told))


async def test_it_is_paused_and_goes_on(mina: Citizen) -> None:
    number = await announced(mina, AnnouncementState.RUNNING, ENDS)
    await opened(mina, number)
    (paused,) = await mina.press("⏸ مکث")
    (late,) = await pressed(mina, f"announcements:pause:{number}")
    (running,) = await mina.press("▶️ ادامه")

    assert "ارسال متوقف است" in paused.text
    assert "وضع این پیام عوض شده" in late.text
    assert "در حال ارسال" in running.text
    deeds = [deed["action"] for deed in await mina.app.store.read(lambda unit: rows_of(unit, audit))]
    assert [deed for deed in deeds if "announcement" in deed] == ["announcement_paused", "announcement_resumed"]


async def test_it_is_cancelled_only_when_sure(mina: Citizen) -> None:
    number = await announced(mina, AnnouncementState.RUNNING, ENDS)
    await opened(mina, number)
    (asked,) = await mina.press("✖️ لغو")
    await mina.press("نه")
    before = await state(mina)
    ended, cancelled = await mina.press("بله، لغو شود")
    (late,) = await pressed(mina, f"announcements:cancelled:{number}")
    told = await opened(mina, number)

    assert "دیگر نمی‌گیرند" in asked.text
    assert before == AnnouncementState.RUNNING
    assert "ارسال لغو شد" in cancelled.text
    assert labels(ended) == ["جزئیات"]
    assert "وضع این پیام عوض شده" in late.text
    assert "رسید: ۶۰" in told.text


async def test_the_report_counts_what_became_of_it_and_who_pressed_what(mina: Citizen, reza: Citizen) -> None:
    await reza.send("/start")
    number = await announced(mina, AnnouncementState.DONE, ENDS | {"late": 25})
    for button in (0, -1):
        await mina.app.store.write(lambda unit, button=button: unit.presses.note(number, button, 2))  # type: ignore[misc]  # mypy gives a lambda's default no type
    told = await opened(mina, number)

    for part in ("ارسال تمام شد", "رسید: ۶۰", "ساعت سکوت بودند: ۲۵", "خبرها را قطع کردند: ۱ نفر"):
        assert part in told.text
    assert "👆" not in told.text  # nobody hears of a link that is opened
    assert "برای نامعلوم‌ها دوباره بفرست" in labels(told)


async def test_those_of_whom_nothing_is_known_get_it_again_only_when_sure(mina: Citizen) -> None:
    number = await announced(mina, AnnouncementState.DONE, ENDS)

    def lose(unit: Unit) -> None:
        (run,) = unit.announcements.runs(number)
        rows = [{"run_id": run.id, "citizen_id": 900 + n, "chat_id": 900 + n, "state": 3} for n in range(2)]
        unit.recipients._connection.execute(recipients.insert(), rows)
        unit.announcements.end_run(run.id)

    await mina.app.store.write(lose)
    await opened(mina, number)
    (asked,) = await mina.press("برای نامعلوم‌ها دوباره بفرست")
    (resent,) = await mina.press("بله، دوباره بفرست")
    (late,) = await pressed(mina, f"announcements:resent:{number}")

    assert "شاید بعضی‌ها دو بار بگیرند" in asked.text
    assert "دوباره می‌فرستم" in resent.text
    assert "عوض شده" in late.text
    assert await state(mina) == AnnouncementState.RUNNING


async def test_what_was_sent_is_where_a_new_one_begins(mina: Citizen) -> None:
    await opened(mina, await announced(mina, AnnouncementState.DONE, ENDS))
    shown, panel = await mina.press("از رویش پیام تازه بساز")

    assert (shown.text, labels(shown)[0]) == (TEXT, "ثبت‌نام")
    assert "همین حالا" in panel.text
    assert "راه و ترافیک" in panel.text


async def test_a_series_is_planned_until_somebody_ends_it(mina: Citizen) -> None:
    ahead = 4_000_000_000_000
    rule = json.dumps({"first": ahead, "rule": Repeat("week").to_json()})
    number = await announced(mina, AnnouncementState.PLANNED, due_at=ahead, repeat=rule)
    (room,) = await mina.send("/announce")
    told = await opened(mina, number)
    _, panel = await pressed(mina, f"announce:copy:{number}")

    assert "🔁 تکرارشونده" in room.text
    assert "تکرار: هر هفته" in told.text
    assert "تکرار: هر هفته" in panel.text


async def test_what_the_calendar_made_has_no_author(mina: Citizen) -> None:
    told = await opened(mina, await announced(mina, AnnouncementState.DONE, made_by=None))

    assert "از تقویم مناسبت‌ها" in told.text


async def test_what_a_survey_made_says_so_and_who_alone_gets_it(mina: Citizen) -> None:
    async def shown(what: str, whom: Audience) -> Seen:
        more = {"key": f"survey:7:{what}", "audience": whom.to_json()}
        return await opened(mina, await announced(mina, AnnouncementState.DONE, None, made_by=None, **more))

    first = await shown("result", Audience(answered=7))
    second = await shown("remind", Audience(neighbourhoods=("doulab",), unanswered=7))

    assert "خودکار، از یک نظرسنجی" in first.text
    assert "تقویم" not in first.text
    assert "مخاطب: همه\nفقط کسانی که به نظرسنجی جواب داده‌اند" in first.text
    assert "مخاطب: ساکنان دولاب\nفقط کسانی که هنوز به نظرسنجی جواب نداده‌اند" in second.text


async def test_a_colleague_sees_it_and_may_stop_it_but_not_take_it_back(mina: Citizen, reza: Citizen) -> None:
    await submitted(mina)
    await made_editor(reza)
    told = await opened(reza, 1)
    await reza.press("✖️ لغو")
    await reza.press("بله، لغو شود")

    assert "پشیمان شدم" not in labels(told)
    assert await state(mina) == AnnouncementState.CANCELLED
    assert "ارسال لغو شد" in mina.api.seen(mina.user_id)[-1].text


@pytest.mark.parametrize(
    "action", ["one", "refresh", "pause", "resume", "cancel", "cancelled", "resend", "resent", "copy"]
)
async def test_forged_numbers_break_nothing(mina: Citizen, action: str) -> None:
    await mina.send("/start")
    for number in ("0", "x", "7", "99999999999999999999", ""):
        (told,) = await pressed(mina, f"announcements:{action}:{number}")
        assert "دیگر نیست" in told.text, number
