"""Where each citizen is in a conversation, in each chat. Read together with the citizen (see `citizens.py`)."""

from sqlalchemy import Connection, and_, bindparam, delete, select, tuple_, update

from bot.models import places
from bot.store.sql import NOW, insert

_new = insert(places).values(
    platform=bindparam("of"),
    chat_id=bindparam("chat"),
    user_id=bindparam("user"),
    place=bindparam("step"),
    memory=bindparam("kept"),
    changed_at=NOW,
)
MOVE = _new.on_conflict_do_update(
    index_elements=["platform", "chat_id", "user_id"],
    set_={
        "place": _new.excluded.place,
        "memory": _new.excluded.memory,
        "changed_at": _new.excluded.changed_at,
    },
)
LEAVE = delete(places).where(
    and_(
        places.c.platform == bindparam("of"),
        places.c.chat_id == bindparam("chat"),
        places.c.user_id == bindparam("user"),
    ),
)
_in_chat = and_(places.c.platform == bindparam("of"), places.c.chat_id == bindparam("chat"))
_there = places.alias("there")
_is_there = (
    select(_there.c.user_id)
    .where(
        _there.c.platform == places.c.platform,
        _there.c.chat_id == bindparam("new_chat"),
        _there.c.user_id == places.c.user_id,
    )
    .exists()
)
MOVE_CHAT = update(places).where(_in_chat, ~_is_there).values(chat_id=bindparam("new_chat"))
LEAVE_CHAT = delete(places).where(_in_chat)
FORGET = delete(places).where(places.c.platform == bindparam("of"), places.c.user_id == bindparam("user"))
# No index is kept for it: this is looked for once a night.
FORGET_OLD = delete(places).where(
    tuple_(places.c.platform, places.c.chat_id, places.c.user_id).in_(
        select(places.c.platform, places.c.chat_id, places.c.user_id)
        .where(places.c.changed_at < NOW - bindparam("age"))
        .limit(bindparam("most")),
    ),
)


class Places:
    """The table `places`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def move(self, platform: str, chat_id: int, user_id: int, to: tuple[str, str]) -> None:
        """The citizen now stands at `to`: the step's name and the JSON of what the conversation has gathered."""
        place, memory = to
        at = {"of": platform, "chat": chat_id, "user": user_id, "step": place, "kept": memory}
        self._connection.execute(MOVE, at)

    def leave(self, platform: str, chat_id: int, user_id: int) -> None:
        """The conversation is over."""
        self._connection.execute(LEAVE, {"of": platform, "chat": chat_id, "user": user_id})

    def move_chat(self, platform: str, old: int, new: int) -> None:
        """The chat has another number now. Who has a place there already keeps that one."""
        at = {"of": platform, "chat": old}
        self._connection.execute(MOVE_CHAT, at | {"new_chat": new})
        self._connection.execute(LEAVE_CHAT, at)

    def forget(self, platform: str, user_id: int) -> None:
        """Delete the citizen's places in all chats."""
        self._connection.execute(FORGET, {"of": platform, "user": user_id})

    def forget_old(self, age_ms: int, most: int) -> int:
        """Delete places where nobody moved for so long, so many at the most, as they hold words; how many it were."""
        return self._connection.execute(FORGET_OLD, {"age": age_ms, "most": most}).rowcount
