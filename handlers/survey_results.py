"""What came of a survey, for staff: live, of a draft what colleagues answered on trial.

show   -> the results in words --refresh, with visitors, one group--> others in their place
by     -> platforms or neighbourhoods with how many answered --one--> its results
words  -> what was written, ten at a time --next, another question--> others
photos -> some of the photos
file   -> pictures, a workbook or a plain table, which come when they are written (`bot/exporting.py`)
"""

import zlib
from typing import NamedTuple

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn
from bot.services import exports, results, survey_answers, survey_words, surveys, typed
from bot.services.questionnaire import PHOTO, TEXT
from bot.services.results import Group, Kind, Results
from bot.services.surveys import Row

talk = Conversation("survey_results", role="editor")

IN_PLACE = 3_500
"""Letters of a text that goes in the place of another, since it is one message for sure."""
KINDS: dict[str, Kind] = {"n": "neighbourhood", "p": "platform"}
IN_A_ROW = 2


class View(NamedTuple):
    """Which results are looked at: of all on messengers, with the visitors of the page, or of one group."""

    row: Row
    only: Group | None = None
    with_visitors: bool = False

    @property
    def argument(self) -> str:
        """As buttons carry it: "12", "12.v", "12.n1f3e0a0b"."""
        if self.only is not None:
            return f"{self.row.id}.{_short(self.only)}"
        return f"{self.row.id}.v" if self.with_visitors else str(self.row.id)


# -- in words


@talk.button("show")
def show(turn: Turn) -> None:
    turn.end()
    turn.tell(*_shown(turn, _view(turn)))


@talk.button("view")
def view(turn: Turn) -> None:
    """In the place of what is there, unless that were several messages."""
    text, under = _shown(turn, _view(turn))
    (turn.change if _length(text) <= IN_PLACE else turn.tell)(text, under)


def _shown(turn: Turn, wanted: View) -> tuple[Spans, Keyboard]:
    found = results.of(turn.unit, wanted.row, wanted.only, with_visitors=wanted.with_visitors)
    text = survey_words.whole(turn.words, found, _name(turn))
    number = str(wanted.row.id)
    rows = [[turn.button("refresh", "view", wanted.argument)]]
    if wanted.only is not None or wanted.with_visitors:
        rows[0].append(turn.button("all", "view", number))
    if found.held:
        rows += _ways_while_held(turn, wanted, found)
    elif (found.total or found.visitors) and not _is_little(found):
        rows += _ways(turn, wanted, found)
    return text, Keyboard(inline=[*rows, [turn.link("surveys", "back", "one", number)]])


def _ways(turn: Turn, wanted: View, found: Results) -> list[list[Button]]:
    number = str(wanted.row.id)
    rows = []
    if wanted.only is None and not wanted.with_visitors:
        rows.append([turn.button(f"by_{kind}", "by", f"{number}.{sign}") for sign, kind in KINDS.items()])
        if found.takes_visitors:
            rows.append([turn.button("with_visitors", "view", f"{number}.v")])
    kinds = {question.kind for question in found.survey.questions}
    read = [turn.button("words", "words", number)] if TEXT in kinds else []
    read += [turn.button("photos", "photos", number)] if PHOTO in kinds else []
    files = [turn.button(f"file_{form}", "file", f"{number}.{form}") for form in exports.FORMS]
    return [row for row in [*rows, read, files] if row]


def _ways_while_held(turn: Turn, wanted: View, found: Results) -> list[list[Button]]:
    """Nothing of groups and single people."""
    with_visitors = [turn.button("with_visitors", "view", f"{wanted.row.id}.v")]
    rows = [with_visitors] if found.takes_visitors and not wanted.with_visitors else []
    return rows if found.few else [*rows, [turn.button("file_png", "file", f"{wanted.row.id}.png")]]


def _is_little(found: Results) -> bool:
    """Whether nothing can be told of anybody: of few people with many visitors these can be."""
    return found.few and not found.reads(results.WEB)


