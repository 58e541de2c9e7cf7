"""An album is one message, however its parts arrive."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot import albums
from bot.incoming import Attachment, Incoming
from bot.loading import Loaded
from bot.models import RowState
from bot.store.inbox import Row
from tests import samples
from tests.botapi import BotApi, serve
from tests.citizen import Citizen, inbox_rows, settled, wait_until
from tests.post import fetched, with_post
from tests.process import Process, ended

pytestmark = pytest.mark.usefixtures("cleaned_here")

PICTURES = [samples.jpeg(shade=shade) for shade in (90, 120, 150)]


@pytest.fixture(scope="module")
def loaded(loaded: Loaded) -> Loaded:
    return with_post(loaded)


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


@pytest.fixture(autouse=True)
def no_first_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the rest of an album waits for after a start; the last test of a service below has it."""
    monkeypatch.setattr("bot.switchboard.FIRST_POLL_SECONDS", 0.0)


async def told(sara: Citizen) -> list[str]:
    """What the bot said, when all is dealt with."""
    await settled(sara.app, sara.api)
    return [seen.text.strip() for seen in sara.api.seen(sara.user_id) if seen.text]


async def test_the_parts_reach_the_step_as_one_turn_in_their_order(sara: Citizen) -> None:
    sara.api.send_album(sara.user_id, PICTURES, caption="/keep")

    assert await told(sara) == ["۳ پرونده: /keep"]
    sent = [part["source"] for part in await fetched(sara.app)]
    assert sent == [largest(row) for row in await inbox_rows(sara.app)]


def largest(row: dict[str, Any]) -> str:
    photo: list[dict[str, str]] = json.loads(row["raw"])["message"]["photo"]
    return photo[-1]["file_id"]


async def test_parts_that_come_one_after_another_are_waited_for(sara: Citizen) -> None:
    await sara.api.send_album_slowly(sara.user_id, PICTURES, caption="/keep", seconds=0.3)

    assert await told(sara) == ["۳ پرونده: /keep"]


async def test_what_is_written_around_an_album_keeps_its_place(sara: Citizen) -> None:
    await sara.send("/keep")
    sara.api.send_album(sara.user_id, PICTURES[:2])
    sara.api.say(sara.user_id, "/keep")
    sara.api.send_photo(sara.user_id, PICTURES[2])

    assert await told(sara) == ["بفرستید.", "۲ پرونده:", "بفرستید.", "۱ پرونده:"]


async def test_two_albums_are_two_turns(sara: Citizen) -> None:
    for size in (2, 3):
        sara.api.send_album(sara.user_id, PICTURES[:size], caption="/keep")

    assert await told(sara) == ["۲ پرونده: /keep", "۳ پرونده: /keep"]


async def test_an_album_longer_than_a_claim_is_one_turn(sara: Citizen) -> None:
    for _ in range(7):
        sara.api.say(sara.user_id, "/help")
    sara.api.send_album(sara.user_id, PICTURES * 3 + PICTURES[:1], caption="/keep")

    assert (await told(sara))[-1] == "۱۰ پرونده: /keep"


async def test_a_part_that_arrives_while_the_chat_is_worked_on_belongs_to_it(sara: Citizen) -> None:
    for _ in range(3):
        sara.api.say(sara.user_id, "/help")
    await sara.api.send_album_slowly(sara.user_id, PICTURES, caption="/keep", seconds=0.05)
    sara.api.say(sara.user_id, "/keep")

    assert (await told(sara))[-2:] == ["۳ پرونده: /keep", "بفرستید."]


async def test_a_part_that_cannot_be_read_is_set_aside_and_the_others_are_an_album(sara: Citizen) -> None:
    numbers = sara.api.send_album(sara.user_id, PICTURES, caption="/keep")
    waiting = sara.api.updates.waiting
    assert len(waiting) == 3
    broken = {"update_id": numbers[-1] + 1, "message": json.loads(waiting[1][1])["message"] | {"date": "never"}}
    sara.api.push(broken)

    assert await told(sara) == ["۳ پرونده: /keep"]
    states = [row["state"] for row in await inbox_rows(sara.app)]
    assert states == [RowState.DONE] * 3 + [RowState.SET_ASIDE]


async def test_an_album_whose_turn_fails_is_set_aside_whole(sara: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.switchboard.PAUSES_MS", (1, 1))
    monkeypatch.setattr("bot.flow.Turn.keep", lambda _: 1 / 0)
    sara.api.send_album(sara.user_id, PICTURES, caption="/keep")

    (apology,) = await told(sara)
    assert "ببخشید" in apology
    assert [row["state"] for row in await inbox_rows(sara.app)] == [RowState.SET_ASIDE] * 3


async def test_an_album_sent_twice_is_handled_once(sara: Citizen) -> None:
    sara.api.send_album(sara.user_id, PICTURES, caption="/keep")
    await told(sara)
    sara.api.faults.duplicate_next_updates(3)
    await sara.send("/keep")

    assert await told(sara) == ["۳ پرونده: /keep", "بفرستید."]


@pytest.mark.crash
async def test_an_album_survives_the_end_of_the_process_between_its_parts(tmp_path: Path) -> None:
    api = BotApi("telegram", token="100:TEST")
    async with serve(api) as url:
        settings = {"telegram__token": api.token, "telegram__api_url": url, "media__folder": str(tmp_path / "media")}
        process = Process(tmp_path / "hamyar14.db", tmp_path / "log", **settings)
        async with ended(process):
            await process.start()
            await process.ready()
            slowly = asyncio.create_task(api.send_album_slowly(501, PICTURES, seconds=0.4))
            await wait_until(lambda: process.rows("SELECT 1 FROM inbox"))
            await process.kill()
            await process.start()
            await process.ready()
            await slowly
            await wait_until(lambda: process.rows("SELECT count(*) FROM inbox WHERE state = 1") == [(3,)])
            api.say(501, "/help")
            await wait_until(lambda: any("از من برمی‌آید:" in seen.text for seen in api.seen(501)))

    texts = [seen.text for seen in api.seen(501)]
    assert sum("فعلاً فقط نوشته" in text for text in texts) == 1, texts


# Without a service


def row(number: int, received_at: int) -> Row:
    return Row(number, 100, number, "{}", 0, "a", received_at)


@pytest.mark.parametrize(
    ("times", "now", "wait"),
    [
        ([0], 0, 1000),
        ([0, 400], 900, 500),
        ([0], 1000, 0),
        ([0, 4800], 4900, 100),
        ([0, 5100], 5100, 0),
        ([0] * albums.MOST_PARTS, 0, 0),
        ([], 0, 0),
    ],
)
def test_how_long_more_parts_are_waited_for(times: list[int], now: int, wait: int) -> None:
    assert albums._wait_ms([row(number, time) for number, time in enumerate(times)], now) == wait


def test_the_words_of_an_album_may_stand_under_any_part() -> None:
    def part(text: str, source: str) -> Incoming:
        file = Attachment("photo", source)
        return Incoming("telegram", 1, 1, None, private=True, kind="photo", text=text, files=(file,))

    found = albums.joined([part("", "a"), part("چاله", "b"), part("", "c")])

    assert isinstance(found, Incoming)
    assert (found.text, [file.source for file in found.files]) == ("چاله", ["a", "b", "c"])
    assert albums.joined([]) is None
