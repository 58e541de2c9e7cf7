"""One platform as the rest of the bot sees it: fetch updates, send, edit, acknowledge, over the Bot API.

A platform that differs overrides what differs: how text is rendered, how incoming JSON is mended, what an error means.
"""

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlencode

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # what a RequestData is built of; not exported

from bot import markup
from bot.config import Messenger
from bot.errors import NotEditable, NotKnown, Undelivered
from bot.log import without_secrets
from bot.markup import Spans
from bot.platforms import enclosing
from bot.platforms.enclosing import Enclosed, Names, Part
from bot.platforms.hooked import Hooked
from bot.platforms.request import AiohttpRequest, TooFast, Unanswered

JSON = dict[str, Any]
Body = dict[str, Any]
Keyboard = dict[str, Any]
NETWORK_RETRY_MS = 1_000
OPERATORS_RETRY_MS = 30_000
"""For what operators have to mend, such as a token."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One known answer of a platform: when the error's text holds `holds`, it means `make(text)`."""

    holds: str
    make: Callable[[str], Undelivered]


def gone(text: str) -> Undelivered:
    return Undelivered(text, gone=True)


def ours(text: str) -> Undelivered:
    return Undelivered(text, ours=True)


class Platform(Hooked):
    """The Bot API of Telegram and whoever follows it.

    `bot_id` tells two bots of one platform apart; `fetcher` is a request backend of its own for the long poll, so
    that a waiting poll never takes a place from a message. `in_flight`: so many calls may be under way at once.
    `requests`: the backend that speaks HTTP with it. `username`: the bot's name there, None until it is known.
    """

    requests = AiohttpRequest
    in_flight = 64
    name = "telegram"
    by_key = False
    """Whether files go by the key of their row, with no bytes moved: on the page they are at home."""
    learns_pace = False
    """Whether the platform does not tell how much it takes, so that it has to be found out."""
    parse_mode: str | None = "HTML"
    verdicts: tuple[Verdict, ...] = ()

    def __init__(self, token: str, api_url: str, request: BaseRequest, fetcher: BaseRequest) -> None:
        self.bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=request,
            get_updates_request=fetcher,
        )
        super().__init__(token)
        self.bot_id = _bot_id(token)
        self.username: str | None = None
        self._requests = (request, fetcher)
        self._url = f"{api_url}/bot{token}"
        self._file_url = f"{api_url}/file/bot{token}"

    @classmethod
    def from_settings(cls, settings: Messenger, token: str) -> Self:
        """The platform over HTTP, as configured."""
        calls = cls.requests(proxy=settings.proxy, connections=settings.in_flight)
        polls = cls.requests(proxy=settings.proxy, connections=2)
        found = cls(token, settings.api_url, calls, polls)
        found.in_flight = settings.in_flight
        return found

    async def open(self) -> None:
        """Make ready to send. Does not speak to the platform: it may be out of reach, and we start all the same."""
        for request in self._requests:
            await request.initialize()

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()

    def most_a_minute(self, chat_id: int) -> int | None:  # noqa: ARG002 - for platforms to override
        """So many messages a minute this chat takes, where there is a limit besides the usual pace."""
        return None

    # -- incoming

    async def fetch(self, offset: int | None, wait_s: int) -> list[Any]:
        """The next updates, raw. Raises `Undelivered` when the platform does not answer as it should."""
        parameters: dict[str, object] = {"timeout": wait_s, "limit": 100}
        if offset is not None:
            parameters["offset"] = offset
        if self.wanted:
            parameters["allowed_updates"] = json.dumps(self.wanted)
        try:
            found = await self._requests[1].post(
                f"{self._url}/getUpdates?{urlencode(parameters)}", read_timeout=wait_s + 10
            )
        except Conflict as error:
            # As a rule the poll of the process before us, which is about to end. If it goes on, pauses grow.
            raise Undelivered(self.verdict(error).reason, retry_ms=NETWORK_RETRY_MS, ours=True) from None
        except TelegramError as error:
            raise self.verdict(error) from None
        if not isinstance(found, list):
            raise Undelivered("getUpdates: not a list", retry_ms=NETWORK_RETRY_MS)
        return found

    async def learn_name(self) -> None:
        """Ask for the bot's name, so that a command for another bot of the same group is told apart."""
        me = await self._ask("getMe")
        if isinstance(me, dict) and me.get("username"):
            self.username = str(me["username"])

    def is_me(self, name: str) -> bool:
        """Whether a command that names this bot is for us; without a name it is for whoever knows it."""
        return not name or self.username is None or name.lower() == self.username.lower()

    def is_group(self, chat_id: int) -> bool:  # noqa: ARG002 - for platforms to override
        """Whether this is known to be a group by its number alone; False where numbers do not tell."""
        return False

    def repair(self, update: dict[str, Any]) -> dict[str, Any]:
        """Mend what python-telegram-bot could not parse. Telegram's own updates need nothing."""
        return update

    async def download(self, source: str, target: Path, most_bytes: int) -> None:
        """Fetch a file by the platform's name for it.

        Raises `Undelivered`, and `Rejected` ("big") if it is bigger than that, whatever was said before.
        """
        backend = self._requests[0]
        if not isinstance(backend, AiohttpRequest):
            raise Undelivered(f"{self.name}: files are not fetched from here")
        try:
            found = await self._call("getFile", file_id=source)
            path, size = found.get("file_path"), found.get("file_size")
            if not isinstance(path, str):
                raise Undelivered("getFile: no path", retry_ms=NETWORK_RETRY_MS)
            told = size if isinstance(size, int) else None
            await backend.download(f"{self._file_url}/{quote(path)}", target, most_bytes, told)
        except TelegramError as error:
            raise self.verdict(error) from None

    # -- outgoing

    def render(self, spans: Spans) -> str:
        raise NotImplementedError  # each platform has its own dialect

    async def send(self, chat_id: int, body: Body) -> int:
        """Send a message; its number there."""
        try:
            content = self.content(body, keyboard(body)) | self.where(body)
            message = await self._call("sendMessage", chat_id=chat_id, **content)
        except TelegramError as error:
            raise self.verdict(error) from None
        return int(message["message_id"])

    def where(self, body: Body) -> dict[str, Any]:  # noqa: ARG002 - for platforms to override
        """Where in the chat a new message is to stand, as parameters of a call."""
        return {}

    def parts(self, files: Sequence[Enclosed], known: Names) -> list[Part]:
        """What each file is sent as, and by which name where the platform has it already."""
        return enclosing.parts(files, known)

    async def send_files(self, chat_id: int, body: Body, files: Sequence[Enclosed], known: Names) -> tuple[int, Names]:
        """Send files with the text under them; several are one album. (number of the message, names newly given).

        `known`: the platform's names for contents that it has already. Raises `NotKnown` if it refuses, and the
        reason may be that it has forgotten one of them.
        """
        found = self.parts(files, known)
        with ExitStack() as opened:
            where = {"chat_id": chat_id} | self.where(body)
            call = enclosing.call(where, found, self.content(body, keyboard(body)), opened)
            try:
                answer = await self._post(call.method, call.data, call.seconds)
            except TelegramError as error:
                meaning = self.verdict(error)
                if meaning.ours and meaning.retry_ms is None and not self.by_key and (used := _used(found)):
                    raise NotKnown(meaning.reason, used) from None
                raise meaning from None
        message = answer[0] if isinstance(answer, list) else answer
        return int(message["message_id"]), enclosing.names(found, answer)

    async def send_spot(self, chat_id: int, body: Body) -> int:
        """Send a point on the map; the number of the message."""
        lat, lon = body["spot"]
        return await self._send("sendLocation", chat_id, body, latitude=lat, longitude=lon)

    async def send_contact(self, chat_id: int, body: Body) -> int:
        """Send a telephone number; the number of the message."""
        phone, name = body["contact"]
        return await self._send("sendContact", chat_id, body, phone_number=phone, first_name=name)

    async def _send(self, method: str, chat_id: int, body: Body, **parameters: Any) -> int:  # noqa: ANN401 - handed on as it is
        under = self.content(body | {"text": []}, keyboard(body))["reply_markup"]
        try:
            where = self.where(body)
            message = await self._call(method, chat_id=chat_id, reply_markup=under, **where, **parameters)
        except TelegramError as error:
            raise self.verdict(error) from None
        return int(message["message_id"])

    async def edit(self, chat_id: int, message_id: int, body: Body) -> None:
        """Change a message. Raises `NotEditable` if it has to be sent anew."""
        try:
            content = self.content(body, _inline(body))
            await self._call("editMessageText", chat_id=chat_id, message_id=message_id, **content)
        except TelegramError as error:
            meaning = self.verdict(error)
            if "not modified" in meaning.reason.lower():
                return
            # Why a message cannot be changed each platform says in words of its own; a new one may go all the same.
            raise (NotEditable(meaning.reason) if meaning.ours and meaning.retry_ms is None else meaning) from None

    def shows_words(self, press_id: str) -> bool:  # noqa: ARG002 - for platforms to override
        """Whether the citizen's client can show the word by which the press of a button is acknowledged."""
        return True

    async def acknowledge(self, press_id: str, text: str, *, stays: bool = False) -> None:
        """Answer the press of a button, with a short word or none; it passes by, or stays until it is closed."""
        shown = {"show_alert": True} if stays else {}
        try:
            await self._call("answerCallbackQuery", callback_query_id=press_id, text=text or None, **shown)
        except TelegramError as error:
            raise self.verdict(error) from None

    def content(self, body: Body, under: Keyboard | None) -> dict[str, Any]:
        """A message as parameters of a call: its text in the platform's dialect, and what stands under it."""
        text = self.render(markup.from_json(body["text"]))
        return {"text": text, "parse_mode": self.parse_mode, "reply_markup": under}

    async def _call(self, method: str, **parameters: Any) -> Any:  # noqa: ANN401 - JSON in both directions
        """Call a method as JSON.

        Not through `Bot.send_message`: building and reading its objects costs a fifth of a whole turn (bench/), and an
        answer that they cannot hold would make a message that went out look unsent.
        """
        return await self._post(
            method, RequestData([RequestParameter(n, value, None) for n, value in parameters.items()])
        )

    async def _post(self, method: str, data: RequestData, seconds: float | None = None) -> Any:  # noqa: ANN401 - whatever the platform answers
        return await self._requests[0].post(f"{self._url}/{method}", data, read_timeout=seconds)

    async def publish(self, commands: Mapping[str, str]) -> None:
        """Have the messenger list these commands (name and description). Nothing depends on it."""
        try:
            await self.bot.set_my_commands(list(commands.items()))
        except TelegramError as error:
            raise self.verdict(error) from None

    # -- errors

    def verdict(self, error: TelegramError) -> Undelivered:
        """What an error of the platform means."""
        text = without_secrets(f"{type(error).__name__}: {error.message}")[:200]
        if isinstance(error, TooFast):
            return Undelivered(text, retry_ms=int(error.seconds * 1000), flood=True)
        for known in self.verdicts:
            if known.holds in text.lower():
                return known.make(text)
        if isinstance(error, Forbidden):
            return gone(text)
        if isinstance(error, InvalidToken | Conflict):
            return Undelivered(text, retry_ms=OPERATORS_RETRY_MS, ours=True)
        if isinstance(error, ChatMigrated):
            return Undelivered(text, retry_ms=NETWORK_RETRY_MS, moved_to=error.new_chat_id)
        if isinstance(error, BadRequest):
            return ours(text)
        return Undelivered(text, retry_ms=NETWORK_RETRY_MS, lost=isinstance(error, Unanswered))


def _used(parts: Sequence[Part]) -> Names:
    return {(part.file.hash, part.kind): part.known for part in parts if part.known is not None}


def keyboard(body: Body) -> Keyboard | None:
    """The keyboard of a message as the Bot API has it."""
    if body.get("remove"):
        return {"remove_keyboard": True}
    rows: list[list[JSON]] = [[{"text": label} for label in row] for row in body.get("reply", ())]
    if body.get("place"):
        asking: JSON = {"text": body["place"], "request_location": True}
        return {"keyboard": [[asking], *rows], "resize_keyboard": True, "one_time_keyboard": True}
    if rows:
        return {"keyboard": rows, "resize_keyboard": True, "is_persistent": True}
    return _inline(body)


def _inline(body: Body) -> Keyboard | None:
    if not body.get("inline"):
        return None
    return {"inline_keyboard": [[_button(button) for button in row] for row in body["inline"]]}


def _button(button: dict[str, str]) -> dict[str, str]:
    if "u" in button:
        return {"text": button["t"], "url": button["u"]}
    return {"text": button["t"], "callback_data": button["d"]}


def _bot_id(token: str) -> int:
    number = token.partition(":")[0]
    return int(number) if number.isdecimal() and len(number) < 19 else zlib.crc32(token.encode())
