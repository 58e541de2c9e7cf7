"""Files from and to all three platforms: a visitor of the page and citizens of both messengers, one service."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.app import App
from bot.loading import Loaded
from tests import samples
from tests.botapi import BotApi
from tests.citizen import PATIENCE, Citizen, settled
from tests.post import with_post

PICTURES = [samples.telling_jpeg(), samples.jpeg(shade=90), samples.jpeg(shade=60)]


@pytest.fixture(scope="module")
def loaded(loaded: Loaded) -> Loaded:
    return with_post(loaded)


@pytest.fixture
async def visitor(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on the page."""
    assert app.address is not None
    base = app.address.rstrip("/")
    async with httpx.AsyncClient(base_url=base, headers={"Origin": base}, trust_env=False, timeout=PATIENCE) as browser:
        await browser.get("/")
        await browser.post("/api/messages", json={"client_id": "hello-01", "start": True})
        await settled(app)
        yield browser


async def say(app: App, visitor: httpx.AsyncClient, name: str, **body: Any) -> None:  # noqa: ANN401 - as the page sends
    answer = await visitor.post("/api/messages", json={"client_id": name, **body})
    assert answer.json()["ok"], answer.text
    await settled(app)


async def put(visitor: httpx.AsyncClient, content: bytes, name: str = "a.jpg") -> str:
    answer = await visitor.post("/api/files", params={"name": name}, content=content)
    key: str = answer.json()["file"]["key"]
    return key


async def shown(visitor: httpx.AsyncClient) -> list[dict[str, Any]]:
    """What the bot said on the page."""
    messages = (await visitor.get("/api/history")).json()["messages"]
    return [message["body"] for message in messages if message["kind"] == "out"]


async def test_an_album_of_the_page_is_one_turn_and_comes_back_as_one_message(
    app: App, visitor: httpx.AsyncClient
) -> None:
    keys = [await put(visitor, content) for content in PICTURES]
    await say(app, visitor, "message-1", text="/keep", files=keys)

    *_, answer = await shown(visitor)
    assert [file["key"] for file in answer["files"]] == keys
    assert "".join(span[1] for span in answer["text"]) == "۳ پرونده: /keep"


async def test_what_a_visitor_sends_reaches_a_citizen_cleaned(
    app: App, visitor: httpx.AsyncClient, reza: Citizen
) -> None:
    await say(app, visitor, "message-1", text=f"/to {reza.api.dialect.name}:{reza.user_id}")
    await say(app, visitor, "message-2", files=[await put(visitor, content) for content in PICTURES])
    await settled(app, reza.api)

    parts = reza.api.seen(reza.user_id)
    assert [part.kind for part in parts] == ["photo"] * 3
    assert len({part.album for part in parts}) == 1
    assert not [part for part in parts if part.file and samples.OWNER.encode() in part.file.content]


async def test_what_a_citizen_sends_reaches_a_visitor_who_alone_may_open_it(
    app: App, visitor: httpx.AsyncClient, sara: Citizen
) -> None:
    chat = await app.store.read(lambda unit: unit.web.seqs(range(1, 10)))
    (number,) = chat
    await sara.send(f"/to web:{number}")
    sara.api.send_album(sara.user_id, [*PICTURES[:2], samples.jpeg()[:300]])
    await settled(app, sara.api)

    *_, message = await shown(visitor)
    there = [file for file in message["files"] if not file.get("missing")]
    assert [file.get("missing", False) for file in message["files"]] == [False, False, True]
    opened = await visitor.get(f"/api/files/{there[0]['key']}")
    assert (opened.status_code, opened.headers["content-type"]) == (200, "image/jpeg")
    assert samples.OWNER.encode() not in opened.content
    async with httpx.AsyncClient(base_url=visitor.base_url, trust_env=False, timeout=PATIENCE) as stranger:
        assert (await stranger.get(f"/api/files/{there[0]['key']}")).status_code in {401, 403, 404}


async def test_a_point_and_a_number_of_the_page_come_back(app: App, visitor: httpx.AsyncClient) -> None:
    await say(app, visitor, "message-1", text="/point")
    await say(app, visitor, "message-2", place={"lat": 35.7, "lon": 51.44})
    await say(app, visitor, "message-3", contact={"phone": "+989121234567", "name": "سارا"})

    said = await shown(visitor)
    assert [message["place"] for message in said if "place" in message] == [{"lat": 35.7, "lon": 51.44}]
    assert [message["contact"] for message in said if "contact" in message] == [
        {"phone": "+989121234567", "name": "سارا"}
    ]


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_a_content_goes_to_a_messenger_by_name_whoever_sent_it(
    app: App, visitor: httpx.AsyncClient, sara: Citizen, api: BotApi
) -> None:
    await say(app, visitor, "message-1", text=f"/to telegram:{sara.user_id}")
    await say(app, visitor, "message-2", files=[await put(visitor, samples.PDF, "a.pdf")])
    sara.api.send_document(sara.user_id, "b.pdf", "application/pdf", samples.PDF, caption="/keep")
    await settled(app, api)

    assert (api.files.times_uploaded(samples.PDF), api.files.times_reused(samples.PDF)) == (1, 1)


async def test_a_visitor_gets_a_copy_of_what_is_kept_of_them(app: App, visitor: httpx.AsyncClient) -> None:
    await say(app, visitor, "message-1", text="راز <b>من</b> این است")
    await say(app, visitor, "message-2", text="/mydata")
    *_, last = (await visitor.get("/api/history")).json()["messages"]

    await say(app, visitor, "press-001", press="privacy:copy", message_id=last["id"])

    *_, message = await shown(visitor)
    (file,) = message["files"]
    page = await visitor.get(f"/api/files/{file['key']}")
    assert "راز &lt;b&gt;من&lt;/b&gt; این است" in page.text
    assert page.headers["content-disposition"].startswith("attachment")
