"""Citizens who report and operators who work, each by themselves and patiently: whoever waits acts when it has come.

They know nothing of the service but what stands in their chats, so they go on whatever becomes of it meanwhile.
"""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from tests import samples
from tests.botapi import BotApi, Seen
from tests.reporting import code_in

PATIENCE: Final = 1500.0
HERE: Final = (35.672, 51.478)
LATER: Final = 0.002
"""Degrees between two corners at which people report: further apart than anything counts as near."""
CLOSED: Final = "بسته شده است"
TAKEN_BACK: Final = "را پس گرفتید"
GONE: Final = "همین حالا بسته شد"
ASKED: Final = "منتظر جواب شهروند"
TOLD: Final = "ثبت شد. کد پیگیری"
SENT_ON: Final = "برای شهروند فرستاده شد"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Subject:
    """Something to report: what is said, what it is about, and what is answered to the category's own question."""

    kind: str
    category: str
    words: str
    answer: str = ""


SUBJECTS: Final = (
    Subject("complaint", "lights", "چراغ کوچه خاموش است", "what.one"),
    Subject("complaint", "waste", "سطل زباله پر است", "what.bin"),
    Subject("complaint", "pavement", "آسفالت چاله دارد", "danger.no"),
    Subject("complaint", "lights", "لامپ خیابان سوخته است", "what.several"),
    Subject("suggestion", "parks", "برای بوستان نیمکت بگذارید"),
    Subject("complaint", "green", "درخت خشک شده است", "what.dry"),
    Subject("thanks", "staff", "برخورد کارمند شهرداری خیلی خوب بود"),
)


def data_of(seen: Seen, ahead: str) -> str | None:
    """The data of the first button of a message that begins so."""
    pressed = (str(button.get("callback_data", "")) for row in seen.rows for button in row)
    return next((data for data in pressed if data.startswith(ahead)), None)


@dataclass
class Person:
    """Somebody in a chat. `since`: the last message that they have dealt with."""

    api: BotApi
    user_id: int
    chat_id: int
    since: int = 0

    async def find(self, fits: Callable[[Seen], object]) -> Seen:
        """The newest message of such a look, as soon as there is one after `since`."""

        def those(seen: list[Seen]) -> list[Seen]:
            return [one for one in seen if one.message_id > self.since and fits(one)]

        return those(await self.api.until(self.chat_id, lambda seen: bool(those(seen)), PATIENCE))[-1]

    async def press(self, *ahead: str) -> Seen:
        """Press the first button that begins in one of these ways, as soon as it is there."""
        seen = await self.find(lambda one: any(data_of(one, start) for start in ahead))
        pressed = next(data for start in ahead if (data := data_of(seen, start)))
        self.api.press(self.user_id, pressed, seen, chat_id=self.chat_id)
        self.since = seen.message_id
        return seen


