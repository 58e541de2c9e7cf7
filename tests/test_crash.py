"""Killed again and again while 200 citizens talk: every message is handled once, every citizen has all answers.

What an undisturbed run answers to each script is the measure. A message may reach a citizen twice only where a kill
fell between sending it and marking it: those are counted at each kill, and no others may be there in the end.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.app import App
from bot.store.migrate import upgrade
from tests.botapi import BotApi, DialectName, serve
from tests.citizen import outbox_rows, settled
from tests.process import Process, ended

# One after the other: they share the measure, and each wants a processor for itself.
pytestmark = pytest.mark.xdist_group("town")

CITIZENS = 200
TOKEN = "100:SECRET-OF-THE-TEST"
FAST = {"pace": 10_000, "chat_pace": 10_000}
OPEN = "menu:open:"
SCRIPTS = (
    ("/start", "کد پستی شهرداری چنده؟", "شماره تلفن شهرداری چنده", "ممنون"),
    ("/start", f"press {OPEN}contact", "press ask:show:contact.address", "پرچم افتخار چیه؟"),
    ("ایمیل شهرداری چیه؟", "/menu", f"press {OPEN}programs", f"press {OPEN}programs_city", "/help"),
    ("/start", "/deleteme", "نه", "/cancel", "ایستگاه نشاط کجاست؟"),
    ("/start", "/deleteme", "کد پستی شهرداری چنده؟", "بلاتنیسبتنل"),
    ("چشم‌انداز اقتصاد تهران ۱۴۰۴ چیست؟", "/nosuchcommand", "press menu:new:home", "سلام"),
    ("/start", "/deleteme", "press privacy:yes", "آدرس شهرداری کجاست؟", "/start"),
    ("/start", "اینستاگرام شهرداری", f"press {OPEN}programs", f"press {OPEN}vision", "لغو"),
)

Shown = list[tuple[str, Any]]
"""What the outbox holds for one chat, oldest first: kind and body."""
Measure = dict[tuple[str, int], tuple[Shown, list[str], list[str]]]
MEASURED: dict[int, Measure] = {}
"""Taken once: several tests are held against the same undisturbed run."""


@dataclass(frozen=True)
class Plan:
    """How long and how often. `seconds`: over so long the citizens' messages are spread."""

    kills: int
    rounds: int
    seconds: float
    seed: int


@dataclass
class Figures:
    """What happened, for printing."""

    updates: int = 0
    replies: int = 0
    in_startup: int = 0
    sent_unmarked: list[int] = field(default_factory=list)
    waiting_at_kill: list[int] = field(default_factory=list)
    half_done: list[int] = field(default_factory=list)


def script(user_id: int, rounds: int) -> list[str]:
    return list(SCRIPTS[user_id % len(SCRIPTS)]) * rounds


# -- the undisturbed run


@pytest.fixture
def measure(start: Callable[[], Any], telegram: BotApi, bale: BotApi) -> Callable[[int], Any]:
    """What the outbox holds, and what was sent and edited, after each script, on both messengers."""

    async def measured(rounds: int) -> Measure:
        if rounds not in MEASURED:
            MEASURED[rounds] = await taken(rounds)
        return MEASURED[rounds]

    async def taken(rounds: int) -> Measure:
        async with start() as app:
            both = (("telegram", telegram), ("bale", bale))
            users = range(len(SCRIPTS))
            await asyncio.gather(*(alone(app, api, 8000 + user, rounds) for _, api in both for user in users))
            rows = await outbox_rows(app)
        return {
            (name, user): (shown(rows, name, 8000 + user), sent(api, 8000 + user), edits(api, 8000 + user))
            for name, api in both
            for user in users
        }

    return measured


async def alone(app: App, api: BotApi, user_id: int, rounds: int) -> None:
    """One citizen who waits for each answer."""
    for step in script(user_id, rounds):
        await act(api, user_id, step)
        await settled(app, api)


async def act(api: BotApi, user_id: int, step: str) -> None:
    """Write, or press a button as soon as it is there."""
    if not step.startswith("press "):
        api.say(user_id, step)
        return
    wanted = step.removeprefix("press ")
    await api.until(user_id, lambda seen: any(message.button(wanted) for message in seen), 300)
    api.press(user_id, wanted)


def shown(rows: Iterable[dict[str, Any]], platform: str, chat_id: int) -> Shown:
    mine = (row for row in rows if (row["platform"], row["chat_id"]) == (platform, chat_id))
    return [
        (row["kind"], None if row["body"] is None else json.loads(row["body"]))
        for row in sorted(mine, key=lambda row: int(row["id"]))
    ]


