"""Mends what Bale sends before python-telegram-bot reads it: fields that it requires may be absent, or null.

Changes the JSON in place. Decides nothing about what a message means.
"""

from typing import Any

JSON = dict[str, Any]

_USER: JSON = {"is_bot": False, "first_name": ""}
_FRAME: JSON = {"width": 0, "height": 0}
# The parts of a message, with what the framework requires of each.
_PARTS: dict[str, JSON] = {
    "from": _USER,
    "left_chat_member": _USER,
    "voice": {"duration": 0},
    "audio": {"duration": 0},
    "video": _FRAME | {"duration": 0},
    "animation": _FRAME | {"duration": 0},
    "sticker": _FRAME | {"is_animated": False, "is_video": False, "type": "regular"},
    "document": {},
    "contact": {"first_name": "", "phone_number": ""},
    "web_app_data": {"data": "", "button_text": ""},
}
_LISTS: dict[str, JSON] = {"photo": _FRAME, "new_chat_members": _USER}
_ENTITY = {"type", "offset", "length"}


def update(found: JSON) -> JSON:
    """An update as it came."""
    found = without_nulls(found)
    for key in ("message", "edited_message"):
        message(found.get(key))
    press = found.get("callback_query")
    if isinstance(press, dict):
        press.setdefault("chat_instance", "")
        _fill(press.get("from"), _USER)
        message(press.get("message"))
    return found


def message(found: Any) -> Any:  # noqa: ANN401 - whatever stands where a message should
    """A message, and those that it answers or pins."""
    if not isinstance(found, dict):
        return found
    found.setdefault("date", 0)
    for key in ("chat", "sender_chat"):
        _type(found.get(key))
    for key, required in _PARTS.items():
        _fill(found.get(key), required)
    for key, required in _LISTS.items():
        for part in _list(found.get(key)):
            _fill(part, required)
    for key in ("entities", "caption_entities"):
        if key in found:
            found[key] = [part for part in _list(found[key]) if isinstance(part, dict) and part.keys() >= _ENTITY]
    # Our own buttons come back with a press; nobody reads them, and they may hold what the framework does not know.
    found.pop("reply_markup", None)
    for key in ("reply_to_message", "pinned_message"):
        message(found.get(key))
    return found


def without_nulls(found: Any) -> Any:  # noqa: ANN401 - any JSON
    """Null counts as absent."""
    if isinstance(found, dict):
        return {key: without_nulls(value) for key, value in found.items() if value is not None}
    if isinstance(found, list):
        return [without_nulls(value) for value in found if value is not None]
    return found


def _type(chat: object) -> None:
    if isinstance(chat, dict):
        chat.setdefault("type", "group" if chat.get("title") else "private")


def _fill(part: object, required: JSON) -> None:
    """Give a part what it lacks; a file also the second of its two names, and its preview the same."""
    if not isinstance(part, dict):
        return
    for field, value in required.items():
        part.setdefault(field, value)
    if "file_id" in part:
        part.setdefault("file_unique_id", part["file_id"])
    _fill(part.get("thumbnail"), _FRAME)


def _list(found: object) -> list[Any]:
    return found if isinstance(found, list) else []
