"""What came of a survey, as staff see it: in words, by groups, what was written, and as files."""

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from bot.clock import TEHRAN
from bot.models import announcements
from bot.models import audit as audit_rows
from bot.services import exports, held_sums, surveys
from bot.store import Unit
from scheduler import mind_surveys
from tests import samples
from tests.botapi import Seen
from tests.citizen import Citizen, labels, rows_of, settled, wait_until
from tests.drafting import go_live
from tests.editing import pressed
from tests.filing import platform_of
from tests.polling import DAY_MS, FAIR, POLL, answered, opened, voted

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = '=HYPERLINK("https://evil.example") **درشت** {place} 09121234567 کد ملی 0012345679'


@pytest.fixture
async def fair(mina: Citizen, cleaned_here: None) -> int:
    """Eleven people and two visitors have answered, with words and a photo; one left half-way."""
    return await mina.app.store.write(the_fair)


def the_fair(unit: Unit, *, nameless: bool = False) -> int:
    number = opened(unit, FAIR, nameless=nameless)
    for user in range(10):
        answered(unit, number, 100 + user, "yes", ("music", "food"), 5, user, None, None, None, lives="doulab")
    answered(unit, number, 200, "no", 1, None, HOSTILE, None, (35.67, 51.48), platform="telegram")
    for user in range(2):
        answered(unit, number, 300 + user, "no", None, None, "از صفحه", None, None, platform="web")
    answered(unit, number, 400, "yes")
    return number


def plain(seen: Seen) -> str:
    return seen.text.replace("*", "").replace("\u2060", "").replace("\u200b", "")


async def shown(mina: Citizen, data: str) -> Seen:
    """The last of what a button shows."""
    return (await pressed(mina, f"survey_results:{data}"))[-1]


async def filed(mina: Citizen, data: str) -> list[Seen]:
    """The files that come some time after they were ordered."""
    before = len(mina.api.seen(mina.user_id))
    await pressed(mina, f"survey_results:file:{data}")
    await wait_until(lambda: any(one.file or "ساخته نشد" in one.text for one in mina.api.seen(mina.user_id)[before:]))
    return [one for one in mina.api.seen(mina.user_id)[before:] if one.file]


async def test_results_are_told_question_by_question(mina: Citizen, fair: int) -> None:
    seen = await shown(mina, f"show:{fair}")
    text = plain(seen)

    for words in (
        "جشن محله",
        "هنوز باز است",
        "جواب‌دهنده‌ها: ۱۱ نفر.",
        "هم ۲ جواب رسید",
        "۱. آمدید؟",
        "بله\n▓▓▓▓▓▓▓▓▓░ ۹۱٪ · ۱۰ نفر",
        "در سؤال ۲ رها کردند: ۱ نفر",
        "میانگین: ۴٫۶ از ۵",
        "جواب: ۱۰ نفر · بی‌جواب: ۱ نفر",
    ):
        assert words in text, words
    assert text.index("خیلی خوب") < text.index("خیلی بد")
    found = labels(seen)
    assert found[:2] == ["🔄 تازه کن", "📍 به تفکیک محله"]
    assert {"✍️ نوشته‌ها", "📷 عکس‌ها", "🖼 تصویر", "📗 اکسل", "📄 جدول CSV", "برگشت به نظرسنجی"} <= set(found)


async def test_refreshed_it_stands_in_its_place(mina: Citizen, fair: int) -> None:
    first = await shown(mina, f"show:{fair}")
    await mina.app.store.write(lambda unit: answered(unit, fair, 900, "no", None, None, None, None, None))
    (again,) = await mina.press("🔄 تازه کن")

    assert again.message_id == first.message_id
    assert "جواب‌دهنده‌ها: ۱۲ نفر." in plain(again)


