"""The first meeting: who is this, and what can I ask.

/start, «شروع» -> welcome with the keyboard that stays, home screen
"""

from bot.flow import Conversation, Keyboard, Turn

talk = Conversation("start")


@talk.command("start")
def welcome(turn: Turn) -> None:
    turn.end()
    keys = Keyboard(reply=[[turn.words.button("menu"), turn.words.button("help")]])
    turn.say("welcome" if turn.citizen.is_new else "welcome_back", keys)
    turn.call("menu")
