"""Results of a survey: what is counted, who is shown by themselves, and that nobody can be known by subtracting."""

import json
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.errors import CitizenError
from bot.services import poll_ends, results, survey_answers, survey_drafts, surveys, taking_part
from bot.services.questionnaire import Value
from bot.services.results import REST, UNKNOWN, Group, Results
from bot.services.tallying import FEWEST
from bot.store import Unit
from bot.store.responses import Count
from bot.store.surveys import Row
from tests.store.conftest import Time
from tests.store.test_taking_part import DAY_MS, PARK, answer, asked

SCALE: dict[str, Any] = {
    "survey": {"title": "جشن", "intro": "چند سؤال.", "thanks": "ممنون.", "anonymous": False},
    "question": [
        {"id": "liked", "kind": "scale", "text": "چطور بود؟", "words": ["خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب"]},
        {"id": "mend", "kind": "text", "text": "چه بهتر شود؟", "required": False},
    ],
}


def take_part(
    unit: Unit, number: int, user: int, *values: Value | None, platform: str = "bale", lives: str = ""
) -> None:
    """Somebody answers so many questions, and sends if these are all."""
    citizen = unit.citizens.meet(platform, user, "سارا")
    unit.choices.live_in(citizen.id, lives or None)
    part = answer(unit, taking_part.begin(unit, citizen, number), *values)
    if part.at is None:
        taking_part.send(unit, citizen, part)


def of(unit: Unit, number: int, only: Group | None = None, *, with_visitors: bool = False) -> Results:
    return results.of(unit, surveys.find(unit, number), only, with_visitors=with_visitors)


def test_each_question_has_its_shares_and_who_left_there(unit: Unit) -> None:
    number = asked(unit, PARK)
    take_part(unit, number, 1, "yes", ("walk", "play"), 3)
    take_part(unit, number, 2, "yes", ("walk",), None)
    take_part(unit, number, 3, "no", 5)
    take_part(unit, number, 4, "yes")
    take_part(unit, number, 5, "no", 9, platform="web")

    found = of(unit, number)

    assert (found.total, found.people, found.visitors, found.few, found.sent) == (3, 3, 1, False, 0)
    used, why, visits = found.asked
    assert [(one.value, one.count, one.percent) for one in used.shares] == [("yes", 2, 67), ("no", 1, 33)]
    assert [(one.value, one.count, one.percent) for one in why.shares] == [("walk", 2, 100), ("play", 1, 50)]
    assert (why.answered, why.left.asked, why.left.left, why.left.percent) == (2, 3, 1, 33)
    assert (visits.answered, visits.skipped, visits.mean) == (2, 1, 4.0)
    assert of(unit, number, with_visitors=True).total == 4


def test_a_scale_has_a_mean_and_words_have_no_shares(unit: Unit) -> None:
    number = asked(unit, SCALE)
    for user, step in enumerate((5, 4, 4), start=1):
        take_part(unit, number, user, step, "خوب بود" if user == 1 else None)

    liked, mend = of(unit, number).asked

    assert liked.mean is not None
    assert round(liked.mean, 2) == 4.33
    assert (mend.shares, mend.mean, mend.answered, mend.skipped) == ((), None, 1, 2)


def test_the_rate_is_of_those_who_got_it_on_messengers(unit: Unit) -> None:
    number = asked(unit, PARK)
    row = surveys.find(unit, number)
    assert row.announcement_id is not None
    for platform, sent in (("bale", 8), ("web", 100)):
        unit.announcements.add_run(row.announcement_id, platform)
        run = next(one for one in unit.announcements.runs(row.announcement_id) if one.platform == platform)
        unit.announcements.count(run.id, "sent", sent)
        unit.announcements.count(run.id, "gone", 3)
    take_part(unit, number, 1, "no", 1)
    take_part(unit, number, 2, "no", 1)

    found = of(unit, number)

    assert (found.sent, found.rate) == (8, 25)


@pytest.mark.parametrize("people", [FEWEST - 1, FEWEST])
def test_nothing_is_shown_of_few_without_a_name(unit: Unit, people: int) -> None:
    """Once it is closed; what is shown before is told in `test_held_sums.py`."""
    number = asked(unit, PARK, nameless=True)
    for user in range(people):
        take_part(unit, number, 1 + user, "no", 1)
    surveys.close(unit, number, unit.staff.join("bale", 99, "editor", "مینا", None))
    found = of(unit, number)

    assert (found.total, found.unsent, found.few) == (people, 0, people < FEWEST)
    assert [one.count for asked in found.asked[:1] for one in asked.shares] == ([] if found.few else [0, FEWEST])


