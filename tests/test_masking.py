"""Telephone numbers are hidden however they are written; what is no number of a person can still be read."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.masking import HIDDEN, is_national_id, mask_phones, scan

MOBILE = "۰۹۱۲°°°۴۵۶۷"


@pytest.mark.parametrize(
    "written",
    [
        "09121234567",
        "۰۹۱۲۱۲۳۴۵۶۷",
        "٠٩١٢١٢٣٤٥٦٧",
        "0912 123 4567",
        "0912-123-45-67",
        "0912.123.4567",
        "0912/1234567",
        "۰۹۱۲ ۱۲۳ ۴۵ ۶۷",
        "۰۹۱۲\u200c۱۲۳\u200c۴۵۶۷",
        "9121234567",
        "+989121234567",
        "+98 912 123 4567",
        "00989121234567",
        "+98 (0) 912 123 4567",
        "(0912) 123 4567",
        "0 9 1 2 1 2 3 4 5 6 7",
        "0️⃣9️⃣1️⃣2️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣",
        "\u2066+98\u2069 912 ـ 1234567",
        "0912      1234567",
        "09①②①②③④⑤⑥⑦",
    ],
)
def test_a_mobile_number_is_hidden_however_it_is_written(written: str) -> None:
    assert mask_phones(written) == MOBILE
    assert mask_phones(f"تماس: {written}، ممنون") == f"تماس: {MOBILE}، ممنون"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("۲۲۳۴۵۶۷۸", "۲۲°°°۷۸"),
        ("021-22345678", "۰۲°°°۷۸"),
        ("(021) 2234 5678", "۰۲°°°۷۸"),
        ("+98 21 2234 5678", "۹۸°°°۷۸"),
        ("3312345", "۳۳°°°۴۵"),
        ("کد ملی 0012345679", "کد ملی ۰۰°°°۷۹"),
        ("کدملی ۱۲۳۴۵۶۷۸۹۰", "کدملی ۱۲°°°۹۰"),
        ("کد ملی 123456789", "کد ملی ۱۲°°°۸۹"),
        ("6037 9911 2233 4455", "۶۰°°°۵۵"),
        ("کد پستی ۱۷۳۱۸-۱۲۳۴۵", "کد پستی ۱۷°°°۴۵"),
        ("شبا IR۱۲۰۱۲۰۰۰۰۰۰۰۰۰۱۲۳۴۵۶۷۸۹۰", "شبا IR۱۲°°°۹۰"),
        ("برآورد ۱۵۰۰۰۰۰ تومان", "برآورد ۱۵°°°۰۰ تومان"),
    ],
)
def test_other_numbers_of_people_show_their_ends_only(written: str, shown: str) -> None:
    assert mask_phones(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "۱۴۰۵/۰۹/۰۱",
        "از ۱۴۰۵/۹/۱ تا 1405-09-12",
        "۱۴۰۵/۰۹/۰۱ ۱۰:۳۰",
        "۱۲ ۱۴۰۵/۰۹/۰۱ ۳۴",
        "تولد ۱/۹/۱۳۴۵",
        "ساعت ۱۰:۳۰ تا ۱۲:۴۵",
        "۱۰:۳۰-۱۲:۴۵",
        "۹۵۰۰۰۰ تومان",
        "۹۵۰۰۰۰ تومان و ۸۵۰۰۰۰ تومان",
        "۱٬۵۰۰٬۰۰۰ ریال",
        "پلاک‌های ۱۲، ۱۴، ۱۶، ۱۸ و ۲۰",
        "پلاک ۱۲۳ واحد ۴ طبقه ۵",
        "کوچه ۱۲/۱ پلاک ۱۴۵",
        "کد ۴۸۲۷۱۹۳۵۶",
        "کد پیگیری: ۴۸۲ ۷۱۹ ۳۵۶",
        "كد پيگيري 482-719-356",
        "کد\u200cپیگیری من ۴۸۲\u200c۷۱۹\u200c۳۵۶ بود",
        "کد ۴۸۲۷۱۹۳۵۶ ۱۴۰۵/۰۹/۰۱",
        "تماس با ۱۳۷ و ۱۸۸۸ و ۱۲۵",
        "مترو\n۱۲۳۴\n۵۶۷۸",
    ],
)
def test_what_is_no_number_of_a_person_stays(text: str) -> None:
    assert mask_phones(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "۴۸۲۷۱۹۳۵۶",
        "کد ۴۸۲۷۱۹۳۵۶ ۷",
        "کد ۰۹۱۲۱۲۳۴۵",
        "کد ۹۱۲۱۲۳۴۵۶۷",
        "کمد ۴۸۲۷۱۹۳۵۶",
        "۱۴۰۵۰۹۰۱",
        "۱۴۰۵/۱۹/۰۱",
        "۱۴۰۵/۰۹/۰۱۲",
        "۲۱۴۰۵/۰۹/۰۱",
    ],
)
def test_what_only_looks_like_a_code_or_a_date_is_hidden(text: str) -> None:
    assert HIDDEN in mask_phones(text)


def test_the_date_beside_a_number_stays() -> None:
    assert mask_phones("۰۹۱۲۱۲۳۴۵۶۷ ۱۴۰۵/۰۹/۰۱") == f"{MOBILE} ۱۴۰۵/۰۹/۰۱"


DIGITS = st.sampled_from("0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")
SEPARATORS = st.sampled_from([" ", "-", "\u200c", "/", ".", "(", ")", "+", "\u2069", "–"])
RUN = re.compile(r"\d(?:[ \-\u200c/.()+\u2069–]*\d){6,}")
KEPT = re.compile(
    r"(?<!\d)(?:1[34]\d\d[/.-]\d\d?[/.-]\d\d?|\d\d?[/.-]\d\d?[/.-]1[34]\d\d)(?!\d)"
    r"|[کك]د[^\d\n]{0,20}(?:\d[ \-\u200c\u2069]*){9}"
)


def runs(text: str) -> list[str]:
    """Numbers of seven digits and more, dates and codes apart."""
    plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    return RUN.findall(KEPT.sub("x", plain))


@given(st.lists(st.one_of(DIGITS, DIGITS, DIGITS, SEPARATORS, st.sampled_from("کد الف:،\n")), max_size=60))
def test_no_long_number_survives(signs: list[str]) -> None:
    assert runs(mask_phones("".join(signs))) == []


@given(st.text(max_size=80))
def test_what_has_no_seven_digits_is_left_alone_and_nothing_is_masked_twice(text: str) -> None:
    masked = mask_phones(text)

    assert mask_phones(masked) == masked
    if sum(sign.isdigit() for sign in text) < 7:
        assert masked == text


@given(
    st.integers(9_000_000_000, 9_999_999_999),
    st.sampled_from(["0", "+98", "0098", "", "+98 0"]),
    st.lists(SEPARATORS, min_size=9, max_size=9),
)
def test_every_mobile_number_is_shown_by_its_ends(number: int, prefix: str, separators: list[str]) -> None:
    digits = str(number)
    spelt = digits[0] + "".join(f"{sign}{digit}" for sign, digit in zip(separators, digits[1:], strict=True))
    table = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

    assert mask_phones(f"زنگ {prefix}{spelt}").endswith(f"۰{digits[:3]}°°°{digits[-4:]}".translate(table))


@pytest.mark.parametrize("text", ["1 " * 20_000, " " * 40_000 + "1", "1" + "-" * 40_000, "(+" * 20_000, "کد " * 13_000])
def test_no_text_takes_long(text: str) -> None:
    began = time.perf_counter()

    mask_phones(text)

    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("زنگ بزنید ۰۹۱۲ ۱۲۳ ۴۵۶۷", ["mobile"]),
        ("کد ملی من ۰۰۸۴۵۷۵۹۴۸ است", ["national_id"]),
        ("کد ملی: 008-457594-8", ["national_id"]),
        ("کد ملی من ۰۰۸۴۵۷۵۹۴۹ است", ["number"]),
        ("۱۱۱۱۱۱۱۱۱۱", ["number"]),
        ("تلفن 021-33123456، همراه 09121234567", ["number", "mobile"]),
        ("ساعت ۱۰:۳۰ روز ۱۴۰۵/۰۹/۰۱، سه نفر", []),
    ],
)
def test_numbers_of_people_are_found_each_by_its_kind(text: str, kinds: list[str]) -> None:
    assert [found.kind for found in scan(text)] == kinds


@pytest.mark.parametrize("digits", ["0084575948", "0499370899", "0790419904", "0010350829"])
def test_one_wrong_digit_makes_no_national_id(digits: str) -> None:
    assert is_national_id(digits)
    assert [last for last in "0123456789" if is_national_id(digits[:9] + last)] == [digits[9]]


@given(st.text(alphabet="0123456789۰۱۲۳ -./کدملی", max_size=60))
def test_what_is_found_is_what_is_hidden(text: str) -> None:
    kept = [(found.start, found.end) for found in scan(text)]
    ends = [0, *(end for _, end in kept)]
    starts = [*(start for start, _ in kept), len(text)]
    around = [text[end:start] for end, start in zip(ends, starts, strict=True)]

    assert re.fullmatch(f".*{HIDDEN}.*".join(map(re.escape, around)), mask_phones(text))
