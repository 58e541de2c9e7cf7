"""A case in the hands of staff: one tap on its card, in the desk and in private."""

import re
from pathlib import Path

import pytest

from bot.app import App
from bot.models import CaseState
from tests.botapi import BotApi
from tests.citizen import labels, settled
from tests.editing import library, pressed
from tests.scene import ADMIN, DANA, MANAGER, MINA, REZA, SARA, Scene


@pytest.fixture
async def scene(app: App, api: BotApi) -> Scene:
    return await Scene(app, api).set_up()


async def test_the_first_who_takes_it_has_it_and_its_citizen_hears(scene: Scene) -> None:
    case = await scene.file()
    sara = scene.person(SARA)
    before = len(scene.api.seen(SARA))

    (card,) = await scene.press(MINA, "✋ برمی‌دارم")

    assert "برداشتید" in scene.alert
    assert "با مینا" in card.text
    assert "✋ برمی‌دارم" not in labels(card)
    assert (await scene.now(case)).owner_id == await scene.member(MINA)
    assert "برداشت" in sara.api.seen(SARA)[before:][-1].text


async def test_of_two_who_press_at_once_one_wins_and_the_other_hears_who(scene: Scene) -> None:
    case = await scene.file()

    scene.api.press(MINA, "✋ برمی‌دارم", chat_id=scene.desk.number)
    scene.api.press(REZA, "✋ برمی‌دارم", chat_id=scene.desk.number)
    await settled(scene.app, scene.api)

    owner = (await scene.now(case)).owner_id
    winner, loser = (MINA, REZA) if owner == await scene.member(MINA) else (REZA, MINA)
    (refused,) = [alert for alert in scene.api.alerts if alert.user_id == loser]
    assert {MINA: "مینا", REZA: "رضا"}[winner] in refused.text
    assert await scene.log(case) == ["filed", "taken"]


async def test_a_second_tap_of_the_owner_is_told_kindly(scene: Scene) -> None:
    case = await scene.file()
    await scene.take(MINA, case)

    await scene.forge(MINA, f"case:take:{case.id}")

    assert "همین حالا هم با شماست" in scene.alert
    assert await scene.log(case) == ["filed", "taken"]


async def test_urgent_is_said_by_name_so_two_taps_undo_nothing(scene: Scene) -> None:
    case = await scene.file()
    await scene.press(MINA, "🔴 فوری است")
    assert "🔴" in scene.card(case).text

    await scene.forge(REZA, f"case:hurry:{case.id}")

    assert (await scene.now(case)).is_urgent
    assert "فوری" in scene.alert
    await scene.press(REZA, "⚪️ فوری نیست")
    assert not (await scene.now(case)).is_urgent


async def test_what_was_taken_may_be_left_to_others(scene: Scene) -> None:
    case = await scene.file()
    await scene.take(MINA, case)
    await scene.press(MINA, "➕ بیشتر")
    assert "↩️ رها می‌کنم" in labels(scene.card(case))

    await scene.press(MINA, "↩️ رها می‌کنم")

    now = await scene.now(case)
    assert (now.owner_id, now.state) == (None, CaseState.NEW)
    assert "✋ برمی‌دارم" in labels(scene.card(case))


async def test_more_and_less_change_only_the_buttons(scene: Scene) -> None:
    case = await scene.file()
    plain = scene.card(case)

    await scene.press(MINA, "➕ بیشتر")
    more = scene.card(case)
    await scene.press(REZA, "➖ کمتر")

    assert len(labels(more)) > len(labels(plain))
    assert more.message_id == plain.message_id
    assert labels(scene.card(case)) == labels(plain)
    assert "🚷 محدود کردن شهروند" not in labels(more)


