"""How a survey ends: once, whole or not at all, and with a word to everybody who answered; and one reminder before."""

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import scheduler
from bot import config
from bot.models import AnnouncementState, announcements, files, outbox, participants, surveys
from bot.services import open_surveys, poll_ends, staff, taking_part
from bot.services.audiences import Audience
from bot.services.pictures import NOBODYS
from bot.services.staff import Role
from bot.services.surveys import find
from bot.services.taking_part import Ballot
from bot.store import Store, Unit
from bot.store.citizens import Citizen
from tests.citizen import rows_of
from tests.conftest import BOTH_ENGINES, FakeClock
from tests.polling import DAY_MS, FAIR, HOUR_MS, POLL, answered, opened, voted

MINA, BOSS = 901, 902
MINUTE_MS = 60_000
Run = Callable[[], Coroutine[Any, Any, dict[str, int]]]


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def store(database: str, clock: FakeClock) -> AsyncIterator[Store]:
    """With an editor, who is the first of the staff, and a manager."""
    found = Store(database, clock)

    def hire(unit: Unit) -> None:
        roles: dict[int, Role] = {MINA: "editor", BOSS: "manager"}
        for number, role in roles.items():
            code = staff.invite(unit, role)
            staff.join(unit, Citizen(number, "bale", number, "همکار", 0), code)

    await found.write(hire)
    yield found
    await found.close()


@pytest.fixture
def run(store: Store, tmp_path: Path) -> Run:
    settings = config.load(media={"folder": str(tmp_path / "media")})
    return partial(scheduler.mind_surveys, store, settings)


async def passes(store: Store, millis: int) -> None:
    """All that was asked began so much earlier: the clock of PostgreSQL is nobody's to move."""
    older = update(announcements).values(began_at=announcements.c.began_at - millis)
    await store.write(lambda unit: unit.surveys._connection.execute(older))


async def made(store: Store, what: str = "result") -> list[dict[str, Any]]:
    rows = await store.read(lambda unit: rows_of(unit, announcements))
    return [row for row in rows if (row["key"] or "").endswith(f":{what}")]


def said(body: str) -> str:
    return "".join(text for _, text, *_ in json.loads(body)["text"])


def text_of(row: dict[str, Any]) -> str:
    return "".join(part[1] for part in json.loads(row["content"])["text"])


async def told(store: Store, chat: int) -> list[str]:
    rows = await store.read(lambda unit: rows_of(unit, outbox))
    return [row["body"] for row in rows if row["chat_id"] == chat]


async def test_a_poll_ends_at_its_time_once_and_everybody_who_answered_is_told(store: Store, run: Run) -> None:
    number = await store.write(lambda unit: opened(unit, POLL, lasts_ms=DAY_MS, made_by=1))
    await store.write(lambda unit: voted(unit, number, 130, 85))
    await store.write(lambda unit: voted(unit, number, 1, 3, platform="web", first=5000))
    await passes(store, DAY_MS - MINUTE_MS)
    early = await run()
    await passes(store, MINUTE_MS)
    counts = [await run() for _ in range(3)]

    assert [early["ended"], *(one["ended"] for one in counts)] == [0, 1, 0, 0]
    (row,) = await made(store)
    text = text_of(row)
    assert "شما و ۲۱۴ همسایه‌تان جواب دادید" in text
    assert "بله\n▓▓▓▓▓▓░░░░ ۶۰٪ · ۱۳۰ نفر" in text
    assert Audience.from_json(row["audience"]) == Audience(answered=number)
    assert (row["state"], row["topic"], row["key"]) == (AnnouncementState.PLANNED, "sport", f"survey:{number}:result")
    assert row["until"] - row["due_at"] == 3 * DAY_MS
    (key,) = json.loads(row["content"])["files"]
    (picture,) = await store.read(lambda unit: rows_of(unit, files))
    assert (picture["key"], picture["kind"], picture["platform"], picture["chat_id"]) == (key, "photo", *NOBODYS)
    (body,) = await told(store, MINA)
    assert f"survey_results:show:{number}" in body
    assert "جواب‌دهنده‌ها: ۲۱۵ نفر. از صفحه گفت‌وگو ۴ جواب رسید. نتیجه برای" in said(body)
    assert await told(store, BOSS) == []


