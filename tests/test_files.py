"""Files of citizens: kept where a step wants them, fetched behind its back, sent back and on to the other messenger."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from bot import fetching, outbox
from bot.app import App
from bot.loading import Loaded
from bot.media import Shelf
from bot.models import FileState, uploads
from bot.store import Unit
from bot.store.outbox import Outgoing
from tests import samples
from tests.botapi import BotApi
from tests.botapi.files import MB, Kind
from tests.citizen import Citizen, outbox_rows, rows_of, settled, wait_until
from tests.post import fetched, with_post

REZA = 502

pytestmark = pytest.mark.usefixtures("cleaned_here")


@pytest.fixture(scope="module")
def loaded(loaded: Loaded) -> Loaded:
    return with_post(loaded)


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are for others' sake; here nobody else waits."""
    monkeypatch.setattr("bot.switchboard.FIRST_POLL_SECONDS", 0.0)
    monkeypatch.setattr(fetching, "TICK_SECONDS", 0.02)
    monkeypatch.setattr(fetching, "FIRST_PAUSE_MS", 10)
    monkeypatch.setattr("bot.delivery.NOT_YET_MS", 200)
    monkeypatch.setattr("bot.delivery.TICK_SECONDS", 0.1)


@pytest.fixture
def other(api: BotApi, telegram: BotApi, bale: BotApi) -> BotApi:
    """The messenger that Sara is not on; Reza is."""
    found = bale if api is telegram else telegram
    found.meet(REZA)
    return found


def shelf(app: App) -> Shelf:
    return app.shelf


async def upload_rows(app: App) -> list[dict[str, Any]]:
    return await app.store.read(lambda unit: rows_of(unit, uploads))


# Kept and fetched


async def test_what_nobody_keeps_is_never_fetched(sara: Citizen) -> None:
    sara.api.send_photo(sara.user_id, samples.jpeg())
    await settled(sara.app, sara.api)

    assert await fetched(sara.app) == []
    assert sara.api.called["getFile"] == 0


async def test_a_kept_photo_is_fetched_whole_and_cleaned(sara: Citizen) -> None:
    sara.api.send_photo(sara.user_id, samples.telling_jpeg(6), caption="/keep")
    await settled(sara.app, sara.api)

    (row,) = await fetched(sara.app)
    assert (row["state"], row["kind"], row["width"], row["height"]) == (FileState.THERE, "photo", 40, 80)
    content = shelf(sara.app).path(str(row["hash"])).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row["hash"]
    assert samples.OWNER.encode() not in content
    assert sara.api.called["getFile"] == 1


