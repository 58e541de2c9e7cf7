"""A survey from a file or from its text: made, or told what is wrong with it."""

import asyncio

import pytest

from bot import fetching
from bot.app import App
from bot.models import files, survey_files
from bot.store.survey_files import SurveyFiles
from tests import samples
from tests.botapi import BotApi, Seen
from tests.citizen import PATIENCE, Citizen, rows_of, settled, wait_until
from tests.editing import made_editor, pressed
from tests.making import FILE, rows
from tests.test_survey_sheet import PARK

pytestmark = pytest.mark.usefixtures("cleaned_here")

UNTIDY = PARK.replace("بوستان محله", "كتاب هاي محله").replace("چند پرسش کوتاه", "5 سوال کوتاه که می خوانید")
WRONG = PARK.replace("least = 1", "least = 60").replace('kind = "text"', 'kind = "essay"')


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are for others' sake; here nobody else waits."""
    monkeypatch.setattr(fetching, "TICK_SECONDS", 0.02)
    monkeypatch.setattr("bot.leader.TICK_SECONDS", 0.02)
    monkeypatch.setattr("bot.delivery.TICK_SECONDS", 0.1)


@pytest.fixture
async def mina(mina: Citizen) -> Citizen:
    """She is asked for a file."""
    await mina.send("/polls")
    await mina.press(FILE)
    return mina


async def sent(mina: Citizen, content: bytes, name: str = "park.toml", mime: str = "application/toml") -> Seen:
    """What is told in the end of a document."""
    said = len(mina.api.seen(mina.user_id))
    mina.api.send_document(mina.user_id, name, mime, content)
    await wait_until(lambda: len(mina.api.seen(mina.user_id)) >= said + 2)
    await settled(mina.app, mina.api)
    assert "دارم می‌خوانمش" in mina.api.seen(mina.user_id)[said].text
    return mina.api.seen(mina.user_id)[-1]


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (UNTIDY.encode(), "park.toml", "application/toml"),
        (b"\xef\xbb\xbf" + UNTIDY.encode(), "park.TOML", "application/octet-stream"),
        (UNTIDY.replace("\n", "\r\n").encode(), "park.txt", "text/plain"),
    ],
)
async def test_a_file_becomes_a_draft_with_its_texts_tidied(
    mina: Citizen, content: bytes, name: str, mime: str
) -> None:
    told = await sent(mina, content, name, mime)
    (page,) = await mina.press("دیدن نظرسنجی")

    assert "«کتاب‌های محله» ساخته شد" in told.text
    assert "آماده ارسال است" in page.text
    (row,) = await rows(mina.app)
    assert (row["anonymous"], row["made_by"], row["announcement_id"]) == (1, 1, None)
    assert row["tables"]["survey"]["intro"] == "۵ سوال کوتاه که می‌خوانید."
    assert await mina.app.store.read(lambda unit: rows_of(unit, survey_files)) == []


async def test_all_faults_are_told_with_question_and_key(mina: Citizen) -> None:
    told = await sent(mina, WRONG.encode())

    assert "سؤال visits، کلید most: از least کوچک‌تر است." in told.text
    assert "سؤال wish، کلید kind: نوعش یکی از این‌ها باشد" in told.text
    assert "ساخته نشد" in told.text
    assert await rows(mina.app) == []


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"[survey]\n" + b"# long\n" * 12_000, "park.toml", "تا ۶۴ کیلوبایت"),
        ("[survey]\ntitle = «بوستان»".encode("cp1256"), "park.toml", "UTF-8"),
        (samples.PROGRAM, "park.toml", "به دستم نرسید یا از نوعی نیست"),
        (samples.PDF, "park.toml", "قالبش درست نیست"),
        (b"[survey", "park.toml", "قالبش درست نیست"),
    ],
)
async def test_what_cannot_be_read_is_said_and_another_can_be_sent(
    mina: Citizen, content: bytes, name: str, why: str
) -> None:
    told = await sent(mina, content, name)
    better = await sent(mina, PARK.encode())

    assert why in told.text
    assert "ساخته شد" in better.text


async def test_a_photo_is_no_file_of_text(mina: Citizen) -> None:
    mina.api.send_photo(mina.user_id, samples.jpeg())
    await settled(mina.app, mina.api)

    assert "این فایل متن نیست" in mina.api.seen(mina.user_id)[-1].text
    assert await mina.app.store.read(lambda unit: rows_of(unit, files)) == []


async def test_the_text_itself_will_do_and_its_faults_are_told_at_once(mina: Citizen) -> None:
    (wrong,) = await mina.send(WRONG)
    made, page = await mina.send(UNTIDY)

    assert "سؤال visits، کلید most" in wrong.text
    assert "ساخته شد" in made.text
    assert "کتاب‌های محله" in page.text
    assert len(await rows(mina.app)) == 1


async def test_the_example_is_a_survey_itself(mina: Citizen) -> None:
    example, _ = await mina.press("نمونه را ببینم")
    made, page = await mina.send(example.text.replace("\u200b", ""))

    assert "ساخته شد" in made.text
    assert "آماده ارسال است" in page.text


async def test_words_that_are_no_survey_are_refused(mina: Citizen) -> None:
    (told,) = await mina.send("سلام، این را بساز")
    (empty,) = await mina.send(None, sticker={"file_id": "s", "file_unique_id": "u", "type": "regular"})  # type: ignore[arg-type]  # words are no part of a sticker

    assert "قالبش درست نیست" in told.text
    assert "فایل یا متن نظرسنجی" in empty.text


async def test_who_works_here_no_more_is_told_nothing_and_nothing_is_made(
    app: App, api: BotApi, mina: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.meet(504, first_name="امید")
    omid = await made_editor(Citizen(app, api, 504))
    await pressed(omid, "survey_import:ask")
    monkeypatch.setattr(SurveyFiles, "ready", lambda _self, _most: [])
    api.send_document(504, "park.toml", "application/toml", PARK.encode())
    await settled(app, api)
    seen = len(api.seen(504))
    (asked,) = await app.store.read(lambda unit: rows_of(unit, survey_files))
    await app.store.write(lambda unit: unit.staff.end(asked["member_id"]))
    monkeypatch.undo()
    await waits_for_none(app)

    assert await rows(app) == []
    assert len(api.seen(504)) == seen


async def waits_for_none(app: App) -> None:
    """Until every file is dealt with."""
    async with asyncio.timeout(PATIENCE):
        while await app.store.read(lambda unit: rows_of(unit, survey_files)):
            await asyncio.sleep(0.01)
    await settled(app)


async def test_a_file_that_was_forgotten_meanwhile_is_said_to_be_lost(app: App, mina: Citizen) -> None:
    await app.store.write(lambda unit: unit.survey_files.ask("no_such_file", 1))
    await app.store.write(lambda unit: unit.survey_files.ask("no_such_file", 1))
    await waits_for_none(app)

    assert "به دستم نرسید" in mina.api.seen(mina.user_id)[-1].text
