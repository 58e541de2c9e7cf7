"""What citizens say of how their case ended."""

from dataclasses import replace
from typing import Any

import pytest

from bot.models import CaseState, Verdict, surveys
from bot.services import handling, standing, taking_part
from bot.store import Unit
from bot.store.cases import Case
from bot.store.staff import Member
from tests.botapi import Seen
from tests.citizen import Citizen, rows_of
from tests.editing import library, pressed
from tests.filing import closed, filed, happened, joined, now, platform_of, spread
from tests.group import Group

FIXED, HALF, NOT_FIXED = "✅ رفع شد", "🌓 نصفه", "❌ نشد"


@pytest.fixture
def group(sara: Citizen) -> Group:
    return Group(sara.app, sara.api)


@pytest.fixture
async def nima(group: Group) -> Member:
    return await joined(group)


@pytest.fixture
async def ended(sara: Citizen, nima: Member) -> Case:
    """A case of Sara's that Nima has closed as mended; she was told."""
    await sara.send("سلام")
    case = await filed(sara)
    return await spread(sara.app, closed(nima, case))


def in_desk(group: Group) -> str:
    return "\n".join(seen.text for seen in group.api.seen(group.number)).replace("*", "")


async def test_one_tap_says_that_it_is_mended(sara: Citizen, group: Group, ended: Case) -> None:
    (told,) = await sara.press(FIXED)
    (twice,) = await sara.press(FIXED)

    assert "چه خوب که مشکل درخواست" in told.text
    assert "پیش از این گفته‌اید" in twice.text
    assert (await now(sara.app, ended)).verdict == Verdict.FIXED
    assert in_desk(group).count("شهروند می‌گوید رفع شد.") == 1


async def test_what_is_left_is_noted_for_the_staff(sara: Citizen, group: Group, ended: Case) -> None:
    (asked,) = await sara.press(HALF)
    (told,) = await sara.send("یکی هنوز خاموش است")

    assert "چه مانده است" in asked.text
    assert "اضافه شد" in told.text
    assert await happened(sara.app, ended) == [
        ("filed", None),
        ("fixed", "لامپ عوض شد"),
        ("verdict", None),
        ("half", "یکی هنوز خاموش است"),
    ]
    assert not (await now(sara.app, ended)).is_open
    assert "شهروند می‌گوید این مانده است:\n«یکی هنوز خاموش است»" in in_desk(group)


@pytest.mark.parametrize("no_more", ["نه", "چیز دیگری ندارم"])
async def test_nobody_must_say_more(sara: Citizen, ended: Case, no_more: str) -> None:
    await sara.press(HALF)
    (told,) = await sara.send(no_more)

    assert "ممنون" in told.text
    assert [kind for kind, _ in await happened(sara.app, ended)] == ["filed", "fixed", "verdict"]


async def test_what_is_not_mended_is_opened_for_another_and_then_for_the_managers(
    sara: Citizen, group: Group, nima: Member, ended: Case
) -> None:
    (first,) = await sara.press(NOT_FIXED)
    (more,) = await sara.send("هنوز تاریک است")
    again = await now(sara.app, ended)
    other = await joined(group, 702, name="مینا")
    await spread(sara.app, closed(other, ended))
    (second,) = await sara.press(NOT_FIXED)

    assert "از نو بررسی شود" in first.text
    assert "اضافه شد" in more.text
    assert (again.state, again.owner_id, again.reopened, again.raised) == (CaseState.NEW, None, 1, 0)
    assert "با سرپرست‌های ماست" in second.text
    raised = await now(sara.app, ended)
    assert (raised.is_open, raised.raised, raised.reopened) == (True, 1, 2)
    assert ("added", "هنوز تاریک است") in await happened(sara.app, ended)
    assert "هنوز تاریک است" in in_desk(group)


async def test_another_word_counts_until_it_is_open_again(sara: Citizen, ended: Case) -> None:
    await sara.press(FIXED)
    await sara.press(HALF)
    half = (await now(sara.app, ended)).verdict
    await sara.press(NOT_FIXED)
    (old,) = await sara.press(FIXED)

    assert half == Verdict.HALF
    assert "منتظر نظر شما نیست" in old.text
    assert (await now(sara.app, ended)).is_open


