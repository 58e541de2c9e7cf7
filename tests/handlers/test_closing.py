"""Closures: said in one message by staff, told to every citizen within a second, and undone by a button."""

from typing import Any

import pytest

from bot.app import App
from bot.models import closures
from bot.services import staff
from tests import samples
from tests.citizen import Citizen, labels, rows_of, settled, wait_until
from tests.conftest import FakeClock
from tests.test_hours import at

# The clock stands at Sunday, 1 Azar 1405, ten in the morning.


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def mina(sara: Citizen) -> Citizen:
    """Sara, as an editor."""
    await sara.send(f"/staff {await sara.app.store.write(lambda unit: staff.invite(unit, 'editor'))}")
    return sara


async def live(app: App) -> None:
    """Wait until this process has what staff have said."""
    numbers = await app.store.read(lambda unit: unit.revisions.all())
    work = app.work
    assert work is not None
    await wait_until(lambda: work.refresher.seen == numbers)


async def kept(app: App) -> list[dict[str, Any]]:
    return await app.store.read(lambda unit: rows_of(unit, closures))


def plain(text: str) -> str:
    return text.replace("*", "")


async def test_one_message_closes_all_offices_and_citizens_are_told(mina: Citizen, reza: Citizen) -> None:
    (asked,) = await mina.send("تعطیل فردا آلودگی هوا")
    (done,) = await mina.press("بله، اعلام شود")
    await live(mina.app)
    *_, told = await reza.send("فردا بازین؟")

    assert "فردا دوشنبه ۲ آذر" in asked.text
    assert "همه دفترها" in asked.text
    assert "به خاطر آلودگی هوا" in asked.text
    assert "اعلام شد" in done.text
    assert "فردا دوشنبه ۲ آذر به خاطر آلودگی هوا تعطیل است. پس‌فردا سه‌شنبه ۳ آذر" in plain(told.text)


async def test_it_is_undone_by_a_button_and_who_did_it_stays(mina: Citizen, reza: Citizen) -> None:
    await mina.send("تعطیل فردا آلودگی هوا")
    await mina.press("بله، اعلام شود")
    (undone,) = await mina.press("لغو تعطیلی")
    await live(mina.app)
    *_, told = await reza.send("فردا بازین؟")

    (row,) = await kept(mina.app)
    assert "لغو شد" in undone.text
    assert "فردا دوشنبه ۲ آذر از ساعت ۸" in plain(told.text)
    assert row["made_by"] == row["undone_by"] != 0
    assert row["undone_at"] >= row["made_at"]


async def test_nothing_is_declared_without_a_yes(mina: Citizen) -> None:
    await mina.send("تعطیل فردا آلودگی هوا")
    (told,) = await mina.send("نه، صبر کن")

    assert "چیزی اعلام نشد" in told.text
    assert await kept(mina.app) == []


async def test_a_yes_counts_once(mina: Citizen) -> None:
    await mina.send("تعطیل فردا آلودگی هوا")
    await mina.send("بله")
    (told,) = await mina.press("بله، اعلام شود")

    assert "چیزی برای اعلام نمانده" in told.text
    assert len(await kept(mina.app)) == 1


async def test_a_missing_reason_is_asked_for(mina: Citizen) -> None:
    (why,) = await mina.send("/close فردا ناحیه ۲ و ۳")
    (sure,) = await mina.send("به خاطر **برف** [سنگین](https://a.b)")

    assert "دلیلش چیست" in why.text
    assert "ناحیه ۲ و ناحیه ۳" in sure.text
    assert "به خاطر برف سنگین(https://a.b)" in sure.text


async def test_a_photo_is_no_reason(mina: Citizen) -> None:
    await mina.send("تعطیل فردا")

    mina.api.send_photo(mina.user_id, samples.jpeg())
    await settled(mina.app, mina.api)
    (sure,) = await mina.send("آلودگی هوا")

    assert "بدون توضیح" not in "".join(message.text for message in mina.api.seen(mina.user_id))
    assert "آلودگی هوا" in sure.text


async def test_a_late_start_an_early_end_and_an_exemption(mina: Citizen, reza: Citizen) -> None:
    for said in ("شروع ساعت ۱۰ فردا برف", "پایان ساعت ۱۳ سه‌شنبه گرما", "باز ۲ دی ساعت ۹ تا ۱۲ خدمات ویژه"):
        await mina.send(said)
        await mina.press("بله، اعلام شود")
    await live(mina.app)

    answers = [plain((await reza.send(question))[-1].text) for question in ("فردا", "سه‌شنبه", "۲ دی")]

    assert "از ساعت ۱۰ تا ۱۶:۳۰ باز است. به خاطر برف" in answers[0]
    assert "از ساعت ۸ تا ۱۳ باز است. به خاطر گرما" in answers[1]
    assert "از ساعت ۹ تا ۱۲ باز است. این روز با وجود تعطیلی (خدمات ویژه) باز است" in answers[2]


