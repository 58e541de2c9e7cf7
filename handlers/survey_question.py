"""Staff write one question of a survey: its words, what can be answered, whether it must be, and where it stands.

text -> what its kind needs: answers, five words (typed, or a ready set), a range -> the question
one  -> each of these anew; of many answers at most how many, and which stands alone («هیچ‌کدام»)
        required or not; put aside or not; up, down; only if (`survey_rules`)
        delete --others depend on it? which; sure?--> the questions (`survey_edit`)
"""

from collections.abc import Callable
from typing import Any

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data, side_by_side
from bot.services import survey_drafts, survey_questions, survey_sheet, survey_typing, surveys
from bot.services.questionnaire import MANY, NUMBER, ONE, SCALE
from bot.services.quoting import quote
from bot.services.survey_outline import Outline
from bot.services.survey_questions import Record, Tables
from bot.services.surveys import Row

talk = Conversation("survey_question", role="editor", part_of="surveys")

LABEL_SHOWN = 40
READY_SCALES = ("good", "much", "agree")
NEEDS = {ONE: "options", MANY: "options", SCALE: "words", NUMBER: "most"}
ASKS = {ONE: "options", MANY: "options", SCALE: "words", NUMBER: "range"}


# -- the question


@talk.button("one")
def one(turn: Turn) -> None:
    turn.tell(*_page(turn, *_opened(turn)))


def _page(turn: Turn, row: Row, record: Record) -> tuple[Any, Keyboard]:
    """The question with all that is set. Whatever was asked before is not answered any more."""
    turn.end()
    tables = surveys.tables(row)
    words = Outline(turn.library.talks.words["survey_edit"])
    return words.whole(tables, record), _keyboard(turn, row, tables, record)


def _keyboard(turn: Turn, row: Row, tables: Tables, record: Record) -> Keyboard:
    aim = survey_questions.aimed(row.id, record["id"])
    asks = ASKS.get(record["kind"])
    parts = [turn.button("text", "text", aim)]
    parts += [turn.button(f"edit_{asks}", asks, aim)] if asks else []
    if record["kind"] == MANY and "options" in record:
        parts += [turn.button("choices", "choices", aim), turn.button("alone", "alone", aim)]
    if tables["survey"].get("quick"):
        rows = [*side_by_side(parts), [turn.link("surveys", "back", "one", str(row.id))]]
        return Keyboard(inline=rows)
    required, hidden = record.get("required", True), record.get("hidden", False)
    parts += [turn.button("optional" if required else "required", "must", aim)]
    parts += [turn.button("unhide" if hidden else "hide", "hide", aim)]
    parts += [turn.link("survey_rules", "door", "rules", aim), turn.button("delete", "sure", aim)]
    moves = [turn.button("up", "up", aim), turn.button("down", "down", aim)]
    back = turn.link("survey_edit", "back", "questions", str(row.id))
    return Keyboard(inline=[*side_by_side(parts), moves, [back]])


def _onward(turn: Turn, row: Row, record: Record) -> None:
    """The next thing that is missing, or the question."""
    need = NEEDS.get(record["kind"])
    if "text" not in record:
        _ask(turn, row, record, "text")
    elif need is not None and need not in record:
        _ask(turn, row, record, ASKS[record["kind"]])
    else:
        turn.tell(*_page(turn, row, record))


# -- typed


@talk.button("text")
def ask_text(turn: Turn) -> None:
    _ask(turn, *_opened(turn), "text")


@talk.button("options")
def ask_options(turn: Turn) -> None:
    _ask(turn, *_opened(turn), "options")


@talk.button("words")
def ask_words(turn: Turn) -> None:
    _ask(turn, *_opened(turn), "words")


@talk.button("range")
def ask_range(turn: Turn) -> None:
    _ask(turn, *_opened(turn), "range")


def _ask(turn: Turn, row: Row, record: Record, what: str) -> None:
    if what not in {"text", ASKS.get(record["kind"])}:
        raise CitizenError("no_question")
    aim = survey_questions.aimed(row.id, record["id"])
    turn.memory = {"aim": aim, "what": what}
    rows = []
    if what == "words":
        rows = [[turn.button(f"scale_{name}", "scale", f"{aim}.{name}")] for name in READY_SCALES]
    elif what == "options" and "options" in record:
        turn.say("now", lines="\n".join(option["label"] for option in record["options"]))
    turn.say(f"ask_{what}", Keyboard(inline=[*rows, [turn.button("back", "one", aim)]]))
    turn.go(write)


@talk.step
def write(turn: Turn) -> None:
    """What was typed is put into the question as it stands by now."""
    work = _READ[turn.memory.get("what", "text")](turn.text)
    row, record = _changed(turn, turn.memory.get("aim", ""), work)
    if turn.memory.get("what") == "options" and record["kind"] == MANY:
        turn.end()
        _show_choices(turn, row, record, below=True)
    else:
        _onward(turn, row, record)


Work = Callable[[Tables, Record], object]


def _text(text: str) -> Work:
    found = survey_typing.words(text, survey_sheet.QUESTION_LIMIT)
    return lambda tables, record: survey_drafts.ask(tables, record, found)


def _options(text: str) -> Work:
    found = survey_typing.options(text)

    def put(tables: Tables, record: Record) -> None:
        most = survey_sheet.QUICK_OPTIONS[1]
        if tables["survey"].get("quick") and len(found) > most:
            raise CitizenError("many_options", limit=most, count=len(found))
        survey_questions.set_options(tables, record, found)

    return put


