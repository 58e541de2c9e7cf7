"""Knowledge that grows: asked and not known, answered by staff, told to whoever asked, known from then on."""

import pytest

from bot.models import QuestionState, outbox, questions
from bot.services.retention import DAY_MS
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels, rows_of, settled, wait_until
from tests.editors import asker, hired, made_older, missed, passed

ROOM, ALL = "❓ سؤال‌های بی‌جواب", "همه سؤال‌ها"
WRITE, EXISTING, ONE, DROP = "✍️ نوشتن جواب", "🔗 انتخاب جواب موجود", "👤 جواب به یک نفر", "🗂 کنار گذاشتن"
PUBLISH, SEND, DROP_NOW = "✅ انتشار", "✅ فرستادن", "🗂 بله، کنار گذاشته شود"
ASK_STAFF = "سپردن به همکاران"
BOAT, BOATS, ANY_BOAT = "امانت تلسکوپ نجوم", "تلسکوپ امانت می‌دهید؟", "برای امانت تلسکوپ نجوم کجا برم"
ANSWER = "تلسکوپ را در سرای نجوم امانت می‌دهند، هر روز از ۱۰ تا غروب."


@pytest.fixture
async def mina(sara: Citizen, api: BotApi) -> Citizen:
    """An editor."""
    api.meet(503, first_name="مینا")
    return await hired(Citizen(sara.app, api, 503))


async def enter(mina: Citizen) -> Seen:
    await mina.send("/staff")
    return (await mina.press(next(label for label in labels(mina.api.seen(mina.user_id)[-1]) if ROOM in label)))[-1]


async def into_group(mina: Citizen, place: str = "۱") -> Seen:
    await enter(mina)
    return (await mina.press(place))[-1]


async def publish(mina: Citizen, text: str = ANSWER) -> Seen:
    """The first group is answered with a new entry."""
    await into_group(mina)
    await mina.press(WRITE)
    await mina.send(text)
    return (await mina.press(PUBLISH))[-1]


async def learned(mina: Citizen) -> None:
    """What staff published is live."""
    assert mina.app.work is not None
    await mina.app.work.refresher.look()


def news(citizen: Citizen) -> str:
    return citizen.api.seen(citizen.user_id)[-1].text


async def states(citizen: Citizen) -> list[int]:
    return [row["state"] for row in await citizen.app.store.read(lambda unit: rows_of(unit, questions))]


async def test_a_question_nobody_could_answer_becomes_an_answer_and_everybody_is_told(
    sara: Citizen, reza: Citizen, mina: Citizen
) -> None:
    """Two ask in other words, one of them asks staff; an editor answers; both are told; a third is answered at once."""
    for words in (BOAT, BOATS):
        await sara.send(words)
    await sara.press(ASK_STAFF)
    await reza.send(ANY_BOAT)

    room = await enter(mina)
    group = (await mina.press("۱"))[-1]
    await mina.press(WRITE)
    shown, preview = await mina.send(ANSWER)
    await mina.press(PUBLISH)
    await settled(mina.app, mina.api)
    await learned(mina)

    assert "۱ دسته؛ ۱ نفر منتظر" in room.text
    assert "۲ نفر پرسیده‌اند و ۱ نفر منتظرند" in group.text
    assert shown.text == ANSWER
    assert "«امانت تلسکوپ نجوم»" in preview.text
    assert "۲ نفر از کسانی که پرسیده بودند" in preview.text
    assert "جواب سؤال شما با شماره" in news(sara)
    assert BOATS in news(sara)
    assert ANSWER in news(sara)
    assert "پیش از این پرسیده بودید" in news(reza)
    assert ANY_BOAT in news(reza)
    assert ANSWER in news(reza)
    assert await states(sara) == [QuestionState.ANSWERED] * 2

    nima = Citizen(mina.app, mina.api, 504)
    mina.api.meet(504, first_name="نیما")
    for words in ("تلسکوپ امانتی نجوم", BOAT, "نجوم تلسکوپ امانت می‌ده؟"):
        assert ANSWER in (await nima.send(words))[-1].text
    assert await states(sara) == [QuestionState.ANSWERED] * 2


async def test_an_answer_is_live_by_itself_within_moments(sara: Citizen, mina: Citizen) -> None:
    await missed(sara.app, asker(sara), BOAT)
    await publish(mina)
    house = mina.app.work.house if mina.app.work is not None else None
    assert house is not None

    await wait_until(lambda: "staff.1" in house.library.answers.entries)

    assert (await sara.send(BOAT))[-1].text == ANSWER


async def test_the_new_entry_has_an_owner_and_the_ways_it_was_asked(sara: Citizen, mina: Citizen) -> None:
    await missed(sara.app, asker(sara), f"سلام\n{BOAT}", f"{ANY_BOAT} 09121234567", BOATS, BOATS)
    await publish(mina)
    await learned(mina)

    assert mina.app.work is not None
    entry = mina.app.work.house.library.answers.entries["staff.1"]
    assert (entry.owner, entry.owner_id) == ("مینا", 1)
    assert set(entry.phrasings) == {BOAT, ANY_BOAT, BOATS}


