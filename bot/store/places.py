"""Where each citizen is in a conversation, in each chat. Read together with the citizen (see `citizens.py`)."""

from sqlalchemy import Connection, and_, bindparam, delete

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
FORGET = delete(places).where(places.c.platform == bindparam("of"), places.c.user_id == bindparam("user"))


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

    def forget(self, platform: str, user_id: int) -> None:
        """Delete the citizen's places in all chats."""
        self._connection.execute(FORGET, {"of": platform, "user": user_id})
