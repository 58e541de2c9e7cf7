"""Announcements as staff write them: what is wrong is found, and what is right is let alone."""

import re
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import content
from bot.clock import TEHRAN
from bot.markup import plain
from bot.outbox import CAPTION_LIMIT, TEXT_LIMIT
from bot.services import proofreading
from bot.services.proofreading import MOST, SHORT, Beside, Finding, findings, fingerprint
from tests.test_calendar import calendar, day

ORDINARY = "1405-04-08"
"""A Monday. 11 Tir is the Thursday after it."""
ASHURA, SHABAN, QADR = "1405-04-04", "1405-11-04", "1405-12-08"


def at(text: str = ORDINARY, hour: int = 10) -> datetime:
    return datetime.combine(day(text), time(hour), TEHRAN)


def keys(text: str, sent: datetime | None = None, beside: Beside = proofreading.NOTHING) -> list[str]:
    return [finding.key for finding in findings(text, sent or at(), calendar(), beside)]


def found(text: str, sent: datetime | None = None) -> Finding:
    (only,) = findings(text, sent or at(), calendar())
    return only


SOUND = [
    "سلام همسایه‌ها! پنجشنبه ۱۱ تیر ساعت ۱۷ در بوستان نبرد دور هم جمع می‌شویم. 🎉\n📍 بوستان نبرد\n☎️ ۱۳۷",
    "🚧 خیابان ۱۷ شهریور از شنبه ۱۳ تیر تا ۲۰ تیر یک‌طرفه می‌شود.",
    "آب محله دولاب امروز ساعت ۱۴ تا ۱۸ قطع است.",
    "امروز از ساعت ۸ صبح توزیع نهال آغاز شده و تا ساعت ۱۴ ادامه دارد.",
    "ثبت‌نام کلاس‌های تابستانی از ۱ تیر آغاز شده است و تا ۳۱ تیر ادامه دارد: https://tehran.ir/summer",
    "طرح پاک‌سازی از ۱ تیر اجرا می‌شود.",
    "سه‌شنبه ۲ تیر از جانبازان محله تجلیل شد. عکس‌ها در کانال است.",
    "جشنواره غذای محلی، جمعه ۱۲ تیر، از ساعت ۱۰ تا ۲۲. ورود رایگان است.",
    "سالروز ۷ تیر گرامی باد.",
    "گزارش تصویری | افتتاح بوستان بانوان | دوشنبه ۱ تیر",
    "تردد در خیابان پیروزی از ساعت ۲۳ روز چهارشنبه ۱۰ تیر تا ۵ صبح روز پنج‌شنبه ۱۱ تیر ماه ممنوع است.",
    "نمایشگاه روزهای ۱، ۲ و ۳ شهریور (یکشنبه تا سه‌شنبه) از ساعت ۹ الی ۱۶ برگزار می‌گردد.",
    "ملاقات مردمی\nزمان: سه‌شنبه ۱۶ تیر ۱۴۰۵ - ساعت ۹ تا ۱۱\nمکان: طبقه ۲، اتاق ۲۰۷",
    "ساعت کاری از شنبه ۱۳ تیر: شنبه تا چهارشنبه ۶ تا ۱۳، پنجشنبه تعطیل",
    "بازارچه محلی هر هفته پنجشنبه و جمعه از ۱۱ تیر تا ۳۰ شهریور",
    "مرحله دوم واکسیناسیون: ۱۱ و ۱۲ تیر، پنجشنبه و جمعه",
    "در تاریخ ۲ و ۳ تیر ماه ۲۵ مورد رفع سد معبر انجام شد.",
    "کارگاه بازیافت در تاریخ ۱۴۰۵/۰۴/۱۴ (یکشنبه) راس ساعت ۱۷ در فرهنگسرای خاوران",
    "کلاس‌های سفال، یکشنبه‌ها و سه‌شنبه‌ها، ساعت ۱۰ تا ۱۲.",
    "فردا ساعت ۹ کوچه‌ها شسته می‌شوند. امروز خودروها را جابه‌جا کنید.",
    "مصوبه ۱۴۰۳/۰۲/۱۰ شورا درباره عوارض نوسازی را اینجا ببینید: https://tehran.ir/a",
    "واکسیناسیون COVID-19 در Region 14 ادامه دارد.",
    "تلفن: 021-96040900",
    "پویش #هوای_پاک را دنبال کنید.",
    "قرعه‌کشی: سه‌شنبه شب ۹ تیر",
    "جلسه ۵ شنبه ۱۱ تیر",
    "ملاقات: ۱۳ تیر، ساعت ۹ تا ۵ شنبه",
    "واقعه ۱۰ محرم سال ۶۱ هجری",
]


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_text_is_let_alone(text: str) -> None:
    assert findings(text, at(), calendar()) == []


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("سه‌شنبه ۱۱ تیر در بوستان", {"day": "۱۱ تیر ۱۴۰۵", "said": "سه‌شنبه", "weekday": "پنجشنبه"}),
        ("۵ شنبه ۱۲ تیر", {"day": "۱۲ تیر ۱۴۰۵", "said": "شنبه", "weekday": "جمعه"}),
        ("جمعه ۵ آذر ۱۴۰۵", {"day": "۵ آذر ۱۴۰۵", "said": "جمعه", "weekday": "پنجشنبه"}),
    ],
)
def test_a_wrong_weekday_stops(text: str, fields: dict[str, str]) -> None:
    assert found(text) == Finding("weekday", fields, stops=True)


