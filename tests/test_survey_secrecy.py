"""An anonymous survey, answered for real on all platforms: afterwards no table says who answered what."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot import switchboard
from bot.app import App
from bot.models import metadata
from bot.models.messages import RowState
from bot.services import taking_part
from bot.store.files import OURS
from tests import samples
from tests.botapi import BotApi
from tests.citizen import PATIENCE, Citizen, rows_of, settled
from tests.drafting import go_live
from tests.editing import pressed
from tests.reporting import photo
from tests.surveying import DONE, SEND, SKIP, START, SWING, announced, answers, asked, nameless

SECRET, MORE_SECRET = "نیمکت‌فیروزه‌ای‌لب‌حوض", "آلاچیق‌عنابی"
OPTIONS = [{"id": f"zz{name}", "label": f"گزینه‌ویژه {name}"} for name in ("a", "b", "c")]
TABLES: dict[str, Any] = {
    "survey": {"title": "بوستان", "intro": "چند سؤال.", "thanks": "ممنون.", "anonymous": True},
    "question": [
        {"id": "one", "kind": "one", "text": "کدام؟", "options": OPTIONS},
        {
            "id": "branch",
            "kind": "many",
            "text": "پرسش شاخه",
            "options": OPTIONS,
            "show_if": [{"question": "one", "any": ["zzb"]}],
        },
        {"id": "words", "kind": "text", "text": "چه کم دارد؟"},
        {"id": "picture", "kind": "photo", "text": "عکس؟"},
        {"id": "end", "kind": "text", "text": "حرف آخر؟", "required": False},
    ],
}
ASKING = {"surveys", "announcements"}
"""Where the questions themselves stand."""


async def whole(app: App) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    tables = list(metadata.tables.values())
    return await app.store.read(lambda unit: {table.name: rows_of(unit, table) for table in tables})


def where(found: dict[str, list[dict[str, Any]]], wanted: str) -> set[str]:
    """The columns, as "table.column", in which these words or this number stand, as they are or as JSON has them."""
    spellings = (wanted, json.dumps(wanted)[1:-1])
    return {
        f"{table}.{column}"
        for table, rows in found.items()
        for row in rows
        for column, value in row.items()
        if any(spelling in str(value) for spelling in spellings)
    }


async def nothing_leads_there(app: App) -> None:
    """What was answered stands in one row, and nobody's row leads to it."""
    found = await whole(app)
    (response,) = found["responses"]
    (who,) = found["participants"]
    picture = (await answers(app))[0]["picture"]

    assert where(found, SECRET) == {"responses.answers"}
    assert where(found, MORE_SECRET) == set(), "what was taken back is nowhere"
    assert {place.partition(".")[0] for place in where(found, OPTIONS[1]["label"])} <= ASKING
    assert {place.partition(".")[0] for place in where(found, "پرسش شاخه")} <= ASKING
    assert where(found, "zzb") == {"surveys.sheet", "responses.answers", "answer_counts.value"}
    assert where(found, str(response["token"])) == {"responses.token"}
    assert (who["answers"], who["next"], who["token"]) == (None, None, None)
    assert found["places"] == []
    assert where(found, picture) == {"files.key", "responses.answers"}
    kept = next(row for row in found["files"] if row["key"] == picture)
    assert kept["chat_id"] == OURS


async def test_what_is_looked_for_would_be_found(sara: Citizen) -> None:
    """A survey with a name leaves its traces, in words and in JSON."""
    await sara.send("/start")
    await announced(sara, await asked(sara.app, TABLES | {"survey": TABLES["survey"] | {"anonymous": False}}))
    await sara.press(START)
    await sara.press(OPTIONS[1]["label"])
    await sara.press(OPTIONS[0]["label"])
    await sara.press(DONE)
    await sara.send(SECRET)

    found = await whole(sara.app)

    assert {"inbox.raw", "participants.answers"} <= where(found, SECRET)
    assert {"inbox.raw", "outbox.body"} <= where(found, OPTIONS[0]["label"]) | where(found, SECRET)
    assert "outbox.body" in where(found, "پرسش شاخه")


# -- messengers


async def test_on_a_messenger(sara: Citizen, api: BotApi, cleaned_here: None) -> None:
    await sara.send("/start")
    number = await asked(sara.app, TABLES)
    await announced(sara, number)
    await sara.press(START)
    await sara.press(OPTIONS[1]["label"])
    await sara.press(OPTIONS[0]["label"])
    await sara.send("/menu")
    await pressed(sara, f"survey:begin:{number}")
    await sara.press(OPTIONS[1]["label"])
    await sara.press(DONE)
    await sara.send(MORE_SECRET * 60)  # too long, refused
    await sara.send(MORE_SECRET)
    await photo(sara)
    await sara.press(SKIP)
    await sara.press("✏️ سؤال ۳")
    await sara.send(SECRET)
    await sara.press(SEND)

    await nothing_leads_there(sara.app)
    assert not [row for row in (await whole(sara.app))["outbox"] if row["brief"] and row["body"] is not None]


