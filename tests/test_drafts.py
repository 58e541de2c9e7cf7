"""What staff write, field by field: cleaned, cut into pages, and refused in words."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CitizenError
from bot.services import drafts
from bot.sound import ANSWER_LIMIT, PAGE_LIMIT
from bot.tidy import tidied

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("کلاس‌ها", "کلاس‌ها"),
        ("  دو\n خط ", "دو خط"),
        ("\u202eوارونه\u202c\u2066", "وارونه"),
        ("صفر\u0000 و \u0007زنگ", "صفر و زنگ"),
        ("خانواده 👨‍👩‍👧", "خانواده 👨‍👩‍👧"),
    ],
)
def test_a_title_is_one_line_without_hidden_signs(written: str, kept: str) -> None:
    assert drafts.title(written, ()) == kept


def test_ways_of_asking_are_lines_without_their_marks() -> None:
    found = drafts.phrasings("• قایق کجاست؟\n۲) قایق چنده\n- قایق چنده\n\n…\n۵۰ تومانی دارید")

    assert found == ["قایق کجاست؟", "قایق چنده", "۵۰ تومانی دارید"]


@given(st.text(alphabet="اب .\n،", max_size=4000))
def test_no_page_is_too_long_and_nothing_is_lost(text: str) -> None:
    found = drafts.pages(f"آغاز {text}")

    assert len(found["answer"]) <= ANSWER_LIMIT
    assert all(0 < len(page) <= PAGE_LIMIT for page in found["more"])
    assert "".join("".join([found["answer"], *found["more"]]).split()) == "".join(f"آغاز{text}".split())


def test_a_page_ends_where_a_reader_pauses() -> None:
    found = drafts.pages("الف" * 150 + ".\n\n" + "ب" * 500)

    assert found["answer"] == "الف" * 150 + "."


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("ثبت‌نام https://tehran.ir/a", ("ثبت‌نام", "https://tehran.ir/a")),
        ("https://tehran.ir/a?b=1#c ثبت‌نام", ("ثبت‌نام", "https://tehran.ir/a?b=1#c")),
        ("ثبت‌نام | (https://tehran.ir)", ("ثبت‌نام", "https://tehran.ir")),
        ("https://tehran.ir", ("صفحه", "https://tehran.ir")),
    ],
)
def test_a_link_is_a_label_and_an_address(written: str, link: tuple[str, str]) -> None:
    assert drafts.links(written, "صفحه", 0) == [{"label": link[0], "url": link[1]}]


@pytest.mark.parametrize(
    "written",
    [
        "ثبت‌نام",
        "http://tehran.ir",
        "javascript:alert(1)",
        "tg://resolve?domain=x",
        "https://tehran",
        "https://user@tehran.ir",
        "https://tehran.ir:99999",
        "https://a..b",
        "https://[::1",
        'https://tehran.ir/"onclick',
        "https://tehran.ir/" + "a" * 500,
    ],
)
def test_what_is_no_sound_address_is_refused(written: str) -> None:
    with pytest.raises(CitizenError, match="bad_link"):
        drafts.links(written, "صفحه", 0)


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: drafts.title("ط" * 31, ()), "title_long"),
        (lambda: drafts.title("الف", {"الف"}), "title_taken"),
        (lambda: drafts.title("\u200c", ()), "empty"),
        (lambda: drafts.phrasings("ط" * 201), "phrasing_long"),
        (lambda: drafts.pages("کلمه " * 1500), "text_long"),
        (lambda: drafts.links("ط" * 31 + " https://a.ir", "", 0), "label_long"),
        (lambda: drafts.links("https://a.ir\nhttps://b.ir", "س", 3), "buttons_many"),
        (lambda: drafts.related(["a", "b", "c"], "d", 0), "buttons_many"),
        (lambda: drafts.related(["a"], "b", 3), "buttons_many"),
        (lambda: drafts.files(["a"] * 5, ["b"]), "files_many"),
        (lambda: drafts.files(["a"], []), "no_file"),
        (lambda: drafts.address("ط" * 201), "line_long"),
        (lambda: drafts.review("31/12/2026", TODAY), "bad_date"),
        (lambda: drafts.review("۳۱ مهر ۱۴۰۶", TODAY), "bad_date"),
        (lambda: drafts.review("۱ آذر ۱۴۰۵", TODAY), "date_passed"),
        (lambda: drafts.review("۱ آذر ۱۴۹۰", TODAY), "bad_date"),
    ],
)
def test_what_breaks_a_limit_is_refused(call: Callable[[], object], key: str) -> None:
    with pytest.raises(CitizenError) as refused:
        call()

    assert refused.value.key == key


def test_a_review_date_may_lack_its_year() -> None:
    assert drafts.review("۲ آذر", TODAY) == "1405/09/02"
    assert drafts.review("۳۰ آبان", TODAY) == "1406/08/30"


@pytest.mark.parametrize(
    ("written", "point"),
    [
        ("35.67, 51.46", {"lat": 35.67, "lon": 51.46}),
        ("۳۵.۶۷، ۵۱.۴۶", {"lat": 35.67, "lon": 51.46}),
        ("خیابان نبرد", None),
        ("95.1 51.4", None),
    ],
)
def test_a_point_may_be_written(written: str, point: dict[str, float] | None) -> None:
    assert drafts.place(written) == point


# Tidying


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("می خواهم برنامه ها را ببینم", "می‌خواهم برنامه‌ها را ببینم"),
        ("سلام ، خوبی ؟", "سلام، خوبی؟"),
        ("**ساعت کاری** شهرداري", "**ساعت کاری** شهرداری"),
        ("8 تا 16:30", "۸ تا ۱۶:۳۰"),
        ("٨ تا ١٦:٣٠", "۸ تا ۱۶:۳۰"),
        ("• یک\n\n• دو", "• یک\n\n• دو"),
        ("سَلام و مؤسسه و خانۀ ما", "سَلام و مؤسسه و خانۀ ما"),
    ],
)
def test_text_is_tidied(written: str, tidy: str) -> None:
    assert tidied(written) == tidy


@pytest.mark.parametrize(
    "precious",
    [
        "R14-4F7K2",
        "https://tehran.ir/page?id=12&b=می",
        "email@tehran.ir",
        "@r14_bot",
        "#هوای_پاك",
        "1️⃣",
        "/report",
        "*780*1#",
        "[سایت](https://tehran.ir/a_b)",
    ],
)
def test_what_a_machine_reads_stays_as_it_is(precious: str) -> None:
    assert precious in tidied(f"این را می خواهم : {precious} ، همین")


@pytest.mark.parametrize("number", ["0912-123-4567", "021-96040900", "1405/09/01", "12.5", "+989121234567"])
def test_numbers_keep_their_form_in_persian_digits(number: str) -> None:
    persian = number.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    assert persian in tidied(f"این {number} است")


@given(st.text(alphabet='ابپ می‌ها.،؟!()«»"*_[]@/:#0۱aB\n \u064b', max_size=300))
def test_tidying_loses_no_letter_and_is_calm(text: str) -> None:
    def letters(of: str) -> str:
        return "".join(sign for sign in of if sign.isalpha())

    assert letters(tidied(text)) == letters(text)
    assert tidied(text).count("\n") == text.count("\n")
