"""«نظرسنجی‌ها»: what citizens are asked at this moment.

/surveys, «نظرسنجی» -> the open surveys that are meant for them --one--> what it is about, or the quick poll itself
                       none --> said so
"""

from bot.flow import Button, Conversation, Keyboard, Turn, data
from bot.services import open_surveys, quoting, surveys
from bot.services.open_surveys import Asked

talk = Conversation("survey_list")

MOST = 10
LABEL = 30


@talk.command("surveys")
@talk.button("list")
def show(turn: Turn) -> None:
    turn.end()
    found = open_surveys.asked(turn.unit, turn.citizen, live=turn.library.sending.live)[:MOST]
    rows = [[_door(turn, one)] for one in found]
    ways = Keyboard(inline=[*rows, [turn.link("menu", "home", "new", "home")]])
    if not found:
        turn.say("none", ways)
    elif all(one.answered for one in found):
        turn.say("all_answered", ways)
    else:
        turn.say("open", ways)


def _door(turn: Turn, one: Asked) -> Button:
    survey = surveys.sheet(one.row)
    mark = turn.words.button("answered") if one.answered else turn.words.button("waits")
    step = ("poll", "show") if survey.quick else ("survey", "begin" if one.answered else "show")
    return Button(f"{mark} {quoting.cut(survey.title, LABEL)}", data(*step, str(one.row.id)))
