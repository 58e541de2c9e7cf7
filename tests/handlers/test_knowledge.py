"""Looking after answers: finding, retiring, restoring, versions and going back to one, what is stale or spoilt."""

import json

import pytest

from bot.app import App
from bot.models import RowState, entry_versions
from bot.services import knowledge
from bot.services.knowledge import Kept
from bot.store import Unit
from tests.citizen import Citizen, inbox_rows, labels, rows_of
from tests.editing import ANSWER, PUBLISH, QUESTION, TITLE, library, live, pressed, published, spoil

ROOM = "📚 جواب‌ها"
RETIRE, SURE, RESTORE, VERSIONS = "🗃 کنار گذاشتن", "بله، کنار گذاشته شود", "↩️ برگرداندن", "🕘 نسخه‌ها"
SHOW = "knowledge:show:staff.1"


async def rewritten(mina: Citizen, text: str) -> None:
    """The answer gets another text."""
    await pressed(mina, "writing:edit:staff.1")
    await mina.press("متن")
    await mina.send(text)
    await mina.press(PUBLISH)
    await live(mina.app)


async def answered(citizen: Citizen) -> bool:
    shown = await citizen.send(QUESTION)
    return any(ANSWER in seen.text for seen in shown)


async def test_an_answer_is_found_by_its_words_and_by_its_id(mina: Citizen) -> None:
    await published(mina)
    await mina.press(ROOM)

    (by_words,) = await mina.send("کرایه قایق")
    (by_id,) = await mina.send("staff.1")
    shown, facts = await mina.press(TITLE)

    assert labels(by_words)[0] == TITLE
    assert labels(by_id) == [TITLE, ROOM]
    assert shown.text == ANSWER
    assert "(staff.1)\nمسئول: هنوز معلوم نیست\nنسخه ۱، مینا، " in facts.text
    assert "• قایق سواری چنده" in facts.text


async def test_all_answers_are_listed_by_pages(mina: Citizen) -> None:
    await mina.send("/answers")

    (first,) = await mina.press("📋 فهرست")
    (second,) = await mina.press("صفحه بعد")

    assert second.message_id == first.message_id
    assert "صفحه ۲ از" in second.text
    assert labels(second)[-3:] == ["صفحه قبل", "صفحه بعد", ROOM]
    assert len(labels(second)) <= 8


async def test_a_retired_answer_is_neither_given_nor_offered_until_it_is_restored(mina: Citizen, sara: Citizen) -> None:
    await sara.send("/start")
    await published(mina)
    assert await answered(sara)

    await pressed(mina, SHOW)
    await mina.press(RETIRE)
    await mina.press(SURE)
    await live(mina.app)
    shown = await sara.send(QUESTION)
    (gone,) = await pressed(sara, "ask:show:staff.1")

    assert not any(ANSWER in seen.text or TITLE in labels(seen) for seen in [*shown, gone])
    await mina.send("/answers")
    (retired,) = await mina.press("🗃 کنارگذاشته‌ها (۱)")
    assert TITLE in labels(retired)
    await mina.press(TITLE)
    await mina.press(RESTORE)
    await live(mina.app)
    assert await answered(sara)


async def test_a_retired_answer_of_the_content_leaves_no_dead_door(mina: Citizen, sara: Citizen, app: App) -> None:
    await sara.send("/start")
    await pressed(mina, "knowledge:retire:contact.address.0")
    await live(app)

    for screen in library(app).screens:
        await pressed(sara, f"menu:new:{screen}")
    *_, other = await pressed(sara, "ask:show:contact.hours")

    assert "contact.address" not in library(app).answers.entries
    assert "نشانی شهرداری" not in labels(other)
    assert library(app).troubles
    await mina.send("/answers")
    (ailing,) = await pressed(mina, "knowledge:ailing:0")
    assert "صفحه ۱ از" in ailing.text


async def test_what_the_bot_needs_is_not_retired(mina: Citizen) -> None:
    (told,) = await pressed(mina, "knowledge:retire:service.emergency.0")

    assert "نیاز دارد" in told.text


async def test_versions_tell_who_and_when_and_one_is_brought_back(mina: Citizen, sara: Citizen) -> None:
    await sara.send("/start")
    await published(mina)
    await rewritten(mina, "متن دوم")
    await pressed(mina, SHOW)

    (listed,) = await mina.press(VERSIONS)
    old, _ = await mina.press("نسخه ۱")
    (told,) = await mina.press("↩️ همین نسخه برگردد")
    await live(mina.app)

    assert "\n۲. تغییر کرد، مینا، " in listed.text
    assert "۱. نوشته شد، مینا، " in listed.text
    assert old.text == ANSWER
    assert "متن نسخه ۱ برگشت" in told.text
    assert await answered(sara)
    kinds = [row["kind"] for row in await mina.app.store.read(lambda unit: rows_of(unit, entry_versions))]
    assert kinds == ["added", "changed", "rolled_back"]


