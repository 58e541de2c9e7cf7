"""Runs the fake Bot API as a process of its own and prints its address as one line of JSON."""

import argparse
import asyncio
import gc
import json
import os
import signal
import sys

from tests.botapi.api import BotApi
from tests.botapi.flood import Flood
from tests.botapi.server import serve


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    # With ten thousand chats a collection takes a tenth of a second, after which messages seem to come all at once.
    gc.disable()
    asyncio.run(_run(_options()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dialect", choices=["telegram", "bale"], default="telegram")
    parser.add_argument("--token", default="100:TEST")
    parser.add_argument("--latency", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--messages", type=int, help="so many messages; without, a rate goes on for ever")
    parser.add_argument("--citizens", type=int, default=1, help="from so many citizens")
    parser.add_argument("--rate", type=float, default=None, help="so many messages a second; without, all at once")
    parser.add_argument("--text", action="append", metavar="TEXT", help="may be given several times")
    return parser.parse_args()


async def _run(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    api = BotApi(options.dialect, token=options.token, latency=options.latency)
    async with serve(api, options.port) as url:
        sys.stdout.write(json.dumps({"url": url, "pid": os.getpid(), "token": options.token}) + "\n")
        sys.stdout.flush()
        flood = Flood(
            api,
            messages=options.messages,
            citizens=options.citizens,
            texts=options.text or ["سلام"],
            rate=options.rate,
        )
        flood.start()
        await stop.wait()
        await flood.stop()


if __name__ == "__main__":
    main()
