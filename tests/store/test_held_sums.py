"""Results of an anonymous survey while people answer it: whoever looks twice learns of ten people or of nobody."""

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from bot.errors import CitizenError
from bot.services import held_sums, poll_ends, results, survey_answers, surveys
from bot.services.results import Group, Results
from bot.services.tallying import FEWEST
from bot.store import Unit
from bot.store.responses import Count
from tests.store.test_results import of, take_part
from tests.store.test_taking_part import DAY_MS, PARK, asked

LIVES = ("doulab", "ahang", "")


def answered(unit: Unit, number: int, platform: str, lives: str) -> None:
    """One more has answered, as far as sums tell."""
    where = (platform, lives, 1)
    unit.responses.count(number, [Count("", "+", *where), Count("used", "+", *where), Count("used", "no", *where)])


def views(unit: Unit, number: int) -> Iterator[tuple[bool, Results]]:
    found = of(unit, number)
    yield False, found
    if found.takes_visitors:
        yield True, of(unit, number, with_visitors=True)


@pytest.mark.parametrize("seed", range(6))
def test_between_two_looks_ten_have_come_or_nobody(unit: Unit, seed: int) -> None:
    """Staff look after each answer, from the first to the end, while the job runs whenever it does."""
    chance = random.Random(seed)
    number = asked(unit, PARK, nameless=True)
    shown: dict[bool, list[tuple[int, int]]] = {False: [], True: []}
    for _ in range(chance.randint(25, 90)):
        answered(unit, number, chance.choice(("bale", "telegram", "bale", "web")), chance.choice(LIVES))
        if chance.random() < 0.4:
            held_sums.move_on(unit)
        for with_visitors, found in views(unit, number):
            assert found.held
            shown[with_visitors].append(seen(found))
    surveys.close(unit, number, unit.staff.join("bale", 99, "editor", "مینا", None))
    for with_visitors, found in views(unit, number):
        assert not found.held
        shown[with_visitors].append(seen(found))

    assert max(total for total, _ in shown[False]) >= 2 * FEWEST or seed, "something was shown meanwhile"
    for steps in shown.values():
        for (before, _), (after, _) in pairwise(steps):
            assert after == before or after - before >= FEWEST
        assert all(of_question in {0, total} for total, of_question in steps), "no answer stands there by half"


def seen(found: Results) -> tuple[int, int]:
    """How many are told about, and how many of them by the first question."""
    return (0 if found.few else found.total, found.asked[0].answered if found.asked else 0)


def test_what_is_shown_stays_ten_behind(unit: Unit) -> None:
    number = asked(unit, PARK, nameless=True)
    told = []
    for user in range(1, 35):
        take_part(unit, number, user, "no", 1)
        held_sums.move_on(unit)
        found = of(unit, number)
        told.append((found.people, 0 if found.few else found.total))

    assert [told[at] for at in (8, 9, 18, 19, 28, 29, 33)] == [
        (9, 0),
        (10, 0),
        (19, 0),
        (20, 10),
        (29, 10),
        (30, 20),
        (34, 20),
    ]


def test_while_it_is_open_nobody_is_shown_apart(unit: Unit) -> None:
    """No group, no single answer, and not where people stand: a branch would tell what they answered."""
    number = asked(unit, PARK, nameless=True)
    for user in range(1, 41):
        take_part(unit, number, user, "no", 1, lives="doulab")
        held_sums.move_on(unit)
    take_part(unit, number, 50, "yes")
    found, row = of(unit, number), surveys.find(unit, number)

    assert (found.total, found.groups, found.asked[1].left.left) == (30, {}, 0)
    assert not found.reads("bale")
    for group in (Group("platform", "bale"), Group("neighbourhood", "doulab")):
        with pytest.raises(CitizenError, match="held"):
            of(unit, number, group)
    with pytest.raises(CitizenError, match="held"):
        survey_answers.photos(unit, row)


def test_with_a_name_and_on_trial_everything_is_seen_at_once(unit: Unit) -> None:
    number = asked(unit, PARK)
    take_part(unit, number, 1, "no", 1)
    draft = unit.surveys.add(surveys.find(unit, asked(unit, PARK, nameless=True)).sheet, anonymous=True)
    assert draft is not None

    assert (of(unit, number).held, of(unit, number).total) == (False, 1)
    assert not of(unit, draft).held
    assert held_sums.move_on(unit) == 0


def test_what_is_told_at_the_end_is_of_all(unit: Unit) -> None:
    number = asked(unit, PARK, nameless=True, lasts_ms=DAY_MS)
    for user in range(1, 26):
        take_part(unit, number, user, "no", 1)
        held_sums.move_on(unit)
    assert of(unit, number).total == FEWEST
    surveys.close(unit, number, unit.staff.join("bale", 99, "editor", "مینا", None))
    assert poll_ends.end(unit, number)

    found = results.of(unit, surveys.find(unit, number))
    assert (found.total, found.asked[0].shares[1].count) == (25, 25)
