"""Being told of changes, over real connections."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.clock import Clock
from tests.citizen import PATIENCE, wait_until
from tests.outage import away
from tests.web.site import Place, open_place, served
from tests.web.test_messages import send
from web import chat, streams

Event = tuple[str, Any, int]


@pytest.fixture
async def address(place: Place) -> AsyncIterator[str]:
    async with served(place) as address:
        yield address


@pytest.fixture
async def sara(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(address) as browser:
        yield browser


@asynccontextmanager
async def visitor(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has said hello."""
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, verify=False) as browser:
        await browser.get("/")
        await send(browser, "سلام")
        yield browser


@asynccontextmanager
async def listening(browser: httpx.AsyncClient, after: int = 0, **headers: str) -> AsyncIterator[AsyncIterator[Event]]:
    """The events of a stream; ends when the server ends it."""
    async with browser.stream("GET", f"/api/stream?after={after}", headers=headers) as answer:
        yield events_of(answer)


async def events_of(answer: httpx.Response) -> AsyncIterator[Event]:
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            yield fields["event"], json.loads(fields["data"]), int(fields.get("id", 0))
            fields = {}


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [m["body"]["text"] if m["kind"] == "in" else m["body"]["text"][0][1] for m in messages]


async def test_somebody_new_has_an_empty_talk(address: str) -> None:
    async with (
        httpx.AsyncClient(base_url=address, timeout=PATIENCE, verify=False) as browser,
        listening(browser) as events,
    ):
        assert [event async for event in events] == [("history", {"messages": [], "more": False}, 0)]


async def test_a_page_is_first_told_its_history(place: Place, sara: httpx.AsyncClient) -> None:
    await place.say(1, "خوش آمدید")

    async with listening(sara) as events:
        name, data, seq = await anext(events)
    assert (name, texts(data["messages"]), data["more"], seq) == ("history", ["سلام", "خوش آمدید"], False, 2)


