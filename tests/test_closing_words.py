"""What staff mean by one message: days, offices, hours and the reason."""

import pytest

from bot.errors import CitizenError
from bot.services import jalali
from bot.services.closing_words import Draft, tidy_reason, understand
from bot.services.days import Kind
from tests.test_hours import at, hours

TODAY = at("2026-11-22 10:00").date()  # Sunday, 1 Azar 1405


def read(text: str, kind: Kind = "closed") -> Draft:
    return understand(text, kind, hours(), TODAY)


def days(draft: Draft) -> str:
    ends = ["{:04}-{:02}-{:02}".format(*jalali.parts(day)) for day in (draft.first, draft.last)]
    return " ".join(dict.fromkeys(ends))


@pytest.mark.parametrize(
    ("said", "found", "reason"),
    [
        ("فردا آلودگی هوا", "1405-09-02", "آلودگی هوا"),
        ("پس‌فردا به خاطر آلودگی هوا", "1405-09-03", "آلودگی هوا"),
        ("امروز قطع برق", "1405-09-01", "قطع برق"),
        ("چهارشنبه برودت هوا", "1405-09-04", "برودت هوا"),
        ("روز چهارشنبه برودت هوا", "1405-09-04", "برودت هوا"),
        ("شنبه هفته بعد نقل مکان", "1405-09-07", "نقل مکان"),
        ("يكشنبه هفته بعد برف", "1405-09-08", "برف"),
        ("۵ آذر برف سنگین", "1405-09-05", "برف سنگین"),
        ("5 آذر ماه برف", "1405-09-05", "برف"),
        ("سوم دی ۱۴۰۵ برف", "1405-10-03", "برف"),
        ("۱۴۰۵/۱۰/۰۳ برف", "1405-10-03", "برف"),
        ("۱ فروردین نوروز", "1406-01-01", "نوروز"),
        ("فردا و پس‌فردا آلودگی", "1405-09-02 1405-09-03", "آلودگی"),
        ("سه‌شنبه و چهارشنبه آلودگی", "1405-09-03 1405-09-04", "آلودگی"),
        ("از فردا تا پس‌فردا آلودگی", "1405-09-02 1405-09-03", "آلودگی"),
        ("از امروز تا فردا آلودگی", "1405-09-01 1405-09-02", "آلودگی"),
        ("از فردا تا چهارشنبه آلودگی هوا", "1405-09-02 1405-09-04", "آلودگی هوا"),
        ("۳ تا ۵ دی جابه‌جایی", "1405-10-03 1405-10-05", "جابه‌جایی"),
        ("از ۲۸ اسفند تا ۴ فروردین تعمیرات", "1405-12-28 1406-01-04", "تعمیرات"),
        ("پنجشنبه تا شنبه تعمیرات", "1405-09-05 1405-09-07", "تعمیرات"),
        ("آلودگی هوا فردا", "1405-09-02", "آلودگی هوا"),
        ("عید فطر", "1405-12-19", "عید فطر"),
        ("فردا", "1405-09-02", ""),
    ],
)
def test_days_and_reason(said: str, found: str, reason: str) -> None:
    draft = read(said)

    assert (draft.kind, days(draft), draft.reason, draft.offices) == ("closed", found, reason, ())


@pytest.mark.parametrize(
    ("said", "offices", "reason"),
    [
        ("فردا ناحیه ۲ برف", ("nahiye2",), "برف"),
        ("ناحیه ۲ فردا برف", ("nahiye2",), "برف"),
        ("فردا ناحیه دو و ناحیه پنج برف", ("nahiye2", "nahiye5"), "برف"),
        ("فردا ناحیه ۲ و ۳ برف", ("nahiye2", "nahiye3"), "برف"),
        ("فردا نواحی ۱ ۲ ۳ برف", ("nahiye1", "nahiye2", "nahiye3"), "برف"),
        ("فردا ستاد منطقه برف", ("region14",), "برف"),
        ("فردا همه دفترها برف", (), "برف"),
        ("فردا شهرداری منطقه ۱۴ برف", (), "برف"),
    ],
)
def test_offices(said: str, offices: tuple[str, ...], reason: str) -> None:
    draft = read(said)

    assert (draft.offices, draft.reason, days(draft)) == (offices, reason, "1405-09-02")


