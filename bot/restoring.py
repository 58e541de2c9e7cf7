"""`python -m bot restore`: a backup into an empty database, on either engine.

What happened after the backup is not in it. So messages that waited to be sent then are not sent (they were, most
likely, or are stale), unless the operator wishes so; updates that waited are handled, since here they never were;
and numbers are left out, so that open pages meet none that they know for something else.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from bot.archive import Archive, Manifest, Spoiled, hash_of, shelved
from bot.carrying import Load, carry, taken
from bot.config import Settings
from bot.opening import CannotStart

LEAP = 1_000_000
"""More numbers than a region gives to pages and messages between two backups."""


def check(folder: Path) -> tuple[Archive, Manifest]:
    """Read a whole backup. Raises `CannotStart` if it is not whole."""
    archive = Archive(folder)
    try:
        manifest = archive.manifest()
        for content in archive.check(manifest) - set(manifest.gone):
            archive.check_media(content)
    except Spoiled as error:
        raise CannotStart(f"not a whole backup: {error}. Mend: take another one") from None
    return archive, manifest


def described(manifest: Manifest) -> str:
    return (
        f"made at {manifest.made_at} by version {manifest.version} on {manifest.engine}, revision {manifest.revision}: "
        f"{manifest.rows} rows in {len(manifest.tables)} tables, {manifest.media} files, {len(manifest.gone)} missing"
    )


def restore(settings: Settings, folder: Path, told: Callable[[str], None], *, send_waiting: bool = False) -> str:
    """Check the backup, fill the database, put the files back; one line that says what was done.

    Raises `CannotStart`; then the database is as it was.
    """
    archive, manifest = check(folder)
    told(f"The backup is whole: {described(manifest)}")
    load = Load(
        manifest.revision,
        {name: table.columns for name, table in manifest.tables.items()},
        archive.rows,
        manifest.last_numbers,
        leap=LEAP,
        send_waiting=send_waiting,
    )
    with taken(settings) as url:
        files = _put_back(archive, settings.media.path())
        carried = carry(url, load, told)
    return (
        f"Restored: {carried.rows} rows, {files} files. {carried.dropped} messages that waited to be sent at "
        f"{manifest.made_at} will not be sent. Start the service."
    )


def _put_back(archive: Archive, media: Path) -> int:
    """Copy what the folder of media lacks; how many files that were."""
    copied = 0
    for file in sorted((archive.folder / "media").rglob("*")):
        target = shelved(media, file.name)
        if not file.is_file() or (target.exists() and hash_of(target) == file.name):
            continue
        unfinished = media / "new" / f"restored-{file.name}"  # the media's own place for what is under way
        try:
            unfinished.parent.mkdir(parents=True, exist_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, unfinished)
            with unfinished.open("rb") as opened:
                os.fsync(opened.fileno())
            unfinished.replace(target)
        except OSError as error:
            raise CannotStart(f"media.folder: {target}: {error.strerror}. Mend: allow it or make room") from None
        copied += 1
    return copied
