"""The architecture, held: who may know whom, who may name which library, and what stands nowhere in the project."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

UNDERSTANDING = (
    "bot.answers bot.followups bot.gate bot.search bot.collection bot.filing bot.postings bot.cues bot.words bot.alike"
    " bot.lexicon"
)
# From the top down: a row may know the rows below it, not those above, and not another family of its own row.
# A family (words beside each other in one text) may know itself.
LAYERS = (
    ("bot.__main__",),
    ("bot.hiring",),
    ("bot.backup bot.restoring bot.moving bot.archive bot.carrying",),
    ("bot.app",),
    ("bot.work",),
    ("bot.refresh",),
    (
        "web",
        "scheduler",
        "bot.loading",
        "bot.parts",
        "bot.broadcast bot.volley bot.herald",
        "bot.link_runner",
        "bot.sheet_runner",
    ),
    ("handlers",),
    (
        "bot.switchboard bot.groups",
        "bot.inbox bot.receiver bot.poller bot.webhook",
        "bot.delivery",
        "bot.fetching bot.copying bot.exporting",
    ),
    ("bot.watch", "bot.health", "bot.opening"),
    ("bot.outage", "bot.sending"),
    (
        "bot.flow bot.talks bot.conversation bot.showing",
        "bot.alarms",
        "bot.pace bot.shared_pace",
        "bot.claims",
        "bot.leader",
        "bot.beats",
        "bot.albums",
    ),
    ("bot.platforms", "bot.screens", "bot.linkcheck"),
    (UNDERSTANDING,),
    ("bot.services",),
    ("bot.outbox",),
    ("bot.store",),
    ("bot.models",),
    ("bot.metrics",),
    (
        "bot.content bot.knowledge bot.sound bot.grown bot.dates bot.log",
        "bot.config",
        "bot.incoming",
        "bot.charts",
        "bot.spreadsheets",
    ),
    ("bot.text bot.tidy", "bot.finglish", "bot.lettering", "bot.errors", "bot.markup", "bot.clock", "bot.media"),
)

# Handlers know less than their row: neither platforms nor SQL nor each other.
HANDLERS_KNOW = ("bot.flow", "bot.services", "bot.errors")

# Who may name a library. Where a library is not in this table, anybody may.
LIBRARIES = {
    "telegram": ("bot.platforms",),
    "sqlalchemy": ("bot.models", "bot.store", "migrations"),
    "sqlite3": ("bot.store", "migrations"),
    "asyncpg": ("bot.store",),
    "alembic": ("bot.store.migrate", "migrations"),
    "hazm": ("bot.text", "bot.tidy"),
    "persiantools": ("bot.dates", "bot.services"),
    "rapidfuzz": ("bot.words",),
    "starlette": ("web",),
    "sse_starlette": ("web",),
    "jinja2": ("web",),
    "uvicorn": ("web.server", "bot.parts"),
    "h11": ("web.server",),
    "xlsxwriter": ("bot.spreadsheets",),
    "PIL": ("bot.media.pictures", "bot.charts"),
    "aiohttp": ("bot.platforms.request", "bot.linkcheck", "bot.link_runner"),
    "aiohttp_socks": ("bot.platforms.request",),
    "apscheduler": ("scheduler",),
    "prometheus_client": ("bot.metrics",),
    "pydantic": ("bot.config",),
    "pydantic_settings": ("bot.config",),
    "tests": (),
    "bench": (),
}

FOREIGN = re.compile(
    r"(?:py)pi\.org|(?:python)hosted\.org|(?:npm)js\.(?:org|com)|(?:yarn)pkg\.com|(?:art)ifactory|(?:jfr)og\.io"
    r"|--(?:extra-)?(?:index)-url[ =]\S|--(?:find)-links[ =]\S|(?:file):///(?:opt|root|home|srv)"
    r"|/(?:work)/|/(?:home)/\w|/(?:Users)/\w|(?<![\w.])/(?:root)/"
)
"""Hosts of registries, indexes, and paths of somebody's machine. Grouped so that this file does not find itself."""
SKIPPED = {"data", "__pycache__", "fonts"}


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {
    name_of(file): file
    for top in ("bot", "handlers", "web", "migrations", "scheduler.py")
    for file in ([ROOT / top] if top.endswith(".py") else sorted((ROOT / top).rglob("*.py")))
}


@cache
def imports(name: str) -> frozenset[str]:
    """Everything a module imports, inside its functions too; our own by their modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative import"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {path if path in FILES else str(node.module) for path in full}
    return frozenset(found)


def within(name: str, *places: str) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def seat(name: str) -> tuple[int, str] | None:
    """The row and the family of a module of ours."""
    for row, families in enumerate(LAYERS):
        for family in families:
            if within(name, *family.split()):
                return row, family
    return None


def test_every_module_has_its_place() -> None:
    homeless = [name for name in FILES if name != "bot" and not within(name, "migrations") and seat(name) is None]

    assert homeless == []


@pytest.mark.parametrize("name", [name for name in FILES if seat(name)])
def test_imports_point_one_way(name: str) -> None:
    mine = seat(name)
    for other in imports(name):
        theirs = seat(other)
        if mine is not None and theirs is not None and theirs != mine:
            assert theirs[0] > mine[0], f"{name} must not know {other}"


def test_no_two_modules_need_each_other() -> None:
    known = {name: {other for other in imports(name) if other in FILES} - {name} for name in FILES}

    assert TopologicalSorter(known).static_order()


def test_handlers_know_only_the_flow_their_services_and_the_errors() -> None:
    for name in FILES:
        if within(name, "handlers"):
            ours = {other for other in imports(name) if within(other, "bot", "handlers", "web", "scheduler")}
            assert [other for other in ours if not within(other, *HANDLERS_KNOW)] == [], name


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_named_only_where_it_belongs(library: str) -> None:
    strangers = [
        name
        for name in FILES
        if any(within(other, library) for other in imports(name)) and not within(name, *LIBRARIES[library])
    ]

    assert strangers == []


def test_only_the_store_commits() -> None:
    for name, file in FILES.items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback", "begin_nested"}:
                assert within(name, "bot.store"), f"{name}:{node.lineno}"


def test_nobody_reads_the_clock_but_the_clock() -> None:
    reading = re.compile(r"datetime\.now\(|time\.time\(|time_ns\(|date\.today\(|utcnow\(")

    assert [name for name, file in FILES.items() if reading.search(file.read_text(encoding="utf-8"))] == ["bot.clock"]


@pytest.mark.parametrize("name", [name for name in FILES if not within(name, "migrations.versions")])
def test_every_module_says_what_it_is_for(name: str) -> None:
    assert ast.get_docstring(ast.parse(FILES[name].read_text(encoding="utf-8"))), name


def project_files() -> Iterator[Path]:
    """All text of the project, without what is built or downloaded."""
    ahead = [ROOT]
    while ahead:
        for path in ahead.pop().iterdir():
            if path.is_file():
                yield path
            elif path.name == ".ci" or not (path.name in SKIPPED or path.name.startswith(".")):
                ahead.append(path)


def test_no_file_names_a_registry_or_a_path_of_somebodys_machine() -> None:
    found = []
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in FOREIGN.finditer(text)]

    assert found == []
