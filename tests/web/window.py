"""A browser window as a resident uses it: read, write, press. Knows the page's roles and labels, not its workings."""

import base64
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, FilePayload, Locator, Page, async_playwright, expect

from tests.citizen import PATIENCE
from tests.web.site import WORDS

expect.set_options(timeout=PATIENCE * 1000)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


def chromium() -> str:
    """Where Chromium is. Without one the test is skipped, unless it has to run."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing = "no Chromium in PATH (Debian: apt-get install chromium)"
        if os.environ.get("HAMYAR14_TEST_BROWSER") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    path = chromium()
    async with async_playwright() as playwright:
        arguments = ["--use-fake-device-for-media-stream", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = await playwright.chromium.launch(executable_path=path, args=arguments, timeout=PATIENCE * 1000)
        yield browser
        await browser.close()


SAID = (
    "[...document.querySelectorAll('.bubble')].map(bubble =>"
    " [...bubble.querySelectorAll('.line')].map(line => line.textContent).join('\\n'))"
)
# A browser lets no program fill its clipboard or drag; the events are those it would send.
_FILE = """
    const bytes = Uint8Array.from(atob(given.content), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], given.name, { type: given.mimeType }));
"""
PASTE = f"""(given) => {{ {_FILE}
    const event = new ClipboardEvent("paste", {{ clipboardData: data, bubbles: true, cancelable: true }});
    document.activeElement.dispatchEvent(event);
}}"""
DRAG = f"""(given) => {{ {_FILE}
    const event = new DragEvent(given.event, {{ dataTransfer: data, bubbles: true, cancelable: true }});
    document.getElementById("log").dispatchEvent(event);
}}"""


def _handed_over(file: FilePayload) -> dict[str, str]:
    content = base64.b64encode(file["buffer"]).decode()
    return {"name": file["name"], "mimeType": file["mimeType"], "content": content}


class Window:
    """One tab. `troubles` collects what the browser complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.troubles: list[str] = []
        self.hosts: set[str] = set()
        self._before = ""
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._console)
        page.on("request", lambda request: self.hosts.add(re.sub(r"^(\w+://[^/]+).*", r"\1", request.url)))

    def _console(self, message: Any) -> None:  # noqa: ANN401 - Playwright's, of two types
        # That a server cannot be reached is said by the browser too; for us it is no trouble.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(message.text)

    async def open(self) -> None:
        await self.page.goto(self.address)

    async def greeted(self) -> None:
        await expect(self.answers.first).to_be_visible()
        await expect(self.status).to_have_text(WORDS["online"])

    @property
    def status(self) -> Locator:
        return self.page.locator("#status")

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox")

    @property
    def answers(self) -> Locator:
        return self.page.locator(".message.out")

    @property
    def own(self) -> Locator:
        return self.page.locator(".message.in")

    async def say(self, text: str) -> None:
        """Write, send, and wait for what is answered."""
        before = await self.answers.count()
        await self.field.fill(text)
        await self.page.get_by_role("button", name=WORDS["send"], exact=True).click()
        await expect(self.answers).not_to_have_count(before)

    async def press(self, label: str) -> None:
        """Press the last button of that label. What comes of it is waited for by whoever presses."""
        self._before = await self._last_said()
        await self.page.get_by_role("log").get_by_role("button", name=label, exact=True).last.click()

    async def hears(self, words: str) -> None:
        """Wait until the latest answer says this. After a press these must be words that were not there before it."""
        assert words not in self._before, f"«{words}» stood there before the press: nothing would be waited for"
        self._before = ""
        await expect(self.answers.last).to_contain_text(words)

    async def _last_said(self) -> str:
        """The latest answer with its buttons."""
        said = await self.answers.all_text_contents()
        return said[-1] if said else ""

    async def has(self, labels: list[str]) -> None:
        """Wait until the first buttons of the latest answer are these."""
        await expect(self.answers.last.locator(".row").first.get_by_role("button")).to_have_text(labels)

    async def pick(self, *files: FilePayload, by: str = "gallery") -> None:
        """Choose files behind the paper clip."""
        await self.page.get_by_role("button", name=WORDS["attach"]).click()
        async with self.page.expect_file_chooser() as chooser:
            await self.page.get_by_role("button", name=WORDS[by], exact=True).click()
        await (await chooser.value).set_files(list(files))

    async def paste(self, file: FilePayload) -> None:
        """Paste a picture, as after a screenshot."""
        await self.field.focus()
        await self.page.evaluate(PASTE, _handed_over(file))

    async def drag(self, file: FilePayload) -> None:
        """Drag a file over the talk, without letting go."""
        await self.page.evaluate(DRAG, _handed_over(file) | {"event": "dragenter"})

    async def drop(self, file: FilePayload) -> None:
        """Let go of a file over the talk."""
        await self.page.evaluate(DRAG, _handed_over(file) | {"event": "drop"})

    @property
    def chosen(self) -> Locator:
        """What is chosen for the next message."""
        return self.page.get_by_role("list", name=WORDS["chosen"]).get_by_role("listitem")

    async def uploaded(self, count: int) -> None:
        await expect(self.chosen).to_have_count(count)
        await expect(self.chosen.get_by_role("progressbar")).to_have_count(0)

    async def show(self, there: Locator) -> None:
        """Scroll there. Playwright's own scrolling gives up if a message is drawn anew meanwhile."""
        await there.evaluate("node => node.scrollIntoView({ block: 'nearest' })")
        await expect(there).to_be_in_viewport()

    async def submit(self) -> None:
        await self.page.get_by_role("button", name=WORDS["send"], exact=True).click()

    async def changed(self, before: list[str]) -> None:
        """Wait until anything else is said than before."""
        await self.page.wait_for_function(f"before => JSON.stringify({SAID}) !== JSON.stringify(before)", arg=before)

    async def texts(self) -> list[str]:
        """Everything said, oldest first, without times."""
        found: list[str] = await self.page.evaluate(SAID)
        return found

    async def picture(self, name: str) -> None:
        """Keep a screenshot, if somebody wants to look at it."""
        folder = os.environ.get("HAMYAR14_TEST_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            await self.page.wait_for_timeout(500)
            await self.page.screenshot(path=Path(folder) / f"{name}.png")


async def window(browser: Browser, address: str, **options: Any) -> Window:  # noqa: ANN401 - handed on as it is
    """A new visitor's window."""
    context: BrowserContext = await browser.new_context(locale="fa-IR", **({**DESKTOP, **options}))
    context.set_default_timeout(PATIENCE * 1000)
    return Window(await context.new_page(), address)
