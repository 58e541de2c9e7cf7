"""`python -m bot backup`: everything as it is at one instant, while the service runs.

The tables are read in one transaction that holds nobody up; then come the files that those tables name, which never
change. All of it is read back before the folder gets its name, so what has the name of a backup is one. Files that
the last backup has already are linked, not copied: each folder is whole, and costs only what is new.
"""

import errno
import fcntl
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC
from pathlib import Path

from bot.archive import Archive, Manifest, Spoiled, hash_of, shelved
from bot.clock import Clock
from bot.config import ROOT, Settings
from bot.errors import StoreDown
from bot.opening import CannotStart, database_url, out_of_reach
from bot.store.address import file_of
from bot.store.aside import look
from bot.store.whole import Whole

NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ")
UNFINISHED = ".unfinished"


def backup(settings: Settings, folder: Path, keep: int, clock: Clock) -> str:
    """Make one backup in the folder, and throw away all but the `keep` newest; one line that says what was made.

    Raises `CannotStart`; then there is no new backup, and the old ones are as they were.
    """
    url = database_url(settings)
    file = file_of(url) if settings.database.is_one_file else None
    if file is not None and not file.exists():
        raise CannotStart(f"no backup: {file} does not exist. Mend: check database.url")
    try:
        with _alone(folder):
            manifest, made = _make(url, settings.media.path(), folder, clock)
            dropped = _prune(folder, keep)
    except StoreDown as error:
        raise out_of_reach(url, error) from None
    except Spoiled as error:
        raise CannotStart(f"no backup: {error}. Mend: check the disk, then try again") from None
    except OSError as error:
        raise CannotStart(
            f"no backup: {folder}: {error.strerror}. Mend: make room or allow it, then try again"
        ) from None
    return (
        f"Backup {made}: {manifest.rows} rows in {len(manifest.tables)} tables, {manifest.media} files of "
        f"{manifest.media_bytes / 1e6:.1f} MB, revision {manifest.revision}; read back and whole. "
        f"{len(manifest.gone)} files were missing or damaged. {dropped} old backups removed."
    )


def version() -> str:
    """The version of this program."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def _make(url: str, media: Path, folder: Path, clock: Clock) -> tuple[Manifest, Path]:
    made_at = clock.now().astimezone(UTC)
    target = folder / f"{made_at:%Y-%m-%dT%H-%M-%SZ}"
    if target.exists():
        raise CannotStart(f"no backup: {target} exists already. Mend: wait a second")
    archive = Archive(folder / f"{target.name}{UNFINISHED}")
    archive.folder.mkdir(mode=0o700)  # citizens' words are for the operator only
    try:
        manifest = look(url, lambda whole: _tables(whole, archive, made_at.isoformat(timespec="seconds")))
        _copy_media(archive, manifest, media, last=_newest(folder), named=archive.check(manifest))
        _seal(archive, manifest)
        archive.folder.rename(target)
        _sync_folder(folder)
    except BaseException:
        shutil.rmtree(archive.folder, ignore_errors=True)
        raise
    return manifest, target


def _seal(archive: Archive, manifest: Manifest) -> None:
    archive.write_manifest(manifest)
    if archive.manifest() != manifest:
        raise Spoiled(f"{archive.folder}: the manifest is not what was written")
    _sync(archive.folder)


def _tables(whole: Whole, archive: Archive, made_at: str) -> Manifest:
    revision = whole.revision()
    if revision is None:
        raise CannotStart("no backup: the database has no tables of Hamyar 14. Mend: check database.url")
    return Manifest(
        made_at,
        version(),
        revision,
        whole.engine,
        {name: archive.write_table(name, whole.columns(name), whole.rows(name)) for name in whole.names},
        whole.last_numbers(),
    )


def _copy_media(archive: Archive, manifest: Manifest, media: Path, *, last: Path | None, named: set[str]) -> None:
    """What vanished since the tables were read (somebody was forgotten) or is damaged is noted, and no fault."""
    for content in sorted(named):
        target = archive.media(content)
        target.parent.mkdir(parents=True, exist_ok=True)
        sources = [shelved(media, content)]
        if last is not None and _linked(Archive(last).media(content), target):
            sources.insert(0, target)
        if any(_stands(source, target, content) for source in sources):
            manifest.media += 1
            manifest.media_bytes += target.stat().st_size
        else:
            manifest.gone.append(content)


def _stands(source: Path, target: Path, content: str) -> bool:
    """Whether the content is in the backup and readable, copied from its source if it is not there yet."""
    if source != target:
        try:
            shutil.copyfile(source, target)
        except FileNotFoundError:
            return False
    if hash_of(target) == content:
        return True
    target.unlink()
    return False


def _linked(source: Path, target: Path) -> bool:
    """Give a file of the last backup a second name. False: it is not there, or this disk has no second names."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        return False
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time into one folder; what a killed one left behind is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(f"no backup: another one into {folder} is under way. Mend: wait for it") from None
        for left in folder.glob(f"*Z{UNFINISHED}"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _backups(folder: Path) -> list[Path]:
    """Oldest first."""
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))


def _newest(folder: Path) -> Path | None:
    found = _backups(folder)
    return found[-1] if found else None


def _prune(folder: Path, keep: int) -> int:
    old = _backups(folder)[:-keep]
    for path in old:
        gone = path.with_name(path.name + UNFINISHED)
        path.rename(gone)  # half removed it must not look like a backup
        shutil.rmtree(gone)
    return len(old)


def _sync(folder: Path) -> None:
    """All of it on the disk, before it gets its name."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            _sync_folder(path)
        else:
            with path.open("rb") as opened, suppress(OSError):
                os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