def sent(api: BotApi, chat_id: int) -> list[str]:
    return [seen.raw_text for seen in api.sent if seen.chat_id == chat_id]


def edits(api: BotApi, chat_id: int) -> list[str]:
    """The texts of edits, without an immediate repeat."""
    told = [str(c.params["text"]) for c in api.calls_of("editMessageText") if int(c.params["chat_id"]) == chat_id]
    return [text for at, text in enumerate(told) if at == 0 or told[at - 1] != text]


# -- the run with kills


class Town:
    """Both messengers, the citizens, and the service that is killed."""

    def __init__(self, process: Process, apis: dict[DialectName, BotApi], plan: Plan) -> None:
        self.process = process
        self.apis = apis
        self.plan = plan
        self.dice = random.Random(plan.seed)
        self.figures = Figures()
        self.unmarked: Counter[tuple[str, int]] = Counter()

    async def live(self) -> None:
        """All citizens talk while the service is killed; ends when all is answered."""
        async with asyncio.TaskGroup() as town:
            for user_id in range(CITIZENS):
                town.create_task(self.talk(user_id))
            town.create_task(self.chaos())
        await self.all_answered()

    async def talk(self, user_id: int) -> None:
        steps = script(user_id, self.plan.rounds)
        moments = sorted(self.dice.uniform(0, self.plan.seconds) for _ in steps)
        began = asyncio.get_running_loop().time()
        for step, moment in zip(steps, moments, strict=True):
            await asyncio.sleep(max(0, began + moment - asyncio.get_running_loop().time()))
            await act(self.apis[messenger_of(user_id)], user_id, step)
            self.figures.updates += 1

    async def chaos(self) -> None:
        for number in range(self.plan.kills):
            await self.process.start()
            if number % 4 == 0:
                self.figures.in_startup += 1
                await asyncio.sleep(self.dice.uniform(0.2, 3.5))
            else:
                await self.process.ready()
                await self.busy(self.dice.randint(0, 300))
                await asyncio.sleep(self.dice.uniform(0, 0.01))
            await self.process.kill()
            await self.still()
            self.look()
        await self.process.start()
        await self.process.ready()

    async def still(self) -> None:
        """Wait until what is in the sockets has arrived."""
        before = -1
        while before != (now := sum(api.called.total() for api in self.apis.values())):
            before = now
            await asyncio.sleep(0.1)

    async def busy(self, messages: int) -> None:
        """Wait until the bot has sent so many messages in this life, or has been at work for a while."""
        before = self.arrived().total()
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                while self.arrived().total() < before + messages:
                    await asyncio.sleep(0.001)

    def look(self) -> None:
        """Right after a kill: note which messages have been sent and not marked."""
        if not self.process.rows("SELECT 1 FROM sqlite_master WHERE name = 'outbox'"):
            return
        marked = self.counts("SELECT platform, chat_id, count(*) FROM outbox WHERE kind = 'send' AND state = 1")
        begun = self.counts(
            "SELECT platform, chat_id, count(*) FROM outbox WHERE kind = 'send' AND state = 0 AND tries"
        )
        arrived = self.arrived()
        now = Counter({chat: arrived[chat] - marked[chat] for chat in arrived | marked})
        fresh = now - self.unmarked
        assert all(fresh[chat] <= begun[chat] for chat in fresh), (fresh, begun)
        assert not self.unmarked - now, "a mark without a message"
        self.unmarked = now
        self.figures.sent_unmarked.append(fresh.total())
        self.figures.waiting_at_kill.append(self.process.rows("SELECT coalesce(sum(pending), 0) FROM chats")[0][0])
        self.figures.half_done.append(self.process.rows("SELECT count(*) FROM chats WHERE lease_by IS NOT NULL")[0][0])

    def arrived(self) -> Counter[tuple[str, int]]:
        """Messages of the bot that reached the server, repeats too."""
        sent = ((name, seen.chat_id) for name, api in self.apis.items() for seen in api.sent)
        return Counter((name, chat_id) for name, chat_id in sent if not forgotten(chat_id))

    def counts(self, query: str) -> Counter[tuple[str, int]]:
        rows = self.process.rows(f"{query} GROUP BY platform, chat_id")
        return Counter({(name, chat_id): count for name, chat_id, count in rows if not forgotten(chat_id)})

    async def all_answered(self) -> None:
        unsent = "SELECT count(*) FROM outbox WHERE state = 0"
        async with asyncio.timeout(200):
            while (
                any(api.updates.waiting for api in self.apis.values())
                or self.process.rows("SELECT coalesce(sum(pending), 0) FROM chats")[0][0]
                or self.process.rows(unsent)[0][0]
            ):
                await asyncio.sleep(0.05)


