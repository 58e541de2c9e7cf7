"""The cases that wait for staff: lists, a search, a code typed alone."""

import pytest

from bot.app import App
from bot.services import codes
from tests.botapi import BotApi
from tests.citizen import labels
from tests.editing import pressed
from tests.scene import DANA, EDITOR, MANAGER, MINA, REZA, SARA, Scene

OVERDUE = 1_700_000_000_000


@pytest.fixture
async def scene(app: App, api: BotApi) -> Scene:
    return await Scene(app, api).set_up()


async def test_the_door_says_how_much_waits(scene: Scene) -> None:
    await scene.take(MINA, await scene.file("یک"))
    await scene.file("دو")

    (menu,) = await scene.person(MINA).send("/staff")
    (room,) = await scene.person(MINA).press("📥 درخواست‌ها (۲)")

    assert "📥 درخواست‌ها (۲)" in labels(menu)
    assert "برداشته‌نشده: ۱" in room.text
    assert "با شما: ۱" in room.text
    assert "⚠️ با سرپرست‌ها" not in labels(room)


async def test_editors_have_no_such_door(scene: Scene) -> None:
    await scene.file()
    vida = scene.person(EDITOR)

    (menu,) = await vida.send("/staff")
    assert not any("درخواست" in label for label in labels(menu))
    (refused,) = await pressed(vida, "cases:unassigned")

    assert "برداشته‌نشده" not in refused.text
    assert "قدیمی" in scene.alert


async def test_a_list_goes_on_where_it_ended(scene: Scene) -> None:
    filed = [await scene.file(f"چراغ شماره {number}", by=None) for number in range(7)]
    mina = scene.person(MINA)
    await mina.send("/cases")

    (first,) = await mina.press("🆕 برداشته‌نشده")
    await scene.take(REZA, filed[0])  # what is dealt with meanwhile makes nobody skip one
    (second,) = await mina.press("بعدی‌ها ▶️")

    assert first.message_id == second.message_id
    assert [codes.shown(case.code) in first.text for case in filed] == [True] * 5 + [False] * 2
    assert [codes.shown(case.code) in second.text for case in filed] == [False] * 5 + [True] * 2
    assert "بعدی‌ها ▶️" not in labels(second)


async def test_urgent_ones_come_first(scene: Scene) -> None:
    await scene.file("معمولی", by=None)
    urgent = await scene.file("سیم لخت", by=None)
    await scene.press(MINA, "🔴 فوری است")
    mina = scene.person(MINA)
    await mina.send("/cases")

    (shown,) = await mina.press("🆕 برداشته‌نشده")

    assert shown.text.index(codes.shown(urgent.code)) < shown.text.index("معمولی")


async def test_a_line_opens_its_card(scene: Scene) -> None:
    case = await scene.file()
    mina = scene.person(MINA)
    await mina.send("/cases")
    await mina.press("🆕 برداشته‌نشده")

    (card,) = await mina.press(codes.shown(case.code))

    assert case.text in card.text
    assert {"✋ برمی‌دارم", "📥 فهرست درخواست‌ها"} <= set(labels(card))


async def test_everybody_sees_the_lists_of_their_desks_alone(scene: Scene) -> None:
    case = await scene.file()
    await scene.write(lambda unit: unit.desks.cover(scene.other_id, ["green"]))
    code = codes.shown(case.code)
    for who, sees in ((MINA, True), (DANA, False), (MANAGER, True)):
        person = scene.person(who)
        await person.send("/cases")

        (shown,) = await person.press("🆕 برداشته‌نشده")
        (of_desk,) = await pressed(person, f"cases:desk:{scene.desk_id}")

        assert (code in shown.text) == sees, who
        assert (code in of_desk.text) == sees, who


async def test_what_has_no_desk_is_the_managers(scene: Scene) -> None:
    case = await scene.file(desk=None)
    boss, mina = scene.person(MANAGER), scene.person(MINA)
    assert "میزی ندارد" in boss.api.seen(MANAGER)[-1].text
    await boss.send("/cases")
    await mina.send("/cases")

    (seen,) = await boss.press("🆕 برداشته‌نشده")
    (not_seen,) = await mina.press("🆕 برداشته‌نشده")

    assert codes.shown(case.code) in seen.text
    assert codes.shown(case.code) not in not_seen.text


