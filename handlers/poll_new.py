"""A quick poll in one message: the first line asks, each further line is an answer. Then it only has to be sent.

new -> the message --understood--> a draft, in the panel of its announcement (`announce`)
                   --not--> why, and the question stays
"""

from bot.flow import Conversation, Keyboard, Turn
from bot.services import survey_drafts, survey_typing

talk = Conversation("poll_new", role="editor", part_of="surveys")


@talk.button("new")
def new(turn: Turn) -> None:
    turn.say("ask", Keyboard(inline=[[turn.link("surveys", "do_list", "room")]]))
    turn.go(write)


@talk.step
def write(turn: Turn) -> None:
    text, labels = survey_typing.poll(turn.text)
    tables = survey_drafts.quick(text, labels, turn.words.button("thanks"))
    row = survey_drafts.make(turn.unit, tables, turn.me)
    turn.end()
    turn.visit("announce", "survey", str(row.id))
