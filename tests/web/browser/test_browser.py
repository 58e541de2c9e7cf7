"""The page in a real browser, before the real service."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from playwright.async_api import Browser, Error, expect

from bot.app import App
from tests.web.site import WORDS
from tests.web.window import PHONE, Window, window

pytestmark = pytest.mark.browser

Start = Callable[[], AbstractAsyncContextManager[App]]


async def test_a_visitor_is_greeted_and_can_ask_at_once(sara: Window) -> None:
    assert (await sara.own.count(), await sara.answers.count() > 0) == (0, True)
    await sara.say("ساعت کار شهرداری؟")

    assert "۱۶:۳۰" in (await sara.texts())[-1]


async def test_a_press_changes_the_message_or_brings_a_new_one(sara: Window) -> None:
    before = await sara.texts()
    await sara.page.locator("button.key").first.click()

    await sara.changed(before)
    assert await sara.own.count() == 0


async def test_a_key_above_the_field_says_its_label(sara: Window) -> None:
    key = sara.page.locator("#keys button").first
    label = await key.inner_text()
    await key.click()

    await expect(sara.own).to_have_count(1)
    assert (await sara.own.inner_text()).startswith(f"{WORDS['you_said']}\n{label}")


async def test_what_the_server_has_taken_is_not_drawn_a_second_time(sara: Window) -> None:
    before = await sara.answers.count()
    await sara.field.fill("ساعت کار شهرداری؟")
    await sara.submit()
    await expect(sara.own.locator(".tick.sent")).to_have_count(1)
    taken = await sara.own.element_handle()
    await expect(sara.answers).not_to_have_count(before)  # by then the stream has told of the question, too

    assert await taken.evaluate("message => message.isConnected")


async def test_a_command_on_a_line_of_its_own_begins_with_its_slash(sara: Window) -> None:
    await sara.say("/staff")

    command = sara.answers.last.locator("bdi", has_text="/staff ABCD-EFGH-JKLM")
    assert await command.evaluate("node => getComputedStyle(node).direction") == "ltr"


async def test_the_talk_is_there_after_a_reload(sara: Window) -> None:
    await sara.say("ساعت کار شهرداری؟")
    before = await sara.texts()
    await sara.page.reload()
    await sara.greeted()

    await expect(sara.page.locator(".bubble")).to_have_count(len(before))
    assert await sara.texts() == before


async def test_the_talk_goes_on_after_a_restart_of_the_service(browser: Browser, start: Start) -> None:
    async with start() as app:
        assert app.address is not None
        sara = await window(browser, app.address)
        await sara.open()
        await sara.greeted()
        await sara.say("ساعت کار شهرداری؟")
        before = await sara.texts()

    await expect(sara.status).to_have_text(WORDS["connecting"])
    await sara.field.fill("نشانی شهرداری؟")
    await sara.field.press("Enter")
    async with start():
        await expect(sara.answers.last).to_contain_text("محلاتی")
        await expect(sara.status).to_have_text(WORDS["online"])

        assert (await sara.texts())[: len(before)] == before
        await expect(sara.own).to_have_count(2)


async def test_without_a_line_a_message_waits_and_is_not_lost(sara: Window) -> None:
    await sara.page.context.set_offline(True)
    await sara.field.fill("نشانی شهرداری؟")
    await sara.field.press("Enter")

    await expect(sara.own.locator(".tick.sending")).to_have_count(1)
    await sara.picture("desktop-light-offline")
    await sara.page.context.set_offline(False)
    await expect(sara.answers.last).to_contain_text("محلاتی")
    await expect(sara.own).to_have_count(1)


async def test_two_visitors_are_two_citizens(sara: Window, browser: Browser) -> None:
    reza = await window(browser, sara.address)
    await reza.open()
    await reza.greeted()
    await sara.say("ساعت کار شهرداری؟")

    assert await reza.own.count() == 0
    assert not any("۱۶:۳۰" in text for text in await reza.texts())


async def test_two_windows_of_one_visitor_show_the_same(sara: Window) -> None:
    other = Window(await sara.page.context.new_page(), sara.address)
    await other.open()
    await other.greeted()
    await sara.say("ساعت کار شهرداری؟")

    await expect(other.own).to_have_count(1)
    await expect(other.answers.last).to_contain_text("۱۶:۳۰")


async def test_everything_can_be_done_by_the_keyboard_alone(sara: Window) -> None:
    keyboard = sara.page.keyboard
    await expect(sara.field).to_be_focused()
    await keyboard.type("ساعت کار")
    await keyboard.press("Shift+Enter")
    await keyboard.type("شهرداری؟")
    await keyboard.press("Enter")
    await expect(sara.answers.last).to_contain_text("۱۶:۳۰")
    assert await sara.own.locator(".line").all_inner_texts() == ["ساعت کار", "شهرداری؟"]

    keys = sara.answers.last.locator("button.key")
    while not await keys.last.evaluate("node => node === document.activeElement"):
        await keyboard.press("Shift+Tab")
    outline = await keys.last.evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"
    await keyboard.press("ArrowDown")
    await expect(keys.first).to_be_focused()
    await keyboard.press("ArrowUp")
    await expect(keys.last).to_be_focused()
    before = await sara.texts()
    await keyboard.press("Enter")
    await sara.changed(before)
    await keyboard.press("Escape")
    await expect(sara.field).to_be_focused()


async def test_what_anybody_writes_is_shown_and_never_run(sara: Window) -> None:
    hostile = "<img src=x onerror=\"document.title='broken'\"> <b>x</b> [x](javascript:alert(1)) **ساعت**"
    await sara.say(hostile)

    assert await sara.own.locator(".line").first.inner_text() == hostile
    assert await sara.page.locator("#log img, #log b, .message.in a").count() == 0
    assert await sara.page.title() == WORDS["title"]


async def test_no_text_can_be_declared_to_be_script(browser: Browser, address: str) -> None:
    sara = await window(browser, address)
    await sara.open()
    await sara.greeted()

    with pytest.raises(Error, match="createPolicy"):
        await sara.page.evaluate("void trustedTypes.createPolicy('any', { createHTML: (text) => text })")


async def test_a_screen_reader_is_told_who_says_what(sara: Window) -> None:
    await sara.say("ساعت کار شهرداری؟")

    log = sara.page.get_by_role("log", name=WORDS["log"])
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log.get_by_role("article").filter(has_text=WORDS["you_said"])).to_have_count(1)
    names = "nodes => nodes.map(node => node.innerText.trim() || node.getAttribute('aria-label'))"
    assert all(await sara.page.get_by_role("button").evaluate_all(names))


async def test_nothing_is_asked_of_any_other_host(sara: Window) -> None:
    assert sara.hosts == {sara.address.rstrip("/")}


async def test_a_message_too_long_is_told_before_it_is_sent(sara: Window) -> None:
    await sara.field.fill("م" * 4000)
    await expect(sara.page.locator("#counter")).to_contain_text("۹۶")
    await sara.field.fill("م" * 4100)

    await expect(sara.page.locator("#counter")).to_contain_text("۴−")
    await expect(sara.page.get_by_role("button", name=WORDS["send"], exact=True)).to_be_disabled()


async def test_times_and_days_are_those_of_tehran(sara: Window) -> None:
    await expect(sara.page.locator(".date")).to_have_text(WORDS["today"])
    assert re.fullmatch("[۰-۹]{2}:[۰-۹]{2}", await sara.page.locator("time").first.inner_text())


async def test_the_dates_of_other_days_are_jalali(sara: Window) -> None:
    shown = await sara.page.evaluate(
        """async () => {
            const source = document.querySelector('link[rel=modulepreload][href*=dates]').href;
            const { dayName } = await import(source);
            const now = Date.parse('2026-11-22T12:00+03:30');
            const words = { today: 'امروز', yesterday: 'دیروز' };
            return ['2026-11-22T00:01+03:30', '2026-11-21T23:59+03:30', '2026-11-20T12:00+03:30',
                '2026-03-20T12:00+03:30'].map(at => dayName(Date.parse(at), words, now));
        }"""
    )

    assert shown == ["امروز", "دیروز", "۲۹ آبان", "۲۹ اسفند ۱۴۰۴"]


async def test_the_choice_of_light_or_dark_is_remembered(sara: Window) -> None:
    await sara.page.get_by_role("button", name=WORDS["theme_dark"]).click()
    await sara.page.reload()
    await sara.greeted()

    await expect(sara.page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(sara.page.get_by_role("button", name=WORDS["theme_light"])).to_be_visible()


async def test_everything_fits_on_a_small_phone(browser: Browser, address: str) -> None:
    small = await window(browser, address, **PHONE | {"viewport": {"width": 320, "height": 568}})
    await small.open()
    await small.greeted()
    await small.say("ساعت کار شهرداری؟")

    wide = "document.documentElement.scrollWidth > innerWidth || scroller.scrollWidth > scroller.clientWidth"
    assert not await small.page.evaluate(wide)
    await expect(small.field).to_be_in_viewport()
    await small.picture("small-phone-light")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["phone", "desktop"])
async def test_the_page_looks_as_it_should(browser: Browser, address: str, device: str, scheme: str) -> None:
    sara = await window(browser, address, color_scheme=scheme, **(PHONE if device == "phone" else {}))
    await sara.open()
    await sara.greeted()
    await sara.picture(f"{device}-{scheme}-greeting")
    for question in ("سلام، خسته نباشید", "فردا تا کی باز هستید؟"):
        await sara.say(question)
    await sara.picture(f"{device}-{scheme}-talk")

    assert await sara.page.evaluate("document.fonts.check('16px Vazirmatn')")
    assert sara.troubles == []