@dataclass
class Reporter(Person):
    """A citizen with something to report. `said`: what they added, which nobody else says."""

    first: "Reporter | None" = None
    """Whoever reports the same before this one, who then follows that, if it is still open."""
    adds: bool = False
    withdraws: bool = False
    verdict: str = ""
    waits: bool = True
    code: int = 0
    case: str = ""
    said: list[str] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def subject(self) -> Subject:
        return SUBJECTS[self.user_id % len(SUBJECTS)]

    @property
    def spot(self) -> tuple[float, float]:
        """At every corner stand some people, of whom two or three see the same."""
        return HERE[0], HERE[1] + LATER * (self.user_id // (2 * len(SUBJECTS)))

    @property
    def has_photo(self) -> bool:
        return self.user_id % 3 == 0

    async def live(self) -> None:
        if self.first is not None:
            await self.first.told.wait()
        await self.report()
        self.told.set()
        if not self.case:
            return
        if self.adds:
            await self.add_from_page()
        if self.withdraws:
            await self.withdraw()
        elif self.waits:
            await self.see_it_through()

    # -- the report

    async def report(self) -> None:
        about = self.subject
        self.api.say(self.user_id, "/report")
        await self.press(f"report_words:kind:{about.kind}")
        await self.find(lambda one: data_of(one, "report:cancel:") and not data_of(one, "report_words:"))
        self.api.say(self.user_id, f"{about.words}، پلاک {self.user_id}")
        await self.press(f"report_subject:pick:{about.category}")
        if about.answer:
            await self.press(f"report_subject:answer:{about.answer}")
            if await self.place():
                return
        if about.kind != "thanks":
            await self.pictures()
        await self.press("report_review:send:")
        told = await self.find(lambda one: TOLD in one.text)
        self.code, self.case = code_in(told), str(data_of(told, "mine:show:")).rpartition(":")[2]

    async def place(self) -> bool:
        """Where it is. True: somebody else has reported it, and this citizen follows that."""
        await self.find(lambda one: data_of(one, "report_place:list"))
        self.api.send_location(self.user_id, *self.spot)
        ways = ("report_place:another", "report_extras:no_pictures")
        asked = await self.find(lambda one: any(data_of(one, way) for way in ways))
        if data_of(asked, ways[0]) is None:
            return False
        if self.first is None:
            await self.press(ways[0])
            return False
        await self.press("report_place:me_too:")
        told = await self.find(lambda one: data_of(one, "mine:leave:") or GONE in one.text)
        if GONE not in told.text:
            return True
        self.api.press(self.user_id, ways[0], asked)
        return False

    async def pictures(self) -> None:
        if not self.has_photo:
            await self.press("report_extras:no_pictures")
            return
        asked = await self.find(lambda one: data_of(one, "report_extras:no_pictures"))
        self.api.send_photo(self.user_id, samples.jpeg(shade=self.user_id % 200))
        self.since = asked.message_id

    # -- afterwards

    async def page(self) -> Seen:
        """The case as it is shown to its citizen."""
        self.since = 0
        await self.press(f"mine:show:{self.case}")
        return await self.find(lambda one: data_of(one, "mine:list"))

    async def add_from_page(self) -> None:
        if data_of(await self.page(), f"mine:add:{self.case}"):
            await self.press(f"mine:add:{self.case}")
            await self.say_more()

    async def say_more(self) -> None:
        """What is asked for, once it is asked; the case may be closed before or after."""
        asked = await self.find(
            lambda one: (data_of(one, "mine:show:") and "بفرستید" in one.text) or CLOSED in one.text
        )
        if CLOSED in asked.text:
            return
        self.since = asked.message_id
        self.said.append(f"اضافه {next(_numbers)} از {self.user_id}")
        self.api.say(self.user_id, self.said[-1])
        await self.find(lambda one: "اضافه شد" in one.text or CLOSED in one.text)

    async def withdraw(self) -> None:
        if data_of(await self.page(), f"mine:withdraw:{self.case}") is None:
            return
        await self.press(f"mine:withdraw:{self.case}")
        sure = await self.find(lambda one: data_of(one, "mine:withdrawn:") or CLOSED in one.text)
        if CLOSED not in sure.text:
            await self.press(f"mine:withdrawn:{self.case}")
            await self.find(lambda one: TAKEN_BACK in one.text or CLOSED in one.text)

    async def see_it_through(self) -> None:
        """Answer what is asked, until it has ended; then say what one thinks of that."""
        self.since = 0
        news = await self.until_end()
        if self.verdict and data_of(news, "verdict:") is not None:
            await self.press(f"verdict:{self.verdict}:{self.case}")
            if self.verdict == "not_fixed":
                await self.press("verdict:no_more")
                await self.until_end()

    async def until_end(self) -> Seen:
        while not is_end(news := await self.find(lambda one: is_end(one) or is_question(one))):
            self.since = news.message_id
            self.api.press(self.user_id, f"mine:add:{self.case}", news)
            await self.say_more()
        return news


def is_question(seen: Seen) -> bool:
    return "یک سؤال داریم" in seen.text


def is_end(seen: Seen) -> bool:
    return "پاسخ داده شد" in seen.text or "همکاران ما می‌گویند" in seen.text


@dataclass
class Operator(Person):
    """Somebody who takes what stands in the desk, asks about some of it, and closes it. `known`: see `reply`."""

    name: str = ""
    known: Callable[[str], Awaitable[int | None]] = field(kw_only=True)
    over: asyncio.Event = field(kw_only=True)
    dice: random.Random = field(kw_only=True)
    had: set[str] = field(default_factory=set)

    async def live(self) -> None:
        while not self.over.is_set():
            await self.api.until(self.chat_id, lambda _: self.over.is_set() or bool(self.free()), PATIENCE)
            free = self.free()
            if free and not self.over.is_set():
                await self.deal(self.dice.choice(free[:3]))

    def cards(self) -> dict[str, Seen]:
        """The newest card of every case; older ones may stand above it where a kill had one sent twice."""
        found = {}
        for seen in self.api.seen(self.chat_id):
            if pressed := data_of(seen, "case:"):
                found[pressed.split(":")[2]] = seen
        return found

    def free(self) -> list[str]:
        return [case for case, card in self.cards().items() if case not in self.had and data_of(card, "case:take:")]

    async def deal(self, case: str) -> None:
        self.had.add(case)
        card = self.cards()[case]
        self.api.press(self.user_id, f"case:take:{case}", card, chat_id=self.chat_id)
        await self.see(lambda: data_of(self.cards()[case], "case:take:") is None)
        if self.name not in self.cards()[case].text:
            self.had.discard(case)  # a colleague was faster; if its citizen objects to what they did, it is ours
            return
        if int(case) % 3 == 0:
            await self.tell(case, "ask")
            # Not every citizen answers: with other work at hand it is closed all the same.
            await self.see(lambda: ASKED not in self.cards()[case].text or bool(self.free()) or self.over.is_set())
        await self.tell(case, "fixed" if int(case) % 2 else "answered")

    async def tell(self, case: str, action: str) -> None:
        """Press what needs words, and reply to the question with them; its citizen may take it back at any moment."""
        card = self.cards()[case]
        if self.has_ended(case):
            return
        self.since = max(seen.message_id for seen in self.api.seen(self.chat_id))
        self.api.press(self.user_id, f"case_words:want:{case}.{action}", card, chat_id=self.chat_id)
        await self.see(lambda: self.has_ended(case) or bool(self.asked(case, action)))
        number = None
        while number is None and not self.has_ended(case):
            number = await self.known(f"want:{case}:{action}")
        if number is None:
            return
        self.since = max(seen.message_id for seen in self.api.seen(self.chat_id))
        words = f"{'پرسش' if action == 'ask' else 'پاسخ'} {next(_numbers)} از {self.name}"
        self.api.say(self.user_id, words, chat_id=self.chat_id, reply_to=number)
        await self.see(lambda: self.has_ended(case) or self.sent_on(code_in(card)))

    async def see(self, holds: Callable[[], bool]) -> None:
        await self.api.until(self.chat_id, lambda _: holds(), PATIENCE)

    def has_ended(self, case: str) -> bool:
        return data_of(self.cards()[case], "case:more:") is None and data_of(self.cards()[case], "case:take:") is None

    def asked(self, case: str, action: str) -> list[Seen]:
        return [seen for seen in self.newer() if data_of(seen, f"case_words:drop:{case}.{action}")]

    def sent_on(self, code: int) -> bool:
        return any(SENT_ON in seen.text and code_in(seen) == code for seen in self.newer())

    def newer(self) -> list[Seen]:
        return [seen for seen in self.api.seen(self.chat_id) if seen.message_id > self.since]
