"""A little conversation for tests: it keeps what a citizen sends, shows it again, and sends it on.

/keep, under a file or before one -> kept, shown again, sent on to whom /to named
"""

import asyncio
from dataclasses import replace

from sqlalchemy import func, select

from bot import markup, outbox
from bot.app import App
from bot.content import Wording
from bot.flow import Button, Conversation, Keyboard, Talks, Turn
from bot.loading import Loaded, find_talks
from bot.markup import spans
from bot.models import files
from bot.store import Unit
from bot.store.outbox import Outgoing
from tests.citizen import PATIENCE, rows_of

talk = Conversation("post")


@talk.command("to")
def to(turn: Turn) -> None:
    """`/to telegram:501` names who gets a copy of what is sent next."""
    turn.memory["to"] = turn.argument
    turn.say("send")
    turn.go(take)


@talk.command("keep")
def keep(turn: Turn) -> None:
    if turn.files:
        take(turn)
    else:
        turn.say("send")
        turn.go(take)


@talk.step
def take(turn: Turn) -> None:
    kept = turn.keep()
    turn.say("kept", count=len(kept), words=turn.text, files=kept)
    platform, _, number = turn.memory.get("to", "").partition(":")
    if platform:
        on = outbox.bodies(spans("**فرستاده شد**"), files=kept)
        turn.replies += [Outgoing(platform, int(number), "send", body) for body in on]
    turn.end()


@talk.command("long")
def long(turn: Turn) -> None:
    """More words than any caption holds."""
    turn.tell("بسیار " * 200, files=turn.keep())


@talk.command("ask")
def ask(turn: Turn) -> None:
    """With a button under it."""
    turn.tell("درست است؟", Keyboard(inline=[[Button("بله", "post:yes")]]), turn.keep())


@talk.command("point")
def point(turn: Turn) -> None:
    turn.say("send")
    turn.go(pointed)


@talk.step
def pointed(turn: Turn) -> None:
    if turn.spot is not None:
        turn.show_spot(turn.spot)
    if turn.contact is not None:
        turn.show_contact(turn.contact)
        turn.say("own" if turn.contact.own else "foreign")


WORDS = Wording(
    "post",
    texts={
        "send": spans("بفرستید."),
        "kept": spans("{count} پرونده: {words}"),
        "own": spans("شماره خودتان"),
        "foreign": spans("شماره دیگری"),
    },
)


def with_post(loaded: Loaded) -> Loaded:
    """The bot with this conversation more."""
    talks = Talks([*find_talks(), (talk, WORDS)])
    return replace(loaded, library=replace(loaded.library, talks=talks))


async def fetched(app: App, seconds: float = PATIENCE) -> list[dict[str, object]]:
    """Wait until no file is waiting to be fetched; the rows."""

    def waiting(unit: Unit) -> int:
        look = unit.inbox._connection
        return int(look.execute(select(func.count()).where(files.c.state == 0)).scalar_one())

    async with asyncio.timeout(seconds):
        while await app.store.read(waiting):
            await asyncio.sleep(0.005)
    return await app.store.read(lambda unit: rows_of(unit, files))


def plain(body: list[list[str]]) -> str:
    return markup.plain(markup.from_json(body))
