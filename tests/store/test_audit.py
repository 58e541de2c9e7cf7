"""What staff did: only ever added to, read by pages, and written by every action of staff that there is."""

import ast
import json
import re
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeGuard, get_args

import pytest
from sqlalchemy import Executable, delete, text, update
from sqlalchemy.exc import DBAPIError

from bot.config import ROOT
from bot.models import audit as table
from bot.services import audit, closures, handling, knowledge, leaving, staff, unanswered
from bot.services import events as of_events
from bot.services.closing_words import Draft
from bot.store.citizens import Citizen
from bot.store.entries import VersionKind
from bot.store.events import Plan
from bot.store.questions import Asker
from bot.store.staff import Member
from bot.store.unit import Unit
from tests.citizen import rows_of
from tests.store.conftest import Time

ENTRY = {"title": "قایق", "phrasings": ["قایق هست؟"], "answer": "بله.", "owner": "فرهنگی", "review": "1410/01/01"}


def admin(unit: Unit) -> Member:
    return unit.staff.join("telegram", 7, "admin", "مینا", None)


def deeds(unit: Unit) -> list[tuple[str, str, object, object]]:
    """What was done, the oldest first."""
    return [(deed.action, deed.about, deed.before, deed.after) for deed in reversed(unit.audit.latest(50))]


def test_a_row_comes_back_as_it_was_written(unit: Unit, clock: Time) -> None:
    unit.audit.note(3, "changed", "case:9", {"state": 1}, {"state": 2, "why": "«تمام»"})

    (deed,) = unit.audit.of("case:9", 5)
    assert (deed.at, deed.member_id, deed.action) == (clock.millis(), 3, "changed")
    assert (deed.before, deed.after) == ({"state": 1}, {"state": 2, "why": "«تمام»"})
    (row,) = rows_of(unit, table)
    assert row["after"].isascii()


def test_the_newest_stands_first_and_pages_go_back(unit: Unit) -> None:
    for number in range(5):
        unit.audit.note(number % 2, "changed", f"case:{number}", None, None)

    first = unit.audit.latest(2)
    second = unit.audit.latest(2, first[-1].id)
    ones = unit.audit.by(1, 1)

    assert [deed.about for deed in (*first, *second)] == ["case:4", "case:3", "case:2", "case:1"]
    assert [deed.about for deed in (*ones, *unit.audit.by(1, 5, ones[-1].id))] == ["case:3", "case:1"]
    assert unit.audit.of("case:9", 5) == []


@pytest.mark.parametrize("change", ["update", "update_nothing", "delete"])
def test_the_database_itself_refuses_to_change_or_delete_a_row(unit: Unit, change: str) -> None:
    unit.audit.note(1, "changed", "case:1", None, None)
    statements: dict[str, Executable] = {
        "update": update(table).values(member_id=2),
        "update_nothing": text("UPDATE audit SET action = action"),
        "delete": delete(table),
    }

    with pytest.raises(DBAPIError, match="only added to"), unit.attempt():
        unit.audit._connection.execute(statements[change])

    assert [(row["member_id"], row["action"]) for row in rows_of(unit, table)] == [(1, "changed")]


def test_a_page_says_whether_there_is_more(unit: Unit) -> None:
    for number in range(audit.PAGE + 1):
        audit.note(unit, 1, "changed", f"case:{number}")

    first = audit.look(unit)
    rest = audit.look(unit, before=first.older)

    assert (len(first.deeds), len(rest.deeds), rest.older) == (audit.PAGE, 1, None)
    assert audit.look(unit, member_id=2).deeds == []


def test_only_what_changed_is_kept() -> None:
    assert audit.difference({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 4, "d": 5}) == (
        {"b": 2, "c": 3, "d": None},
        {"b": 4, "c": None, "d": 5},
    )


# -- every action of staff


def test_coming_placing_and_going_are_noted(unit: Unit) -> None:
    mina = admin(unit)
    desk = unit.desks.make("telegram", -5, "میز")
    omid = staff.join(unit, Citizen(0, "bale", 8, "امید", 0), staff.invite(unit, "operator", mina, desk.id))
    second = unit.desks.make("telegram", -6, "میز دو")
    staff.place(unit, omid, second.id, mina, works=True)
    staff.place(unit, omid, second.id, mina, works=True)
    staff.place(unit, omid, desk.id, mina, works=False)
    staff.dismiss(unit, omid.id, mina)
    invited, *rest = deeds(unit)

    assert invited[0] == "invited"
    assert invited[3] == {"role": "operator", "desk": desk.id}
    about = f"staff:{omid.id}"
    assert rest == [
        ("joined", about, None, {"role": "operator", "desk": desk.id}),
        ("placed", about, None, {"desk": second.id}),
        ("displaced", about, {"desk": desk.id}, None),
        ("dismissed", about, {"role": "operator"}, None),
    ]
    assert [deed.member_id for deed in reversed(unit.audit.latest(9))] == [mina.id, omid.id, *[mina.id] * 3]


def test_who_leaves_or_is_forgotten_is_noted_without_a_name(unit: Unit) -> None:
    mina = admin(unit)
    staff.join(unit, Citizen(0, "bale", 8, "امید", 0), staff.invite(unit, "editor", mina))
    staff.forget(unit, Citizen(0, "bale", 8, "امید", 0))
    staff.forget(unit, Citizen(0, "bale", 9, "رهگذر", 0))

    assert deeds(unit)[-1] == ("left", "staff:2", {"role": "editor"}, None)
    assert "امید" not in json.dumps(rows_of(unit, table), ensure_ascii=False)