@talk.button("by")
def by(turn: Turn) -> None:
    """The groups that may be shown alone, each with a button."""
    row, (sign, *_) = _asked(turn)
    kind = KINDS.get(sign)
    if kind is None:
        raise CitizenError("old_button")
    found = _apart(turn, row)
    if _is_little(found):
        raise CitizenError("few")
    name = _name(turn)
    groups = [Group(kind, value) for value in found.groups[kind]]
    doors = [
        turn.button("group", "show", View(row, one).argument, name=name(one), count=found.groups[kind][one.value])
        for one in groups
        if found.may_show(one)
    ]
    rows = [doors[at : at + IN_A_ROW] for at in range(0, len(doors), IN_A_ROW)]
    text = survey_words.groups(turn.words, found, kind, name)
    turn.tell(text, Keyboard(inline=[*rows, [turn.button("all", "show", str(row.id))]]))


# -- one by one


@talk.button("words")
def words(turn: Turn) -> None:
    turn.tell(*_written(turn))


@talk.button("more")
def more_words(turn: Turn) -> None:
    turn.change(*_written(turn))


def _written(turn: Turn) -> tuple[Spans, Keyboard]:
    """Some of what was written: with ten answers still one message."""
    row, (place, after, *_) = _asked(turn)
    questions = [at for at, one in enumerate(results.of(turn.unit, row).survey.questions) if one.kind == TEXT]
    if not questions:
        raise CitizenError("old_button")
    at = typed.number(place) if place else questions[0]
    page = survey_answers.words(turn.unit, row, at, after)
    ending = "" if page.after is not None and page.texts else _ending(page.after, after)
    text = survey_words.list_of(turn.words, page.question, page.texts, ending)
    ways = [] if page.after is None else [turn.button("next", "more", f"{row.id}.{at}.{page.after}")]
    others = [turn.button("question", "more", f"{row.id}.{one}.0", place=one + 1) for one in questions if one != at]
    rows = [ways, *(others[start : start + 4] for start in range(0, len(others), 4))]
    return text, Keyboard(inline=[some for some in [*rows, [turn.button("all", "show", str(row.id))]] if some])


def _ending(more: int | None, after: str) -> str:
    if more is not None:
        return "far"
    return "end" if after.strip("0") else ""


@talk.button("photos")
def photos(turn: Turn) -> None:
    row, _ = _asked(turn)
    found = survey_answers.photos(turn.unit, row)
    under = Keyboard(inline=[[turn.button("all", "show", str(row.id))]])
    if not found:
        turn.say("photos_none", under)
        return
    title = survey_words.title(results.of(turn.unit, row))
    turn.say("photos", under, found, count=len(found), title=title)


@talk.button("file")
def file(turn: Turn) -> None:
    row, (wanted, *_) = _asked(turn)
    form = next((form for form in exports.FORMS if form == wanted), None)
    if form is None:
        raise CitizenError("old_button")
    exports.order(turn.unit, row, form, turn.citizen, turn.incoming.chat_id, turn.member)
    turn.say("ordered")


# -- what a button carries


def _view(turn: Turn) -> View:
    row, (which, *_) = _asked(turn)
    if which in {"", "v"}:
        return View(row, with_visitors=which == "v")
    kind = KINDS.get(which[0])
    groups = _apart(turn, row).groups[kind] if kind is not None else {}
    found = next((one for value in groups if kind and _short(one := Group(kind, value)) == which), None)
    if found is None:
        raise CitizenError("few_there")
    return View(row, found)


def _apart(turn: Turn, row: Row) -> Results:
    """Results of which groups may be shown."""
    found = results.of(turn.unit, row)
    if found.held:
        raise CitizenError("held")
    return found


def _asked(turn: Turn) -> tuple[Row, list[str]]:
    """The survey that a button names, and what else it says; as many empty ones behind as anybody wants."""
    number, *rest = turn.argument.split(".")
    return surveys.find(turn.unit, typed.number(number)), [*rest, "", "", ""]


def _short(group: Group) -> str:
    """A group in few letters: an id of a neighbourhood may be too long for a button."""
    return f"{group.kind[0]}{zlib.crc32(group.value.encode()):08x}"


def _name(turn: Turn) -> survey_words.Name:
    places = turn.library.places.all
    return survey_words.names(turn.words, lambda place: places[place].name if place in places else place)


def _length(text: Spans) -> int:
    return sum(len(span.text) for span in text)
