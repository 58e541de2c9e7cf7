"""Sends what is in the outbox: in order per chat, at the platform's pace, again after a failure, never lost.

offered after a commit ─┐
                        ├─► chain of the chat ─► pace ─► platform ─► marked sent (many in one transaction)
claimed when due ───────┘                            │
                          try again: put off ◄───────┼──► citizen or desk gone: the chat's rows dropped
                 the group moved: sent there instead ◄┤
                                                     └──► refused: set aside, operators told
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from bot import beats, metrics
from bot.alarms import Alarms
from bot.beats import Beat
from bot.claims import HOLD_SECONDS, Claims
from bot.clock import Clock
from bot.errors import NotEditable, NotYet, StoreDown, Undelivered, trace
from bot.models import RowState
from bot.pace import Pace
from bot.sending import Sender
from bot.services import desks
from bot.store import Store, Unit
from bot.store.outbox import Finished, Row

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
FINISH_SECONDS = 2.0
MOST_HELD = 200
"""So many chats have messages waiting here; what others leave in the database waits there."""
LEAST_CLAIMED = 20
"""So many are claimed even then: alarms are left in the database, and must not wait for the end of an overload."""
ACK_LIFETIME_MS = 10_000
GIVE_UP_AFTER_MS = 6 * 3600 * 1000
"""A message that cannot go out holds its chat so long, then it is set aside and the next one goes."""
LONGEST_WAIT_MS = 60_000
NOT_YET_MS = 1_000
FAILURES_TO_TELL = 20


class Delivery:
    """Delivery to one platform."""

    def __init__(self, sender: Sender, store: Store, pace: Pace, alarms: Alarms, clock: Clock) -> None:
        self.platform = platform = sender.platform
        self._sender = sender
        self._store = store
        self._pace = pace
        self._alarms = alarms
        self._clock = clock
        self._slots = asyncio.Semaphore(platform.in_flight)
        self._chains: dict[int, deque[Row]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: set[asyncio.Task[Any]] = set()
        self._claims = Claims(store, platform.name)
        self._claiming = asyncio.Lock()
        self._finishing = False
        self._closing = False
        self._due = asyncio.Event()
        self._behind: set[int] = set()  # chats with rows to claim once the chain here has ended
        self._failures = 0
        self._told = False
        self._beat = Beat(store, beats.sent(platform.name))
        # Looked up once: that costs more than counting.
        self._pace_waiting = metrics.PACE_WAITING.labels(platform.name)
        self._sent = metrics.SENT.labels(platform.name)

    # -- what comes in

    def offer(self, rows: list[Row]) -> None:
        """Rows just committed. Those claimed by the writer go out now; the others when they can be claimed."""
        for row in rows:
            if row.tries == 0:
                self.look_at(row.chat_id)
            elif row.kind == "ack":
                self._start(self._acknowledge(row))
            else:
                self._chain(row)

    def look_at(self, chat_id: int) -> None:
        """A message waits for this chat that nobody has claimed: it can be once what is here has gone."""
        if chat_id in self._chains:
            self._behind.add(chat_id)
        else:
            self._due.set()

    async def run(self) -> None:
        """Claim what is due, mark what is sent, until cancelled; what is being sent then is cut off."""
        self._finishing = self._closing = False
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._claim_forever())
                group.create_task(self._mark_forever())
                group.create_task(self._hold_forever())
        finally:
            for task in self._tasks:
                task.cancel()
            await self.finish()

    async def finish(self) -> None:
        """Claim nothing more; send what can go in a moment, and mark it. What waits for its pace stays for later."""
        self._finishing = True
        async with self._claiming:
            pass
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)
        self._closing = True
        for task in self._tasks - self._sending:
            task.cancel()
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self._claims.mark()

    @property
    def idle(self) -> bool:
        return not self._tasks and not self._claims.unmarked

    # -- chains

    def _chain(self, row: Row) -> None:
        self._claims.took(row)
        chain = self._chains.get(row.chat_id)
        if chain is not None:
            chain.append(row)
            return
        self._chains[row.chat_id] = deque([row])
        self._start(self._drain(row.chat_id))

    def _start(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, chat_id: int) -> None:
        chain = self._chains[chat_id]
        try:
            while chain and not self._closing:
                if not await self._deliver(chain[0]):
                    break
                self._claims.dropped([chain.popleft()])
        except Exception:
            # The database did not take the result. The lease ends by itself and the row comes up again.
            log.exception("delivery_interrupted", extra={"platform": self.platform.name})
        finally:
            self._claims.dropped(self._chains.pop(chat_id))
            if chat_id in self._behind:
                self._behind.discard(chat_id)
                self._due.set()

    async def _deliver(self, row: Row) -> bool:
        """Send one row. False: it must wait, and what follows in its chat with it."""
        self._pace_waiting.inc()
        try:
            await self._pace.turn(row.chat_id, self.platform.most_a_minute(row.chat_id))
        finally:
            self._pace_waiting.dec()
        async with self._slots, self._not_to_be_cut_off():
            if not self._claims.sure(row):  # another process may send it by now; it comes up again when it is free
                log.warning("claim_doubtful", extra={"platform": self.platform.name, "row": row.id})
                return False
            row = self._claims.ours(row)
            try:
                number = await self._send(row)
            except NotYet:
                await self._store.write(partial(_keep_back, row=row))
                return False
            except Undelivered as error:
                return await self._undelivered(row, error)
            except StoreDown:
                raise  # no fault of the message: it comes up again when its lease ends
            except Exception as error:
                log.exception("send_failed", extra={"platform": self.platform.name, "row": row.id})
                return await self._undelivered(row, Undelivered(trace(error), ours=True))
            self._claims.end(Finished(row.id, RowState.DONE, number))
            self._pace.went_through()
            await self._succeeded()
            return True

    @asynccontextmanager
    async def _not_to_be_cut_off(self) -> AsyncIterator[None]:
        """From its sending to its end written down, an orderly stop waits for a message."""
        task = asyncio.current_task()
        if task is not None:
            self._sending.add(task)
        try:
            yield
        finally:
            if task is not None:
                self._sending.discard(task)

    async def _send(self, row: Row) -> int | None:
        body = json.loads(row.body)
        if row.kind == "edit":
            target = await self._target(row)
            if target is not None:
                try:
                    await self.platform.edit(row.chat_id, target, body)
                except NotEditable:
                    pass  # sent anew below
                else:
                    metrics.EDITED.labels(self.platform.name).inc()
                    return target
        number = await self._sender.send(row, body)
        self._sent.inc()
        return number

    async def _target(self, row: Row) -> int | None:
        """The number of the message that an edit changes."""
        if row.ref is not None:
            return int(row.ref)
        logical = row.logical
        if logical is None:
            return None
        await self._claims.mark()  # it may have been sent a moment ago
        return await self._store.read(lambda unit: unit.outbox.message_of(row.platform, row.chat_id, logical))

    async def _acknowledge(self, row: Row) -> None:
        """At once or not at all: a button that spins longer has been given up by its citizen."""
        state = RowState.DROPPED
        try:
            async with self._slots, self._not_to_be_cut_off():
                if row.ref is not None and self._clock.millis() - row.created_at < ACK_LIFETIME_MS:
                    await self._answer(row.chat_id, row.ref, json.loads(row.body))
                    state = RowState.DONE
        except Undelivered as error:
            log.info("acknowledgement_dropped", extra={"platform": self.platform.name, "why": error.reason})
        except Exception:
            log.exception("acknowledgement_failed", extra={"platform": self.platform.name})
        self._claims.end(Finished(row.id, state))

    async def _answer(self, chat_id: int, press_id: str, body: dict[str, Any]) -> None:
        word = body["alert"]
        await self.platform.acknowledge(press_id, word, stays=body.get("stays", False))
        if word and not self.platform.shows_words(press_id):
            await self.platform.send(chat_id, {"text": [["", word]]})

    # -- how it ended

    async def _undelivered(self, row: Row, error: Undelivered) -> bool:
        """Returns whether the chat may go on with its next row."""
        extra = {"platform": self.platform.name, "row": row.id, "tries": row.tries, "why": error.reason}
        metrics.FAILED.labels(self.platform.name, _cause(error)).inc()
        if error.gone:
            log.info("citizen_gone", extra=extra)
            await self._store.write(partial(self._drop, row=row, why=error.reason))
            return False
        if error.moved_to is not None and error.moved_to != row.chat_id:
            log.info("group_moved", extra=extra)
            self._behind.add(row.chat_id)
            async with self._claiming:  # what is held here is not claimed, and these are to be: nobody may look between
                chain = self._chains[row.chat_id]
                self._claims.dropped(chain)
                chain.clear()
                await self._store.write(partial(_move, row=row, to=error.moved_to))
            return False
        if error.flood and error.retry_ms is not None:
            await self._pace.complained(row.chat_id, error.retry_ms / 1000)
        if error.retry_ms is None or self._clock.millis() - row.created_at > GIVE_UP_AFTER_MS:
            log.error("message_refused", extra=extra)
            # Trouble that lasts is told once, not message by message.
            await self._store.write(partial(self._refuse, row=row, why=error.reason, tell=error.retry_ms is None))
            self._due.set()
            return True
        wait = max(error.retry_ms, min(LONGEST_WAIT_MS, 500 * 2 ** min(row.tries, 10)))
        log.warning("message_put_off", extra=extra | {"wait_ms": wait})
        await self._store.write(lambda unit: unit.outbox.put_off(row, wait, error.reason))
        await self._failed(at_once=error.ours)
        return False

    def _drop(self, unit: Unit, row: Row, why: str) -> None:
        """Nobody can be written to there. A desk is looked for first: a group may have the number of a citizen."""
        is_desk = unit.desks.find(row.platform, row.chat_id) is not None
        lost = desks.lost(unit, row.platform, row.chat_id, why)
        if lost is not None:
            self._alarms.write(unit, "desk_lost", title=lost.title, platform=lost.platform)
        if not is_desk and not self.platform.is_group(row.chat_id):
            unit.citizens.gone(row.platform, row.chat_id)

    def _refuse(self, unit: Unit, row: Row, why: str, *, tell: bool) -> None:
        unit.outbox.finish([Finished(row.id, RowState.SET_ASIDE, error=why)])
        is_alarm = (row.platform, row.chat_id) in self._alarms.chats  # an alarm about an alarm would never end
        if tell and not is_alarm:
            self._alarms.count(unit, "refused", self.platform.name, row=row.id, error=why)

    async def _failed(self, *, at_once: bool) -> None:
        """The beginning of trouble is told from here, its end by the watch: one message that gets through is none."""
        self._failures += 1
        if not self._told and (at_once or self._failures >= FAILURES_TO_TELL):
            self._told = True
            await self._alarms.begin("delivery", self.platform.name)

    async def _succeeded(self) -> None:
        self._failures = 0
        self._told = False
        await self._beat.now()

    # -- the database

    async def _mark_forever(self) -> None:
        while True:
            await self._claims.ended.wait()
            try:
                await self._claims.mark()
            except Exception:
                log.exception("marks_waiting", extra={"platform": self.platform.name})
                await asyncio.sleep(TICK_SECONDS)

    async def _claim_forever(self) -> None:
        while True:
            self._due.clear()
            try:
                async with self._claiming:
                    await self._claim()
            except Exception:
                log.exception("claim_failed", extra={"platform": self.platform.name})
            try:
                async with asyncio.timeout(TICK_SECONDS):
                    await self._due.wait()
            except TimeoutError:
                pass

    async def _claim(self) -> None:
        if self._finishing:
            return
        # What is here is ours, even if its lease ended unnoticed, as when the machine slept.
        held = {row.id for row in self._held()} | self._claims.unmarked
        claimed = await self._claims.claim(max(MOST_HELD - len(self._chains), LEAST_CLAIMED))
        for row in claimed:
            if self._claims.has(row):
                self._claims.took(row)
        rows = [row for row in claimed if row.id not in held]
        # Only the first that waits in a chat was taken; there may be more.
        self._behind.update(row.chat_id for row in rows if row.kind != "ack")
        self.offer(rows)

    async def _hold_forever(self) -> None:
        """Rows that wait here for their turn stay ours."""
        while True:
            try:
                await self._claims.hold()
            except Exception:
                log.exception("hold_failed", extra={"platform": self.platform.name})
            await asyncio.sleep(HOLD_SECONDS)

    def _held(self) -> Iterator[Row]:
        return (row for chain in self._chains.values() for row in chain)


def _keep_back(unit: Unit, row: Row) -> None:
    unit.outbox.keep_back(row, NOT_YET_MS, "waits for its files")


def _cause(error: Undelivered) -> str:
    """Why a message did not go, in one word."""
    if error.gone:
        return "gone"
    if error.flood:
        return "flood"
    if error.ours:
        return "ours"
    return "refused" if error.retry_ms is None else "network"


def _move(unit: Unit, row: Row, to: int) -> None:
    """The group has another number: this row and those behind it go there, this one at once."""
    desks.moved(unit, row.platform, row.chat_id, to)
    wait = 0 if row.tries == 1 else min(LONGEST_WAIT_MS, 500 * 2 ** min(row.tries, 10))
    unit.outbox.put_off(replace(row, chat_id=to), wait, "the group has another number")