def test_a_day_that_is_not_there_stops() -> None:
    assert found("۳۱ مهر منتظرتان هستیم") == Finding("no_such_day", {"day": "۳۱ مهر"}, stops=True)


@pytest.mark.parametrize(
    ("text", "sent", "expected"),
    [
        ("مراسم عزاداری امشب در مسجد محله است.", ASHURA, []),
        ("🖤 مراسم امشب در مسجد محله است.", ASHURA, []),
        ("⚠️ آب تا شب قطع است. ☎️ ۱۳۷ 📍 نبرد", ASHURA, []),
        ("🎉 برنامه امشب", ASHURA, ["mourned_sign"]),
        ("جشن امشب", ASHURA, ["mourned_word"]),
        ("عیـــد شما مُبارک", ASHURA, ["mourned_word"]),
        ("جشن امشب 🎈", ASHURA, ["mourned_sign", "mourned_word"]),
        ("آب قطع است!", ASHURA, ["mourned_call"]),
        ("جشن خیابانی این هفته لغو شد.", ASHURA, ["mourned_word"]),
        ("برج میلاد و خیابان شادی بسته است.", ASHURA, []),
        ("سال ۲۰۲۶ میلادی", ASHURA, []),
        ("گواهی تولد و تاریخ تولد را همراه بیاورید.", ASHURA, []),
        ("ماه مبارک رمضان است؛ افطاری محله امشب برپاست.", QADR, []),
        ("شب‌های قدر، عید شما مبارک", QADR, ["mourned_word"]),
        ("تولد حضرت صاحب‌الزمان را تبریک می‌گوییم! 🎉🎊🌺", SHABAN, []),
        ("درگذشت همکارمان را تسلیت می‌گوییم.", SHABAN, ["feast_word"]),
        ("مراسم تحلیف و سوگند شورایاران", SHABAN, []),
        ("درگذشت همکارمان را تسلیت می‌گوییم!", ORDINARY, []),
        ("🎉🎊 جشن بزرگ!!", ORDINARY, []),
    ],
)
def test_the_tone_fits_the_day_it_is_sent(text: str, sent: str, expected: list[str]) -> None:
    assert keys(text, at(sent)) == expected


def test_what_is_festive_on_a_mourned_day_stops_unless_it_is_called_off() -> None:
    assert found("جشن امشب", at(ASHURA)) == Finding(
        "mourned_word", {"occasion": "عاشورای حسینی", "word": "جشن"}, stops=True
    )
    assert found("🎉 امشب", at(ASHURA)) == Finding(
        "mourned_sign", {"occasion": "عاشورای حسینی", "sign": "🎉"}, stops=True
    )
    assert not found("جشن امشب لغو شد", at(ASHURA)).stops
    assert not found("آب قطع است!", at(ASHURA)).stops


def test_a_feast_on_a_mourned_day_is_mourned() -> None:
    assert keys("عید غدیر مبارک", at("1405-03-14")) == ["mourned_word"]