async def test_a_survey_tells_its_first_three_questions(store: Store, run: Run) -> None:
    def take_part(unit: Unit) -> int:
        number = opened(unit, FAIR, lasts_ms=DAY_MS)
        for user in range(3):
            answered(unit, number, user + 1, "yes", ("food",), 4, 2, None, None, None)
        answered(unit, number, 9, "no", 2, 3, None, None, None)
        return number

    number = await store.write(take_part)
    await passes(store, DAY_MS)
    await run()

    (row,) = await made(store)
    assert row["key"] == f"survey:{number}:result"
    text = text_of(row)
    assert "آمدید؟\nبیشتر از همه: «بله» (۷۵٪)" in text
    assert "«=آش» (۱۰۰٪)" in text
    assert "میانگین: ۳٫۵ از ۵" in text
    assert "چند نفر" not in text
    assert len(await told(store, BOSS)) == 1  # nobody made it who is still here


@pytest.mark.parametrize(
    ("count", "words"), [(1, "فقط شما جواب دادید"), (2, "شما و یک همسایه‌تان"), (3, "شما و ۲ همسایه‌تان")]
)
async def test_few_are_told_so(store: Store, run: Run, count: int, words: str) -> None:
    number = await store.write(lambda unit: opened(unit, POLL, lasts_ms=DAY_MS))
    await store.write(lambda unit: voted(unit, number, count, 0))
    await passes(store, DAY_MS)
    await run()

    assert words in text_of((await made(store))[0])


async def test_visitors_alone_are_told_of_themselves(store: Store, run: Run) -> None:
    number = await store.write(lambda unit: opened(unit, POLL, lasts_ms=DAY_MS))
    await store.write(lambda unit: voted(unit, number, 2, 0, platform="web"))
    await passes(store, DAY_MS)
    await run()

    text = text_of((await made(store))[0])
    assert "در صفحه گفت‌وگو ۲ جواب رسید" in text
    assert "۱۰۰٪ · ۲ نفر" in text
    (body,) = await told(store, BOSS)
    assert "بسته شد. از صفحه گفت‌وگو ۲ جواب رسید. نتیجه برای" in said(body)


async def test_of_what_nobody_answered_its_editor_alone_is_told(store: Store, run: Run) -> None:
    await store.write(lambda unit: opened(unit, POLL, lasts_ms=DAY_MS, made_by=1))
    await passes(store, DAY_MS)
    await run()

    assert await made(store) == []
    (body,) = await told(store, MINA)
    assert "کسی جواب نداد" in said(body)


async def test_one_beside_visitors_is_not_told_to_be_alone(store: Store, run: Run) -> None:
    """They get the same words as the visitors."""
    number = await store.write(lambda unit: opened(unit, POLL, lasts_ms=DAY_MS))
    await store.write(lambda unit: voted(unit, number, 1, 0))
    await store.write(lambda unit: voted(unit, number, 1, 2, platform="web", first=5000))
    await passes(store, DAY_MS)
    await run()

    text = text_of((await made(store))[0])
    assert "یک نفر در پیام‌رسان جواب داد و در صفحه گفت‌وگو هم ۳ جواب رسید" in text
    assert "فقط شما" not in text


async def test_of_visitors_alone_the_editor_is_told_so_and_equal_answers_are_called_equal(
    store: Store, run: Run
) -> None:
    def take_part(unit: Unit) -> None:
        number = opened(unit, FAIR, lasts_ms=DAY_MS, made_by=1)
        answered(unit, number, 1, "yes", ("food",), None, None, None, None, None, platform="web")
        answered(unit, number, 2, "no", None, None, None, None, None, platform="web")

    await store.write(take_part)
    await passes(store, DAY_MS)
    await run()

    text = text_of((await made(store))[0])
    assert "آمدید؟\nبیشتر از همه، به یک اندازه: «بله»، «نه» (هر کدام ۵۰٪)" in text
    (body,) = await told(store, MINA)
    said = json.loads(body)["text"]
    assert "از صفحه گفت‌وگو ۲ جواب رسید" in "".join(span[1] for span in said)
    assert "نفر" not in "".join(span[1] for span in said)


async def test_without_a_name_few_see_nothing_and_partial_answers_are_dropped(store: Store, run: Run) -> None:
    number = await store.write(lambda unit: opened(unit, FAIR, nameless=True, lasts_ms=DAY_MS))
    await store.write(lambda unit: answered(unit, number, 1, "no", 5, 3, None, None, None))
    await store.write(lambda unit: answered(unit, number, 2, "yes"))
    await passes(store, DAY_MS)
    await run()

    (row,) = await made(store)
    assert "تا کسی شناخته نشود" in text_of(row)
    assert "آمدید" not in text_of(row)
    assert json.loads(row["content"])["files"] == []
    (body,) = await told(store, BOSS)
    assert "جواب‌دهنده‌ها: ۱ نفر. چون نظرسنجی بی‌نام بود" in said(body)
    (left,) = await store.read(lambda unit: rows_of(unit, participants))
    assert left["sent_at"] is not None


