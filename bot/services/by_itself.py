"""Announcements that the calendar makes: nobody submits them, and each is made once, by its key."""

import json
from datetime import datetime

from bot.models import AnnouncementState
from bot.services.audiences import Audience
from bot.services.contents import Content
from bot.store import Unit
from bot.store.announcements import NewAnnouncement


def add_by_itself(  # noqa: PLR0913 - what an announcement is
    unit: Unit,
    key: str,
    content: Content,
    *,
    topic: str,
    audience: Audience,
    until: datetime,
    state: AnnouncementState = AnnouncementState.PLANNED,
) -> bool:
    """Let it go now, or write down that it was missed. False: it was made before; what was missed goes on a later day.

    It is not found again as the same text as others: that it comes every year is what was wanted.
    """
    made = NewAnnouncement(
        state=state,
        topic=topic,
        urgent=False,
        content=json.dumps(content.to_json()),
        audience=audience.to_json(),
        fingerprint=key,
        due_at=unit.now,
        until=int(until.timestamp() * 1000),
        key=key,
    )
    return unit.announcements.add(made) is not None or unit.announcements.put_again(made)