async def test_it_is_given_to_another_desk_and_stands_there(scene: Scene) -> None:
    case = await scene.file()
    await scene.press(MINA, "↪️ میز دیگر")
    assert "به کدام میز" in scene.card(case).text

    await scene.press(MINA, "میز فضای سبز")

    (left,) = [seen for seen in scene.api.seen(scene.desk.number) if "سپرده شد" in seen.text]
    assert labels(left) == []
    assert (await scene.now(case)).desk_id == scene.other_id
    assert "✋ برمی‌دارم" in labels(scene.card(case, scene.other))
    assert "به بخشی سپردیم" in scene.api.seen(SARA)[-1].text


async def test_a_choice_may_be_left_again(scene: Scene) -> None:
    case = await scene.file()
    await scene.press(MINA, "↪️ میز دیگر")

    await scene.press(MINA, "↩️ برگشت")

    assert "به کدام میز" not in scene.card(case).text
    assert "✋ برمی‌دارم" in labels(scene.card(case))


async def test_it_is_given_to_a_colleague_who_is_told(scene: Scene) -> None:
    case = await scene.file()
    await scene.take(MINA, case)
    await scene.press(MINA, "➕ بیشتر")
    await scene.press(MINA, "👤 سپردن به همکار")
    offered = labels(scene.card(case))
    assert {"رضا", "منیژه", "آرش"} <= set(offered)
    assert not {"مینا", "دانا", "ویدا"} & set(offered)

    await scene.press(MINA, "رضا")

    assert (await scene.now(case)).owner_id == await scene.member(REZA)
    assert "به شما سپرده شد" in scene.api.seen(REZA)[-1].text


async def test_another_subject_leads_to_the_desk_that_takes_it(scene: Scene) -> None:
    case = await scene.file()
    await scene.write(lambda unit: unit.desks.cover(scene.other_id, ["green"]))
    category = library(scene.app).categories.all["green"]
    group = next(one for one in library(scene.app).categories.groups if category in one.categories)
    await scene.press(MINA, "➕ بیشتر")
    await scene.press(MINA, "🗂 تغییر موضوع")
    await scene.press(MINA, group.title)

    await scene.press(MINA, category.title)

    now = await scene.now(case)
    assert (now.category, now.desk_id) == ("green", scene.other_id)
    assert category.title in scene.card(case, scene.other).text


async def test_a_subject_that_does_not_exist_changes_nothing(scene: Scene) -> None:
    case = await scene.file()

    await scene.forge(MINA, f"case:leaf:{case.id}.nothing")

    assert "این موضوع دیگر نیست" in scene.alert
    assert (await scene.now(case)).category == "lights"


async def test_the_history_says_who_did_what(scene: Scene) -> None:
    case = await scene.file("شماره من ۰۹۱۲۳۴۵۶۷۸۹ است")
    await scene.take(MINA, case)
    await scene.press(MINA, "➕ بیشتر")

    (told,) = await scene.press(MINA, "🧾 سابقه")

    assert "شهروند\nثبت شد" in told.text
    assert "مینا\nبرداشت" in told.text


async def test_every_event_has_its_words(scene: Scene) -> None:
    words = library(scene.app).talks.words["case"]
    sources = [*_kinds("handling"), *_kinds("cases"), *_kinds("reports")]

    assert len(sources) > 15
    assert [kind for kind in sources if f"log_{kind}" not in words.buttons] == []


def _kinds(service: str) -> list[str]:
    code = (Path(__file__).parents[2] / "bot" / "services" / f"{service}.py").read_text(encoding="utf-8")
    return re.findall(r'(?:Happened|_words)\("(\w+)"', code)


async def test_a_closed_one_is_opened_again_by_who_wants_it(scene: Scene) -> None:
    case = await scene.file()
    await scene.close(MINA, case)
    assert "🔄 باز کردن دوباره" in labels(scene.card(case))

    await scene.press(REZA, "🔄 باز کردن دوباره")

    now = await scene.now(case)
    assert (now.state, now.owner_id) == (CaseState.TAKEN, await scene.member(REZA))
    assert "دوباره باز کردیم" in scene.api.seen(SARA)[-1].text


