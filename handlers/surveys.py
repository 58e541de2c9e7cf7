"""«نظرسنجی‌ها»: the room where staff make surveys, ask them and see what came of them.

room, /polls -> a quick poll (`poll_new`), a new one (`survey_edit`), a ready one, one of a file (`survey_import`);
                those that are made, wait or run; the past ones, by pages
ready -> one of these --> a draft of it
one   -> draft: its questions and what is missing; edit (`survey_edit`), settings (`survey_settings`), preview,
                whom and when (`announce`), delete --sure?--> gone
         planned: its announcement   open: later, now (`survey_end`), results   closed: results, what became of it
         all: a copy as a new draft
"""

from collections.abc import Callable

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data
from bot.services import (
    composing,
    survey_drafts,
    survey_sheet,
    surveys,
    taking_part,
    typed,
)
from bot.services.composing import Draft
from bot.services.quoting import quote
from bot.services.sheet_faults import SheetFaults
from bot.services.survey_outline import Outline
from bot.services.survey_questions import Tables
from bot.services.surveys import Row, Stage

talk = Conversation("surveys", role="editor")

A_PAGE = 5
FURTHEST = 1_000
"""Pages."""
NOT_FOR_STAFF = "after_case"
"""Of the shipped ones: it asks by itself."""
TITLE_SHOWN = 60
LABEL_SHOWN = 40


# -- the lists


@talk.command("polls")
@talk.room
def room(turn: Turn) -> None:
    turn.end()
    _list_open(turn, 0, below=True)


@talk.button("open")
def page(turn: Turn) -> None:
    _list_open(turn, typed.number(turn.argument))


def _list_open(turn: Turn, wanted: int, *, below: bool = False) -> None:
    number, found = _page(turn.unit.surveys.open, wanted)
    shown = found[:A_PAGE]
    rows = [
        [turn.link("poll_new", "new", "new"), turn.link("survey_edit", "new", "new")],
        [turn.button("ready", "ready"), turn.link("survey_import", "ask", "ask")],
        *_doors(turn, shown),
        *_turning(turn, "open", number, found),
        [turn.button("past", "past"), turn.link("staff", "menu", "menu")],
    ]
    text = turn.words.text("room" if found else "room_empty") + _lines(turn, shown)
    (turn.tell if below else turn.change)(text, Keyboard(inline=rows))


@talk.button("past")
def past(turn: Turn) -> None:
    number, found = _page(turn.unit.surveys.closed, typed.number(turn.argument))
    shown = found[:A_PAGE]
    rows = [*_doors(turn, shown), *_turning(turn, "past", number, found), [turn.button("do_list", "open")]]
    turn.change(turn.words.text("past" if found else "past_empty") + _lines(turn, shown), Keyboard(inline=rows))


def _page(some: Callable[[int, int], list[Row]], wanted: int) -> tuple[int, list[Row]]:
    """A page with one more than it shows; the first one where there is none of this number any more."""
    number = min(wanted, FURTHEST)
    found = some(A_PAGE + 1, number * A_PAGE)
    return (number, found) if found or not number else (0, some(A_PAGE + 1, 0))


def _turning(turn: Turn, action: str, number: int, found: list[Row]) -> list[list[Button]]:
    newer = [turn.button("newer", action, str(number - 1))] if number else []
    older = [turn.button("older", action, str(number + 1))] if len(found) > A_PAGE else []
    return [[*newer, *older]] if newer or older else []


def _lines(turn: Turn, shown: list[Row]) -> Spans:
    text: Spans = ()
    for place, row in enumerate(shown, start=1):
        stage = surveys.stage(row, turn.unit.now)
        state = turn.words.button(f"state_{stage.value}")
        text += turn.words.text("line", place=place, title=quote(surveys.title(row), TITLE_SHOWN), state=state)
        closes = surveys.closes_at(row)
        if closes is not None:
            text += turn.words.text("line_until", when=turn.library.announcing.millis(closes))
        if stage in {Stage.OPEN, Stage.CLOSED}:
            text += turn.words.text("line_answered", count=survey_drafts.answered(turn.unit, row))
    return text


def _doors(turn: Turn, shown: list[Row]) -> list[list[Button]]:
    doors = [turn.button("open", "one", str(row.id), place=place) for place, row in enumerate(shown, start=1)]
    return [doors[:3], doors[3:]] if len(doors) > 3 else [doors] if doors else []


# -- from what is shipped


@talk.button("ready")
def ready(turn: Turn) -> None:
    found = {name: survey for name, survey in turn.library.surveys.items() if name != NOT_FOR_STAFF}
    doors = [[Button(quote(one.title, LABEL_SHOWN), data("surveys", "take", name))] for name, one in found.items()]
    turn.change(turn.words.text("ready"), Keyboard(inline=[*doors, [turn.button("do_list", "open")]]))


@talk.button("take")
def take(turn: Turn) -> None:
    survey = turn.library.surveys.get(turn.argument)
    if survey is None or turn.argument == NOT_FOR_STAFF:
        raise CitizenError("gone")
    show(turn, survey_drafts.make(turn.unit, survey_sheet.tables_of(survey), turn.me))


# -- one of them


@talk.button("one")
def one(turn: Turn) -> None:
    show(turn, _row(turn))


