"""Announcements are tidied, and what a machine reads in them is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import tidy
from bot.errors import Unprepared
from bot.services.tidying import tidied, untidy


@pytest.fixture(autouse=True)
def ready() -> None:
    tidy.load()


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("می خواهیم برنامه ها را بگوییم", "می‌خواهیم برنامه‌ها را بگوییم"),
        ("نمي توانيم در كوچه ها پارك كنيم", "نمی‌توانیم در کوچه‌ها پارک کنیم"),
        ("همکاری هایتان را کتاب هایمان", "همکاری‌هایتان را کتاب‌هایمان"),
        ("ساعت 10 تا 12:30، ١١ تیر", "ساعت ۱۰ تا ۱۲:۳۰، ۱۱ تیر"),
        ("1405/04/11", "۱۴۰۵/۰۴/۱۱"),
        ("1405-04-11", "۱۴۰۵-۰۴-۱۱"),
        ("با 137 تماس بگیرید", "با ۱۳۷ تماس بگیرید"),
        ("1,500,000 تومان، 20% تخفیف", "۱,۵۰۰,۰۰۰ تومان، ۲۰% تخفیف"),
        ("سلام ، خوبی ؟", "سلام، خوبی؟"),
        ("۱۰ آذر ۱۴۰۵ ، ساعت 17 !", "۱۰ آذر ۱۴۰۵، ساعت ۱۷!"),
        ("📍 نشانی : بوستان\n\n⏰ ساعت 17\n", "📍 نشانی: بوستان\n\n⏰ ساعت ۱۷\n"),
        ("سلام\r\nساعت 5", "سلام\r\nساعت ۵"),
        ("همین‌طور خوب است.", "همین‌طور خوب است."),
        ("", ""),
        ("\n\n", "\n\n"),
        ("سلام\nـ\nخوبی", "سلام\nـ\nخوبی"),
    ],
)
def test_text_is_tidied(written: str, tidy: str) -> None:
    assert tidied(written) == tidy


@pytest.mark.parametrize(
    "precious",
    [
        "https://tehran.ir/page?id=12&b=می",
        "http://t.me/r14_bot",
        "https://fa.wikipedia.org/wiki/شهرداري_تهران",
        "www.tehran.ir/12",
        "Info.region14@tehran.ir",
        "@r14_bot",
        "#منطقه_14",
        "#هوای_پاك",
        "#بچه‌ها",
        "/report",
        "/start_12",
        "021-96040900",
        "02196040900",
        "6037-9911-1234-5678",
        "6037 9911 1234 5678",
        "(021) 96040900",
        "96040900-10",
        "09121234567",
        "0912 345 6789",
        "0912-345-6789",
        "+989121234567",
        "+98 912 345 6789",
        "1777683193",
        "123456789",
        "123 456 789",
        "123-456-789",
        "R14-4F7K2",
        "*780*1#",
        "Region 14, City of Tehran (2026)",
        "Wi-Fi 6",
        "COVID-19",
        "1️⃣",
        "گزارش/پیگیری",
        "👨‍👩‍👧",
    ],
)
def test_what_somebody_taps_dials_or_copies_stays(precious: str) -> None:
    assert precious in tidied(f"این را می خواهیم : {precious} ، همین")
    assert precious in tidied(precious)
    assert untidy(f"این را ببینید: {precious}، همین") == ""


@given(some.text(alphabet='ابپ می‌هایكتر.،؟!()«»"*_[]@/:#0۱٣aB+-\n\r\u2028 ـ\u064b1️⃣👍🏽', max_size=300))
def test_tidying_twice_is_tidying_once_and_no_line_is_lost(text: str) -> None:
    once = tidied(text)

    assert tidied(once) == once
    assert len(once.splitlines()) == len(text.splitlines())
    assert once.count("\n") == text.count("\n")


@given(some.text(alphabet="ابپ می‌هایكتر.،۱٣4a\n", max_size=200))
def test_no_letter_is_lost(text: str) -> None:
    same = str.maketrans("يك٣4", "یک۳۴")

    def letters(of: str) -> str:
        return "".join(sign for sign in of.translate(same) if sign.isalnum())

    assert letters(tidied(text)) == letters(text)


UNTIDY = {
    "ساعت 10 در بوستان": "10",
    "ساعت ١٠:٣٠ در بوستان": "١٠:٣٠",
    "تاریخ 1405/04/11": "1405/04/11",
    "با شهرداري تماس": "شهرداري",
    "كتاب تازه": "كتاب",
    "می توانید بیایید": "می توانید",
    "نمی شود": "نمی شود",
    "برنامه ها": "برنامه ها",
    "کوچه های محله": "کوچه های",
    "بزرگ ترین": "بزرگ ترین",
    "همکاری هایتان": "همکاری هایتان",
}


@pytest.mark.parametrize("text", UNTIDY)
def test_what_tidying_mends_is_found_and_mended(text: str) -> None:
    assert untidy(text) == UNTIDY[text]
    assert untidy(tidied(text)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "سه‌شنبه ۱۱ تیر ساعت ۱۰ تا ۱۲ در بوستان می‌بینیمتان.",
        "۲۰ می ۲۰۲۶",
        "در ماه می میلادی",
        "Region 14, 10:30",
        "هوای تر و تازه",
        "خانه ما، آن روزها",
        "قیمت ۱٬۵۰۰٬۰۰۰ تومان",
        "Telegram و Bale",
        "شماره 96040900",
    ],
)
def test_what_is_tidy_is_let_alone(text: str) -> None:
    assert untidy(text) == ""


def test_nothing_is_loaded_but_for_tidying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidy, "is_ready", lambda: False)

    assert untidy("برنامه ها")
    with pytest.raises(Unprepared) as refused:
        tidied("برنامه ها")
    assert refused.value.prepare is tidy.load