async def test_visitors_are_counted_in_where_somebody_asks(mina: Citizen, fair: int) -> None:
    await shown(mina, f"show:{fair}")
    (seen,) = await mina.press("با بازدیدکننده‌های صفحه")
    (back,) = await mina.press("همه نتیجه‌ها")

    assert "جواب‌دهنده‌ها: ۱۳ نفر." in plain(seen)
    assert "جواب‌دهنده‌ها: ۱۱ نفر." in plain(back)


async def test_groups_of_ten_are_shown_alone_and_no_others(mina: Citizen, fair: int) -> None:
    for user in range(20):
        await mina.app.store.write(
            lambda unit, user=user: answered(unit, fair, 500 + user, "no", None, None, None, None, None)  # type: ignore[misc]  # mypy gives a lambda's default no type
        )
    await shown(mina, f"show:{fair}")
    (places,) = await mina.press("📍 به تفکیک محله")
    (alone,) = await mina.press("دولاب · ۱۰")

    assert "محله نامعلوم: ۲۱ نفر" in plain(places)
    assert labels(places) == ["محله نامعلوم · ۲۱", "دولاب · ۱۰", "همه نتیجه‌ها"]
    assert "فقط ساکنان دولاب" in plain(alone)
    assert "جواب‌دهنده‌ها: ۱۰ نفر." in plain(alone)
    assert "جدا نشان داده نمی‌شود" in (await shown(mina, f"view:{fair}.n00000000")).text


def nameless_ones(unit: Unit, people: int) -> int:
    """An anonymous survey that so many have answered; the job has run after each."""
    number = opened(unit, FAIR, nameless=True)
    for user in range(people):
        answered(unit, number, 1 + user, "no", None, None, "راز", None, None)
        held_sums.move_on(unit)
    return number


def over(unit: Unit, number: int) -> None:
    """Closed before its time."""
    surveys.close(unit, number, unit.staff.join("bale", 99, "editor", "مینا", None))


async def test_without_a_name_results_come_by_tens_while_it_is_open(mina: Citizen, cleaned_here: None) -> None:
    number = await mina.app.store.write(lambda unit: nameless_ones(unit, 19))
    none = await shown(mina, f"show:{number}")
    await mina.app.store.write(lambda unit: answered(unit, number, 90, "yes", ("food",), 5, 1, None, None, None))
    assert (await mind_surveys(mina.app.store, mina.app.settings))["moved_on"] == 1
    some = (await mina.press("🔄 تازه کن"))[-1]

    assert "جواب‌دهنده‌ها: ۱۹ نفر." in plain(none)
    assert "اولین نتیجه پس از ۲۰ جواب می‌آید" in plain(none)
    assert labels(none) == ["🔄 تازه کن", "برگشت به نظرسنجی"]
    assert "جواب‌دهنده‌ها: ۲۰ نفر. نتیجه‌ها از ۱۰ نفر اول است." in plain(some)
    assert "نه\n▓▓▓▓▓▓▓▓▓▓ ۱۰۰٪ · ۱۰ نفر" in plain(some)
    assert labels(some) == ["🔄 تازه کن", "🖼 تصویر", "برگشت به نظرسنجی"]
    for forged in ("words:{}", "photos:{}", "by:{}.n", "view:{}.n00000000", "file:{}.csv"):
        assert "پس از بسته شدنش می‌آید" in (await shown(mina, forged.format(number))).text
    assert await filed(mina, f"{number}.png")


async def test_without_a_name_nothing_is_shown_of_few(mina: Citizen, cleaned_here: None) -> None:
    number = await mina.app.store.write(lambda unit: nameless_ones(unit, 9))
    await mina.app.store.write(lambda unit: over(unit, number))
    seen = await shown(mina, f"show:{number}")

    assert "جواب‌دهنده‌ها: ۹ نفر." in plain(seen)
    assert "از کمتر از ۱۰ نفر" in plain(seen)
    assert labels(seen) == ["🔄 تازه کن", "برگشت به نظرسنجی"]
    for forged in (f"words:{number}", f"photos:{number}", f"by:{number}.n"):
        assert "آن‌قدر جواب ندارد" in (await shown(mina, forged)).text
    assert await filed(mina, f"{number}.csv") == []


