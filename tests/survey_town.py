"""A town in which a survey is asked: citizens who answer it tap by tap, while the service lives, or is killed.

A citizen knows nothing but what stands in their chat. They tap, wait until the next question stands there, and tap
again as people do who wait too long. Some think again and tap an answer of before; some press twice.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.clock import Clock
from bot.config import PREFIX
from bot.services import counting, surveys
from bot.store import Store, Unit
from bot.store.migrate import upgrade
from tests.botapi import BotApi, DialectName, Seen
from tests.process import Process, ended
from tests.surveying import put
from tests.test_crash import messengers

URL: Final = f"{PREFIX}DATABASE__URL"
IMPATIENT: Final = 10.0
"""Seconds after which somebody who sees nothing happen taps once more."""
PATIENCE: Final = 600.0
YES_NO: Final = [{"id": "yes", "label": "بله"}, {"id": "no", "label": "نه"}]
WORDS: Final = ["خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب"]
SHEET: Final[dict[str, Any]] = {
    "survey": {"title": "بوستان محله", "intro": "پنج سؤال کوتاه.", "thanks": "ممنون از شما.", "anonymous": False},
    "question": [
        {"id": "used", "kind": "one", "text": "به بوستان رفته‌اید؟", "options": YES_NO},
        {"id": "clean", "kind": "scale", "text": "تمیزی‌اش چطور است؟", "words": WORDS},
        {"id": "light", "kind": "scale", "text": "روشنایی‌اش چطور است؟", "words": WORDS},
        {
            "id": "wish",
            "kind": "one",
            "text": "چه کم دارد؟",
            "options": [
                {"id": "bench", "label": "نیمکت"},
                {"id": "play", "label": "وسایل بازی"},
                {"id": "tree", "label": "درخت"},
                {"id": "water", "label": "آب‌خوری"},
            ],
        },
        {"id": "again", "kind": "one", "text": "باز هم می‌آیید؟", "options": YES_NO},
    ],
}
BRANCHING: Final[dict[str, Any]] = SHEET | {
    "question": [
        row | ({"show_if": [{"question": "used", "any": ["yes"]}]} if row["id"] in {"clean", "again"} else {})
        for row in SHEET["question"]
    ]
}


async def at_will() -> None:
    """Whoever wants to tap may."""


@dataclass
class Voter:
    """A citizen who answers. `chosen`: the place of what they tapped last, by the place of the question."""

    api: BotApi
    user_id: int
    survey: int
    thinks_again: bool = False
    presses_twice: bool = False
    may_tap: Callable[[], Awaitable[None]] = at_will
    chosen: dict[int, int] = field(default_factory=dict)
    lasted: list[float] = field(default_factory=list)
    done: bool = False

    def __post_init__(self) -> None:
        self.dice = random.Random(self.user_id)

    async def live(self) -> None:
        self.api.say(self.user_id, "/start")
        welcome = (await self.api.until(self.user_id, bool, PATIENCE))[-1]
        seen = await self.tap(f"survey:begin:{self.survey}", welcome)
        before: tuple[str, Seen] | None = None
        while seen is not None:
            if before is not None and self.thinks_again:
                self.thinks_again = False
                self.press_another(*before)
            data = self.dice.choice(answers_of(seen))
            before = (data, seen)
            self.note(data)
            seen = await self.tap(data, seen)
        self.done = True

    def press_another(self, data: str, seen: Seen) -> None:
        """Another answer to the question before, by a button that stands there no more."""
        other = f"{data.rpartition('.')[0]}.{self.dice.randrange(2)}"
        self.note(other)
        self.api.press_gone(self.user_id, other, seen)

    def note(self, data: str) -> None:
        *_, question, place = data.rpartition(":")[2].split(".")
        self.chosen[int(question)] = int(place)

    async def tap(self, data: str, seen: Seen) -> Seen | None:
        """Press, wait for a question that they have not answered, and press again after a while. None: the end."""
        await self.may_tap()
        began = asyncio.get_running_loop().time()
        for _ in range(int(PATIENCE / IMPATIENT)):
            for _ in range(2 if self.presses_twice else 1):
                self.api.press_gone(self.user_id, data, seen)
            with suppress(TimeoutError, AssertionError):
                found = await self.api.until(self.user_id, self.goes_on, IMPATIENT)
                self.lasted.append(asyncio.get_running_loop().time() - began)
                return None if has_ended(found) else self.asked(found)
        raise AssertionError(f"{self.user_id} waits for ever after {data}")

    def asked(self, all_: list[Seen]) -> Seen | None:
        """The message that asks what they have not answered. Whoever begins twice has two, and goes on in one."""
        return next((seen for seen in all_ if answers_of(seen) and question_of(seen) not in self.chosen), None)

    def goes_on(self, all_: list[Seen]) -> bool:
        return has_ended(all_) or self.asked(all_) is not None


def has_ended(all_: list[Seen]) -> bool:
    data = (str(button.get("callback_data", "")) for seen in all_ for row in seen.rows for button in row)
    return any(one.startswith("survey:change:") for one in data)


def answers_of(seen: Seen) -> list[str]:
    data = [str(button.get("callback_data", "")) for row in seen.rows for button in row]
    return [one for one in data if one.startswith("survey:pick:")]


def question_of(seen: Seen) -> int:
    """The place of the question that a message asks."""
    return int(answers_of(seen)[0].split(".")[3])


def meant(voter: Voter, tables: dict[str, Any]) -> Counter[tuple[str, str]]:
    """What the answers of a citizen come to, as they meant them: by question and value."""
    found = {("", counting.ANSWERED): 1}
    used = None
    for at, row in enumerate(tables["question"]):
        if row.get("show_if") and used != "yes":
            continue
        place = voter.chosen[at]
        value = str(5 - place) if row["kind"] == "scale" else row["options"][place]["id"]
        used = value if row["id"] == "used" else used
        found |= {(row["id"], counting.ANSWERED): 1, (row["id"], value): 1}
    return Counter(found)


def counted(unit: Unit, number: int) -> Counter[tuple[str, str]]:
    """The sums that are kept."""
    total: Counter[tuple[str, str]] = Counter()
    for one in unit.responses.counts(number):
        total[one.question, one.value] += one.count
    return total


def recounted(unit: Unit, number: int) -> Counter[tuple[str, str]]:
    """The same from the responses."""
    survey = surveys.sheet(surveys.find(unit, number))
    total: Counter[tuple[str, str]] = Counter()
    after = 0
    while page := unit.responses.page(number, after, 500):
        after = page[-1].token
        for response in page:
            for one in counting.counts(survey, response):
                total[one.question, one.value] += one.count
    return total


@dataclass
class SurveyTown:
    """Citizens of both messengers and the service that is killed meanwhile."""

    process: Process
    apis: dict[DialectName, BotApi]
    store: Store
    tables: dict[str, Any]
    survey: int = 0
    voters: list[Voter] = field(default_factory=list)

    async def settle(self, people: int, may_tap: Callable[[], Awaitable[None]] = at_will) -> None:
        self.survey = await self.store.write(lambda unit: put(unit, self.tables))
        names: tuple[DialectName, ...] = ("telegram", "bale")
        for user_id in range(1, people + 1):
            api = self.apis[names[user_id % 2]]
            api.meet(user_id, first_name="شهروند")
            self.voters.append(
                Voter(
                    api,
                    user_id,
                    self.survey,
                    thinks_again=user_id % 5 == 0,
                    presses_twice=user_id % 7 == 0,
                    may_tap=may_tap,
                )
            )

    async def live(self, kills: int, seed: int = 14) -> None:
        """Ends when everybody has answered; killed so often meanwhile, each time after another share has ended."""
        dice = random.Random(seed)
        async with asyncio.TaskGroup() as town:
            for voter in self.voters:
                town.create_task(voter.live())
            await self.process.start()
            await self.process.ready()
            for number in range(kills):
                share = (number + dice.random()) / (kills + 1)
                while sum(len(voter.chosen) for voter in self.voters) < share * len(self.voters) * len(
                    self.tables["question"]
                ):
                    await asyncio.sleep(0.005)
                await asyncio.sleep(dice.uniform(0, 0.02))
                await self.process.kill()
                await self.process.start()
                await self.process.ready()
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until whatever was pressed is dealt with."""
        async with asyncio.timeout(60):
            while any(api.updates.waiting for api in self.apis.values()) or await self.store.read(self._waiting):
                await asyncio.sleep(0.05)

    def _waiting(self, unit: Unit) -> bool:
        return bool(unit.inbox.count_waiting(list(self.apis), 1))


@asynccontextmanager
async def survey_town(folder: Path, database: Path | str, tables: dict[str, Any]) -> AsyncIterator[SurveyTown]:
    async with AsyncExitStack() as stack:
        apis, settings = await stack.enter_async_context(messengers())
        process = Process(database, folder / "log", **settings)
        await asyncio.to_thread(upgrade, process.environment[URL])  # it has a loop of its own
        store = Store(process.environment[URL], Clock())
        stack.push_async_callback(store.close)
        yield SurveyTown(await stack.enter_async_context(ended(process)), apis, store, tables)
