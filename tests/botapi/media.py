"""The methods by which a bot sends and changes files, albums, places and contacts, and asks for a file's path."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.botapi import params, sending
from tests.botapi.answers import JSON, ApiError
from tests.botapi.chats import SentFile, Text
from tests.botapi.files import KINDS, MB, Kind, Upload
from tests.botapi.world import World

Method = Callable[[World, JSON], object]

MOST_CAPTION = 1024
_MOST_DOWNLOAD = 20 * MB
_ALBUM_SIZES = range(2, 11)
_NO_TEXT = Text("", "", [])
_album_numbers: Iterator[int] = itertools.count(13_700_000_000_000_001)


def sender(kind: Kind) -> Method:
    """The method that sends a file of this kind."""

    def send(world: World, call: JSON) -> JSON:
        file = _file(world, call, kind, call.get(kind))
        content = world.dialect.text(call, "caption", MOST_CAPTION)
        where = sending.place(world, call)
        return sending.put(world, where, content, kind=kind, file=_count(world, file))

    return send


def send_media_group(world: World, call: JSON) -> list[JSON]:
    """All parts or none."""
    items = params.structure(call, "media")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ApiError(400, "Bad Request: can't parse media JSON object")
    _check_album(world, items)
    parts = [(*_item(world, call, item),) for item in items]
    where = sending.place(world, call)
    album = str(next(_album_numbers))
    return [
        sending.put(world, where, content, kind=file.stored.kind, file=_count(world, file), album=album)
        for file, content in parts
    ]


def send_location(world: World, call: JSON) -> JSON:
    try:
        place = {name: float(call[name]) for name in ("latitude", "longitude")}
    except (KeyError, TypeError, ValueError):
        raise ApiError(400, "Bad Request: wrong geo position specified") from None
    return sending.put(world, sending.place(world, call), _NO_TEXT, kind="location", details=place)


def send_contact(world: World, call: JSON) -> JSON:
    names = ("phone_number", "first_name", "last_name")
    contact = {name: params.text(call, name) for name in names if params.text(call, name)}
    for name in names[:2]:
        if name not in contact:
            raise ApiError(400, f"Bad Request: {name.replace('_', ' ')} must be non-empty")
    return sending.put(world, sending.place(world, call), _NO_TEXT, kind="contact", details=contact)


def edit_message_caption(world: World, call: JSON) -> JSON:
    content = world.dialect.text(call, "caption", MOST_CAPTION)
    chat, seen = sending.editable(world, call)
    if seen.file is None:
        raise ApiError(400, "Bad Request: there is no caption in the message to edit")
    return sending.change(world, chat, seen, replace(seen, content=content, keyboard=sending.inline(world, call)))


def edit_message_media(world: World, call: JSON) -> JSON:
    item = params.structure(call, "media")
    if not isinstance(item, dict):
        raise ApiError(400, "Bad Request: can't parse media JSON object")
    file, content = _item(world, call, item)
    chat, seen = sending.editable(world, call)
    new = replace(seen, content=content, keyboard=sending.inline(world, call), kind=file.stored.kind, file=file)
    answer = sending.change(world, chat, seen, new)
    _count(world, file)
    return answer


def get_file(world: World, call: JSON) -> JSON:
    stored = world.files.find(params.text(call, "file_id"))
    if stored is None:
        raise world.dialect.wrong_file()
    if stored.size > _MOST_DOWNLOAD:
        raise world.dialect.file_too_big()
    ids = {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": stored.size}
    return {**ids, "file_path": world.files.link(stored)}


METHODS: dict[str, Method] = {
    **{f"send{kind}": sender(kind) for kind in KINDS},
    "sendmediagroup": send_media_group,
    "sendlocation": send_location,
    "sendcontact": send_contact,
    "editmessagecaption": edit_message_caption,
    "editmessagemedia": edit_message_media,
    "getfile": get_file,
}


def _file(world: World, call: JSON, kind: Kind, given: object) -> SentFile:
    """The file that a parameter brings, names by `attach://`, or means by its id."""
    if isinstance(given, str) and given.startswith("attach://"):
        given = call.get(given.removeprefix("attach://"))
    if isinstance(given, Upload):
        world.dialect.check_upload(kind, given)
        return SentFile(world.files.keep(kind, given), uploaded=True)
    if not given:
        raise ApiError(400, f"Bad Request: there is no {kind} in the request")
    stored = world.files.find(str(given))
    if stored is None:
        raise world.dialect.foreign_file(kind)
    if stored.kind != kind:
        raise ApiError(400, f"Bad Request: can't use file of type {stored.kind.title()} as {kind.title()}")
    return SentFile(stored, uploaded=False)


def _item(world: World, call: JSON, item: JSON) -> tuple[SentFile, Text]:
    """One InputMedia: its file and its caption."""
    kind = item.get("type")
    if kind not in KINDS or kind == "voice":
        raise ApiError(400, f"Bad Request: type {kind!r} can't be sent as media")
    file = _file(world, call, kind, item.get("media"))
    return file, world.dialect.text(item, "caption", MOST_CAPTION)


def _check_album(world: World, items: list[JSON]) -> None:
    if len(items) not in _ALBUM_SIZES:
        raise world.dialect.wrong_album_size(len(items))
    kinds = {item.get("type") for item in items}
    for alone in ("document", "audio"):
        if alone in kinds and len(kinds) > 1:
            raise ApiError(400, f"Bad Request: {alone.title()} can't be mixed with other media types")


def _count(world: World, file: SentFile) -> SentFile:
    """Count only what was really sent."""
    counts = world.files.uploads if file.uploaded else world.files.reuses
    counts[file.stored.sha256] += 1
    return file
