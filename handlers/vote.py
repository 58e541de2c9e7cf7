"""«به کارم آمد» and «به کارم نیامد» under an answer. Asks what was missing once, and never insists.

up       -> thanks, in a word that passes by
down     -> what was missing? --text--> kept for staff, with buttons if the text is a question that has an answer
                              --no----> thanks, end
                              --anything else--> that
"""

from bot.flow import Button, Conversation, Keyboard, Turn, data
from bot.services import questions, votes

talk = Conversation("vote")

MOST_OFFERED = 3


@talk.button("up")
def up(turn: Turn) -> None:
    if known(turn):
        votes.vote(turn.unit, turn.citizen, turn.argument, 1)
        turn.alert("thanks")


@talk.button("down")
def down(turn: Turn) -> None:
    """Whoever says so again is not asked again."""
    if not known(turn):
        return
    if not votes.vote(turn.unit, turn.citizen, turn.argument, -1):
        turn.alert("noted")
        return
    entry = turn.library.answers.entries[turn.argument]
    turn.memory = {"entry": entry.id}
    turn.say("what_lacks", Keyboard(inline=[[turn.button("nothing", "nothing")]]), title=entry.title)
    turn.go(lacking)


def known(turn: Turn) -> bool:
    """Whether there is such an answer; if not, a short word says so."""
    if turn.argument in turn.library.answers.entries:
        return True
    turn.alert("gone")
    return False


@talk.step
def lacking(turn: Turn) -> None:
    """It may well be the next question: then its answer is not far."""
    entry = turn.memory["entry"]
    folded = turn.library.answers.folded(turn.text)
    votes.lacks(turn.unit, questions.asker(turn.citizen, turn.incoming.chat_id), entry, turn.text, folded)
    turn.end()
    entries = turn.library.answers.entries
    found = [topic for topic in (turn.found.suggestions if turn.found else ()) if topic != entry]
    if found:
        rows = [[Button(entries[topic].title, data("ask", "show", topic))] for topic in found[:MOST_OFFERED]]
        turn.say("kept_and_more", Keyboard(inline=[*rows, *_home(turn).inline]))
    else:
        turn.say("kept", _home(turn))


@talk.button("nothing")
def nothing(turn: Turn) -> None:
    turn.end()
    turn.say("all_right", _home(turn))


def _home(turn: Turn) -> Keyboard:
    return Keyboard(inline=[[turn.link("menu", "home", "new", "home")]])