def _words(text: str) -> Work:
    found = survey_typing.steps(text)
    return lambda _, record: record.update(words=found)


def _range(text: str) -> Work:
    least, most = survey_typing.span(text)
    return lambda _, record: record.update(least=least, most=most)


_READ: dict[str, Callable[[str], Work]] = {"text": _text, "options": _options, "words": _words, "range": _range}


# -- pressed


@talk.button("scale")
def take_scale(turn: Turn) -> None:
    """One of the ready sets of words."""
    wanted = survey_questions.aim(turn.argument).other
    name = wanted if wanted in READY_SCALES else READY_SCALES[0]
    words = "".join(span.text for span in turn.words.text(f"words_{name}"))
    _onward(turn, *_changed(turn, turn.argument, _words(words)))


@talk.button("choices")
def choices(turn: Turn) -> None:
    _show_choices(turn, *_opened(turn))


def _show_choices(turn: Turn, row: Row, record: Record, *, below: bool = False) -> None:
    aim = survey_questions.aimed(row.id, record["id"])
    counts = [
        turn.button("at_most", "most", f"{aim}.{count}", count=count)
        for count in range(2, len(record.get("options", ())))
    ]
    rows = [[turn.button("any_number", "most", f"{aim}.0")], *side_by_side(counts), [turn.button("back", "one", aim)]]
    (turn.tell if below else turn.change)(turn.words.text("ask_choices"), Keyboard(inline=rows))


@talk.button("most")
def choose_most(turn: Turn) -> None:
    other = survey_questions.aim(turn.argument).other
    count = int(other) if other.isdecimal() and len(other) < 3 else 0

    def put(_: Tables, record: Record) -> None:
        record.pop("choices", None)
        if 2 <= count <= len(record.get("options", ())):
            record["choices"] = count

    turn.change(*_page(turn, *_changed(turn, turn.argument, put)))


@talk.button("alone")
def alone(turn: Turn) -> None:
    _show_alone(turn, *_opened(turn))


def _show_alone(turn: Turn, row: Row, record: Record) -> None:
    turn.end()
    aim = survey_questions.aimed(row.id, record["id"])
    rows = [
        [
            Button(
                ("✅ " if option.get("alone") else "") + quote(option["label"], LABEL_SHOWN),
                data("survey_question", "single", f"{aim}.{survey_questions.mark(option['id'])}"),
            )
        ]
        for option in record.get("options", ())
    ]
    turn.change(turn.words.text("ask_alone"), Keyboard(inline=[*rows, [turn.button("back", "one", aim)]]))


@talk.button("single")
def flip_alone(turn: Turn) -> None:
    marked = survey_questions.aim(turn.argument).other

    def flip(_: Tables, record: Record) -> None:
        if record["kind"] != MANY:
            raise CitizenError("no_option")
        survey_questions.flip(survey_questions.option(record, marked), "alone", usual=False)

    _show_alone(turn, *_changed(turn, turn.argument, flip))


@talk.button("must")
def flip_required(turn: Turn) -> None:
    _flip(turn, "required", usual=True)


@talk.button("hide")
def flip_hidden(turn: Turn) -> None:
    _flip(turn, "hidden", usual=False)


def _flip(turn: Turn, key: str, *, usual: bool) -> None:
    work: Work = lambda _, record: survey_questions.flip(record, key, usual=usual)  # noqa: E731 - named for its type
    turn.change(*_page(turn, *_changed(turn, turn.argument, work)))


@talk.button("up")
def up(turn: Turn) -> None:
    _move(turn, -1)


@talk.button("down")
def down(turn: Turn) -> None:
    _move(turn, 1)


def _move(turn: Turn, step: int) -> None:
    moved = _changed(turn, turn.argument, lambda tables, record: survey_questions.move(tables, record["id"], step))
    turn.change(*_page(turn, *moved))


# -- deleted


@talk.button("sure")
def sure(turn: Turn) -> None:
    row, record = _opened(turn)
    aim = survey_questions.aimed(row.id, record["id"])
    tables = surveys.tables(row)
    others = survey_questions.dependants(tables, record)
    ways = Keyboard(inline=[[turn.button("yes_delete", "delete", aim), turn.button("no_delete", "one", aim)]])
    number = survey_questions.place(tables, record)
    if others:
        turn.say(
            "sure_others",
            ways,
            number=number,
            others=turn.words.button("and").join(turn.words.button("other", number=other) for other in others),
        )
    else:
        turn.say("sure", ways, number=number)


@talk.button("delete")
def delete(turn: Turn) -> None:
    aim = survey_questions.aim(turn.argument)
    row = survey_drafts.change(turn.unit, aim.number, lambda tables: survey_questions.delete(tables, aim.question))
    turn.visit("survey_edit", "questions", str(row.id))


# -- inside


def _opened(turn: Turn) -> tuple[Row, Record]:
    """The draft and the question that a button names."""
    aim = survey_questions.aim(turn.argument)
    row = survey_drafts.opened(turn.unit, aim.number)
    return row, survey_questions.question(surveys.tables(row), aim.question)


def _changed(turn: Turn, argument: str, work: Work) -> tuple[Row, Record]:
    """The same after `work`, which is done to what stands there now."""
    aim = survey_questions.aim(argument)
    row = survey_drafts.change(
        turn.unit, aim.number, lambda tables: work(tables, survey_questions.question(tables, aim.question))
    )
    return row, survey_questions.question(surveys.tables(row), aim.question)
