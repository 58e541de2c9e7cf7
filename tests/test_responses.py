"""Answers to a survey as people give them: with a button, in digits of any script, in words; refused with a reason."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.errors import CitizenError
from bot.services.numbers import whole
from bot.services.questionnaire import MANY, NUMBER, ONE, PHOTO, PLACE, SCALE, TEXT, Option, Question, Value
from bot.services.responses import LONGEST, Given, read, skip
from tests.questionnaires import WORDS

OPTIONS = (
    Option("walk", "پیاده‌روی"),
    Option("play", "بازی، با بچه‌ها"),
    Option("sport", "ورزش"),
    Option("none", "هیچ‌کدام", alone=True),
)
KIND = Question("kind", ONE, "کدام؟", options=OPTIONS[:3])
WHY = Question("why", MANY, "چرا؟", options=OPTIONS, choices=2)
LIKED = Question("liked", SCALE, "چطور بود؟", words=WORDS)
AGE = Question("age", NUMBER, "چند سال دارید؟", least=0, most=120)
WISH = Question("wish", TEXT, "چه کم دارد؟", required=False)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("5", 5),
        ("۵", 5),
        ("٥", 5),
        ("5️⃣", 5),
        ("«پنج»", 5),
        ("پنج", 5),
        ("صفر", 0),
        ("دو", 2),
        ("بیست و پنج", 25),
        ("بیست‌وپنج", 25),
        ("چهل وپنج", 45),
        ("صدو بیست", 120),
        ("هزار", 1000),
        ("۲ هزار و پانصد", 2500),
        ("دو هزار و صد و بیست و پنج", 2125),
        ("۱٬۵۰۰", 1500),
        ("1,500", 1500),
        ("۲۵ سال", 25),
        ("حدود ۲۵ نفر", 25),
        ("-5", -5),
        ("\u2212۵", -5),
        ("منفی ۵", -5),
        ("منفي پنج درجه", -5),
    ],
)
def test_a_number_is_read_however_it_is_said(said: str, number: int) -> None:
    assert whole(said) == number


@pytest.mark.parametrize(
    "said",
    ["", "نه", "هیچ", "بیست ده", "یک دو", "۲ تا ۳", "۱۲:۳۰", "2.5", "۲٫۵", "۱۰ و ۲۰", "1/2", "هزار هزار", "9" * 5000,
     "۲۵ سال و ۳ ماه", "من و همسرم و بچه‌ها پنج نفریم"],
)  # fmt: skip
def test_what_is_no_single_whole_number_is_none(said: str) -> None:
    assert whole(said) is None


@given(some.integers(0, 999_999))
def test_every_number_is_read_back_from_its_words(number: int) -> None:
    assert whole(in_words(number)) == number


ONES = "یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده".split()
TENS = "بیست سی چهل پنجاه شصت هفتاد هشتاد نود".split()
HUNDREDS = "صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد".split()


def in_words(number: int) -> str:
    if number in {0, 9}:
        return "صفر" if number == 0 else "نه نفر"  # alone it is a no
    thousands, rest = divmod(number, 1000)
    head = [f"{' و '.join(below(thousands))} هزار"] if thousands else []
    return " و ".join([*head, *below(rest)])


def below(number: int) -> list[str]:
    """The words of a number below a thousand."""
    hundreds, rest = divmod(number, 100)
    found = [HUNDREDS[hundreds - 1]] if hundreds else []
    if rest >= 20:
        found.append(TENS[rest // 10 - 2])
        rest %= 10
    return [*found, ONES[rest - 1]] if rest else found


@pytest.mark.parametrize(
    ("question", "given_", "value"),
    [
        (KIND, Given(pressed=("walk",)), "walk"),
        (KIND, Given("پیاده روی"), "walk"),
        (KIND, Given("بازی، با بچه‌ها"), "play"),
        (KIND, Given("۲"), "play"),
        (KIND, Given("سه"), "sport"),
        (WHY, Given(pressed=("sport", "walk")), ("walk", "sport")),
        (WHY, Given("۳، ۱"), ("walk", "sport")),
        (WHY, Given("ورزش\nپیاده‌روی"), ("walk", "sport")),
        (WHY, Given("هیچ‌کدام"), ("none",)),
        (LIKED, Given(pressed=("4",)), 4),
        (LIKED, Given("۴"), 4),
        (LIKED, Given("چهار"), 4),
        (LIKED, Given("خیلی خوب"), 5),
        (AGE, Given("سی و پنج سال"), 35),
        (WISH, Given("  نیمکت\nبیشتر "), "نیمکت\nبیشتر"),
        (WISH, Given("ن" * LONGEST), "ن" * LONGEST),
        (Question("photo", PHOTO, "عکس؟"), Given(photo="a1"), "a1"),
        (Question("place", PLACE, "کجا؟"), Given(place=(35.67, 51.48)), (35.67, 51.48)),
    ],
)
def test_an_answer_becomes_its_value(question: Question, given_: Given, value: Value) -> None:
    assert read(question, given_) == value


@pytest.mark.parametrize(
    ("question", "given_", "key"),
    [
        (KIND, Given(pressed=("gone",)), "no_option"),
        (KIND, Given("دوچرخه"), "no_option"),
        (KIND, Given(""), "no_option"),
        (KIND, Given("۴"), "no_option"),
        (KIND, Given("۱، ۲"), "only_one"),
        (WHY, Given("۱، ۲، ۳"), "too_many"),
        (WHY, Given("۱، دوچرخه"), "no_option"),
        (WHY, Given(pressed=("walk", "none")), "not_beside"),
        (LIKED, Given("۶"), "out_of_range"),
        (LIKED, Given(pressed=("0",)), "out_of_range"),
        (LIKED, Given("نمی‌دانم"), "no_option"),
        (AGE, Given("۱۲۱"), "out_of_range"),
        (AGE, Given("-1"), "out_of_range"),
        (AGE, Given("نه"), "not_a_number"),
        (WISH, Given(" \n"), "no_text"),
        (WISH, Given("\u200c\u2063\u202e"), "no_text"),
        (WISH, Given("ن" * (LONGEST + 1)), "too_long"),
        (Question("photo", PHOTO, "عکس؟"), Given("ندارم"), "no_photo"),
        (Question("place", PLACE, "کجا؟"), Given("همین‌جا"), "no_place"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_reason(question: Question, given_: Given, key: str) -> None:
    with pytest.raises(CitizenError) as caught:
        read(question, given_)

    assert caught.value.key == key


def test_only_what_must_be_answered_cannot_be_passed_over() -> None:
    skip(WISH)
    with pytest.raises(CitizenError, match="needed"):
        skip(AGE)


@given(some.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(said: str) -> None:
    for question in (KIND, WHY, LIKED, AGE, WISH):
        with suppress(CitizenError):
            assert read(question, Given(said)) not in {"", ()}
