"""What may stand in the way of a start, found before anything slow: the database's place, its lock, the page's port."""

import fcntl
import os
import socket
from pathlib import Path
from typing import IO

from bot.config import ROOT, Settings
from bot.store.address import file_of, with_file, without_password


class CannotStart(Exception):
    """Something outside stands in the way: one line for the operator, what and how to mend it."""


def database_url(settings: Settings) -> str:
    """The address, with a relative file counted from the project wherever the command was called. Makes its folder."""
    if not settings.database.is_one_file:
        return settings.database.url
    file = file_of(settings.database.url)
    if file is None:
        raise CannotStart("database.url: a file is needed, since the messages must outlive the process")
    path = ROOT / file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(path.name + ".lock").touch()
    except OSError as error:
        raise CannotStart(
            f"database.url: {path} cannot be written ({error.strerror}). "
            "Mend: allow it, or name another file by HAMYAR14_DATABASE__URL"
        ) from None
    return with_file(settings.database.url, path)


def out_of_reach(url: str, why: object) -> CannotStart:
    return CannotStart(
        f"database.url: {without_password(url)} is out of reach ({why}). "
        "Mend: start the database, or correct HAMYAR14_DATABASE__URL"
    )


def lock(database: Path) -> IO[str]:
    """Only one process may work on a SQLite file."""
    file = database.with_name(database.name + ".lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise CannotStart(
            f"{database} is in use by another start of Hamyar 14 (process {holder}). "
            "Mend: stop that one, or give this one another HAMYAR14_DATABASE__URL; several processes need PostgreSQL"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def listen(host: str, port: int) -> socket.socket:
    """Take the page's port."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotStart(
            f"the page cannot use {host}:{port} ({error.strerror}). "
            "Mend: stop the other program, or start with HAMYAR14_WEB__PORT=<another port>"
        ) from None
    return listener
