"""What staff choose for a draft of a survey beside its questions.

show -> names or none, counts (quick polls), reminder: each switched here
        how long: so many days from its beginning, or a date that is typed
"""

from collections.abc import Callable
from typing import Any

from bot.flow import Conversation, Keyboard, Spans, Turn, side_by_side
from bot.services import held_sums, sending_times, survey_drafts, survey_questions, survey_settings, surveys
from bot.services.staff import Member
from bot.services.survey_settings import DAYS
from bot.services.surveys import Row

talk = Conversation("survey_settings", role="editor", part_of="surveys")

Flip = Callable[[Any, int, Member], Row]


@talk.button("show")
def show(turn: Turn) -> None:
    _show(turn, survey_drafts.opened(turn.unit, _number(turn)))


def _show(turn: Turn, row: Row, *, below: bool = False) -> None:
    turn.end()
    number, is_quick = str(row.id), surveys.tables(row)["survey"].get("quick")
    text = turn.words.text("settings", title=surveys.title(row))
    text += turn.words.text("nameless" if row.anonymous else "named")
    rows = [[turn.button("name" if row.anonymous else "unname", "names", number)]]
    if is_quick:
        text += _counts(turn, row)
        rows += [[turn.button("hide_counts" if row.shows else "show_counts", "counts", number)]]
    text += turn.words.text("reminds" if row.reminds else "reminds_not")
    rows += [[turn.button("no_reminder" if row.reminds else "reminder", "reminder", number)]]
    if row.closes_at is not None:
        text += turn.words.text("closes_at", when=turn.library.announcing.millis(row.closes_at))
    else:
        text += turn.words.text("lasts", days=(row.lasts_ms or surveys.LASTS_MS) // surveys.DAY_MS)
    rows += [[turn.button("how_long", "how_long", number)], [turn.link("surveys", "back", "one", number)]]
    (turn.tell if below else turn.change)(text, Keyboard(inline=rows))


def _counts(turn: Turn, row: Row) -> Spans:
    if row.shows and row.anonymous:
        return turn.words.text("counts_shown_nameless", least=held_sums.FIRST)
    return turn.words.text("counts_shown" if row.shows else "counts_hidden")


@talk.button("names")
def flip_names(turn: Turn) -> None:
    _do(turn, survey_settings.flip_names)


@talk.button("counts")
def flip_counts(turn: Turn) -> None:
    _do(turn, survey_settings.flip_counts)


@talk.button("reminder")
def flip_reminder(turn: Turn) -> None:
    _do(turn, survey_settings.flip_reminder)


def _do(turn: Turn, flip: Flip) -> None:
    _show(turn, flip(turn.unit, _number(turn), turn.me))


@talk.button("how_long")
def ask_how_long(turn: Turn) -> None:
    row = survey_drafts.opened(turn.unit, _number(turn))
    choices = [turn.button("days", "days", f"{row.id}.{days}", days=days) for days in DAYS]
    rows = [*side_by_side(choices), [turn.button("back", "show", str(row.id))]]
    turn.memory = {"aim": str(row.id)}
    turn.go(write)
    turn.change(turn.words.text("ask_how_long"), Keyboard(inline=rows))


@talk.button("days")
def choose_days(turn: Turn) -> None:
    aim = survey_questions.aim(turn.argument)
    days = int(aim.question) if aim.question.isdecimal() and len(aim.question) < 4 else 0
    _show(turn, survey_settings.last(turn.unit, aim.number, days, turn.me))


@talk.step
def write(turn: Turn) -> None:
    at = int(sending_times.read(turn.text, turn.now).at.timestamp() * 1000)
    number = survey_questions.aim(turn.memory.get("aim", "")).number
    _show(turn, survey_settings.end_at(turn.unit, number, at, turn.me), below=True)


def _number(turn: Turn) -> int:
    return survey_questions.aim(turn.argument).number
