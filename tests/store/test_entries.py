"""Answers of staff: every change is a version, the last one counts, and the second of two who change one is refused."""

import pytest

from bot.errors import CitizenError
from bot.incoming import Attachment
from bot.knowledge import Entry, Link, Place
from bot.services import knowledge
from bot.store import Unit

SHIPPED = {
    "a.one": Entry("a.one", "یک", "پاسخ", phrasings=("یک چیست",)),
    "service.help": Entry("service.help", "ر", "پ"),
}
DRAFT = {"title": "دو", "phrasings": ["دو چیست"], "answer": "پاسخ دو"}
MINA, OMID = 1, 2


def kinds(unit: Unit, entry: str) -> list[str]:
    return [version.kind for version in reversed(knowledge.versions(unit, entry, 0, 100))]


def live(unit: Unit, entry: str = "a.one") -> Entry | None:
    return knowledge.current(unit, entry, SHIPPED).entry


def test_a_new_entry_gets_an_id_and_a_first_version(unit: Unit) -> None:
    first, second = (knowledge.add(unit, MINA, DRAFT) for _ in range(2))

    assert (first.id, second.id) == ("staff.1", "staff.2")
    assert live(unit, first.id) == first
    (version,) = knowledge.versions(unit, first.id, 0, 10)
    assert (version.number, version.kind, version.member) == (1, "added", MINA)
    assert unit.revisions.all() == {"knowledge": 2}


def test_a_number_is_never_given_twice(unit: Unit) -> None:
    unit.entries.begin("staff.1")
    unit.entries.begin("staff.3")

    assert [unit.entries.make(), unit.entries.make()] == ["staff.4", "staff.5"]


def test_a_shipped_entry_that_nobody_touched_stands_as_it_was_shipped(unit: Unit) -> None:
    known = knowledge.current(unit, "a.one", SHIPPED)

    assert (known.entry, known.number, known.outdated) == (SHIPPED["a.one"], 0, False)
    assert kinds(unit, "a.one") == []


def test_the_first_change_of_a_shipped_entry_keeps_how_it_was_shipped(unit: Unit) -> None:
    known = knowledge.current(unit, "a.one", SHIPPED)

    knowledge.change(unit, MINA, known, known.table | {"answer": "تازه"})

    assert live(unit) == Entry("a.one", "یک", "تازه", phrasings=("یک چیست",))
    assert kinds(unit, "a.one") == ["shipped", "changed"]
    knowledge.roll_back(unit, OMID, knowledge.current(unit, "a.one", SHIPPED), 1)
    assert live(unit) == SHIPPED["a.one"]
    assert kinds(unit, "a.one") == ["shipped", "changed", "rolled_back"]


def test_the_second_of_two_who_change_an_entry_is_refused(unit: Unit) -> None:
    both_saw = knowledge.current(unit, "a.one", SHIPPED)
    knowledge.change(unit, MINA, both_saw, both_saw.table | {"answer": "از مینا"})

    with pytest.raises(CitizenError, match="changed_meanwhile"):
        knowledge.change(unit, OMID, both_saw, both_saw.table | {"answer": "از امید"})
    with pytest.raises(CitizenError, match="changed_meanwhile"):
        knowledge.current(unit, "a.one", SHIPPED, both_saw.number)
    now = knowledge.current(unit, "a.one", SHIPPED)
    assert now.table["answer"] == "از مینا"
    knowledge.retire(unit, OMID, now)
    with pytest.raises(CitizenError, match="changed_meanwhile"):
        knowledge.change(unit, MINA, now, now.table)


def test_an_entry_is_retired_and_restored(unit: Unit) -> None:
    knowledge.retire(unit, MINA, knowledge.current(unit, "a.one", SHIPPED))

    known = knowledge.current(unit, "a.one", SHIPPED)
    assert known.retired_at is not None
    assert [kept.id for kept in knowledge.retired(unit, 0, 10)] == ["a.one"]
    assert knowledge.stored(unit)[0].retired
    knowledge.change(unit, MINA, known, known.table | {"answer": "هنوز نه"})
    assert knowledge.stored(unit)[0].retired
    knowledge.restore(unit, MINA, knowledge.current(unit, "a.one", SHIPPED))
    assert not knowledge.stored(unit)[0].retired
    assert kinds(unit, "a.one") == ["shipped", "retired", "changed", "restored"]


