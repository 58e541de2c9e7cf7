"""What staff write for days and times, and what is made of it."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import content
from bot.clock import TEHRAN
from bot.errors import CitizenError
from bot.services import dated, event_drafts, events
from bot.services.coming import Coming

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=TEHRAN)
"""Sunday 1 Azar 1405."""


def told(text: str, now: datetime = NOW) -> str:
    return Coming(content.load("coming")).when(event_drafts.dated_plan(events.checked_when(dated.read(text, now), now)))


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("۱۵ آذر ساعت ۱۷", "یکشنبه ۱۵ آذر ۱۴۰۵، ساعت ۱۷"),
        ("15 آذر ساعت 17", "یکشنبه ۱۵ آذر ۱۴۰۵، ساعت ۱۷"),
        ("١٥ آذر ساعت ١٧", "یکشنبه ۱۵ آذر ۱۴۰۵، ساعت ۱۷"),
        ("جمعه ۱۰ صبح", "جمعه ۶ آذر ۱۴۰۵، ساعت ۱۰"),
        ("فردا ۱۸:۳۰ تا ۲۰", "دوشنبه ۲ آذر ۱۴۰۵، ساعت ۱۸:۳۰ تا ۲۰"),
        ("۱۴۰۵/۹/۱۵ ۱۷:۰۰", "یکشنبه ۱۵ آذر ۱۴۰۵، ساعت ۱۷"),
        ("۱۴۰۵-۰۹-۱۵ ساعت ۱۷:۰۰ تا ۱۸:۰۰", "یکشنبه ۱۵ آذر ۱۴۰۵، ساعت ۱۷ تا ۱۸"),
        ("۱۰ تا ۱۲ آذر", "سه‌شنبه ۱۰ آذر ۱۴۰۵ تا پنجشنبه ۱۲ آذر ۱۴۰۵"),
        (
            "از ۱۰ تا ۱۲ آذر هر روز از ساعت ۹ صبح تا ۱ ظهر",
            "سه‌شنبه ۱۰ آذر ۱۴۰۵ تا پنجشنبه ۱۲ آذر ۱۴۰۵، هر روز ساعت ۹ تا ۱۳",
        ),
        ("۲۸ آذر تا ۲ دی", "شنبه ۲۸ آذر ۱۴۰۵ تا چهارشنبه ۲ دی ۱۴۰۵"),
        ("شنبه تا دوشنبه ساعت ۹ تا ۱۲", "شنبه ۷ آذر ۱۴۰۵ تا دوشنبه ۹ آذر ۱۴۰۵، هر روز ساعت ۹ تا ۱۲"),
        ("یکشنبه ۱ آذر تا سه‌شنبه ۳ آذر", "یکشنبه ۱ آذر ۱۴۰۵ تا سه‌شنبه ۳ آذر ۱۴۰۵"),
        ("سه شنبه ساعت ۵", "سه‌شنبه ۳ آذر ۱۴۰۵، ساعت ۱۷"),
        ("پانزدهم آذر ساعت پنج و نیم عصر", "یکشنبه ۱۵ آذر ۱۴۰۵، ساعت ۱۷:۳۰"),
        ("بیست و یکم آذر ۸ صبح تا ۱", "شنبه ۲۱ آذر ۱۴۰۵، ساعت ۸ تا ۱۳"),
        ("بیست‌ویکم آذرماه ۸ صبح تا ۱", "شنبه ۲۱ آذر ۱۴۰۵، ساعت ۸ تا ۱۳"),
        ("۵شنبه ساعت ۱۰", "پنجشنبه ۵ آذر ۱۴۰۵، ساعت ۱۰"),
        ("امشب ساعت ۸", "یکشنبه ۱ آذر ۱۴۰۵، ساعت ۲۰"),
        ("امشب ۸ تا ۱۰", "یکشنبه ۱ آذر ۱۴۰۵، ساعت ۲۰ تا ۲۲"),
        ("فردا صبح ساعت ۹", "دوشنبه ۲ آذر ۱۴۰۵، ساعت ۹"),
        ("فردا عصر ۵ تا ۷", "دوشنبه ۲ آذر ۱۴۰۵، ساعت ۱۷ تا ۱۹"),
        ("جمعه بعدازظهر ساعت ۳:۳۰", "جمعه ۶ آذر ۱۴۰۵، ساعت ۱۵:۳۰"),
        ("امشب ۲۲ تا ۱", "یکشنبه ۱ آذر ۱۴۰۵، ساعت ۲۲ تا ۱"),
        ("فردا ۵ تا ۷", "دوشنبه ۲ آذر ۱۴۰۵، ساعت ۱۷ تا ۱۹"),
        ("فردا ۹ تا ۱۱ شب", "دوشنبه ۲ آذر ۱۴۰۵، ساعت ۲۱ تا ۲۳"),
        ("فردا ظهر", "دوشنبه ۲ آذر ۱۴۰۵، ساعت ۱۲"),
        ("پس‌فردا تمام روز", "سه‌شنبه ۳ آذر ۱۴۰۵"),
        ("شنبه هفته آینده ساعت ۱۰", "شنبه ۷ آذر ۱۴۰۵، ساعت ۱۰"),
        ("ساعت ۱۶ تا ۱۸، ۱۵ آذر", "یکشنبه ۱۵ آذر ۱۴۰۵، ساعت ۱۶ تا ۱۸"),
        ("۳ فروردین ساعت ۱۰", "سه‌شنبه ۳ فروردین ۱۴۰۶، ساعت ۱۰"),
        ("۲۹ اسفند تا ۳ فروردین", "شنبه ۲۹ اسفند ۱۴۰۵ تا سه‌شنبه ۳ فروردین ۱۴۰۶"),
        ("یکشنبه ساعت ۱۱", "یکشنبه ۱ آذر ۱۴۰۵، ساعت ۱۱"),
        ("یکشنبه ساعت ۴ بعد از ظهر", "یکشنبه ۱ آذر ۱۴۰۵، ساعت ۱۶"),
        ("یکشنبه ساعت ۷ صبح", "یکشنبه ۸ آذر ۱۴۰۵، ساعت ۷"),
    ],
)
def test_days_and_times_are_read(written: str, understood: str) -> None:
    assert told(written) == understood


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no_day"),
        ("سلام", "no_day"),
        ("ساعت ۵", "no_day"),
        ("15 azar", "no_day"),
        ("سه‌شنبه و چهارشنبه", "several_days"),
        ("۱۰ آذر و ۱۲ آذر و ۱۴ آذر", "several_days"),
        ("۳۱ آذر", "no_such_day"),
        ("۳۰ اسفند ۱۴۰۵", "no_such_day"),
        ("۰ آذر", "no_such_day"),
        ("جمعه ۱۵ آذر", "other_weekday"),
        ("فردا عصر", "unclear_time"),
        ("فردا یه ربع به ۱۰", "unclear_time"),
        ("فردا ساعت ۲۵", "unclear_time"),
        ("امروز ۱۰ تا ۱۲ و ۱۴ تا ۱۶", "unclear_time"),
        ("فردا ۲۰ تا ۱۸", "end_before_start"),
        ("۱۲ تا ۱۰ آذر", "end_before_start"),
        ("۱۴۰۵/۹/۱۲ تا ۱۴۰۵/۹/۱۰", "end_before_start"),
        ("۱۴۰۵/۸/۳۰", "past"),
        ("امروز ۷ تا ۱۰ صبح", "past"),
        ("۱ دی تا ۵ اسفند", "too_long"),
        ("۱۴۰۹/۱/۱", "too_far"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(CitizenError) as refused:
        told(written)

    assert refused.value.key == reason


def test_who_writes_the_wrong_weekday_is_told_the_right_one() -> None:
    with pytest.raises(CitizenError) as refused:
        told("جمعه ۱۵ آذر")

    assert refused.value.fields == {"day": "۱۵ آذر ۱۴۰۵", "weekday": "یکشنبه"}


@given(some.text(alphabet="۰۱۲۳۴۵۶۷۸۹ :/-تاآذرفردجمعهشنسیکدوصبحعsاw.", max_size=60))
def test_whatever_is_written_is_read_or_refused(written: str) -> None:
    try:
        found = dated.read(written, NOW)
    except CitizenError:
        return
    assert found.start < found.end


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  کارگاه \n\n سفال ", "کارگاه سفال"),
        ("شب\u202eشعر\u200f", "شبشعر"),
        ("بچه\u200cها", "بچه\u200cها"),
        ("a\x00b", "a b"),
    ],
)
def test_a_line_holds_nothing_that_nobody_sees(written: str, shown: str) -> None:
    assert events.line(written, 80) == shown


@pytest.mark.parametrize(
    ("written", "reason"), [("", "empty"), ("...", "empty"), ("\u200f\u200c", "empty"), ("ا" * 81, "too_wordy")]
)
def test_a_line_is_neither_empty_nor_endless(written: str, reason: str) -> None:
    with pytest.raises(CitizenError) as refused:
        events.line(written, 80)

    assert refused.value.key == reason
