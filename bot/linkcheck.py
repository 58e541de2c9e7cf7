"""Whether a link still answers. Staff name any address, so this must not become a way into the house.

A host's addresses are looked up here, each is checked to be public, and the connection goes to one that was checked,
under the host's name: whoever changes the name's addresses meanwhile changes nothing. Each redirect is checked anew.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import aiohttp
from yarl import URL

SECONDS: Final = 8
"""For all of it, redirects included."""
MOST_REDIRECTS: Final = 3
MOST_BYTES: Final = 64 * 1024
MOST_ADDRESSES: Final = 3
"""So many addresses of a host are tried."""

_HEADERS: Final = {"User-Agent": "Hamyar14 link check", "Accept": "*/*"}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MISSING: Final = frozenset({404, 410})
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Answer(NamedTuple):
    """What a link answers. `status`: of HTTP, where it came so far.

    `key`: "alive" (also where a page wants a login, or no robots), "missing" (404, 410), "failing" (5xx), "silent"
    (no such host, no connection, no answer in time), "insecure" (its certificate is not in order), "looping" (too many
    redirects), "refused" (no public page: not asked).
    """

    key: str
    status: int | None = None

    @property
    def dead(self) -> bool:
        """Whether a citizen who taps it sees no page. A failure of the moment counts: let it be asked again."""
        return self.key != "alive"


class _Refused(Exception):
    """An address that is not asked."""


async def answers(url: str, session: aiohttp.ClientSession, allowed: Collection[str] = ()) -> Answer:
    """Ask a link, by HEAD, then by GET. `allowed`: addresses that may be asked though they are not public, for tests.

    Never raises for what the other side does. The session must use no proxy: that would look hosts up by itself.
    """
    try:
        async with asyncio.timeout(SECONDS):
            return await _follow(URL(url), session, allowed)
    except aiohttp.ClientSSLError:  # first: some of them are ValueErrors too
        return Answer("insecure")
    except (_Refused, ValueError):
        return Answer("refused")
    except (TimeoutError, aiohttp.ClientError, OSError):
        return Answer("silent")


async def _follow(url: URL, session: aiohttp.ClientSession, allowed: Collection[str]) -> Answer:
    for _ in range(MOST_REDIRECTS + 1):
        status, onward = await _asked(url, session, allowed)
        if status not in _REDIRECTS or not onward:
            return Answer(_key(status), status)
        url = url.join(URL(onward))
    return Answer("looping", status)


def _key(status: int) -> str:
    if status in _MISSING:
        return "missing"
    return "failing" if status >= 500 else "alive"


async def _asked(url: URL, session: aiohttp.ClientSession, allowed: Collection[str]) -> tuple[int, str]:
    """The status, and where it leads. Many servers answer HEAD wrongly: a refusal counts only as an answer to GET."""
    if url.scheme not in {"http", "https"} or not url.raw_host or url.user is not None or url.password is not None:
        raise _Refused
    addresses = await _addresses(url.raw_host, url.port or 0, allowed)
    try:
        status, onward = await _request("HEAD", url, session, addresses)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, aiohttp.ClientResponseError):
        status, onward = 0, ""
    if 200 <= status < 400:
        return status, onward
    return await _request("GET", url, session, addresses)


async def _request(method: str, url: URL, session: aiohttp.ClientSession, addresses: Sequence[str]) -> tuple[int, str]:
    """Ask the first address that takes a connection."""
    failure: aiohttp.ClientError | None = None
    for address in addresses:
        try:
            return await _request_at(method, url, session, address)
        except aiohttp.ClientConnectorError as error:
            failure = error
            if isinstance(error, aiohttp.ClientSSLError):
                break
    raise failure or _Refused


async def _request_at(method: str, url: URL, session: aiohttp.ClientSession, address: str) -> tuple[int, str]:
    host = url.raw_host or ""
    named = f"[{host}]" if ":" in host else host
    async with session.request(
        method,
        url.with_host(address),
        headers=_HEADERS | {"Host": named if url.is_default_port() else f"{named}:{url.port}"},
        server_hostname=host if url.scheme == "https" else None,
        allow_redirects=False,
        raise_for_status=False,
        read_bufsize=MOST_BYTES // 2,  # the reader takes twice this before it stops the other side
        skip_auto_headers=("Accept-Encoding",),  # nothing is unpacked
    ) as response:
        found = response.status, response.headers.get("Location", "")
        response.close()  # the status is all: of the page nothing is read
    return found


async def _addresses(host: str, port: int, allowed: Collection[str]) -> list[str]:
    """The addresses of a host, those of IPv4 first. Raises `_Refused` if one of them is not public, and `OSError`."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_, place in found))
    if not addresses or not all(str(address) in allowed or _is_public(address) for address in addresses):
        raise _Refused
    return [str(address) for address in sorted(addresses, key=lambda address: address.version)][:MOST_ADDRESSES]


def _is_public(address: Address) -> bool:
    """Whether it is somewhere in the internet, also after what wraps an address of IPv4 was taken off."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inside is not None:
            return _is_public(inside)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