def test_what_the_bot_itself_leads_to_is_not_retired(unit: Unit) -> None:
    with pytest.raises(CitizenError, match="needed"):
        knowledge.retire(unit, MINA, knowledge.current(unit, "service.help", SHIPPED))


def test_a_newer_shipped_entry_does_not_undo_what_staff_made_and_is_seen(unit: Unit) -> None:
    known = knowledge.current(unit, "a.one", SHIPPED)
    knowledge.change(unit, MINA, known, known.table | {"answer": "از ما"})
    newer = {"a.one": Entry("a.one", "یک", "نو", phrasings=("یک چیست",))}

    now = knowledge.current(unit, "a.one", newer)
    assert (now.table["answer"], now.outdated) == ("از ما", True)
    knowledge.change(unit, MINA, now, now.table | {"title": "یکم"})
    assert knowledge.current(unit, "a.one", newer).outdated
    knowledge.keep_ours(unit, MINA, knowledge.current(unit, "a.one", newer))
    kept = knowledge.current(unit, "a.one", newer)
    assert (kept.table["answer"], kept.outdated) == ("از ما", False)


def test_staff_may_take_the_newer_shipped_entry(unit: Unit) -> None:
    known = knowledge.current(unit, "a.one", SHIPPED)
    knowledge.change(unit, MINA, known, known.table | {"answer": "از ما"})
    newer = {"a.one": Entry("a.one", "یک", "نو", phrasings=("یک چیست",))}

    knowledge.take_shipped(unit, MINA, knowledge.current(unit, "a.one", newer))

    now = knowledge.current(unit, "a.one", newer)
    assert (now.entry, now.outdated) == (newer["a.one"], False)


def test_one_more_phrasing_is_added_once(unit: Unit) -> None:
    for _ in range(2):
        knowledge.add_phrasing(unit, MINA, "a.one", " یک   کجاست ", SHIPPED)

    entry = live(unit)
    assert entry is not None
    assert entry.phrasings == ("یک چیست", "یک کجاست")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"phrasings": []}, "phrasings"),
        ({"answer": "ط" * 701}, "answer"),
        ({"links": [{"label": "سایت", "url": "http://tehran.ir"}]}, "links[1].url"),
        ({"review": "1406/13/01"}, "review"),
        ({"strange": 1}, "strange"),
    ],
)
def test_what_is_not_sound_is_refused(unit: Unit, change: dict[str, object], field: str) -> None:
    with pytest.raises(CitizenError) as refused:
        knowledge.add(unit, MINA, DRAFT | change)

    assert (refused.value.key, refused.value.fields) == ("unsound", {"field": field})
    assert unit.entries.all() == []


def test_everything_that_an_entry_may_say_is_kept(unit: Unit) -> None:
    whole = DRAFT | {
        "more": ["صفحه دو"],
        "related": ["a.one"],
        "links": [{"label": "سایت", "url": "https://tehran.ir"}],
        "place": {"lat": 35.6, "lon": 51},
        "address": "خیابان محلاتی",
        "owner": "روابط عمومی",
        "owner_id": MINA,
        "review": "1406/01/15",
    }

    entry = live(unit, knowledge.add(unit, MINA, whole).id)

    assert entry is not None
    assert (entry.links, entry.place) == ((Link("سایت", "https://tehran.ir"),), Place(35.6, 51.0))
    assert knowledge.current(unit, entry.id, {}).table == whole | {"id": entry.id}


def test_files_of_an_answer_outlive_whoever_sent_them(unit: Unit) -> None:
    kept, other = (unit.files.want("bale", 7, Attachment("photo", name)) for name in "ab")
    knowledge.add(unit, MINA, DRAFT | {"files": [kept.key]})

    unit.files.forget("bale", 7)
    unit.files.forget_old(-1, 10)

    assert list(unit.files.find([kept.key, other.key])) == [kept.key]


def test_what_cannot_be_read_is_there_to_be_mended(unit: Unit) -> None:
    entry = knowledge.add(unit, MINA, DRAFT)
    known = knowledge.current(unit, entry.id, {})
    unit.entries._connection.exec_driver_sql("UPDATE entry_versions SET body = '[1'")

    broken = knowledge.current(unit, entry.id, {})
    assert (broken.entry, broken.table) == (None, {"id": entry.id})
    knowledge.change(unit, MINA, broken, known.table)
    assert live(unit, entry.id) == entry
