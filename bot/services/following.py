"""What an entry says to a question about it that does not name it: «شماره‌اش چنده؟», «برای بچه‌ها هم هست؟»."""

import re
from typing import Final

from bot.knowledge import Entry

HOURS: Final = "contact.hours"
DOORS: Final = {"phone": "contact.phone", "place": "contact.address", "when": HOURS}
"""What of the municipality itself answers such a question, where the subject before was the municipality."""
_OURS: Final = ("contact.", "service.help", "service.human", "service.privacy", "service.subscribe")
# A telephone number, not a year.
_NUMBER: Final = re.compile(r"(?<![۰-۹])(?!۱[۳۴][۰-۹]{2}(?![۰-۹]))[۰-۹]{3,}")
_SAME: Final = (
    "بچه|کودک|خردسال",
    "نوجو|دانش",
    "جوان|جوون",
    "خانم|خانو|بانو|زن",
    "اقا|مرد",
    "دختر",
    "پسر",
    "سالم|بازن",
    "معلو|توان",
    "خانوا",
    "همه",
)
"""Beginnings of words that name the same people."""
_ONE_SPELLING: Final = str.maketrans({"آ": "ا", "\u200c": " "})


def is_of_office(entry: Entry) -> bool:
    """Whether an entry is about the municipality itself or this service, not about a program or another body."""
    return entry.kind == "topic" and entry.id.startswith(_OURS)


def lines(entry: Entry, follow: str, group: str) -> list[str]:
    """The lines of an entry that answer; `group` is the beginning of the word for whom it may be."""
    if follow == "phone":
        return [line for line in _lines(entry) if _NUMBER.search(line)]
    if follow == "whom" and group:
        same = next((words for words in _SAME if any(word.startswith(group) for word in words.split("|"))), group)
        return [line for line in _lines(entry) if re.search(rf"(?<!\w)({same})", line.translate(_ONE_SPELLING))]
    return []


def _lines(entry: Entry) -> list[str]:
    return [line.strip() for text in (entry.answer, *entry.more) for line in text.splitlines() if line.strip()]
