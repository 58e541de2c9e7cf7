"""Where the trouble is: pointed at, typed, chosen or nowhere; and what is open nearby."""

import pytest

from bot.models import case_followers
from tests.citizen import Citizen, labels, rows_of
from tests.editing import pressed
from tests.reporting import (
    ANOTHER,
    HERE,
    LIGHTS,
    NO_PICTURES,
    ONE_LIGHT,
    SEND,
    WORDS,
    all_cases,
    begun,
    code_in,
    filed,
    pin,
    to_review,
)

ME_TOO = "🙋 من هم: شماره ۱"
NOWHERE = "جای مشخصی ندارد"
MENU = "🏠 منوی اصلی"


async def to_place(citizen: Citizen) -> None:
    await begun(citizen)
    await citizen.send(WORDS)
    await citizen.press(LIGHTS)
    await citizen.press(ONE_LIGHT)


async def sent(citizen: Citizen) -> dict[str, object]:
    """The rest of the way; the case."""
    await citizen.press(NO_PICTURES)
    await citizen.press(SEND)
    return (await all_cases(citizen))[-1]


async def test_a_key_sends_the_place_and_is_gone_after_it(sara: Citizen) -> None:
    await begun(sara)
    await sara.send(WORDS)
    await sara.press(LIGHTS)

    key, typed = await sara.press(ONE_LIGHT)
    taken, _ = await pin(sara)

    assert labels(key)[0] == "📍 موقعیت من"
    assert NOWHERE not in labels(typed)
    assert labels(taken) == [MENU, "❓ راهنما"]


@pytest.mark.parametrize("at", [(0.0, 0.0), (36.9, 50.5), (35.75, 51.2)])
async def test_a_point_outside_of_the_region_is_noted_and_taken(sara: Citizen, at: tuple[float, float]) -> None:
    await to_place(sara)

    told, _ = await pin(sara, *at)
    case = await sent(sara)

    assert "بیرون از منطقه" in told.text
    assert (case["lat"], case["lon"]) == pytest.approx(at)


async def test_an_address_in_a_neighbourhood_is_known(sara: Citizen) -> None:
    await to_place(sara)

    told, _ = await sara.send("دولاب، کوچه شهید احمدی، پلاک ۱۲")
    case = await sent(sara)

    assert "نشانی را گرفتم" in told.text
    assert case["address"] == "دولاب، کوچه شهید احمدی، پلاک ۱۲"
    assert case["neighbourhood"] == "doulab"


async def test_a_neighbourhood_alone_is_asked_for_its_street_once(sara: Citizen) -> None:
    await to_place(sara)

    (street,) = await sara.send("دولاب")
    await sara.send("کوچه شهید احمدی")
    case = await sent(sara)

    assert "کدام خیابان یا کوچه" in street.text
    assert (case["neighbourhood"], case["address"]) == ("doulab", "کوچه شهید احمدی")


async def test_a_neighbourhood_alone_may_be_enough(sara: Citizen) -> None:
    await to_place(sara)
    await sara.send("دولاب")

    await sara.press("همین کافی است")
    case = await sent(sara)

    assert (case["neighbourhood"], case["address"]) == ("doulab", None)


async def test_of_two_places_of_a_name_it_is_asked_which(sara: Citizen) -> None:
    await to_place(sara)

    (which,) = await sara.send("ابوذر، کوچه پنجم")
    await sara.press("ابوذر غربی")
    case = await sent(sara)

    assert labels(which)[:2] == ["ابوذر شرقی", "ابوذر غربی"]
    assert (case["neighbourhood"], case["address"]) == ("abouzar_west", "ابوذر، کوچه پنجم")


async def test_an_address_that_nobody_knows_is_taken_with_a_neighbourhood_or_without(sara: Citizen) -> None:
    await to_place(sara)

    (pages,) = await sara.send("کوچه بن‌بست سوم روبه‌روی نانوایی")
    (second,) = await sara.press("بعدی")
    await sara.press("همان که نوشتم کافی است")
    case = await sent(sara)

    assert "محله‌اش را نشناختم" in pages.text
    assert labels(pages)[:3] != labels(second)[:3]
    assert "قبلی" in labels(second)
    assert (case["neighbourhood"], case["address"]) == (None, "کوچه بن‌بست سوم روبه‌روی نانوایی")


async def test_the_list_of_neighbourhoods_leads_to_a_street(sara: Citizen) -> None:
    await to_place(sara)
    await sara.press("🏘 فهرست محله‌ها")

    (street,) = await sara.press("آهنگ")

    assert "آهنگ" in street.text


async def test_a_place_of_another_region_is_noted_and_taken(sara: Citizen) -> None:
    await to_place(sara)

    told, _ = await sara.send("تجریش")

    assert "بیرون از منطقه" in told.text


async def test_an_address_must_say_something_and_not_too_much(sara: Citizen) -> None:
    await to_place(sara)

    (empty,) = await sara.send("؟؟؟")
    (long,) = await sara.send("کوچه " * 100)

    assert "نشانی‌ای در پیامتان نبود" in empty.text
    assert "۴۹۹ حرف" in long.text


async def test_what_needs_a_place_cannot_go_without(sara: Citizen) -> None:
    await to_place(sara)

    (refused,) = await pressed(sara, "report_place:nowhere")

    assert "جایش لازم است" in refused.text


async def test_another_place_takes_the_place_of_the_old_one(sara: Citizen) -> None:
    await to_review(sara)
    await sara.press("📍 محل")

    _, review = await sara.send("دولاب، کوچه شهید احمدی")

    assert "دولاب" in review.text
    assert "روی نقشه" not in review.text


# -- what is open nearby


async def test_me_too_follows_what_is_there_and_ends_the_form(sara: Citizen, reza: Citizen) -> None:
    told = await filed(sara)
    await to_place(reza)

    _, near = await pin(reza, HERE[0] + 0.0002, HERE[1])
    (followed,) = await reza.press(ME_TOO)

    assert "۲۲ متر" in near.text
    assert "ثبت شد" in near.text  # in the words of citizens, not of staff
    assert WORDS not in near.text
    assert code_in(followed) == code_in(told)
    assert len(await all_cases(sara)) == 1
    (row,) = await sara.app.store.read(lambda unit: rows_of(unit, case_followers))
    assert row["user_id"] == reza.user_id


async def test_what_is_another_thing_is_filed(sara: Citizen, reza: Citizen) -> None:
    await filed(sara)
    await to_place(reza)
    _, near = await pin(reza)

    assert "همین‌جا،" in near.text
    await reza.press(ANOTHER)
    case = await sent(reza)

    assert case["user_id"] == reza.user_id
    assert len(await all_cases(sara)) == 2


async def test_what_is_far_away_or_ones_own_is_not_offered(sara: Citizen, reza: Citizen) -> None:
    await filed(sara)
    await to_place(reza)
    _, far = await pin(reza, HERE[0] + 0.01, HERE[1])
    await to_place(sara)
    _, own = await pin(sara)

    assert NO_PICTURES in labels(far)
    assert NO_PICTURES in labels(own)


async def test_only_what_is_near_may_be_followed_here(sara: Citizen, reza: Citizen) -> None:
    await filed(sara)
    (case,) = await all_cases(sara)
    await to_place(reza)
    await pin(reza, HERE[0] + 0.01, HERE[1])

    (refused,) = await pressed(reza, f"report_place:me_too:{case['id']}")

    assert "دیگر این نزدیکی نیست" in refused.text
    assert await sara.app.store.read(lambda unit: rows_of(unit, case_followers)) == []
