"""Writing answers: step by step, seen before it is published, live at once, and lost by nobody."""

import json
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from bot import tidy
from bot.models import entry_versions
from bot.services import drafts
from tests.botapi import BotApi
from tests.citizen import Citizen, labels, rows_of, wait_until
from tests.editing import (
    ANSWER,
    PHRASINGS,
    PUBLISH,
    QUESTION,
    TITLE,
    drafted,
    library,
    live,
    made_editor,
    pressed,
    published,
)

PREVIEW = "همین‌طور منتشر شود؟"


@pytest.fixture
async def omid(mina: Citizen, api: BotApi) -> Citizen:
    """Another editor."""
    api.meet(504, first_name="امید")
    return await made_editor(Citizen(mina.app, api, 504))


def text_of(citizen: Citizen) -> str:
    return library(citizen.app).answers.entries["staff.1"].answer


async def versions(citizen: Citizen) -> list[dict[str, object]]:
    return await citizen.app.store.read(lambda unit: rows_of(unit, entry_versions))


async def test_what_an_editor_publishes_is_answered_within_a_second(mina: Citizen, sara: Citizen) -> None:
    before = await sara.send(QUESTION)
    preview, below = await drafted(mina)

    (told,) = await mina.press(PUBLISH)

    await wait_until(lambda: "staff.1" in library(mina.app).answers.entries)
    (answer,) = await sara.send(QUESTION)
    assert ANSWER not in before[-1].text
    assert preview.text == ANSWER
    assert PREVIEW in below.text
    assert f"«{TITLE}» منتشر شد" in told.text
    assert answer.text == ANSWER


async def test_nothing_is_published_before_the_preview_is_agreed_to(mina: Citizen) -> None:
    await drafted(mina)
    (cancelled, *_) = await mina.send("/cancel")

    (stale, *_) = await pressed(mina, "writing:publish:1")

    assert "لغو" in cancelled.text or "باشد" in cancelled.text
    assert "پیش‌نویس دیگر باز نیست" in stale.text
    assert await versions(mina) == []


async def test_each_step_can_be_wrong_and_is_asked_again(mina: Citizen) -> None:
    await mina.send("/answers")
    await mina.press("✏️ جواب تازه")

    (long,) = await mina.send("ط" * 31)
    (taken,) = await mina.send("نشانی شهرداری")
    (asked,) = await mina.send(TITLE)
    (empty,) = await mina.send("…!")
    (many,) = await mina.send("\n".join(f"پرسش {number}" for number in range(41)))
    (text,) = await mina.send(PHRASINGS)
    (nothing,) = await mina.send("🙂")
    _, below = await mina.send(ANSWER)

    assert "۳۱ حرف" in long.text
    assert "«نشانی شهرداری» هست" in taken.text
    assert "چطور می‌پرسند" in asked.text
    assert "متنی در پیامتان نبود" in empty.text
    assert "تا ۴۰ راه" in many.text
    assert "متن جواب" in text.text
    assert "متنی در پیامتان نبود" in nothing.text
    assert PREVIEW in below.text


async def test_a_long_text_becomes_pages(mina: Citizen, sara: Citizen) -> None:
    paragraphs = [f"بند {number} " + "متن " * 60 for number in range(1, 7)]
    await sara.send("/start")
    await published(mina, answer="\n\n".join(paragraphs))

    (answer,) = await sara.send(QUESTION)
    (second,) = await sara.press("ادامه (۱ از ۲)")

    assert "بند ۲" in answer.text
    assert "بند ۳" not in answer.text
    assert second.text.startswith("بند ۳")


async def test_text_is_tidied_and_the_editor_may_keep_their_own(mina: Citizen) -> None:
    preview, below = await drafted(mina, answer="شماره را می خواهید ؟ R14-4F7K2 , https://tehran.ir/a?b=1")

    own, *_ = await mina.press("همان نوشته خودم بماند")

    assert preview.text == "شماره را می‌خواهید؟ R14-4F7K2 , https://tehran.ir/a?b=1"
    assert "مرتب کردم" in below.text
    assert own.text == "شماره را می خواهید ؟ R14-4F7K2 , https://tehran.ir/a?b=1"


async def test_staff_may_emphasise_and_nothing_else_is_markup(mina: Citizen, sara: Citizen) -> None:
    await sara.send("/start")
    await published(mina, answer="**مهم** <b>x</b> {title} [y](tg://z) \u202eabc\u0000 %s")

    (answer,) = await sara.send(QUESTION)

    shown = answer.text.replace("*", "").replace(
        "\u200b", ""
    )  # what Bale's client takes for emphasis, and what saves from it
    assert shown == "مهم <b>x</b> {title} [y](tg://z) abc %s"
    assert ("*مهم*" in answer.text) or answer.content.entities


async def test_an_editor_is_told_that_a_question_leads_elsewhere_already(mina: Citizen) -> None:
    _, below = await drafted(mina, phrasings=f"کد پستی شهرداری چنده؟\n{PHRASINGS}")

    assert "«کد پستی شهرداری چنده؟»: جواب «" in below.text
    assert "قایق" not in below.text.partition("⚠️")[2]


