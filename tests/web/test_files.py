"""Files of a visitor: sent up, shown to them alone, sent along with a message."""

import asyncio
import io
import json
import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from PIL import Image
from telegram import Update

from bot import config
from bot.media import Cleaned
from scheduler import forget_uploads
from tests.web.pictures import PDF, bomb, photo, speech
from tests.web.site import Place, SetClock, open_place
from tests.web.test_messages import history, opened, send
from web import files, guard, refusal, uploading
from web.files import AT_ONCE_OF_VISITOR, CLEANED_OF_ADDRESS

pytestmark = pytest.mark.usefixtures("cleaned_here")


async def met(place: Place, **headers: str) -> httpx.AsyncClient:
    """Somebody who has written before."""
    browser = await opened(place, **headers)
    await browser.post("/api/messages", json={"client_id": "hello-01", "start": True})
    return browser


async def put(browser: httpx.AsyncClient, content: Any, **query: str) -> httpx.Response:  # noqa: ANN401 - handed on as it is
    return await browser.post("/api/files", params={"name": "چاله.jpg"} | query, content=content)


async def key(browser: httpx.AsyncClient, content: bytes | None = None, **query: str) -> str:
    found: str = (await put(browser, content or photo(), **query)).json()["file"]["key"]
    return found


async def say(browser: httpx.AsyncClient, name: str = "message-1", **body: object) -> httpx.Response:
    return await browser.post("/api/messages", json={"client_id": name, **body})


async def messages(place: Place) -> list[dict[str, Any]]:
    """What waits for the bot, without the page's own hello."""
    found = [update["message"] for update in await place.inbox()]
    return [message for message in found if message.get("text") != "/start"]


# -- sending up


async def test_a_photo_is_taken_and_shown_again(place: Place) -> None:
    sara = await met(place)
    answer = await put(sara, photo(1600, 1200))
    file = answer.json()["file"]

    assert {name: file[name] for name in ("kind", "mime", "width", "height")} == {
        "kind": "photo",
        "mime": "image/jpeg",
        "width": 1600,
        "height": 1200,
    }
    shown = await sara.get(f"/api/files/{file['key']}")
    assert (shown.status_code, shown.headers["content-type"], len(shown.content)) == (200, "image/jpeg", file["size"])
    small = await sara.get(f"/api/files/{file['key']}/preview")
    assert Image.open(io.BytesIO(small.content)).size == (640, 480)


async def test_where_a_photo_was_taken_is_not_kept(place: Place) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Phone of Sara"
    sara = await met(place)
    shown = await sara.get(f"/api/files/{await key(sara, photo(exif=exif))}")

    assert b"Phone of Sara" in photo(exif=exif)
    assert b"Phone of Sara" not in shown.content


async def test_a_voice_message_is_one_only_if_it_is_said_to_be(place: Place) -> None:
    sara = await met(place)

    assert (await put(sara, speech(), kind="voice", name="v.wav")).json()["file"]["kind"] == "voice"
    assert (await put(sara, speech(), name="v.wav")).json()["file"]["kind"] == "audio"
    assert (await put(sara, photo(), kind="voice")).json()["file"]["kind"] == "photo"


async def test_a_document_is_saved_and_never_shown_in_the_page(place: Place) -> None:
    sara = await met(place)
    hostile = '../../نامه"; filename=evil.html\u202e\r\nX-Evil: 1.pdf.exe'
    shown = await sara.get(f"/api/files/{await key(sara, PDF, name=hostile)}")

    assert shown.headers["content-disposition"].startswith("attachment")
    assert shown.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert not any(sign in shown.headers["content-disposition"] for sign in ("/", 'evil.html"', ".exe"))
    assert "x-evil" not in shown.headers


async def test_a_part_of_a_file_may_be_asked_for(place: Place) -> None:
    sara = await met(place)
    name = await key(sara, speech(), name="v.wav")
    whole = (await sara.get(f"/api/files/{name}")).content
    part = await sara.get(f"/api/files/{name}", headers={"range": "bytes=100-199"})

    assert (part.status_code, part.content) == (206, whole[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole)}"


async def test_nobody_sees_another_s_file(place: Place) -> None:
    name = await key(await met(place))
    reza = await met(place)

    assert (await reza.get(f"/api/files/{name}")).status_code == 404
    assert (await reza.get(f"/api/files/{name}/preview")).status_code == 404
    assert (await place.browser().get(f"/api/files/{name}")).status_code == 404
    answer = await say(reza, files=[name])
    assert (answer.status_code, answer.json()["error"]) == (400, "lost")
    assert await messages(place) == []


