"""What staff decide of a text for an occasion: other words, another hour, a picture, not at all, or that it may go.

What does not go of itself needs a manager or an admin, and somebody else than whoever wrote it.
"""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot import markup
from bot.errors import CitizenError
from bot.services import audit, drafts, leaving, pictures, staff, tone
from bot.services.greetings import EARLIEST, LATEST, LIMIT
from bot.services.occasion_plans import State, Text
from bot.services.staff import Member
from bot.store import Unit
from bot.store.greeting_changes import GreetingChange

LETTERS: Final = LIMIT
HOURS: Final = range(EARLIEST, LATEST + 1)
PRINT: Final = 6
"""Letters that tell one version of a text from another on a button."""
_WORDS: Final = ("text", "photo")


def may_change(text: Text, now: datetime) -> None:
    """Raises `CitizenError`: "sent", "too_late" if its time is over."""
    if text.state == State.SENT:
        raise CitizenError("sent")
    if text.state == State.MISSED or now > text.last_start:
        raise CitizenError("too_late")


def print_of(text: Text) -> str:
    """Changes with what is sent: nobody approves what they have not seen."""
    seen = f"{markup.plain(text.spans)}\n{text.photo}"
    return hashlib.sha256(seen.encode()).hexdigest()[:PRINT]


def checked(text: Text, written: str) -> str:
    """Words in place of the shipped ones.

    Raises `CitizenError`: "empty", "text_long" (limit, length), or how they sound wrong (count, sign, most, word).
    """
    words = drafts.clean(written)
    if not any(sign.isalnum() for sign in words):
        raise CitizenError("empty")
    if len(words) > LETTERS:
        raise CitizenError("text_long", limit=LETTERS, length=len(words))
    for wrong in tone.heard(words, text.kind):
        said = {"count": "", "sign": "", "most": "", "word": ""} | dict(wrong.fields)
        raise CitizenError(
            f"tone_{wrong.key}", count=said["count"], sign=said["sign"], most=said["most"], word=said["word"]
        )
    return words


def edit(unit: Unit, text: Text, member: Member, written: str) -> None:
    """Other words. Raises as `checked`."""
    _keep(unit, text, member, "greeting_edited", text=checked(text, written))


def restore(unit: Unit, text: Text, member: Member) -> None:
    """The shipped words again."""
    _keep(unit, text, member, "greeting_edited", text=None)


def show(unit: Unit, text: Text, member: Member, key: str | None) -> None:
    """With this picture, or with none. Raises `CitizenError`: "photo_lost"."""
    _keep(unit, text, member, "greeting_pictured", photo=None if key is None else pictures.published(unit, key))


def put_at(unit: Unit, text: Text, member: Member, hour: int) -> None:
    """At another hour of its day. Raises `CitizenError`: "no_hour"."""
    if hour not in HOURS:
        raise CitizenError("no_hour")
    _keep(unit, text, member, "greeting_timed", hour=hour)


def skip(unit: Unit, text: Text, member: Member) -> None:
    """It is not sent."""
    _keep(unit, text, member, "greeting_skipped", skipped_by=member.id)


def send_after_all(unit: Unit, text: Text, member: Member) -> None:
    """It is sent as if it had never been skipped."""
    _keep(unit, text, member, "greeting_unskipped", skipped_by=None)


def approve(unit: Unit, text: Text, member: Member, seen: str) -> None:
    """It may go. `seen`: the print of what they were shown.

    Raises `CitizenError`: "managers_only", "own" for one's own words, "other_now" if it was changed meanwhile.
    """
    if not staff.may(member.role, "manager"):
        raise CitizenError("managers_only")
    if is_own(unit, text, member):
        raise CitizenError("own")
    if seen != print_of(text):
        raise CitizenError("other_now")
    _keep(unit, text, member, "greeting_approved", approved_by=member.id)


def is_own(unit: Unit, text: Text, member: Member) -> bool:
    """Whether somebody else has to approve it; who is the only one that could has to do."""
    wrote = _has_own_words(text.change) and text.change.changed_by == member.id
    return wrote and any(other.id != member.id for other in leaving.managers(unit))


def _keep(unit: Unit, of: Text, member: Member, action: str, **changed: Any) -> None:  # noqa: ANN401 - columns of a row
    """Write down a decision. Other words need to be approved anew, and are those of whoever wrote them."""
    now = replace(of.change, **changed)
    is_new = any(name in changed for name in _WORDS)
    if is_new:
        now = replace(now, approved_by=None)
    by = member.id if is_new or not _has_own_words(of.change) else of.change.changed_by
    unit.greeting_changes.keep(now, member.id if by is None else by)
    about = f"occasion:{of.ref}"
    audit.note(unit, member, action, about, after={"title": of.title, "before": of.planned.before} | changed)


def _has_own_words(change: GreetingChange) -> bool:
    return any(getattr(change, name) is not None for name in _WORDS)