async def test_the_title_may_be_another(sara: Citizen, mina: Citizen) -> None:
    await missed(sara.app, asker(sara), BOAT)
    await into_group(mina)
    await mina.press(WRITE)
    await mina.send(ANSWER)
    await mina.press("تغییر عنوان")
    (refused,) = await mina.send("عنوانی که از سی نویسه بیشتر است و نمی‌شود")
    await mina.send("قایق‌سواری")
    await mina.press(PUBLISH)
    await learned(mina)

    assert "۳۰ حرف" in refused.text
    assert mina.app.work is not None
    assert mina.app.work.house.library.answers.entries["staff.1"].title == "قایق‌سواری"


async def test_an_earlier_preview_does_not_send_what_it_did_not_show(sara: Citizen, mina: Citizen) -> None:
    await missed(sara.app, asker(sara), BOAT)
    await into_group(mina)
    await mina.press(WRITE)
    _, old = await mina.send("جواب نیمه‌کاره")
    await mina.send(ANSWER)
    mina.api.press(mina.user_id, PUBLISH, old)
    await settled(mina.app, mina.api)

    assert await states(sara) == [QuestionState.MISSED]
    await mina.press(PUBLISH)
    assert ANSWER in news(sara)


async def test_who_waits_is_told_once_with_all_their_numbers(sara: Citizen, mina: Citizen) -> None:
    first, second = await passed(sara.app, asker(sara), BOAT), await passed(sara.app, asker(sara), BOATS)
    await missed(sara.app, asker(sara), ANY_BOAT)

    done = await publish(mina)

    told = [seen.text for seen in sara.api.seen(sara.user_id) if ANSWER in seen.text]
    assert (first, second) == (1, 2)
    assert len(told) == 1
    assert "۱، ۲" in told[0]
    assert "۱ نفر خبردار" in done.text


async def test_who_asked_long_ago_and_waits_for_nothing_is_not_told(
    sara: Citizen, reza: Citizen, mina: Citizen
) -> None:
    await missed(sara.app, asker(sara), BOAT)
    await passed(sara.app, asker(reza), BOATS)
    await made_older(sara.app, 8 * DAY_MS)

    done = await publish(mina)

    assert "۱ نفر خبردار" in done.text
    assert ANSWER not in sara.screen
    assert ANSWER in reza.screen


async def test_who_has_blocked_the_bot_is_not_written_to_and_others_are(
    sara: Citizen, reza: Citizen, mina: Citizen
) -> None:
    await passed(sara.app, asker(sara), BOAT)
    await passed(sara.app, asker(reza), BOATS)
    sara.api.block(sara.user_id)
    await sara.send(BOAT)  # the answer to this cannot be delivered: the bot learns that she is gone
    await sara.app.store.write(lambda unit: unit.citizens.gone(asker(sara).platform, sara.user_id))

    done = await publish(mina)

    assert "۱ نفر خبردار" in done.text
    rows = await sara.app.store.read(lambda unit: rows_of(unit, outbox))
    assert not [row for row in rows if row["chat_id"] == sara.user_id and "شرقی" in (row["body"] or "")]
    assert ANSWER in reza.screen


async def test_of_two_editors_the_second_is_told(sara: Citizen, reza: Citizen, mina: Citizen) -> None:
    await missed(sara.app, asker(sara), BOAT)
    for editor in (mina, await hired(reza)):
        await into_group(editor)
        await editor.press(WRITE)
        await editor.send(ANSWER)
    await mina.press(PUBLISH)

    (late,) = await reza.press(PUBLISH)
    await learned(mina)

    assert "همکار دیگری" in late.text
    assert mina.app.work is not None
    assert [topic for topic in mina.app.work.house.library.answers.entries if topic.startswith("staff.")] == ["staff.1"]
    assert sara.screen.count(ANSWER) == 1
    assert "سؤال بی‌جوابی نمانده" in (await reza.press(ALL))[-1].text


async def test_an_answer_that_is_there_already_is_given_and_learns_the_words(sara: Citizen, mina: Citizen) -> None:
    odd = "قایق بادبانی کجا بخرم"
    await passed(sara.app, asker(sara), odd)
    await into_group(mina)
    await mina.press(EXISTING)
    (none,) = await mina.send("ززززز")
    (offered,) = await mina.send("کد پستی")
    await mina.press(labels(offered)[0])
    done = (await mina.press("✅ بله، فرستاده شود"))[-1]
    await learned(mina)

    assert "پیدا نشد" in none.text
    assert "۱ نفر خبردار" in done.text
    assert odd in news(sara)
    answer = news(sara).rpartition("\n\n")[2]
    assert answer
    assert answer in (await sara.send(odd))[-1].text
    assert await states(sara) == [QuestionState.ANSWERED]


