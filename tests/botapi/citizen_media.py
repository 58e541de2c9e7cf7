"""What citizens send besides words: files, albums, places, contacts. Answers no bot."""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from tests.botapi.answers import JSON
from tests.botapi.citizens import Citizens
from tests.botapi.files import Kind, Upload

_ALBUM_NUMBERS: Iterator[int] = itertools.count(13_500_000_000_000_001)


class SendingCitizens(Citizens):
    """Each method queues an update and gives its number. `extra` are those of `say`."""

    def send_media(
        self,
        user_id: int,
        kind: Kind,
        content: bytes,
        *,
        name: str | None = None,
        mime: str | None = None,
        caption: str | None = None,
        size: int | None = None,
        details: JSON | None = None,
        **extra: Any,  # noqa: ANN401 - any field of a message
    ) -> int:
        """One file. `size` is told in place of the true one, `details` are width, height, duration."""
        stored = self.files.keep(kind, Upload.of(kind, content, name, mime), size=size, details=details)
        extra = self._caption(caption) | extra
        return self.say(user_id, None, **{kind: self.dialect.media(stored)}, **extra)

    def send_photo(self, user_id: int, content: bytes, caption: str | None = None, **more: Any) -> int:  # noqa: ANN401 - handed on as it is
        return self.send_media(user_id, "photo", content, caption=caption, **more)

    def send_video(self, user_id: int, content: bytes, caption: str | None = None, **more: Any) -> int:  # noqa: ANN401 - handed on as it is
        return self.send_media(user_id, "video", content, caption=caption, **more)

    def send_voice(self, user_id: int, content: bytes, **more: Any) -> int:  # noqa: ANN401 - handed on as it is
        return self.send_media(user_id, "voice", content, **more)

    def send_audio(self, user_id: int, content: bytes, **more: Any) -> int:  # noqa: ANN401 - handed on as it is
        return self.send_media(user_id, "audio", content, **more)

    def send_document(self, user_id: int, name: str, mime: str, content: bytes, **more: Any) -> int:  # noqa: ANN401 - handed on as it is
        return self.send_media(user_id, "document", content, name=name, mime=mime, **more)

    def send_album(
        self,
        user_id: int,
        contents: Sequence[bytes],
        caption: str | None = None,
        *,
        kind: Kind = "photo",
        **extra: Any,  # noqa: ANN401 - any field of a message
    ) -> list[int]:
        """One update for each part, all at once; the caption stands under the first."""
        album = self._album()
        return [
            self._part(user_id, kind, content, caption, place, album | extra) for place, content in enumerate(contents)
        ]

    async def send_album_slowly(
        self,
        user_id: int,
        contents: Sequence[bytes],
        caption: str | None = None,
        *,
        seconds: float,
        kind: Kind = "photo",
        **extra: Any,  # noqa: ANN401 - any field of a message
    ) -> list[int]:
        """The same, with so many seconds between one part and the next."""
        album, numbers = self._album(), []
        for place, content in enumerate(contents):
            if place:
                await asyncio.sleep(seconds)
            numbers.append(self._part(user_id, kind, content, caption, place, album | extra))
        return numbers

    def send_location(self, user_id: int, latitude: float, longitude: float, **extra: Any) -> int:  # noqa: ANN401 - handed on as it is
        return self.say(user_id, None, location={"latitude": latitude, "longitude": longitude}, **extra)

    def send_contact(
        self,
        user_id: int,
        phone_number: str,
        first_name: str = "سارا",
        *,
        contact_id: int | None = None,
        **extra: Any,  # noqa: ANN401 - any field of a message
    ) -> int:
        """`contact_id` is the user whose number it is: the citizen's own id where a button asked for it."""
        contact: JSON = {"phone_number": phone_number, "first_name": first_name}
        if contact_id is not None:
            contact["user_id"] = contact_id
        return self.say(user_id, None, contact=self.dialect.contact(contact), **extra)

    def _album(self) -> JSON:
        number = str(next(_ALBUM_NUMBERS))
        return {"media_group_id": number} if self.dialect.album_ids else {}

    def _part(self, user_id: int, kind: Kind, content: bytes, caption: str | None, place: int, extra: JSON) -> int:
        return self.send_media(user_id, kind, content, caption=None if place else caption, **extra)
