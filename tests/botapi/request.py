"""python-telegram-bot's way to the fake without a socket. Not the product's request backend."""

import asyncio
from urllib.parse import unquote, urlsplit

from telegram import Bot
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from tests.botapi.answers import JSON, Answer, Cut
from tests.botapi.api import BotApi
from tests.botapi.files import Upload


class InMemory(BaseRequest):
    """Hands each call to a `BotApi` in the same process."""

    def __init__(self, api: BotApi, seconds: float = 5) -> None:
        self._api = api
        self._seconds = seconds

    @property
    def read_timeout(self) -> float:
        return self._seconds

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call; a cut connection and a slow answer become the framework's errors."""
        path = unquote(urlsplit(url).path)
        token, _, name = path.removeprefix("/file").removeprefix("/bot").partition("/")
        seconds = self._seconds if isinstance(read_timeout, DefaultValue) else read_timeout
        handled = (
            self._api.download(name, token)
            if path.startswith("/file/")
            else self._api.handle(name, _call(request_data), token)
        )
        answering: asyncio.Future[Answer] = asyncio.ensure_future(handled)
        # As over HTTP: a client that stops waiting ends its poll, but not the sending of a message.
        awaited = answering if name.lower() == "getupdates" else asyncio.shield(answering)
        try:
            answer = await asyncio.wait_for(awaited, seconds)
        except TimeoutError:
            self._api.client_gone(name, answering)
            raise TimedOut from None
        except Cut:
            raise NetworkError("the connection was cut") from None
        return answer.status, answer.body


def bot_of(api: BotApi, token: str | None = None) -> Bot:
    """A bot of the framework which talks to this server; another token than its own may be tried."""
    request = InMemory(api)
    return Bot(
        token or api.token,
        "http://memory/bot",
        "http://memory/file/bot",
        request=request,
        get_updates_request=request,
    )


def _call(data: RequestData | None) -> JSON:
    if data is None:
        return {}
    call = dict[str, object](data.json_parameters)
    for field, (name, content, mime) in (data.multipart_data or {}).items():
        call[field] = Upload(name, mime, content if isinstance(content, bytes) else content.read())
    return call
