"""What citizens see of their cases after filing."""

from functools import partial
from typing import Any

import pytest

from bot.incoming import Attachment
from bot.models import CaseState, case_files
from bot.services import codes, handling, phones
from bot.services.handling import Said
from bot.store.cases import Case
from bot.store.staff import Member
from tests import samples
from tests.citizen import Citizen, labels, rows_of
from tests.editing import pressed
from tests.filing import closed, filed, follow, happened, joined, now, plain, spread
from tests.group import Group

LIST = "📂 درخواست‌های من"
ADD, ANSWER, AGAIN = "➕ متن یا عکس تازه", "✍️ جواب می‌دهم", "➕ باز هم می‌فرستم"


def one(case: Case) -> str:
    return f"🔎 {codes.shown(case.code)}"


@pytest.fixture
def group(sara: Citizen) -> Group:
    return Group(sara.app, sara.api)


@pytest.fixture
async def nima(group: Group) -> Member:
    return await joined(group)


async def test_who_has_filed_nothing_is_told_so(sara: Citizen) -> None:
    (shown,) = await sara.send("/mine")

    assert "هنوز درخواستی ثبت نکرده‌اید" in shown.text
    assert labels(shown) == ["🔎 کد پیگیری دارم", "🏠 منوی اصلی"]


async def test_cases_come_in_pages_of_five_the_newest_first(sara: Citizen, reza: Citizen) -> None:
    of_reza = await filed(reza, "این مال رضاست")
    all_of_them = [await filed(sara, f"چراغ شماره {number}") for number in range(7)]
    *old, _, _, _, _, newest = all_of_them

    (shown,) = await sara.send("درخواست‌های من")
    first = labels(shown)
    (shown,) = await sara.press("⬇️ قدیمی‌ترها")
    second = labels(shown)
    (again,) = await sara.press("⬆️ تازه‌ترین‌ها")

    assert "(۷ درخواست، ۷ تا باز)" in again.text
    assert f"{codes.shown(newest.code)} · گزارش مشکل یا شکایت" in plain(again)
    assert first[:5] == [one(case) for case in reversed(all_of_them[2:])]
    assert second[:2] == [one(case) for case in reversed(old)]
    assert codes.shown(of_reza.code) not in sara.screen


async def test_a_case_is_shown_with_all_that_is_public(sara: Citizen, group: Group, nima: Member) -> None:
    words = "چراغ <b>کوچه</b> {code}\nسوخته"
    case = await filed(sara, words, address="دولاب، کوچه دوم", name="سارا", phone="09123456789")
    await spread(sara.app, lambda unit: handling.take(unit, nima, str(case.id)))
    await spread(sara.app, lambda unit: handling.note(unit, nima, str(case.id), Said("راز همکاران")))
    await spread(sara.app, lambda unit: handling.tell(unit, nima, str(case.id), Said("فردا می‌آییم")))
    await sara.send("/mine")

    (shown,) = await sara.press(one(case))

    assert "وضعیت: در دست بررسی" in plain(shown)
    assert "«چراغ <b>کوچه</b> {code}\nسوخته»" in shown.text
    assert "دولاب، کوچه دوم" in shown.text
    assert phones.shown("09123456789") in shown.text
    told = [shown.text.index(words) for words in ("ثبت کردید", "یکی از همکاران برداشت", "نوشتیم «فردا می‌آییم»")]
    assert told == sorted(told)
    assert "راز" not in sara.screen
    assert "نیما" not in sara.screen
    assert labels(shown) == [ADD, "↩️ پس می‌گیرم", LIST, "🏠 منوی اصلی"]


async def test_a_long_history_is_a_button_away(sara: Citizen, group: Group, nima: Member) -> None:
    case = await filed(sara)
    for number in range(10):
        said = Said(f"خبر {number}.")
        await spread(sara.app, partial(handling.tell, member=nima, number=str(case.id), said=said))
    await sara.send("/mine")

    (shown,) = await sara.press(one(case))
    (whole,) = await sara.press("📜 همه سابقه")

    assert "خبر 0." not in shown.text
    assert "خبر 9." in shown.text
    assert "خبر 0." in whole.text
    assert "ثبت کردید" in whole.text


