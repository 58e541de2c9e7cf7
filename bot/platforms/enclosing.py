"""Messages with files, as calls of the Bot API: which method, which parameters, what must be uploaded with it.

Sources: core.telegram.org/bots/api#sending-files and #sendmediagroup; docs.bale.ai, whose methods are the same.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram import InputFile
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter  # what a RequestData is built of; not exported

JSON = dict[str, Any]
Names = dict[tuple[str, str], str]
"""(hash of the content, kind it was sent as) and the platform's name for it."""

UPLOAD_SECONDS = 30
UPLOAD_BYTES_A_SECOND = 100_000
_METHODS = {
    "photo": "sendPhoto",
    "video": "sendVideo",
    "voice": "sendVoice",
    "audio": "sendAudio",
    "document": "sendDocument",
}
_SHOWN_TOGETHER = {"photo", "video"}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file on its way out. `key` is of its row, `hash` of its content, which stands at `path`."""

    key: str
    hash: str
    kind: str
    name: str
    mime: str
    size: int
    path: Path
    width: int | None = None
    height: int | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A file, what it is sent as, and the platform's name for it if it has the content already."""

    file: Enclosed
    kind: str
    known: str | None


def sent_as(file: Enclosed) -> str:
    """What a messenger takes such a file as. It plays MPEG-4 and Opus, MP3 and M4A; the rest is a document."""
    if file.kind == "video" and file.mime == "video/mp4":
        return "video"
    if file.kind == "voice" and file.mime == "audio/ogg":
        return "voice"
    if file.kind in {"voice", "audio"} and file.mime in {"audio/mpeg", "audio/mp4"}:
        return "audio"
    return "photo" if file.kind == "photo" else "document"


def parts(files: Sequence[Enclosed], known: Mapping[tuple[str, str], str]) -> list[Part]:
    """What each file is sent as. Those that are not shown side by side make documents of all."""
    kinds = [sent_as(file) for file in files]
    if len(files) > 1 and not set(kinds) <= _SHOWN_TOGETHER and set(kinds) != {"audio"}:
        kinds = ["document"] * len(files)
    return [Part(file, kind, known.get((file.hash, kind))) for file, kind in zip(files, kinds, strict=True)]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Bot API. `seconds`: how long it may take, since bytes go with it."""

    method: str
    data: RequestData
    seconds: float | None


def call(where: JSON, found: Sequence[Part], content: JSON, opened: ExitStack) -> Call:
    """The call that sends these files with this content; what it reads from stays open as long as `opened` does.

    `where`: the chat and the place in it, as parameters.
    """
    caption = {"caption": content["text"], "parse_mode": content.get("parse_mode")} if content.get("text") else {}
    if len(found) == 1:
        (part,) = found
        upload = _upload(part, opened, attach=False)
        about = where | caption | _about(part) | {"reply_markup": content.get("reply_markup")}
        media = RequestParameter(part.kind, part.known, None if upload is None else [upload])
        data = RequestData([media, *(RequestParameter(name, value, None) for name, value in about.items())])
        return Call(_METHODS[part.kind], data, _seconds(found))
    uploads = [_upload(part, opened, attach=True) for part in found]
    items = [
        {"type": part.kind, "media": part.known if upload is None else upload.attach_uri}
        | (_without_none(caption) if part is found[0] else {})
        | _about(part)
        for part, upload in zip(found, uploads, strict=True)
    ]
    attached = [upload for upload in uploads if upload is not None]
    media = RequestParameter("media", items, attached or None)
    data = RequestData([*(RequestParameter(name, value, None) for name, value in where.items()), media])
    return Call("sendMediaGroup", data, _seconds(found))


def names(found: Sequence[Part], answer: object) -> Names:
    """The names that the platform gave to what was uploaded; what it took as something else cannot be sent by one."""
    messages = answer if isinstance(answer, list) else [answer]
    return {
        (part.file.hash, part.kind): name
        for part, message in zip(found, messages, strict=False)
        if part.known is None and (name := _name(message, part.kind)) is not None
    }


def _upload(part: Part, opened: ExitStack, *, attach: bool) -> InputFile | None:
    if part.known is not None:
        return None
    content = opened.enter_context(part.file.path.open("rb"))
    upload = InputFile(content, part.file.name, attach=attach, read_file_handle=False)
    upload.mimetype = part.file.mime  # not guessed from the name
    return upload


def _about(part: Part) -> JSON:
    file = part.file
    if part.kind == "video":
        return _without_none({"width": file.width, "height": file.height, "duration": file.seconds})
    return _without_none({"duration": file.seconds}) if part.kind in {"voice", "audio"} else {}


def _without_none(found: JSON) -> JSON:
    return {name: value for name, value in found.items() if value is not None}


def _seconds(found: Sequence[Part]) -> float | None:
    size = sum(part.file.size for part in found if part.known is None)
    return UPLOAD_SECONDS + size / UPLOAD_BYTES_A_SECOND if size else None


def _name(message: object, kind: str) -> str | None:
    media = message.get(kind) if isinstance(message, dict) else None
    if isinstance(media, list):  # the sizes of a photo, the largest last
        media = media[-1] if media else None
    name = media.get("file_id") if isinstance(media, dict) else None
    return name if isinstance(name, str) else None