async def test_one_person_is_answered_and_nobody_else(sara: Citizen, reza: Citizen, mina: Citizen) -> None:
    await passed(sara.app, asker(sara), BOAT)
    await passed(sara.app, asker(reza), BOATS)
    await into_group(mina)
    (whom,) = await mina.press(ONE)
    (said,) = await mina.send("سلام")
    await mina.press("۲")
    await mina.send("خانه شما را دیدیم.")
    done = (await mina.press(SEND))[-1]

    assert BOAT in whom.text
    assert BOATS in whom.text
    assert "به کدام نفر" in said.text
    assert "فرستاده شد" in done.text
    assert "۲" in news(reza)
    assert "خانه شما را دیدیم." in news(reza)
    assert "خانه" not in sara.screen
    assert await states(sara) == [QuestionState.PASSED, QuestionState.ANSWERED]
    assert "۱ نفر پرسیده‌اند و ۱ نفر منتظرند" in (await into_group(mina)).text


async def test_what_is_put_aside_is_told_kindly_to_who_waits_only(sara: Citizen, reza: Citizen, mina: Citizen) -> None:
    await passed(sara.app, asker(sara), BOAT)
    await missed(sara.app, asker(reza), BOATS)
    await into_group(mina)
    (why,) = await mina.press(DROP)
    await mina.send("دریاچه ما [قایق](http://x.example) **ندارد**.")
    done = (await mina.press(DROP_NOW))[-1]

    assert "۱ نفر منتظرند" in why.text
    assert "۱ نفر خبردار" in done.text
    assert "۱" in news(sara)
    assert "ممنون که پرسیدید" in news(sara)
    assert "دریاچه ما [قایق](http://x.example) **ندارد**." in news(sara).replace("\u200b", "")
    assert "ممنون که پرسیدید" not in reza.screen
    assert await states(sara) == [QuestionState.DROPPED] * 2
    assert "سؤال بی‌جوابی نمانده" in (await enter(mina)).text


async def test_without_a_reason_and_without_anybody_waiting_it_is_put_aside_too(sara: Citizen, mina: Citizen) -> None:
    await missed(sara.app, asker(sara), BOAT)
    await into_group(mina)
    (sure,) = await mina.press(DROP)
    await mina.press(DROP_NOW)

    assert "کسی منتظر" in sure.text
    assert sara.screen == ""
    assert await states(sara) == [QuestionState.DROPPED]


@pytest.mark.parametrize("text", ["", "م" * 701])
async def test_what_cannot_be_an_answer_is_refused_and_the_editor_stays(
    sara: Citizen, mina: Citizen, text: str
) -> None:
    await missed(sara.app, asker(sara), BOAT)
    await into_group(mina)
    await mina.press(WRITE)
    if text:
        (refused,) = await mina.send(text)
        assert "۷۰۱ حرف" in refused.text
    else:
        photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
        (refused,) = await mina._after(lambda: mina.api.say(mina.user_id, None, photo=photo))
        assert "فقط متن لازم" in refused.text

    assert len(await mina.send(ANSWER)) == 2


async def test_buttons_of_what_is_over_say_so(sara: Citizen, mina: Citizen) -> None:
    await missed(sara.app, asker(sara), BOAT)
    group = await into_group(mina)
    await mina.press(WRITE)
    _, preview = await mina.send(ANSWER)
    await mina.send("/cancel")
    mina.api.press(mina.user_id, PUBLISH, preview)
    await settled(mina.app, mina.api)
    assert "دوباره شروع کنید" in news(mina)

    await publish(mina)
    for button in (WRITE, EXISTING, ONE, DROP):
        mina.api.press_gone(mina.user_id, f"answering:{button}", group)
    for action in ("write", "existing", "one", "drop", "to", "pick", "take", "send", "dropped"):
        for number in ("1", "x", "9" * 30, ""):
            mina.api.press_gone(mina.user_id, f"answering:{action}:{number}", group)
    await settled(mina.app, mina.api)
    assert await states(sara) == [QuestionState.ANSWERED]
    assert sara.screen.count(ANSWER) == 1


async def test_citizens_reach_none_of_it(sara: Citizen, reza: Citizen) -> None:
    await missed(sara.app, asker(sara), BOAT)
    *_, shown = await reza.send("/start")
    for pressed in ("unanswered:room", "unanswered:group:1", "answering:write:1", "answering:dropped", "opinions:room"):
        reza.api.press_gone(reza.user_id, pressed, shown)
    await settled(reza.app, reza.api)
    await reza.send(ANSWER)

    assert BOAT not in reza.screen
    assert await states(sara) != [QuestionState.ANSWERED]
    assert QuestionState.DROPPED not in await states(sara)
