"""Whatever citizens tap and type, old and forged buttons among it: every way ends, and nobody counts twice.

The conversation itself runs, on a database, without the messengers around it.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from bot.errors import Faults
from bot.flow import Library
from bot.incoming import Attachment, Incoming, Press, Spot
from bot.loading import Loaded
from bot.services import counting, questionnaire, survey_sheet, surveys, taking_part
from bot.services.questionnaire import MANY, PHOTO, PLACE, Question, Survey
from bot.services.taking_part import Ballot
from bot.store import Unit
from bot.switchboard import House, Known, Switchboard, _admitted, _meet
from tests.questionnaires import surveys as made_up
from tests.questionnaires import values
from tests.store.conftest import Time, on_sqlite
from tests.surveying import put, recounted, sums

ACTIONS = ("begin", "show", "pick", "toggle", "done", "skip", "back", "keep", "edit", "send", "change")
TYPED = ("۱", "۳", "چهار", "گزینه 0", "گزینه 0، گزینه 1", "خیلی خوب", "هرچه", "رد کردن", "سؤال قبل", "همین‌ها", "بفرست")
PHOTO_SENT = {"kind": "photo", "files": (Attachment("photo", "abc"),), "text": "زیرنویس"}
SPOT_SENT = {"kind": "location", "spot": Spot(35.67123, 51.47321)}


@dataclass
class Somebody:
    """A citizen in a talk with the bot, which is no more than its turns."""

    unit: Unit
    library: Library
    user_id: int
    buttons: list[str] = field(default_factory=list)

    def press(self, pressed: str) -> None:
        self._turn(kind="press", press=Press("1", pressed, 5))

    def send(self, text: str) -> None:
        command = text[1:] if text.startswith("/") else None
        self._turn(kind="text", text=text, command=command)

    def _turn(self, **what: Any) -> None:  # noqa: ANN401 - fields of an update
        incoming = Incoming("telegram", self.user_id, self.user_id, "سارا", private=True, **what)
        house = House(self.library, {}, Time(), cast("Any", None))
        board = Switchboard(cast("Any", None), house, "test", lambda _: None)
        at = _meet(self.unit, incoming)
        reached = _admitted(self.unit, self.library.talks, incoming, at)
        turn = board._run_step(self.unit, incoming, at, reached, Known(self.library))
        for said in turn.replies:
            rows = json.loads(said.body).get("inline", ())
            self.buttons += [key["d"] for row in rows for key in row if key["d"].startswith("survey:")]

    def answer(self, question: Question, number: int, drawn: some.DataObject) -> None:
        """One of the answers that there are to a question."""
        value = drawn.draw(some.sampled_from(values(question)))
        row = surveys.find(self.unit, number)
        at = surveys.sheet(row).questions.index(question)
        if question.kind == PHOTO:
            self._turn(**PHOTO_SENT)
        elif question.kind == PLACE:
            self._turn(**SPOT_SENT)
        elif question.kind == MANY and isinstance(value, tuple):
            self.send("/menu")  # nothing is ticked any more
            self.press(f"survey:begin:{number}")
            for option in value:
                place = [one.id for one in question.options].index(str(option))
                self.press(f"survey:toggle:{Ballot.of(row, at, place)}")
            self.press(f"survey:done:{Ballot.of(row, at)}")
        else:
            label = next((one.label for one in question.options if one.id == value), str(value))
            self.send(label)


@pytest.fixture(scope="module")
def database(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("paths") / "hamyar14.db"
    shutil.copy(empty_database, path)
    return f"sqlite+aiosqlite:///{path}"


@contextmanager
def asked(database: str, survey: Survey) -> Iterator[tuple[Unit, int]]:
    """A survey as staff could have made it, open; all is undone afterwards."""
    asking = [
        question if questionnaire.can_be_asked(survey, question) else replace(question, hidden=True)
        for question in survey.questions
    ]
    sound = replace(survey, questions=tuple(asking), intro="سلام")
    try:
        survey_sheet.read_tables("made up", survey_sheet.tables_of(sound))
    except Faults:
        assume(condition=False)
    with on_sqlite(database, Time()) as connection:
        unit = Unit(connection)
        yield unit, put(unit, sound)


def taps(number: int, row: surveys.Row, known: list[str]) -> some.SearchStrategy[str]:
    """A button that stands somewhere in the chat, or one that nobody made."""
    forged = some.builds(
        lambda action, rest, tag: f"survey:{action}:{replace(Ballot.of(row, *rest), tag=tag)}",
        some.sampled_from(ACTIONS),
        some.lists(some.integers(0, 7), max_size=2),
        some.sampled_from([surveys.tag(row), surveys.tag(row), "0000"]),
    )
    again = some.just(f"survey:begin:{number}")
    return some.one_of(forged, again, some.sampled_from(known[-60:])) if known else forged | again


@given(made_up(), some.data())
@settings(max_examples=120)
def test_every_way_ends_and_nobody_counts_twice(
    database: str, loaded: Loaded, survey: Survey, data: some.DataObject
) -> None:
    with asked(database, survey) as (unit, number):
        row = surveys.find(unit, number)
        both = [Somebody(unit, loaded.library, user_id) for user_id in (7, 8)]
        for somebody in both:
            somebody.press(f"survey:begin:{number}")
        for _ in range(data.draw(some.integers(0, 25))):
            somebody = data.draw(some.sampled_from(both))
            what = data.draw(some.sampled_from(["tap", "tap", "tap", "type", "photo", "spot", "menu"]))
            if what == "tap":
                somebody.press(data.draw(taps(number, row, both[0].buttons + both[1].buttons)))
            elif what == "photo":
                somebody._turn(**PHOTO_SENT)
            elif what == "spot":
                somebody._turn(**SPOT_SENT)
            else:
                somebody.send("/menu" if what == "menu" else data.draw(some.sampled_from(TYPED)))
            sound(unit, number)
        for somebody in both:
            to_the_end(somebody, number, data)

        sound(unit, number)
        assert len(unit.responses.page(number, 0, 10)) == 2
        assert sums(unit, number)["", "+"] == 2


def sound(unit: Unit, number: int) -> None:
    """What holds at any moment."""
    row = surveys.find(unit, number)
    sheet = surveys.sheet(row)
    sent = [unit.citizens.find("telegram", user_id, user_id) for user_id in (7, 8)]
    counted = [met for met in sent if met is not None and taking_part.has_sent(unit, met.citizen, number)]
    responses = unit.responses.page(number, 0, 10)

    assert len(responses) == len(counted)
    assert sums(unit, number) == recounted(unit, number)
    for response in responses:
        given_ones = counting.from_json(sheet, response.answers)
        assert questionnaire.counting(sheet, given_ones) == given_ones, "only what is asked is counted"
        assert questionnaire.next_question(sheet, given_ones) is None, "all that is asked is answered"
    for met in filter(None, sent):
        part = taking_part.look(unit, met.citizen, surveys.find(unit, number))
        assert part is None or questionnaire.counting(sheet, part.answers) == part.answers
        assert part is None or not row.anonymous or not part.who.sent or part.who.answers is None


def to_the_end(somebody: Somebody, number: int, data: some.DataObject) -> None:
    """Answer what is asked until it is sent; that takes no more turns than there are questions."""
    met = somebody.unit.citizens.find("telegram", somebody.user_id, somebody.user_id)
    assert met is not None
    row = surveys.find(somebody.unit, number)
    for _ in range(len(surveys.sheet(row).questions) + 1):
        part = taking_part.look(somebody.unit, met.citizen, surveys.find(somebody.unit, number))
        assert part is not None
        if part.who.sent and not part.is_changing:
            return
        somebody.press(f"survey:begin:{number}")
        if part.at is None:
            somebody.press(f"survey:send:{Ballot.of(row)}")
        else:
            somebody.answer(part.at, number, data)
    part = taking_part.look(somebody.unit, met.citizen, surveys.find(somebody.unit, number))
    assert part is not None
    assert part.who.sent
    assert not part.is_changing