@pytest.mark.parametrize("people", [0, 3])
async def test_what_visitors_said_without_a_name_is_reached_though_people_are_few(
    mina: Citizen, cleaned_here: None, people: int
) -> None:
    def work(unit: Unit) -> int:
        number = opened(unit, FAIR, nameless=True)
        for user in range(people):
            answered(unit, number, 100 + user, "no", None, None, "راز", None, None)
        for user in range(12):
            answered(unit, number, 300 + user, "no", None, None, "از صفحه", None, None, platform="web")
        over(unit, number)
        return number

    number = await mina.app.store.write(work)
    await shown(mina, f"show:{number}")
    await mina.press("📱 به تفکیک پیام‌رسان")
    (seen,) = await mina.press("صفحه گفت‌وگو · ۱۲")
    (words,) = await mina.press("✍️ نوشته‌ها")

    assert "نه\n▓▓▓▓▓▓▓▓▓▓ ۱۰۰٪ · ۱۲ نفر" in plain(seen)
    assert "از صفحه" in words.text
    assert "راز" not in words.text


async def test_what_was_written_is_shown_without_numbers_of_people(mina: Citizen, fair: int) -> None:
    await shown(mina, f"show:{fair}")
    (seen,) = await mina.press("✍️ نوشته‌ها")
    text = seen.text

    assert "چه بهتر شود؟" in text
    assert "درشت" in text
    assert "{place}" in text
    assert "۰۹۱۲°°°۴۵۶۷" in text
    assert "1234567" not in text
    assert "۰۰۱۲۳۴۵۶۷۹" not in text
    assert not any(entity.get("url") for entity in seen.entities)


async def test_words_come_ten_at_a_time(mina: Citizen) -> None:
    def many(unit: Unit) -> int:
        number = opened(unit, FAIR)
        for user in range(25):
            answered(unit, number, 100 + user, "no", None, None, f"نظر {user:02}", None, None)
        return number

    number = await mina.app.store.write(many)
    first = await shown(mina, f"words:{number}")
    (second,) = await mina.press("بعدی‌ها")
    (last,) = await mina.press("بعدی‌ها")

    found = [one for page in (first, second, last) for one in re.findall(r"نظر (\d\d)", page.text)]
    assert first.message_id == second.message_id == last.message_id
    assert sorted(found) == [f"{user:02}" for user in range(25)]
    assert found != sorted(found)  # by random numbers
    assert len(re.findall(r"نظر \d\d", last.text)) == 5
    assert labels(last) == ["همه نتیجه‌ها"]


async def test_photos_are_shown(mina: Citizen, cleaned_here: None, tmp_path: Path) -> None:
    assert mina.app.work is not None
    source = tmp_path / "a.jpg"
    source.write_bytes(samples.jpeg())
    cleaned = mina.app.work._base.cleaner.shelf.put(source, name="a.jpg")

    def take_part(unit: Unit) -> int:
        number = opened(unit, FAIR)
        photo = unit.files.put("bale", 1, cleaned)
        answered(unit, number, 1, "no", None, None, None, photo.key, None)
        return number

    number = await mina.app.store.write(take_part)
    seen = await pressed(mina, f"survey_results:photos:{number}")

    assert any(one.file for one in seen)
    assert any("۱ عکس" in one.text for one in seen)


