"""A quick poll: one tap under the message that asks."""

from bot.flow import Conversation, Turn
from bot.services import taking_part

talk = Conversation("poll")


@talk.button("vote")
def vote(turn: Turn) -> None:
    taking_part.ballot(turn.argument)
