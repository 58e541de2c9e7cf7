"""What goes wrong, by script or by chance. Does not know what the methods do."""

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.botapi.answers import Answer, ApiError
from tests.botapi.telegram import Telegram
from tests.botapi.updates import Updates

_GATEWAY = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong, so many times, with one method or all ("*"), in one chat or all."""

    kind: Literal["answer", "cut", "half", "lost", "slow"]
    method: str
    times: float = 1
    chat_id: int | None = None
    answer: Answer | None = None
    seconds: float = 0
    until: float = math.inf

    def concerns(self, method: str, chat_id: int | None) -> bool:
        return self.method in {"*", method} and self.chat_id in {None, chat_id}

    @property
    def over(self) -> bool:
        return self.times <= 0 or time.monotonic() > self.until


@dataclass(frozen=True, slots=True)
class Storm:
    """Periods of 429 that come again and again."""

    seconds: float
    every: float
    start: float

    def seconds_left(self) -> int:
        """Whole seconds until the storm is over, 0 when there is none."""
        rounds, into = divmod(time.monotonic() - self.start, self.every)
        return math.ceil(self.seconds - into) if rounds >= 1 and into < self.seconds else 0


class Faults:
    """The script of what goes wrong. `times=None` means for ever; `clear()` ends everything.

    The fetching of a file counts as a method called "download".
    """

    def __init__(self, dialect: Telegram, updates: Updates) -> None:
        self._dialect = dialect
        self._updates = updates
        self._script: list[Fault] = []
        self._rates: dict[str, float] = {}
        self._random = random.Random(0)
        self._storm: Storm | None = None
        self.happened: Counter[str] = Counter()
        # Calls that were carried out although their caller never heard of it, by method.
        self.unheard: Counter[str] = Counter()

    def fail_next(
        self, method: str, status: int, said: str | bytes, times: int | None = 1, chat_id: int | None = None
    ) -> None:
        """Refuse: a text is the description in the usual envelope, bytes are the whole body."""
        answer = Answer(status, said) if isinstance(said, bytes) else ApiError(status, said).answer()
        self._add(Fault("answer", method, _times(times), chat_id, answer))

    def retry_after(
        self, seconds: int, method: str = "sendMessage", times: int | None = 1, chat_id: int | None = None
    ) -> None:
        """429 with the seconds to wait."""
        answer = self._dialect.too_many(seconds).answer()
        self._add(Fault("answer", method, _times(times), chat_id, answer))

    def local_rate_limited(self, method: str = "sendMessage", times: int | None = 1) -> None:
        """429 from Bale's gateway: plain text, no hint how long."""
        self._add(Fault("answer", method, _times(times), answer=_plain_429()))

    def bad_gateway(self, method: str = "*", times: int | None = 1) -> None:
        """502 with a page of HTML."""
        self._add(Fault("answer", method, _times(times), answer=_bad_gateway()))

    def not_ok(self, method: str, status: int, description: str, times: int | None = 1) -> None:
        """A refusal inside HTTP 200."""
        self._add(Fault("answer", method, _times(times), answer=ApiError(status, description).answer(200)))

    def away(self, seconds: float, method: str = "getUpdates", status: int = 404) -> None:
        """Refuse for a period."""
        answer = ApiError(status, "Not Found" if status == 404 else "Internal Server Error").answer()
        self._add(Fault("answer", method, math.inf, answer=answer, until=time.monotonic() + seconds))

    def garbage(self, method: str = "*", times: int | None = 1) -> None:
        """200 with a body that is not JSON, and nothing done."""
        self._add(Fault("answer", method, _times(times), answer=_garbage()))

    def slow(self, seconds: float, method: str = "*", times: int | None = 1) -> None:
        """Wait before handling."""
        self._add(Fault("slow", method, _times(times), seconds=seconds))

    def cut(self, method: str = "*", times: int | None = 1) -> None:
        """Cut the connection before handling."""
        self._add(Fault("cut", method, _times(times)))

    def cut_midway(self, method: str = "download", times: int | None = 1) -> None:
        """Handle, then cut the connection in the middle of the answer."""
        self._add(Fault("half", method, _times(times)))

    def lose_answer(self, method: str = "sendMessage", times: int | None = 1, chat_id: int | None = None) -> None:
        """Handle, then cut the connection: the message was delivered."""
        self._add(Fault("lost", method, _times(times), chat_id))

    def duplicate_next_updates(self, count: int = 1) -> None:
        """Deliver updates once more which were confirmed already; by webhook, the next ones twice."""
        self._updates.repeat(count)

    def at_random(self, rates: dict[str, float], seed: int = 0) -> None:
        """Go wrong by chance: kinds are those of `_BY_CHANCE`, and "duplicate" for each update."""
        unknown = rates.keys() - _BY_CHANCE.keys() - {"duplicate"}
        if unknown:
            raise ValueError(f"no such faults: {', '.join(sorted(unknown))}")
        self._rates = {kind: rate for kind, rate in rates.items() if kind != "duplicate"}
        self._random = random.Random(seed)
        self._updates.repeat_by_chance(rates.get("duplicate", 0), seed)

    def mix(
        self,
        *,
        seed: int = 0,
        errors: float = 0.05,
        cuts: float = 0.02,
        lost: float = 0.01,
        duplicates: float = 0.02,
        storm_seconds: float = 0,
        storm_every: float = 0,
    ) -> None:
        """Everything that a soak wants: shares of calls, of updates, and storms of 429 on all that is sent.

        A storm comes `storm_every` seconds after now, and after the beginning of the last one.
        """
        self.at_random({"500": errors, "cut": cuts, "lost": lost, "duplicate": duplicates}, seed)
        self._storm = Storm(storm_seconds, storm_every, time.monotonic()) if storm_every else None

    def counts(self) -> dict[str, int]:
        """How often each kind happened."""
        repeated = self._updates.repeated
        return {**self.happened, "duplicate": repeated} if repeated else dict(self.happened)

    def clear(self) -> None:
        """From now on all goes well."""
        self._script.clear()
        self._rates = {}
        self._storm = None
        self._updates.repeat_by_chance(0)

    async def strike(self, method: str, chat_id: int | None) -> Fault | None:
        """What goes wrong with this call; slowness is over when this returns."""
        if not self._script and not self._rates and self._storm is None:
            return None
        fault = self._next("slow", method, chat_id)
        if fault is not None:
            await asyncio.sleep(fault.seconds)
        return self._next("other", method, chat_id) or self._stormy(method) or await self._chance(method)

    def _add(self, fault: Fault) -> None:
        fault.method = fault.method.lower()
        self._script.append(fault)

    def _next(self, kind: Literal["slow", "other"], method: str, chat_id: int | None) -> Fault | None:
        self._script = [fault for fault in self._script if not fault.over]
        for fault in self._script:
            if (fault.kind == "slow") == (kind == "slow") and fault.concerns(method, chat_id):
                fault.times -= 1
                self.happened[fault.kind] += 1
                return fault
        return None

    def _stormy(self, method: str) -> Fault | None:
        if self._storm is None or not method.startswith(("send", "edit")):
            return None
        seconds = self._storm.seconds_left()
        if not seconds:
            return None
        self.happened["storm"] += 1
        return Fault("answer", method, answer=self._dialect.too_many(seconds).answer())

    async def _chance(self, method: str) -> Fault | None:
        for kind, rate in self._rates.items():
            if self._random.random() >= rate:
                continue
            self.happened[kind] += 1
            fault = _BY_CHANCE[kind](method, self._dialect)
            if fault.kind != "slow":
                return fault
            await asyncio.sleep(fault.seconds)
        return None