def forgotten(user_id: int) -> bool:
    """Who asked to be deleted is not sent any more what had not gone out at that moment."""
    return "press privacy:yes" in SCRIPTS[user_id % len(SCRIPTS)]


def messenger_of(user_id: int) -> DialectName:
    return "telegram" if user_id // len(SCRIPTS) % 2 else "bale"


@asynccontextmanager
async def messengers() -> AsyncIterator[tuple[dict[DialectName, BotApi], dict[str, object]]]:
    """Both servers, and the settings by which the service finds them."""
    apis: dict[DialectName, BotApi] = {name: BotApi(name, token=TOKEN) for name in ("telegram", "bale")}
    async with AsyncExitStack() as stack:
        settings: dict[str, object] = {}
        for name, api in apis.items():
            url = await stack.enter_async_context(serve(api))
            wanted = {"token": TOKEN, "api_url": url} | FAST
            settings |= {f"{name}__{key}": value for key, value in wanted.items()}
        yield apis, settings


@asynccontextmanager
async def town(folder: Path, plan: Plan) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        apis, settings = await stack.enter_async_context(messengers())
        process = Process(folder / "killed.db", folder / "log", **settings)
        yield Town(await stack.enter_async_context(ended(process)), apis, plan)


# -- what must hold in the end


def check_inbox(town: Town) -> None:
    """Every update is one row, and that row is done."""
    rows = town.process.rows("SELECT platform, state, count(*), count(DISTINCT update_id) FROM inbox GROUP BY 1, 2")
    assert sorted(rows) == sorted((name, 1, a.updates.queued, a.updates.queued) for name, a in town.apis.items())
    assert town.process.rows("SELECT count(*) FROM inbox WHERE tries > 0 OR error IS NOT NULL") == [(0,)]
    assert town.process.rows("SELECT count(*) FROM chats WHERE pending > 0 OR lease_by IS NOT NULL OR tries > 0") == [
        (0,)
    ]


def check_outbox(town: Town, expected: Measure) -> None:
    """Every chat was answered exactly what an undisturbed run answers, once each, and all of it went out."""
    columns = ("id", "platform", "chat_id", "kind", "body", "state")
    rows = town.process.rows("SELECT id, platform, chat_id, kind, body, state FROM outbox")
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    assert {row["state"] for row in found if row["kind"] == "send" and not forgotten(row["chat_id"])} == {1}
    assert {row["state"] for row in found} <= {1, 3}
    of_chat: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in found:
        of_chat.setdefault((row["platform"], row["chat_id"]), []).append(row)
    for user_id in range(CITIZENS):
        name = messenger_of(user_id)
        right = expected[name, user_id % len(SCRIPTS)][0]
        mine = shown(of_chat[name, user_id], name, user_id)
        assert len(mine) == len(right), f"{name} {user_id}"
        for one, other in zip(mine, right, strict=True):
            # Whoever was deleted has no bodies any more, but for what had not gone out at that moment.
            assert one == other or (one[0] == other[0] and None in (one[1], other[1])), f"{name} {user_id}"
    town.figures.replies = len(found)


def check_screens(town: Town, expected: Measure) -> Counter[tuple[str, int]]:
    """Every citizen saw every answer in order; returns how many came twice, by messenger and citizen."""
    repeats: Counter[tuple[str, int]] = Counter()
    for user_id in range(CITIZENS):
        name = messenger_of(user_id)
        _, sends, changes = expected[name, user_id % len(SCRIPTS)]
        told = sent(town.apis[name], user_id)
        assert last_of(edits(town.apis[name], user_id), changes), f"{name} {user_id}"
        if forgotten(user_id):
            assert last_of(told, sends), f"{name} {user_id}"
            continue
        assert in_order(told, sends), f"{name} {user_id}: {told} instead of {sends}"
        repeats[name, user_id] = len(told) - len(sends)
    return repeats


def in_order(told: list[str], right: list[str]) -> bool:
    """Whether `told` is `right` with steps back: after each message comes the next, or an earlier one."""
    at = {0}  # how many of `right` may have been told
    for text in told:
        at = {place + 1 for before in at for place in range(before + 1) if right[place : place + 1] == [text]}
    return len(right) in at and bool(at)