async def test_another_site_cannot_show_a_visitor_s_file(place: Place) -> None:
    sara = await met(place)
    name = await key(sara)
    foreign = {"sec-fetch-site": "cross-site"}

    assert (await sara.get(f"/api/files/{name}", headers=foreign)).status_code == 403
    assert (
        await sara.post("/api/files", content=photo(), headers={"origin": "http://evil.example"})
    ).status_code == 403


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"MZ\x90\x00" + b"\0" * 100, "a.jpg", "kind"),
        (b"<html><script>alert(1)</script>", "a.jpg", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "kind"),
        (photo()[:200], "a.jpg", "broken"),
        (bomb(7000), "a.png", "pixels"),
        (b"", "a.jpg", "empty"),
    ],
)
async def test_what_is_no_file_for_us_is_refused(place: Place, content: bytes, name: str, error: str) -> None:
    answer = await put(await met(place), content, name=name)

    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert await place.store.read(lambda unit: unit.files.count("web", 1)) == 0


async def test_nothing_is_left_of_what_was_refused(place: Place) -> None:
    await put(await met(place), b"MZ" * 100)

    assert [file for file in place.site.cleaner.shelf.folder.rglob("*") if file.is_file()] == []


async def test_whoever_has_not_said_a_word_cannot_send_files(place: Place) -> None:
    stranger = await opened(place)

    assert (await put(stranger, photo())).status_code == 401
    assert (await put(place.browser(cookie="hamyar14=forged"), photo())).status_code == 401


# -- too much


async def test_a_file_too_big_is_refused_unread(place: Place) -> None:
    read = 0

    async def body() -> Any:  # noqa: ANN401 - a body as httpx takes it
        nonlocal read
        while True:
            read += 100_000
            yield b"x" * 100_000

    sara = await met(place)
    told = await sara.post("/api/files", content=body(), headers={"content-length": str(50 * 2**20)})
    assert (told.status_code, told.json()["error"], told.headers["connection"]) == (413, "big", "close")
    assert read < 1_000_000
    untold = await sara.post("/api/files", content=body())
    assert (untold.status_code, untold.json()["error"]) == (413, "big")
    assert read < 23_000_000


async def test_so_many_files_a_minute_and_no_more(tmp_path: Path, clock: SetClock) -> None:
    async with open_place(tmp_path / "few.db", clock, files_per_minute=2) as place:
        sara = await met(place)
        statuses = [(await put(sara, photo())).status_code for _ in range(3)]
        clock.go_on(30)
        statuses.append((await put(sara, photo())).status_code)

    assert statuses == [200, 200, 429, 200]


async def test_so_many_megabytes_a_day_and_no_more(tmp_path: Path, clock: SetClock) -> None:
    async with open_place(tmp_path / "few.db", clock, megabytes_per_day=20) as place:
        sara = await met(place)
        text = b"a" * (8 * 2**20)
        answers = [await put(sara, text, name="a.txt") for _ in range(3)]
        # Words still come through.
        said = await send(sara, "سلام")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2].json()["error"], answers[2].json()["wait"] > 3600) == ("quota", True)
    assert said.status_code == 200


async def test_a_visitor_has_only_a_few_uploads_open(place: Place) -> None:
    sara = await met(place)
    release = asyncio.Event()
    started = 0

    async def held() -> Any:  # noqa: ANN401 - a body as httpx takes it
        nonlocal started
        yield b"%PDF-"
        started += 1
        await release.wait()
        yield PDF[5:]

    open_ones = [asyncio.create_task(put(sara, held(), name="a.pdf")) for _ in range(AT_ONCE_OF_VISITOR)]
    while started < AT_ONCE_OF_VISITOR:
        await asyncio.sleep(0.01)
    refused = await put(sara, photo())
    release.set()

    assert (refused.status_code, refused.json()["error"]) == (429, "slow")
    assert [(await task).status_code for task in open_ones] == [200] * AT_ONCE_OF_VISITOR
    assert (await put(sara, photo())).status_code == 200


