"""A citizen's copy: who is in it, and what becomes of one that nobody waits for any more."""

from pathlib import Path

import pytest

from bot.copying import Copying, _leaves
from bot.loading import Loaded
from bot.media import Shelf
from bot.models import FileState
from bot.services import copies
from bot.services.sheet import Sheet
from bot.store import Store, Unit
from bot.store.citizens import Citizen
from bot.store.files import File
from tests.conftest import FakeClock


@pytest.fixture
async def copying(database: str, loaded: Loaded, tmp_path: Path) -> Copying:
    store = Store(database, FakeClock())
    return Copying(store, Shelf(tmp_path / "media"), loaded.copy, {}, lambda: loaded.library)


async def test_a_visitor_of_the_page_gets_theirs_too(copying: Copying) -> None:
    def order(unit: Unit) -> File:
        visitor = unit.web.meet("a visitor")
        unit.citizens.meet("web", visitor, None)
        return copies.order(unit, Citizen(1, "web", visitor, None, 0), visitor)

    file = await copying._store.write(order)

    written = await copying.write(file)

    page = copying._shelf.path(written.hash).read_text(encoding="utf-8")
    assert (written.kind, written.mime, written.name) == ("document", "text/html", "my-data.html")
    assert f"شماره‌ای که شما را از دیگران جدا می‌کند: {file.chat_id}" in page
    assert page.count("چیزی نگه نداشته‌ایم.") == 7
    assert file.state == FileState.WAITING
    await copying._store.close()


async def test_of_somebody_who_was_forgotten_meanwhile_it_says_nothing(copying: Copying) -> None:
    sara = Citizen(1, "bale", 501, "سارا", 0)
    file = await copying._store.write(lambda unit: copies.order(unit, sara, 501))

    written = await copying.write(file)

    assert "<h2>" not in copying._shelf.path(written.hash).read_text(encoding="utf-8")
    await copying._store.close()


def test_every_word_of_the_copy_is_said_and_every_word_said_is_there(loaded: Loaded) -> None:
    code = Path("bot/copying.py").read_text(encoding="utf-8")
    families = ("section_", "number_", "role_")

    unsaid = [key for key in loaded.copy.texts if f'"{key}"' not in code and not key.startswith(families)]

    assert unsaid == []
    assert {f"number_{platform}" for platform in ("telegram", "bale", "web")} <= set(loaded.copy.texts)
    assert {f"role_{role}" for role in ("operator", "editor", "manager", "admin")} <= set(loaded.copy.texts)


def test_memories_are_told_line_by_line() -> None:
    memory = {"report": {"text": "چراغ", "files": ["a", "b"], "lat": None}, "step": 2, "edit": False}

    assert list(_leaves(memory)) == ["report.text: چراغ", "report.files: a", "report.files: b", "step: 2"]


def test_a_sheet_is_text_whatever_is_put_into_it() -> None:
    sheet = Sheet("<title>")
    sheet.add("<h>", ["<script>", " ", "{body} %s"])

    page = sheet.html()

    assert page.count("<p ") == 2
    assert "&lt;script&gt;" in page
    assert "{body} %s" in page
    assert "<title>&lt;title&gt;</title>" in page