def last_of(told: list[str], right: list[str]) -> bool:
    """Nothing wrong, and the last is the last. An edit may be missing: a newer one was written before it went out."""
    return set(told) <= set(right) and told[-1:] == right[-1:]


def check_log(process: Process) -> None:
    """Nothing failed but the process itself, and nothing secret was written."""
    words = process.words()
    assert "SECRET" not in words
    assert "پستی" not in words
    assert "failed" not in words
    assert "Traceback" not in words


async def survive(folder: Path, plan: Plan, measure: Callable[[int], Any]) -> Figures:
    expected = await measure(plan.rounds)
    async with town(folder, plan) as place:
        await place.live()
        assert await place.process.stop() == 0
        check_inbox(place)
        check_outbox(place, expected)
        assert check_screens(place, expected) == place.unmarked, "repeats that no kill explains"
        check_log(place.process)
    return place.figures


def told(figures: Figures, plan: Plan) -> str:
    return (
        f"{plan.kills} kills ({figures.in_startup} during the start), {CITIZENS} citizens, {figures.updates} updates, "
        f"{figures.replies} outgoing rows; at the kills {figures.waiting_at_kill} updates waited, "
        f"{figures.half_done} chats were leased, "
        f"{figures.sent_unmarked} messages were sent and not marked, so {sum(figures.sent_unmarked)} came twice"
    )


@pytest.mark.parametrize("statements", [1, 3, 9, 20])
def test_a_first_start_that_ends_amid_the_tables_can_be_started_again(tmp_path: Path, statements: int) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/hamyar14.db"
    left = iter(range(statements))

    def end(*_: Any) -> None:  # noqa: ANN401 - what SQLAlchemy hands over
        if next(left, None) is None:
            raise KeyboardInterrupt

    event.listen(Engine, "after_cursor_execute", end)
    try:
        with pytest.raises(KeyboardInterrupt):
            upgrade(url)
    finally:
        event.remove(Engine, "after_cursor_execute", end)

    assert upgrade(url)
    assert not upgrade(url)


@pytest.mark.crash
async def test_nothing_is_lost_over_three_kills(
    tmp_path: Path, measure: Callable[[int], Any], note_figures: Callable[[str], None]
) -> None:
    plan = Plan(kills=3, rounds=1, seconds=9, seed=14)

    figures = await survive(tmp_path, plan, measure)

    note_figures(told(figures, plan))


@pytest.mark.crash
@pytest.mark.soak
async def test_nothing_is_lost_over_twenty_kills(
    tmp_path: Path, measure: Callable[[int], Any], note_figures: Callable[[str], None]
) -> None:
    plan = Plan(kills=20, rounds=8, seconds=75, seed=1405)

    figures = await survive(tmp_path, plan, measure)

    note_figures(told(figures, plan))


KILLER = """
import os, signal, sys
from bot.__main__ import main
from bot.answers import Answers
reply = Answers.reply
def deadly(self, question, now):
    if "می‌کشد" in question:
        os.kill(os.getpid(), signal.SIGKILL)
    return reply(self, question, now)
Answers.reply = deadly
sys.exit(main(["run"]))
"""


@pytest.mark.crash
@pytest.mark.soak
async def test_a_message_that_kills_the_process_is_set_aside_and_takes_no_other_with_it(tmp_path: Path) -> None:
    async with town(tmp_path, Plan(kills=0, rounds=0, seconds=0, seed=0)) as place:
        api, process = place.apis["telegram"], place.process
        process.program = ("-c", KILLER)
        lives = 0
        for user_id in (1, *range(50, 100)):
            api.say(user_id, "این می‌کشد" if user_id == 1 else "کد پستی شهرداری چنده؟")
        api.say(1, "کد پستی شهرداری چنده؟")
        while not lives or process.running is None or process.running.returncode is not None:
            await process.start()
            await process.ready()
            lives += 1
            answered = asyncio.create_task(place.all_answered())
            ended = asyncio.create_task(place.process.ended())
            await asyncio.wait([answered, ended], return_when=asyncio.FIRST_COMPLETED)
            answered.cancel()
            ended.cancel()
            assert lives < 10
        assert await process.stop() == 0
        aside = process.rows("SELECT chat_id, error FROM inbox WHERE state <> 1")
    assert [chat_id for chat_id, _ in aside] == [1]
    assert "may stop the process" in aside[0][1]
    assert lives == 6
    assert all("۱۷۷۷۶۸۳۱۹۳" in api.seen(user_id)[-1].text for user_id in (1, *range(50, 100)))
