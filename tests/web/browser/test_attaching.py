"""Pictures, files, a place and a phone number in a real browser, before the real service."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, Route, expect
from telegram import Bot, InputMediaPhoto, KeyboardButton, ReplyKeyboardMarkup

from bot.app import App
from bot.platforms.web import TOKEN, WebRequest
from tests.samples import film
from tests.web.pictures import PDF, photo, speech
from tests.web.site import WORDS
from tests.web.window import DESKTOP, PHONE, Window, window

pytestmark = pytest.mark.browser

TEHRAN = {"latitude": 35.6731, "longitude": 51.4712}


def file(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def picture(colour: str, width: int = 900, height: int = 700) -> FilePayload:
    return file(f"{colour}.jpg", "image/jpeg", photo(width, height, colour))


LOADS = """(address) => new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(true);
    image.onerror = () => resolve(false);
    image.src = address;
})"""
KEPT = """() => new Promise((resolve) => {
    indexedDB.open("unsent").onsuccess = ({ target: { result } }) => {
        const asked = result.transaction("files").objectStore("files").count();
        asked.onsuccess = () => (result.close(), resolve(asked.result));
    };
})"""


async def never(_route: Route) -> None:
    """The line is there, but nothing comes through."""


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("phone", PHONE | {"viewport": {"width": 360, "height": 640}}),
        ("desktop-dark", DESKTOP | {"color_scheme": "dark"}),
    ],
)
async def test_pictures_by_picker_paste_and_drop(
    browser: Browser, address: str, name: str, device: dict[str, Any]
) -> None:
    sara = await window(browser, address, **device)
    await sara.open()
    await sara.greeted()
    await sara.pick(picture("teal"), picture("orange", 400, 900))
    await sara.paste(file("image.png", "image/png", photo(colour="purple", form="PNG")))
    await sara.drag(picture("brown"))
    await expect(sara.page.get_by_text(WORDS["drop"])).to_be_visible()
    await sara.picture(f"{name}-drop")
    await sara.drop(picture("brown"))
    await sara.uploaded(4)
    await sara.field.fill("این چاله جلوی مدرسه است")
    await sara.picture(f"{name}-tray")
    await sara.submit()

    photos = sara.own.get_by_role("button", name=WORDS["open_photo"])
    await expect(photos).to_have_count(4)
    await expect(sara.own.locator(".tick.sent")).to_have_count(1)
    await expect(sara.chosen).to_have_count(0)
    await sara.page.reload()
    await sara.greeted()
    await expect(photos).to_have_count(4)
    for number in range(4):
        await sara.show(photos.nth(number))
        await photos.nth(number).locator("img").evaluate("image => image.decode()")
    assert await sara.own.locator(".line").all_inner_texts() == ["این چاله جلوی مدرسه است"]
    await sara.picture(f"{name}-album")
    assert sara.troubles == []


async def test_a_photo_is_opened_turned_over_and_closed_by_keyboard(sara: Window) -> None:
    await sara.pick(picture("teal"), picture("orange"))
    await sara.submit()
    # By then the message stands as it stays, and nothing takes the focus from the photo.
    await expect(sara.own.locator(".tick.sent")).to_have_count(1)
    await sara.own.get_by_role("button", name=WORDS["open_photo"]).first.press("Enter")

    viewer = sara.page.get_by_role("dialog")
    await expect(viewer).to_be_visible()
    first = await viewer.locator("img").get_attribute("src")
    await sara.page.keyboard.press("ArrowLeft")
    await expect(viewer.locator("img")).not_to_have_attribute("src", first or "")
    await sara.picture("desktop-viewer")
    await sara.page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()


async def test_what_is_chosen_can_be_taken_out_again(sara: Window) -> None:
    await sara.pick(picture("teal"), picture("orange"))
    await sara.uploaded(2)
    await sara.chosen.first.get_by_role("button").click()
    await expect(sara.chosen).to_have_count(1)
    await sara.chosen.first.get_by_role("button").click()

    await expect(sara.chosen).to_have_count(0)
    await expect(sara.page.get_by_role("button", name=WORDS["send"], exact=True)).to_be_disabled()


async def test_a_big_photo_is_made_small_before_it_goes_up(sara: Window) -> None:
    async with sara.page.expect_request("**/api/files?*") as sent:
        await sara.pick(picture("teal", 4000, 3000))
    answer = await (await sent.value).response()

    assert answer is not None
    about = (await answer.json())["file"]
    assert (about["width"], about["height"]) == (2048, 1536)


async def test_files_sound_place_and_number(browser: Browser, address: str) -> None:
    sara = await window(browser, address, **PHONE, permissions=["geolocation"], geolocation=TEHRAN)
    await sara.open()
    await sara.greeted()
    hostile = "<img src=x onerror=alert(1)>.pdf"
    await sara.pick(file(hostile, "application/pdf", PDF * 30), file("صدا.wav", "audio/wav", speech(12)), by="file")
    await sara.page.get_by_role("button", name=WORDS["attach"]).click()
    await sara.picture("phone-light-sheet")
    await sara.page.get_by_role("button", name=WORDS["place"], exact=True).click()
    await expect(sara.chosen).to_have_count(3)
    await sara.page.get_by_role("button", name=WORDS["attach"]).click()
    await sara.page.get_by_role("button", name=WORDS["contact"], exact=True).click()
    await sara.page.get_by_label(WORDS["contact_phone"], exact=True).fill("۰۹۱۲ ۰۰۰ ۰۰ ۰۰")
    await sara.page.get_by_label(WORDS["contact_name"]).fill("<b>سارا</b>")
    await sara.page.get_by_role("button", name=WORDS["contact_add"]).click()
    await sara.uploaded(4)
    await sara.picture("phone-light-mixed-tray")
    await sara.submit()

    await expect(sara.own.locator(".tick.sent")).to_have_count(3)
    await expect(sara.own).to_have_count(3)
    await expect(sara.own.get_by_text("35.67310, 51.47120")).to_be_visible()
    await expect(sara.own.get_by_role("link", name="<b>سارا</b>")).to_have_attribute("href", "tel:09120000000")
    saved = sara.own.get_by_role("link", name="img src=x onerror")
    await expect(saved).to_be_visible()
    await expect(sara.own.locator("audio")).to_have_count(1)
    assert await sara.page.locator("#log b, #log img").count() == 0
    await sara.show(sara.own.first)
    await sara.picture("phone-light-mixed")
    assert sara.troubles == []


async def test_a_voice_message_is_recorded_and_sent(browser: Browser, address: str) -> None:
    sara = await window(browser, address, permissions=["microphone"])
    await sara.open()
    await sara.greeted()
    await sara.page.get_by_role("button", name=WORDS["attach"]).click()
    await sara.page.get_by_role("button", name=WORDS["voice"], exact=True).click()
    # Some seconds, not one of them: a second is soon missed by whoever looks now and then.
    await expect(sara.page.locator("#recorded")).to_have_text(re.compile("۰:(۰[۲-۹]|[۱-۵])"))
    await sara.picture("desktop-light-recording")
    await sara.page.get_by_role("button", name=WORDS["record_stop"]).click()
    await sara.uploaded(1)
    await sara.submit()

    await expect(sara.own.get_by_text(WORDS["voice_message"])).to_be_visible()
    await expect(sara.own.locator(".tick.sent")).to_have_count(1)
    assert sara.troubles == []


async def test_a_recording_can_be_given_up(browser: Browser, address: str) -> None:
    sara = await window(browser, address, permissions=["microphone"])
    await sara.open()
    await sara.greeted()
    await sara.page.get_by_role("button", name=WORDS["attach"]).click()
    await sara.page.get_by_role("button", name=WORDS["voice"], exact=True).click()
    await sara.page.get_by_role("button", name=WORDS["record_cancel"]).click()

    await expect(sara.page.locator("#recorder")).to_be_hidden()
    await expect(sara.chosen).to_have_count(0)


async def test_without_leave_for_the_place_words_will_do(sara: Window) -> None:
    await sara.page.get_by_role("button", name=WORDS["attach"]).click()
    await sara.page.get_by_role("button", name=WORDS["place"], exact=True).click()

    await expect(sara.page.locator("#toast")).to_have_text(WORDS["place_in_words"])
    await expect(sara.field).to_be_focused()


async def test_a_key_for_the_place_sends_it_at_once(browser: Browser, address: str, app: App) -> None:
    sara = await window(browser, address, **PHONE, permissions=["geolocation"], geolocation=TEHRAN)
    await sara.open()
    await sara.greeted()
    bot = Bot(TOKEN, "page://", request=WebRequest(app.store, lambda _visitor: None))
    asking = ReplyKeyboardMarkup([[KeyboardButton("جایم را بفرست", request_location=True)], ["بدون جا"]])
    await bot.send_message(1, '[["", "کجا؟"]]', reply_markup=asking)

    await sara.page.locator("#keys").get_by_role("button", name="جایم را بفرست").click()

    await expect(sara.own.get_by_text("35.67310, 51.47120")).to_be_visible()
    await expect(sara.chosen).to_have_count(0)
    assert sara.troubles == []


async def test_what_cannot_be_taken_is_said_and_the_words_go_alone(sara: Window) -> None:
    await sara.field.fill("ساعت کار شهرداری؟")
    await sara.pick(file("x.pdf", "application/pdf", b"MZ" * 50), file("x.jpg", "image/jpeg", b"GIF" * 50), by="file")

    await expect(sara.chosen).to_have_count(0)
    await sara.submit()
    await expect(sara.answers.last).to_contain_text("۱۶:۳۰")


async def test_more_than_ten_are_not_taken(sara: Window) -> None:
    await sara.pick(*(picture("teal", 20, 20) for _ in range(12)))

    await expect(sara.chosen).to_have_count(10)
    await expect(sara.page.locator("#toast")).to_contain_text("۱۰")


async def test_without_a_line_a_picture_waits_and_survives_a_reload(sara: Window) -> None:
    await sara.page.route("**/api/files?*", lambda route: route.abort())
    await sara.pick(picture("teal"))
    await sara.field.fill("این چاله")
    await sara.submit()
    await expect(sara.own.get_by_role("progressbar")).to_have_count(1)
    await sara.page.reload()
    await expect(sara.own.get_by_role("progressbar")).to_have_count(1)
    await sara.page.unroute_all()

    await expect(sara.own.locator(".tick.sent")).to_have_count(1)
    await expect(sara.own).to_have_count(1)
    await expect(sara.own.get_by_role("button", name=WORDS["open_photo"])).to_have_count(1)


async def test_what_is_chosen_is_there_after_a_reload(sara: Window) -> None:
    await sara.pick(picture("teal"), picture("orange"))
    await sara.uploaded(2)
    await sara.page.reload()
    await sara.greeted()

    await sara.uploaded(2)
    await sara.submit()
    await expect(sara.own.get_by_role("button", name=WORDS["open_photo"])).to_have_count(2)


async def test_after_all_is_deleted_no_picture_stays_in_the_browser(sara: Window) -> None:
    await sara.pick(picture("teal"))
    await sara.uploaded(1)
    shown = await sara.chosen.locator("img").get_attribute("src")
    await sara.submit()
    await expect(sara.own.locator(".tick.sent")).to_have_count(1)
    assert await sara.page.evaluate(LOADS, shown)
    other = Window(await sara.page.context.new_page(), sara.address)
    await other.open()
    await other.greeted()
    await other.page.route("**/api/files?*", never)
    await other.pick(picture("orange"))
    await other.submit()
    await other.pick(picture("purple"))
    await expect(other.chosen).to_have_count(1)
    await expect(other.own.get_by_role("progressbar")).to_have_count(1)
    await other.page.wait_for_function(f"async () => await ({KEPT})() === 2")

    for words in ("حذف من", "بله"):
        await sara.say(words)

    await expect(sara.answers).to_have_count(1)
    assert not await sara.page.evaluate(LOADS, shown)
    await expect(other.chosen).to_have_count(0)
    await expect(other.own).to_have_count(0)
    await other.page.wait_for_function(f"async () => await ({KEPT})() === 0")
    await other.page.unroute_all()
    await other.page.reload()
    await expect(other.answers).to_have_count(1)
    await expect(other.own).to_have_count(0)
    await other.say("ساعت کار شهرداری؟")
    assert other.troubles == []


async def test_a_press_does_not_wait_for_a_picture_on_its_way(sara: Window) -> None:
    await sara.page.route("**/api/files?*", never)
    await sara.pick(picture("teal"))
    await sara.submit()
    before = await sara.texts()
    await sara.answers.locator("button.key").first.click()

    await sara.changed(before)
    await sara.page.unroute_all()


async def test_what_the_bot_sends_is_shown(sara: Window, app: App) -> None:
    bot = Bot(TOKEN, "page://", request=WebRequest(app.store, lambda _visitor: None))
    keys = [await kept(app, content, name) for content, name in ((photo(900, 600), "a.jpg"), (photo(), "b.jpg"))]
    album = [InputMediaPhoto(key) for key in keys]
    await bot.send_media_group(1, [*album, InputMediaPhoto("lost")], caption='[["", "پیش و پس از آسفالت"]]')
    await bot.send_document(1, await kept(app, PDF * 40_000, "نامه شورایاری محله دولاب.pdf"))
    await bot.send_voice(1, await kept(app, speech(7), "صدا.wav"))
    await bot.send_video(1, await kept(app, film(), "فیلم.mp4"))
    await bot.send_location(1, 35.67, 51.47)

    await expect(sara.answers.get_by_text(WORDS["missing"])).to_be_visible()
    await expect(sara.answers.get_by_role("button", name=WORDS["open_photo"])).to_have_count(2)
    await expect(sara.answers.get_by_role("link", name="نامه شورایاری")).to_contain_text(f"۲٫۲ {WORDS['megabytes']}")
    await expect(sara.answers.locator("audio, video")).to_have_count(2)
    await sara.picture("desktop-light-from-the-bot")
    async with sara.page.expect_download() as saved:
        await sara.answers.get_by_role("link", name="نامه شورایاری").click()
    assert (await saved.value).suggested_filename == "نامه شورایاری محله دولاب.pdf"
    await sara.show(sara.answers.get_by_text(WORDS["missing"]))
    await sara.picture("desktop-light-missing")


async def kept(app: App, content: bytes, name: str) -> str:
    """The key of a file on the shelf."""
    with app.shelf.scratch() as source:
        source.write_bytes(content)
        cleaned = app.shelf.put(source, name=name)
    return (await app.store.write(lambda unit: unit.files.put("telegram", 501, cleaned))).key


async def test_everything_that_attaches_fits_on_a_small_phone(browser: Browser, address: str) -> None:
    small = await window(browser, address, **PHONE | {"viewport": {"width": 320, "height": 568}}, color_scheme="dark")
    await small.open()
    await small.greeted()
    await small.pick(*(picture(colour) for colour in ("teal", "orange", "purple")))
    await small.uploaded(3)
    await small.picture("small-phone-tray")
    await small.submit()
    await expect(small.own.locator(".tick.sent")).to_have_count(1)
    await small.show(small.own.last)
    await small.picture("small-phone-album")
    await small.page.get_by_role("button", name=WORDS["attach"]).click()
    await small.picture("small-phone-sheet")

    wide = "document.documentElement.scrollWidth > innerWidth || scroller.scrollWidth > scroller.clientWidth"
    assert not await small.page.evaluate(wide)
    targets = await small.page.locator("#sheet button, #attach, #send, .remove").evaluate_all(
        "nodes => nodes.filter(node => node.offsetParent).map(node => Math.min(node.offsetWidth, node.offsetHeight))"
    )
    assert min(targets) >= 44