def _times(times: int | None) -> float:
    return math.inf if times is None else times


def _plain_429() -> Answer:
    return Answer(429, b"local_rate_limited", "text/plain")


def _bad_gateway() -> Answer:
    return Answer(502, _GATEWAY, "text/html")


def _garbage() -> Answer:
    return Answer(200, b'{"ok":true,"result":', "application/json")


def _rubbish(method: str) -> Fault:
    """A file cannot be told from rubbish, so a download is only cut short."""
    return Fault("half", method) if method == "download" else Fault("answer", method, answer=_garbage())


_BY_CHANCE: dict[str, Callable[[str, Telegram], Fault]] = {
    "429": lambda method, dialect: Fault("answer", method, answer=dialect.too_many(1).answer()),
    "429 plain": lambda method, _: Fault("answer", method, answer=_plain_429()),
    "500": lambda method, _: Fault("answer", method, answer=ApiError(500, "Internal Server Error").answer()),
    "502": lambda method, _: Fault("answer", method, answer=_bad_gateway()),
    "garbage": lambda method, _: _rubbish(method),
    "half": lambda method, _: Fault("half", method),
    "cut": lambda method, _: Fault("cut", method),
    "lost": lambda method, _: Fault("lost", method),
    "slow": lambda method, _: Fault("slow", method, seconds=0.3),
}