async def test_an_answer_arrives_without_being_looked_for(
    place: Place, sara: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LOOK_S", 3600)
    async with listening(sara) as events:
        await anext(events)
        await place.say(1, "خوش آمدید")
        name, row, _ = await anext(events)

    assert (name, row["body"]["text"]) == ("message", [["", "خوش آمدید"]])


async def test_an_edit_is_told_as_the_same_message(place: Place, sara: httpx.AsyncClient) -> None:
    message_id = await place.say(1, "یک")
    async with listening(sara) as events:
        await anext(events)
        await place.bot.edit_message_text('[["", "دو"]]', 1, message_id)
        _, row, seq = await anext(events)

    assert (row["id"], row["body"]["text"], seq) == (message_id, [["", "دو"]], 3)


async def test_two_windows_see_the_same_talk(sara: httpx.AsyncClient) -> None:
    async with listening(sara) as first, listening(sara) as second:
        await anext(first)
        await anext(second)
        await send(sara, "ساعت کار؟", "message-2")

        assert (await anext(first))[1]["body"] == (await anext(second))[1]["body"] == {"text": "ساعت کار؟"}


async def test_a_page_that_comes_back_is_told_what_it_missed(place: Place, sara: httpx.AsyncClient) -> None:
    await place.say(1, "یک")
    await place.say(1, "دو")

    for headers, after in (({"last-event-id": "2"}, 0), ({}, 2)):
        async with listening(sara, after, **headers) as events:
            name, row, seq = await anext(events)
            assert (name, row["body"]["text"][0][1], seq) == ("message", "دو", 3)


async def test_a_page_that_knows_more_than_we_do_is_told_everything_anew(sara: httpx.AsyncClient) -> None:
    async with listening(sara, 1000) as events:
        assert (await anext(events))[0] == "history"


async def test_a_change_by_another_process_is_found(place: Place, sara: httpx.AsyncClient) -> None:
    async with listening(sara) as events:
        await anext(events)
        await place.store.write(lambda unit: unit.web.sent(1, '{"text": [["", "از جای دیگر"]]}'))

        assert (await asyncio.wait_for(anext(events), PATIENCE))[1]["body"]["text"] == [["", "از جای دیگر"]]


async def test_every_open_window_is_told_that_all_was_deleted(place: Place, sara: httpx.AsyncClient) -> None:
    async with listening(sara) as events:
        await anext(events)
        await place.store.write(lambda unit: unit.web.clear(1))
        place.site.streams.wake(1)
        _, row, _ = await anext(events)

    assert row["kind"] == "clear"
    assert (await sara.get("/api/history")).json()["messages"] == []


async def test_a_message_sent_again_after_all_was_deleted_does_not_come_back(
    place: Place, sara: httpx.AsyncClient
) -> None:
    await place.store.write(lambda unit: unit.web.clear(1))

    assert (await send(sara, "سلام")).json() == {"ok": True}
    assert (await sara.get("/api/history")).json()["messages"] == []


async def test_a_long_talk_comes_in_pieces(place: Place, sara: httpx.AsyncClient) -> None:
    def many(unit: Any) -> None:  # noqa: ANN401 - any work of the store
        for number in range(250):
            unit.web.sent(1, json.dumps({"text": [["", str(number)]]}))

    await place.store.write(many)
    async with listening(sara) as events:
        _, newest, _ = await anext(events)
    older = (await sara.get(f"/api/history?before={newest['messages'][0]['id']}")).json()

    assert (len(newest["messages"]), newest["more"]) == (200, True)
    assert (texts(older["messages"])[:2], len(older["messages"]), older["more"]) == (["سلام", "0"], 51, False)


async def test_whoever_missed_much_is_told_all_of_it(place: Place, sara: httpx.AsyncClient) -> None:
    def many(unit: Any) -> None:  # noqa: ANN401 - any work of the store
        for number in range(450):
            unit.web.sent(1, json.dumps({"text": [["", str(number)]]}))

    await place.store.write(many)
    async with listening(sara, 1) as events:
        seqs = [(await anext(events))[2] for _ in range(450)]

    assert seqs == list(range(2, 452))


async def test_one_visitor_never_hears_another(place: Place, address: str, sara: httpx.AsyncClient) -> None:
    async with visitor(address) as reza, listening(reza) as events:
        await anext(events)
        await place.say(1, "فقط برای سارا")
        await place.say(2, "فقط برای رضا")

        assert (await anext(events))[1]["body"]["text"] == [["", "فقط برای رضا"]]


async def test_silence_is_broken_now_and_then(sara: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "PING_S", 0.05)
    async with listening(sara) as events:
        await anext(events)

        assert [await anext(events) for _ in range(2)] == [("ping", {}, 0)] * 2


async def test_a_visitor_has_only_so_many_windows(sara: httpx.AsyncClient) -> None:
    async with AsyncExitStack() as stack:
        windows = [await stack.enter_async_context(listening(sara)) for _ in range(streams.MOST_OF_ONE)]
        for events in windows:
            await anext(events)
        last = await stack.enter_async_context(listening(sara))

        assert [event async for event in last] == [("full", {}, 0)]


async def test_an_address_has_only_so_many_windows_of_all_its_visitors(
    place: Place, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MOST_OF_ADDRESS", 2)
    async with AsyncExitStack() as stack:
        browsers = [await stack.enter_async_context(visitor(address)) for _ in range(3)]
        async with listening(browsers[0]) as first, listening(browsers[1]) as second, listening(browsers[2]) as third:
            assert (await anext(first))[0] == (await anext(second))[0] == "history"
            assert [event async for event in third] == [("full", {}, 0)]
        await wait_until(lambda: not place.site.streams._count)

        async with listening(browsers[2]) as again:
            assert (await anext(again))[0] == "history"


async def test_a_closed_window_is_forgotten(place: Place, sara: httpx.AsyncClient) -> None:
    async with listening(sara) as events:
        await anext(events)
        assert place.site.streams._count == 1
    await wait_until(lambda: not place.site.streams._count)

    assert not place.site.streams._open
    assert not place.site.streams._of_address


async def test_many_idle_windows_cost_one_look_a_second(place: Place, address: str) -> None:
    looks = 0
    read = place.store.read

    async def counted(work: Any) -> Any:  # noqa: ANN401 - any work of the store
        nonlocal looks
        looks += 1
        return await read(work)

    windows = []  # who is not held is closed at once
    async with AsyncExitStack() as stack:
        for _ in range(10):
            browser = await stack.enter_async_context(visitor(address))
            windows.append(await stack.enter_async_context(listening(browser)))
            await anext(windows[-1])
        assert place.site.streams._count == 10
        place.store.read = counted  # type: ignore[method-assign]  # counts, and does the same
        began = time.monotonic()
        await wait_until(lambda: looks >= 2)
        seconds = time.monotonic() - began

    assert looks <= seconds / streams.LOOK_S + 1


async def test_the_server_waits_for_no_open_window_when_it_stops(tmp_path: Path) -> None:
    async with open_place(tmp_path / "stop.db", Clock()) as place, AsyncExitStack() as stack:
        async with served(place) as address:
            browsers = [await stack.enter_async_context(visitor(address)) for _ in range(5)]
            windows = [await stack.enter_async_context(listening(browser)) for browser in browsers]
            for events in windows:
                await anext(events)
        # A server whose streams do not end would cut them off, and their readers would be told of an error.
        assert [event for events in windows async for event in events] == []


async def test_a_stopping_server_says_so(place: Place) -> None:
    place.site.streams.stop()

    async with place.browser() as browser:
        answer = await browser.get("/health")
    assert (answer.status_code, answer.json()["faults"]) == (503, ["stopping"])


async def test_a_database_that_fails_for_a_moment_ends_nothing(
    place: Place, sara: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LOOK_S", 0.05)
    read = place.store.read
    failed = 0

    async def broken(work: Any) -> Any:  # noqa: ANN401 - any work of the store
        nonlocal failed
        failed += 1
        raise OSError("no database")

    async with listening(sara) as events:
        await anext(events)
        monkeypatch.setattr(place.store, "read", broken)
        await wait_until(lambda: failed > 2)
        monkeypatch.setattr(place.store, "read", read)
        await place.store.write(lambda unit: unit.web.sent(1, '{"text": [["", "باز هم"]]}'))

        assert (await asyncio.wait_for(anext(events), PATIENCE))[1]["body"]["text"] == [["", "باز هم"]]


async def test_a_stream_whose_database_is_away_ends_and_the_page_comes_back(
    place: Place, sara: httpx.AsyncClient
) -> None:
    async with listening(sara) as events:
        await anext(events)
        with away(place.store):
            place.site.streams.wake(1)
            assert [event async for event in events] == []
    await place.store.write(lambda unit: unit.web.sent(1, '{"text": [["", "باز هم"]]}'))

    async with listening(sara) as events:
        assert "باز هم" in str((await anext(events))[1])