async def test_nobody_sees_or_changes_the_case_of_another(sara: Citizen, reza: Citizen) -> None:
    case = await filed(sara)
    await reza.send("سلام")
    for action in ("show", "add", "files", "history", "withdraw", "withdrawn"):
        (told,) = await pressed(reza, f"mine:{action}:{case.id}")
        assert "پیدا نکردم" in told.text, action
    for forged in ("mine:show:x", "mine:show:", f"mine:show:{10**30}", "mine:show:-1", "mine:show:۱"):
        (told,) = await pressed(reza, forged)
        assert "پیدا نکردم" in told.text, forged

    assert await now(sara.app, case) == case
    assert "چراغ" not in reza.screen


async def test_words_and_photos_are_added_and_staff_see_them(
    sara: Citizen, group: Group, nima: Member, cleaned_here: None
) -> None:
    case = await filed(sara)
    await sara.send("/mine")
    await sara.press(one(case))

    (asked,) = await sara.press(ADD)
    (added,) = await sara.send("دو تا شد")
    await sara.press(AGAIN)
    (photo,) = await sara._after(lambda: sara.api.send_photo(sara.user_id, samples.jpeg(), "این هم عکس"))

    assert "متن، صدا، عکس یا فایل" in asked.text
    assert f"به درخواست {codes.shown(case.code)} اضافه شد" in plain(added)
    assert "اضافه شد" in photo.text
    assert await happened(sara.app, case) == [("filed", None), ("added", "دو تا شد"), ("added", "این هم عکس")]
    in_desk = "\n".join(seen.text for seen in sara.api.seen(group.number))
    assert "شهروند نوشت:\n«دو تا شد»" in in_desk
    await sara.press("🔎 دیدن درخواست")
    *_, shown = await sara.press("📎 عکس و فایل")
    assert shown.kind == "photo"


async def test_files_that_staff_keep_among_themselves_are_not_shown(sara: Citizen, group: Group, nima: Member) -> None:
    case = await filed(sara)

    def note(unit: Any) -> Any:  # noqa: ANN401 - a unit of work
        file = unit.files.want("bale", 5, Attachment("photo", "x"))
        return handling.note(unit, nima, str(case.id), Said("", (file.key,)))

    await spread(sara.app, note)
    await sara.send("/mine")
    (shown,) = await sara.press(one(case))

    assert "📎" not in shown.text
    (told,) = await pressed(sara, f"mine:files:{case.id}")
    assert "عکس یا فایلی ندارد" in told.text


async def test_what_staff_ask_is_answered(sara: Citizen, group: Group, nima: Member) -> None:
    case = await filed(sara)
    await spread(sara.app, lambda unit: handling.ask(unit, nima, str(case.id), Said("کدام تیر چراغ؟")))
    await sara.send("/mine")
    (waits,) = await sara.press(one(case))

    (asked,) = await sara.press(ANSWER)
    (told,) = await sara.send("تیر سوم")

    assert "منتظر جواب شما" in waits.text
    assert "«کدام تیر چراغ؟»" in asked.text
    assert "به همکاران رسید" in told.text
    assert (await now(sara.app, case)).state == CaseState.TAKEN


async def test_a_reply_to_a_message_about_a_case_is_an_addition(sara: Citizen, group: Group, nima: Member) -> None:
    case = await filed(sara)
    await sara.send("سلام")
    await spread(sara.app, lambda unit: handling.tell(unit, nima, str(case.id), Said("فردا می‌آییم")))
    await sara.send("/mine")
    news = next(seen for seen in sara.api.seen(sara.user_id) if "فردا می‌آییم" in seen.text)

    (told,) = await sara.send("لطفاً صبح بیایید", reply_to=news.message_id)

    assert "اضافه شد" in told.text
    assert (await happened(sara.app, case))[-1] == ("added", "لطفاً صبح بیایید")


