"""Files of results: written twice, they are said once; and what cannot be written is said, too."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import exporting
from bot.exporting import Exporting
from bot.loading import Loaded
from bot.media import Rejected, Shelf
from bot.models import files, outbox
from bot.services import exports, surveys
from bot.services.exports import Form
from bot.store import Store, Unit
from bot.store.files import File
from tests.citizen import rows_of
from tests.conftest import FakeClock
from tests.polling import FAIR, POLL, answered, opened, voted

MANY_BARS: dict[str, Any] = {
    "survey": FAIR["survey"],
    "question": [
        {
            "id": f"q{number}",
            "kind": "one",
            "text": "کدام؟",
            "options": [{"id": f"o{place}", "label": f"گزینه {place}"} for place in range(12)],
        }
        for number in range(8)
    ],
}


@pytest.fixture
async def store(database: str) -> Any:  # noqa: ANN401 - a store, closed in the end
    opened_store = Store(database, FakeClock())
    yield opened_store
    await opened_store.close()


@pytest.fixture
def writer(store: Store, loaded: Loaded, tmp_path: Path) -> Exporting:
    return Exporting(store, Shelf(tmp_path / "media"), lambda: loaded.library)


async def ordered(store: Store, number: int, form: Form) -> File:
    def order(unit: Unit) -> File:
        return exports.order(unit, surveys.find(unit, number), form, unit.citizens.meet("bale", 5, None), 5, None)

    return await store.write(order)


async def said(store: Store) -> list[dict[str, Any]]:
    return [json.loads(row["body"]) for row in await store.read(lambda unit: rows_of(unit, outbox))]


async def test_pictures_are_four_at_most_and_said_once_however_often_they_are_written(
    store: Store, writer: Exporting
) -> None:
    number = await store.write(lambda unit: opened(unit, MANY_BARS))
    await store.write(lambda unit: answered(unit, number, 1, *["o1"] * 8))
    file = await ordered(store, number, "png")

    first, again = await writer.write(file), await writer.write(file)

    assert first == again
    assert first.kind == "photo"
    (album,) = await said(store)
    assert album["files"][0] == file.key
    assert len(album["files"]) == exporting.MOST_PICTURES
    assert "جشن محله" in album["text"][0][1]
    assert len(await store.read(lambda unit: rows_of(unit, files))) == exporting.MOST_PICTURES


@pytest.mark.parametrize("form", exports.FORMS)
async def test_where_nobody_answered_that_is_said_once(store: Store, writer: Exporting, form: Form) -> None:
    number = await store.write(lambda unit: opened(unit, POLL))
    file = await ordered(store, number, form)

    for _ in range(2):
        with pytest.raises(Rejected):
            await writer.write(file)

    (word,) = await said(store)
    assert "فایلی ساخته نشد" in word["text"][0][1]


async def test_of_very_many_answers_a_part_is_taken_and_that_is_said(
    store: Store, writer: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 4)
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    number = await store.write(lambda unit: opened(unit, POLL))
    await store.write(lambda unit: voted(unit, number, 5, 4))

    written = await writer.write(await ordered(store, number, "csv"))

    lines = writer._shelf.path(written.hash).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 4
    (word,) = await said(store)
    assert "۴ ردیف، به قید قرعه از میان ۹ جواب" in word["text"][0][1]


async def test_a_survey_that_is_gone_meanwhile_is_no_failure(store: Store, writer: Exporting) -> None:
    number = await store.write(lambda unit: opened(unit, POLL))
    file = await ordered(store, number, "xlsx")
    await store.write(lambda unit: unit.surveys.drop(number))

    with pytest.raises(Rejected):
        await writer.write(file)


def test_only_what_is_ours_is_written(writer: Exporting) -> None:
    about = (1, "k", "bale", 5, "document", None, None, None, None, None, None, None, None, 0)

    assert writer.writes(File(*about, "survey:12:csv", 0, 0))
    assert not any(writer.writes(File(*about, source, 0, 0)) for source in (None, "copy:5", "1:survey:12"))
