"""What is kept of me, and deleting it."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.incoming import Attachment
from bot.media import Shelf
from bot.models import (
    CaseState,
    case_files,
    cases,
    citizens,
    drafts,
    files,
    inbox,
    metadata,
    outbox,
    participants,
    places,
    presses,
    recipients,
)
from bot.services import copies, counting, handling, reports, survey_answers, survey_words, surveys
from bot.services.contents import Action
from bot.services.handling import Said
from bot.store import Unit
from bot.store.cases import Case
from bot.store.choices import Choice
from bot.store.files import OURS
from bot.store.recipients import Whom
from bot.store.responses import Count, Response
from tests import samples
from tests.announcing import announced, chosen
from tests.botapi import Seen
from tests.citizen import Citizen, labels, rows_of
from tests.editing import library, made_editor, pressed
from tests.filing import filed, follow, happened, joined, now, platform_of, spread
from tests.group import Group
from tests.polling import FAIR, answered, opened

COPY = "📦 یک نسخه برایم بفرستید"
PHONE, SHOWN = "09121234567", "۰۹۱۲\u00a0۱۲۳\u00a0۴۵۶۷"
YES, NO = "بله، پاک کنید", "نه"


async def of(sara: Citizen, table: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a table
    """The rows of a table that are Sara's."""
    rows = await sara.app.store.read(lambda unit: rows_of(unit, table))
    return [row for row in rows if sara.user_id in (row.get("user_id"), row.get("chat_id"), row.get("visitor_id"))]


async def test_a_citizen_sees_what_is_kept_of_them(sara: Citizen, reza: Citizen) -> None:
    await reza.send("سلام")
    await sara.send("سلام")

    (shown,) = await sara.send("چه چیزی از من ذخیره کرده‌اید؟")

    platform = {"telegram": "تلگرام", "bale": "بله"}[sara.api.dialect.name]
    assert f"نامتان در {platform}: سارا" in shown.text
    assert "متن ۲ پیام" in shown.text
    assert labels(shown) == ["📦 یک نسخه برایم بفرستید", "حذف من", "🏠 منوی اصلی"]


async def test_a_name_that_looks_like_markup_is_shown_as_it_is(sara: Citizen) -> None:
    sara.api.meet(sara.user_id, first_name="<b>{messages}</b> [x](https://a.b) **y**")

    (shown,) = await sara.send("/mydata")

    assert "{messages}" in shown.text
    assert not any(entity.get("url", "").startswith("https://a.b") for entity in shown.entities)


async def test_nothing_is_deleted_before_the_citizen_says_so(sara: Citizen) -> None:
    (sure,) = await sara.send("/deleteme")
    (kept,) = await sara.press(NO)

    assert labels(sure) == [YES, NO]
    assert "چیزی پاک نشد" in kept.text
    assert len(await of(sara, citizens)) == 1
    assert await of(sara, places) == []


async def test_anything_but_yes_deletes_nothing(sara: Citizen) -> None:
    await sara.send("حذف من")

    (shown,) = await sara.send("شاید بعداً")

    assert "چیزی پاک نشد" in shown.text
    assert len(await of(sara, citizens)) == 1


async def test_deleting_really_deletes_in_all_tables(sara: Citizen) -> None:
    await sara.send("/start")
    await sara.send("راز من این است")
    await sara.send("حذف من")
    await sara.press(YES)

    assert await of(sara, citizens) == await of(sara, places) == []
    assert {row["raw"] for row in await of(sara, inbox)} == {None}
    *before, last = [row["body"] for row in await of(sara, outbox) if row["kind"] == "send"]
    assert set(before) == {None}
    assert "سارا" not in last
    whole = [await of(sara, table) for table in metadata.tables.values() if table is not outbox]
    assert "راز" not in str(whole)
    assert "سارا" not in str(whole)


async def test_the_data_of_others_stays(sara: Citizen, reza: Citizen) -> None:
    await reza.send("سلام")
    await sara.send("/deleteme")
    await sara.press(YES)

    assert [row["name"] for row in await of(reza, citizens)] == ["رضا"]
    assert all(row["raw"] for row in await of(reza, inbox))
    assert all(row["body"] for row in await of(reza, outbox))


