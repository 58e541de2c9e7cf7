"""Staff at the page: whoever opened it and became one of them by a code."""

from playwright.async_api import Browser

from bot.app import App
from bot.services import staff
from bot.services.staff import Role
from tests.web.window import Window, window


async def colleague(browser: Browser, app: App, role: Role, name: str, desk_id: int | None = None) -> Window:
    """Somebody of this name; an operator at a desk."""
    assert app.address is not None
    code = await app.store.write(lambda unit: staff.invite(unit, role, None, desk_id))
    somebody = await window(browser, app.address)
    await somebody.open()
    await somebody.greeted()
    await somebody.say(f"/staff {code}")
    await somebody.hears("به چه نامی")
    await somebody.say(name)
    await somebody.hears("میز کار همکاران")
    return somebody


async def pictured(somebody: Window, name: str) -> None:
    """At both widths, for whoever wants to look."""
    for width, size in (("phone", (360, 740)), ("desktop", (1280, 800))):
        await somebody.page.set_viewport_size({"width": size[0], "height": size[1]})
        await somebody.picture(f"{width}-{name}")
