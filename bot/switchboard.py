"""From a stored update to a finished turn: claims chats, prepares, runs the step, hands over what was said.

claim a chat ─► read the update ─► look up answers ─► ┌ the lease is still ours ┐ ─► commit ─► delivery
                    │                                  │ citizen and place       │
                    └─ unreadable: set aside           │ step                    │
                                                       │ place, replies, done    │
raised: try again later, the third time set aside ◄─── └─────────────────────────┘
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from bot import albums, groups, metrics
from bot.alarms import Alarms
from bot.answers import Reply
from bot.clock import Clock
from bot.errors import CitizenError, StoreDown, Unprepared, Unreadable, trace
from bot.flow import Library, Turn, gathered
from bot.incoming import Event, Incoming
from bot.platforms import Platform
from bot.platforms.reading import is_of_group, read
from bot.services import staff, traces
from bot.store import Store, Unit
from bot.store.chats import Claimed
from bot.store.citizens import Citizen
from bot.store.inbox import Row
from bot.store.outbox import Outgoing
from bot.store.outbox import Row as OutboxRow
from bot.talks import Reached, Talks

log = logging.getLogger(__name__)

CHATS_AT_ONCE = 64
ROWS_A_CLAIM = 10
MOST_RAISED = 3
MOST_CLAIMS = 5
IDLE_SECONDS = 1.0
FIRST_POLL_SECONDS = 2.0
REST_TRIES = 60
"""Until the lease ends by itself."""
NOTHING_THERE_MS = 60_000
PAUSES_MS = (1_000, 5_000)
"""After a step raised once, and twice."""

Deliver = Callable[[list[OutboxRow]], None]
At = tuple[Citizen, str | None, str]
"""Who speaks, the place where they stand, and the JSON of what was gathered there."""


def _nothing() -> None:
    """Nobody fetches."""


class LeaseLost(Exception):
    """Another worker has the chat by now; everything of this turn is undone."""


@dataclass(slots=True)
class House:
    """What every turn needs: what can be said, the platforms, the clock, and who is told of trouble.

    `library` is another one whenever staff have changed something (`bot/refresh.py`).
    """

    library: Library
    platforms: dict[str, Platform]
    clock: Clock
    alarms: Alarms


class Known(NamedTuple):
    """What there is to say, and what of it was found for the words of this turn."""

    library: Library
    found: Reply | None = None


class Switchboard:
    """Handles what waits in the inbox. `holder` names this process in leases; `deliver` takes committed rows.

    `fetch` is called after the turns of messages with files, some of which may be wanted now.
    """

    def __init__(
        self, store: Store, house: House, holder: str, deliver: Deliver, fetch: Callable[[], None] = _nothing
    ) -> None:
        self._store = store
        self._house = house
        self._holder = holder
        self._platforms = tuple(house.platforms)
        self._deliver = deliver
        self._fetch = fetch
        self._waiting = asyncio.Event()
        self._active: set[asyncio.Task[None]] = set()
        self._claiming = asyncio.Lock()
        self._stopping = False
        self._began = 0.0

    def wake(self) -> None:
        """Something arrived: look at once instead of at the next tick."""
        self._waiting.set()

    async def run(self) -> None:
        """Claim and handle until cancelled."""
        self._began = asyncio.get_running_loop().time()
        while not self._stopping:
            self._waiting.clear()
            async with self._claiming:
                claimed = await self._begin()
            if any(chat.is_suspect for chat in claimed):
                await asyncio.wait(self._active)
            if not claimed:
                await _wait(self._waiting, IDLE_SECONDS)

    async def stop(self) -> None:
        """Begin nothing new; finish what has begun."""
        self._stopping = True
        self._waiting.set()
        async with self._claiming:  # what is being claimed at this moment has begun
            pass
        while self._active:
            await asyncio.wait(self._active)

    async def _begin(self) -> list[Claimed]:
        """Claim what there is room for, and a task for each chat."""
        room = CHATS_AT_ONCE - len(self._active)
        claim = partial(self._claim, most=room, quiet=not self._active)
        claimed = await self._store.write(claim) if room and not self._stopping else []
        for chat, rows in claimed:
            task = asyncio.create_task(self._drain(chat, rows))
            self._active.add(task)
            task.add_done_callback(self._freed)
        return [chat for chat, _ in claimed]

    def _freed(self, task: asyncio.Task[None]) -> None:
        self._active.discard(task)
        self._waiting.set()

    def _claim(self, unit: Unit, most: int, *, quiet: bool) -> list[tuple[Claimed, list[Row]]]:
        claimed = unit.chats.claim(self._holder, self._platforms, most, quiet=quiet)
        return [(chat, unit.inbox.waiting(chat.platform, chat.chat_id, ROWS_A_CLAIM)) for chat in claimed]

    async def _drain(self, chat: Claimed, rows: list[Row]) -> None:
        """Handle the claimed rows of one chat in order, then let the chat go if more wait."""
        try:
            # A chat that counts rows which are not there must not be claimed in circles.
            left: int | None = None
            pause_ms = 0 if rows else NOTHING_THERE_MS
            dealt: set[int] = set()
            for row in rows:
                if row.id in dealt:
                    continue
                message = await self._whole(chat, row)
                if message is None:
                    return
                dealt.update(part.id for part in message)
                if chat.tries > MOST_CLAIMS and row is rows[0]:
                    why = f"no end after {chat.tries - 1} tries: it may stop the process"
                    left = await self._set_aside(chat, message, why)
                else:
                    left = await self._handle(chat, message)
                if left is None:
                    return
            if left != 0:
                await self._store.write(partial(self._let_go, chat=chat, pause_ms=pause_ms))
        except Exception:
            log.exception("chat_dropped", extra={"platform": chat.platform})
            await self._rest(chat)

    async def _rest(self, chat: Claimed) -> None:
        """The database did not answer: the chat comes up again soon, or when its lease ends. No row is to blame."""
        for _ in range(REST_TRIES):
            await asyncio.sleep(IDLE_SECONDS)
            if self._stopping:
                return
            with contextlib.suppress(Exception):
                await self._store.write(partial(self._give_back, chat=chat))
                return

    def _give_back(self, unit: Unit, *, chat: Claimed) -> None:
        unit.chats.give_back(chat.platform, chat.chat_id, self._holder)

    def _let_go(self, unit: Unit, *, chat: Claimed, pause_ms: int = 0) -> None:
        unit.chats.let_go(chat.platform, chat.chat_id, self._holder, pause_ms)

    async def _whole(self, chat: Claimed, row: Row) -> list[Row] | None:
        """The rows of one message: this one, or all parts of its album. None: more may come, the chat was let go."""
        if row.album is None:
            return [row]
        album = await self._store.read(partial(albums.gather, platform=chat.platform, chat_id=chat.chat_id, row=row))
        loop = asyncio.get_running_loop()
        # After a start the rest of it may still be with the platform, however old the parts are that are here.
        wait_ms = max(album.wait_ms, int((self._began + FIRST_POLL_SECONDS - loop.time()) * 1000))
        if album.whole or wait_ms <= 0:
            return album.rows or [row]
        await self._store.write(lambda unit: unit.chats.wait(chat.platform, chat.chat_id, self._holder, wait_ms))
        loop.call_later(wait_ms / 1000, self.wake)
        return None

    async def _handle(self, chat: Claimed, rows: list[Row]) -> int | None:
        """One turn. Returns how many rows of the chat still wait; None: stop here, the chat is not ours now."""
        began = time.perf_counter()
        left, outcome = await self._end(chat, rows)
        metrics.turn_ended(outcome, time.perf_counter() - began)
        return left

    async def _end(self, chat: Claimed, rows: list[Row]) -> tuple[int | None, str]:
        """The turn itself, and a word for how it ended.

        What cannot be read of an album is set aside, and the rest of it is a message all the same.
        """
        platform = self._house.platforms[chat.platform]
        left: int | None = None
        readable: list[tuple[Row, Event | None]] = []
        for row in rows:
            try:
                readable.append((row, read(chat.platform, row.raw, platform.bot)))
            except Unreadable as error:
                log.warning("update_unreadable", extra={"row": row.id, "platform": chat.platform, "why": str(error)})
                left = await self._set_aside(chat, [row], str(error))
                if left is None:
                    return None, "set_aside"
        if not readable:
            return left, "set_aside"
        parts = [event for _, event in readable if event is not None]
        return await self._answer(chat, [row for row, _ in readable], albums.joined(parts))

    async def _answer(self, chat: Claimed, rows: list[Row], incoming: Event | None) -> tuple[int | None, str]:
        """What has been read is answered. Returns as `_end` does."""
        try:
            # One library for all of the turn: it may change at any moment, and what was found must be in it.
            library = self._house.library
            found = self._look_up(library, incoming) if isinstance(incoming, Incoming) else None
            known = Known(library, found)
            turn = partial(self._turn, chat=chat, rows=rows, incoming=incoming, known=known)
            try:
                left, said = await self._store.write(turn)
            except Unprepared as need:
                await asyncio.to_thread(need.prepare)
                left, said = await self._store.write(turn)
        except LeaseLost:
            log.warning("lease_lost", extra={"row": rows[0].id, "platform": chat.platform})
            return None, "lease_lost"
        except StoreDown:
            raise
        except Exception as error:
            log.exception("turn_failed", extra={"row": rows[0].id, "platform": chat.platform})
            return await self._failed(chat, rows, trace(error)), "failed"
        self._deliver(said)
        if isinstance(incoming, Incoming) and incoming.files:
            self._fetch()
        return left, "done"

    def _look_up(self, library: Library, incoming: Incoming) -> Reply | None:
        """What the knowledge says, found before the transaction so that it holds nobody up."""
        if not incoming.private or not incoming.text or library.talks.is_called(incoming):
            return None
        return library.answers.reply(incoming.text, self._house.clock.now())

    def _turn(
        self, unit: Unit, *, chat: Claimed, rows: list[Row], incoming: Event | None, known: Known
    ) -> tuple[int, list[OutboxRow]]:
        """The transaction of a turn."""
        left = unit.chats.advance(chat.platform, chat.chat_id, self._holder, len(rows))
        if left is None or not all(unit.inbox.done(row.id) for row in rows):
            raise LeaseLost
        if isinstance(incoming, Incoming) and incoming.private:
            at = _meet(unit, incoming)
            here = (incoming.platform, incoming.chat_id)
            reached = _admitted(unit, known.library.talks, incoming, at)
            turn = self._run_step(unit, incoming, at, reached, known)
            if turn.leaves_nothing:
                for row in rows:
                    unit.inbox.blank(row.id)
            return left, _post(unit, _said(turn), here)
        for row in rows:
            if is_of_group(row.raw):
                unit.inbox.blank(row.id)  # what people say in a group is not for us to keep
        return left, self._in_group(unit, incoming) if incoming is not None else []

    def _in_group(self, unit: Unit, event: Event) -> list[OutboxRow]:
        house = self._house
        if not isinstance(event, Incoming):
            return groups.noted(unit, event, house.alarms)
        heard = groups.heard(unit, event, house.platforms[event.platform], house.library.talks)
        if heard is None:
            return []
        incoming, reached, stranger = heard
        here = (incoming.platform, incoming.chat_id)
        at = (_nobody(incoming), None, "{}") if stranger else _meet(unit, incoming)
        return _post(unit, _said(self._run_step(unit, incoming, at, reached, Known(house.library))), here)

    def _run_step(self, unit: Unit, incoming: Incoming, at: At, reached: Reached, known: Known) -> Turn:
        """Run the step that was reached, keep the citizen's new place."""
        citizen, place, memory = at
        name, step, argument = reached
        stays = known.library.talks.stays(place, name)
        turn = Turn(
            incoming=incoming,
            citizen=citizen,
            unit=unit,
            now=self._house.clock.now(),
            library=known.library,
            found=known.found,
            words=known.library.talks.words[name],
            argument=argument,
            place=place if stays else None,
            was_busy=known.library.talks.is_busy(place),
            stood=known.library.talks.whole(place),
            memory=json.loads(memory) if stays else {},
            came_from=(place, memory),
        )
        turn.acknowledge()
        turn.warn()
        try:
            with unit.attempt():
                step(turn)
        except CitizenError as error:
            turn.take_back()
            turn.warn()
            turn.refuse(error)
        _move(unit, turn, (place, memory))
        return turn

    async def _failed(self, chat: Claimed, rows: list[Row], error: str) -> int | None:
        """The step raised: again later, and the last time set aside with a word to the citizen and the operators."""

        def note(unit: Unit) -> int:
            if not unit.chats.keep(chat.platform, chat.chat_id, self._holder):
                raise LeaseLost
            tries = unit.inbox.failed(rows[0].id, error)
            if tries < MOST_RAISED:
                unit.chats.let_go(chat.platform, chat.chat_id, self._holder, PAUSES_MS[tries - 1])
            return tries

        try:
            tries = await self._store.write(note)
        except LeaseLost:
            return None
        if tries < MOST_RAISED:
            return None
        return await self._set_aside(chat, rows, error, apologise=True)

    async def _set_aside(self, chat: Claimed, rows: list[Row], error: str, *, apologise: bool = False) -> int | None:
        first = rows[0].id

        def work(unit: Unit) -> tuple[int | None, list[OutboxRow]]:
            left = unit.chats.advance(chat.platform, chat.chat_id, self._holder, len(rows))
            strange = is_of_group(rows[0].raw) and unit.desks.find(chat.platform, chat.chat_id) is None
            # What comes from a group that is none of ours is worth a word only if it stops the process.
            quiet = strange and chat.tries <= MOST_CLAIMS
            for row in rows:
                ended = unit.inbox.done(row.id) if quiet else unit.inbox.set_aside(row.id, error)
                if left is None or not ended:
                    raise LeaseLost
                if strange or traces.is_nameless(unit, chat.platform, chat.chat_id, row.raw):
                    unit.inbox.blank(row.id)
            if quiet:
                return left, []
            told = self._house.alarms.count(unit, "set_aside", chat.platform, row=first, error=error)
            if apologise and not strange:
                here = (chat.platform, chat.chat_id)
                told += _post(unit, [self._house.alarms.apology(*here, first)], here)
            return left, told

        try:
            left, said = await self._store.write(work)
        except LeaseLost:
            return None
        self._deliver(said)
        log.error("row_set_aside", extra={"row": first, "platform": chat.platform, "why": error})
        return left