async def test_after_deleting_the_next_word_is_a_first_meeting(sara: Citizen) -> None:
    welcome, _ = await sara.send("/start")
    await sara.send("حذف من")
    (deleted,) = await sara.send(YES)
    again, _ = await sara.send("/start")

    assert "پاک شد" in deleted.text
    assert again.text == welcome.text


async def test_a_yes_long_after_deletes_what_has_gathered_since(sara: Citizen) -> None:
    await sara.send("/deleteme")
    await sara.press(YES)
    await sara.send("سلام")

    (deleted,) = await sara.press(YES)

    assert "پاک شد" in deleted.text
    assert await of(sara, citizens) == []


async def test_the_privacy_answer_and_the_menu_lead_here(sara: Citizen) -> None:
    await sara.send("/menu")
    await sara.press("❓ راهنما، خبرها، حریم خصوصی")

    (kept,) = await sara.press("چه چیزی از من دارید؟")
    (sure,) = await sara.press("حذف من")

    assert "روز اولین پیامتان: " in kept.text
    assert labels(sure) == [YES, NO]


# -- what they chose of the announcements


async def with_choices(sara: Citizen) -> int:
    """Sara wants one topic, refuses another, lives somewhere, and has pressed a button; the announcement's number."""
    await sara.send("/news")
    await sara.press("➖ ورزش و شادی")
    await sara.press("📍 محله من")
    await sara.send("دولاب")
    await sara.send("/quiet")
    await sara.send("۲۳ تا ۸")
    number = await announced(sara, Action("entry", "تلفن", "contact.phone"))
    await sara.press("🔕 این خبرها را نمی‌خواهم")
    return number


async def test_what_was_chosen_of_the_announcements_is_told(sara: Citizen) -> None:
    (before,) = await sara.send("/mydata")
    await with_choices(sara)
    (chosen,) = await sara.send("/mydata")
    await sara.send("/stop")
    (stopped,) = await sara.send("/mydata")

    told = ["خواسته‌اید: ورزش و شادی", "نخواسته‌اید: فرهنگ و هنر", "محله‌تان: دولاب", "سکوتتان: ۲۳ تا ۸"]
    assert [line for line in told if line in before.text] == []
    assert [line for line in told if line not in chosen.text] == []
    assert "۱ دکمه‌ای که زیرشان زده‌اید" in chosen.text
    assert "هیچ خبری نمی‌خواهید" not in chosen.text
    assert "هیچ خبری نمی‌خواهید" in stopped.text


async def test_what_was_chosen_is_in_the_copy(sara: Citizen, cleaned_here: None) -> None:
    await with_choices(sara)
    await sara.send("/stop")

    (document,) = await asked_for_copy(sara)

    page = page_of(document)
    for line in ("خواسته‌اید: ورزش و شادی", "نخواسته‌اید: فرهنگ و هنر", "دولاب", "۲۳ تا ۸", "هیچ خبری", "۱ دکمه"):
        assert line in page, line


async def test_deleting_takes_choices_presses_and_announcements_along(sara: Citizen, reza: Citizen) -> None:
    number = await with_choices(sara)
    await reza.send("/news")
    await pressed(reza, f"announced:leave:{number}")
    platform = platform_of(sara)

    def queue(unit: Unit) -> None:
        unit.announcements.add_run(number, platform)
        (run,) = unit.announcements.runs(number)
        unit.recipients.queue(run.id, platform, Whom(), (0, unit.recipients.last_citizen()))

    await sara.app.store.write(queue)
    before = await sara.app.store.read(lambda unit: rows_of(unit, recipients))
    await sara.send("/deleteme")
    await sara.press(YES)

    (left,) = await sara.app.store.read(lambda unit: rows_of(unit, recipients))
    (press,) = await sara.app.store.read(lambda unit: rows_of(unit, presses))
    assert len(before) == 2
    assert left["chat_id"] == reza.user_id
    assert press["citizen_id"] == left["citizen_id"]


async def test_whoever_was_forgotten_gets_nothing_until_they_write_and_starts_anew_then(sara: Citizen) -> None:
    await sara.send("/stop")
    (sure,) = await sara.send("/deleteme")
    await sara.press(YES)

    forgotten = await sara.app.store.read(lambda unit: unit.crowds.count(Whom()))
    await sara.send("سلام")
    met = await sara.app.store.read(lambda unit: unit.crowds.count(Whom()))

    assert "خبر نمی‌خواهید هم پاک می‌شود" in sure.text
    assert forgotten == {}
    assert met == {platform_of(sara): 1}
    assert await chosen(sara) == Choice()