async def test_what_was_not_sent_is_dropped_bit_by_bit_and_counted_once(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll_ends, "DROPPED_AT_ONCE", 2)
    number = await store.write(lambda unit: opened(unit, FAIR, nameless=True, lasts_ms=DAY_MS))
    named = await store.write(lambda unit: opened(unit, FAIR, lasts_ms=DAY_MS))
    for user in range(1, 8):
        await store.write(lambda unit, user=user: answered(unit, number, user, *["no"] * (user > 2)))  # type: ignore[misc]  # mypy gives a lambda's default no type
        await store.write(lambda unit, user=user: answered(unit, named, user))  # type: ignore[misc]  # mypy gives a lambda's default no type
    drop = partial(poll_ends.drop_unsent, number=number)
    assert await store.write(drop) == 0, "it is still open"
    await passes(store, DAY_MS)
    assert await store.write(drop) == 2
    assert await store.write(partial(poll_ends.drop_unsent, number=named)) == 0

    await run()

    left = await store.read(
        lambda unit: {(one.question, one.value): one.count for one in unit.responses.counts(number)}
    )
    assert left == {("came", ">"): 2, ("liked", ">"): 5}
    kept = await store.read(lambda unit: rows_of(unit, participants))
    assert [row["survey_id"] for row in kept] == [named] * 7


