"""One question, however it is typed: letters, spaces, alphabets, keyboards, and the shapes nobody means well with."""

import re
from collections.abc import Callable
from functools import cache

import pytest

from bot.answers import Answers, Reply
from bot.text import ZWNJ
from tests.questions.__main__ import NOON, answers
from tests.test_text import text

ASKED = {
    "ساعت کاری شهرداری منطقه ۱۴": "contact.hours",
    "نشانی دقیق شهرداری را بفرستید": "contact.address",
    "کد پستی شهرداری چند است": "contact.postal_code",
    "می‌خواهم شکایت کنم": "contact.complaints",
    "وقت ملاقات مردمی با شهردار": "program.public_meeting",
    "سیاست‌های اجرایی طرح ایرانشهر": "plan.policies",
    "دیوارنگاره‌های یادبود": "program.murals",
    "چشم‌انداز تهران ۱۴۰۴ چیست": "vision.overview",
    "محیط زیست در سند ۱۴۰۴": "vision.environment",
    "شماره آتش‌نشانی": "service.emergency",
    "چه چیزی از من ذخیره کرده‌اید": "service.privacy",
}
KEYBOARD = str.maketrans(
    dict(zip("ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو", "qwertyuiop[]asdfghjkl;'zxcvbnm,", strict=True))
    | dict(zip("۰۱۲۳۴۵۶۷۸۹", "0123456789", strict=True))
    | {"آ": "H", ZWNJ: " "}
)


def swapped(question: str) -> str:
    """The longest word with two letters in its middle swapped."""
    word = max(re.findall(r"\w+", question), key=len)
    middle = len(word) // 2
    slip = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return question.replace(word, slip)


TYPED: dict[str, Callable[[str], str]] = {
    "as it should be": str,
    "Arabic letters": lambda q: q.translate(str.maketrans("یک", "يك")),
    "Arabic digits": lambda q: q.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")),
    "Latin digits": lambda q: q.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")),
    "no half-space": lambda q: q.replace(ZWNJ, ""),
    "a space for it": lambda q: q.replace(ZWNJ, " "),
    "two of them": lambda q: q.replace(ZWNJ, ZWNJ * 2),
    "half-spaces for spaces": lambda q: q.replace(" ", ZWNJ),
    "no space at all": lambda q: q.replace(" ", "").replace(ZWNJ, ""),
    "vowel signs": lambda q: re.sub(r"([بتمنشک])", "\\1\u0650", q),
    "stretched by tatweel": lambda q: re.sub(r"([بتمنشک])(\w)", "\\1ـــ\\2", q),
    "stretched at the end": lambda q: re.sub(r"([یتند])$", r"\1\1\1\1\1", q),
    "signs and smileys": lambda q: f"😡😡 {q}؟؟؟!!! 🙏🏻🌹",
    "courtesy around it": lambda q: f"سلام وقت بخیر خسته نباشید. {q}؟ ممنون میشم 🙏",
    "bidi marks": lambda q: f"\u202b{q}\u202c\u200f",
    "the English keyboard": lambda q: q.translate(KEYBOARD),
    "two letters swapped": swapped,
}


@cache
def known() -> Answers:
    return answers(text())


def reply(question: str) -> Reply:
    return known().reply(question, NOON)


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED.keys())
def test_a_question_is_understood_however_it_is_typed(typed: Callable[[str], str]) -> None:
    asked = {question: typed(question) for question in ASKED}
    lost = {
        asked[question]: topic for question, topic in ASKED.items() if topic not in reply(asked[question]).suggestions
    }
    assert not lost


@pytest.mark.parametrize(
    ("topic", "spellings"),
    [
        (
            "contact.hours",
            ["saate kari shahrdari", "sa'at kaari shahrdary", "saat karie shahrdari", "saat kary shahrdari"],
        ),
        (
            "contact.address",
            ["adrese shahrdari", "aadres shahrdary kojast", "adress shahrdari koja ast", "neshani shahrdari"],
        ),
        ("contact.complaints", ["shekayat daram", "mikham shekaiat konam", "shekayet daram koja begam"]),
        ("program.neighbourhood_walk", ["mahalle gardi", "mahale gardi chie", "mahalegardi chiye"]),
        ("plan.overview", ["tarhe iranshahr", "tarh iran shahr 1400", "tarhe iranshahre 1400 chie"]),
        ("contact.postal_code", ["code posti shahrdari", "kode posti shahrdari", "kod posty shahrdari"]),
    ],
)
def test_finglish_is_heard_whoever_spells_it(topic: str, spellings: list[str]) -> None:
    assert [spelling for spelling in spellings if topic not in reply(spelling).suggestions] == []


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("sghl", "chat.greeting"),
        ("shuj ;hvd", "contact.hours"),
        ("Hnvs aivnhvd", "contact.address"),
        ("سفشقف", "service.help"),
        ("/سفشقف", "service.help"),
        ("اثمح", "service.help"),
        ("ئثدع", "service.help"),
        ("اثممخ", "chat.foreign"),
    ],
)
def test_the_wrong_keyboard_is_read_both_ways(typed: str, entry: str) -> None:
    assert reply(typed).topic == entry


@pytest.mark.parametrize("typed", ["شسیبلا", "ضصثقفغ", "لبلبلب", "کگکگکگ"])
def test_keys_hit_at_random_are_no_english(typed: str) -> None:
    assert reply(typed).topic is None


def test_a_long_story_keeps_its_question() -> None:
    story = "من سی سال است در این محله زندگی می‌کنم و همسایه‌ها همه مرا می‌شناسند. دیروز هوا سرد بود. " * 6
    found = reply(f"{story} حالا یک سؤال دارم: کد پستی شهرداری منطقه چند است؟ {story[:120]}")
    assert "contact.postal_code" in found.suggestions


@pytest.mark.parametrize(
    "piece",
    [
        "ا", "آب", "اب ", "ساعتکاری", "شهرداریکجاست", "میخواهمباشهردارملاقاتکنم", "ی\u200c", "ـ", "\u064e", "َِ",
        "a", "shahrdari ", "qw", "sghl ", "٣", "؟", ". ", "\n", "\u202e", "👨‍👩‍👧‍👦", "龍", "ﷺ", "\x00", "<b>", "کمک ",
        "زیرشه نفر ", "خودمو بکشم ", "a@b.c ",
    ],
)  # fmt: skip
def test_four_thousand_hostile_characters_are_answered_like_any_other(piece: str) -> None:
    message = (piece * 4096)[:4096]
    assert reply(message).outcome in {"answer", "suggest", "redirect", "chat", "none"}
