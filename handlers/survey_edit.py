"""Staff write a survey: what it is called, how it begins and ends, and the list of its questions.

new -> title -> how it begins -> the questions; it is a draft from the title on
questions -> one of them (`survey_question`); a new one --kind--> its words (`survey_question`)
             title, beginning, thanks: typed anew -> the questions
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data
from bot.services import survey_drafts, survey_questions, survey_sheet, survey_typing, surveys
from bot.services.questionnaire import KINDS
from bot.services.survey_outline import Outline
from bot.services.survey_questions import Tables
from bot.services.surveys import Row

talk = Conversation("survey_edit", role="editor", part_of="surveys")

A_ROW = 4
"""Buttons of questions, which say a word and a number."""


# -- beginning


@talk.button("new")
def new(turn: Turn) -> None:
    turn.memory = {}
    turn.say("ask_title", Keyboard(inline=[[turn.link("surveys", "do_list", "room")]]))
    turn.go(write_new)


@talk.step
def write_new(turn: Turn) -> None:
    tables = survey_drafts.blank(survey_typing.title(turn.text), turn.words.button("thanks_usual"))
    row = survey_drafts.make(turn.unit, tables, turn.me)
    _ask(turn, row, "intro")


# -- the words around the questions


@talk.button("title")
def ask_title(turn: Turn) -> None:
    _ask(turn, _opened(turn), "title")


@talk.button("intro")
def ask_intro(turn: Turn) -> None:
    _ask(turn, _opened(turn), "intro")


@talk.button("thanks")
def ask_thanks(turn: Turn) -> None:
    _ask(turn, _opened(turn), "thanks")


def _ask(turn: Turn, row: Row, what: str) -> None:
    turn.memory = {"aim": str(row.id), "what": what}
    before = surveys.tables(row)["survey"].get(what, "")
    if before:
        turn.say("now", text=before)
    turn.say(f"ask_{what}", Keyboard(inline=[[turn.button("back", "questions", str(row.id))]]))
    turn.go(write)


@talk.step
def write(turn: Turn) -> None:
    what = turn.memory.get("what", "")
    if what not in {"title", "intro", "thanks"}:
        raise CitizenError("gone")
    text = (
        survey_typing.title(turn.text) if what == "title" else survey_typing.words(turn.text, survey_sheet.TEXT_LIMIT)
    )
    number = survey_questions.aim(turn.memory["aim"]).number
    row = survey_drafts.change(turn.unit, number, lambda tables: tables["survey"].update({what: text}))
    _tell(turn, row)


# -- the questions


@talk.button("questions")
def questions(turn: Turn) -> None:
    _tell(turn, _opened(turn))


def _tell(turn: Turn, row: Row) -> None:
    turn.end()
    tables = surveys.tables(row)
    head = turn.words.text("questions" if tables["question"] else "questions_none", title=surveys.title(row))
    turn.tell(head + Outline(turn.words).listing(tables), _keyboard(turn, row, tables))


def _keyboard(turn: Turn, row: Row, tables: Tables) -> Keyboard:
    number = str(row.id)
    ids = [record["id"] for record in tables["question"]]
    doors = [
        Button(turn.words.button("number", number=place), data("survey_question", "one", aim))
        for place, aim in enumerate((survey_questions.aimed(row.id, name) for name in ids), start=1)
    ]
    rows = [doors[at : at + A_ROW] for at in range(0, len(doors), A_ROW)]
    is_quick = tables["survey"].get("quick")
    rows += [] if is_quick else [[turn.button("add", "kinds", number)]]
    words = [] if is_quick else [turn.button("intro", "intro", number)]
    rows += [[turn.button("title", "title", number), *words, turn.button("thanks", "thanks", number)]]
    return Keyboard(inline=[*rows, [turn.link("surveys", "back", "one", number)]])


@talk.button("kinds")
def kinds(turn: Turn) -> None:
    row = _opened(turn)
    turn.end()
    rows = [[turn.button(f"kind_{kind}", "add", survey_questions.aimed(row.id, kind))] for kind in KINDS]
    turn.change(turn.words.text("ask_kind"), Keyboard(inline=[*rows, [turn.button("back", "questions", str(row.id))]]))


@talk.button("add")
def add(turn: Turn) -> None:
    """It is there from now on, and says what it still needs."""
    aim = survey_questions.aim(turn.argument)
    if aim.question not in KINDS:
        raise CitizenError("gone")
    made: list[str] = []
    row = survey_drafts.change(
        turn.unit, aim.number, lambda tables: made.append(survey_questions.add(tables, aim.question)["id"])
    )
    turn.visit("survey_question", "text", survey_questions.aimed(row.id, made[0]))


def _opened(turn: Turn) -> Row:
    return survey_drafts.opened(turn.unit, survey_questions.aim(turn.argument).number)
