"""The cast and the town: a running service on a database of its own, beside both Bot API servers."""

import asyncio
import logging
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bot import config, link_runner, loading, log
from bot.app import App
from bot.clock import TEHRAN, Clock
from bot.linkcheck import Answer
from bot.loading import Loaded
from bot.media import Cleaned, Cleaner
from bot.store import Store
from bot.store.migrate import upgrade
from tests.botapi import BotApi, serve
from tests.citizen import Citizen
from tests.postgres import Server, server

TOKEN = "100:TEST"
FIGURES = "figures"
BOTH_ENGINES = ("sqlite", "postgresql")

# How long an example takes says something about the machine, not about the code.
settings.register_profile("hamyar14", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hamyar14")


class FakeClock(Clock):
    """A clock that stands until it is set. Sunday 1 Azar 1405, ten in the morning: the office is open."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 11, 22, 10, 0, tzinfo=TEHRAN)

    def millis(self) -> int:
        return int(self.instant.timestamp() * 1000)


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """All content, read once."""
    return loading.load()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as the migrations make it, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running PostgreSQL."""
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def empty_postgres(postgres: Server) -> str:
    """The name of a database as the migrations make it, to be copied."""
    name = postgres.new_database()
    upgrade(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def spare_postgres() -> list[str]:
    """The names of databases that a test has used and left empty."""
    return []


@pytest.fixture
def engine() -> str:
    """Which database: a folder of tests that is to run on both overrides this with parameters."""
    return "sqlite"


@pytest.fixture
def database(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of this test."""
    if engine == "sqlite":
        path = tmp_path / "hamyar14.db"
        shutil.copy(request.getfixturevalue("empty_database"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    running: Server = request.getfixturevalue("postgres")
    template: str = request.getfixturevalue("empty_postgres")
    spare: list[str] = request.getfixturevalue("spare_postgres")
    name = spare.pop() if spare else running.new_database(template)
    yield running.url(name)
    if running.wipe(name, template):
        spare.append(name)
    else:
        running.drop(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(database: str, clock: Clock) -> AsyncIterator[Store]:
    """The database without a service."""
    opened = Store(database, clock)
    yield opened
    await opened.close()


@pytest.fixture
def telegram() -> BotApi:
    return BotApi("telegram", token=TOKEN)


@pytest.fixture
def bale() -> BotApi:
    return BotApi("bale", token=TOKEN)


@pytest.fixture(params=["telegram", "bale"])
def api(request: pytest.FixtureRequest) -> BotApi:
    """One of the two messengers: whoever uses this runs on both."""
    server: BotApi = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def options() -> dict[str, Any]:
    """Settings that a test file changes by overriding this fixture: sections as dictionaries."""
    return {}


@pytest.fixture
def no_limit_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram takes twenty messages a minute in a group; what that means for a desk has tests of its own."""
    monkeypatch.setattr("bot.platforms.telegram.GROUP_PER_MINUTE", 100_000)


@pytest.fixture
def no_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that were due at a start would take a fifth of each test, and some come between. They have their own."""
    monkeypatch.setattr("scheduler.JOBS", ())


@pytest.fixture
def start_on(
    no_limit_in_groups: None,
    no_jobs: None,
    telegram: BotApi,
    bale: BotApi,
    loaded: Loaded,
    clock: Clock,
    options: dict[str, Any],
    tmp_path: Path,
) -> Any:  # noqa: ANN401 - an asynchronous context manager
    """Starts the service on the database of this address, for an `async with`."""

    @asynccontextmanager
    async def started(database: str) -> AsyncIterator[App]:
        async with AsyncExitStack() as stack:
            telegram_url = await stack.enter_async_context(serve(telegram))
            bale_url = await stack.enter_async_context(serve(bale))
            fast = {"pace": 10_000, "chat_pace": 10_000}
            sections = {
                "database": {"url": database},
                "web": {"port": 0},
                "media": {"folder": str(tmp_path / "media")},
                "metrics": {"enabled": False},
                "telegram": {"token": TOKEN, "api_url": telegram_url} | fast,
                "bale": {"token": TOKEN, "api_url": bale_url} | fast,
            }
            for section, values in options.items():
                sections[section] = sections.get(section, {}) | values
            app = App(config.load(**sections), clock, loaded=loaded)
            await app.start()
            stack.push_async_callback(app.stop)
            yield app

    return started


@pytest.fixture
def start(start_on: Any, database: str) -> Any:  # noqa: ANN401 - see start_on
    """The same on the database of this test; may be called again."""
    return partial(start_on, database)


@pytest.fixture
async def app(start: Any) -> AsyncIterator[App]:  # noqa: ANN401 - see start
    async with start() as app:
        yield app


@pytest.fixture
def sara(app: App, api: BotApi) -> Citizen:
    """A citizen."""
    api.meet(501, first_name="سارا")
    return Citizen(app, api, 501)


@pytest.fixture
def reza(app: App, api: BotApi) -> Citizen:
    """Another one, who must not see what is Sara's."""
    api.meet(502, first_name="رضا")
    return Citizen(app, api, 502)


@pytest.fixture
def cleaned_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are cleaned in this process. One of its own is slower to start than most tests, and has its own tests."""

    async def put(self: Cleaner, source: Path, *, name: str, kind: str | None = None) -> Cleaned:
        return await asyncio.to_thread(self.shelf.put, source, name=name, kind=kind)

    monkeypatch.setattr(Cleaner, "put", put)


@pytest.fixture
def note_figures(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Takes a sentence with what was measured; all of them are printed at the end of the run."""
    return lambda sentence: record_property(FIGURES, sentence)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured, whichever process measured it."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == FIGURES and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Commands of the service that run in here set up its log, onto a stream that ends with their test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in handlers:
            root.removeHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    for name in log._OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture(autouse=True)
def all_links_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests ask nobody outside."""

    async def alive(*_: object) -> Answer:
        return Answer("alive")

    monkeypatch.setattr(link_runner, "answers", alive)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have the service's variables set."""
    for name in list(os.environ):
        if name.startswith(config.PREFIX) and not name.startswith(config.PREFIX + "TEST_"):
            monkeypatch.delenv(name)
