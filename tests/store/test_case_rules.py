"""The rules of cases: who works on one, how it ends, and what its citizen's word does to it."""

import json
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import TEHRAN
from bot.errors import CitizenError
from bot.incoming import Spot
from bot.loading import Loaded
from bot.models import CaseState, RowState, Verdict, outbox
from bot.services import access, cases, desks, forgetting, geo, handling, leaving, persons, reports
from bot.services.cases import Change
from bot.services.handling import Said
from bot.services.persons import Opening
from bot.services.reports import Report, Sender
from bot.store.cases import Case
from bot.store.citizens import Citizen
from bot.store.outbox import Finished, Outgoing
from bot.store.staff import Member
from bot.store.unit import Unit
from tests.citizen import rows_of
from tests.store.conftest import Time

DUE = 2_000_000_000_000
WEEKS = cases.ASKED_LATER_MS


class Office:
    """A desk with two operators, a manager above them, and Sara who files."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.sara = unit.citizens.meet("bale", 501, "سارا")
        self.desk = unit.desks.make("bale", -100, "میز برق").id
        self.other_desk = unit.desks.make("bale", -200, "میز سبز").id
        self.mina, self.reza, self.nima = (self.joined(number, "operator") for number in (1, 2, 3))
        self.boss = self.joined(4, "manager")
        for who in (self.mina, self.reza):
            unit.desk_members.add(self.desk, who.id)
        unit.desk_members.add(self.other_desk, self.nima.id)

    def joined(self, number: int, role: str) -> Member:
        return self.unit.staff.join("bale", 900 + number, role, f"همکار {number}", None)

    def file(self, text: str = "چراغ کوچه سوخته", who: Citizen | None = None, **others: object) -> Change:
        report = Report("complaint", "lights", text, **others)  # type: ignore[arg-type]  # any field of a report
        filed = reports.file(self.unit, Sender(who or self.sara, (who or self.sara).user_id), report, text, DUE)
        return filed.change

    def case(self) -> Case:
        """A case at the desk."""
        filed = self.file().case
        return self.unit.cases.change(replace(filed, desk_id=self.desk))

    def ended(self, as_what: str = "fixed") -> Case:
        """A case that Mina has closed."""
        return handling.close(self.unit, self.mina, str(self.case().id), as_what, Said("انجام شد")).case


def refused(key: str) -> AbstractContextManager[object]:
    return pytest.raises(CitizenError, match=f"^{key}$")


def pass_by(unit: Unit, clock: Time, millis: int) -> None:
    """Time passes, and the next transaction begins."""
    clock.go_on(millis)
    vars(unit).pop("now", None)


# -- filing


def test_a_report_becomes_a_case_with_code_words_and_log(unit: Unit) -> None:
    office = Office(unit)
    change = office.file("چراغ کوچه سوخته", files=("one",), lat=35.67, lon=51.48, address="کوچه یاس")
    case = change.case

    assert (case.text, case.category, case.state, case.due_at) == ("چراغ کوچه سوخته", "lights", CaseState.NEW, DUE)
    assert len(str(case.code)) == 9
    assert unit.case_words.find(["کوچه", "یاس"], None, 5) == [case.id]
    assert (change.event.kind, change.before) == ("filed", None)
    assert unit.case_log.files(case.id) == [("one", change.event.id)]
    assert unit.cases.near("lights", [*geo.cells_around(35.67, 51.48)], 5) == [case]


def test_a_case_goes_to_the_desk_of_its_category(unit: Unit) -> None:
    office = Office(unit)
    unit.desks.cover(office.desk, ["lights"])

    assert office.file().case.desk_id == office.desk
    unit.desks.cover(office.desk, ["noise"])
    assert office.file("چراغ دیگر").case.desk_id == office.other_desk, "the one that takes what no other takes"


def test_the_same_words_within_ten_minutes_join_the_first(unit: Unit, clock: Time) -> None:
    office = Office(unit)
    first = office.file().case
    again = reports.file(
        unit,
        Sender(office.sara, 501),
        Report("complaint", "lights", "چراغ", ("two",), 35.67, 51.48),
        "چراغ کوچه سوخته",
        DUE,
    )

    assert (again.joined, again.change.case.id, again.change.case.lat) == (True, first.id, 35.67)
    assert unit.case_log.count_files(first.id) == 1
    pass_by(unit, clock, reports.JOINED_WITHIN_MS + 1)
    assert office.file().case.id != first.id


def test_words_alone_sent_once_more_add_nothing_that_their_citizen_sees(unit: Unit) -> None:
    office = Office(unit)
    first, again = office.file(), office.file()

    assert (again.case.id, again.event.kind, again.event.public) == (first.case.id, "repeated", False)
    assert [event.kind for event in unit.case_log.of(first.case.id, public=True)] == ["filed"]


def test_talks_are_no_reports_and_have_a_limit_of_their_own(unit: Unit, clock: Time) -> None:
    office = Office(unit)
    now = datetime.fromtimestamp(clock.millis() / 1000, TEHRAN)
    for number in range(reports.MOST_TALKS_A_DAY):
        reports.may_talk(unit, office.sara, now)
        persons.end(unit, persons.begin(unit, office.sara, 501, Opening(f"سؤال {number}", (), f"سوال {number}")).case)

    reports.may_file(unit, office.sara, now)
    with refused("too_many"):
        reports.may_talk(unit, office.sara, now)
    reports.may_talk(unit, office.sara, now + timedelta(days=1))


def test_three_a_day_and_no_more_until_tomorrow(unit: Unit, clock: Time) -> None:
    office = Office(unit)
    now = datetime.fromtimestamp(clock.millis() / 1000, TEHRAN)
    for text in ("یک", "دو", "سه"):
        reports.may_file(unit, office.sara, now)
        office.file(text)
    with refused("too_many"):
        reports.may_file(unit, office.sara, now)
    reports.may_file(unit, office.sara, now + timedelta(days=1))


def test_near_ones_of_others_are_offered_the_nearest_first(unit: Unit, loaded: Loaded) -> None:
    office = Office(unit)
    lights = loaded.library.categories.all["lights"]
    reza = unit.citizens.meet("bale", 502, "رضا")
    far, close = ((35.6700 + lights.radius * part / 111_320, 51.48) for part in (0.9, 0.2))
    beyond = (35.6700 + lights.radius * 1.2 / 111_320, 51.48)
    found = [office.file(str(place), reza, lat=place[0], lon=place[1]).case for place in (far, close, beyond)]
    mine = office.file("مال خودم", lat=35.67, lon=51.48).case

    offered = reports.near(unit, office.sara, lights, Spot(35.67, 51.48))
    assert [near.case.id for near in offered] == [found[1].id, found[0].id]
    assert offered[0].metres == pytest.approx(lights.radius * 0.2, abs=2)
    assert mine.id not in [near.case.id for near in offered]


def test_following_once_and_only_what_is_open_and_of_others(unit: Unit) -> None:
    office = Office(unit)
    reza = unit.citizens.meet("bale", 502, "رضا")
    case = office.case()

    reports.follow(unit, reza, 502, case.id)
    for who in (reza, office.sara):
        with refused("follows_already"):
            reports.follow(unit, who, who.user_id, case.id)
    ended = office.ended()
    with refused("gone"):
        reports.follow(unit, reza, 502, ended.id)


def test_the_day_of_an_answer_is_a_working_day(loaded: Loaded) -> None:
    hours = loaded.library.answers.hours
    wednesday = datetime(2026, 11, 25, 10, 0, tzinfo=TEHRAN)

    due = datetime.fromtimestamp(reports.due_at(hours, wednesday, 1) / 1000, TEHRAN)
    assert (due.strftime("%A"), due.hour) == ("Saturday", 23)
    assert datetime.fromtimestamp(reports.due_at(hours, wednesday, 0) / 1000, TEHRAN).date() == wednesday.date()


# -- staff


def test_of_two_who_take_it_one_wins(unit: Unit) -> None:
    office = Office(unit)
    number = str(office.case().id)

    assert handling.take(unit, office.mina, number).case.owner_id == office.mina.id
    with refused("taken"):
        handling.take(unit, office.reza, number)
    with refused("yours_already"):
        handling.take(unit, office.mina, number)
    with refused("taken"):
        handling.close(unit, office.reza, number, "fixed", Said("من کردم"))
    assert unit.cases.find(int(number)).owner_id == office.mina.id  # type: ignore[union-attr]  # it is there


def test_who_speaks_for_nobodys_case_takes_it(unit: Unit) -> None:
    office = Office(unit)
    asked = handling.ask(unit, office.mina, str(office.case().id), Said("کدام کوچه؟"))

    assert (asked.case.owner_id, asked.case.state) == (office.mina.id, CaseState.ASKED)
    answered = cases.add(unit, asked.case, "کوچه یاس")
    assert answered.case.state == CaseState.TAKEN


def test_another_desk_sees_nothing_of_it(unit: Unit) -> None:
    office = Office(unit)
    number = str(office.case().id)
    with refused("not_yours"):
        handling.take(unit, office.nima, number)

    handling.forward(unit, office.mina, number, office.other_desk)
    taken = handling.take(unit, office.nima, number)
    assert (taken.case.desk_id, taken.case.owner_id) == (office.other_desk, office.nima.id)
    with refused("not_yours"):
        access.see(unit, office.mina, number)


@pytest.mark.parametrize("number", ["", "-1", "x", "9" * 30, "٣", "1 OR 1"])
def test_a_number_that_is_none_finds_nothing(unit: Unit, number: str) -> None:
    office = Office(unit)
    with refused("not_there"):
        access.see(unit, office.boss, number)


def test_fixed_needs_a_reason_or_a_picture(unit: Unit) -> None:
    office = Office(unit)
    number = str(office.case().id)
    with refused("needs_proof"):
        handling.close(unit, office.mina, number, "fixed", Said())
    for end in ("answered", "not_ours", "no_action"):
        with refused("no_text"):
            handling.close(unit, office.mina, number, end, Said(files=("picture",)))

    fixed = handling.close(unit, office.mina, number, "fixed", Said(files=("picture",)))
    assert fixed.case.state == CaseState.FIXED
    assert (fixed.event.before["state"], fixed.event.after["state"]) == (CaseState.NEW, CaseState.FIXED)
    with refused("closed"):
        handling.close(unit, office.mina, number, "answered", Said("دوباره"))


def test_a_duplicate_leads_its_people_to_the_other(unit: Unit) -> None:
    office = Office(unit)
    reza = unit.citizens.meet("bale", 502, "رضا")
    first = unit.cases.change(replace(office.file("همان", reza).case, desk_id=office.desk))
    case = office.case()

    same = handling.same_as(unit, office.mina, str(case.id), first.code)
    assert (same.case.state, same.case.same_as) == (CaseState.DUPLICATE, first.id)
    assert unit.followers.follows(first.id, "bale", 501)
    with refused("no_such_case"):
        handling.same_as(unit, office.mina, str(first.id), 1)
    with refused("itself"):
        handling.same_as(unit, office.mina, str(first.id), first.code)


def test_every_deed_is_in_the_audit_with_before_and_after(unit: Unit) -> None:
    office = Office(unit)
    number = str(office.case().id)
    handling.take(unit, office.mina, number)
    handling.hurry(unit, office.reza, number)
    handling.note(unit, office.reza, number, Said("راز داخلی"))

    deeds = {deed.action: deed for deed in unit.audit.of(f"case:{number}", 10)}
    assert deeds.keys() == {"case_taken", "case_urgent", "case_note"}
    assert deeds["case_taken"].after == {"state": CaseState.TAKEN, "owner_id": office.mina.id}
    assert (deeds["case_urgent"].before, deeds["case_urgent"].after) == ({"priority": 1}, {"priority": 0})
    assert "راز" not in str(unit.audit.latest(50))


# -- the citizen's word


def test_the_citizen_has_the_last_word(unit: Unit) -> None:
    office = Office(unit)
    ended = office.ended()
    good = cases.judge(unit, ended, Verdict.FIXED)
    assert (good.case.verdict, good.case.is_open, good.case.state) == (Verdict.FIXED, False, CaseState.FIXED)
    with refused("said_already"):
        cases.judge(unit, good.case, Verdict.FIXED)
    half = cases.judge(unit, good.case, Verdict.HALF)
    assert (half.case.verdict, half.case.is_open) == (Verdict.HALF, False)


def test_the_first_no_gives_it_to_another_the_second_to_the_managers(unit: Unit) -> None:
    office = Office(unit)
    first = cases.judge(unit, office.ended(), Verdict.NOT_FIXED)
    number = str(first.case.id)
    assert (first.event.kind, first.case.owner_id, first.case.state) == ("reopened", None, CaseState.NEW)
    with refused("was_yours"):
        handling.take(unit, office.mina, number)
    handling.take(unit, office.reza, number)

    ended = handling.close(unit, office.reza, number, "answered", Said("بررسی شد"))
    second = cases.judge(unit, ended.case, Verdict.NOT_FIXED)
    assert (second.event.kind, second.case.raised) == ("raised", 1)
    with refused("raised"):
        handling.take(unit, office.reza, number)
    handling.take(unit, office.boss, number)

    last = handling.close(unit, office.boss, number, "fixed", Said("دیدم"))
    with refused("objected_twice"):
        cases.judge(unit, last.case, Verdict.NOT_FIXED)


def test_alone_at_a_desk_one_takes_it_again(unit: Unit) -> None:
    office = Office(unit)
    again = cases.judge(unit, office.ended(), Verdict.NOT_FIXED)
    unit.desk_members.remove(office.desk, office.reza.id)

    assert handling.take(unit, office.mina, str(again.case.id)).case.owner_id == office.mina.id


@pytest.mark.parametrize("end", ["not_ours", "no_action"])
def test_other_ends_are_not_judged(unit: Unit, end: str) -> None:
    office = Office(unit)
    with refused("not_judged"):
        cases.judge(unit, office.ended(end), Verdict.NOT_FIXED)
    with refused("not_judged"):
        cases.judge(unit, office.case(), Verdict.FIXED)


def test_asked_once_more_after_weeks_and_never_twice(unit: Unit, clock: Time) -> None:
    office = Office(unit)
    ended = office.ended()
    pass_by(unit, clock, WEEKS - 1)
    assert cases.to_survey(unit, 10) == []
    pass_by(unit, clock, 1)
    (asked,) = cases.to_survey(unit, 10)
    assert (asked.id, cases.surveyed(unit, asked).event.kind, asked.ask_at) == (ended.id, "surveyed", None)
    assert cases.to_survey(unit, 10) == []

    again = cases.judge(unit, asked, Verdict.NOT_FIXED)
    closed = handling.close(unit, office.reza, str(again.case.id), "fixed", Said("این بار درست شد"))
    assert closed.case.ask_at is None
    pass_by(unit, clock, 2 * WEEKS)
    assert cases.to_survey(unit, 10) == []


def test_taken_back_is_over_for_everybody(unit: Unit) -> None:
    office = Office(unit)
    back = cases.withdraw(unit, office.case())

    assert (back.case.state, back.case.is_open) == (CaseState.WITHDRAWN, False)
    with refused("closed"):
        cases.withdraw(unit, back.case)
    with refused("closed"):
        cases.add(unit, back.case, "باز هم")
    with refused("withdrawn"):
        handling.reopen(unit, office.mina, str(back.case.id))


def test_who_works_here_no_more_leaves_nothing_behind(unit: Unit) -> None:
    office = Office(unit)
    number = str(office.case().id)
    handling.take(unit, office.mina, number)

    (free,) = leaving.leave_all(unit, office.boss, office.mina)
    assert (free.case.id, free.case.owner_id, free.case.state) == (int(number), None, CaseState.NEW)
    handling.take(unit, office.reza, number)


# -- looking up


def test_a_code_shows_all_to_its_citizen_and_little_to_others(unit: Unit) -> None:
    office = Office(unit)
    reza = unit.citizens.meet("bale", 502, "رضا")
    case = office.case()

    assert cases.look_up(unit, office.sara, case.code) == case
    peeked = cases.look_up(unit, reza, case.code)
    assert peeked == cases.peek(case)
    assert "چراغ" not in str(peeked)


def test_guessing_codes_ends_after_a_while(unit: Unit, clock: Time) -> None:
    office = Office(unit)
    reza = unit.citizens.meet("bale", 502, "رضا")
    for guess in range(cases.MOST_LOOKUPS):
        assert cases.look_up(unit, reza, guess) is None
    with refused("guessing"):
        cases.look_up(unit, reza, office.case().code)
    pass_by(unit, clock, cases.LOOKUPS_MS + 1)
    assert cases.look_up(unit, reza, 1) is None


def test_a_button_of_anothers_case_leads_nowhere(unit: Unit) -> None:
    office = Office(unit)
    reza = unit.citizens.meet("bale", 502, "رضا")
    case = office.case()

    assert cases.theirs(unit, office.sara, str(case.id)) == case
    for who, number in ((reza, str(case.id)), (office.sara, "0"), (office.sara, "x"), (office.sara, "9" * 40)):
        with refused("gone"):
            cases.theirs(unit, who, number)


# -- desks and people that go


def test_a_case_of_a_closed_desk_opens_again_where_its_subject_is_dealt_with_now(unit: Unit) -> None:
    office = Office(unit)
    objected, opened = office.ended(), office.ended()
    desks.close(unit, office.desk)

    assert cases.judge(unit, objected, Verdict.NOT_FIXED).case.desk_id == office.other_desk
    assert handling.reopen(unit, office.boss, str(opened.id)).case.desk_id == office.other_desk


def test_managers_are_told_of_what_opens_again_and_has_no_desk(unit: Unit, loaded: Loaded) -> None:
    office = Office(unit)
    case = office.ended()
    for desk in (office.desk, office.other_desk):
        desks.close(unit, desk)

    change = cases.judge(unit, case, Verdict.NOT_FIXED)

    assert change.case.desk_id is None
    told = [message.chat_id for message in loaded.library.news.of(unit, change)]
    assert told == [office.boss.user_id]


def test_what_a_closed_desk_leaves_behind_is_nobodys_and_written_down(unit: Unit) -> None:
    office = Office(unit)
    taken = handling.take(unit, office.mina, str(office.case().id)).case
    fresh = unit.cases.change(replace(office.file("دو").case, desk_id=office.desk))
    desks.close(unit, office.desk, office.boss)

    assert leaving.orphan(unit, office.boss, office.desk) == 2
    assert leaving.orphan(unit, office.boss, office.desk) == 0

    for case in (taken, fresh):
        now = unit.cases.find(case.id)
        assert now is not None
        assert (now.desk_id, now.owner_id, now.state) == (None, None, CaseState.NEW)
    event = unit.case_log.last(taken.id, "orphaned")
    assert event is not None
    assert event.before == {"desk_id": office.desk, "owner_id": office.mina.id, "state": CaseState.TAKEN}
    assert event.after == {"desk_id": None, "owner_id": None, "state": CaseState.NEW}
    (deed,) = unit.audit.of(f"case:{fresh.id}", 1)
    assert (deed.action, deed.before, deed.after) == ("case_orphaned", {"desk_id": office.desk}, {"desk_id": None})


def test_nobody_who_was_removed_meanwhile_gets_a_case(unit: Unit) -> None:
    office = Office(unit)
    number = str(office.case().id)
    unit.staff.end(office.mina.id)

    with refused("not_staff"):
        handling.take(unit, office.mina, number)
    with refused("not_theirs"):
        handling.assign(unit, office.boss, number, office.mina)


def test_what_staff_file_for_somebody_is_noted(unit: Unit) -> None:
    office = Office(unit)
    filed = reports.file(unit, Sender(filed_by=office.mina.id), Report("complaint", "lights", "چراغ"), "چراغ", DUE)

    (deed,) = unit.audit.of(f"case:{filed.change.case.id}", 5)
    assert (deed.action, deed.member_id, deed.after) == ("case_filed", office.mina.id, {"category": "lights"})


def test_the_same_said_twice_reaches_the_citizen_once(unit: Unit) -> None:
    office = Office(unit)
    number, said = str(office.case().id), Said("کدام پلاک؟")
    handling.ask(unit, office.mina, number, said)
    with refused("told_already"):
        handling.ask(unit, office.mina, number, said)
    handling.ask(unit, office.mina, number, Said("کدام کوچه؟"))

    handling.plan(unit, office.mina, number, DUE + 1, Said())
    with refused("told_already"):
        handling.plan(unit, office.mina, number, DUE + 1, Said())
    assert handling.plan(unit, office.mina, number, DUE + 2, Said()).case.due_at == DUE + 2


# -- who is told


def addressed(loaded: Loaded, unit: Unit, change: Change) -> dict[int, str]:
    """The chats to which something is said of a change, and all of it."""
    found: dict[int, str] = {}
    for message in loaded.library.news.of(unit, change):
        spans = json.loads(message.body).get("text", [])
        found[message.chat_id] = found.get(message.chat_id, "") + "".join(text for _, text in spans)
    return found


@pytest.mark.parametrize("gone", ["removed", "elsewhere", "editor"])
def test_what_a_citizen_says_of_a_closed_case_reaches_no_owner_who_works_there_no_more(
    unit: Unit, loaded: Loaded, gone: str
) -> None:
    office = Office(unit)
    case = office.ended()
    assert office.mina.user_id in addressed(loaded, unit, cases.judge(unit, case, Verdict.FIXED))
    if gone == "removed":
        unit.staff.end(office.mina.id)
    elif gone == "elsewhere":
        unit.desk_members.remove(office.desk, office.mina.id)
    else:
        unit.staff.join("bale", office.mina.user_id, "editor", "مینا", None)

    half = cases.judge(unit, cases.theirs(unit, office.sara, str(case.id)), Verdict.HALF)
    told = addressed(loaded, unit, half) | addressed(loaded, unit, cases.explain(unit, half.case, "هنوز تاریک است"))

    assert set(told) == {-100}


def test_who_follows_a_case_learns_no_name_and_no_number_of_its_citizen(unit: Unit, loaded: Loaded) -> None:
    office = Office(unit)
    case = unit.cases.change(replace(office.file(name="سارا احمدی").case, desk_id=office.desk))
    reza = unit.citizens.meet("bale", 502, "رضا")
    reports.follow(unit, reza, 502, case.id)

    said = Said("سلام سارا احمدی، خانم احمدی، با شماره‌تان ۰۹۱۲۳۴۵۶۷۸۹ تماس گرفتیم. لامپ عوض شد.")
    told = addressed(loaded, unit, handling.close(unit, office.mina, str(case.id), "answered", said))

    assert "سارا احمدی" in told[501]
    assert "لامپ عوض شد" in told[502]
    for secret in ("سارا", "احمدی", "۳۴۵۶"):
        assert secret not in told[502]


def test_who_followed_a_duplicate_follows_the_other_but_nobody_their_own(unit: Unit) -> None:
    office = Office(unit)
    reza, nima = (unit.citizens.meet("bale", number, None) for number in (502, 503))
    case, other = office.case(), unit.cases.change(replace(office.file(who=reza).case, desk_id=office.desk))
    for who in (reza, nima):
        reports.follow(unit, who, who.user_id, case.id)

    handling.same_as(unit, office.mina, str(case.id), other.code)

    assert {who.user_id for who in unit.followers.of(other.id, 10)} == {501, 503}


def test_what_staff_were_told_of_whoever_is_forgotten_is_forgotten_too(unit: Unit) -> None:
    office = Office(unit)
    case = office.case()
    for chat, name in ((-100, f"card:{case.id}"), (office.mina.user_id, f"said:{case.id}"), (-100, "card:999")):
        row = unit.outbox.add(Outgoing("bale", chat, "send", '{"text": "راز سارا"}', name), claimed=False)
        unit.outbox.finish([Finished(row.id, RowState.DONE, row.id)])

    forgetting.forget_person(unit, "bale", 501, 501)

    assert [row["body"] is None for row in rows_of(unit, outbox)] == [True, True, False]
