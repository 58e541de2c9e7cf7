"""A citizen answers a survey."""

from bot.flow import Conversation, Turn
from bot.services import surveys, taking_part, typed

talk = Conversation("survey")


@talk.button("begin")
def begin(turn: Turn) -> None:
    row = surveys.find(turn.unit, typed.number(turn.argument))
    taking_part.begin(turn.unit, turn.citizen, row.id)
