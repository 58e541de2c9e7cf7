"""A PostgreSQL server of the tests' own: made in a temporary folder, thrown away in the end.

Debian's `postgresql` package is enough; without it these tests are skipped, unless HAMYAR14_TEST_POSTGRES=required.
"""

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.ports import free_port

USER = "postgres"
FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
START_SECONDS = 60
# A test's database need not outlive the machine.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_numbers = itertools.count(1)
SHAPE = """
SELECT md5((SELECT string_agg(relname || relnatts, ',' ORDER BY relname) FROM pg_class
     WHERE relnamespace = 'public'::regnamespace)
  || (SELECT string_agg(prosrc, ',' ORDER BY proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace))
"""
# Most tables are empty after a test, and to look costs less than to truncate all of them. What the audit forbids is
# allowed to nobody but this.
WIPE = """
DO $$
DECLARE
    name text;
    full_one boolean;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    IF ({look}) <> '{shape}' THEN
        RAISE EXCEPTION 'other tables';
    END IF;
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO full_one;
        IF full_one THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`; Debian puts it on no path."""
    on_path = shutil.which("postgres")
    if on_path and shutil.which("initdb"):
        return Path(on_path).parent
    return next((folder for folder in FOLDERS if (folder / "initdb").exists()), None)


def programs_or_skip() -> Path:
    found = programs()
    if found is None and os.environ.get("HAMYAR14_TEST_POSTGRES") == "required":
        pytest.fail("PostgreSQL is required here and not installed. Mend: apt install postgresql")
    if found is None:
        pytest.skip("PostgreSQL is not installed (apt install postgresql)")
    return found


class Server:
    """One server on a free port of this machine. Stops, starts again and dies at a test's will."""

    def __init__(self, folder: Path, bin_folder: Path, settings: tuple[str, ...] = QUICK) -> None:
        self._folder = folder
        self._bin = bin_folder
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._shapes: dict[str, str] = {}
        self.port = free_port()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+asyncpg://{USER}@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        made = subprocess.run(
            [self._bin / "initdb", "-D", self._folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8", "-N"],
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            **_as_other(),
        )
        assert made.returncode == 0, made.stderr

    def start(self) -> None:
        options = ("listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self._folder}")
        more = ("max_connections=120", "shared_buffers=64MB", "log_min_messages=fatal", *self._settings)
        flags = [part for option in (*options, *more) for part in ("-c", option)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._folder / "data", *flags], stdout=log, stderr=log, **_as_other()
            )
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: connections are cut, what is committed is written. SIGQUIT: at once, as if it had crashed."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def query(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Ask something outside of the service."""
        return ask(self.url(database), sql)

    def new_database(self, template: str = "template0") -> str:
        """The name of a new database, a copy of the template."""
        name = f"test_{next(_numbers)}"
        self.query(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def wipe(self, database: str, like: str) -> bool:
        """Make a database as empty as its template, quicker than a new one is made. False: it has other tables now."""
        if like not in self._shapes:
            ((self._shapes[like],),) = self.query(SHAPE, like)
        with suppress(asyncpg.RaiseError):
            self.query(WIPE.format(look=SHAPE, shape=self._shapes[like]), database)
            return True
        return False

    def drop(self, database: str) -> None:
        self.query(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.query("SELECT 1")
                return
            except (OSError, asyncpg.PostgresError):
                assert time.monotonic() < deadline, (self._folder / "log").read_text()
                assert self._process is not None
                assert self._process.poll() is None, (self._folder / "log").read_text()
                time.sleep(0.05)


@contextmanager
def server(*settings: str) -> Iterator[Server]:
    """A server of one's own, running."""
    found = programs_or_skip()
    with tempfile.TemporaryDirectory(prefix="hamyar14-postgres-", ignore_cleanup_errors=True) as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
        made = Server(Path(folder), found, settings or QUICK)
        made.make()
        made.start()
        try:
            yield made
        finally:
            made.stop(signal.SIGQUIT)


def ask(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Ask a database something, from wherever: a test may have a loop running already."""

    async def look() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, look()).result()


def _as_other() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