def test_groups_are_shown_alone_from_ten_on(unit: Unit) -> None:
    number = asked(unit, PARK)
    for user in range(1, 12):
        take_part(unit, number, user, "no", 1, lives="doulab")
    for user in range(20, 30):
        take_part(unit, number, user, "yes", ("walk",), 2, lives="ahang" if user < 22 else "", platform="telegram")

    found = of(unit, number)
    doulab = of(unit, number, Group("neighbourhood", "doulab"))
    telegram = of(unit, number, Group("platform", "telegram"))

    assert found.groups["neighbourhood"] == {"doulab": 11, REST: 10}
    assert found.groups["platform"] == {"bale": 11, "telegram": 10}
    assert [one.count for one in doulab.asked[0].shares] == [0, 11]
    assert [one.count for one in telegram.asked[0].shares] == [10, 0]
    for hidden in (Group("neighbourhood", "ahang"), Group("neighbourhood", UNKNOWN), Group("neighbourhood", REST)):
        with pytest.raises(CitizenError, match="few_there"):
            of(unit, number, hidden)


def test_a_draft_that_is_not_finished_has_no_results(unit: Unit, clock: Time) -> None:
    number = unit.surveys.add('{"survey": {"title": "ن"}, "question": []}', anonymous=False)
    assert number is not None
    with pytest.raises(CitizenError, match="unfinished"):
        of(unit, number)


PLATFORMS = some.sampled_from(("telegram", "bale", "web"))
PLACES = some.sampled_from(("", "doulab", "ahang", "shakib"))


def fake(counts: dict[tuple[str, str], int], *, anonymous: bool) -> tuple[Any, Row]:
    """A unit with these counts, by platform and neighbourhood, and the survey."""
    rows = [Count("", "+", *where, count) for where, count in counts.items() if count]
    rows += [Count("used", "+", *where, count) for where, count in counts.items() if count]
    unit = SimpleNamespace(
        now=0,
        responses=SimpleNamespace(counts=lambda _: rows),
        participants=SimpleNamespace(left=lambda _: {}),
    )
    sheet = json.dumps(PARK | {"survey": PARK["survey"] | {"anonymous": anonymous}})
    nothing = dict.fromkeys(("key", "closes_at", "lasts_ms", "announcement_id", "made_by"))
    more = dict.fromkeys(("asked", "due_at", "began_at"))
    return unit, Row(
        id=1, sheet=sheet, anonymous=anonymous, shows=False, reminds=False, changed_at=0, closed_at=0, **nothing, **more
    )


@given(some.dictionaries(some.tuples(PLATFORMS, PLACES), some.integers(0, 30)))
def test_no_difference_of_what_is_shown_is_a_small_group(counts: dict[tuple[str, str], int]) -> None:
    unit, row = fake(counts, anonymous=True)
    found = results.of(unit, row)
    whole = {} if found.few else {"people": found.people}
    if found.takes_visitors and not results.of(unit, row, with_visitors=True).few:
        whole["all"] = found.people + found.visitors
    for kind, groups in found.groups.items():
        shown = {value: count for value, count in groups.items() if found.may_show(Group(kind, value))}
        for value, count in shown.items():
            assert results.of(unit, row, Group(kind, value)).total == count >= FEWEST
        inside = [count for value, count in shown.items() if value != "web"]
        for size in range(len(inside) + 1):
            for some_of_them in combinations(inside, size):
                rest = found.people - sum(some_of_them)
                assert found.few or rest == 0 or rest >= FEWEST
    if "all" in whole and "people" in whole:
        assert found.visitors >= FEWEST
    assert all(total >= FEWEST for total in whole.values())


def test_who_answered_all_and_never_sent_it_is_in_no_count(unit: Unit) -> None:
    """When a survey without names ends, that they left is all that is kept of them."""
    number, sent = asked(unit, PARK, nameless=True, lasts_ms=DAY_MS), FEWEST - 3
    for user in range(1, sent + 11):
        citizen = unit.citizens.meet("bale", user, "سارا")
        part = answer(unit, taking_part.begin(unit, citizen, number), "no", 3)
        if user <= sent:
            taking_part.send(unit, citizen, part)
    row = surveys.close(unit, number, unit.staff.join("bale", 99, "editor", "مینا", None))

    assert poll_ends.end(unit, number)

    found = of(unit, number)
    assert (found.people, found.unsent) == (sent, 0)
    assert survey_drafts.answered(unit, row) == sent
    assert survey_answers._places(unit, row) == set()