async def test_a_vote_on_a_messenger(sara: Citizen) -> None:
    await sara.send("/start")
    await announced(sara, await asked(sara.app, nameless(SWING)))
    before = await whole(sara.app)
    await sara.press("بله")

    found = await whole(sara.app)
    new = [row for row in found["outbox"] if row not in before["outbox"]]
    assert new
    assert all(row["body"] is None for row in new)
    assert [row["raw"] for row in found["inbox"] if row not in before["inbox"]] == [None]
    assert [row["answers"] for row in found["responses"]] == ['{"swing": "yes"}']
    assert where(found, str(found["responses"][0]["token"])) == {"responses.token"}


@pytest.mark.parametrize("what", ["words", "press", "vote"])
async def test_what_could_not_be_handled(sara: Citizen, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """It is tried again some times, and nothing of it stays when it is given up."""
    monkeypatch.setattr(switchboard, "PAUSES_MS", (10, 10))
    monkeypatch.setattr(switchboard, "IDLE_SECONDS", 0.02)
    await sara.send("/start")
    asks_words = TABLES | {"question": [TABLES["question"][2]]}
    await announced(sara, await asked(sara.app, {"words": asks_words, "press": TABLES, "vote": nameless(SWING)}[what]))
    if what != "vote":
        await sara.press(START)

    def fails(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(taking_part, "give", fails)
        await (sara.send(SECRET) if what == "words" else sara.press("بله" if what == "vote" else OPTIONS[1]["label"]))

    (row,) = [row for row in (await whole(sara.app))["inbox"] if row["state"] == RowState.SET_ASIDE]
    assert row["raw"] is None
    assert "RuntimeError at" in row["error"]


async def test_what_could_not_be_handled_of_a_survey_with_names_stays_for_a_look(
    sara: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switchboard, "MOST_RAISED", 1)
    await sara.send("/start")
    await announced(sara, await asked(sara.app, SWING))
    monkeypatch.setattr(taking_part, "vote", lambda *_: 1 / 0)
    await sara.press("بله")

    (row,) = [row for row in (await whole(sara.app))["inbox"] if row["state"] == RowState.SET_ASIDE]
    assert "poll:vote:" in row["raw"]


# -- the page


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


class OnPage:
    """What somebody does on the page, and sees there."""

    def __init__(self, app: App, browser: httpx.AsyncClient) -> None:
        self.app = app
        self.browser = browser
        self.count = 0

    async def say(self, **body: Any) -> None:  # noqa: ANN401 - as the page sends
        self.count += 1
        answer = await self.browser.post("/api/messages", json={"client_id": f"message-{self.count}", **body})
        assert answer.json()["ok"], answer.text
        await settled(self.app)

    async def press(self, label: str) -> None:
        """The lowest button of this label."""
        found = [
            (message["id"], button["d"])
            for message in await self.shown()
            for row in message["body"].get("inline", ())
            for button in row
            if button["t"] == label
        ]
        assert found, label
        await self.say(press=found[-1][1], message_id=found[-1][0])

    async def shown(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = (await self.browser.get("/api/history")).json()["messages"]
        return messages

    async def screen(self) -> str:
        return json.dumps([message["body"] for message in await self.shown()], ensure_ascii=False)


async def test_on_the_page(app: App, visitor: httpx.AsyncClient, cleaned_here: None) -> None:
    go_live(app)
    await asked(app, TABLES)
    page = OnPage(app, visitor)
    await opened_on_page(page)
    await page.press(OPTIONS[1]["label"])
    await page.press(OPTIONS[0]["label"])  # ticked, and left behind
    await page.say(text="/menu")
    await opened_on_page(page)
    assert "خوش برگشتید" in await page.screen()
    assert f"✓ {OPTIONS[0]['label']}" not in await page.screen(), "what was ticked before is not there any more"
    await page.press(OPTIONS[1]["label"])
    await page.press(DONE)
    await page.say(text=MORE_SECRET * 60)
    await page.say(text=MORE_SECRET)
    key = (await visitor.post("/api/files", params={"name": "a.jpg"}, content=samples.jpeg())).json()["file"]["key"]
    await page.say(files=[key])
    await page.press(SKIP)
    assert f"«{MORE_SECRET}»" in await page.screen(), "the review shows it"
    await page.press("✏️ سؤال ۳")
    await page.say(text=SECRET)
    assert f"«{SECRET}»" in await page.screen()
    await page.press(SEND)

    screen = await page.screen()
    assert "از این صفحه پاک کردم" in screen
    assert "سؤال ۱" not in screen
    await nothing_leads_there(app)


async def opened_on_page(page: OnPage) -> None:
    """From the list: visitors get no announcements."""
    await page.say(text="نظرسنجی")
    await page.press("🗳 بوستان")
    await page.press(START)


async def test_a_vote_on_the_page_leaves_no_mark_there(app: App, visitor: httpx.AsyncClient) -> None:
    go_live(app)
    await asked(app, nameless(SWING), shows=True)
    page = OnPage(app, visitor)
    await page.say(text="نظرسنجی")
    await page.press("🗳 تاب تازه")
    await page.press("بله")

    screen = await page.screen()
    assert "رأی‌تان ثبت شد" in screen
    assert "✓" not in screen
    assert "«بله»" not in screen
    assert [row["answers"] for row in (await whole(app))["responses"]] == ['{"swing": "yes"}']