def test_a_moved_month_moves_what_is_mourned() -> None:
    moved = calendar().shifted({(1449, 1): 1})

    assert findings("جشن امشب", at("1406-03-25"), calendar())
    assert [one.fields["occasion"] for one in findings("جشن امشب", at("1406-03-26"), moved)] == ["عاشورای حسینی"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("جشن بزرگ محله، چهارشنبه ۳ تیر، ساعت ۱۸", ["mourned_day"]),  # Tasua
        ("جشن بزرگ محله، جمعه ۵ تیر، ساعت ۱۸", []),
        ("مهلت ثبت‌نام جشنواره تا ۳ تیر است.", []),
        ("جشن ۳ تیر برگزار نمی‌شود.", []),
        ("هیئت محله ۳ تیر مراسم دارد. جشن تابستان هفته بعد است.", []),
    ],
)
def test_a_feast_announced_for_a_mourned_day_is_asked_about(text: str, expected: list[str]) -> None:
    assert keys(text, at("1405-03-30")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("کارگاه سفال، ۲ تیر، ساعت ۱۰", ["day_over"]),
        ("منتظرتان هستیم: سه‌شنبه ۲ تیر ۱۴۰۵", ["day_over"]),
        ("همایش ۱۴۰۴/۰۹/۱۵ برگزار می‌شود.", ["day_over"]),
        ("نمایشگاه ۱ تا ۵ تیر برپاست.", ["day_over"]),
        ("نمایشگاه ۱ تا ۱۵ تیر برپاست.", []),
        ("نمایشگاه از ۱ تیر تا ۱۵ تیر برپاست.", []),
        ("کارگاه سفال ۲ تیر برگزار شد.", []),
        ("کارگاه سفال برگزار شد.\n۲ تیر ۱۴۰۵", []),
        ("آسفالت کوچه ۲ تیر تمام شده و فردا خط‌کشی می‌شود.", []),
        ("جمعه ۱۷ شهریور ۱۳۵۷", []),
        ("امروز ساعت ۹ در سرای محله نبرد", ["hour_over"]),
        ("امروز ساعت ۸ تا ۱۰ آب قطع است.", ["hour_over"]),
        ("دوشنبه ۸ تیر ساعت ۹:۳۰ در بوستان", ["hour_over"]),
        ("امروز ساعت ۹ تا ۱۱ آب قطع است.", []),
        ("امروز از ساعت ۸ آب قطع است.", []),
        ("امروز ساعت: ۱۰:۳۰", []),
        ("امروز ساعت ۵ در بوستان", []),
        ("ساعت ۸ تا ۹ هر روز ورزش صبحگاهی", []),
        ("امروز ساعت ۹ جلسه برگزار شد.", []),
    ],
)
def test_what_is_over_is_asked_about(text: str, expected: list[str]) -> None:
    assert keys(text) == expected
    assert not any(finding.stops for finding in findings(text, at(), calendar()))


def test_what_is_over_is_named() -> None:
    assert found("کارگاه سفال، ۲ تیر").fields == {"when": "۲ تیر ۱۴۰۵"}
    assert found("امروز ساعت ۸ تا ۹:۳۰ کارگاه").fields == {"when": "۹:۳۰"}


@pytest.mark.parametrize(
    ("length", "has_picture", "expected"),
    [
        (SHORT, False, []),
        (SHORT + 1, False, ["long"]),
        (CAPTION_LIMIT, True, ["long"]),
        (CAPTION_LIMIT + 1, True, ["two_messages"]),
        (CAPTION_LIMIT + 1, False, ["long"]),
        (MOST, False, ["long"]),
        (MOST + 1, False, ["too_long"]),
        (MOST + 1, True, ["too_long"]),
    ],
)
def test_a_long_text_is_told_of(length: int, has_picture: bool, expected: list[str]) -> None:
    assert keys("آب " * (length // 3) + "ب" * (length % 3), beside=Beside(has_picture)) == expected


def test_only_what_is_far_too_long_stops() -> None:
    assert MOST < TEXT_LIMIT
    assert found("آب " * MOST) == Finding("too_long", {"length": MOST * 3, "most": MOST}, stops=True)
    assert not found("آب " * 200).stops


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ساعت 17 در بوستان", "17"),
        ("با شهرداري تماس بگیرید", "شهرداري"),
        ("می توانید بیایید", "می توانید"),
        ("برنامه های محله", "برنامه های"),
    ],
)
def test_what_may_be_tidied_is_offered(text: str, place: str) -> None:
    assert found(text) == Finding("untidy", {"place": place})