async def test_a_button_made_for_an_older_version_changes_nothing(mina: Citizen) -> None:
    await published(mina)
    await rewritten(mina, "متن دوم")

    (told,) = await pressed(mina, "knowledge:retire:staff.1.1")

    assert "در این فاصله تغییر کرده" in told.text


async def test_a_stale_answer_stands_on_the_door_and_in_a_list(mina: Citizen) -> None:
    await published(mina)
    draft = {"title": TITLE, "answer": "ب", "phrasings": ["پ"], "review": "1400/01/01"}
    await spoil(mina.app, body=json.dumps(draft))

    (menu,) = await mina.send("/staff")
    await mina.press("📚 جواب‌ها (۱)")
    (stale,) = await mina.press("⏰ وقت بازبینی (۱)")
    _, facts = await mina.press(TITLE)

    assert "📚 جواب‌ها (۱)" in labels(menu)
    assert TITLE in labels(stale)
    assert "رسیده است: ۱ فروردین ۱۴۰۰" in facts.text


async def test_a_newer_text_of_the_content_is_shown_and_taken(mina: Citizen, sara: Citizen, app: App) -> None:
    await sara.send("/start")
    await pressed(mina, "writing:edit:contact.address")
    await mina.press("متن")
    await mina.send("از ما")
    await mina.press(PUBLISH)
    await live(app)
    await spoil(app, based_on="another")

    *_, facts = await pressed(mina, "knowledge:show:contact.address")
    (ours, *_) = await sara.send("نشانی شهرداری کجاست")
    shown, _ = await mina.press("متن تازه همیار ۱۴")
    await mina.press("متن تازه بماند")
    await live(app)
    *_, after = await pressed(mina, "knowledge:show:contact.address")

    assert "متن تازه‌ای برای این جواب" in facts.text
    assert ours.text == "از ما"
    assert "نشانی شهرداری منطقه ۱۴" in shown.text
    assert "متن تازه‌ای برای این جواب" not in after.text


@pytest.mark.parametrize("body", ["[1", '"x"', "{}", '{"title": "د", "answer": "پ", "phrasings": [1]}'])
async def test_a_spoilt_row_stops_nothing_and_is_listed(mina: Citizen, sara: Citizen, body: str) -> None:
    await sara.send("/start")
    await published(mina)
    await spoil(mina.app, body=body)

    await mina.send("/answers")
    (ailing,) = await mina.press("⚠️ نیازمند اصلاح (۱)")
    (facts,) = await mina.press(labels(ailing)[0])

    assert not await answered(sara)
    assert "دوباره بنویسید" in facts.text


@pytest.mark.parametrize(
    "data",
    [
        "knowledge:show:x",
        "knowledge:show:",
        "knowledge:list:9999",
        "knowledge:list:-1",
        "knowledge:ask:x",
        "knowledge:retire:contact.address.7",
        "knowledge:retire:x",
        "knowledge:version:contact.address.99999999999999999999",
        "knowledge:versions:contact.address.x",
        "knowledge:roll:contact.address.0.1",
        "knowledge:take:contact.address.",
        "knowledge:shipped:1",
        "writing:edit:x",
        "writing:instead:x",
        "writing:field:x",
    ],
)
async def test_a_forged_button_is_refused(mina: Citizen, data: str) -> None:
    shown = await pressed(mina, data)

    assert shown
    assert {row["state"] for row in await inbox_rows(mina.app)} == {RowState.DONE}
    assert {row["tries"] for row in await inbox_rows(mina.app)} == {0}
    assert await mina.app.store.read(lambda unit: rows_of(unit, entry_versions)) == []


async def test_where_the_bot_itself_leads_cannot_be_retired(mina: Citizen) -> None:
    await pressed(mina, "knowledge:retire:contact.complaints.0")

    assert "contact.complaints" in library(mina.app).answers.entries
    assert await mina.app.store.read(lambda unit: unit.entries.find("contact.complaints")) is None


async def test_many_retired_answers_are_read_a_page_at_a_time(mina: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    retired = knowledge.retired

    def counted(unit: Unit, after: int, most: int) -> list[Kept]:
        read.append(most)
        return retired(unit, after, most)

    monkeypatch.setattr(knowledge, "retired", counted)
    shipped = library(mina.app).shipped
    those = [name for name in shipped if name.startswith("program.")][:7]

    def retire(unit: Unit) -> None:
        for name in those:
            knowledge.retire(unit, 1, knowledge.current(unit, name, shipped))

    await mina.app.store.write(retire)
    await live(mina.app)

    await mina.send("/answers")
    (first,) = await mina.press("🗃 کنارگذاشته‌ها (۷)")
    (second,) = await mina.press("صفحه بعد")

    titles = [shipped[name].title for name in those]
    assert sorted(label for label in labels(first) + labels(second) if label in titles) == sorted(titles)
    assert max(read) < len(those)
