"""The command line: `python -m bot run | ask | check | migrate | staff | backup | restore | move`.

Settings are read here and nowhere else.
"""

import argparse
import asyncio
import io
import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot import config, log
from bot.errors import Faults

if TYPE_CHECKING:
    from bot.app import Role

events = logging.getLogger("bot")


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0, or 1 with one line a fault on standard error."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Hamyar 14, the chatbot of Tehran's Region 14")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="start the service")
    running.add_argument(
        "--role",
        choices=("all", "web", "worker"),
        default="all",
        help="web: the page and webhooks; worker: everything else; several processes need PostgreSQL",
    )
    asking = commands.add_parser("ask", help="answer questions from standard input, one a line")
    asking.add_argument("--json", action="store_true", help="print one JSON object a line")
    commands.add_parser("check", help="check settings and content; name file and key of each fault")
    commands.add_parser("migrate", help="bring the database up to date")
    hiring = commands.add_parser("staff", help="who works in the chat: make a code for one more, or list them")
    hiring.add_argument("what", choices=("invite", "list"))
    hiring.add_argument(
        "--role", choices=("operator", "editor", "manager", "admin"), default="admin", help="for invite"
    )
    _add_operations(commands)
    chosen = parser.parse_args(arguments)
    _keep_to_ourselves()
    try:
        settings = config.load()
        log.set_up(settings.log.level)
        return COMMANDS[chosen.command](settings, chosen)
    except Faults as error:
        for file, key, reason in error.faults:
            print(f"{file}: {key}: {reason}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130


def _keep_to_ourselves() -> None:
    """What is written is nobody's to read but ours and our group's; where less is allowed already, it stays so."""
    os.umask(os.umask(0o077) | 0o027)


def _add_operations(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    saving = commands.add_parser("backup", help="save everything, while the service runs")
    saving.add_argument(
        "--to", type=Path, default=config.ROOT / "data" / "backups", help="a folder; a backup is one in it"
    )
    saving.add_argument("--keep", type=_at_least_one, default=14, help="so many backups stay, the newest (14)")
    restoring = commands.add_parser("restore", help="fill an empty database from a backup")
    restoring.add_argument("backup", type=Path, help="the folder of one backup")
    restoring.add_argument("--check", action="store_true", help="only read the backup, and say what it holds")
    restoring.add_argument(
        "--send-waiting", action="store_true", help="send what waited to be sent then; it may have been sent since"
    )
    moving = commands.add_parser("move", help="carry everything from SQLite to an empty PostgreSQL")
    moving.add_argument("--to", required=True, help="postgresql://user@host/database")


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def run(settings: config.Settings, chosen: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C."""
    # Until the loop answers signals: nothing has begun yet that would have to be ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from bot.opening import CannotStart  # noqa: PLC0415 - each command loads only what it needs

    # Each open page is an open file; the usual limit of 1,024 is for programs without visitors.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65_536)), hard))
    # Threads hand over quickly: the writer is short of the interpreter only for microseconds at a time.
    sys.setswitchinterval(0.001)
    try:
        asyncio.run(_serve(settings, chosen.role))
    except CannotStart as error:
        print(f"Hamyar 14: {error}", file=sys.stderr)
        return 1
    return 0


async def _serve(settings: config.Settings, role: "Role") -> None:
    from bot.app import App  # noqa: PLC0415 - loaded only where it is used

    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    app = App(settings, role=role)
    starting = asyncio.create_task(app.start())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return
    await starting
    names = [platform.name for platform in app.messengers]
    page = app.address or "off"
    print(
        f"Hamyar 14 is ready. Page: {page}  Messengers: {', '.join(names) or 'none'}  (Ctrl-C stops)",
        flush=True,
    )
    events.info("started", extra={"page": page, "messengers": ",".join(names)})
    await stop.wait()
    await app.stop()
    _leave()


def _leave() -> NoReturn:
    """End the process: all is closed, and Python would wait for a thread that may be looking up a name for long."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def ask(_settings: config.Settings, chosen: argparse.Namespace) -> int:
    """Each line is answered as if a new citizen had asked it. Needs no token, no network, no database."""
    from bot import loading, markup  # noqa: PLC0415 - loaded only where it is used
    from bot.clock import Clock  # noqa: PLC0415 - loaded only where it is used

    answers = loading.load().library.answers
    clock = Clock()
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "strict")):
        if isinstance(stream, io.TextIOWrapper):  # whatever the locale says, Persian is read and written
            stream.reconfigure(encoding="utf-8", errors=errors)
    for line in sys.stdin:
        question = line.rstrip("\r\n")
        reply = answers.reply(question, clock.now())
        if not chosen.json:
            print(markup.plain(markup.spans(reply.text.strip())) or reply.outcome, end="\n\n", flush=True)
            continue
        found = {
            "question": question,
            "outcome": reply.outcome,
            "topic": reply.topic if reply.outcome == "answer" else None,
            "suggestions": list(reply.suggestions),
            "score": round(reply.score, 4),
            "answer": markup.plain(markup.spans(reply.text.strip())),
        }
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0


def check(settings: config.Settings, _chosen: argparse.Namespace) -> int:
    """Settings were checked when they were read; this reads all content too."""
    from bot import loading  # noqa: PLC0415 - loaded only where it is used

    loaded = loading.load()
    for entry in loaded.samples:
        print(f"sample: {entry}", file=sys.stderr)
    if settings.service.live and loaded.samples:
        print("config.toml: service.live: samples must be replaced before live = true", file=sys.stderr)
        return 1
    print(
        f"All is well: {len(loaded.library.answers.entries)} entries, {len(loaded.library.talks.words)} conversations."
    )
    return 0


def migrate(settings: config.Settings, _chosen: argparse.Namespace) -> int:
    from bot.errors import StoreDown  # noqa: PLC0415 - loaded only where it is used
    from bot.opening import CannotStart, database_url, out_of_reach  # noqa: PLC0415 - loaded only where it is used
    from bot.store.migrate import upgrade  # noqa: PLC0415 - loaded only where it is used

    try:
        url = database_url(settings)
        try:
            changed = upgrade(url)
        except StoreDown as error:
            raise out_of_reach(url, error) from None
    except CannotStart as error:
        print(f"Hamyar 14: {error}", file=sys.stderr)
        return 1
    print("The database is up to date now." if changed else "The database was up to date.")
    return 0


def staff(settings: config.Settings, chosen: argparse.Namespace) -> int:
    from bot.hiring import invite, listed  # noqa: PLC0415 - loaded only where it is used

    return _done(lambda: invite(settings, chosen.role) if chosen.what == "invite" else listed(settings))


def backup(settings: config.Settings, chosen: argparse.Namespace) -> int:
    from bot.backup import backup  # noqa: PLC0415 - loaded only where it is used
    from bot.clock import Clock  # noqa: PLC0415 - loaded only where it is used

    return _done(lambda: backup(settings, chosen.to, chosen.keep, Clock()))


def restore(settings: config.Settings, chosen: argparse.Namespace) -> int:
    from bot.restoring import check, described, restore  # noqa: PLC0415 - loaded only where it is used

    if chosen.check:
        return _done(lambda: f"The backup is whole: {described(check(chosen.backup)[1])}")
    return _done(lambda: restore(settings, chosen.backup, _told, send_waiting=chosen.send_waiting))


def move(settings: config.Settings, chosen: argparse.Namespace) -> int:
    from bot.moving import move  # noqa: PLC0415 - loaded only where it is used

    return _done(lambda: move(settings, chosen.to, _told))


def _told(line: str) -> None:
    print(line, flush=True)


def _done(work: Callable[[], str]) -> int:
    """Print how it ended."""
    from bot.opening import CannotStart  # noqa: PLC0415 - loaded only where it is used

    try:
        print(work())
    except CannotStart as error:
        print(f"Hamyar 14: {error}", file=sys.stderr)
        return 1
    return 0


COMMANDS = {
    "run": run,
    "ask": ask,
    "check": check,
    "migrate": migrate,
    "staff": staff,
    "backup": backup,
    "restore": restore,
    "move": move,
}

if __name__ == "__main__":
    sys.exit(main())
