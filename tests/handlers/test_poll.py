"""A quick poll: one tap, another one, an old one; what stands under the message afterwards."""

import json
from typing import Any

import pytest
from sqlalchemy import update

from bot.models import responses, surveys
from bot.services import held_sums, survey_words, taking_part
from bot.services import surveys as of_surveys
from bot.services.taking_part import Ballot
from bot.store import Unit
from tests.botapi import Seen
from tests.citizen import Citizen, labels
from tests.drafting import go_live
from tests.editing import made_editor, pressed
from tests.filing import filed, plain
from tests.reporting import COMPLAINT
from tests.surveying import HOME, SWING, announced, answers, asked, button, kept, nameless, recounted, stands, sums

LEAVE = "🔕 دیگر خبری نفرستید"
RIDES: dict[str, Any] = {
    "survey": {"title": "سرویس", "thanks": "ممنون.", "anonymous": False, "quick": True},
    "question": [
        {
            "id": "rides",
            "kind": "scale",
            "text": "اتوبوس‌ها چطورند؟",
            "words": ["خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب"],
        }
    ],
}


async def polled(citizen: Citizen, tables: dict[str, Any] = SWING, **more: Any) -> int:  # noqa: ANN401 - of `put`
    """The citizen got a poll."""
    await citizen.send("/start")
    number = await asked(citizen.app, tables, **more)
    await announced(citizen, number)
    return number


async def others_vote(
    citizen: Citizen, number: int, yes: int, no: int, platform: str = "telegram", *, first: int = 10_000
) -> None:
    """So many others have voted."""

    def work(unit: Unit) -> None:
        row = of_surveys.find(unit, number)
        for at in range(yes + no):
            other = unit.citizens.meet(platform, first + at, None)
            taking_part.vote(unit, other, Ballot.of(row), "yes" if at < yes else "no")

    await citizen.app.store.write(work)


def voting(shown: list[Seen]) -> Seen:
    """The message of the poll, among what a press has shown."""
    return next(seen for seen in shown if "تاب" in seen.text)


def last(citizen: Citizen) -> Seen:
    return citizen.api.seen(citizen.user_id)[-1]


async def test_a_tap_votes_and_the_message_shows_it(sara: Citizen) -> None:
    await polled(sara, shows=True)
    before = last(sara)
    assert before.buttons == [["بله"], ["نه"], [LEAVE]]

    (voted,) = [seen for seen in await sara.press("بله") if seen.message_id == before.message_id]

    assert plain(voted) == "تاب بگذاریم؟\n\n✓ بله\n▓▓▓▓▓▓▓▓▓▓ ۱۰۰٪ · ۱ رأی\n\nنه\n░░░░░░░░░░ ۰٪ · ۰ رأی"
    assert voted.buttons == [["✓ بله"], ["نه"], [LEAVE]]
    assert voted.rows[-1] == before.rows[-1]
    assert await answers(sara.app) == [{"swing": "yes"}]


async def test_another_tap_changes_it_and_the_same_does_nothing(sara: Citizen) -> None:
    number = await polled(sara, shows=True)
    await others_vote(sara, number, 2, 1)
    await sara.press("بله")
    await sara.press("✓ بله")
    await sara.press("✓ بله")

    shown = voting(await sara.press("نه"))

    assert "بله\n▓▓▓▓▓░░░░░ ۵۰٪ · ۲ رأی" in plain(shown)
    assert "✓ نه\n▓▓▓▓▓░░░░░ ۵۰٪ · ۲ رأی" in plain(shown)
    assert await sara.app.store.read(lambda unit: sums(unit, number) == recounted(unit, number))
    assert await sara.app.store.read(lambda unit: sums(unit, number)["", "+"]) == 4
    assert len(await kept(sara.app, responses)) == 4


async def test_hidden_counts_stay_hidden(sara: Citizen) -> None:
    number = await polled(sara)
    await others_vote(sara, number, 7, 5)

    shown = voting(await sara.press("نه"))

    assert plain(shown) == "تاب بگذاریم؟\n\n✅ رأی‌تان ثبت شد: «نه»"
    assert shown.buttons == [["بله"], ["✓ نه"], [LEAVE]]


@pytest.mark.parametrize(("others", "seen_by_then"), [(19, False), (20, True)])
async def test_without_a_name_counts_are_shown_by_tens_and_a_vote_stays(
    sara: Citizen, *, others: int, seen_by_then: bool
) -> None:
    """Ten behind all the time: by a look before and one after it nobody learns of a single vote."""
    number = await polled(sara, nameless(SWING), shows=True)
    assert "بی‌نام می‌ماند" in last(sara).text
    await others_vote(sara, number, 10, 0)
    await sara.app.store.write(held_sums.move_on)
    await others_vote(sara, number, others - 10, 0, first=20_000)
    await sara.app.store.write(held_sums.move_on)

    shown = voting(await sara.press("نه"))
    await pressed(sara, await button(sara.app, number, "poll:vote", 0))

    assert ("۱۰۰٪ · ۱۰ رأی" in shown.text) is seen_by_then
    assert ("ده‌تا ده‌تا" in shown.text) is seen_by_then
    assert ("از ۲۰ رأی به بعد" in shown.text) is not seen_by_then
    assert shown.buttons == [[LEAVE]]
    assert len(await answers(sara.app)) == others + 1
    assert sorted(str(one["swing"]) for one in await answers(sara.app)).count("no") == 1


