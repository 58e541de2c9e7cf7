"""«این گروه برای همیار ۱۴ چیست؟»: asked by staff in their group.

/desk in a desk                                   -> what this group is to the bot, and since when
a command of an admin who hides behind the group -> how to show who they are
"""

from bot.flow import Conversation, Turn
from bot.services import desks

talk = Conversation("desk")


@talk.desk_command("desk")
def tell(turn: Turn) -> None:
    desk = desks.about(turn.unit, turn.incoming.platform, turn.incoming.chat_id)
    if desk is not None:
        turn.say("desk", title=desk.title, since=desk.since)


@talk.nameless
def ask_for_name(turn: Turn) -> None:
    turn.say("anonymous")
