"""What reaches the bot from groups: nothing, unless the group is a desk and it is meant for the bot there.

Beside the switchboard, within its transaction. Keeps no words.
"""

from dataclasses import replace

from bot.alarms import Alarms
from bot.incoming import Incoming, Membership, Moved
from bot.platforms import Platform
from bot.services import desks
from bot.store import Unit
from bot.store.outbox import Row as OutboxRow
from bot.talks import Reached, Talks


def heard(unit: Unit, incoming: Incoming, platform: Platform, talks: Talks) -> tuple[Incoming, Reached] | None:
    """Something was said or pressed in a group: what it reaches, and from where; None: it is ignored quietly.

    Whoever lets groups become desks by a command asks for it before the first `return`.
    """
    desk = desks.open_in(unit, incoming.platform, incoming.chat_id)
    if desk is None or not platform.is_me(incoming.addressed):
        return None
    reached = talks.route_in_desk(incoming)
    return None if reached is None else (replace(incoming, chat_id=desk.chat_id), reached)


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