def _admitted(unit: Unit, talks: Talks, incoming: Incoming, at: At) -> Reached:
    """What an update of a private talk reaches, if the citizen may go there."""
    reached = talks.route(incoming, at[1], groups.replied(unit, incoming))
    needed = talks.role_of(reached[0])
    if needed is None:
        return reached
    member = staff.member(unit, at[0])
    return reached if member is not None and staff.may(member.role, needed) else talks.refused(incoming, at[1])


def _nobody(incoming: Incoming) -> Citizen:
    """Stands for an admin who hides behind the group; is not written down."""
    return Citizen(0, incoming.platform, incoming.user_id, None, 0)


def _meet(unit: Unit, incoming: Incoming) -> At:
    """The citizen, the place they stand at, and what the conversation there has gathered."""
    met = unit.citizens.find(incoming.platform, incoming.user_id, incoming.chat_id)
    if met is None:
        return unit.citizens.meet(incoming.platform, incoming.user_id, incoming.name), None, "{}"
    # Whoever speaks in a group may still have blocked the bot.
    if incoming.private and (met.gone or met.citizen.name != incoming.name):
        unit.citizens.back(incoming.platform, incoming.user_id, incoming.name)
    return met.citizen, met.place, met.memory


def _move(unit: Unit, turn: Turn, before: tuple[str | None, str]) -> None:
    """Keep the citizen's place if it is another than before."""
    memory = gathered(turn.memory)
    if (turn.place, memory) == before or (turn.place is None and before[0] is None):
        return
    at = (turn.incoming.platform, turn.incoming.chat_id, turn.incoming.user_id)
    if turn.place is None:
        unit.places.leave(*at)
    else:
        unit.places.move(*at, (turn.place, memory))


def _said(turn: Turn) -> list[Outgoing]:
    said = [replace(one, brief=True) for one in turn.replies] if turn.leaves_nothing else turn.replies
    if not turn.trail:
        return said
    return [replace(one, logical=turn.trail) if one.kind != "ack" and one.logical is None else one for one in said]


def _post(unit: Unit, messages: list[Outgoing], here: tuple[str, int]) -> list[OutboxRow]:
    """Write messages into the outbox.

    Those of the chat that we handle are ours to send at once, unless earlier ones are still on their way. Whoever
    claims them first sends those to other chats: several processes may be writing to one desk at this moment.
    """
    mine = any((m.platform, m.chat_id) == here and m.kind != "ack" for m in messages) and not unit.outbox.queued(*here)
    return [unit.outbox.add(m, claimed=m.kind == "ack" or (mine and (m.platform, m.chat_id) == here)) for m in messages]


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
