"""What staff type for a survey: lists, ranges, conditions, and whole files."""

import pytest

from bot import tidy
from bot.errors import CitizenError, Faults
from bot.loading import ROOT
from bot.services import survey_sheet, survey_typing


@pytest.fixture(scope="module", autouse=True)
def ready() -> None:
    tidy.load()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("- ورزش", "ورزش"),
        ("–ورزش", "ورزش"),
        ("• ورزش", "ورزش"),
        ("* ورزش", "ورزش"),
        ("۱. ورزش", "ورزش"),
        ("1) ورزش", "ورزش"),
        ("(۲) ورزش", "ورزش"),
        ("۱۲- ورزش", "ورزش"),
        ("1\ufe0f\u20e3 ورزش", "ورزش"),
        ("۱۸ تا ۲۹", "۱۸ تا ۲۹"),
        ("۱.۵ متر", "۱.۵ متر"),
        ("10:30 صبح", "۱۰:۳۰ صبح"),
        ("۸ صبح", "۸ صبح"),
        ("-۵ درجه", "-۵ درجه"),
        ("كتابي", "کتابی"),
    ],
)
def test_marks_of_a_list_are_taken_off_and_nothing_else(typed: str, kept: str) -> None:
    assert survey_typing.options(f"{typed}\nچیز دیگر")[0] == kept


@pytest.mark.parametrize(
    ("text", "key"),
    [("", "empty"), (" \n ", "empty"), ("؟", "empty"), ("یک", "few_options"), ("یک\n\nیک.", "option_twice")],
)
def test_what_is_no_list(text: str, key: str) -> None:
    with pytest.raises(CitizenError) as refused:
        survey_typing.options(text)

    assert refused.value.key == key


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 تا 50", (1, 50)),
        ("از صفر تا ده", (0, 10)),
        ("۰-۱۰۰", (0, 100)),
        ("۱ – ۵", (1, 5)),
        ("-۵ تا ۵", (-5, 5)),
    ],
)
def test_a_range(text: str, found: tuple[int, int]) -> None:
    assert survey_typing.span(text) == found


def test_long_nonsense_costs_nothing() -> None:
    with pytest.raises(CitizenError):
        survey_typing.span("۱ تا " * 50_000)
    with pytest.raises(CitizenError):
        survey_typing.limits("از " * 50_000)


@pytest.mark.parametrize("name", ["program", "region_year"])
def test_what_is_written_out_is_read_again(name: str) -> None:
    tables = survey_sheet.tables_of(survey_sheet.load(ROOT / "content")[name])

    assert survey_typing.sheet("sent", survey_typing.written(tables)) == tables


FILE = """
[survey]
title = "كتاب هاي محله"
intro = "چند سوال کوتاه داریم و 2 دقیقه وقت می گیرد."
thanks = "ممنون!"
anonymous = true

[[question]]
id = "visits"
kind = "number"
text = "چند بار آمده اید؟"
least = 1
most = 50
"""


def test_texts_of_a_file_are_tidied_and_its_numbers_stay() -> None:
    tables = survey_typing.sheet("sent", f"\ufeff{FILE}")

    assert tables["survey"]["title"] == "کتاب‌های محله"
    assert "۲ دقیقه وقت می‌گیرد" in tables["survey"]["intro"]
    assert tables["question"][0]["text"] == "چند بار آمده‌اید؟"
    assert (tables["question"][0]["least"], tables["question"][0]["id"]) == (1, "visits")


def test_a_text_may_come_between_fences() -> None:
    assert survey_typing.sheet("sent", f"```toml\n{FILE}\n```")["survey"]["thanks"] == "ممنون!"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[survey",
        "a" * 60_000,
        "a = " + "[" * 30_000,
        "a." * 20_000 + "b = 1",
        "a = " + "9" * 10_000,
        "a = {" * 5_000,
        "[[question]]\n" * 5_000,
        'question = "x"',
        "[survey]\ntitle = 1\nintro = [[[[[[[[[[[[1]]]]]]]]]]]]",
        '[survey]\ntitle = "' + "\u202e" * 50 + '"',
        "[[question]]\nid = []\nkind = {}\ntext = 1.5",
        "\x00\x01",
    ],
)
def test_what_is_no_survey_has_faults_and_nothing_worse(text: str) -> None:
    with pytest.raises(Faults):
        survey_typing.sheet("sent", text)


@pytest.mark.parametrize(
    ("content", "key"),
    [(b"a" * (64 * 1024 + 1), "file_big"), (b"\xff\xfe\xc3(", "file_coding"), (b"\xc7\xe1", "file_coding")],
)
def test_what_is_no_text_is_said_to_be_none(content: bytes, key: str) -> None:
    with pytest.raises(CitizenError) as refused:
        survey_typing.decoded(content)

    assert refused.value.key == key
