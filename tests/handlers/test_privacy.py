"""What is kept of me, and deleting it."""

from typing import Any

from bot.models import citizens, inbox, metadata, outbox, places
from tests.citizen import Citizen, labels, rows_of

YES, NO = "بله، پاک کنید", "نه"


async def of(sara: Citizen, table: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a table
    """The rows of a table that are Sara's."""
    rows = await sara.app.store.read(lambda unit: rows_of(unit, table))
    return [row for row in rows if sara.user_id in (row.get("user_id"), row.get("chat_id"), row.get("visitor_id"))]


async def test_a_citizen_sees_what_is_kept_of_them(sara: Citizen, reza: Citizen) -> None:
    await reza.send("سلام")
    await sara.send("سلام")

    (shown,) = await sara.send("چه چیزی از من ذخیره کرده‌اید؟")

    platform = {"telegram": "تلگرام", "bale": "بله"}[sara.api.dialect.name]
    assert f"نامتان در {platform}: سارا" in shown.text
    assert "متن ۲ پیام" in shown.text
    assert labels(shown) == ["📦 یک نسخه برایم بفرستید", "حذف من", "🏠 منوی اصلی"]


async def test_a_name_that_looks_like_markup_is_shown_as_it_is(sara: Citizen) -> None:
    sara.api.meet(sara.user_id, first_name="<b>{messages}</b> [x](https://a.b) **y**")

    (shown,) = await sara.send("/mydata")

    assert "{messages}" in shown.text
    assert not any(entity.get("url", "").startswith("https://a.b") for entity in shown.entities)


async def test_nothing_is_deleted_before_the_citizen_says_so(sara: Citizen) -> None:
    (sure,) = await sara.send("/deleteme")
    (kept,) = await sara.press(NO)

    assert labels(sure) == [YES, NO]
    assert "چیزی پاک نشد" in kept.text
    assert len(await of(sara, citizens)) == 1
    assert await of(sara, places) == []


async def test_anything_but_yes_deletes_nothing(sara: Citizen) -> None:
    await sara.send("حذف من")

    (shown,) = await sara.send("شاید بعداً")

    assert "چیزی پاک نشد" in shown.text
    assert len(await of(sara, citizens)) == 1


async def test_deleting_really_deletes_in_all_tables(sara: Citizen) -> None:
    await sara.send("/start")
    await sara.send("راز من این است")
    await sara.send("حذف من")
    await sara.press(YES)

    assert await of(sara, citizens) == await of(sara, places) == []
    assert {row["raw"] for row in await of(sara, inbox)} == {None}
    *before, last = [row["body"] for row in await of(sara, outbox) if row["kind"] == "send"]
    assert set(before) == {None}
    assert "سارا" not in last
    whole = [await of(sara, table) for table in metadata.tables.values() if table is not outbox]
    assert "راز" not in str(whole)
    assert "سارا" not in str(whole)


async def test_the_data_of_others_stays(sara: Citizen, reza: Citizen) -> None:
    await reza.send("سلام")
    await sara.send("/deleteme")
    await sara.press(YES)

    assert [row["name"] for row in await of(reza, citizens)] == ["رضا"]
    assert all(row["raw"] for row in await of(reza, inbox))
    assert all(row["body"] for row in await of(reza, outbox))


async def test_after_deleting_the_next_word_is_a_first_meeting(sara: Citizen) -> None:
    welcome, _ = await sara.send("/start")
    await sara.send("حذف من")
    (deleted,) = await sara.send(YES)
    again, _ = await sara.send("/start")

    assert "پاک شد" in deleted.text
    assert again.text == welcome.text


async def test_a_yes_long_after_deletes_what_has_gathered_since(sara: Citizen) -> None:
    await sara.send("/deleteme")
    await sara.press(YES)
    await sara.send("سلام")

    (deleted,) = await sara.press(YES)

    assert "پاک شد" in deleted.text
    assert await of(sara, citizens) == []


async def test_the_privacy_answer_and_the_menu_lead_here(sara: Citizen) -> None:
    await sara.send("/menu")
    await sara.press("❓ راهنما و حریم خصوصی")

    (kept,) = await sara.press("چه چیزی از من دارید؟")
    (sure,) = await sara.press("حذف من")

    assert "روز اولین پیامتان: " in kept.text
    assert labels(sure) == [YES, NO]