def test_a_code_of_the_command_line_has_no_member(unit: Unit) -> None:
    staff.invite(unit, "admin")

    (deed,) = unit.audit.latest(5)
    assert (deed.member_id, deed.action, deed.after) == (None, "invited", {"role": "admin"})


def test_changes_of_answers_are_noted_with_their_versions(unit: Unit) -> None:
    mina = admin(unit)
    entry = knowledge.add(unit, mina.id, ENTRY)

    def now() -> knowledge.Kept:
        return knowledge.current(unit, entry.id, {})

    knowledge.change(unit, mina.id, now(), ENTRY | {"answer": "نه."})
    knowledge.roll_back(unit, mina.id, now(), 1)
    knowledge.retire(unit, mina.id, now())
    knowledge.restore(unit, mina.id, now())

    about = f"entry:{entry.id}"
    assert deeds(unit) == [
        ("entry_added", about, None, {"version": 1}),
        ("entry_changed", about, {"version": 1}, {"version": 2}),
        ("entry_rolled_back", about, {"version": 2}, {"version": 3}),
        ("entry_retired", about, {"version": 3}, {"version": 4}),
        ("entry_restored", about, {"version": 4}, {"version": 5}),
    ]


def test_closures_are_noted(unit: Unit, clock: Time) -> None:
    mina = admin(unit)
    today = clock.now().date()
    number = closures.declare(unit, Draft("closed", today, today, reason="برف"), mina.id)
    closures.undo(unit, str(number), mina.id)

    declared, undone = deeds(unit)
    assert declared[:2] == ("closure_declared", f"closure:{number}")
    assert undone[:3] == (
        "closure_undone",
        f"closure:{number}",
        {"kind": "closed", "first": today.isoformat(), "last": today.isoformat()},
    )


def test_a_month_that_is_moved_back_is_noted(unit: Unit) -> None:
    mina = admin(unit)
    number = unit.lunar_shifts.add(1448, 10, -1, mina.id)
    closures.move_back(unit, str(number), mina.id)

    assert deeds(unit) == [("month_moved_back", f"month:{number}", {"year": 1448, "month": 10, "days": -1}, None)]


def test_events_are_noted_with_what_changed(unit: Unit, clock: Time) -> None:
    mina = admin(unit)
    now = clock.now()
    start = int((now + timedelta(days=1)).timestamp() * 1000)
    plan = Plan("کارگاه خط", "culture", 1, start, start + 3_600_000, "سرای محله")
    number = of_events.add(unit, plan, mina.id, now).id
    of_events.change(unit, number, replace(plan, place="بوستان"), mina.id, now)
    of_events.cancel(unit, number, "باران", mina.id, now)
    of_events.restore(unit, number, mina.id, now)

    about = f"event:{number}"
    assert deeds(unit) == [
        ("event_added", about, None, {"title": "کارگاه خط"}),
        ("event_changed", about, {"place": "سرای محله"}, {"place": "بوستان"}),
        ("event_cancelled", about, None, {"reason": "باران"}),
        ("event_restored", about, None, None),
    ]


def test_how_unanswered_questions_end_is_noted_without_a_word_of_them(unit: Unit) -> None:
    mina = admin(unit)
    asked = {word: unit.questions.missed(Asker("bale", 5, 5), word, word) for word in ("قایق", "نهال", "چراغ")}
    for word, number in asked.items():
        assert unit.questions.passed(Asker("bale", 5, 5), number, word, word)
    unanswered.gather(unit)

    unanswered.answer(unit, str(asked["قایق"]), mina, "a.one", "بله")
    unanswered.drop(unit, str(asked["نهال"]), mina, "نداریم")
    unanswered.reply(unit, asked["چراغ"], mina, "روشن شد")

    assert deeds(unit) == [
        ("questions_answered", f"question:{asked['قایق']}", None, {"entry": "a.one", "told": 1}),
        ("questions_dropped", f"question:{asked['نهال']}", None, {"told": 1}),
        ("question_replied", f"question:{asked['چراغ']}", None, None),
    ]


def actions() -> set[str]:
    """Every action that the services note."""
    found: set[str] = set()
    for file in (ROOT / "bot" / "services").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.note" and len(node.args) > 2:
                found |= spelt(node.args[2])
            elif isinstance(node, ast.Call):  # handed on to a function that notes it
                found |= {word.value for word in node.args if isinstance(word, ast.Constant) and is_action(word.value)}
    return found


def is_action(word: object) -> TypeGuard[str]:
    return isinstance(word, str) and re.fullmatch(r"(announcement|greeting)_[a-z]+", word) is not None


def done_with_cases() -> set[str]:
    """What staff do with cases, as it is called there."""
    found = set(handling.ENDS)
    for file in (handling.__file__, leaving.__file__):
        for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Happened", "_words"}:
                found |= {str(node.args[0].value)} if isinstance(node.args[0], ast.Constant) else set()
    return found


def spelt(action: ast.expr) -> set[str]:
    if isinstance(action, ast.Constant):
        return {str(action.value)}
    if isinstance(action, ast.JoinedStr) and ast.unparse(action).startswith("f'case_"):
        return {f"case_{kind}" for kind in done_with_cases()}
    if isinstance(action, ast.JoinedStr):  # of an entry: as its version is called
        return {f"entry_{kind}" for kind in get_args(VersionKind) if kind != "shipped"}
    return {"dismissed", "left"}  # as the caller says


def test_every_action_has_its_words_and_no_words_are_left_over() -> None:
    texts = tomllib.loads((ROOT / "content" / "audit.toml").read_text(encoding="utf-8"))["texts"]

    assert {key.removeprefix("did_") for key in texts if key.startswith("did_")} == actions()
    assert max(map(len, actions())) <= 32
