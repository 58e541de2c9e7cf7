"""What the page sends, read and checked: the first look at what a stranger wrote. Stores nothing."""

import math
import re
from dataclasses import dataclass
from typing import Any

from bot.platforms.web import MOST_FILES
from web.refusal import No

LONGEST = 4096
LONGEST_PRESS = 64
"""As of messengers: who reads a button need not think of numbers of thousands of digits."""
LONGEST_NAME = 64
_NAME = re.compile(r"[\w-]{8,64}", re.ASCII)
_PHONE = re.compile(r"\+?[\d ()-]{5,20}", re.ASCII)
_KEY = re.compile(r"[\w-]{22}", re.ASCII)
# Control characters have no place in a message, and PostgreSQL refuses one of them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the page. With `press`, the button of that data under the message `message_id`.

    `files`: keys of files sent up before; the text is their caption. `place` (latitude, longitude) and `contact`
    (phone, name) are messages without text.
    """

    client_id: str
    text: str = ""
    start: bool = False
    press: str | None = None
    message_id: int = 0
    files: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    contact: tuple[str, str] | None = None


def understand(data: dict[str, Any]) -> Said:
    """Read a message of the page. Raises `No`."""
    client_id = data.get("client_id")
    if not isinstance(client_id, str) or not _NAME.fullmatch(client_id):
        raise No(400, "form")
    if data.get("start") is True:
        return Said(client_id, "/start", start=True)
    if "press" in data:
        press, message_id = data["press"], data.get("message_id")
        if (
            not isinstance(press, str)
            or len(press) > LONGEST_PRESS
            or type(message_id) is not int
            or not 0 < message_id < 2**62
        ):
            raise No(400, "form")
        return Said(client_id, press=press, message_id=message_id)
    if "place" in data:
        return Said(client_id, place=_place(data["place"]))
    if "contact" in data:
        return Said(client_id, contact=_contact(data["contact"]))
    files = _keys(data["files"]) if "files" in data else ()
    return Said(client_id, _text(data.get("text", "" if files else None), may_be_empty=bool(files)), files=files)


def _text(text: object, *, may_be_empty: bool) -> str:
    if not isinstance(text, str):
        raise No(400, "form")
    text = _CONTROL.sub("", text).strip()
    if not text and not may_be_empty:
        raise No(400, "empty")
    if len(text) > LONGEST:
        raise No(400, "long")
    return text


def _keys(keys: object) -> tuple[str, ...]:
    if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_FILES:
        raise No(400, "form")
    if not all(isinstance(key, str) and _KEY.fullmatch(key) for key in keys):
        raise No(400, "form")
    return tuple(dict.fromkeys(keys))


def _place(place: object) -> tuple[float, float]:
    if not isinstance(place, dict):
        raise No(400, "form")
    lat, lon = _degrees(place.get("lat")), _degrees(place.get("lon"))
    if abs(lat) > 90 or abs(lon) > 180:
        raise No(400, "form")
    return lat, lon


def _degrees(number: object) -> float:
    """To a tenth of a metre."""
    if not isinstance(number, int | float) or isinstance(number, bool) or not math.isfinite(number):
        raise No(400, "form")
    return round(float(number), 6)


def _contact(contact: object) -> tuple[str, str]:
    if not isinstance(contact, dict):
        raise No(400, "form")
    phone, name = contact.get("phone"), contact.get("name", "")
    if not isinstance(phone, str) or not _PHONE.fullmatch(phone) or not isinstance(name, str):
        raise No(400, "form")
    return phone, _CONTROL.sub("", name).strip()[:LONGEST_NAME]
