"""The town that reports, beside two desks, and the service that is killed meanwhile."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.config import PREFIX
from bot.services import staff
from bot.store import Store, Unit
from bot.store.migrate import upgrade
from tests.botapi import BotApi, DialectName
from tests.case_town import Operator, Reporter
from tests.process import Process, ended
from tests.test_crash import Plan, Town, messengers

URL: Final = f"{PREFIX}DATABASE__URL"
DESKS: Final[dict[DialectName, int]] = {"telegram": -100, "bale": -200}
COVERS: Final = ("lights", "parks", "staff")
"""What the desk on Telegram takes; the other one takes the rest, from citizens of both messengers."""
OPERATORS: Final[dict[DialectName, dict[int, str]]] = {
    "telegram": {901: "مینا", 902: "رضا"},
    "bale": {903: "دانا", 904: "ویدا"},
}
ASKED: Final = """
SELECT platform, logical, message_id FROM outbox WHERE logical LIKE 'want:%' AND message_id IS NOT NULL ORDER BY id DESC
"""
MESSAGES: Final = 20
"""So many of them a citizen's report is worth, with all that the desk does."""
COMMITS: Final = 150
COMMIT_SECONDS: Final = 20
KILLS: Final = ("any", "commit", "start")
# Telegram lets few messages into a group, which here would be most of the time. And the process may be told to kill
# itself right before or after one of its commits: nobody outside hits that instant.
PROGRAM: Final = """
import os, signal, sys
from sqlalchemy import Connection
from bot.__main__ import main
from bot.platforms import telegram
telegram.GROUP_PER_MINUTE = 100_000
when, _, number = os.environ.get("DIES_AT_COMMIT", "").partition(" ")
left = int(number or 0)
commit = Connection._commit_impl
def deadly(self):
    global left
    left -= 1
    if left == 0 and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    commit(self)
    if left == 0 and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
if left:
    Connection._commit_impl = deadly
sys.exit(main(["run"]))
"""


@dataclass(frozen=True)
class CasePlan(Plan):
    """How many report, too."""

    citizens: int = 0


class CaseTown(Town):
    """Citizens with something to report, and operators in a desk on each messenger."""

    plan: CasePlan

    def __init__(self, process: Process, apis: dict[DialectName, BotApi], plan: CasePlan) -> None:
        super().__init__(process, apis, plan)
        self.over = asyncio.Event()
        self.kinds: list[str] = []
        self.citizens: list[Reporter] = []
        for user_id in range(1, plan.citizens + 1):
            self.citizens.append(self._citizen(user_id))
        self.operators: list[Operator] = []

    def messenger_of(self, citizen: Reporter) -> DialectName:
        return "telegram" if citizen.api is self.apis["telegram"] else "bale"

    def _citizen(self, user_id: int) -> Reporter:
        api = self.apis["telegram" if user_id % 2 else "bale"]
        return Reporter(
            api,
            user_id,
            user_id,
            first=self.citizens[user_id - 8] if user_id % 14 in {8, 9, 10} else None,
            adds=user_id % 4 == 1,
            withdraws=user_id % 6 == 3,
            waits=user_id % 11 != 6,
            verdict={0: "fixed", 1: "half", 2: "not_fixed"}.get(user_id % 5, ""),
        )

    # -- before

    async def open_desks(self) -> None:
        """Two desks with two operators each, written down before the service starts."""
        async with self.database() as store:
            await store.write(self._open_desks)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Store]:
        """Beside the service, or after its end."""
        store = Store(self.process.environment[URL], Clock())
        try:
            yield store
        finally:
            await store.close()

    def _open_desks(self, unit: Unit) -> None:
        for name, number in DESKS.items():
            api = self.apis[name]
            desk = unit.desks.make(name, number, "میز")
            unit.desks.cover(desk.id, COVERS if name == "telegram" else None)
            api.group(number, "میز", *OPERATORS[name])
            for user_id, called in OPERATORS[name].items():
                api.meet(user_id, first_name=called)
                who = unit.citizens.meet(name, user_id, called)
                staff.join(unit, who, staff.invite(unit, "operator", None, desk.id))
                self.operators.append(self._operator(name, user_id, called))

    def _operator(self, platform: DialectName, user_id: int, called: str) -> Operator:
        async def known(logical: str) -> int | None:
            """A reply leads somewhere once the number of what it replies to is written down: people are slower."""
            await asyncio.sleep(0.05)
            found = (
                number for name, called, number in self.process.rows(ASKED) if (name, called) == (platform, logical)
            )
            return next(found, None)

        dice = random.Random(self.plan.seed + user_id)
        api, number = self.apis[platform], DESKS[platform]
        return Operator(api, user_id, number, name=called, known=known, over=self.over, dice=dice)

    # -- the town lives

    async def live(self) -> None:
        """Ends when every citizen has done what they wanted, the last kill is over, and all is answered."""
        async with asyncio.TaskGroup() as town:
            for operator in self.operators:
                town.create_task(operator.live())
            town.create_task(self.chaos())
            town.create_task(self.all_report())
        await self.all_answered()

    async def all_report(self) -> None:
        async with asyncio.TaskGroup() as town:
            for citizen in self.citizens:
                town.create_task(citizen.live())
        self.over.set()
        for name, number in DESKS.items():
            self.apis[name].ring(number)

    async def chaos(self) -> None:
        for number in range(self.plan.kills):
            await self.one_life(KILLS[number % len(KILLS)])
            await self.still()
        self.process.environment.pop("DIES_AT_COMMIT", None)
        await self.process.start()
        await self.process.ready()

    async def one_life(self, how: str) -> None:
        """The service starts, works for a while, and is killed, or kills itself at a commit."""
        commit = f"{self.dice.choice(('before', 'after'))} {self.dice.randint(1, COMMITS)}"
        self.process.environment["DIES_AT_COMMIT"] = commit if how == "commit" else ""
        await self.process.start()
        if how == "start":
            await asyncio.sleep(self.dice.uniform(0.2, 3.5))
        elif how == "commit":
            with suppress(TimeoutError):
                await asyncio.wait_for(self.process.ended(), COMMIT_SECONDS)
        else:
            await self.process.ready()
            await self.busy(self.dice.randint(0, MESSAGES * self.plan.citizens // self.plan.kills))
            await asyncio.sleep(self.dice.uniform(0, 0.01))
        by_itself = self.process.running is not None and self.process.running.returncode is not None
        self.kinds.append(f"{how}: {commit}" if how == "commit" and by_itself else how)
        await self.process.kill()


@asynccontextmanager
async def case_town(folder: Path, database: Path | str, plan: CasePlan) -> AsyncIterator[CaseTown]:
    async with AsyncExitStack() as stack:
        apis, settings = await stack.enter_async_context(messengers())
        settings["media__folder"] = str(folder / "media")
        process = Process(database, folder / "log", **settings)
        process.program = ("-c", PROGRAM)
        town = CaseTown(await stack.enter_async_context(ended(process)), apis, plan)
        await asyncio.to_thread(upgrade, process.environment[URL])  # it has a loop of its own
        await town.open_desks()
        yield town