async def test_old_buttons_of_a_closed_case_change_nothing(scene: Scene) -> None:
    case = await scene.file()
    closed = await scene.close(MINA, case)

    for action in ("take", "release", "hurry", "calm", "forward", "assign", "recategorise"):
        await scene.forge(REZA, f"case:{action}:{case.id}")
        assert "بسته شده" in scene.alert, action

    assert await scene.now(case) == closed


# -- in private


async def test_in_private_the_card_shows_the_number_to_its_owner_alone(scene: Scene) -> None:
    case = await scene.file(phone="09123456789")
    mina = scene.person(MINA)
    await mina.send("/start")

    (hidden,) = await pressed(mina, f"case:show:{case.id}")
    assert "09123456789" not in hidden.text
    changed = await mina.press("✋ برمی‌دارم")

    assert "09123456789" in changed[-1].text
    assert "09123456789" not in scene.card(case).text


async def test_in_private_the_card_changes_where_it_stands(scene: Scene) -> None:
    case = await scene.file()
    mina = scene.person(MINA)
    await mina.send("/start")
    (card,) = await pressed(mina, f"case:show:{case.id}")

    (changed,) = await mina.press("✋ برمی‌دارم")

    assert changed.message_id == card.message_id
    assert "با مینا" in changed.text
    assert "با مینا" in scene.card(case).text


async def test_whoever_gives_it_away_does_not_see_it_any_more(scene: Scene) -> None:
    case = await scene.file()
    mina = scene.person(MINA)
    await mina.send("/start")
    await pressed(mina, f"case:show:{case.id}")
    await mina.press("↪️ میز دیگر")

    (moved,) = await mina.press("میز فضای سبز")

    assert "سپرده شد" in moved.text
    assert case.text not in moved.text
    assert labels(moved) == ["📥 درخواست‌ها"]


async def test_a_card_is_found_again_where_the_desk_does_not_know_it(scene: Scene) -> None:
    """A press in a group shows only the group's own cases, whoever presses."""
    case = await scene.file("راز سارا")
    await scene.other.send(ADMIN, "/desk")

    shown = await scene.forge(MANAGER, f"case:more:{case.id}", scene.other)

    assert shown == []
    assert "با این میز نیست" in scene.alert


async def test_managers_begin_a_ban_with_the_case_in_hand(scene: Scene) -> None:
    case = await scene.file()
    boss = scene.person(MANAGER)
    await boss.send("/start")
    await pressed(boss, f"case:show:{case.id}")
    await boss.press("➕ بیشتر")

    (asked,) = await boss.press("🚷 محدود کردن شهروند")

    assert "یک هفته" in labels(asked)


async def test_an_operator_is_offered_no_ban_and_a_forged_one_is_refused(scene: Scene) -> None:
    case = await scene.file()
    mina = scene.person(MINA)
    await mina.send("/start")
    await pressed(mina, f"case:show:{case.id}")
    (more,) = await mina.press("➕ بیشتر")
    assert "🚷 محدود کردن شهروند" not in labels(more)

    (refused,) = await pressed(mina, f"case:ban:{case.id}")

    assert "سرپرست" in refused.text


async def test_operators_of_another_desk_are_told_no(scene: Scene) -> None:
    case = await scene.file()
    dana = scene.person(DANA)
    await dana.send("/start")

    (refused,) = await pressed(dana, f"case:show:{case.id}")

    assert "با میز شما نیست" in refused.text
    assert case.text not in refused.text


async def test_a_name_that_plays_with_marks_stays_a_name(scene: Scene) -> None:
    case = await scene.file(name="{code} **سارا** [x](y)")

    text = scene.card(case).text

    assert "{code}" in text
    assert "سارا" not in [text[e["offset"] :][: e["length"]] for e in scene.card(case).entities]
