"""«درخواست‌های من»: what became of what a citizen has filed, and of what they follow.

/mine, «درخواست‌های من» -> a page of five --one--> what was filed, where it stands, what has happened
                                       --followed--> cases of others --leave--> followed no more
one -> files: seen again
       add: asks for it --words, files--> added, end     (a reply to a message about a case is an addition, too)
       withdraw: sure? --yes--> withdrawn
what staff wrote down of a voice --right--> they know; --wrong--> asks for it, as above
How it ended is judged in `verdict.py`; a code that somebody was told is looked up in `track.py`.
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, side_by_side
from bot.services import cases, codes, stories
from bot.services.cases import Case, CaseState, Peek

talk = Conversation("mine")

PAGE = 5
MOST_FOLLOWED = 10
NEWEST = 2**62
"""No case has this number."""
Rows = list[list[Button]]


@talk.command("mine")
@talk.button("list")
def first_page(turn: Turn) -> None:
    turn.end()
    page(turn, NEWEST)


@talk.button("older")
def older(turn: Turn) -> None:
    turn.end()
    page(turn, int(turn.argument) if cases.is_number(turn.argument) else NEWEST)


def page(turn: Turn, before: int) -> None:
    """Cases of lower numbers than `before`, the newest first."""
    found = cases.mine(turn.unit, turn.citizen, before, PAGE + 1)
    count, are_open = cases.count(turn.unit, turn.citizen)
    shown = found[:PAGE]
    rows = side_by_side([turn.button("one", "show", str(case.id), code=codes.shown(case.code)) for case in shown])
    turning = [turn.button("newest", "list")] if before < NEWEST else []
    turning += [turn.button("older", "older", str(shown[-1].id))] if len(found) > PAGE else []
    ways = [[turn.button("followed", "followed")]] if cases.followed(turn.unit, turn.citizen, 1) else []
    last = [turn.link("track", "ask", "ask"), turn.link("menu", "home", "new", "home")]
    under = Keyboard(inline=[*rows, *([turning] if turning else []), *ways, last])
    head = turn.words.text("list", count=count, open=are_open) if count else turn.words.text("none")
    turn.change((*head, *(span for case in shown for span in stories.line(turn.library.news, turn.words, case))), under)


# -- one


@talk.button("show")
def show(turn: Turn) -> None:
    turn.end()
    case = cases.see(turn.unit, turn.citizen, turn.argument)
    if isinstance(case, Case):
        tell(turn, case)
    else:
        tell_followed(turn, case)


def tell(turn: Turn, case: Case) -> None:
    """All of a case. A reply to this message is an addition."""
    news = turn.library.news
    text = stories.summary(turn.unit, news, turn.words, case)
    happened = stories.history(turn.unit, turn.words, case, stories.SHOWN)
    turn.tell((*text, *happened), Keyboard(inline=_ways(turn, case)), logical=f"own:{case.id}")


def _ways(turn: Turn, case: Case) -> Rows:
    number = str(case.id)
    rows = []
    if case.is_open:
        asked = case.state == CaseState.ASKED
        rows.append([turn.button("answer", "add", number) if asked else turn.button("add", "add", number)])
    elif turn.library.news.asks(case):
        rows.append(turn.library.news.verdicts(case))
    more = [turn.button("files", "files", number)] if cases.files(turn.unit, case) else []
    more += [turn.button("history", "history", number)] if stories.is_long(turn.unit, case) else []
    rows += [more] if more else []
    if case.is_open:
        rows.append([turn.button("withdraw", "withdraw", number)])
    return [*rows, _out(turn)]


def _out(turn: Turn) -> list[Button]:
    return [turn.button("list", "list"), turn.link("menu", "home", "new", "home")]


@talk.button("files")
def files(turn: Turn) -> None:
    case = cases.theirs(turn.unit, turn.citizen, turn.argument)
    found = cases.files(turn.unit, case)
    if not found:
        raise CitizenError("no_files")
    turn.say("shown_files", files=found, code=codes.shown(case.code))


@talk.button("history")
def history(turn: Turn) -> None:
    case = cases.theirs(turn.unit, turn.citizen, turn.argument)
    ways = Keyboard(inline=[[turn.button("back", "show", str(case.id))]])
    turn.tell(
        (*turn.words.text("code", code=codes.shown(case.code)), *stories.history(turn.unit, turn.words, case)), ways
    )


# -- adding


@talk.button("add")
def ask_more(turn: Turn) -> None:
    case = cases.theirs(turn.unit, turn.citizen, turn.argument)
    if not case.is_open:
        raise CitizenError("closed")
    turn.memory = {"case": case.id}
    turn.go(write)
    asked = cases.question(turn.unit, case)
    under = Keyboard(inline=[[turn.button("back", "show", str(case.id))]])
    if asked:
        turn.say("ask_answer", under, code=codes.shown(case.code), text=asked)
    else:
        turn.say("ask_more", under, code=codes.shown(case.code))


@talk.step
def write(turn: Turn) -> None:
    if turn.chose("back") or turn.chose("plain_back"):
        turn.argument = str(turn.memory.get("case", ""))
        show(turn)
        return
    added(turn, cases.theirs(turn.unit, turn.citizen, str(turn.memory.get("case", ""))))


@talk.reply("own")
def reply(turn: Turn) -> None:
    added(turn, cases.theirs(turn.unit, turn.citizen, turn.argument))


def added(turn: Turn, case: Case) -> None:
    """What was sent belongs to the case now."""
    text = cases.addition(turn.text, turn.files)
    kept = tuple(file.key for file in turn.keep())
    if turn.files and not kept:
        raise CitizenError("lost")
    turn.spread(cases.add(turn.unit, case, text, kept))
    turn.end()
    number = str(case.id)
    more = [turn.button("add_again", "add", number), turn.button("see", "show", number)]
    key = "answered" if case.state == CaseState.ASKED else "added"
    turn.say(key, Keyboard(inline=[more, _out(turn)]), code=codes.shown(case.code))


@talk.button("right")
def confirm(turn: Turn) -> None:
    """What staff wrote down of a voice is what it says."""
    case = cases.theirs(turn.unit, turn.citizen, turn.argument)
    turn.spread(cases.confirm(turn.unit, case))
    turn.say("right", Keyboard(inline=[[turn.button("see", "show", str(case.id))]]))


# -- taking back


@talk.button("withdraw")
def withdraw(turn: Turn) -> None:
    case = cases.theirs(turn.unit, turn.citizen, turn.argument)
    if not case.is_open:
        raise CitizenError("closed")
    ways = [turn.button("yes", "withdrawn", str(case.id)), turn.button("no", "show", str(case.id))]
    turn.say("sure", Keyboard(inline=[ways]), code=codes.shown(case.code))


@talk.button("withdrawn")
def withdrawn(turn: Turn) -> None:
    turn.end()
    case = cases.theirs(turn.unit, turn.citizen, turn.argument)
    turn.spread(cases.withdraw(turn.unit, case))
    turn.say("withdrawn", Keyboard(inline=[_out(turn)]), code=codes.shown(case.code))


# -- of others


@talk.button("followed")
def followed(turn: Turn) -> None:
    turn.end()
    found = cases.followed(turn.unit, turn.citizen, MOST_FOLLOWED)
    rows = side_by_side([_leave(turn, case) for case in found])
    lines = [span for case in found for span in stories.line_of_others(turn.library.news, turn.words, case)]
    head = turn.words.text("followed") if found else turn.words.text("none_followed")
    turn.change((*head, *lines), Keyboard(inline=[*rows, _out(turn)]))


def tell_followed(turn: Turn, case: Peek) -> None:
    text = (*turn.words.text("one_followed"), *stories.line_of_others(turn.library.news, turn.words, case))
    turn.tell(text, Keyboard(inline=[[_leave(turn, case)], _out(turn)]))


def _leave(turn: Turn, case: Peek) -> Button:
    return turn.button("leave", "leave", str(case.id), code=codes.shown(case.code))


@talk.button("leave")
def leave(turn: Turn) -> None:
    cases.leave(turn.unit, turn.citizen, turn.argument)
    turn.say("left", Keyboard(inline=[_out(turn)]))