async def test_what_is_cut_off_is_done_whole_by_the_next_run(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await store.write(lambda unit: opened(unit, POLL, lasts_ms=DAY_MS, nameless=True, made_by=1))
    await store.write(lambda unit: voted(unit, number, 12, 3))
    other = await store.write(lambda unit: opened(unit, POLL, lasts_ms=DAY_MS))
    await passes(store, DAY_MS)

    def die(unit: Unit, row: Any, _found: object) -> None:  # noqa: ANN401 - a row
        if row.id == number:
            raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(poll_ends, "_tell_editor", die)
        with pytest.raises(RuntimeError, match="killed"):
            await run()
    rows = {row["id"]: row["closed_at"] for row in await store.read(lambda unit: rows_of(unit, surveys))}
    assert rows[number] is None
    assert rows[other] is not None  # it holds up no other
    assert await made(store) == []
    assert await store.read(lambda unit: rows_of(unit, files)) == []

    assert (await run())["ended"] == 1
    assert len(await made(store)) == 1
    assert len(await told(store, MINA)) == 1


async def test_it_goes_without_a_picture_where_none_can_be_drawn(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(scheduler, "draw", fail)
    number = await store.write(lambda unit: opened(unit, POLL, lasts_ms=DAY_MS))
    await store.write(lambda unit: voted(unit, number, 3, 1))
    await passes(store, DAY_MS)

    assert (await run())["ended"] == 1
    (row,) = await made(store)
    assert json.loads(row["content"])["files"] == []


async def test_what_was_extended_meanwhile_stays_open_and_old_pictures_are_not_used(store: Store) -> None:
    number = await store.write(lambda unit: opened(unit, POLL, lasts_ms=DAY_MS))
    await store.write(lambda unit: voted(unit, number, 3, 1))
    seen = await store.read(lambda unit: poll_ends.outcome(unit, number))
    assert seen is not None
    await store.write(lambda unit: voted(unit, number, 0, 1, first=9))
    assert not await store.write(lambda unit: poll_ends.end(unit, number, (seen, [])))  # still open
    await passes(store, DAY_MS)
    assert await store.write(lambda unit: poll_ends.end(unit, number, (seen, [None])))  # type: ignore[list-item]  # what cannot be written down

    assert "۴ همسایه" in text_of((await made(store))[0])


async def test_after_the_end_nobody_is_asked_nor_reminded_and_no_vote_counts(store: Store, run: Run) -> None:
    number = await store.write(lambda unit: opened(unit, POLL, lasts_ms=DAY_MS))
    await passes(store, DAY_MS - 3 * HOUR_MS)
    await run()
    await passes(store, 3 * HOUR_MS)
    await run()

    rows = await store.read(lambda unit: rows_of(unit, announcements))
    assert {row["state"] for row in rows} == {AnnouncementState.CANCELLED}
    assert len(rows) == 2

    def vote(unit: Unit) -> str:
        ballot = Ballot.of(find(unit, number))
        try:
            taking_part.vote(unit, unit.citizens.meet("bale", 5, None), ballot, "yes")
        except Exception as error:  # noqa: BLE001 - told by its key
            return str(getattr(error, "key", error))
        return ""

    assert await store.write(vote) == "closed"


@pytest.mark.parametrize(
    ("lasts", "at", "reminded"),
    [
        (8 * DAY_MS, 7 * DAY_MS - MINUTE_MS, 0),
        (8 * DAY_MS, 7 * DAY_MS, 1),
        (8 * HOUR_MS, 6 * HOUR_MS - MINUTE_MS, 0),
        (8 * HOUR_MS, 6 * HOUR_MS, 1),
        (8 * HOUR_MS, 7 * HOUR_MS - MINUTE_MS, 1),
        (8 * HOUR_MS, 7 * HOUR_MS, 0),  # it closes within the hour
        (5 * HOUR_MS, 4 * HOUR_MS - MINUTE_MS, 0),  # so short that nobody has forgotten it
    ],
)
async def test_a_reminder_goes_once_and_not_at_the_last_moment(
    store: Store, run: Run, lasts: int, at: int, reminded: int
) -> None:
    number = await store.write(lambda unit: opened(unit, FAIR, lasts_ms=lasts))
    await passes(store, at)
    counts = [await run(), await run()]

    assert [one["reminded"] for one in counts] == [reminded, 0]
    if reminded:
        (row,) = await made(store, "remind")
        wanted = Audience(platforms=("bale", "telegram"), neighbourhoods=("doulab",), unanswered=number)
        assert Audience.from_json(row["audience"]) == wanted
        assert row["topic"] == "sport"
        (button,) = json.loads(row["content"])["buttons"]
        assert (button["kind"], button["target"]) == ("survey", str(number))


async def test_a_poll_is_reminded_of_with_its_answers_and_only_where_that_is_wanted(store: Store, run: Run) -> None:
    number, quiet = await store.write(lambda unit: (opened(unit, POLL), opened(unit, POLL)))
    await store.write(
        lambda unit: unit.surveys.set(quiet, shows=False, reminds=False, closes_at=None, lasts_ms=4 * DAY_MS)
    )
    await passes(store, 3 * DAY_MS + HOUR_MS)
    await run()

    (row,) = await made(store, "remind")
    assert row["key"] == f"survey:{number}:remind"
    buttons = json.loads(row["content"])["buttons"]
    assert [(one["kind"], one["label"]) for one in buttons] == [("vote", "بله"), ("vote", "نه")]
    assert taking_part.ballot(buttons[1]["target"]).rest == (1,)


@pytest.mark.parametrize("nameless", [True, False])
async def test_a_reminder_says_that_a_vote_without_a_name_stays(store: Store, run: Run, *, nameless: bool) -> None:
    await store.write(lambda unit: opened(unit, POLL, nameless=nameless))
    await passes(store, 3 * DAY_MS + HOUR_MS)
    await run()

    (row,) = await made(store, "remind")
    assert ("پس از زدن دکمه عوض نمی‌شود" in text_of(row)) is nameless


async def test_one_that_this_version_cannot_read_stops_no_other(store: Store, run: Run) -> None:
    spoilt = FAIR | {"question": [FAIR["question"][0] | {"kind": "song"}]}
    for tables in (spoilt, FAIR, spoilt):
        await store.write(lambda unit, tables=tables: opened(unit, tables, nameless=True, lasts_ms=2 * DAY_MS))  # type: ignore[misc]  # mypy gives a lambda's default no type
    await passes(store, 36 * HOUR_MS)

    assert (await run())["reminded"] == 1
    sara = await store.write(lambda unit: unit.citizens.meet("bale", 1, "سارا"))
    await store.write(lambda unit: unit.choices.live_in(sara.id, "doulab"))
    asked = await store.read(lambda unit: open_surveys.asked(unit, sara, live=True))
    assert len(asked) == 1
    await passes(store, DAY_MS)
    assert (await run())["ended"] == 3


async def test_a_survey_whose_announcement_was_cancelled_is_not_reminded_of(store: Store, run: Run) -> None:
    await store.write(lambda unit: opened(unit, POLL))
    stopped = update(announcements).values(state=AnnouncementState.CANCELLED)
    await store.write(lambda unit: unit.surveys._connection.execute(stopped))
    await passes(store, 3 * DAY_MS + HOUR_MS)

    assert (await run())["reminded"] == 0