async def test_the_list_shows_what_is_to_come_and_undoes_it(mina: Citizen) -> None:
    for said in ("تعطیل چهارشنبه ناحیه ۲ جابه‌جایی", "تعطیل فردا آلودگی هوا"):
        await mina.send(said)
        await mina.press("بله، اعلام شود")
    (listed,) = await mina.send("/closures")
    await mina.press("لغو شماره ۲")
    (left,) = await mina.send("تعطیلی‌ها")

    first, second = (line for line in listed.text.splitlines() if line[:2] in {"۱.", "۲."})
    assert "فردا" in first
    assert "ناحیه ۲" in second
    assert "ناحیه ۲، جابه‌جایی" not in left.text
    assert "آلودگی هوا" in left.text


async def test_what_cannot_be_understood_is_asked_again(mina: Citizen) -> None:
    expected = {
        "/close آلودگی هوا": "روزش را نفهمیدم",
        "تعطیل ۳۱ مهر برف": "چنین روزی",
        "تعطیل ۱ مهر ۱۴۰۵ برف": "گذشته است",
        "تعطیل شنبه و دوشنبه برف": "پشت سر هم نیستند",
        "تعطیل ۱ دی تا ۱ اسفند برف": "یک ماه",
        "شروع فردا برف": "ساعتش را نفهمیدم",
        "باز پنجشنبه": "ساعت کاری همیشگی ندارد",
    }
    for said, piece in expected.items():
        (told,) = await mina.send(said)
        assert piece in told.text, said
    assert await kept(mina.app) == []


async def test_a_question_of_staff_that_begins_so_is_answered_as_a_question(mina: Citizen) -> None:
    (told,) = await mina.send("باز هستید؟")

    assert "الان باز است" in plain(told.text)


async def test_a_word_of_everybody_stays_one_where_it_stands_alone(mina: Citizen) -> None:
    shown = await mina.send("شروع")

    assert "خوش آمدید" in shown[0].text
    assert "تعطیلی" not in shown[0].text


async def test_to_a_citizen_none_of_it_exists(mina: Citizen, reza: Citizen) -> None:
    await reza.send("/start")
    unknown = await reza.send("/nothing_of_ours")
    for said in ("/close فردا برف", "/closures", "/open فردا"):
        assert [seen.text for seen in await reza.send(said)] == [seen.text for seen in unknown]
    (answered,) = await reza.send("تعطیل فردا؟")
    reza.api.press_gone(reza.user_id, "closing:yes", answered)
    await settled(reza.app, reza.api)

    assert "فردا دوشنبه ۲ آذر از ساعت ۸" in plain(answered.text)
    assert "اعلام شد" not in reza.screen
    assert await kept(reza.app) == []


async def test_the_room_stands_in_the_menu_of_staff(mina: Citizen) -> None:
    (told,) = await mina.press("🔴 تعطیلی‌ها")

    assert "اعلام نشده است" in told.text
    assert "میز کار" in labels(told)


async def test_a_closure_is_loaded_when_a_process_starts(mina: Citizen) -> None:
    await mina.send("تعطیل فردا آلودگی هوا")
    await mina.press("بله، اعلام شود")
    work = mina.app.work
    assert work is not None
    await live(mina.app)
    work.house.library = type(work.house.library)(
        work.house.library.answers.with_hours(work.house.library.answers.hours.with_days((), {})),
        work.house.library.screens,
        work.house.library.talks,
        work.house.library.places,
        work.house.library.news,
    )
    work.refresher.seen.clear()

    await work.refresher.look()

    assert "آلودگی هوا" in work.house.library.answers.reply("فردا بازین", at("2026-11-22 10:00")).text


async def test_a_forged_number_undoes_nothing(mina: Citizen) -> None:
    *_, shown = await mina.send("/start")

    for pressed in (f"closing:undo:{10**20}", f"moon:undo:{10**20}", "moon:ask:9.9.99999999999999999999"):
        mina.api.press_gone(mina.user_id, pressed, shown)
        await settled(mina.app, mina.api)
        told = mina.api.seen(mina.user_id)[-1]
        assert "لغو شده" in plain(told.text) or "جا" in plain(told.text)
