"""When a survey that is open ends: later, or at once.

later -> so many days more, or a date that is typed --understood? yes--> open until then
now   -> sure? --yes--> closed
"""

from bot.flow import CitizenError, Conversation, Keyboard, Turn
from bot.services import sending_times, survey_drafts, survey_questions, surveys
from bot.services.survey_settings import MORE_DAYS
from bot.services.surveys import DAY_MS, Row, Stage

talk = Conversation("survey_end", role="editor", part_of="surveys")


@talk.button("later")
def ask_later(turn: Turn) -> None:
    row, last = _open(turn, turn.argument)
    number = str(row.id)
    days = [turn.button("more", "more", f"{number}.{count}.{last}", days=count) for count in MORE_DAYS]
    turn.memory = {"aim": number}
    turn.go(write)
    when = turn.library.announcing.millis(last)
    turn.say("ask_later", Keyboard(inline=[days, [turn.link("surveys", "back", "one", number)]]), when=when)


@talk.button("more")
def more(turn: Turn) -> None:
    """Counted from the end that the button was made for, so that pressing it twice adds nothing."""
    number, _, rest = turn.argument.partition(".")
    count, _, last = rest.partition(".")
    days = int(count) if count in map(str, MORE_DAYS) else 0
    _extend(turn, survey_questions.aim(number).number, survey_questions.aim(last).number + days * DAY_MS)


@talk.step
def write(turn: Turn) -> None:
    """What was understood is shown first: it cannot be made sooner again."""
    row, _ = _open(turn, turn.memory.get("aim", ""))
    found = sending_times.read(turn.text, turn.now)
    at = int(found.at.timestamp() * 1000)
    ways = [turn.button("right", "until", f"{row.id}.{at}"), turn.button("again", "later", str(row.id))]
    turn.say("understood", Keyboard(inline=[ways]), when=turn.library.announcing.millis(at))
    turn.go(write)


@talk.button("until")
def until(turn: Turn) -> None:
    number, _, at = turn.argument.partition(".")
    _extend(turn, survey_questions.aim(number).number, survey_questions.aim(at).number)


def _extend(turn: Turn, number: int, to: int) -> None:
    row = surveys.extend(turn.unit, number, to, turn.me)
    turn.end()
    turn.say("extended", when=turn.library.announcing.millis(to))
    turn.visit("surveys", "one", str(row.id))


@talk.button("now")
def sure(turn: Turn) -> None:
    row, _ = _open(turn, turn.argument)
    count = survey_drafts.answered(turn.unit, row)
    ways = [turn.button("yes_close", "close", str(row.id)), turn.link("surveys", "no", "one", str(row.id))]
    turn.say("sure", Keyboard(inline=[ways]), title=surveys.title(row), count=count)


@talk.button("close")
def close(turn: Turn) -> None:
    row = surveys.close(turn.unit, survey_questions.aim(turn.argument).number, turn.me)
    turn.end()
    turn.say("closed")
    turn.visit("surveys", "one", str(row.id))


def _open(turn: Turn, argument: str) -> tuple[Row, int]:
    """The survey that a button names, and when it ends."""
    row = surveys.find(turn.unit, survey_questions.aim(argument).number)
    last = surveys.closes_at(row)
    if surveys.stage(row, turn.unit.now) is not Stage.OPEN or last is None:
        raise CitizenError("not_open")
    return row, last
