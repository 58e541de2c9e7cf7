"""Links that staff write: which are sound, and which stand in a text."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, urlsplit

from bot.errors import CitizenError

LIMIT: Final = 300

_HOST: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z]")
_UNFIT: Final = re.compile(r"[\s\x00-\x1f\\<>\"]")
_MIXED: Final = re.compile(r"[a-z0-9][^\W\d_a-z]|[^\W\d_a-z][a-z0-9]", re.IGNORECASE)
"""Latin and other letters in one part of a name: words were written right behind the link."""
# What somebody meant as a link, be it written well or not: «http:/tehran.ir», «htps://…», «https//…».
_WRITTEN: Final = re.compile(
    r"(?<![\w/.])h[tp]{2,4}s{0,2}(?: ?[:;.]{1,2} ?/{1,3}|//) ?[^\s<>\"«»]*|(?<![\w/.@-])www\.[^\s<>\"«»]*",
    re.IGNORECASE,
)
_BEHIND: Final = ".,،؛;:!؟?)]}»'*…"
"""A sign that ends a sentence is no part of the link before it."""


def checked_link(text: str) -> str:
    """The address of a page, as every messenger takes it. Raises `CitizenError`: "bad_link"."""
    link = text.strip()
    if "://" not in link:
        link = f"https://{link}"
    parts = _parts(link) if len(link) <= LIMIT else None
    if parts is None:
        raise CitizenError("bad_link")
    return parts.geturl()


def is_sound(link: str) -> bool:
    """Whether it is the whole address of a page, however long."""
    return _parts(link) is not None


def written(text: str) -> Iterator[str]:
    """The links of a text, sound or not, and those without their scheme («www.…»), without the signs behind them."""
    for found in _WRITTEN.finditer(text):
        link = found.group().rstrip(_BEHIND)
        # Brackets may be part of an address, as long as they are closed.
        yield f"{link})" if link.count("(") > link.count(")") and found.group().startswith(f"{link})") else link


def _parts(link: str) -> SplitResult | None:
    """The parts of a sound link, its host as machines write it."""
    try:
        parts = urlsplit(link)
        named = parts.hostname or ""
        host, port = named.encode("idna").decode(), parts.port
    except ValueError:
        return None
    if _UNFIT.search(link) or _MIXED.search(named) or parts.username is not None or port == 0:
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    return parts._replace(netloc=host if port is None else f"{host}:{port}")