@pytest.mark.parametrize(
    ("text", "of_buttons", "expected"),
    [
        ("ثبت‌نام: https://tehran.ir/a.", (), []),
        ("ثبت‌نام", ("https://tehran.ir/a",), []),
        ("ثبت‌نام: www.tehran.ir", (), [("bare_link", "www.tehran.ir")]),
        ("ثبت‌نام: https://tehran.irهمین حالا", (), [("bad_link", "https://tehran.irهمین")]),
        ("ثبت‌نام: https: //tehran.ir", (), [("bad_link", "https: //tehran.ir")]),
        ("ثبت‌نام", ("https://localhost",), [("bad_link", "https://localhost")]),
        ("ثبت‌نام", ("www.tehran.ir",), [("bad_link", "www.tehran.ir")]),
        ("https://a b", ("https://a",), [("bad_link", "https://a")]),
        ("https://\u202eri.narhet", (), [("bad_link", "https://ri.narhet")]),
    ],
)
def test_links_are_looked_at(text: str, of_buttons: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    told = findings(text, at(), calendar(), Beside(links=of_buttons))

    assert [(finding.key, finding.fields["link"]) for finding in told] == expected
    assert all(finding.stops is (finding.key == "bad_link") for finding in told)


def test_a_text_that_was_sent_lately_is_told_of() -> None:
    (told,) = findings("سلام", at(), calendar(), Beside(same_on=day("1405-04-01")))

    assert told == Finding("same_text", {"day": "۱ تیر ۱۴۰۵"})


def test_what_stops_comes_first() -> None:
    told = findings("ساعت 17، سه‌شنبه ۱۱ تیر، www.a.ir " + "آب " * 200, at(), calendar())

    assert [finding.stops for finding in told] == [True, False, False, False]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("آب محله نبرد ۵ تیر قطع است.", "آب محله نبرد، 12 تیر قطع است! 💧", True),
        ("برنامه‌ها", "برنامه ها", True),
        ("كتاب سَلام", "کتاب سلام", True),
        ("آب محله نبرد قطع است", "برق محله نبرد قطع است", False),
        ("سلام", "", False),
    ],
)
def test_only_letters_make_a_text(one: str, other: str, same: bool) -> None:
    assert (fingerprint(one) == fingerprint(other)) is same
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint(one))


def test_a_text_without_letters_is_like_no_other() -> None:
    assert fingerprint("۱۲ 🎉!") == ""


def test_every_finding_has_its_words_and_no_words_are_left_over() -> None:
    texts = content.load("announce_lint").texts
    source = (Path(proofreading.__file__)).read_text(encoding="utf-8")
    named = set(re.findall(r'Finding\(\s*"(\w+)"', source)) | {"day_over", "hour_over"}

    assert {key for key in texts if key.startswith("finding_")} == {f"finding_{key}" for key in named}


def test_words_and_fields_agree() -> None:
    words = content.load("announce_lint")
    told = [
        *findings(
            "سه‌شنبه ۱۱ تیر، ۳۱ مهر، www.a.ir، https://a https://b.ir 17",
            at(),
            calendar(),
            Beside(same_on=date.min.replace(year=2026), dead=frozenset({"https://b.ir"}), nowhere=("کتابخانه",)),
        ),
        *findings("جشن 🎉!", at(ASHURA), calendar()),
        *findings("درگذشت", at(SHABAN), calendar()),
        *findings("جشن ۳ تیر", at("1405-03-30"), calendar()),
        *findings("امروز ساعت ۹\n۲ تیر", at(), calendar(), Beside(later=True)),
        *(
            one
            for most in (SHORT, CAPTION_LIMIT, MOST)
            for one in findings("آ" * (most + 1), at(), calendar(), Beside(has_picture=True))
        ),
    ]

    assert {f"finding_{finding.key}" for finding in told} == {key for key in words.texts if key.startswith("finding_")}
    for finding in told:
        key = f"finding_{finding.key}"
        fields = set(re.findall(r"{(\w+)}", plain(words.texts[key])))
        assert fields == set(finding.fields), key
        assert "{" not in plain(words.text(key, **finding.fields))


@given(some.text(max_size=400) | some.text(alphabet="۱۲ و،wشنبه تیر\n:.", max_size=400))
def test_whatever_is_written_is_read(text: str) -> None:
    for finding in findings(text, at(ASHURA), calendar()):
        assert all(len(str(value)) <= 100 for value in finding.fields.values())


@pytest.mark.parametrize(
    "piece", ["شنبه ۱ تیر ", "شنبه ۱ و ", "۱ و ", "شنبه ", "https://", "می ", "ساعت ۱ ", "0 ", "#", "ا"]
)
def test_no_text_takes_long(piece: str) -> None:
    findings(piece * (TEXT_LIMIT // len(piece)), at(ASHURA), calendar())


def test_a_button_that_leads_nowhere_stops_it() -> None:
    (told,) = findings("سلام", at(), calendar(), Beside(nowhere=("کتابخانه",)))

    assert (told.key, dict(told.fields), told.stops) == ("dead_button", {"label": "کتابخانه"}, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [("فردا کلاس داریم.", ["فردا"]), ("پس‌فردا و فردا", ["پس فردا", "فردا"]), ("فردایی بهتر", []), ("شنبه", [])],
)
def test_tomorrow_is_doubtful_in_what_goes_later(text: str, words: list[str]) -> None:
    def doubted(beside: Beside) -> list[object]:
        return [one.fields["word"] for one in findings(text, at(), calendar(), beside) if one.key == "relative"]

    assert doubted(Beside(later=True)) == words
    assert doubted(Beside()) == []