async def test_what_is_late_and_what_is_mine(scene: Scene) -> None:
    late = await scene.take(MINA, await scene.file("دیر", due=OVERDUE))
    early = await scene.file("زود", by=None)
    mina = scene.person(MINA)
    await mina.send("/cases")

    (overdue,) = await mina.press("⏰ از مهلت گذشته")
    await mina.press("📥 همه فهرست‌ها")
    (mine,) = await mina.press("👤 با من")

    for shown in (overdue, mine):
        assert codes.shown(late.code) in shown.text
        assert codes.shown(early.code) not in shown.text
    assert "⏰" in overdue.text


async def test_raised_ones_are_for_managers(scene: Scene) -> None:
    case = await scene.file()
    await scene.raise_up(case)
    boss, mina = scene.person(MANAGER), scene.person(MINA)
    (room,) = await boss.send("/cases")
    assert "با سرپرست‌ها: ۱" in room.text

    (shown,) = await boss.press("⚠️ با سرپرست‌ها")
    await mina.send("/cases")
    (refused,) = await pressed(mina, "cases:raised")

    assert codes.shown(case.code) in shown.text
    assert "سرپرست" in refused.text


async def test_the_desks_are_chosen_by_name(scene: Scene) -> None:
    case = await scene.take(REZA, await scene.file())
    mina = scene.person(MINA)
    await mina.send("/cases")
    (which,) = await mina.press("🗄 میز به میز")
    assert "میز فضای سبز" not in labels(which)

    (shown,) = await mina.press("میز برق")

    assert codes.shown(case.code) in shown.text


@pytest.mark.parametrize(
    "forged",
    [
        "mine:9999999999999999999.1",
        "unassigned:99999.5",
        "unassigned:x.y",
        "overdue:-1.-1",
        "desk:0",
        "desk:۱",
        "desk:x",
    ],
)
async def test_forged_pages_are_a_list_or_a_word(scene: Scene, forged: str) -> None:
    await scene.file()
    mina = scene.person(MINA)
    await mina.send("/cases")

    (shown,) = await pressed(mina, f"cases:{forged}")

    assert shown.text
    assert "خطا" not in shown.text


async def test_words_find_a_case_and_the_next_words_the_next(scene: Scene) -> None:
    case = await scene.file("تیر چراغ جلوی مدرسه کج شده است")
    mina = scene.person(MINA)
    await mina.send("/cases")
    await mina.press("🔎 جست‌وجو")

    (nothing,) = await mina.send("فیل صورتی")
    (found,) = await mina.send("مدرسه چراغ")
    (by_code,) = await mina.send(str(case.code))

    assert "پیدا نکردم" in nothing.text
    assert codes.shown(case.code) in found.text
    assert codes.shown(case.code) in by_code.text


async def test_a_search_finds_nothing_of_other_desks(scene: Scene) -> None:
    case = await scene.file("راز سارا در کوچه یاس")
    dana = scene.person(DANA)
    await dana.send("/cases")
    await dana.press("🔎 جست‌وجو")

    (words,) = await dana.send("کوچه یاس")
    (code,) = await dana.send(str(case.code))

    assert "پیدا نکردم" in words.text
    assert "پیدا نکردم" in code.text


async def test_a_code_typed_alone_opens_the_card_for_staff(scene: Scene) -> None:
    case = await scene.file()

    (card,) = await scene.person(MINA).send(f"کد پیگیری {codes.shown(case.code)}")

    assert case.text in card.text
    assert "✋ برمی‌دارم" in labels(card)


@pytest.mark.parametrize("who", [SARA, DANA, EDITOR])
async def test_a_code_typed_by_others_opens_no_card(scene: Scene, who: int) -> None:
    case = await scene.file(name="سارا احمدی")

    shown = await scene.person(who).send(str(case.code))

    assert shown
    assert not any("✋ برمی‌دارم" in labels(seen) for seen in shown)
    assert who == SARA or not any("احمدی" in seen.text for seen in shown)


async def test_a_code_of_ones_own_is_a_citizens_where_it_is_no_desks(scene: Scene) -> None:
    """Dana works elsewhere, but filed this: it is heard by everybody's conversation."""
    case = await scene.file("چراغ خانه دانا", by=DANA)

    shown = await scene.person(DANA).send(str(case.code))

    assert any("چراغ خانه دانا" in seen.text for seen in shown)
    assert not any("✋ برمی‌دارم" in labels(seen) for seen in shown)


async def test_somebody_who_called_is_written_down_by_staff(scene: Scene) -> None:
    mina = scene.person(MINA)
    await mina.send("/cases")

    shown = await mina.press("📝 ثبت برای مراجعه‌کننده")

    assert "شکایت" in "".join(label for seen in shown for label in labels(seen))
