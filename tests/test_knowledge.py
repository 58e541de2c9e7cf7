"""Knowledge: sound entries are read, every fault is named with file and key, and one never hides another."""

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge import Entry, Fault, Link, Place, entry_of, load, table_of

ROOT = Path(__file__).parents[1]
SOUND = """
[[entry]]
id = "a.one"
title = "یک"
phrasings = ["یک چیست"]
answer = "پاسخ"
"""


def read(folder: Path, **files: str) -> tuple[list[Entry], list[Fault]]:
    for name, content in files.items():
        (folder / f"{name}.toml").write_text(content, encoding="utf-8")
    return load(folder)


def entry(**changes: str) -> str:
    lines = {"id": '"a.two"', "title": '"دو"', "phrasings": '["دو چیست"]', "answer": '"پاسخ"'} | changes
    return "[[entry]]\n" + "\n".join(f"{key} = {value}" for key, value in lines.items() if value)


def test_a_sound_entry_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, a=SOUND) == ([Entry("a.one", "یک", "پاسخ", phrasings=("یک چیست",))], [])


def test_an_entry_may_have_links_a_place_an_owner_and_a_review_date(tmp_path: Path) -> None:
    (found,), faults = read(
        tmp_path,
        a=entry(
            links='[{label = "سایت", url = "https://tehran.ir"}]',
            place="{lat = 35.6, lon = 51}",
            address='"خیابان محلاتی"',
            owner='"روابط عمومی"',
            review='"1406/01/15"',
        ),
    )

    assert faults == []
    assert (found.links, found.place) == ((Link("سایت", "https://tehran.ir"),), Place(35.6, 51.0))
    assert (found.address, found.owner, found.review) == ("خیابان محلاتی", "روابط عمومی", date(2027, 4, 4))
    assert entry_of(table_of(found)) == (found, [])


def test_files_without_entries_are_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, talk='[texts]\nhello = "سلام"') == ([], [])


@pytest.mark.parametrize(
    ("changes", "key", "reason"),
    [
        ({"phrasings": ""}, "a.two.phrasings", "is missing"),
        ({"phrasings": "[]"}, "a.two.phrasings", "is missing"),
        ({"answer": '""'}, "a.two.answer", "is missing"),
        ({"title": '"' + "ط" * 31 + '"'}, "a.two.title", "is longer than 30 characters"),
        ({"answer": '"' + "ط" * 701 + '"'}, "a.two.answer", "is longer than 700 characters"),
        ({"more": '["' + "ط" * 901 + '"]'}, "a.two.more[1]", "is longer than 900 characters"),
        ({"kind": '"joke"'}, "a.two.kind", "must be one of topic, redirect, chat"),
        ({"computed": '"moon"'}, "a.two.computed", 'must be "hours" or "events"'),
        ({"related": '["a.none"]'}, "a.two.related", "names 'a.none', which does not exist"),
        ({"related": '["a.two", "a.two", "a.two", "a.two"]'}, "a.two.related", "has more than 3 entries"),
        ({"sample": '"yes"'}, "a.two.sample", "must be true or false"),
        ({"phrasings": "[1]"}, "a.two.phrasings", "must be a list of texts, none of them empty"),
        ({"titel": '"x"'}, "a.two.titel", "is not a key of an entry"),
        ({"links": '["x"]'}, "a.two.links", 'must be a list of {label = "…", url = "https://…"}'),
        (
            {"links": '[{label = "س", url = "http://a.ir"}]'},
            "a.two.links[1].url",
            "must be an address that begins with https://",
        ),
        ({"links": '[{label = "", url = "https://a.ir"}]'}, "a.two.links[1].label", "must have 1 to 30 characters"),
        ({"place": "{lat = 95, lon = 51}"}, "a.two.place", "is no point on the earth"),
        ({"place": "{lat = 35}"}, "a.two.place", "must be {lat = …, lon = …}, both numbers"),
        ({"review": '"1406/13/01"'}, "a.two.review", 'must be a Jalali date such as "1406/01/15"'),
        ({"review": "2027-01-01"}, "a.two.review", "must be a text"),
        ({"owner": "5"}, "a.two.owner", "must be a text"),
        ({"files": '["k"]'}, "a.two.files", "is not a key of an entry"),
        ({"owner_id": "5"}, "a.two.owner_id", "is not a key of an entry"),
        ({"phrasings": '["' + "ط" * 201 + '"]'}, "a.two.phrasings[1]", "is longer than 200 characters"),
        ({"id": '"A b"'}, "A b.id", "must be made of a-z, 0-9, _ and dots, at most 32"),
        ({"id": '"staff.1"'}, "staff.1.id", "begins with 'staff.', as only ids of what staff made do"),
        ({"id": ""}, "entry 1.id", "is missing"),
        ({"id": '"a.one"'}, "a.one.id", "is used twice"),
    ],
)
def test_a_fault_is_named_and_the_other_entry_is_kept(
    tmp_path: Path, changes: dict[str, str], key: str, reason: str
) -> None:
    entries, faults = read(tmp_path, a=SOUND, b=entry(**changes))

    assert faults == [Fault("b.toml", key, reason)]
    assert entries[0].id == "a.one"


def test_a_broken_file_hides_no_other(tmp_path: Path) -> None:
    entries, faults = read(tmp_path, a=SOUND, b="[[entry]")
    assert [fault.file for fault in faults] == ["b.toml"]
    assert len(entries) == 1


@pytest.mark.parametrize("content", ["entry = 1", "entry = [1]"])
def test_entries_of_a_wrong_shape_are_faults(tmp_path: Path, content: str) -> None:
    assert len(read(tmp_path, a=content)[1]) == 1


def test_a_fault_reads_as_one_line() -> None:
    assert str(Fault("a.toml", "a.one.title", "is missing")) == "a.toml: a.one.title: is missing"


def test_the_content_of_this_repository_is_sound() -> None:
    entries, faults = load(ROOT / "content")
    assert faults == []
    assert len(entries) > 100
