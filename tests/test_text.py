"""Text: one form for search, whatever is thrown at it; and words read in every spelling."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.finglish import by_keyboard
from bot.text import LIMIT, Text, holds_code, persian_digits, shorten
from bot.words import Words

PERSIAN = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآئؤيكةۀ"
NOISE = "\u200c\u200f\u202b\u0640\u064e\u0000\ud800ﻻﷲ٣۴5🌹.?؟ \n@/-_R14"
texts = st.text(st.one_of(st.sampled_from(PERSIAN + NOISE), st.characters()), max_size=300)
quick = settings(max_examples=150, deadline=None)


@cache
def text() -> Text:
    return Text()


@cache
def words() -> Words:
    vocabulary = "شهرداری ساعت کاری کجاست چند محله گردی پرچم افتخار نشانی خیابان خانه"
    vocabulary += " تلفن قبض نوسازی کلاس سرا خواهم ملاقات شهردار سلام"
    return Words(dict.fromkeys(vocabulary.split(), 3), text().common)


def reading(word: str) -> str:
    return words().read([word])[0].surface


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("علي كريمي", "علی کریمی"),
        ("ﻻزم ﷲ", "لازم الله"),
        ("خانۀ ما خانهٔ ما", "خانه ما خانه ما"),
        ("آدرس مسئول", "ادرس مسیول"),
        ("سَلامٌ قـــبــض", "سلام قبض"),
        ("سلاااام مرسییی", "سلام مرسی"),
        ("۱۲٣4 ساعت5", "1234 ساعت 5"),
        ("می\u200cخواهم", "می خواهم"),
        ("\u202bسل\u200fام\u202c \ufeffدنیا", "سلام دنیا"),
        ("کد R14-4F7K2 من", "کد من"),
        ("https://tehran.ir/page?id=12 را ببین", "را ببین"),
        ("به a.b@tehran.ir بنویس", "به بنویس"),
        ("𝓼𝓪𝓵𝓪𝓶 $ahrdari", "salam shahrdari"),
        ("لات\ud800ین\x00", "لاتین"),
        ("😍🌹", ""),
    ],
)
def test_spellings_of_a_text_fold_into_one(written: str, folded: str) -> None:
    assert text().fold(written) == folded


def test_letters_are_what_hazm_makes_of_them() -> None:
    import hazm  # noqa: PLC0415 - loaded only where it is used

    normalizer = hazm.Normalizer(
        correct_spacing=False, persian_style=False, decrease_repeated_chars=False, seperate_mi=False
    )
    for sign in "ڪګگيىےہھںﺏﭖﮎﯼٯ":
        assert text().fold(sign) == text().fold(normalizer.normalize(sign))


@quick
@given(texts)
def test_folding_never_fails_and_folding_twice_changes_nothing(written: str) -> None:
    once = text().fold(written)
    assert text().fold(once) == once


@quick
@given(st.text(max_size=6000))
def test_a_folded_text_is_bounded(written: str) -> None:
    assert len(shorten(written)) <= LIMIT + 1
    assert all(len(word) <= 40 or word.isdigit() for word in text().tokens(written))


@quick
@given(texts)
def test_sentences_hold_the_words_of_the_text(written: str) -> None:
    for sentence in text().sentences(written):
        assert sentence.words
        assert sentence.words == " ".join(sentence.words.split())


@quick
@given(st.lists(st.text(st.sampled_from(PERSIAN + "abcdkhshgzx"), min_size=1, max_size=45), max_size=20))
def test_reading_words_never_fails(written: list[str]) -> None:
    tokens = text().tokens(" ".join(written))
    assert len(words().read(tokens)) == len(tokens)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("shahrdari", "شهرداری"),
        ("$ahrdari", "شهرداری"),
        ("shahrdaari", "شهرداری"),
        ("ghabz", "قبض"),
        ("qabze", "قبض"),
        ("nowsazi", "نوسازی"),
        ("nosazi", "نوسازی"),
        ("saat", "ساعت"),
        ("sa'at", "ساعت"),
        ("kelas", "کلاس"),
        ("mahaleh", "محله"),
        ("mahalle", "محله"),
        ("شهردارب", "شهرداری"),
        ("تلقن", "تلفن"),
        ("ملاقلت", "ملاقات"),
        ("نوساری", "نوسازی"),
        ("خانمون", "خانمون"),
    ],
)
def test_a_word_is_read_through_its_spelling(written: str, known: str) -> None:
    folded = text().tokens(written.replace("'", ""))
    assert reading(folded[0]) == known


def test_a_glued_word_is_read_as_two() -> None:
    assert words().read(["ساعتکاری"])[0].surface == "ساعت کاری"


def test_an_ending_is_taken_off_only_when_a_known_word_remains() -> None:
    assert words().term("محلهها") == "محله"
    assert words().term("خیابانها") == "خیابان"
    assert words().term("درخت") == "درخت"


def test_forms_of_a_verb_are_one_term() -> None:
    assert {words().term(form) for form in ("میخوام", "میخواهم", "بخوام", "خواستم")} == {"~خواه"}


def test_a_real_word_is_not_mended_into_another() -> None:
    assert reading("تلخ") == "تلخ"
    assert words().read(["خواهر"])[0].trust == 0


def test_a_message_typed_on_the_wrong_keyboard_can_be_read() -> None:
    assert by_keyboard("sghl")[0] == "سلام"
    assert "سلام" in by_keyboard("SGHL")


def test_codes_are_seen() -> None:
    assert holds_code("کد من r14-4F7K2 است")
    assert not holds_code("منطقه R14 کجاست")


def test_digits_are_persian_for_the_reader() -> None:
    assert persian_digits("ساعت 8:30 و ٤٥") == "ساعت ۸:۳۰ و ۴۵"
