"""A tracking code leads to its case: to all of it for its citizen, to little for anybody else."""

import pytest

from bot.models import lookups
from bot.services import cases, codes, handling
from bot.services.handling import Said
from bot.store.cases import Case
from tests.citizen import Citizen, labels, rows_of
from tests.editing import pressed
from tests.filing import closed, filed, happened, joined, plain, spread
from tests.group import Group

FOLLOW = "🔔 دنبال می‌کنم"


def wrong(case: Case) -> str:
    """The code with one digit that is another."""
    digits = str(case.code)
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


def never_given(*known: Case) -> str:
    return str(next(code for code in iter(codes.new, None) if code not in {case.code for case in known}))


@pytest.mark.parametrize("form", ["{shown}", "{plain}", "کد پیگیری: {plain}", "{dashed}"])
async def test_ones_own_code_typed_alone_shows_all_of_the_case(sara: Citizen, form: str) -> None:
    case = await filed(sara)
    digits = str(case.code)
    forms = {
        "shown": codes.shown(case.code),
        "plain": digits,
        "dashed": f"{digits[:3]}-{digits[3:6]}-{digits[6:]}",
    }

    (shown,) = await sara.send(form.format(**forms))

    assert "چراغ کوچه سوخته است" in shown.text
    assert "↩️ پس می‌گیرم" in labels(shown)


async def test_the_code_is_asked_for_and_read(sara: Citizen) -> None:
    case = await filed(sara)

    (asked,) = await sara.send("کد پیگیری دارم")
    (no_code,) = await sara.send("نمی‌دانم")
    (mistyped,) = await sara.send(wrong(case))
    (shown,) = await sara.send(codes.shown(case.code))
    (by_command,) = await sara.send(f"/track {case.code}")

    assert "۹ رقم" in asked.text
    assert "این کد پیگیری نیست" in no_code.text
    assert "یک رقم این کد اشتباه" in mistyped.text
    assert codes.shown(case.code) in shown.text
    assert by_command.text == shown.text


async def test_a_mistyped_code_alone_is_kindly_pointed_out(sara: Citizen) -> None:
    case = await filed(sara)

    (told,) = await sara.send(wrong(case))

    assert "یک رقم این کد اشتباه" in told.text


async def test_somebody_elses_case_says_only_what_anybody_may_know(sara: Citizen, reza: Citizen) -> None:
    case = await filed(sara, "راز سارا", name="سارا", phone="09123456789", address="کوچه ما")

    (shown,) = await reza.send(str(case.code))

    assert f"{codes.shown(case.code)} · گزارش مشکل یا شکایت · چراغ و روشنایی\nثبت شد" in plain(shown)
    assert labels(shown) == [FOLLOW, "📂 درخواست‌های من", "🏠 منوی اصلی"]
    for secret in ("راز", "سارا", "0912", "۰۹۱۲", "کوچه"):
        assert secret not in reza.screen


async def test_it_may_be_followed_and_brings_its_news(sara: Citizen, reza: Citizen) -> None:
    nima = await joined(Group(sara.app, sara.api))
    case = await filed(sara)
    await reza.send(str(case.code))

    (told,) = await reza.press(FOLLOW)
    (again,) = await reza.press(FOLLOW)
    await spread(sara.app, lambda unit: handling.ask(unit, nima, str(case.id), Said("کدام تیر؟")))
    await spread(sara.app, closed(nima, case))

    assert "خبری از آن بشود" in told.text
    assert "از پیش دنبال می‌کنید" in again.text
    assert [kind for kind, _ in await happened(sara.app, case)].count("followed") == 1
    assert "که دنبال می‌کنید، رفع شد" in reza.screen.replace("*", "")
    assert "کدام تیر" not in reza.screen


async def test_the_code_of_a_followed_case_shows_the_way_out(sara: Citizen, reza: Citizen) -> None:
    case = await filed(sara)
    await reza.send(str(case.code))
    await reza.press(FOLLOW)

    (told,) = await reza.send(str(case.code))

    assert "دنبالش می‌کنید" in told.text
    assert f"🔕 {codes.shown(case.code)}" in labels(told)


async def test_a_number_that_is_no_code_follows_nothing(sara: Citizen, reza: Citizen) -> None:
    case = await filed(sara)
    await reza.send("سلام")

    for forged in (str(case.id), "", "x", wrong(case), never_given(case)):
        (told,) = await pressed(reza, f"track:follow:{forged}")
        assert "دیگر باز نیست" in told.text

    assert [kind for kind, _ in await happened(sara.app, case)] == ["filed"]


async def test_codes_tried_by_forged_buttons_are_counted_too(
    sara: Citizen, reza: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "MOST_LOOKUPS", 3)
    case = await filed(sara)
    await reza.send("سلام")
    for _ in range(3):
        await pressed(reza, f"track:follow:{never_given(case)}")

    (refused,) = await pressed(reza, f"track:follow:{case.code}")

    assert "یک ساعت دیگر" in refused.text
    assert [kind for kind, _ in await happened(sara.app, case)] == ["filed"]


async def test_ones_own_case_is_not_followed(sara: Citizen) -> None:
    case = await filed(sara)
    await sara.send("سلام")

    (told,) = await pressed(sara, f"track:follow:{case.code}")

    assert "از پیش دنبال" in told.text


async def test_whoever_tries_many_codes_must_wait_but_finds_their_own(
    sara: Citizen, reza: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "MOST_LOOKUPS", 3)
    case, own = await filed(sara), await filed(reza, "مال رضا")
    for _ in range(3):
        (unknown,) = await reza.send(never_given(case, own))
        assert "پیدا نکردم" in unknown.text
        await reza.send("لغو")

    (guessing,) = await reza.send(str(case.code))
    (mine,) = await reza.send("/mine")
    kept = await sara.app.store.read(lambda unit: rows_of(unit, lookups))

    assert "کدهای زیادی" in guessing.text
    assert codes.shown(own.code) in mine.text
    assert [row["count"] for row in kept] == [3]