async def test_when_too_many_wait_to_be_cleaned_the_next_comes_later(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_WAITING", 0)
    answer = await put(await met(place), photo())

    assert (answer.status_code, answer.json()["error"], answer.headers["retry-after"]) == (503, "busy", "5")


async def test_a_picture_that_grows_counts_as_what_is_kept_of_it(tmp_path: Path, clock: SetClock) -> None:
    made = io.BytesIO()
    Image.frombytes("RGB", (2560, 1280), random.Random(14).randbytes(2560 * 3 * 4) * 320).save(made, "PNG")
    async with open_place(tmp_path / "few.db", clock, megabytes_per_day=20) as place:
        sara = await met(place)
        answers = [await put(sara, made.getvalue()) for _ in range(6)]

    kept = answers[0].json()["file"]["size"]
    assert kept > 20 * len(made.getvalue())
    statuses = [answer.status_code for answer in answers]
    taken = statuses.count(200)
    assert statuses == [200] * taken + [429] * (6 - taken)
    assert 20 * 2**20 / kept - 1 < taken < 20 * 2**20 / kept + 1


async def test_nothing_is_taken_while_the_disk_is_nearly_full(
    place: Place, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sara = await met(place)
    monkeypatch.setattr("bot.watch.shutil.disk_usage", lambda _: SimpleNamespace(total=2**40, free=2**19))
    refused = await put(sara, photo())
    monkeypatch.undo()
    clock.go_on(1)

    assert (refused.status_code, refused.json()["error"], refused.headers["retry-after"]) == (503, "busy", "60")
    assert (await put(sara, photo())).status_code == 200
    assert (await send(sara, "سلام")).status_code == 200


async def test_many_uploads_of_one_address_hold_up_no_other(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_place(tmp_path / "two.db", clock, trusted_proxy=True) as place:
        many = [await met(place, **{"x-forwarded-for": "192.0.2.1"}) for _ in range(5)]
        sara = await met(place, **{"x-forwarded-for": "192.0.2.2"})
        release = asyncio.Event()
        waiting: list[str] = []
        clean = place.site.cleaner.put

        async def held(source: Path, *, name: str, kind: str | None = None) -> Cleaned:
            waiting.append(name)
            await release.wait()
            return await clean(source, name=name, kind=kind)

        monkeypatch.setattr(place.site.cleaner, "put", held)
        theirs = [asyncio.create_task(put(one, PDF, name="many.pdf")) for one in many for _ in range(2)]
        while len(waiting) < CLEANED_OF_ADDRESS:
            await asyncio.sleep(0.01)
        hers = asyncio.create_task(put(sara, PDF, name="sara.pdf"))
        while "sara.pdf" not in waiting:
            await asyncio.sleep(0.01)
        assert sorted(waiting) == ["many.pdf"] * CLEANED_OF_ADDRESS + ["sara.pdf"]
        release.set()

        assert [(await task).status_code for task in [*theirs, hers]] == [200] * 11


async def test_what_is_put_into_no_message_is_forgotten_after_a_day(place: Place, clock: SetClock) -> None:
    sara = await met(place)
    said, unsaid = await key(sara), await key(sara)
    await say(sara, files=[said])
    clock.go_on(24 * 3600 + 1)

    assert await forget_uploads(place.store, config.load()) == {"uploads": 1}
    assert (await sara.get(f"/api/files/{said}")).status_code == 200
    assert (await sara.get(f"/api/files/{unsaid}")).status_code == 404
    assert (await say(sara, "message-2", files=[unsaid])).json()["error"] == "lost"
    assert await forget_uploads(place.store, config.load()) == {"uploads": 0}


async def test_an_upload_that_stands_still_is_given_up(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "SILENCE_SECONDS", 0.05)
    monkeypatch.setattr(refusal, "LINGER_SECONDS", 0.05)
    answer = await put(await met(place), stuck(b"%PDF-"), name="a.pdf")

    assert (answer.status_code, answer.json()["error"]) == (408, "slow")


async def test_words_that_do_not_come_to_their_end_are_given_up(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(refusal, "LINGER_SECONDS", 0.05)
    sara = await met(place, **{"content-type": "application/json"})
    answer = await sara.post("/api/messages", content=stuck(b'{"client_id": '))

    assert (answer.status_code, answer.json()["error"]) == (408, "slow")


async def stuck(beginning: bytes) -> Any:  # noqa: ANN401 - a body as httpx takes it
    yield beginning
    await asyncio.Event().wait()


async def test_what_broke_off_does_not_count_for_the_day(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "SILENCE_SECONDS", 0.05)
    monkeypatch.setattr(refusal, "LINGER_SECONDS", 0.05)
    length = {"content-length": str(15 * 2**20)}
    async with open_place(tmp_path / "few.db", clock, megabytes_per_day=20) as place:
        sara = await met(place)
        statuses = [
            (await sara.post("/api/files?name=a.txt", content=stuck(b"a"), headers=length)).status_code
            for _ in range(3)
        ]
        statuses.append((await put(sara, b"a" * 15 * 2**20, name="a.txt")).status_code)

    assert statuses == [408, 408, 408, 200]


# -- in a message


async def test_a_photo_with_words_reaches_the_bot_as_one_message(place: Place) -> None:
    sara = await met(place)
    name = await key(sara)
    answer = await say(sara, files=[name], text="این چاله را ببینید")

    (message,) = await messages(place)
    assert message["caption"] == "این چاله را ببینید"
    assert message["photo"][0]["file_id"] == name
    assert "media_group_id" not in message
    shown = (await history(sara))[-1]
    assert (shown["id"], shown["body"]["text"], shown["body"]["files"][0]["key"]) == (
        answer.json()["id"],
        "این چاله را ببینید",
        name,
    )


async def test_several_files_are_one_message_on_the_page_and_a_group_for_the_bot(place: Place) -> None:
    sara = await met(place)
    names = [await key(sara, photo(colour=colour)) for colour in ("red", "green", "blue")]
    await say(sara, files=names, text="سه عکس")

    found = await messages(place)
    assert [message["photo"][0]["file_id"] for message in found] == names
    assert [message.get("caption") for message in found] == ["سه عکس", None, None]
    assert len({message["media_group_id"] for message in found}) == 1
    assert len(await history(sara)) == 2


async def test_the_framework_can_read_every_kind(place: Place) -> None:
    sara = await met(place)
    names = [await key(sara), await key(sara, speech(), kind="voice"), await key(sara, PDF, name="نامه.pdf")]
    names.append(await key(sara, speech(), name="صدا.wav"))
    await say(sara, files=names)
    await say(sara, "place-01", place={"lat": 35.67, "lon": 51.47})
    await say(sara, "contact-1", contact={"phone": "+98 912 000 00 00", "name": "سارا"})

    updates = [Update.de_json(raw, place.bot) for raw in await place.inbox()][1:]
    read = [update.message for update in updates if update.message is not None]
    assert [bool(m.photo) + 2 * bool(m.voice) + 4 * bool(m.document) + 8 * bool(m.audio) for m in read] == [
        1, 2, 4, 8, 0, 0,
    ]  # fmt: skip
    assert read[2].document is not None
    assert read[2].document.file_name == "نامه.pdf"
    assert read[4].location is not None
    assert (read[4].location.latitude, read[4].location.longitude) == (35.67, 51.47)
    assert read[5].contact is not None
    assert (read[5].contact.phone_number, read[5].contact.first_name) == ("+98 912 000 00 00", "سارا")


async def test_a_message_with_files_sent_again_is_one(place: Place) -> None:
    sara = await met(place)
    names = [await key(sara), await key(sara)]
    first, again = await say(sara, files=names), await say(sara, files=names)

    assert first.json() == again.json()
    assert len(await messages(place)) == 2
    assert len(await history(sara)) == 2


async def test_after_the_talk_was_deleted_its_files_are_gone(place: Place) -> None:
    sara = await met(place)
    name = await key(sara)
    await say(sara, files=[name])
    await place.store.write(lambda unit: unit.files.forget("web", 1))
    await place.store.write(lambda unit: unit.web.clear(1))

    assert (await sara.get(f"/api/files/{name}")).status_code == 404
    assert (await say(sara, "message-2", files=[name])).json()["error"] == "lost"


async def test_an_album_keeps_the_order_in_which_it_was_chosen(place: Place) -> None:
    sara = await met(place)
    names = [await key(sara) for _ in range(5)]
    await say(sara, files=names)

    updates = [update for update in await place.inbox() if "photo" in update["message"]]
    numbers = [update["update_id"] for update in updates]
    assert [update["message"]["photo"][0]["file_id"] for update in updates] == names
    assert numbers == sorted(numbers)
    rows = await place.store.read(lambda unit: unit.inbox.waiting("web", 1, 10))
    assert len({row.album for row in rows if row.update_id in numbers}) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"files": []},
        {"files": "x"},
        {"files": [1]},
        {"files": ["../../etc/passwd"]},
        {"files": ["a" * 22] * 11},
        {"files": ["a" * 22], "text": 5},
        {"place": {"lat": 91, "lon": 0}},
        {"place": {"lat": "35", "lon": 51}},
        {"place": {"lat": True, "lon": 51}},
        {"place": {"lat": 1e400, "lon": 51}},
        {"place": [35, 51]},
        {"place": None},
        {"contact": {"phone": "javascript:alert(1)", "name": "x"}},
        {"contact": {"phone": "0912", "name": "x"}},
        {"contact": {"phone": "09120000000", "name": 5}},
        {"contact": "09120000000"},
    ],
)
async def test_what_is_no_attachment_is_refused(place: Place, body: dict[str, object]) -> None:
    sara = await met(place)
    text = json_of({"client_id": "message-1"} | body)
    answer = await sara.post("/api/messages", content=text, headers={"content-type": "application/json"})

    assert (answer.status_code, answer.json()["error"]) == (400, "form")
    assert await messages(place) == []


def json_of(body: dict[str, object]) -> str:
    return json.dumps(body).replace("Infinity", "1e400")
