"""The way to a Bot API over HTTP: python-telegram-bot's request backend on aiohttp.

Nine times the throughput of the framework's own at 64 requests in flight (docs/decisions/0007), and one proxy a
platform: `http://…` or `socks5://…`. What the environment says about proxies is ignored, since Bale must go direct
where Telegram cannot.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from aiohttp_socks import ProxyConnector, ProxyError
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.media import Rejected

Answer = dict[str, Any]
DEFAULT_WAIT_SECONDS = 5.0
DOWNLOAD_SECONDS = 240
PIECE_BYTES = 256 * 1024
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Content-Type": "application/json"}


class TooFast(NetworkError):
    """The platform asks for silence of so many seconds.

    Ours and not the framework's `RetryAfter`: that one is raised only where a delay is named as Telegram names it.
    """

    def __init__(self, description: str, seconds: float) -> None:
        super().__init__(description)
        self.seconds = seconds


class Unanswered(NetworkError):
    """The request went out, or may have, and no answer came: nobody knows whether the platform has done it."""


class AiohttpRequest(BaseRequest):
    """`connections` is how many requests may be under way; more wait for a free place."""

    as_json = True  # for Persian text a third of a form's bytes, and far less work

    def __init__(self, *, proxy: str = "", connections: int = 64, seconds: float = 20) -> None:
        self._proxy = proxy
        self._connections = connections
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._seconds

    async def initialize(self) -> None:
        """Open the pool. Safe to call twice."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(connector=self._connector(), cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def parse_json_payload(self, payload: bytes) -> Answer:  # type: ignore[override]  # a static method upstream
        """As upstream, but what cannot be read is not logged: it may hold a citizen's words."""
        found = read_answer(payload)
        if found is None:
            raise TelegramError("Invalid server response")
        return found

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,  # noqa: ANN401, ARG002 - upstream's sentinels
        **named: Any,  # noqa: ANN401 - upstream's signature
    ) -> tuple[int, bytes]:
        """One request. Errors never carry the address: the token is in it."""
        code, payload = await self._exchange(url, method, request_data, named.get("read_timeout"))
        answer = read_answer(payload) or {}
        if code == 200 and answer.get("ok", True) and answer.get("result") is not None:
            return 200, self.succeeded(answer, payload)
        # A refusal may come with status 200.
        told = _status(answer.get("error_code")) if code == 200 else code
        if told == 429:
            raise TooFast(str(answer.get("description") or "Too Many Requests"), _wait(answer))
        if "ok" not in answer:  # somebody on the way, maybe a proxy; one that waited in vain cannot know either
            kind = Unanswered if code == 504 else NetworkError
            raise kind(f"status {code}, not in the words of a Bot API")
        return self.refused(url.partition("?")[0].rpartition("/")[2], told, answer), payload

    def succeeded(self, answer: Answer, payload: bytes) -> bytes:  # noqa: ARG002 - for dialects to override
        """The payload as the framework understands it."""
        return payload

    def refused(self, called: str, code: int, answer: Answer) -> int:  # noqa: ARG002 - for dialects to override
        """The status that means to the framework what this refusal of the method `called` means."""
        return code

    async def _exchange(self, url: str, method: str, data: RequestData | None, seconds: object) -> tuple[int, bytes]:
        if self._session is None:
            raise NetworkError("not open")
        total = seconds if isinstance(seconds, int | float) else self._seconds
        timeout = aiohttp.ClientTimeout(total=total, sock_connect=10)
        options = _payload(data, as_json=self.as_json) | {
            "proxy": self._proxy if self._proxy.startswith("http") else None
        }
        try:
            # No Bot API sends us elsewhere; who does must not learn the token.
            async with self._session.request(
                method, url, timeout=timeout, allow_redirects=False, **options
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, ProxyError) as error:
            raise NetworkError(type(error).__name__) from None  # it never went out
        except TimeoutError:
            raise Unanswered("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unanswered(type(error).__name__) from None

    async def download(self, url: str, target: Path, most_bytes: int, told: int | None) -> None:
        """Fetch a file, piece by piece to the disk. `told`: its size, as the platform says.

        Raises `NetworkError`, whatever stands in the way or is missing at the end, and `Rejected` ("big").
        """
        if self._session is None:
            raise NetworkError("not open")
        timeout = aiohttp.ClientTimeout(total=DOWNLOAD_SECONDS, sock_connect=10, sock_read=30)
        proxy = self._proxy if self._proxy.startswith("http") else None
        try:
            async with self._session.get(url, timeout=timeout, allow_redirects=False, proxy=proxy) as response:
                if response.status == 429:
                    raise TooFast("Too Many Requests", _seconds_of(response.headers.get("Retry-After", "")))
                if response.status != 200:
                    raise NetworkError(f"status {response.status} where the file should be")
                if max(response.content_length or 0, told or 0) > most_bytes:
                    raise Rejected("big")
                got = await _save(response.content, target, most_bytes)
                if response.content_length is None and got < (told or 0):
                    raise NetworkError("cut off")
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except (aiohttp.ClientError, ProxyError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    def _connector(self) -> aiohttp.BaseConnector:
        if self._proxy.startswith("socks"):
            return ProxyConnector.from_url(
                self._proxy.replace("socks5h:", "socks5:"), limit=self._connections, rdns=True
            )
        return aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60)


async def _save(stream: aiohttp.StreamReader, target: Path, most_bytes: int) -> int:
    """Write what comes; how many bytes came."""
    got = 0
    with await asyncio.to_thread(target.open, "wb") as file:
        async for piece in stream.iter_chunked(PIECE_BYTES):
            got += len(piece)
            if got > most_bytes:
                raise Rejected("big")
            await asyncio.to_thread(file.write, piece)
    return got


def _seconds_of(header: str) -> float:
    return float(header) if header.isdecimal() and len(header) < 6 else DEFAULT_WAIT_SECONDS


def read_answer(payload: bytes) -> Answer | None:
    """The JSON object of an answer; None if it is none.

    The fast reader refuses halves of surrogate pairs and broken UTF-8. They may be in one citizen's message, which
    must not cost the others theirs, so then the other reader is asked.
    """
    try:
        found = orjson.loads(payload)
    except orjson.JSONDecodeError:
        try:
            found = json.loads(payload.decode(errors="replace"))
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None


def _status(told: object) -> int:
    return told if isinstance(told, int) and 400 <= told < 600 else 502


def _wait(answer: Answer) -> float:
    """The seconds that a 429 asks for; it may not say, or not in JSON."""
    parameters = answer.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(wait) if isinstance(wait, int | float) and wait > 0 else DEFAULT_WAIT_SECONDS


def _payload(data: RequestData | None, *, as_json: bool) -> dict[str, Any]:
    if data is None:
        return {}
    if data.contains_files:
        form = aiohttp.FormData(data.json_parameters, quote_fields=False)  # names of files stay Persian
        for name, (file_name, content, mime) in data.multipart_data.items():
            form.add_field(name, content, filename=file_name, content_type=mime)
        return {"data": form}
    if as_json:
        return {"data": orjson.dumps(data.parameters), "headers": _JSON}
    return {"data": data.url_encoded_parameters().encode(), "headers": _FORM}
