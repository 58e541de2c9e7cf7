"""Pictures that staff add to the words for an occasion. Files are fetched by the clock of the machine."""

from typing import Any

from sqlalchemy import Table

import scheduler
from bot import config
from bot.models import files, greeting_changes
from tests import samples
from tests.citizen import Citizen, labels, rows_of


async def rows(mina: Citizen, table: Table) -> list[dict[str, Any]]:
    return await mina.app.store.read(lambda unit: rows_of(unit, table))


async def test_a_picture_goes_with_it_and_can_be_taken_away(mina: Citizen, cleaned_here: None) -> None:
    await mina.send("/calendar")
    await mina.press("۸")  # the last of the page: it is never of today
    (changing, *_) = labels(mina.api.seen(mina.user_id)[-1])
    await mina.press(changing)
    await mina.press("🖼 عکس")
    (refused,) = await mina.send("ندارم")
    text, about = await mina._after(lambda: mina.api.send_photo(mina.user_id, samples.jpeg()))
    await scheduler.announce_occasions(mina.app.store, config.load())
    (kept,) = await rows(mina, greeting_changes)
    owners = {row["key"]: (row["platform"], row["chat_id"]) for row in await rows(mina, files)}
    without, _ = await mina.press("بدون عکس")

    assert "این عکس نیست" in refused.text
    assert text.kind == "photo"
    assert "بدون عکس" in labels(about)
    assert owners[kept["photo"]] == ("house", 0)  # its editor may want to be forgotten
    assert without.kind == "text"
    assert [row["photo"] for row in await rows(mina, greeting_changes)] == [None]
