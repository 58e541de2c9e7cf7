"""Somebody abuses the page: it costs us little, and others are served meanwhile. The service runs as a process.

The figures are printed; how fast others are served is asserted by the soak alone, as it depends on the machine.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.config import ROOT
from tests.process import PATIENCE, Process, ended
from tests.web.pictures import photo
from web.files import AT_ONCE_OF_VISITOR

MESSAGES = 100
"""A visitor may send so many a minute."""
OTHERS = 20
GAP_SECONDS = 0.03
"""Between two messages of all others together: so none of them says too much."""
SERVED_MILLIS = 300
MEMORY_MEGABYTES = 100
"""So much more may be in use after an attack: far less than what was thrown at us."""


@dataclass
class Attack:
    """What came of an attack: answers by status, bytes that left the attacker, seconds; how long others waited."""

    answers: dict[str, int]
    sent: int
    seconds: float
    waited: list[float]
    more_memory: int

    @property
    def p99(self) -> float:
        return sorted(self.waited)[int(len(self.waited) * 0.99)] * 1000


class Siege:
    """The service, somebody to attack it, and others who only want an answer."""

    def __init__(self, service: Process, others: list[httpx.AsyncClient], attacker: httpx.AsyncClient) -> None:
        self.service = service
        self.others = others
        self.attacker = attacker
        self.least = 50
        self._said = 0

    async def attack(self, what: str, count: int) -> Attack:
        """Attack, serve others all the while, and print how it went."""
        assert self.service.running is not None
        status = Path(f"/proc/{self.service.running.pid}")
        (status / "clear_refs").write_text("5", encoding="ascii")  # what was most in use is counted anew (proc(5))
        before = _memory(status)
        attacking = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.web.flood",
            self.service.page, what, str(count), self.attacker.cookies["hamyar14"],
            cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        watching = asyncio.create_task(attacking.wait())
        try:
            waited = await self._serve(watching if what != "slow" else None)
            output, _ = await attacking.communicate(b"")
        finally:
            if attacking.returncode is None:
                attacking.kill()
            await watching
        found = Attack(**json.loads(output), waited=waited, more_memory=_memory(status) - before)
        self._print(what, count, found)
        return found

    async def _serve(self, until: "asyncio.Task[int] | None") -> list[float]:
        """Messages of others, one after the other: till the attack is over, some at the least."""
        waited: list[float] = []
        while len(waited) < self.least or (until is not None and not until.done()):
            other = self.others[self._said % OTHERS]
            self._said += 1
            began = time.perf_counter()
            answer = await other.post("/api/messages", json={"client_id": f"other-{self._said:05}", "text": "سلام"})
            waited.append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.text
            await asyncio.sleep(GAP_SECONDS)
        return waited

    def _print(self, what: str, count: int, attack: Attack) -> None:
        print(  # noqa: T201 - figures for whoever runs it
            f"\n{what} × {count}: {attack.answers}, {attack.sent / 2**20:.1f} MB sent in {attack.seconds} s; "
            f"{len(attack.waited)} messages of others: p50 {sorted(attack.waited)[len(attack.waited) // 2] * 1000:.0f} "
            f"p99 {attack.p99:.0f} max {max(attack.waited) * 1000:.0f} ms; +{attack.more_memory} MB"
        )


def _memory(status: Path) -> int:
    """Megabytes that were in use at the most."""
    lines = (status / "status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


@pytest.fixture
async def siege(tmp_path: Path) -> AsyncIterator[Siege]:
    settings: dict[str, Any] = {
        "web__enabled": "true",
        "web__port": 0,
        "web__messages_per_minute": MESSAGES,
        "web__address_messages_per_minute": MESSAGES * OTHERS * 2,  # others and the attacker share the address
        "media__folder": tmp_path / "media",
    }
    async with ended(Process(tmp_path / "page.db", tmp_path / "log", **settings)) as service, AsyncExitStack() as stack:
        await service.start()
        await service.ready()
        visitors = [await stack.enter_async_context(visitor(service.page)) for _ in range(OTHERS + 1)]
        yield Siege(service, visitors[1:], visitors[0])


@asynccontextmanager
async def visitor(page: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=page, timeout=PATIENCE, verify=False) as browser:
        await browser.get("/")
        await browser.post("/api/messages", json={"client_id": "hello-01", "start": True})
        yield browser


async def flood_of_messages(siege: Siege, count: int) -> Attack:
    found = await siege.attack("messages", count)
    # The hello was one; a few more come free while the minute goes on.
    assert MESSAGES - 1 <= found.answers["200"] <= MESSAGES + found.seconds * MESSAGES / 60 + 1
    assert found.answers["429"] == count - found.answers["200"]
    return found


async def uploads_too_big(siege: Siege, count: int) -> Attack:
    found = await siege.attack("uploads", count)
    # Whoever goes on sending for too long after the answer may lose it with the line.
    assert set(found.answers) <= {"413", "429", "0"}
    assert found.answers["413"] > 0
    assert found.sent < count * 30 * 2**20  # what fits into the lines' own buffers, or our limit
    assert found.more_memory < MEMORY_MEGABYTES
    return found


async def bombs(siege: Siege, count: int) -> Attack:
    found = await siege.attack("bombs", count)
    assert set(found.answers) <= {"400", "429"}
    assert found.answers["400"] > 0
    assert found.more_memory < MEMORY_MEGABYTES
    return found


async def uploads_without_end(siege: Siege, count: int) -> None:
    found = await siege.attack("slow", count)

    assert found.answers == {"429": count - AT_ONCE_OF_VISITOR}
    # What was begun is over with its lines.
    answer = await siege.attacker.post("/api/files", params={"name": "a.jpg"}, content=photo())
    assert answer.status_code == 200


async def test_an_attacker_is_refused_and_costs_little(siege: Siege) -> None:
    """One service bears it all, one after the other: to start it takes longer than most attacks."""
    siege.least = 30
    await uploads_without_end(siege, 10)
    foreign = await siege.attack("foreign", 5)
    forged = await siege.attack("forged", 5)
    assert (foreign.answers, forged.answers) == ({"403": 10}, {"401": 5})
    await uploads_too_big(siege, 4)
    await bombs(siege, 3)
    await flood_of_messages(siege, 400)


@pytest.mark.soak
async def test_others_are_served_in_time_whatever_is_done(siege: Siege) -> None:
    siege.least = 200
    found = [
        await flood_of_messages(siege, 10_000),
        await siege.attack("foreign", 100),
        await siege.attack("forged", 20),
        await uploads_too_big(siege, 15),
        await bombs(siege, 10),
        await siege.attack("slow", 100),
        await siege.attack("silent", 500),
    ]

    assert found[-1].answers == {"0": 500}
    assert [attack.p99 for attack in found if attack.p99 > SERVED_MILLIS] == []