# -- a copy of it


async def asked_for_copy(citizen: Citizen) -> list[Seen]:
    await citizen.send("/mydata")
    return await citizen.press(COPY)


def page_of(seen: Seen) -> str:
    assert seen.file is not None
    return seen.file.content.decode()


async def test_a_copy_holds_all_that_is_kept_and_the_files_follow(
    sara: Citizen, reza: Citizen, cleaned_here: None
) -> None:
    nima = await joined(Group(sara.app, sara.api))
    await filed(reza, "راز رضا")
    of_others = await filed(reza, "چراغ رضا")
    case = await filed(sara, "چراغ ما", name="سارا", phone=PHONE, address="کوچه ما")
    await follow(sara, of_others)
    await spread(sara.app, lambda unit: handling.tell(unit, nima, str(case.id), Said("می‌آییم")))
    await spread(sara.app, lambda unit: handling.note(unit, nima, str(case.id), Said("راز همکاران")))
    await sara.send("راز من این است")
    await sara._after(lambda: sara.api.send_photo(sara.user_id, samples.jpeg()))
    await sara.app.store.write(lambda unit: keep(unit, sara, "نوشته نیمه‌کاره"))
    await sara.send(f"/track {case.code}")
    await sara.press("➕ متن یا عکس تازه")
    await sara._after(lambda: sara.api.send_photo(sara.user_id, samples.jpeg(shade=90)))

    document, *pictures = await asked_for_copy(sara)

    page = page_of(document)
    for kept in ("چراغ ما", "کوچه ما", SHOWN, "نوشتیم «می‌آییم»", "راز من این است", "نوشته نیمه‌کاره", "نام: سارا"):
        assert kept in page, kept
    assert "راز رضا" not in page
    assert "چراغ رضا" not in page
    assert "راز همکاران" not in page
    assert "نیما" not in page
    assert document.file is not None
    assert document.file.name == "my-data.html"
    assert [seen.kind for seen in pictures] == ["photo"]


def keep(unit: Unit, citizen: Citizen, text: str) -> None:
    who = unit.citizens.meet(platform_of(citizen), citizen.user_id, None)
    reports.keep_draft(unit, who, citizen.user_id, {"report": {"text": text}})


async def test_nothing_in_a_copy_acts(sara: Citizen) -> None:
    await filed(sara, "<script>alert(1)</script><img src=x onerror=y> {made} &amp;")
    await sara.send("</p><b onclick=z>")

    (document,) = await asked_for_copy(sara)

    page = page_of(document)
    assert "&lt;script&gt;alert(1)" in page
    assert "{made} &amp;amp;" in page
    assert not any(tag in page for tag in ("<script", "<img", "<b ", "onclick=z>"))
    assert "default-src 'none'" in page


