"""Who follows somebody else's case: «من هم», or because their own was the same."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, and_, bindparam, delete, func, select

from bot.models import case_followers, cases
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody, and the chat where news reaches them."""

    platform: str
    user_id: int
    chat_id: int


_who = and_(case_followers.c.platform == bindparam("of"), case_followers.c.user_id == bindparam("user"))
_case = case_followers.c.case_id == bindparam("case")
ADD = (
    insert(case_followers)
    .values(
        case_id=bindparam("case"),
        platform=bindparam("of"),
        user_id=bindparam("user"),
        chat_id=bindparam("chat"),
        since=NOW,
    )
    .on_conflict_do_nothing(index_elements=["case_id", "platform", "user_id"])
)
# Whoever filed the other case gets its news already.
GO_ALONG = (
    insert(case_followers)
    .from_select(
        ["case_id", "platform", "user_id", "chat_id", "since"],
        select(
            bindparam("into", type_=BigInteger),
            case_followers.c.platform,
            case_followers.c.user_id,
            case_followers.c.chat_id,
            NOW,
        ).where(
            _case,
            ~select(cases.c.id)
            .where(
                cases.c.id == bindparam("into"),
                cases.c.platform == case_followers.c.platform,
                cases.c.user_id == case_followers.c.user_id,
            )
            .exists(),
        ),
    )
    .on_conflict_do_nothing(index_elements=["case_id", "platform", "user_id"])
)
LEAVE = delete(case_followers).where(_case, _who)
FORGET = delete(case_followers).where(_who)
OF = (
    select(case_followers.c.platform, case_followers.c.user_id, case_followers.c.chat_id)
    .where(_case)
    .order_by(case_followers.c.since)
    .limit(bindparam("most"))
)
COUNT = select(func.count()).select_from(case_followers).where(_case)
FOLLOWS = select(case_followers.c.case_id).where(_case, _who)
FOLLOWED = (
    select(case_followers.c.case_id).where(_who).order_by(case_followers.c.case_id.desc()).limit(bindparam("most"))
)


class Followers:
    """The table `case_followers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case_id: int, who: Follower) -> bool:
        """Follow a case. False: they do already."""
        asked = {"case": case_id, "of": who.platform, "user": who.user_id, "chat": who.chat_id}
        return self._connection.execute(ADD, asked).rowcount == 1

    def go_along(self, case_id: int, into: int) -> None:
        """Who follows this case follows that one too."""
        self._connection.execute(GO_ALONG, {"case": case_id, "into": into})

    def leave(self, case_id: int, platform: str, user_id: int) -> bool:
        """Follow it no more. False: they did not."""
        return self._connection.execute(LEAVE, {"case": case_id, "of": platform, "user": user_id}).rowcount == 1

    def follows(self, case_id: int, platform: str, user_id: int) -> bool:
        asked = {"case": case_id, "of": platform, "user": user_id}
        return self._connection.execute(FOLLOWS, asked).first() is not None

    def of(self, case_id: int, most: int) -> list[Follower]:
        """Those who follow a case, the first first."""
        return [Follower(*row) for row in self._connection.execute(OF, {"case": case_id, "most": most})]

    def count(self, case_id: int) -> int:
        return int(self._connection.execute(COUNT, {"case": case_id}).scalar_one())

    def followed(self, platform: str, user_id: int, most: int) -> list[int]:
        """The numbers of the cases that somebody follows, the newest first."""
        asked = {"of": platform, "user": user_id, "most": most}
        return list(self._connection.execute(FOLLOWED, asked).scalars())

    def forget(self, platform: str, user_id: int) -> None:
        """They follow nothing any more."""
        self._connection.execute(FORGET, {"of": platform, "user": user_id})
