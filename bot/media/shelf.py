"""Where cleaned files stand: `<folder>/<first two digits>/<SHA-256 of the content>`, each content once.

Several processes may put and take on one shared folder. A file is complete from the instant it has its name.
"""

import hashlib
import os
import secrets
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.media import films, pictures
from bot.media.boxes import Broken
from bot.media.names import neutral
from bot.media.sort import OGG, PHOTO, WAV, Rejected, Sort, sort

MOST_BYTES = 20 * 1024 * 1024
"""What bots may fetch of Telegram and Bale alike (getFile)."""
ABANDONED_SECONDS = 3600
"""What was put down is named in the database within seconds. Only what is older may be thrown away."""
ASIDE = ".gone"
FILE_MODE, FOLDER_MODE = 0o660, 0o770
"""Less the umask; never for everybody."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file that stands on the shelf.

    `kind`: photo, video, voice, audio or document. `preview`: hash of a small JPEG of a photo. `size` in bytes,
    `seconds` where the file says so. `name` is neutral and has the ending of the real type.
    """

    hash: str
    kind: str
    name: str
    mime: str
    size: int
    width: int | None = None
    height: int | None = None
    seconds: int | None = None
    preview: str | None = None


class Shelf:
    """The folder. It is made when the first file comes. `mark`: how the names of its scratch files begin."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES, mark: str = "") -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._mark = mark

    def path(self, content: str) -> Path:
        """Where the content of this hash stands, if it is there."""
        return self.folder / content[:2] / content

    def put(self, source: Path, *, name: str, kind: str | None = None) -> Cleaned:
        """Check, clean and keep a file; `source` stays as it is.

        `kind="voice"`: recorded speech, if it is sound at all. Raises `Rejected`. Safe to run twice and by several
        processes: one content is one file.
        """
        if source.stat().st_size > self.most_bytes:
            raise Rejected("big")
        found = sort(source, name)
        if found is PHOTO:
            return self._put_picture(source, name)
        with self.scratch() as copy:
            shutil.copyfile(source, copy)
            film = _cleaned_film(copy) if found.kind in {"video", "audio"} and _is_film(found) else films.Film()
            size = copy.stat().st_size
            seconds = film.seconds if film.tracks else _seconds(copy, found)
            content = self._keep(copy)
        is_voice = found.kind == "audio" and kind == "voice"
        return Cleaned(
            content,
            "voice" if is_voice else found.kind,
            neutral(name, found.ending),
            found.mime,
            size,
            film.width,
            film.height,
            seconds,
        )

    def write(self, content: bytes, *, name: str, mime: str) -> Cleaned:
        """Keep a document that we wrote ourselves: nothing of it has to be checked."""
        with self.scratch() as file:
            file.write_bytes(content)
            return Cleaned(self._keep(file), "document", name, mime, len(content))

    def adopt(self, file: Path, *, name: str, mime: str) -> Cleaned:
        """The same of a scratch file, which is gone from there then. Raises `Rejected`: "big"."""
        size = file.stat().st_size
        if size > self.most_bytes:
            raise Rejected("big")
        return Cleaned(self._keep(file), "document", name, mime, size)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A file to write to, gone afterwards unless it was kept. Beside the others, so keeping it is one step."""
        self.folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        folder = self.folder / "new"
        folder.mkdir(FOLDER_MODE, exist_ok=True)
        file = folder / f"{self._mark}{secrets.token_hex(16)}"
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)

    def sweep(self, mark: str) -> None:
        """Remove the scratch files of a process that is dead."""
        for file in (self.folder / "new").glob(f"{mark}*"):
            file.unlink(missing_ok=True)

    # -- throwing away

    def abandoned(self) -> Iterator[list[tuple[str, int]]]:
        """(hash, when it was put down) of what has stood here for an hour, folder by folder."""
        if not self.folder.exists():
            return
        with self.scratch() as now:
            now.touch()
            limit = now.stat().st_mtime_ns - ABANDONED_SECONDS * 10**9  # by the clock of the disk itself
        for folder in sorted(path for path in self.folder.iterdir() if path.is_dir()):
            old = [(file, when) for file, when in _with_times(folder) if when < limit]
            if folder.name == "new":  # never finished
                for file, _ in old:
                    file.unlink(missing_ok=True)
            else:
                yield [(_back_in_place(file).name, when) for file, when in old]

    def throw_away(self, content: str, when: int) -> bool:
        """Remove a content put down `when`. False: somebody has put the same content down again since."""
        file = self.path(content)
        aside = file.with_name(content + ASIDE)
        try:
            file.rename(aside)
        except FileNotFoundError:
            return False
        # Put down again before it was set aside, it has become younger; after that, it is another file.
        is_same = aside.stat().st_mtime_ns == when
        if is_same:
            aside.unlink()
        else:
            _back_in_place(aside)
        return is_same

    # -- keeping

    def _put_picture(self, source: Path, name: str) -> Cleaned:
        with self.scratch() as copy, self.scratch() as small:
            width, height = pictures.redraw(source, copy, small)
            size = copy.stat().st_size
            if size > self.most_bytes:
                raise Rejected("big")
            preview = self._keep(small)
            content = self._keep(copy)
        kind = PHOTO.kind if pictures.is_photo(width, height) else "document"
        return Cleaned(content, kind, neutral(name, PHOTO.ending), PHOTO.mime, size, width, height, preview=preview)

    def _keep(self, file: Path) -> str:
        """Give a complete file its name; its hash. On the disk when this returns."""
        with file.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
            os.fsync(opened.fileno())
        target = self.path(content)
        target.parent.mkdir(FOLDER_MODE, exist_ok=True)
        # Always put in place anew, even where the same stands already: it becomes young, and is not thrown away.
        file.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return content


def _with_times(folder: Path) -> Iterator[tuple[Path, int]]:
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            yield file, file.stat().st_mtime_ns


def _back_in_place(file: Path) -> Path:
    """What a process set aside, and then died or thought better of it, gets its name again."""
    if not file.name.endswith(ASIDE):
        return file
    name = file.with_name(file.name.removesuffix(ASIDE))
    with suppress(FileExistsError, FileNotFoundError):
        os.link(file, name)
    file.unlink(missing_ok=True)
    return name


def _is_film(found: Sort) -> bool:
    return found.ending in {"mp4", "mov", "3gp", "m4a"}


def _cleaned_film(file: Path) -> films.Film:
    try:
        films.clean(file)
        return films.look(file)
    except Broken:
        raise Rejected("broken") from None


def _seconds(file: Path, found: Sort) -> int | None:
    """How long a sound is, where its end or its header says so."""
    with file.open("rb") as opened:
        head = opened.read(64)
        opened.seek(max(0, file.stat().st_size - 65_536))
        tail = opened.read()
    if found is WAV and len(head) >= 44:
        rate = struct.unpack_from("<I", head, 28)[0]
        return round(file.stat().st_size / rate) if rate else None
    if found is OGG and b"OpusHead" in head and (last := tail.rfind(b"OggS")) >= 0 and len(tail) >= last + 14:
        samples = struct.unpack_from("<q", tail, last + 6)[0]
        return round(samples / 48_000) if 0 <= samples < 10**12 else None
    return None
