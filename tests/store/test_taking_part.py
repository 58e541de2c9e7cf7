"""Taking part in a survey, without any conversation: what is kept, what counts, and what nobody can find again."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.errors import CitizenError
from bot.incoming import Attachment
from bot.models import AnnouncementState, answer_counts, participants, responses
from bot.services import counting, poll_ends, surveys, taking_part
from bot.services.questionnaire import Value
from bot.services.surveys import Stage
from bot.services.taking_part import Ballot, Part
from bot.store import Unit
from bot.store.announcements import NewAnnouncement
from bot.store.citizens import Citizen
from bot.store.responses import Count
from tests.polling import POLL
from tests.store.conftest import Time

PARK: dict[str, Any] = {
    "survey": {"title": "بوستان", "intro": "چند سؤال کوتاه.", "thanks": "ممنون.", "anonymous": False},
    "question": [
        {
            "id": "used",
            "kind": "one",
            "text": "رفته‌اید؟",
            "options": [{"id": "yes", "label": "بله"}, {"id": "no", "label": "نه"}],
        },
        {
            "id": "why",
            "kind": "many",
            "text": "چرا؟",
            "options": [{"id": "walk", "label": "پیاده‌روی"}, {"id": "play", "label": "بازی"}],
            "show_if": [{"question": "used", "any": ["yes"]}],
        },
        {"id": "visits", "kind": "number", "text": "چند بار؟", "least": 0, "most": 9, "required": False},
    ],
}
DAY_MS = 24 * 3600 * 1000


def asked(unit: Unit, tables: dict[str, Any], *, nameless: bool = False, lasts_ms: int | None = None) -> int:
    """A survey that is open; its number."""
    about = tables["survey"] | {"anonymous": nameless}
    number = unit.surveys.add(json.dumps(tables | {"survey": about}), anonymous=nameless, lasts_ms=lasts_ms)
    made = unit.announcements.add(
        NewAnnouncement(
            AnnouncementState.PLANNED, "", urgent=False, content="{}", audience="{}", fingerprint="", due_at=unit.now
        )
    )
    assert number is not None
    assert made is not None
    unit.surveys.ask(number, made)
    unit.announcements.begin(made)
    return number


@pytest.fixture
def connection(unit: Unit) -> Connection:
    return unit.surveys._connection


def met(unit: Unit, platform: str = "telegram", user_id: int = 7) -> Citizen:
    return unit.citizens.meet(platform, user_id, "سارا")


def answer(unit: Unit, part: Part, *values: Value | None) -> Part:
    for value in values:
        question = part.at
        assert question is not None
        part = taking_part.give(unit, part, question, value)
    return part


def sums(unit: Unit, number: int) -> dict[tuple[str, str], int]:
    """By question and value, on all platforms."""
    total: Counter[tuple[str, str]] = Counter()
    for one in unit.responses.counts(number):
        total[one.question, one.value] += one.count
    return dict(total)


def recounted(unit: Unit, number: int) -> dict[tuple[str, str], int]:
    """The same from the responses themselves."""
    row = surveys.find(unit, number)
    total: Counter[tuple[str, str]] = Counter()
    for response in unit.responses.page(number, 0, 1000):
        for one in counting.counts(surveys.sheet(row), response):
            total[one.question, one.value] += one.count
    return dict(total)


def key(error: pytest.ExceptionInfo[CitizenError]) -> str:
    return error.value.key


def test_answers_are_kept_until_they_are_sent_and_count_then(unit: Unit) -> None:
    sara = met(unit)
    number = asked(unit, PARK)
    part = answer(unit, taking_part.begin(unit, sara, number), "yes", ("walk", "play"))

    assert sums(unit, number) == {}
    again = taking_part.begin(unit, sara, number)
    assert again.at == part.at
    assert again.at is not None
    assert again.at.id == "visits"
    assert unit.participants.left(number) == {("visits", "telegram"): 1}

    taking_part.send(unit, sara, answer(unit, again, 3))

    assert sums(unit, number) == recounted(unit, number)
    assert sums(unit, number) == {
        ("", "+"): 1,
        ("used", "+"): 1,
        ("used", "yes"): 1,
        ("why", "+"): 1,
        ("why", "walk"): 1,
        ("why", "play"): 1,
        ("visits", "+"): 1,
        ("visits", "3"): 1,
    }
    assert unit.participants.left(number) == {}
    with pytest.raises(CitizenError) as error:
        taking_part.begin(unit, sara, number)
    assert key(error) == "answered"


def test_what_is_not_finished_is_not_sent(unit: Unit) -> None:
    sara = met(unit)
    part = answer(unit, taking_part.begin(unit, sara, asked(unit, PARK)), "no")

    with pytest.raises(CitizenError) as error:
        taking_part.send(unit, sara, part)

    assert key(error) == "unfinished"


def test_a_change_counts_once_it_is_sent(unit: Unit) -> None:
    sara = met(unit)
    number = asked(unit, PARK)
    taking_part.send(unit, sara, answer(unit, taking_part.begin(unit, sara, number), "yes", ("walk",), 3))
    before = sums(unit, number)

    part = taking_part.change(unit, sara, number)
    part = taking_part.give(unit, part, part.survey.find("used"), "no")

    assert sums(unit, number) == before
    assert part.at is None  # the question for those who said yes is off the path
    taking_part.send(unit, sara, part)
    assert sums(unit, number) == recounted(unit, number)
    assert sums(unit, number)["used", "no"] == 1
    assert ("used", "yes") not in sums(unit, number)
    assert ("why", "+") not in sums(unit, number)
    assert sums(unit, number)["", "+"] == 1


def test_a_vote_is_changed_by_the_next_one(unit: Unit) -> None:
    sara, ali = met(unit), met(unit, "web", 8)
    number = asked(unit, POLL)
    ballot = Ballot.of(surveys.find(unit, number))

    for citizen, option in ((sara, "yes"), (sara, "yes"), (ali, "yes"), (sara, "no")):
        taking_part.vote(unit, citizen, ballot, option)

    assert {(one.question, one.value, one.platform): one.count for one in unit.responses.counts(number)} == {
        ("", "+", "telegram"): 1,
        ("", "+", "web"): 1,
        ("swing", "+", "telegram"): 1,
        ("swing", "+", "web"): 1,
        ("swing", "no", "telegram"): 1,
        ("swing", "yes", "web"): 1,
    }


def test_without_a_name_nothing_leads_back(unit: Unit, connection: Connection) -> None:
    sara = met(unit)
    number = asked(unit, PARK, nameless=True)
    part = answer(unit, taking_part.begin(unit, sara, number), "no", 9)

    taking_part.send(unit, sara, part)

    (who,) = connection.execute(select(participants)).mappings()
    (what,) = connection.execute(select(responses)).mappings()
    assert (who["answers"], who["token"], who["next"]) == (None, None, None)
    assert who["sent_at"] == who["began_at"]
    assert (who["sent_at"] + timedelta(hours=3.5) // timedelta(milliseconds=1)) % DAY_MS == 0
    assert set(what) == {"survey_id", "token", "platform", "neighbourhood", "day", "answers"}
    assert not {sara.id, sara.user_id} & set(what.values()) - {number}
    for again in (taking_part.begin, taking_part.change):
        with pytest.raises(CitizenError):
            again(unit, sara, number)


def test_without_a_name_the_day_of_an_answer_is_kept_nowhere(unit: Unit, connection: Connection, clock: Time) -> None:
    """Of those who live in one place few answer on one day; and whoever knows when a neighbour did would find it."""
    number = asked(unit, POLL, nameless=True)
    ballot = Ballot.of(surveys.find(unit, number))
    for user in (1, 2, 3):
        taking_part.vote(unit, met(unit, user_id=user), ballot, "yes")
        clock.go_on(DAY_MS)
        unit.__dict__.pop("now")

    assert len({row["day"] for row in connection.execute(select(responses)).mappings()}) == 1
    rows = connection.execute(select(participants)).mappings().all()
    assert len({(row["began_at"], row["sent_at"]) for row in rows}) == 1


def photo(unit: Unit) -> str:
    return unit.files.want("telegram", 7, Attachment("photo", "AgAC")).key


def test_a_photo_that_is_taken_back_is_not_kept(unit: Unit) -> None:
    tables = PARK | {"question": [{"id": "picture", "kind": "photo", "text": "عکس؟", "required": False}]}
    nameless, named = asked(unit, tables, nameless=True, lasts_ms=DAY_MS), asked(unit, tables)
    sara, (first, second, third, fourth) = met(unit), (photo(unit) for _ in range(4))
    part = answer(unit, taking_part.begin(unit, sara, nameless), first)
    taking_part.give(unit, part, part.survey.questions[0], second)
    part = taking_part.send(unit, sara, answer(unit, taking_part.begin(unit, sara, named), third))
    part = taking_part.change(unit, sara, named)
    part = taking_part.give(unit, part, part.survey.questions[0], fourth)
    assert set(unit.files.find([first, second, third, fourth])) == {second, third, fourth}

    taking_part.send(unit, sara, part)
    surveys.close(unit, nameless, unit.staff.join("telegram", 9, "editor", "مینا", None))
    assert poll_ends.end(unit, nameless)

    assert set(unit.files.find([first, second, third, fourth])) == {fourth}


def test_photos_of_a_trial_go_with_it(unit: Unit) -> None:
    """Those that were sent and those that were not."""
    tables = PARK | {"question": [{"id": "picture", "kind": "photo", "text": "عکس؟"}]}
    number = unit.surveys.add(json.dumps(tables), anonymous=False)
    assert number is not None
    mina, omid = [unit.staff.join("telegram", user, "editor", None, None) for user in (7, 8)]
    sent, left, others = (photo(unit) for _ in range(3))
    part = answer(unit, taking_part.begin(unit, met(unit, user_id=mina.user_id), number), sent)
    taking_part.send(unit, met(unit, user_id=mina.user_id), part)
    answer(unit, taking_part.begin(unit, met(unit, user_id=omid.user_id), number), left)

    surveys.wipe(unit, surveys.find(unit, number))

    assert set(unit.files.find([sent, left, others])) == {others}
    assert (unit.responses.page(number, 0, 9), sums(unit, number)) == ([], {})


def test_a_point_without_a_name_is_rough(unit: Unit) -> None:
    sara = met(unit)
    tables = PARK | {"question": [{"id": "where", "kind": "place", "text": "کجا؟"}]}
    part = answer(unit, taking_part.begin(unit, sara, asked(unit, tables, nameless=True)), (35.68123, 51.46789))

    assert part.answers == {"where": (35.681, 51.468)}


def test_after_its_time_nothing_counts(unit: Unit, clock: Time) -> None:
    sara = met(unit)
    number = asked(unit, POLL, lasts_ms=DAY_MS)
    ballot = Ballot.of(surveys.find(unit, number))
    part = taking_part.begin(unit, sara, number)
    part = answer(unit, part, "yes")
    clock.go_on(DAY_MS)
    unit.__dict__.pop("now")  # read once a transaction

    assert surveys.stage(surveys.find(unit, number), unit.now) is Stage.CLOSED
    late_ones: tuple[Callable[[], object], ...] = (
        lambda: taking_part.send(unit, sara, part),
        lambda: taking_part.vote(unit, sara, ballot, "yes"),
        lambda: taking_part.begin(unit, sara, number),
        lambda: taking_part.find(unit, sara, ballot),
    )
    for late in late_ones:
        with pytest.raises(CitizenError) as error:
            late()
        assert key(error) == "closed"
    assert sums(unit, number) == {}


def test_a_button_of_other_questions_does_not_count(unit: Unit) -> None:
    sara = met(unit)
    number = asked(unit, POLL)
    old = Ballot.of(surveys.find(unit, number))
    unit.surveys.rewrite(number, json.dumps(POLL | {"survey": POLL["survey"] | {"title": "سرسره"}}), anonymous=False)

    with pytest.raises(CitizenError) as error:
        taking_part.vote(unit, sara, old, "yes")

    assert key(error) == "edited"


def test_a_draft_is_for_staff_and_wiped_when_it_is_published(unit: Unit) -> None:
    sara = met(unit)
    number = unit.surveys.add(json.dumps(POLL), anonymous=False)
    assert number is not None
    with pytest.raises(CitizenError) as error:
        taking_part.begin(unit, sara, number)
    assert key(error) == "not_yet"
    unit.staff.join("telegram", 7, "editor", "سارا", None)
    taking_part.vote(unit, sara, Ballot.of(surveys.find(unit, number)), "no")
    made = unit.announcements.add(
        NewAnnouncement(
            AnnouncementState.PLANNED, "", urgent=False, content="{}", audience="{}", fingerprint="", due_at=unit.now
        )
    )
    assert made is not None

    surveys.publish(unit, number, made, unit.staff.all()[0])

    assert sums(unit, number) == {}
    assert surveys.stage(surveys.find(unit, number), unit.now) is Stage.PLANNED
    assert not taking_part.has_sent(unit, sara, number)


def test_what_is_not_finished_is_not_published(unit: Unit) -> None:
    mina = unit.staff.join("telegram", 7, "editor", "مینا", None)
    number = unit.surveys.add(json.dumps(PARK | {"question": []}), anonymous=False)
    assert number is not None

    with pytest.raises(CitizenError) as error:
        surveys.publish(unit, number, 1, mina)

    assert key(error) == "unfinished"
    assert surveys.stage(surveys.find(unit, number), unit.now) is Stage.DRAFT


def test_buttons_are_read_as_they_are_written() -> None:
    ballot = Ballot(12, "1f3e", 5, (4, 2))

    assert taking_part.ballot(str(ballot)) == ballot
    for forged in ("", "12", "12.1f3e", "x.1f3e.0", "12.1f3e.y", "12.1f3e.0.-1", "12.1f3e.0.²", "9" * 30 + ".1f3e.0"):
        with pytest.raises(CitizenError):
            taking_part.ballot(forged)


def test_sums_of_nobody_are_not_told(unit: Unit, connection: Connection) -> None:
    number = asked(unit, POLL)
    unit.responses.count(number, [Count("swing", "yes", "telegram", "", 1), Count("swing", "yes", "telegram", "", -1)])

    assert unit.responses.counts(number) == []
    assert len(connection.execute(select(answer_counts)).all()) == 1
