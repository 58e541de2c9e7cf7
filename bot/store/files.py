"""Files that somebody keeps: whose they are, what they are, and where their content stands on the shelf.

A row of state WAITING is fetched in the background (`bot/fetching.py`). `due_at` says when, and is the lease too: a
claim pushes it ahead, so if the claiming process dies the row comes up again.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, case, delete, func, or_, select, text, union, update

from bot.incoming import Attachment
from bot.media import Cleaned
from bot.models import FileState, case_files, events, files
from bot.store.sql import NOW, insert

LEASE_MS = 15_000
"""Renewed while a file is being fetched."""
COPY = "copy:"
"""How the source of a file begins that is written here: a citizen's copy of all that is kept of them."""
SURVEY = "survey:"
"""The same, of results of a survey that one of the staff wants as a file."""
OURS = 0
"""Instead of a chat: files that stand in answers. No chat has this number, and nobody's wish deletes them."""

_theirs = and_(files.c.platform == bindparam("of"), files.c.chat_id == bindparam("chat"))
_of_case = select(case_files.c.id).where(case_files.c.file == files.c.key).exists()
_columns = (
    files.c.id,
    files.c.key,
    files.c.platform,
    files.c.chat_id,
    files.c.kind,
    files.c.name,
    files.c.mime,
    files.c.size,
    files.c.width,
    files.c.height,
    files.c.seconds,
    files.c.hash,
    files.c.preview,
    files.c.state,
    files.c.source,
    files.c.tries,
    files.c.received_at,
)
ADD = (
    insert(files)
    .values(
        key=bindparam("unguessable"),
        platform=bindparam("of"),
        chat_id=bindparam("chat"),
        kind=bindparam("sort"),
        name=bindparam("called"),
        mime=bindparam("type"),
        size=bindparam("bytes"),
        width=bindparam("wide"),
        height=bindparam("high"),
        seconds=bindparam("long"),
        hash=bindparam("content"),
        preview=bindparam("small"),
        state=bindparam("to"),
        source=bindparam("from"),
        due_at=NOW,
        received_at=NOW,
    )
    .returning(*_columns)
)
FIND = select(*_columns).where(files.c.key.in_(bindparam("keys", expanding=True)))
FIND_THEIRS = FIND.where(_theirs)
_free = (
    select(files.c.id)
    .where(
        files.c.platform.in_(bindparam("ours", expanding=True)),
        files.c.state == FileState.WAITING,
        files.c.due_at <= NOW,
    )
    .order_by(files.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("free")
)
CLAIM = (
    update(files)
    .where(files.c.id.in_(select(_free)))
    .values(due_at=NOW + LEASE_MS, tries=files.c.tries + 1)
    .returning(*_columns)
)
_row = and_(files.c.id == bindparam("row"), files.c.state == FileState.WAITING)
# Once it is fetched, nothing needs to tell where a file came from that is ours.
_from = case((files.c.chat_id == OURS, None), else_=files.c.source)
# What the file itself does not say stays as the platform said it.
DONE = (
    update(files)
    .where(_row)
    .values(
        kind=bindparam("sort"),
        name=bindparam("called"),
        mime=bindparam("type"),
        size=bindparam("bytes"),
        width=func.coalesce(bindparam("wide", type_=Integer), files.c.width),
        height=func.coalesce(bindparam("high", type_=Integer), files.c.height),
        seconds=func.coalesce(bindparam("long", type_=Integer), files.c.seconds),
        hash=bindparam("content"),
        preview=bindparam("small"),
        state=FileState.THERE,
        source=_from,
        error=None,
    )
)
AGAIN = update(files).where(_row).values(due_at=NOW + bindparam("wait"), error=bindparam("why"))
MISSING = update(files).where(_row).values(state=FileState.MISSING, source=_from, error=bindparam("why"))
# What is due later than a lease reaches was put off, and stays so.
HOLD = (
    update(files)
    .where(files.c.id.in_(bindparam("rows", expanding=True)), files.c.state == FileState.WAITING)
    .values(due_at=NOW + LEASE_MS)
)
FREE_ALL = (
    update(files)
    .where(files.c.state == FileState.WAITING, files.c.due_at > NOW, files.c.due_at <= NOW + LEASE_MS)
    .values(due_at=NOW)
)
FORGET = delete(files).where(_theirs)
# The picture of an event stays as long as the event does, and what belongs to a case as long as the case.
FORGET_OLD = delete(files).where(
    files.c.id.in_(
        select(files.c.id)
        .where(
            files.c.received_at < NOW - bindparam("age"),
            files.c.chat_id != OURS,
            files.c.key.not_in(select(events.c.photo).where(events.c.photo.is_not(None))),
            ~_of_case,
        )
        .limit(bindparam("most")),
    ),
)
SAID = (
    update(files)
    .where(files.c.id.in_(bindparam("rows", expanding=True)), files.c.state.in_([FileState.THERE, FileState.UPLOADED]))
    .values(state=FileState.THERE)
)
# The state as the index has it: no parameter would be known to mean the same.
FORGET_UPLOADED = delete(files).where(
    files.c.id.in_(
        select(files.c.id)
        .where(text("state = 3"), files.c.received_at < NOW - bindparam("age"))
        .limit(bindparam("most")),
    ),
)
DROP = delete(files).where(files.c.key.in_(bindparam("keys", expanding=True)), ~_of_case)
ADOPT = update(files).where(files.c.key.in_(bindparam("keys", expanding=True))).values(chat_id=OURS)
# Neither whose they are stays, nor at what time they came or what they were called. By the source one that waits is
# fetched.
ADOPT_NAMELESS = ADOPT.values(
    name=None,
    received_at=bindparam("since"),
    source=case((files.c.state == FileState.WAITING, files.c.source), else_=None),
)
# Of cases that are left when their own were dealt with: what somebody sent as one of the staff.
ADOPT_OF_CASES = update(files).where(_theirs, _of_case).values(chat_id=OURS)
# What was written for somebody is nothing that they sent.
_sent = or_(
    files.c.source.is_(None),
    and_(files.c.source.not_like(f"{COPY}%"), files.c.source.not_like(f"{SURVEY}%")),
)
COUNT = select(func.count()).select_from(files).where(_theirs, _sent)
LATEST = (
    select(*_columns)
    .where(_theirs, _sent, files.c.state == FileState.THERE)
    .order_by(files.c.id.desc())
    .limit(bindparam("most"))
)
COPIED = select(func.max(files.c.received_at)).where(_theirs, files.c.source == bindparam("from"))
NAMED = union(
    select(files.c.hash.label("content")).where(files.c.hash.in_(bindparam("hashes", expanding=True))),
    select(files.c.preview.label("content")).where(files.c.preview.in_(bindparam("hashes", expanding=True))),
)


@dataclass(frozen=True, slots=True)
class File:
    """A row. `hash` and `preview` are names on the shelf (`bot/media`), once it is `there`."""

    id: int
    key: str
    platform: str
    chat_id: int
    kind: str
    name: str | None
    mime: str | None
    size: int | None
    width: int | None
    height: int | None
    seconds: int | None
    hash: str | None
    preview: str | None
    state: int
    source: str | None
    tries: int
    received_at: int

    @property
    def there(self) -> bool:
        return self.state in {FileState.THERE, FileState.UPLOADED}


class Files:
    """The table `files`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- new rows

    def want(self, platform: str, chat_id: int, sent: Attachment) -> File:
        """Keep a file that somebody sent: it is fetched in the background."""
        about: dict[str, object] = {
            "sort": sent.kind,
            "called": sent.name,
            "type": sent.mime,
            "bytes": sent.size,
        }
        extent: dict[str, object] = {"wide": sent.width, "high": sent.height, "long": sent.seconds}
        there: dict[str, object] = {"content": None, "small": None, "to": FileState.WAITING, "from": sent.source}
        return self._add(platform, chat_id, about | extent | there)

    def put(self, platform: str, chat_id: int, cleaned: Cleaned) -> File:
        """Keep a file whose content stands on the shelf already."""
        return self._add(platform, chat_id, _content(cleaned) | {"to": FileState.THERE, "from": None})

    def upload(self, platform: str, chat_id: int, cleaned: Cleaned) -> File:
        """As `put`, for a message that has yet to come: see `said`."""
        return self._add(platform, chat_id, _content(cleaned) | {"to": FileState.UPLOADED, "from": None})

    def said(self, found: Sequence[File]) -> bool:
        """These files are in a message now. False: one of them was forgotten at that moment."""
        return self._connection.execute(SAID, {"rows": [file.id for file in found]}).rowcount == len(found)

    def give(self, platform: str, chat_id: int, file: File) -> File:
        """Give a file that is there to another chat, too: a row of its own, the same content."""
        about: dict[str, object] = {"sort": file.kind, "called": file.name, "type": file.mime, "bytes": file.size}
        extent: dict[str, object] = {"wide": file.width, "high": file.height, "long": file.seconds}
        there: dict[str, object] = {"content": file.hash, "small": file.preview, "to": FileState.THERE, "from": None}
        return self._add(platform, chat_id, about | extent | there)

    def adopt(self, keys: Sequence[str]) -> None:
        """These files are ours from now on: they stand in an answer, and stay whatever becomes of who sent them."""
        if keys:
            self._connection.execute(ADOPT, {"keys": list(keys)})

    def adopt_nameless(self, keys: Sequence[str], since: int) -> None:
        """The same, and nothing tells any more who sent them or when: they bear this instant."""
        if keys:
            self._connection.execute(ADOPT_NAMELESS, {"keys": list(keys), "since": since})

    def adopt_of_cases(self, platform: str, chat_id: int) -> None:
        """Whatever of a chat belongs to cases is ours from now on."""
        self._connection.execute(ADOPT_OF_CASES, {"of": platform, "chat": chat_id})

    # -- looking

    def find(self, keys: Sequence[str]) -> dict[str, File]:
        """The files of these keys. A key that is unknown, or of a file that was forgotten, is left out."""
        if not keys:
            return {}
        found = self._connection.execute(FIND, {"keys": list(keys)})
        return {file.key: file for file in (_file(row) for row in found)}

    def find_theirs(self, platform: str, chat_id: int, keys: Sequence[str]) -> dict[str, File]:
        """Those of these files that belong to a chat."""
        which = {"of": platform, "chat": chat_id, "keys": list(keys)}
        found = self._connection.execute(FIND_THEIRS, which).all() if keys else []
        return {file.key: file for file in (_file(row) for row in found)}

    def latest(self, platform: str, chat_id: int, most: int) -> list[File]:
        """The newest files that a chat sent and that are there, the first of these first."""
        found = self._connection.execute(LATEST, {"of": platform, "chat": chat_id, "most": most}).all()
        return [_file(row) for row in reversed(found)]

    def copied_at(self, platform: str, chat_id: int, source: str) -> int | None:
        """When a file of this source was last asked for in a chat."""
        return self._connection.execute(COPIED, {"of": platform, "chat": chat_id, "from": source}).scalar()

    def count(self, platform: str, chat_id: int) -> int:
        """How many files of a chat are kept."""
        return int(self._connection.execute(COUNT, {"of": platform, "chat": chat_id}).scalar_one())

    # -- fetching

    def claim(self, platforms: Sequence[str], most: int) -> list[File]:
        """Lease files of these platforms that wait to be fetched, those waiting longest first."""
        found = self._connection.execute(CLAIM, {"ours": list(platforms), "most": most})
        return sorted((_file(row) for row in found), key=lambda file: file.id)

    def done(self, file_id: int, cleaned: Cleaned) -> bool:
        """The content stands on the shelf. False: the row was dealt with already, or was forgotten."""
        return self._connection.execute(DONE, _content(cleaned) | {"row": file_id}).rowcount == 1

    def again(self, file_id: int, wait_ms: int, error: str) -> None:
        """It could not be fetched now; once more after so long."""
        self._connection.execute(AGAIN, {"row": file_id, "wait": wait_ms, "why": error})

    def hold(self, file_ids: list[int]) -> None:
        """These are still being fetched."""
        if file_ids:
            self._connection.execute(HOLD, {"rows": file_ids})

    def missing(self, file_id: int, error: str) -> None:
        """It will not be fetched."""
        self._connection.execute(MISSING, {"row": file_id, "why": error})

    def free_all(self) -> None:
        """End every lease: only for a process that knows it is alone, at its start."""
        self._connection.execute(FREE_ALL)

    # -- forgetting

    def forget(self, platform: str, chat_id: int) -> None:
        """Delete the rows of a chat. What no row names any more is thrown away by a job."""
        self._connection.execute(FORGET, {"of": platform, "chat": chat_id})

    def drop(self, keys: Sequence[str]) -> None:
        """Delete these rows, but none of what belongs to a case."""
        if keys:
            self._connection.execute(DROP, {"keys": list(keys)})

    def forget_old(self, age_ms: int, most: int) -> int:
        """Delete rows received longer ago than this, so many at the most; return how many."""
        return self._connection.execute(FORGET_OLD, {"age": age_ms, "most": most}).rowcount

    def forget_uploaded(self, age_ms: int, most: int) -> int:
        """Delete rows that were sent up longer ago than this and put into no message; return how many."""
        return self._connection.execute(FORGET_UPLOADED, {"age": age_ms, "most": most}).rowcount

    def named(self, hashes: Iterable[str]) -> set[str]:
        """Those of these contents that a row names."""
        asked = list(hashes)
        return {row.content for row in (self._connection.execute(NAMED, {"hashes": asked}) if asked else ())}

    def _add(self, platform: str, chat_id: int, values: dict[str, object]) -> File:
        which = {"unguessable": secrets.token_urlsafe(16), "of": platform, "chat": chat_id}
        return _file(self._connection.execute(ADD, which | values).one())


def _content(cleaned: Cleaned) -> dict[str, object]:
    return {
        "sort": cleaned.kind,
        "called": cleaned.name,
        "type": cleaned.mime,
        "bytes": cleaned.size,
        "wide": cleaned.width,
        "high": cleaned.height,
        "long": cleaned.seconds,
        "content": cleaned.hash,
        "small": cleaned.preview,
    }


def _file(row: Iterable[Any]) -> File:
    return File(*row)
