"""The machine: which processor a process runs on, what it used up, and what the whole is called."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

_CPUS = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
SERVER, CLIENT = (_CPUS[0], _CPUS[-1]) if _CPUS else (0, 0)
"""The processor of the Bot API server (and of this program), and the one of whoever is measured."""


def pin(pid: int, cpu: int) -> None:
    """Keep a process on one processor, where the system can; what it starts later stays there too."""
    if _CPUS:
        os.sched_setaffinity(pid, {cpu})


def cpu_seconds(pid: int) -> float:
    """Processor time of all threads of a process so far, in the system's ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> tuple[float, float]:
    """(resident now, most ever) of a process in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    fields = {name: value for name, _, value in (line.partition(":") for line in lines)}
    return int(fields["VmRSS"].split()[0]) / 1024, int(fields["VmHWM"].split()[0]) / 1024


def load() -> str:
    return " ".join(f"{number:.1f}" for number in os.getloadavg())


def describe() -> str:
    libraries = ("python-telegram-bot", "httpx", "aiohttp", "SQLAlchemy", "hazm")
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}\n"
        f"{len(_CPUS) or os.cpu_count()} processors, {platform.platform()}, load average at the start {load()}"
    )
