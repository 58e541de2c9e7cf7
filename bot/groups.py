"""What reaches the bot from groups: nothing, unless the group is a desk and it is meant for the bot there.

Only staff are heard elsewhere, and only when they make a group a desk.

Beside the switchboard, within its transaction. Keeps no words.
"""

from dataclasses import replace
from typing import NamedTuple

from bot.alarms import Alarms
from bot.incoming import Incoming, Membership, Moved
from bot.platforms import Platform
from bot.services import desks, staff
from bot.services.staff import Role
from bot.store import Unit
from bot.store.outbox import Row as OutboxRow
from bot.talks import Reached, Talks


class Heard(NamedTuple):
    """Something for us: `reached` is what it reaches. Of a `stranger` nothing is kept, not even that they exist."""

    incoming: Incoming
    reached: Reached
    stranger: bool = False


def heard(unit: Unit, incoming: Incoming, platform: Platform, talks: Talks) -> Heard | None:
    """Something was said or pressed in a group: what it reaches, and from where; None: it is ignored quietly."""
    if not platform.is_me(incoming.addressed):
        return None
    desk = desks.open_in(unit, incoming.platform, incoming.chat_id)
    if desk is None:
        return _elsewhere(unit, incoming, talks)
    reached = talks.route_in_desk(incoming, replied(unit, incoming))
    return None if reached is None else Heard(replace(incoming, chat_id=desk.chat_id), reached, incoming.anonymous)


def _elsewhere(unit: Unit, incoming: Incoming, talks: Talks) -> Heard | None:
    """In a group that is no desk. A button of ours there is left from a time when it was one."""
    if incoming.press is not None:
        return None if talks.dead is None else Heard(incoming, talks.dead, stranger=True)
    there = talks.route_in_group(incoming)
    return Heard(incoming, there[1]) if there is not None and _may(unit, incoming, there[0]) else None


def replied(unit: Unit, incoming: Incoming) -> str | None:
    """The name of our message that this is a reply to.

    Looked for where it was said: what stood in a group before it became a supergroup has other numbers there, so a
    reply to it is none to us. Its cards stand there anew once they are changed.
    """
    if incoming.reply_to is None:
        return None
    return unit.outbox.named(incoming.platform, incoming.chat_id, incoming.reply_to)


def _may(unit: Unit, incoming: Incoming, role: Role) -> bool:
    member = unit.staff.find(incoming.platform, incoming.user_id)
    return member is not None and staff.may(member.role, role)


def noted(unit: Unit, news: Moved | Membership, alarms: Alarms) -> list[OutboxRow]:
    """What became of a group, or of the bot's place in a chat; what operators are told of it."""
    if isinstance(news, Moved):
        desks.moved(unit, news.platform, news.old, news.new)
    elif news.inside:
        unit.desks.back(news.platform, news.chat_id)
    elif news.private:
        unit.citizens.gone(news.platform, news.chat_id)
    else:
        lost = desks.lost(unit, news.platform, news.chat_id, "the bot was put out")
        if lost is not None:
            return alarms.write(unit, "desk_lost", title=lost.title, platform=lost.platform)
    return []
