"""«فقط اگر…»: when a question of a survey is asked, by the answers to earlier ones. All conditions must hold together.

rules -> one that is there, or another earlier question
about -> with answers to choose from: each on or off   scale: from which step, to which   number: typed
         no matter any more -> rules
"""

from collections.abc import Callable

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data
from bot.services import survey_drafts, survey_questions, survey_typing, surveys
from bot.services.questionnaire import NUMBER, SCALE, STEPS
from bot.services.quoting import quote
from bot.services.survey_outline import Outline
from bot.services.survey_questions import Record, Tables
from bot.services.surveys import Row

talk = Conversation("survey_rules", role="editor", part_of="surveys")

LABEL_SHOWN = 40
TEXT_SHOWN = 90

Put = Callable[[Record, Record], object]
"""Changes the conditions of the first question on the second."""


# -- all conditions of a question


@talk.button("rules")
def rules(turn: Turn) -> None:
    aim = survey_questions.aim(turn.argument)
    row = survey_drafts.opened(turn.unit, aim.number)
    _show(turn, row, survey_questions.question(surveys.tables(row), aim.question))


def _show(turn: Turn, row: Row, record: Record) -> None:
    turn.end()
    tables = surveys.tables(row)
    aim = survey_questions.aimed(row.id, record["id"])
    back = [Button(turn.words.button("back"), data("survey_question", "one", aim))]
    found = survey_questions.candidates(tables, record)
    if not found:
        turn.change(turn.words.text("none_earlier"), Keyboard(inline=[back]))
        return
    number = survey_questions.place(tables, record)
    text = turn.words.text("rules", number=number, text=quote(record.get("text", ""), TEXT_SHOWN))
    text += _words(turn).rules(tables, record) or turn.words.text("always")
    text += _never(turn, tables, record)
    doors = [[_door(turn, row, tables, record, about)] for about in found]
    turn.change(text, Keyboard(inline=[*doors, back]))


def _door(turn: Turn, row: Row, tables: Tables, record: Record, about: Record) -> Button:
    is_set = survey_questions.rule_about(record, about["id"]) is not None
    number = survey_questions.place(tables, about)
    label = turn.words.button("about_set" if is_set else "about", number=number)
    shown = f"{label} {quote(about.get('text', ''), LABEL_SHOWN)}".strip()
    return Button(shown, data("survey_rules", "about", survey_questions.aimed(row.id, record["id"], about["id"])))


def _never(turn: Turn, tables: Tables, record: Record) -> Spans:
    """Conditions may exclude each other; nobody would be asked then."""
    key = f"question.{record['id']}.show_if"
    is_never = any(where == key for _, where, _ in survey_drafts.faults(tables))
    return turn.words.text("never") if is_never else ()


# -- one of them


@talk.button("about")
def about(turn: Turn) -> None:
    aim = survey_questions.aim(turn.argument)
    row = survey_drafts.opened(turn.unit, aim.number)
    tables = surveys.tables(row)
    record = survey_questions.question(tables, aim.question)
    _show_one(turn, row, record, survey_questions.earlier(tables, record, aim.other))


def _show_one(turn: Turn, row: Row, record: Record, about: Record, *, below: bool = False) -> None:
    turn.end()
    tables = surveys.tables(row)
    aim = survey_questions.aimed(row.id, record["id"], about["id"])
    rule = survey_questions.rule_about(record, about["id"])
    number = survey_questions.place(tables, about)
    text = turn.words.text("about", number=number, text=quote(about.get("text", ""), TEXT_SHOWN))
    if rule is None:
        text += turn.words.text("no_matter")
    else:
        text += turn.words.text("now", what=_words(turn).when(about, rule))
    text += _never(turn, tables, record)
    if about["kind"] == NUMBER:
        text += turn.words.text("ask_number", least=about["least"], most=about["most"])
        turn.memory = {"aim": aim}
        turn.go(write)
    else:
        text += turn.words.text("ask_steps" if about["kind"] == SCALE else "ask_options")
    rows = _steps(turn, aim, about, rule or {}) if about["kind"] == SCALE else _options(aim, about, rule or {})
    rows += [[turn.button("drop", "drop", aim)]] if rule is not None else []
    rows.append([turn.button("done", "rules", survey_questions.aimed(row.id, record["id"]))])
    (turn.tell if below else turn.change)(text, Keyboard(inline=rows))


