"""«نظرسنجی‌ها»: the room where staff make surveys, ask them and see what came of them."""

from bot.flow import Conversation, Keyboard, Turn
from bot.services import surveys, typed

talk = Conversation("surveys", role="editor")


@talk.room
def room(turn: Turn) -> None:
    turn.end()
    turn.say("room", Keyboard(inline=[[turn.link("staff", "menu", "menu")]]))


@talk.button("one")
def one(turn: Turn) -> None:
    row = surveys.find(turn.unit, typed.number(turn.argument))
    turn.say("one", title=surveys.title(row))
