"""Albums: several updates that are one message. They wait until no more come, and reach the step as one turn."""

from dataclasses import dataclass, replace

from bot.incoming import Event, Incoming
from bot.store import Unit
from bot.store.inbox import Row

QUIET_MS = 1_000
"""So long after its newest part an album is whole."""
LONGEST_MS = 5_000
"""Whoever sends parts for ever is answered in between."""
MOST_PARTS = 20
"""In one turn. Messengers put ten into an album."""

WHOLE = "whole:"
"""So begins the mark of an album whose parts are all stored in one transaction: nothing is waited for."""


@dataclass(frozen=True, slots=True)
class Album:
    """The parts that are there, in their order; `wait_ms`: more may come so long. `whole`: none can."""

    rows: list[Row]
    wait_ms: int
    whole: bool = False


def gather(unit: Unit, platform: str, chat_id: int, row: Row) -> Album:
    """The album that a waiting row belongs to."""
    rows, now = unit.inbox.parts(platform, chat_id, row.album or "", MOST_PARTS)
    # Several connections may bring updates in another order than they were sent in.
    rows.sort(key=lambda part: part.update_id)
    if (row.album or "").startswith(WHOLE):
        return Album(rows, 0, whole=True)
    return Album(rows, _wait_ms(rows, now))


def joined(events: list[Event]) -> Event | None:
    """One message of all the files; its words are those of the part that has any. What is no message comes alone."""
    parts = [event for event in events if isinstance(event, Incoming)]
    if not parts:
        return events[0] if events else None
    worded = next((part for part in parts if part.text), parts[0])
    answered = next((part.reply_to for part in parts if part.reply_to is not None), None)
    files = tuple(file for part in parts for file in part.files)
    return replace(worded, kind=parts[0].kind, files=files, reply_to=answered)


def _wait_ms(rows: list[Row], now: int) -> int:
    if not rows or len(rows) >= MOST_PARTS:
        return 0
    times = [row.received_at for row in rows]
    return max(0, min(max(times) + QUIET_MS, min(times) + LONGEST_MS) - now)