async def test_a_plain_table_holds_every_answer_and_nothing_that_acts(mina: Citizen, fair: int) -> None:
    for user in range(9):
        await mina.app.store.write(
            lambda unit, user=user: answered(unit, fair, 900 + user, "no", None, None, None, None, None)  # type: ignore[misc]  # mypy gives a lambda's default no type
        )
    (seen,) = await filed(mina, f"{fair}.csv")

    assert seen.file is not None
    assert re.fullmatch(rf"survey-{fair}-14\d\d-\d\d-\d\d\.csv", seen.file.name or "")
    assert seen.file.content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(seen.file.content.decode("utf-8-sig"), newline=""))
    assert head[:7] == ["ردیف", "تاریخ", "تاریخ میلادی", "پیام‌رسان", "محله", "بازدیدکننده صفحه", "آمدید؟"]
    assert head[7:9] == ["چه چیزی خوب بود؟: موسیقی", "چه چیزی خوب بود؟: =آش"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 23)]
    (hostile,) = [row for row in rows if row[3] == "تلگرام"]
    assert hostile[4:11] == ["محله نامعلوم", "", "نه", "—", "—", "خیلی بد", ""]
    assert hostile[11].startswith("'=HYPERLINK")
    assert "1234567" not in "".join(hostile)
    assert hostile[12:] == ["", "35.67", "51.48"]
    assert {tuple(row[3:6]) for row in rows if row[6] == "بله"} == {("بله", "دولاب", "")}
    assert [row[5] for row in rows if row[3] == "صفحه گفت‌وگو"] == ["✓", "✓"]
    assert {row[7] for row in rows if row[6] == "بله"} == {"✓"}