async def test_a_kept_file_is_fetched_as_soon_as_its_turn_is_over(
    sara: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TICK_SECONDS", 3600)
    for count in (1, 2):  # the first one may still be found by the tick before
        sara.api.send_document(sara.user_id, "a.pdf", "application/pdf", samples.PDF, caption="/keep")
        await settled(sara.app, sara.api)
        assert len(await fetched(sara.app)) == count


@pytest.mark.parametrize(
    ("kind", "content", "mime"),
    [
        ("video", samples.film(), "video/mp4"),
        ("voice", samples.ogg(), "audio/ogg"),
        ("audio", samples.mp3(), "audio/mpeg"),
        ("document", samples.PDF, "application/pdf"),
    ],
)
async def test_files_of_every_kind_come_back_as_what_they_are(
    sara: Citizen, kind: Kind, content: bytes, mime: str
) -> None:
    sara.api.send_media(sara.user_id, kind, content, caption="/keep")
    await settled(sara.app, sara.api)

    (row,) = await fetched(sara.app)
    (seen,) = sara.api.seen(sara.user_id)
    assert (row["kind"], row["mime"]) == (kind, mime)
    assert seen.file is not None
    assert (seen.kind, seen.caption, seen.file.stored.upload.mime) == (kind, "۱ پرونده: /keep", mime)
    assert seen.file.content == shelf(sara.app).path(str(row["hash"])).read_bytes()


async def test_a_picture_sent_as_a_document_is_cleaned_too(sara: Citizen) -> None:
    sara.api.send_document(
        sara.user_id, "IMG_1.PNG.exe", "application/x-msdownload", samples.telling_jpeg(), caption="/keep"
    )
    await settled(sara.app, sara.api)

    (row,) = await fetched(sara.app)
    (seen,) = sara.api.seen(sara.user_id)
    assert (row["kind"], row["name"]) == ("photo", "IMG_1.jpg")
    assert seen.file is not None
    assert samples.OWNER.encode() not in seen.file.content


# Trouble on the way


TROUBLE: dict[str, Callable[[BotApi], None]] = {
    "an answer that is no answer": lambda api: api.faults.garbage("getFile"),
    "a gateway": lambda api: api.faults.bad_gateway("getFile"),
    "too fast": lambda api: api.faults.retry_after(1, "getFile"),
    "a file that is away for a moment": lambda api: api.faults.fail_next("getFile", 400, "temporarily unavailable"),
    "a path that is dead": lambda api: api.faults.fail_next("download", 404, "Not Found"),
    "a server that stumbles": lambda api: api.faults.bad_gateway("download"),
    "a connection cut in the middle": lambda api: api.faults.cut_midway("download"),
    "a connection cut at once": lambda api: api.faults.cut("download", times=3),  # the first is tried again below us
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=list(TROUBLE))
async def test_a_file_that_could_not_be_fetched_is_fetched_again(
    sara: Citizen, trouble: Callable[[BotApi], None], caplog: pytest.LogCaptureFixture
) -> None:
    trouble(sara.api)
    sara.api.send_document(sara.user_id, "a.pdf", "application/pdf", samples.PDF, caption="/keep")
    await settled(sara.app, sara.api)

    (row,) = await fetched(sara.app)
    assert (row["state"], row["tries"] != 1, row["error"]) == (FileState.THERE, True, None)
    assert sara.api.seen(sara.user_id)[0].kind == "document"
    assert sara.api.token.partition(":")[2] not in caplog.text


MISSING: dict[str, tuple[dict[str, Any], str]] = {
    "bigger than bots may fetch": ({"content": samples.PDF, "size": 21 * MB}, "big"),
    "bigger than was said": ({"content": samples.PDF + bytes(21 * MB), "size": 500}, "big"),
    "a program": ({"content": samples.PROGRAM}, "kind"),
    "half a picture": ({"content": samples.jpeg()[:300]}, "broken"),
    "a bomb": ({"content": samples.png_that_claims(50_000, 50_000)}, "pixels"),
}


@pytest.mark.parametrize(("sent", "why"), MISSING.values(), ids=list(MISSING))
async def test_what_we_do_not_take_is_missing_and_said_to_be(sara: Citizen, sent: dict[str, Any], why: str) -> None:
    sara.api.send_media(sara.user_id, "document", name="a.pdf", caption="/keep", **sent)
    await settled(sara.app, sara.api)

    (row,) = await fetched(sara.app)
    (seen,) = sara.api.seen(sara.user_id)
    assert (row["state"], row["hash"], row["error"]) == (FileState.MISSING, None, why)
    assert (seen.kind, seen.text.partition("\n\n")) == (
        "text", ("۱ پرونده: /keep", "\n\n", "ببخشید، ۱ فایل از این پیام به دست ما نرسید."),
    )  # fmt: skip
    assert not [file for file in shelf(sara.app).folder.rglob("*") if file.is_file()]


async def test_a_file_refused_again_and_again_is_missing(sara: Citizen) -> None:
    sara.api.faults.fail_next("getFile", 400, "Bad Request: wrong file_id", times=None)
    sara.api.send_photo(sara.user_id, samples.jpeg(), caption="/keep")
    await settled(sara.app, sara.api)

    (row,) = await fetched(sara.app)
    assert (row["state"], row["tries"]) == (FileState.MISSING, fetching.MOST_REFUSALS)
    assert "rong file_id" in str(row["error"])


async def test_after_hours_nobody_tries_any_more(sara: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "GIVE_UP_AFTER_MS", -1)
    sara.api.faults.bad_gateway("getFile")
    sara.api.send_photo(sara.user_id, samples.jpeg(), caption="/keep")
    await settled(sara.app, sara.api)

    assert [row["state"] for row in await fetched(sara.app)] == [FileState.MISSING]


async def test_a_message_goes_without_a_file_that_does_not_come(sara: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sending.PATIENCE_MS", 200)
    sara.api.faults.bad_gateway("download", times=None)
    sara.api.send_photo(sara.user_id, samples.jpeg(), caption="/keep")
    sara.api.say(sara.user_id, "/keep")
    await settled(sara.app, sara.api)

    first, second = sara.api.seen(sara.user_id)
    assert "به دست ما نرسید" in first.text
    assert second.text == "بفرستید."
    sara.api.faults.clear()
    assert [row["state"] for row in await fetched(sara.app)] == [FileState.THERE]


async def test_the_rest_of_an_album_goes_without_what_is_missing(sara: Citizen) -> None:
    sara.api.send_album(sara.user_id, [samples.jpeg(), samples.jpeg()[:300], samples.jpeg(shade=90)], caption="/keep")
    await settled(sara.app, sara.api)

    first, second = sara.api.seen(sara.user_id)
    assert (first.kind, second.kind, first.album) == ("photo", "photo", second.album)
    assert first.caption == "۳ پرونده: /keep\n\nببخشید، ۱ فایل از این پیام به دست ما نرسید."


# Sent on


async def test_a_file_goes_on_to_the_other_messenger(sara: Citizen, other: BotApi) -> None:
    await sara.send(f"/to {other.dialect.name}:{REZA}")
    sara.api.send_photo(sara.user_id, samples.telling_jpeg(), caption="سلام")
    await settled(sara.app, sara.api, other)

    (seen,) = other.seen(REZA)
    assert seen.file is not None
    assert (seen.kind, seen.file.stored.upload.mime) == ("photo", "image/jpeg")
    assert samples.OWNER.encode() not in seen.file.content
    bold = {"telegram": "فرستاده شد", "bale": "*فرستاده شد*"}
    assert seen.caption == bold[other.dialect.name]


async def test_an_album_goes_on_as_an_album_of_what_may_stand_together(sara: Citizen, other: BotApi) -> None:
    await sara.send(f"/to {other.dialect.name}:{REZA}")
    sara.api.send_album(sara.user_id, [samples.jpeg(), samples.jpeg(shade=90), samples.jpeg(shade=60)])
    await settled(sara.app, sara.api, other)

    parts = other.seen(REZA)
    assert [part.kind for part in parts] == ["photo"] * 3
    assert len({part.album for part in parts}) == 1
    assert [bool(part.caption) for part in parts] == [True, False, False]
    assert other.called["sendMediaGroup"] == 1


async def test_files_that_may_not_stand_together_go_as_documents(sara: Citizen) -> None:
    """Said to be documents; one turns out to be a picture."""
    contents = [samples.PDF, samples.jpeg(), samples.PDF + b"%"]
    sara.api.send_album(sara.user_id, contents, caption="/keep", kind="document")
    await settled(sara.app, sara.api)

    assert [part.kind for part in sara.api.seen(sara.user_id)] == ["document"] * 3


async def test_a_content_is_uploaded_once_and_then_sent_by_its_name(sara: Citizen) -> None:
    for _ in range(3):
        sara.api.send_document(sara.user_id, "a.pdf", "application/pdf", samples.PDF, caption="/keep")
        await settled(sara.app, sara.api)

    assert sara.api.files.times_uploaded(samples.PDF) == 1
    assert sara.api.files.times_reused(samples.PDF) == 2
    assert len(await upload_rows(sara.app)) == 1


async def test_an_album_is_sent_by_names_where_they_are_known(sara: Citizen) -> None:
    contents = [samples.PDF, samples.PDF + b"%"]
    for number in (1, 2):
        sara.api.send_album(sara.user_id, contents[:number] * 2, caption="/keep", kind="document")
        await settled(sara.app, sara.api)

    assert [sara.api.files.times_uploaded(content) for content in contents] == [2, 2]
    assert sara.api.files.times_reused(samples.PDF) == 2


async def test_a_name_that_the_platform_has_forgotten_costs_one_upload_more(sara: Citizen) -> None:
    sara.api.send_document(sara.user_id, "a.pdf", "application/pdf", samples.PDF, caption="/keep")
    await settled(sara.app, sara.api)
    await sara.app.store.write(lambda unit: unit.inbox._connection.execute(uploads.update().values(file_id="old")))

    for _ in range(2):
        sara.api.send_document(sara.user_id, "a.pdf", "application/pdf", samples.PDF, caption="/keep")
        await settled(sara.app, sara.api)

    assert len(sara.api.seen(sara.user_id)) == 3
    assert (sara.api.files.times_uploaded(samples.PDF), sara.api.files.times_reused(samples.PDF)) == (2, 1)
    assert [row["file_id"] == "old" for row in await upload_rows(sara.app)] == [False]


async def test_a_name_that_seems_to_be_a_passing_trouble_is_doubted(sara: Citizen) -> None:
    sara.api.send_document(sara.user_id, "a.pdf", "application/pdf", samples.PDF, caption="/keep")
    await settled(sara.app, sara.api)
    sara.api.faults.bad_gateway("sendDocument", times=2)
    sara.api.send_document(sara.user_id, "a.pdf", "application/pdf", samples.PDF, caption="/keep")
    await settled(sara.app, sara.api)

    assert sara.api.files.times_uploaded(samples.PDF) == 2


async def test_many_words_come_after_the_file_they_belong_to(sara: Citizen) -> None:
    sara.api.send_photo(sara.user_id, samples.jpeg(), caption="/long")
    await settled(sara.app, sara.api)

    photo, words = sara.api.seen(sara.user_id)
    assert (photo.kind, photo.caption, words.kind) == ("photo", "", "text")
    assert len(words.text) > 1000


async def test_buttons_stand_under_one_file_and_below_an_album(sara: Citizen) -> None:
    sara.api.send_photo(sara.user_id, samples.jpeg(), caption="/ask")
    await settled(sara.app, sara.api)
    sara.api.send_album(sara.user_id, [samples.jpeg(), samples.jpeg(shade=90)], caption="/ask")
    await settled(sara.app, sara.api)

    kinds = [(seen.kind, seen.text, seen.buttons) for seen in sara.api.seen(sara.user_id)]
    asked = ("درست است؟", [["بله"]])
    assert kinds == [("photo", *asked), ("photo", "", []), ("photo", "", []), ("text", *asked)]


async def test_a_lost_answer_repeats_a_file_and_loses_none(sara: Citizen) -> None:
    sara.api.faults.lose_answer("sendPhoto")
    sara.api.send_photo(sara.user_id, samples.jpeg(), caption="/keep")
    await settled(sara.app, sara.api)

    assert [seen.kind for seen in sara.api.seen(sara.user_id)] == ["photo", "photo"]


async def test_a_content_gone_from_the_disk_is_missing_after_a_while(
    sara: Citizen, other: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at once: the folder may be a disk of the network that comes back."""
    monkeypatch.setattr("bot.sending.PATIENCE_MS", 1_500)
    sara.api.send_document(sara.user_id, "a.pdf", "application/pdf", samples.PDF, caption="/keep")
    await settled(sara.app, sara.api)
    (row,) = await fetched(sara.app)
    shelf(sara.app).path(str(row["hash"])).unlink()

    def again(unit: Unit) -> None:
        kept = unit.files.find([str(row["key"])])[str(row["key"])]
        (body,) = outbox.bodies((), files=[kept])
        unit.outbox.add(Outgoing(other.dialect.name, REZA, "send", body), claimed=False)

    await sara.app.store.write(again)
    await settled(sara.app, other)
    assert [(seen.kind, "نرسید" in seen.text) for seen in other.seen(REZA)] == [("text", True)]


# Places and numbers


async def test_a_point_on_the_map_comes_in_and_goes_out(sara: Citizen) -> None:
    await sara.send("/point")
    sara.api.send_location(sara.user_id, 35.7, 51.44)
    await settled(sara.app, sara.api)

    assert sara.api.seen(sara.user_id)[-1].location == {"latitude": 35.7, "longitude": 51.44}


async def test_a_named_place_is_where_it_stands(sara: Citizen) -> None:
    await sara.send("/point")
    place = {"latitude": 35.7, "longitude": 51.44}
    sara.api.say(sara.user_id, None, venue={"location": place, "title": "بوستان", "address": "پیروزی"})
    await settled(sara.app, sara.api)

    assert sara.api.seen(sara.user_id)[-1].location == place


@pytest.mark.parametrize(("whose", "said"), [("own", "شماره خودتان"), ("foreign", "شماره دیگری"), ("", "شماره دیگری")])
async def test_a_telephone_number_is_the_senders_only_if_the_platform_says_so(
    sara: Citizen, whose: str, said: str
) -> None:
    sara.user_id = 2**40 + 7  # of which Bale's contact holds 32 bits
    sara.api.meet(sara.user_id)
    await sara.send("/point")
    whom = {"own": sara.user_id, "foreign": 503}.get(whose)
    sara.api.send_contact(sara.user_id, "+989121234567", "سارا", contact_id=whom)
    await settled(sara.app, sara.api)

    *_, contact, words = sara.api.seen(sara.user_id)
    assert contact.contact == {"phone_number": "+989121234567", "first_name": "سارا"}
    assert words.text == said


# Forgotten


async def test_who_is_forgotten_leaves_no_file(sara: Citizen) -> None:
    sara.api.send_photo(sara.user_id, samples.jpeg(), caption="/keep")
    await settled(sara.app, sara.api)
    assert len(await fetched(sara.app)) == 1

    await sara.send("/deleteme")
    await sara.press("privacy:yes")

    assert await fetched(sara.app) == []


async def test_a_file_of_somebody_forgotten_is_not_sent_any_more(sara: Citizen, other: BotApi) -> None:
    other.faults.bad_gateway("sendPhoto", times=1)
    await sara.send(f"/to {other.dialect.name}:{REZA}")
    sara.api.send_photo(sara.user_id, samples.jpeg())
    await wait_until(lambda: other.faults.happened["answer"] == 1)
    await sara.app.store.write(lambda unit: unit.files.forget(sara.api.dialect.name, sara.user_id))
    await settled(sara.app, sara.api, other)

    assert [(seen.kind, "نرسید" in seen.text) for seen in other.seen(REZA)] == [("text", True)]


async def test_the_answer_to_a_text_names_no_file(sara: Citizen) -> None:
    await sara.send("/keep")

    assert [row["body"] for row in await outbox_rows(sara.app) if "files" in row["body"]] == []


async def test_a_citizen_sees_how_many_files_are_kept_of_them(sara: Citizen) -> None:
    sara.api.send_album(sara.user_id, [samples.jpeg(), samples.jpeg(shade=90)], caption="/keep")
    await settled(sara.app, sara.api)

    (shown,) = await sara.send("/mydata")

    assert "• ۲ عکس یا فایلی" in shown.text