async def test_a_copy_is_made_once_an_hour(sara: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    await asked_for_copy(sara)

    (refused,) = await asked_for_copy(sara)
    monkeypatch.setattr(copies, "AGAIN_MS", -1)
    (document,) = await sara.press(COPY)

    assert "یک ساعت دیگر" in refused.text
    assert document.file is not None
    (kept,) = await sara.send("/mydata")
    assert "۰ عکس یا فایلی" in kept.text


async def test_deleting_takes_the_copy_along(sara: Citizen) -> None:
    await asked_for_copy(sara)
    await sara.send("/deleteme")
    await sara.press(YES)

    assert await sara.app.store.read(lambda unit: rows_of(unit, files)) == []


# -- cases outlive their citizen


async def with_all_kinds_of_files(sara: Citizen, case: Case) -> None:
    await sara.send(f"/track {case.code}")
    await sara.press("➕ متن یا عکس تازه")
    await sara._after(lambda: sara.api.send_photo(sara.user_id, samples.jpeg(), f"زنگ بزنید {PHONE}"))
    await sara.press("➕ باز هم می‌فرستم")
    await sara._after(lambda: sara.api.send_voice(sara.user_id, samples.ogg()))


async def test_cases_stay_without_their_citizen(sara: Citizen, reza: Citizen, cleaned_here: None) -> None:
    group = Group(sara.app, sara.api)
    nima = await joined(group)
    case = await filed(sara, f"چراغ سوخته. {PHONE} من سارا", name="سارا", phone=PHONE, address=f"پلاک ۵، {PHONE}")
    other = await filed(reza)
    await follow(sara, other)
    await sara.app.store.write(lambda unit: keep(unit, sara, "نیمه‌کاره"))
    await spread(sara.app, lambda unit: handling.tell(unit, nima, str(case.id), Said("سلام سارا، می‌آییم")))
    await with_all_kinds_of_files(sara, case)

    (sure,) = await sara.send("/deleteme")
    (told,) = await sara.press(YES)

    assert "می‌ماند" in sure.text
    assert "بی‌نام شد" in told.text
    left = await now(sara.app, case)
    assert (left.platform, left.chat_id, left.user_id, left.name, left.phone) == (None, None, None, None, None)
    assert left.state == CaseState.TAKEN
    assert "چراغ سوخته" in left.text
    (card,) = [seen for seen in sara.api.seen(group.number) if "چراغ سوخته" in seen.text]
    assert "بی‌نام" in card.text
    whole = [
        await sara.app.store.read(partial(rows_of, table=table))
        for table in metadata.tables.values()
        if table not in {outbox, inbox}
    ]
    assert "سارا" not in str(whole)
    assert PHONE not in str(whole)
    assert (await happened(sara.app, case))[-1] == ("forgotten", None)
    assert await sara.app.store.read(lambda unit: rows_of(unit, drafts)) == []
    assert await sara.app.store.read(lambda unit: unit.followers.count(other.id)) == 0


async def test_photos_of_a_case_stay_and_voices_do_not(sara: Citizen, cleaned_here: None) -> None:
    case = await filed(sara)
    await with_all_kinds_of_files(sara, case)
    await sara._after(lambda: sara.api.send_photo(sara.user_id, samples.jpeg(shade=9)))
    await sara.send("/deleteme")
    await sara.press(YES)

    (photo,) = await sara.app.store.read(lambda unit: rows_of(unit, files))
    (of_case,) = await sara.app.store.read(lambda unit: rows_of(unit, case_files))

    assert (photo["kind"], photo["chat_id"], photo["key"]) == ("photo", OURS, of_case["file"])


async def test_what_a_member_sent_for_cases_of_others_stays_and_is_ours(sara: Citizen, reza: Citizen) -> None:
    member = await joined(Group(sara.app, sara.api), reza.user_id)
    case = await filed(sara)
    proof, private = await sara.app.store.write(
        lambda unit: [unit.files.want(member.platform, reza.user_id, Attachment("photo", name)) for name in "ab"]
    )
    said = Said("درست شد", (proof.key,))
    await spread(sara.app, lambda unit: handling.close(unit, member, str(case.id), "fixed", said))
    await reza.send("/deleteme")
    await reza.press(YES)

    kept = await sara.app.store.read(lambda unit: unit.files.find([proof.key, private.key]))

    assert {key: file.chat_id for key, file in kept.items()} == {proof.key: OURS}


async def test_of_a_talk_with_the_staff_nothing_stays_and_it_ends(sara: Citizen, cleaned_here: None) -> None:
    case = await filed(sara, "راز من", kind="talk", category="other")
    await with_all_kinds_of_files(sara, case)
    await sara.send("/deleteme")
    await sara.press(YES)

    left = await now(sara.app, case)
    assert (left.text, left.is_open, left.user_id) == ("", False, None)
    assert await sara.app.store.read(lambda unit: rows_of(unit, files)) == []
    assert await sara.app.store.read(lambda unit: rows_of(unit, case_files)) == []
    said = await sara.app.store.read(lambda unit: unit.case_log.spoken(case.id))
    assert [text for _, text in said if text] == []


async def test_that_somebody_is_banned_is_said_and_outlives_deleting(sara: Citizen, reza: Citizen) -> None:
    member = await joined(Group(sara.app, sara.api), reza.user_id)
    (free,) = await sara.send("/mydata")
    platform = sara.api.dialect.name
    await sara.app.store.write(lambda unit: unit.bans.put(platform, sara.user_id, None, member.id, "توهین"))
    (banned,) = await sara.send("/mydata")
    await sara.send("/deleteme")
    await sara.press(YES)

    assert "محدودیت شما برای ثبت درخواست" not in free.text
    assert "محدودیت شما برای ثبت درخواست" in banned.text
    assert await sara.app.store.read(lambda unit: unit.bans.find(platform, sara.user_id)) is not None


async def test_whoever_was_forgotten_has_no_case_any_more(sara: Citizen) -> None:
    case = await filed(sara)
    await sara.send(f"/track {case.code}")
    await sara.send("/deleteme")
    await sara.press(YES)

    (old,) = await sara.press("↩️ پس می‌گیرم")
    (none,) = await sara.send("/mine")

    assert "پیدا نکردم" in old.text
    assert "هنوز درخواستی ثبت نکرده‌اید" in none.text
    assert (await now(sara.app, case)).is_open


async def test_what_a_member_of_the_staff_worked_on_is_nobodys_again(sara: Citizen, reza: Citizen) -> None:
    group = Group(sara.app, sara.api)
    member = await joined(group, reza.user_id)
    case = await filed(sara)
    await spread(sara.app, lambda unit: handling.take(unit, member, str(case.id)))
    await reza.send("/deleteme")
    await reza.press(YES)

    assert (await now(sara.app, case)).owner_id is None


async def test_cases_of_others_stay_as_they_are(sara: Citizen, reza: Citizen) -> None:
    case = await filed(reza, f"چراغ ما {PHONE}", name="رضا", phone=PHONE)
    await filed(sara)
    await sara.send("/deleteme")
    await sara.press(YES)

    assert await now(sara.app, case) == case
    rows = await sara.app.store.read(lambda unit: rows_of(unit, cases))
    assert [row["user_id"] for row in rows] == [reza.user_id, None]


# -- surveys


async def taken_part(sara: Citizen, shelf: Shelf, tmp_path: Path) -> tuple[int, int, int]:
    """Sara has sent answers with words, a photo and a point; others without a name; and begun a third survey."""
    source = tmp_path / "a.jpg"
    source.write_bytes(samples.jpeg())
    cleaned = shelf.put(source, name="a.jpg")
    platform = platform_of(sara)

    def work(unit: Unit) -> tuple[int, int, int]:
        named, nameless, begun = opened(unit, FAIR), opened(unit, FAIR, nameless=True), opened(unit, FAIR)
        photo = unit.files.put(platform, sara.user_id, cleaned)
        answers = ("yes", ("music",), 4, 3, "رازم این است", photo.key, (35.67, 51.48))
        answered(unit, named, sara.user_id, *answers, platform=platform)
        answered(unit, nameless, sara.user_id, "no", 1, None, "راز بی‌نام", None, None, platform=platform)
        answered(unit, begun, sara.user_id, "yes", platform=platform)
        return named, nameless, begun

    return await sara.app.store.write(work)


@pytest.fixture
async def parts(sara: Citizen, tmp_path: Path, cleaned_here: None) -> tuple[int, int, int]:
    await sara.send("سلام")
    assert sara.app.work is not None
    return await taken_part(sara, sara.app.work._base.cleaner.shelf, tmp_path)


def sums(unit: Unit, number: int) -> list[Count]:
    return sorted(unit.responses.counts(number), key=lambda one: (one.question, one.value))


async def test_surveys_are_told_of_and_in_the_copy_what_has_a_name(sara: Citizen, parts: tuple[int, int, int]) -> None:
    (told,) = await sara.send("/mydata")
    (document, *_) = await sara.press(COPY)

    assert "در ۳ نظرسنجی شرکت کرده‌اید" in told.text
    page = page_of(document)
    for line in ("آمدید؟ بله", "چه چیزی خوب بود؟ موسیقی", "روی‌هم چطور بود؟ خوب", "رازم این است", "عکسی دارید؟ (عکس)"):
        assert line in page, line
    assert "هنوز نفرستاده‌اید" in page
    assert "در نظرسنجی بی‌نام «جشن محله» شرکت کردید" in page
    assert "جدا شد" in page
    assert "راز بی‌نام" not in page


async def test_what_is_not_sent_without_a_name_yet_is_told_so(sara: Citizen, cleaned_here: None) -> None:
    def begun(unit: Unit) -> None:
        answered(unit, opened(unit, FAIR, nameless=True), sara.user_id, "no", platform=platform_of(sara))

    await sara.app.store.write(begun)
    (document, *_) = await asked_for_copy(sara)

    page = page_of(document)
    assert "پس از فرستادن جدا می‌شود" in page
    assert "جدا شد" not in page


async def test_forgotten_answers_stay_in_the_sums_and_lose_what_tells_of_somebody(
    sara: Citizen, parts: tuple[int, int, int]
) -> None:
    named, nameless, _ = parts
    await all_closed(sara, parts)
    before = await sara.app.store.read(lambda unit: [sums(unit, number) for number in parts])
    await sara.send("/deleteme")
    await sara.press(YES)

    def look(unit: Unit) -> tuple[list[Any], list[Response], list[Any]]:
        left = [one for number in parts for one in unit.responses.page(number, 0, 10)]
        return rows_of(unit, participants), left, rows_of(unit, files)

    rows, left, kept = await sara.app.store.read(look)
    assert await sara.app.store.read(lambda unit: [sums(unit, number) for number in parts]) == before
    assert rows == []
    assert kept == []
    assert [one.survey_id for one in left] == [named, nameless]
    assert json.loads(left[0].answers) == {
        "came": "yes",
        "what": ["music"],
        "liked": 4,
        "count": 3,
        "mend": "",
        "seen": "",
        "where": [],
    }
    recounted = await sara.app.store.read(
        lambda unit: counting.counts(surveys.sheet(surveys.find(unit, named)), left[0])
    )
    assert sorted(recounted, key=lambda one: (one.question, one.value)) == before[0]


async def all_closed(sara: Citizen, parts: tuple[int, int, int]) -> None:
    await sara.app.store.write(lambda unit: [unit.surveys.close(number) for number in parts])


async def test_what_can_still_be_answered_is_taken_out_so_that_nobody_counts_twice(
    sara: Citizen, parts: tuple[int, int, int]
) -> None:
    await sara.send("/deleteme")
    await sara.press(YES)

    def look(unit: Unit) -> tuple[list[Response], list[Any], list[Any]]:
        return unit.responses.page(parts[0], 0, 10), sums(unit, parts[0]), rows_of(unit, files)

    assert await sara.app.store.read(look) == ([], [], [])


async def test_what_is_left_of_somebody_is_shown_and_exported(sara: Citizen, parts: tuple[int, int, int]) -> None:
    await all_closed(sara, parts)
    await sara.send("/deleteme")
    await sara.press(YES)

    def look(unit: Unit) -> tuple[Any, ...]:
        row = surveys.find(unit, parts[0])
        words = library(sara.app).talks.words["survey_results"]
        table = survey_answers.table(unit, row, words, survey_words.names(words, str))
        (response,) = unit.responses.page(row.id, 0, 10)
        return survey_answers.words(unit, row, 4).texts, survey_answers.photos(unit, row), table.row(response)

    texts, photos, row = await sara.app.store.read(look)
    assert (texts, photos) == ((), [])
    assert row[6:] == ["بله", "✓", "", "خوب", 3, "", "", "", ""]


async def test_a_draft_that_was_tried_and_spoilt_since_is_in_no_ones_way(sara: Citizen, cleaned_here: None) -> None:
    await made_editor(sara)
    platform = platform_of(sara)

    def tried(unit: Unit) -> None:
        number = unit.surveys.add(json.dumps(FAIR), anonymous=False)
        assert number is not None
        answered(unit, number, sara.user_id, "no", 1, None, "راز", None, None, platform=platform)
        unit.surveys.rewrite(number, '{"survey": {"title": "نیمه"}, "question": [{"text": "؟"}]}', anonymous=False)

    await sara.app.store.write(tried)
    (document, *_) = await asked_for_copy(sara)
    await sara.send("/deleteme")
    (told,) = await sara.press(YES)

    assert "نظرسنجی «نیمه»" in page_of(document)
    assert "پاک شد" in told.text
    assert await sara.app.store.read(lambda unit: rows_of(unit, participants)) == []
    stored = await sara.app.store.read(lambda unit: unit.responses.page(1, 0, 10))
    assert "راز" not in stored[0].answers
