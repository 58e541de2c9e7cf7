"""What a citizen says of how their case ended, with one tap.

«رفع شد» -> thanks, end; below it how content they are, with one tap (`poll.py`)
«نصفه»   -> what is left? --words, files--> noted for the staff, end
«نشد»    -> open again; what is wrong? --words, files--> added, end
            the second time: with the managers from now on
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data
from bot.services import cases, codes, standing
from bot.services.cases import Case, Verdict

talk = Conversation("verdict")


@talk.button("fixed")
def fixed(turn: Turn) -> None:
    turn.end()
    case = judged(turn, Verdict.FIXED)
    question, ballots = standing.ballots(turn.unit, turn.library.surveys, turn.citizen, case.id)
    text = turn.words.text("fixed", code=codes.shown(case.code))
    text += turn.words.text("fixed_ask", question=question) if ballots else ()
    steps = [[Button(label, data("poll", "vote", str(ballot)))] for label, ballot in ballots]
    turn.tell(text, Keyboard(inline=[*steps, _ways(turn, case)]))


@talk.button("half")
def half(turn: Turn) -> None:
    ask(turn, judged(turn, Verdict.HALF), "half")


@talk.button("not_fixed")
def not_fixed(turn: Turn) -> None:
    case = judged(turn, Verdict.NOT_FIXED)
    ask(turn, case, "raised" if case.raised else "reopened")


def judged(turn: Turn, verdict: Verdict) -> Case:
    case = cases.theirs(turn.unit, turn.citizen, turn.argument)
    if not case.is_open and not turn.library.news.asks(case):  # nobody was asked: the button is forged
        raise CitizenError("not_judged")
    change = cases.judge(turn.unit, case, verdict)
    turn.spread(change)
    return change.case


def ask(turn: Turn, case: Case, key: str) -> None:
    """Whether they want to say more; nobody must."""
    turn.memory = {"case": case.id}
    turn.go(write)
    under = Keyboard(inline=[[turn.button("no_more", "no_more")]])
    turn.say(f"ask_{key}", under, code=codes.shown(case.code))


@talk.step
def write(turn: Turn) -> None:
    if turn.chose("no_more") or turn.chose("plain_no"):
        no_more(turn)
        return
    text = cases.addition(turn.text, turn.files)
    case = cases.theirs(turn.unit, turn.citizen, str(turn.memory.get("case", "")))
    kept = tuple(file.key for file in turn.keep())
    if turn.files and not kept:
        raise CitizenError("lost")
    turn.spread(cases.explain(turn.unit, case, text, kept))
    turn.end()
    turn.say("noted", Keyboard(inline=[_ways(turn, case)]), code=codes.shown(case.code))


@talk.button("no_more")
def no_more(turn: Turn) -> None:
    turn.end()
    turn.say("fine", Keyboard(inline=[[turn.link("mine", "list", "list"), turn.link("menu", "home", "new", "home")]]))


def _ways(turn: Turn, case: Case) -> list[Button]:
    return [turn.link("mine", "see", "show", str(case.id)), turn.link("menu", "home", "new", "home")]
