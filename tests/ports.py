"""Ports for servers of the tests."""

import random
import socket
from contextlib import suppress
from typing import Final

PORTS: Final = range(20_000, 30_000)


def free_port() -> int:
    """One that the system does not give to whoever connects somewhere, so that it is still free after a while."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port")
