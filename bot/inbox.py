"""Updates into the inbox, however they came; whoever brings them acknowledges only what is stored.

Nothing is parsed here but the numbers that a row is kept under, so no update can stop its bringer.
"""

import hashlib
import json
import logging
from typing import Any

from bot import metrics
from bot.platforms import Platform
from bot.platforms.attached import album
from bot.platforms.reading import chat_of, is_id
from bot.store import Store, Unit
from bot.store.inbox import Received

log = logging.getLogger(__name__)

TOO_DEEP = '{"too_deep":true}'
"""Stands for an update of so many levels that it cannot be written down; no platform makes one."""


async def receive(store: Store, platform: Platform, updates: list[Any]) -> int:
    """Store raw updates of a platform, once each; return how many were new."""
    rows = [_row(platform, update) for update in updates]

    def work(unit: Unit) -> int:
        chats = unit.inbox.receive(platform.name, rows)
        unit.chats.arrived(platform.name, chats)
        return len(chats)

    new = await store.write(work)
    metrics.UPDATES.labels(platform.name).inc(new)
    return new


def _row(platform: Platform, update: Any) -> Received:  # noqa: ANN401 - whatever a platform sends
    chat_id = chat_of(update)
    if isinstance(update, dict):
        try:
            update = platform.repair(update)
        except Exception:
            log.exception("repair_failed", extra={"platform": platform.name})
    raw = _ascii(update)
    number = number_of(update)
    if number is None:
        # Kept under a number of ours, below zero where no platform counts; it will be set aside with its error.
        number = -int.from_bytes(hashlib.sha256(raw.encode()).digest()[:7])
    return Received(platform.bot_id, number, chat_id, raw, album(update))


def _ascii(update: object) -> str:
    """JSON without anything a database could refuse: halves of surrogate pairs stay escaped."""
    try:
        return json.dumps(update, separators=(",", ":"))
    except RecursionError:
        return TOO_DEEP


def number_of(update: object) -> int | None:
    """The platform's number of an update, if it has one that the database can hold."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if is_id(number) else None