async def test_what_cannot_be_added_is_refused_and_asked_again(sara: Citizen) -> None:
    case = await filed(sara)
    await sara.send("/mine")
    await sara.press(one(case))
    await sara.press(ADD)

    (nothing,) = await sara._after(lambda: sara.api.send_location(sara.user_id, 35.68, 51.47))
    (long,) = await sara.send("آ" * 1001)
    (added,) = await sara.send("کوتاه")

    assert "چیزی نبود" in nothing.text
    assert "۱۰۰۱ حرف" in long.text
    assert "اضافه شد" in added.text
    assert [kind for kind, _ in await happened(sara.app, case)] == ["filed", "added"]


async def test_going_back_and_elsewhere_adds_nothing(sara: Citizen) -> None:
    case = await filed(sara)
    await sara.send("/mine")
    await sara.press(one(case))
    await sara.press(ADD)
    (back,) = await sara.send("برگشت")
    await sara.press(ADD)
    await sara.send("لغو")
    await sara.send("تا کی بازید؟")

    assert codes.shown(case.code) in back.text
    assert [kind for kind, _ in await happened(sara.app, case)] == ["filed"]


async def test_a_case_is_taken_back_only_when_one_is_sure(sara: Citizen, group: Group, nima: Member) -> None:
    case = await filed(sara)
    await sara.send("/mine")
    await sara.press(one(case))

    (sure,) = await sara.press("↩️ پس می‌گیرم")
    await sara.press("نه، بماند")
    still = await now(sara.app, case)
    await sara.press("↩️ پس می‌گیرم")
    (told,) = await sara.press("بله، پس می‌گیرم")
    (twice,) = await sara.press("بله، پس می‌گیرم")

    assert "پس می‌گیرید؟" in sure.text
    assert still.is_open
    assert "پس گرفتید" in told.text
    assert "بسته شده است" in twice.text
    assert (await now(sara.app, case)).state == CaseState.WITHDRAWN
    assert "پس گرفت" in "\n".join(seen.text for seen in sara.api.seen(group.number))


async def test_nothing_is_added_to_a_closed_case_which_may_be_judged(sara: Citizen, group: Group, nima: Member) -> None:
    case = await filed(sara)
    await sara.send("/mine")
    await sara.press(one(case))
    await spread(sara.app, closed(nima, case))

    (refused,) = await sara.press(ADD)
    (shown,) = await pressed(sara, f"mine:show:{case.id}")

    assert "بسته شده است" in refused.text
    assert "همکاران گفتند رفع شد: «لامپ عوض شد»" in shown.text
    assert labels(shown)[:3] == ["✅ رفع شد", "🌓 نصفه", "❌ نشد"]


async def test_what_one_follows_is_listed_and_left(sara: Citizen, reza: Citizen, group: Group, nima: Member) -> None:
    case = await filed(sara, "راز سارا", name="سارا")
    await follow(reza, case)
    await spread(sara.app, lambda unit: handling.ask(unit, nima, str(case.id), Said("کدام تیر؟")))

    await reza.send("/mine")
    (shown,) = await reza.press("👥 دنبال می‌کنم")
    (peek,) = await pressed(reza, f"mine:show:{case.id}")
    (left,) = await reza.press(f"🔕 {codes.shown(case.code)}")
    (twice,) = await pressed(reza, f"mine:leave:{case.id}")
    (none,) = await reza.send("/mine")

    assert f"{codes.shown(case.code)} · گزارش مشکل یا شکایت" in plain(shown)
    assert "در دست بررسی" in shown.text
    assert "کس دیگری" in peek.text
    assert "دیگر از این درخواست خبری" in left.text
    assert "دنبال نمی‌کنید" in twice.text
    assert "👥 دنبال می‌کنم" not in labels(none)
    assert "سارا" not in reza.screen
    assert "کدام تیر" not in reza.screen


async def test_files_of_a_case_are_kept_with_it(sara: Citizen, cleaned_here: None) -> None:
    case = await filed(sara)
    await sara.send("/mine")
    await sara.press(one(case))
    await sara.press(ADD)
    await sara._after(lambda: sara.api.send_voice(sara.user_id, samples.ogg()))

    kept = await sara.app.store.read(lambda unit: rows_of(unit, case_files))

    assert [row["case_id"] for row in kept] == [case.id]