def show(turn: Turn, row: Row) -> None:
    """As it stands, and what can be done now."""
    turn.end()
    tables, stage = surveys.tables(row), surveys.stage(row, turn.unit.now)
    text = _head(turn, row, tables, stage)
    rows = [_copy(turn, row), [turn.button("do_list", "open")]]
    if stage is Stage.DRAFT:
        faults = survey_drafts.faults(tables)
        text += _asked(turn, tables) + _missing(turn, tables, faults)
        rows = [*_of_draft(turn, row, can_go=not faults), *rows]
    else:
        rows = [*_of_published(turn, row, stage), *rows]
    turn.tell(text, Keyboard(inline=rows))


def _head(turn: Turn, row: Row, tables: Tables, stage: Stage) -> Spans:
    is_quick = bool(tables["survey"].get("quick"))
    state = turn.words.button(f"state_{stage.value}")
    text = turn.words.text("one_poll" if is_quick else "one", title=surveys.title(row), state=state)
    if stage in {Stage.OPEN, Stage.CLOSED}:
        text += turn.words.text("answered", count=survey_drafts.answered(turn.unit, row))
    text += _end(turn, row, stage) + turn.words.text("nameless" if row.anonymous else "named")
    if is_quick:
        text += turn.words.text("counts_shown" if row.shows else "counts_hidden")
    return text + turn.words.text("reminds" if row.reminds else "reminds_not") if row.key is None else text


def _end(turn: Turn, row: Row, stage: Stage) -> Spans:
    closes = surveys.closes_at(row)
    if closes is not None:
        when = turn.library.announcing.millis(closes)
        return turn.words.text("closed_at" if stage is Stage.CLOSED else "closes_at", when=when)
    if row.lasts_ms is None:
        return turn.words.text("closes_never")
    return turn.words.text("lasts", days=row.lasts_ms // surveys.DAY_MS)


def _asked(turn: Turn, tables: Tables) -> Spans:
    words = Outline(turn.library.talks.words["survey_edit"])
    if tables["survey"].get("quick"):
        record = tables["question"][0]
        return turn.words.text("poll_asks") + words.whole(tables, record)
    intro = tables["survey"].get("intro", "")
    text = turn.words.text("intro", text=intro) if intro else ()
    return text + words.listing(tables)


def _missing(turn: Turn, tables: Tables, faults: list[tuple[str, str, str]]) -> Spans:
    if not faults:
        return turn.words.text("finished")
    told = SheetFaults(turn.library.talks.words["survey_import"])
    ids = [record["id"] for record in tables["question"]]
    return turn.words.text("unfinished") + told.of_draft(faults, ids)


def _of_draft(turn: Turn, row: Row, *, can_go: bool) -> list[list[Button]]:
    number = str(row.id)
    edit = turn.link("survey_edit", "questions", "questions", number)
    rows = [[edit, turn.link("survey_settings", "show", "show", number)]]
    if can_go:
        rows += [[turn.button("preview", "preview", number)]]
        rows += [[Button(turn.words.button("ask"), data("announce", "survey", number))]]
    return [*rows, [turn.button("delete", "sure", number)]]


def _of_published(turn: Turn, row: Row, stage: Stage) -> list[list[Button]]:
    number = str(row.id)
    if stage is Stage.PLANNED:
        return [[Button(turn.words.button("announcement"), data("announcements", "one", str(row.announcement_id)))]]
    rows = []
    if turn.library.talks.knows("survey_results:show"):
        rows += [[Button(turn.words.button("results"), data("survey_results", "show", number))]]
    if stage is Stage.CLOSED:
        rows += [[Button(turn.words.button("told"), data("announce", "result", number))]]
    elif row.key is None:
        rows += [[turn.link("survey_end", "later", "later", number), turn.link("survey_end", "now", "now", number)]]
    return rows


def _copy(turn: Turn, row: Row) -> list[Button]:
    return [turn.button("copy", "copy", str(row.id))]


@talk.button("copy")
def copy(turn: Turn) -> None:
    row = survey_drafts.copied(turn.unit, _number(turn), turn.me)
    turn.say("copied")
    show(turn, row)


@talk.button("preview")
def preview(turn: Turn) -> None:
    """As a citizen has it; nothing of it counts. Whoever has answered may try it again."""
    row = survey_drafts.held(turn.unit, _number(turn))
    tables = surveys.tables(row)
    if survey_drafts.faults(tables):
        raise CitizenError("unfinished")
    if taking_part.has_sent(turn.unit, turn.citizen, row.id):
        surveys.wipe(turn.unit, row)
    back = Keyboard(inline=[[turn.button("back", "one", str(row.id))]])
    if not tables["survey"].get("quick"):
        turn.say("trial", back)
        turn.visit("survey", "begin", str(row.id))
        return
    words = turn.library.talks.words
    content = composing.plan(composing.asking(Draft(), row, words["survey"])).content
    turn.tell(content.text, content.keyboard(0, "", words["announced"]))
    turn.say("trial_poll", back)


@talk.button("sure")
def sure(turn: Turn) -> None:
    row = survey_drafts.opened(turn.unit, _number(turn))
    ways = [turn.button("yes_delete", "delete", str(row.id)), turn.button("no_delete", "one", str(row.id))]
    turn.say("sure", Keyboard(inline=[ways]), title=quote(surveys.title(row), TITLE_SHOWN))


@talk.button("delete")
def delete(turn: Turn) -> None:
    survey_drafts.drop(turn.unit, _number(turn), turn.me)
    turn.end()
    turn.change(turn.words.text("deleted"), Keyboard(inline=[[turn.button("do_list", "open")]]))


def _number(turn: Turn) -> int:
    return typed.number(turn.argument.partition(".")[0])


def _row(turn: Turn) -> Row:
    return surveys.find(turn.unit, _number(turn))