async def test_a_shipped_answer_is_changed_and_keeps_the_rest(mina: Citizen, sara: Citizen) -> None:
    await sara.send("/start")
    await mina.send("/answers")
    await mina.send("کد پستی شهرداری")
    await mina.press("کد پستی شهرداری")
    await mina.press("✏️ تغییر")
    await mina.press("متن")
    await mina.send("کد پستی تازه: ۱۲۳۴۵")
    await mina.press(PUBLISH)
    await live(mina.app)

    (answer,) = await sara.send("کد پستی شهرداری چنده؟")

    assert answer.text == "کد پستی تازه: ۱۲۳۴۵"
    assert [row["kind"] for row in await versions(mina)] == ["shipped", "changed"]


async def test_the_second_of_two_editors_is_told_and_loses_nothing(mina: Citizen, omid: Citizen) -> None:
    await published(mina)
    for editor, text in ((mina, "از مینا"), (omid, "از امید")):
        await pressed(editor, "writing:edit:staff.1")
        await editor.press("متن")
        await editor.send(text)
    await mina.press(PUBLISH)

    (told,) = await omid.press(PUBLISH)

    assert "مینا این جواب را تغییر داد" in told.text
    await live(mina.app)
    assert text_of(mina) == "از مینا"
    await omid.press("نوشته من منتشر شود")
    await live(mina.app)
    assert text_of(mina) == "از امید"
    assert [row["kind"] for row in await versions(mina)] == ["added", "changed", "changed"]


async def test_who_is_removed_in_the_middle_publishes_nothing(mina: Citizen) -> None:
    await drafted(mina)
    who = await mina.app.store.read(lambda unit: unit.staff.all()[0].id)
    await mina.app.store.write(lambda unit: unit.staff.end(who))

    await mina.press(PUBLISH)
    await mina.send(PUBLISH)

    assert await versions(mina) == []


async def test_an_older_preview_publishes_nothing(mina: Citizen) -> None:
    _, below = await drafted(mina)
    await mina.press("متن")
    await mina.send("متن دیگر")

    mina.api.press(mina.user_id, PUBLISH, below)
    shown = await mina.send("بعد")

    assert await versions(mina) == []
    assert shown


async def test_another_room_hands_a_draft_over_and_hears_of_its_end(mina: Citizen) -> None:
    handed = {"draft": {"phrasings": ["قایق پدالی کجاست"]}, "after": ["knowledge", "show", "contact.phone"]}
    at = (mina.api.dialect.name, mina.user_id, mina.user_id)
    await mina.app.store.write(lambda unit: unit.places.move(*at, ("writing.decide", json.dumps(handed))))

    (asked,) = await pressed(mina, "writing:handed")
    await mina.send(TITLE)
    *_, below = await mina.send(ANSWER)
    told, *after = await mina.press(PUBLISH)

    assert "عنوان" in asked.text
    assert "راه‌های پرسیدن: ۱" in below.text
    assert "منتشر شد" in told.text
    assert "contact.phone" in after[-1].text


async def test_a_draft_survives_a_restart(start: Any, api: BotApi) -> None:  # noqa: ANN401 - a context manager
    api.meet(503, first_name="مینا")
    async with start() as first:
        mina = await made_editor(Citizen(first, api, 503))
        await drafted(mina)
    async with start() as second:
        (told,) = await Citizen(second, api, 503).press(PUBLISH)

    assert "منتشر شد" in told.text


@pytest.mark.parametrize("data", ["writing:new", "writing:edit:contact.phone", "knowledge:room", "details:menu"])
async def test_a_citizen_who_presses_what_is_for_editors_reaches_nothing(sara: Citizen, data: str) -> None:
    await sara.send("/start")

    shown = await pressed(sara, data)

    assert not any("جواب" in label for seen in shown for label in labels(seen))
    assert await versions(sara) == []


async def test_what_tidies_is_loaded_outside_of_the_turn(mina: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded_in: list[str] = []

    @cache
    def load() -> Callable[[str], str]:
        loaded_in.append(threading.current_thread().name)
        return lambda text: text.replace("  ", " ")

    monkeypatch.setattr(tidy, "_loaded", load)
    monkeypatch.setattr(drafts, "warm", lambda: None)  # as in another process than where the room was entered

    *_, shown = await drafted(mina)

    assert TITLE in shown.text
    assert len(loaded_in) == 1
    assert loaded_in[0].startswith("asyncio_")


async def test_a_mistyped_command_becomes_no_title_and_loses_no_draft(mina: Citizen) -> None:
    await mina.send("/answers")
    (asked,) = await mina.press("✏️ جواب تازه")

    (refused,) = await mina.send("/closurez")
    (next_one,) = await mina.send("کتابخانه سیار")

    assert labels(asked) == ["کنار گذاشتن پیش‌نویس"]
    assert "این دستور را نمی‌شناسم" in refused.text
    assert "/cancel" in refused.text
    assert "چطور می‌پرسند" in next_one.text