async def test_a_workbook_has_the_sums_beside_the_answers(mina: Citizen, fair: int) -> None:
    (seen,) = await filed(mina, f"{fair}.xlsx")

    assert seen.file is not None
    with ZipFile(io.BytesIO(seen.file.content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheets = [ET.fromstring(parts[f"xl/worksheets/sheet{number}.xml"]) for number in (1, 2)]  # noqa: S314 - our own
    assert not any(list(sheet.iter(f"{MAIN}f")) for sheet in sheets)
    answers, sums = (
        [["".join(cell.itertext()) for cell in row.iter(f"{MAIN}c")] for row in sheet.iter(f"{MAIN}row")]
        for sheet in sheets
    )
    assert len(answers) == 14
    assert ["جواب‌دهنده‌ها (جز صفحه)", "", "11", ""] in sums
    assert ["آمدید؟", "بله", "10", "91"] in sums


async def test_without_a_name_small_groups_and_few_visitors_are_in_no_table(mina: Citizen, cleaned_here: None) -> None:
    number = await mina.app.store.write(lambda unit: the_fair(unit, nameless=True))
    await mina.app.store.write(lambda unit: over(unit, number))
    (seen,) = await filed(mina, f"{number}.csv")

    assert seen.file is not None
    _, *rows = csv.reader(io.StringIO(seen.file.content.decode("utf-8-sig"), newline=""))
    assert len(rows) == 11
    assert {row[1] for row in rows} == {"دیگر"}


async def test_without_a_name_no_row_of_a_table_tells_the_day_nor_the_messenger(
    mina: Citizen, cleaned_here: None
) -> None:
    """Whoever knows when a neighbour answered would find the row; and nine are left of a place without the others."""

    def work(unit: Unit) -> int:
        number = opened(unit, FAIR, nameless=True)
        for user in range(24):
            platform = "telegram" if user < 3 else "bale"
            lives = "doulab" if user < 14 else "ahang"
            answered(unit, number, 100 + user, "no", None, None, None, None, None, platform=platform, lives=lives)
        over(unit, number)
        return number

    number = await mina.app.store.write(work)
    (seen,) = await filed(mina, f"{number}.csv")

    assert seen.file is not None
    head, *rows = csv.reader(io.StringIO(seen.file.content.decode("utf-8-sig"), newline=""))
    assert head[:4] == ["ردیف", "محله", "بازدیدکننده صفحه", "آمدید؟"]
    lives = [row[1] for row in rows]
    assert (lives.count("دولاب"), lives.count("آهنگ")) == (14, 10)  # as results tell it of each
    assert not any("14" in cell or "202" in cell for row in rows for cell in row[1:])


async def test_pictures_come_and_a_second_wish_waits(mina: Citizen, fair: int) -> None:
    seen = await filed(mina, f"{fair}.png")
    (again,) = await pressed(mina, f"survey_results:file:{fair}.png")

    assert seen
    assert all(one.file is not None and one.file.content.startswith(b"\xff\xd8") for one in seen)
    assert "در راه است" in again.text
    notes = await mina.app.store.read(lambda unit: rows_of(unit, audit_rows))
    assert [(note["action"], note["about"]) for note in notes][-1] == ("survey_exported", f"survey:{fair}")


async def test_of_a_draft_trial_answers_are_shown_and_of_an_unfinished_one_nothing(mina: Citizen) -> None:
    def drafts(unit: Unit) -> tuple[int, int]:
        made = unit.surveys.add(json.dumps(POLL), anonymous=False)
        unfinished = unit.surveys.add('{"survey": {"title": "ن"}, "question": []}', anonymous=False)
        assert made is not None
        assert unfinished is not None
        return made, unfinished

    made, unfinished = await mina.app.store.write(drafts)

    assert "هنوز کسی جواب نداده" in (await shown(mina, f"show:{made}")).text
    assert "کامل نیست" in (await shown(mina, f"show:{unfinished}")).text


FORGED = (
    "show: show:x show:999 show:1.n view:1.zz by:1.x by:1 words:1.0 words:1.77.0 file:1.exe photos:9"
    " words:1.4.99999999999999999999"
)


@pytest.mark.parametrize("data", [*FORGED.split(), "show:" + "9" * 40])
async def test_forged_buttons_are_refused_in_words(mina: Citizen, fair: int, data: str) -> None:
    seen = await shown(mina, data)

    assert any(words in seen.text for words in ("پیدا نکردم", "قدیمی است", "جدا نشان داده", "بهتر شود"))


async def test_votes_by_hundreds_are_a_small_table_of_sums(mina: Citizen) -> None:
    def work(unit: Unit) -> int:
        number = opened(unit, POLL)
        voted(unit, number, 40, 20)
        return number

    number = await mina.app.store.write(work)

    assert "بله\n▓▓▓▓▓▓▓░░░ ۶۷٪ · ۴۰ نفر" in plain(await shown(mina, f"show:{number}"))


def test_names_of_files_are_plain() -> None:
    assert exports.name_of(12, "xlsx", 1_795_780_800_000) == "survey-12-1405-09-06.xlsx"


async def test_what_came_of_it_reaches_whoever_answered_and_its_editor(
    mina: Citizen, sara: Citizen, cleaned_here: None
) -> None:
    """The whole way: the clock closes it, the picture is drawn, the announcement is sent, the editor looks."""
    await sara.send("سلام")
    work = mina.app.work
    assert work is not None
    platform, hour = platform_of(sara), work.house.clock.now().astimezone(TEHRAN).hour

    def over(unit: Unit) -> None:
        number = opened(unit, POLL, lasts_ms=DAY_MS, made_by=1)
        citizen = answered(unit, number, sara.user_id, "yes", platform=platform)
        unit.choices.be_quiet(citizen.id, ((hour + 11) % 24, (hour + 12) % 24))
        voted(unit, number, 8, 3, platform=platform)
        older = update(announcements).values(began_at=announcements.c.began_at - DAY_MS)
        unit.surveys._connection.execute(older)

    await mina.app.store.write(over)
    go_live(mina.app)
    await mind_surveys(mina.app.store, work._base.settings)
    await wait_until(lambda: "همسایه‌تان" in sara.screen)
    await settled(mina.app)
    (seen,) = await mina.press("📊 نتیجه‌ها")

    assert "شما و ۱۱ همسایه‌تان جواب دادید" in sara.screen
    assert any(one.file is not None and one.kind == "photo" for one in sara.api.seen(sara.user_id))
    assert "جواب‌دهنده‌ها: ۱۲ نفر" in plain(seen)
    assert "هنوز باز است" not in plain(seen)