@pytest.mark.parametrize(
    ("kind", "said", "found"),
    [
        ("late", "ساعت ۱۰ فردا برف", ("late", 600, None)),
        ("late", "فردا ساعت ۹:۳۰ برف", ("late", 570, None)),
        ("late", "فردا ساعت ۹ و نیم صبح برف", ("late", 570, None)),
        ("late", "۱۰ فردا برف", ("late", 600, None)),
        ("late", "ساعت ۱۰ ۲ آذر برف", ("late", 600, None)),
        ("early", "ساعت ۱۳ فردا برف", ("early", None, 780)),
        ("early", "ساعت ۱ فردا برف", ("early", None, 780)),
        ("closed", "فردا تا ساعت ۱۰ برف", ("late", 600, None)),
        ("closed", "فردا از ساعت ۱۲ به بعد برف", ("early", None, 720)),
        ("closed", "فردا برف", ("closed", None, None)),
        ("open", "فردا ۸ تا ۱۲ برف", ("open", 480, 720)),
        ("open", "فردا از ساعت ۸:۳۰ تا ساعت ۱۳ برف", ("open", 510, 780)),
        ("open", "فردا برف", ("open", None, None)),
    ],
)
def test_hours_of_the_day(kind: Kind, said: str, found: tuple[Kind, int | None, int | None]) -> None:
    draft = read(said, kind)

    assert (draft.kind, draft.opens, draft.closes) == found
    assert (days(draft), draft.reason) == ("1405-09-02", "برف")


@pytest.mark.parametrize(
    ("kind", "said", "why"),
    [
        ("closed", "آلودگی هوا", "no_day"),
        ("closed", "۳۱ مهر برف", "no_such_day"),
        ("closed", "۳۰ اسفند برف", "no_such_day"),
        ("closed", "۱ آبان ۱۴۰۵ برف", "past"),
        ("closed", "۵ دی ۱۴۰۵ تا ۳ دی ۱۴۰۵ برف", "backwards"),
        ("closed", "شنبه و دوشنبه برف", "apart"),
        ("closed", "۱ دی تا ۱۵ بهمن برف", "too_long"),
        ("closed", "فردا ساعت ۱۰ برف", "no_time"),
        ("late", "فردا برف", "no_time"),
        ("late", "ساعت ۷ فردا برف", "odd_time"),
        ("early", "ساعت ۱۸ فردا برف", "odd_time"),
        ("late", "ساعت ۱۰ جمعه برف", "odd_time"),
        ("open", "فردا ۱۲ تا ۸ صبح", "backwards"),
        ("open", "جمعه", "no_hours"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_reason(kind: Kind, said: str, why: str) -> None:
    with pytest.raises(CitizenError) as refused:
        read(said, kind)

    assert refused.value.key == why


def test_an_open_thursday_needs_hours() -> None:
    assert read("پنجشنبه ۸ تا ۱۲", "open").opens == 480


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("به خاطر برف.", "برف"),
        ("، به علت  برف\nو  باد", "برف و باد"),
        ("**برف** [اینجا](https://a.b) {end}", "برف اینجا(https://a.b) end"),
        ("برف (سنگین)", "برف (سنگین)"),
        ("به", "به"),
        ("ب" * 500, "ب" * 100),
        (" ، ", ""),
    ],
)
def test_a_reason_is_one_short_line_of_plain_words(written: str, told: str) -> None:
    assert tidy_reason(written) == told


def test_a_draft_is_remembered_as_it_was() -> None:
    draft = read("فردا ناحیه ۲ تا ساعت ۱۰ برف")

    assert Draft.again(draft.kept()) == draft
