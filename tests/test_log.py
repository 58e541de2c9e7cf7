"""Logs: one line an event, without tokens, passwords and citizens' words."""

import logging
import sys

import pytest

from bot.errors import CitizenError, trace
from bot.log import Line, set_up, without_secrets

TOKEN = "123456789:AAE-x_y1234567890abcdefghij"


def line(message: str, *args: object, error: BaseException | None = None, **extra: object) -> str:
    exc = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.getLogger("bot").makeRecord("bot", logging.INFO, "f", 1, message, args, exc, extra=extra)
    return Line().format(record)


def test_an_event_is_one_line_of_pairs() -> None:
    written = line("turn_handled", ms=3, why="two words", text="a\nb")

    assert written.endswith('info bot turn_handled ms=3 why="two words" text=a\\nb')
    assert written[10] == "T"
    assert written.count("\n") == 0


def test_a_forged_line_stays_within_its_value() -> None:
    assert line("x", why="a\r\nerror bot faked").endswith('x why="a\\r\\nerror bot faked"')


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ('a" level=error b', '"a\\" level=error b"'),
        ('"', '"\\""'),
        ('a\\" b', '"a\\\\\\" b"'),
        ("a\\nb", "a\\\\nb"),
        ("a\u2028b\u2029c\x85d\x0be", "a\\u2028b\\u2029c\\x85d\\x0be"),
        ("\x1b[2J\x1b]0;x\x07\x9b31m\x7f\x00", "\\x1b[2J\\x1b]0;x\\x07\\x9b31m\\x7f\\x00"),
        ("\u202ehidden\u2066\ufeff", "\\u202ehidden\\u2066\\ufeff"),
        ("a\tb\u00a0c", "a\\tb\\xa0c"),
        ("half \ud800", '"half \\ud800"'),
        ("شهرداری 🙂", '"شهرداری 🙂"'),
    ],
)
def test_no_value_forges_a_pair_or_steers_a_terminal(given: str, shown: str) -> None:
    assert line("x", why=given).endswith(f"x why={shown}")
    assert line("%s", given).endswith(f"bot {shown}")


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"https://tapi.bale.ai/bot{TOKEN.replace(':', '%3A')}/sendMessage",
        f"Unauthorized: {TOKEN}",
        f"('{TOKEN}',)",
        "bot100:12345.AAE-with.dots/getMe",
        "socks5://user:hunter2@10.0.0.1:1080",
        "postgresql+asyncpg://hamyar:hunter2@db/hamyar",
        "postgresql://hamyar:a/hunter2@db/hamyar",
        "postgresql://hamyar:a@hunter2@db/hamyar",
        "postgresql://hamyar:a hunter2 b@db/hamyar",
        'postgresql://hamyar:a"hunter2\\@db/hamyar',
        "postgresql://hamyar:123/hunter2?#@db/hamyar",
    ],
)
def test_no_token_and_no_password_gets_into_a_line(text: str) -> None:
    for written in (line(text), line("%s", text), line("failed", why=text)):
        assert "AAE" not in written
        assert "hunter2" not in written


def test_the_number_of_a_bot_stays_as_it_names_the_bot() -> None:
    assert without_secrets(f"bot{TOKEN}") == "bot123456789:***"


def test_the_path_of_a_webhook_is_struck_out() -> None:
    assert without_secrets("bad webhook https://a.ir/hook/bale/0f1e2d is wrong") == (
        "bad webhook https://a.ir/hook/bale/*** is wrong"
    )


@pytest.mark.parametrize("text", ["http://192.168.1.100:8014/", "127.0.0.1:53", "2026-11-22T16:05:38", "row=12345"])
def test_what_is_no_secret_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_an_error_is_told_by_where_it_arose_and_never_by_its_message() -> None:
    try:
        int("my complaint about the neighbour")
    except ValueError as error:
        written = line("turn_failed", error=error)

    assert "ValueError at tests/test_log.py:" in written
    assert "neighbour" not in written


def test_a_trace_without_a_stack_is_the_kind_of_the_error() -> None:
    assert trace(CitizenError("limit", words="mine")) == "CitizenError"


def test_our_events_show_and_libraries_show_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info")
    for name in ("bot.inbox", "aiohttp"):
        logging.getLogger(name).info("quiet_%s", name)
        logging.getLogger(name).warning("loud_%s", name)
    logging.getLogger("bot.inbox").debug("whispered")

    said = [text.split()[3] for text in capsys.readouterr().err.splitlines()]
    assert said == ["quiet_bot.inbox", "loud_bot.inbox", "loud_aiohttp"]
    assert sys.stderr is not None