async def test_forged_and_foreign_buttons_change_nothing(sara: Citizen, reza: Citizen, ended: Case) -> None:
    await reza.send("سلام")
    for data in (f"verdict:fixed:{ended.id}", "verdict:half:", "verdict:not_fixed:x", f"verdict:fixed:{10**40}"):
        (told,) = await pressed(reza, data)
        assert "پیدا نکردم" in told.text, data

    assert await now(sara.app, ended) == ended


async def test_what_was_said_too_late_is_refused(sara: Citizen, group: Group, nima: Member, ended: Case) -> None:
    await sara.press(NOT_FIXED)
    other = await joined(group, 702, name="مینا")
    await spread(sara.app, closed(other, ended, "no_action", "ممکن نیست"))

    (told,) = await sara.send("هنوز تاریک است")

    assert "همین حالا بسته شد" in told.text


async def test_nothing_at_all_and_too_much_are_refused(sara: Citizen, ended: Case) -> None:
    await sara.press(HALF)

    (nothing,) = await sara._after(lambda: sara.api.send_location(sara.user_id, 35.68, 51.47))
    (long,) = await sara.send("آ" * 1001)

    assert "چیزی نبود" in nothing.text
    assert "۱۰۰۱ حرف" in long.text


async def test_ends_that_are_not_judged_are_not_judged(sara: Citizen, nima: Member) -> None:
    case = await filed(sara)
    await sara.send("سلام")
    await spread(sara.app, lambda unit: handling.close(unit, nima, str(case.id), "not_ours", handling.Said("آبفا")))

    (told,) = await pressed(sara, f"verdict:not_fixed:{case.id}")

    assert "منتظر نظر شما نیست" in told.text
    assert not (await now(sara.app, case)).is_open


async def test_of_what_nobody_was_asked_nothing_is_said(sara: Citizen) -> None:
    member = await joined(Group(sara.app, sara.api))
    case = await filed(sara, kind="thanks")
    await spread(sara.app, closed(member, case, "answered"))

    for word in ("fixed", "half", "not_fixed"):
        await pressed(sara, f"verdict:{word}:{case.id}")

    assert [kind for kind, _ in await happened(sara.app, case)] == ["filed", "answered"]


# -- how content they are


def data_of(seen: Seen, label: str) -> str:
    """What the button of this label carries."""
    rows = seen.keyboard["inline_keyboard"]
    return next(str(one["callback_data"]) for row in rows for one in row if one["text"] == label)


async def standing_ones(sara: Citizen) -> list[dict[str, Any]]:
    return [row for row in await sara.app.store.read(lambda unit: rows_of(unit, surveys)) if row["key"]]


async def test_whoever_says_it_is_mended_is_asked_how_content_they_are_once_a_case(sara: Citizen, ended: Case) -> None:
    (told,) = await sara.press(FIXED)

    assert "چقدر راضی هستید؟" in told.text
    steps = [label for row in told.buttons for label in row][:5]
    assert steps == ["خیلی راضی", "راضی", "نه راضی، نه ناراضی", "ناراضی", "خیلی ناراضی"]
    (row,) = await standing_ones(sara)
    ballot = taking_part.ballot(data_of(told, "راضی").removeprefix("poll:vote:"))
    assert (ballot.number, ballot.about, ballot.rest) == (row["id"], ended.id, (1,))

    def vote(unit: Unit) -> None:
        who = unit.citizens.meet(platform_of(sara), sara.user_id, None)
        taking_part.vote(unit, who, ballot, 4)
        assert standing.ballots(unit, library(sara.app).surveys, who, ended.id) == ("", [])
        assert len(standing.ballots(unit, library(sara.app).surveys, who, ended.id + 1)[1]) == 5

    await sara.app.store.write(vote)
    assert len(await standing_ones(sara)) == 1


async def test_whoever_says_it_is_not_mended_is_not_asked(sara: Citizen, ended: Case) -> None:
    (told,) = await sara.press(NOT_FIXED)

    assert "راضی" not in told.text
    assert await standing_ones(sara) == []


async def test_other_questions_in_the_content_are_another_survey(sara: Citizen) -> None:
    known = library(sara.app).surveys
    other = {"after_case": replace(known["after_case"], title="عنوان دیگر")}

    def work(unit: Unit) -> list[int | None]:
        found = [standing.after_case(unit, one) for one in (known, known, other, {})]
        return [None if row is None else row.id for row in found]

    first, again, changed, none = await sara.app.store.write(work)
    assert first == again != changed
    assert none is None
