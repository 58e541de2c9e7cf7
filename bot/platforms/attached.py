"""What came with a message: files, a point on the map, a telephone number, what it answers. Nothing is fetched.

Whatever does not look right is taken as not said: only a file without a name of its own is no file.
"""

import re
from typing import Any

from bot.incoming import Attachment, Contact, Spot
from bot.media import MOST_BYTES

JSON = dict[str, Any]
BIGGEST = 2**31 - 1
BIGGEST_ID = 2**63 - 1
LONGEST_NAME = 200
LONGEST_SOURCE = 1000
LONGEST_ALBUM = 80
_KINDS = {
    "animation": "video",  # on Telegram it is there as a document, too: the first one counts
    "video": "video",
    "video_note": "video",
    "voice": "voice",
    "audio": "audio",
    "document": "document",
}
_NOT_KEPT = re.compile("[\ud800-\udfff\x00]")


def files(message: JSON) -> tuple[Attachment, ...]:
    """The file of a message; one at the most, since each part of an album is a message."""
    sizes = message.get("photo")
    if isinstance(sizes, list) and (photos := [found for size in sizes if (found := _file("photo", size))]):
        return (_best(photos),)
    for field, kind in _KINDS.items():
        if (found := _file(kind, message.get(field))) is not None:
            return (found,)
    return ()


def spot(message: JSON) -> Spot | None:
    """The point on the map; of a place with a name, where it is."""
    found = message.get("location")
    if not isinstance(found, dict):
        venue = message.get("venue")
        found = venue.get("location") if isinstance(venue, dict) else None
    if not isinstance(found, dict):
        return None
    lat, lon = found.get("latitude"), found.get("longitude")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    return Spot(float(lat), float(lon)) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


def contact(message: JSON, platform: str) -> Contact | None:
    """The telephone number, and whether it is the sender's own."""
    found = message.get("contact")
    if not isinstance(found, dict):
        return None
    phone = _text(found.get("phone_number"), 32)
    if phone is None:
        return None
    names = (_text(found.get(part), LONGEST_NAME) for part in ("first_name", "last_name"))
    sender = message["from"]["id"]
    # Bale documents this number with 32 bits, and numbers of people with 52. Elsewhere half of one is another's.
    theirs = (sender, sender & 0xFFFFFFFF) if platform == "bale" else (sender,)
    return Contact(phone, " ".join(name for name in names if name), found.get("user_id") in theirs)


def reply_to(message: JSON) -> int | None:
    """The number of the message of a bot to which this is a reply; whether it is ours our outbox knows."""
    answered = message.get("reply_to_message")
    sender = answered.get("from") if isinstance(answered, dict) else None
    if not isinstance(answered, dict) or not isinstance(sender, dict) or sender.get("is_bot") is not True:
        return None
    number = answered.get("message_id")
    is_number = isinstance(number, int) and not isinstance(number, bool) and -BIGGEST_ID <= number <= BIGGEST_ID
    return number if is_number else None


def album(update: object) -> str | None:
    """The mark that the parts of an album share; None for a message that is whole."""
    message = update.get("message") if isinstance(update, dict) else None
    mark = message.get("media_group_id") if isinstance(message, dict) else None
    return _text(str(mark), LONGEST_ALBUM) if isinstance(mark, str | int) and not isinstance(mark, bool) else None


def _best(photos: list[Attachment]) -> Attachment:
    """The largest that can be fetched. Platforms name the smallest first, but nobody promises it."""
    fetched = [photo for photo in photos if (photo.size or 0) <= MOST_BYTES] or photos[:1]
    return max(fetched, key=lambda photo: (photo.width or 0) * (photo.height or 0))


def _file(kind: str, found: object) -> Attachment | None:
    if not isinstance(found, dict):
        return None
    source = found.get("file_id")
    if not isinstance(source, str) or not 0 < len(source) <= LONGEST_SOURCE or _NOT_KEPT.search(source):
        return None
    side = _number(found.get("length"))  # a round video has one measure for both
    return Attachment(
        kind,
        source,
        name=_text(found.get("file_name"), LONGEST_NAME),
        mime=_text(found.get("mime_type"), 100),
        size=_number(found.get("file_size")),
        width=_number(found.get("width")) or side,
        height=_number(found.get("height")) or side,
        seconds=_number(found.get("duration")),
    )


def _text(found: object, longest: int) -> str | None:
    return _NOT_KEPT.sub("", found)[:longest] or None if isinstance(found, str) else None


def _number(found: object) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found <= BIGGEST else None
