"""Every fault of a survey has its words in Persian, with the question and the key."""

from pathlib import Path

import pytest

from bot import content
from bot.errors import Faults
from bot.markup import plain
from bot.services import sheet_faults, survey_sheet
from bot.services.sheet_faults import MOST, SheetFaults
from tests.test_survey_sheet import FAULTS, PARK, load

WORDS = content.load("survey_import")
TOLD = SheetFaults(WORDS)


def faults(folder: Path, text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(Faults) as caught:
        load(folder, text)
    return caught.value.faults


@pytest.mark.parametrize(("old", "new", "key", "reason"), FAULTS)
def test_no_reason_is_left_untranslated(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    found = faults(tmp_path, PARK.replace(old, new, 1))

    assert all(sheet_faults.reason(why)[0] != "other" for _, _, why in found)
    told = plain(TOLD.of_file(found))
    assert told.count("•") == len(found)
    assert not any(why in told for _, _, why in found)


OTHERS = [
    ("[survey", "-", "toml"),
    ("a = 1\nb = = 2", "-", "toml_line"),
    ("survey = 1", "survey", "not_table"),
    (PARK + "\n[x]\n", "x", "table"),
    ("question = 1\n" + PARK.split("[[question]]")[0], "question", "not_tables"),
    (PARK.replace('text = "چند بار؟"', "text = 1"), "question.visits.text", "not_text"),
    (PARK.replace("least = 1", 'least = "1"'), "question.visits.least", "not_number"),
    (
        PARK.replace('words = ["خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب"]', 'words = "بد"'),
        "question.liked.words",
        "not_list",
    ),
    (PARK.replace('title = "بوستان محله"', 'title = " "'), "survey.title", "empty"),
    (PARK.split("[[question]]")[0], "question", "between"),
    (
        PARK.replace('kind = "scale"', 'kind = "photo"').replace(
            'words = ["خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب"]', ""
        )
        + 'show_if = [{ question = "liked", least = 1 }]',
        "question.wish.show_if.liked",
        "compared",
    ),
]


@pytest.mark.parametrize(("text", "key", "name"), OTHERS)
def test_what_the_other_table_has_not(tmp_path: Path, text: str, key: str, name: str) -> None:
    found = faults(tmp_path, text)

    assert (key, name) in [(where, sheet_faults.reason(why)[0]) for _, where, why in found]


def test_every_word_for_a_reason_is_of_use() -> None:
    assert {key.removeprefix("why_") for key in WORDS.texts if key.startswith("why_")} == {
        *sheet_faults._REASONS,
        "other",
    }


def test_a_file_is_told_by_its_own_ids_and_keys(tmp_path: Path) -> None:
    text = PARK.replace("least = 1", "least = 60").replace('kind = "text"', 'kind = "essay"')
    told = plain(TOLD.of_file(faults(tmp_path, text.replace("anonymous = true", ""))))

    assert "سؤال visits، کلید most: از least کوچک‌تر است." in told
    assert "سؤال wish، کلید kind: نوعش یکی از این‌ها باشد" in told
    assert "کلید survey anonymous: نوشته نشده است." in told


def test_a_draft_is_told_by_numbers() -> None:
    tables = survey_sheet.tables_of(
        survey_sheet.read_tables(
            "park",
            {
                "survey": {"title": "ب", "intro": "ش", "thanks": "م", "anonymous": True},
                "question": [{"id": "q1", "kind": "text", "text": "چرا؟"}],
            },
        )
    )
    tables["question"] += [{"id": "q10", "kind": "number", "text": "چند؟"}]
    with pytest.raises(Faults) as caught:
        survey_sheet.read_tables("park", tables)

    told = plain(TOLD.of_draft(caught.value.faults, ["q1", "q10"]))
    assert "سؤال ۲، از چند تا چند: نوشته نشده است." in told
    assert "q1" not in told


def test_what_stands_in_a_file_does_no_harm_in_a_message() -> None:
    found = [
        ("sent", "question.**a** http://x.ir/@you.id", "is missing"),
        ("sent", "question.a.b", "**x** is no option of that question"),
    ]
    told = plain(TOLD.of_file(found))

    assert "http://" not in told
    assert "@you" not in told
    assert "**x**" in told


def test_more_faults_than_anybody_reads_are_counted() -> None:
    told = plain(TOLD.of_file([("sent", f"question.q{number}.text", "is missing") for number in range(MOST + 7)]))

    assert told.count("•") == MOST
    assert "۷ اشکال دیگر" in told