async def test_votes_of_the_page_are_kept_but_not_shown(sara: Citizen) -> None:
    number = await polled(sara, shows=True)
    await others_vote(sara, number, 3, 4, platform="web")

    shown = voting(await sara.press("بله"))

    assert "۱۰۰٪ · ۱ رأی" in shown.text
    assert len(await answers(sara.app)) == 8


async def test_the_places_of_a_scale_count_from_the_best(sara: Citizen) -> None:
    await polled(sara, RIDES)
    assert labels(last(sara))[:2] == ["خیلی خوب", "خوب"]

    await sara.press("خوب")

    assert await answers(sara.app) == [{"rides": 4}]


async def test_a_vote_leaves_the_citizen_where_they_are(sara: Citizen) -> None:
    number = await polled(sara, shows=True)
    await sara.send("/report")
    await sara.press(COMPLAINT)
    before = await stands(sara.app)

    await pressed(sara, await button(sara.app, number, "poll:vote", 1))
    await pressed(sara, await button(sara.app, number, "poll:vote", 9))

    assert before == ["report.hear"]
    assert await stands(sara.app) == before
    assert await answers(sara.app) == [{"swing": "no"}]
    (onward, *_) = await sara.send("چراغ کوچه سه شب است که خاموش است")
    assert "تاب" not in onward.text


# -- old and forged


@pytest.mark.parametrize("rest", [(2,), (), (0, 0), (99999,)])
async def test_a_forged_vote_counts_nothing(sara: Citizen, rest: tuple[int, ...]) -> None:
    number = await polled(sara)

    (told,) = await pressed(sara, await button(sara.app, number, "poll:vote", *rest))

    assert "قدیمی است" in told.text
    assert await answers(sara.app) == []


@pytest.mark.parametrize(
    "data", ["poll:vote", "poll:vote:1", "poll:pick:x.y.z", "poll:show", "poll:show:77", "poll:vote:²"]
)
async def test_what_names_no_poll_is_refused(sara: Citizen, data: str) -> None:
    await polled(sara)

    (told,) = await pressed(sara, data)

    assert "قدیمی است" in told.text


async def test_nobody_votes_once_more_by_naming_a_case(sara: Citizen) -> None:
    """The number of a case makes a vote of its own, only where cases are asked about, and only theirs."""
    number = await polled(sara)
    row = await sara.app.store.read(lambda unit: of_surveys.find(unit, number))
    await sara.press("بله")

    (told,) = await pressed(sara, f"poll:vote:{Ballot.of(row, 1, about=5)}")

    assert "قدیمی است" in told.text
    assert await answers(sara.app) == [{"swing": "yes"}]


async def test_whoever_is_asked_about_their_case_votes_once_for_it(sara: Citizen, reza: Citizen) -> None:
    await sara.send("/start")
    await reza.send("/start")
    case = await filed(sara)
    number = await sara.app.store.write(
        lambda unit: unit.surveys.add(json.dumps(RIDES), anonymous=False, key="after_case:1")
    )
    assert number is not None
    row = await sara.app.store.read(lambda unit: of_surveys.find(unit, number))
    vote = f"poll:vote:{Ballot.of(row, 0, about=case.id)}"

    shown = await pressed(sara, vote)
    await pressed(sara, vote)
    (refused,) = await pressed(reza, vote)

    assert "ثبت شد: «خیلی خوب»" in plain(shown[-1])
    assert LEAVE not in labels(shown[-1])
    assert labels(shown[-1])[-1] == HOME  # the message that it stood under, and its ways on, are gone
    assert "قدیمی است" in refused.text
    assert await answers(sara.app) == [{"rides": 5}]


async def test_after_its_end_a_tap_is_refused(sara: Citizen) -> None:
    number = await polled(sara)
    await sara.press("بله")
    at = update(surveys).where(surveys.c.id == number).values(closes_at=1)
    await sara.app.store.write(lambda unit: unit.surveys._connection.execute(at))

    told = await sara.press("نه")

    assert any("بسته شده" in seen.text for seen in told)
    assert await answers(sara.app) == [{"swing": "yes"}]


async def test_staff_try_a_draft_and_are_told_so(sara: Citizen, reza: Citizen) -> None:
    await sara.send("/start")
    await made_editor(reza)
    number = await sara.app.store.write(lambda unit: unit.surveys.add(json.dumps(SWING), anonymous=False))
    assert number is not None
    vote = await button(sara.app, number, "poll:vote", 0)

    tried = (await pressed(reza, vote))[-1]
    (refused,) = await pressed(sara, vote)

    assert "این فقط آزمایش است" in tried.text
    assert "هنوز شروع نشده" in refused.text


async def test_the_poll_of_the_list_stands_alone(sara: Citizen) -> None:
    go_live(sara.app)
    await polled(sara)
    await sara.send("نظرسنجی")
    (shown,) = await sara.press("🗳 تاب تازه")
    assert shown.buttons == [["بله"], ["نه"], [HOME]]

    voted = [seen for seen in await sara.press("نه") if seen.message_id == shown.message_id or "ثبت شد" in seen.text]

    assert any(seen.buttons == [["بله"], ["✓ نه"], [HOME]] for seen in voted)
    await sara.send("نظرسنجی")
    (again,) = await sara.press("✓ تاب تازه")
    assert "ثبت شد: «نه»" in plain(again)


@pytest.mark.parametrize(
    ("percent", "bar"), [(0, "░" * 10), (1, "▓" + "░" * 9), (62, "▓" * 6 + "░" * 4), (99, "▓" * 10), (100, "▓" * 10)]
)
def test_a_bar_is_as_long_as_its_share(percent: int, bar: str) -> None:
    assert survey_words.blocks(percent) == bar