def _options(aim: str, about: Record, rule: Record) -> list[list[Button]]:
    chosen = rule.get("any", ())
    return [
        [
            Button(
                ("✅ " if option["id"] in chosen else "") + quote(option["label"], LABEL_SHOWN),
                data("survey_rules", "option", f"{aim}.{survey_questions.mark(option['id'])}"),
            )
        ]
        for option in about.get("options", ())
    ]


def _steps(turn: Turn, aim: str, about: Record, rule: Record) -> list[list[Button]]:
    """For each step of a scale: from here, and up to here."""
    found = []
    for step, word in enumerate(about["words"], start=1):
        ends = [("least", turn.words.button("from_step", word=word)), ("most", turn.words.button("to_step", word=word))]
        found.append(
            [
                Button(f"✅ {label}" if rule.get(end) == step else label, data("survey_rules", end, f"{aim}.{step}"))
                for end, label in ends
            ]
        )
    return found


@talk.button("option")
def flip_option(turn: Turn) -> None:
    marked = survey_questions.aim(turn.argument).more

    def flip(record: Record, about: Record) -> None:
        survey_questions.flip_rule(record, about, survey_questions.option(about, marked)["id"])

    _change(turn, turn.argument, flip)


@talk.button("least")
def choose_least(turn: Turn) -> None:
    step = _step(turn)

    def put(record: Record, about: Record) -> None:
        rule = _of_scale(record, about)
        least = None if rule.get("least") == step else step
        most = rule.get("most")
        survey_questions.limit_rule(record, about, least, None if most is not None and (least or 0) > most else most)

    _change(turn, turn.argument, put)


@talk.button("most")
def choose_most(turn: Turn) -> None:
    step = _step(turn)

    def put(record: Record, about: Record) -> None:
        rule = _of_scale(record, about)
        most = None if rule.get("most") == step else step
        least = rule.get("least")
        survey_questions.limit_rule(record, about, None if most is not None and (least or 0) > most else least, most)

    _change(turn, turn.argument, put)


def _step(turn: Turn) -> int:
    more = survey_questions.aim(turn.argument).more
    if not more.isdecimal() or len(more) > 1 or not 1 <= int(more) <= STEPS:
        raise CitizenError("no_option")
    return int(more)


def _of_scale(record: Record, about: Record) -> Record:
    """What is wanted of it so far."""
    if about["kind"] != SCALE:
        raise CitizenError("no_option")
    return survey_questions.rule_about(record, about["id"]) or {}


@talk.step
def write(turn: Turn) -> None:
    least, most = survey_typing.limits(turn.text)

    def put(record: Record, about: Record) -> None:
        if about["kind"] != NUMBER:
            raise CitizenError("no_option")
        survey_questions.limit_rule(record, about, least, most)

    _change(turn, turn.memory.get("aim", ""), put, below=True)


@talk.button("drop")
def drop(turn: Turn) -> None:
    aim = survey_questions.aim(turn.argument)

    def work(tables: Tables) -> None:
        record = survey_questions.question(tables, aim.question)
        survey_questions.drop_rule(record, survey_questions.earlier(tables, record, aim.other)["id"])

    row = survey_drafts.change(turn.unit, aim.number, work)
    _show(turn, row, survey_questions.question(surveys.tables(row), aim.question))


def _change(turn: Turn, argument: str, put: Put, *, below: bool = False) -> None:
    aim = survey_questions.aim(argument)

    def work(tables: Tables) -> None:
        record = survey_questions.question(tables, aim.question)
        put(record, survey_questions.earlier(tables, record, aim.other))

    row = survey_drafts.change(turn.unit, aim.number, work)
    tables = surveys.tables(row)
    record = survey_questions.question(tables, aim.question)
    _show_one(turn, row, record, survey_questions.earlier(tables, record, aim.other), below=below)


def _words(turn: Turn) -> Outline:
    return Outline(turn.library.talks.words["survey_edit"])
