"""The command line."""

import io
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot import knowledge, loading, screens
from bot.__main__ import main
from bot.config import PREFIX, ROOT
from bot.loading import Loaded
from bot.services.staff import ROLES

KEYS = ["question", "outcome", "topic", "suggestions", "score", "answer"]
OUTCOMES = {"answer", "suggest", "redirect", "chat", "none"}
HOSTILE = (
    "",
    "   ",
    "\x00",
    '"}{\\',
    "{0} %s {name}",
    "\u202e\u200c\u200f",
    "آ" * 4096,
    "🙂" * 500,
    "a\u2028b\x85c\x0c",
    "null",
)


@pytest.fixture
def answering(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Content is read once for all tests."""
    monkeypatch.setattr(loading, "load", lambda: loaded)


def asked(lines: str, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode()), encoding="utf-8", newline="\n"))
    return main(["ask", *options])


def objects(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.removesuffix("\n").split("\n")]


@pytest.mark.usefixtures("answering")
def test_each_line_is_a_question_and_gets_one_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = ["کد پستی شهرداری چنده؟", "سلام", "برق ما قطع شده", "محله", "ژژژژ"]

    assert asked("\n".join(questions) + "\n", monkeypatch, "--json") == 0

    found = objects(capsys.readouterr().out)
    assert [list(answer) for answer in found] == [KEYS] * 5
    assert [answer["question"] for answer in found] == questions
    assert [answer["outcome"] for answer in found] == ["answer", "chat", "redirect", "suggest", "none"]
    assert [answer["topic"] for answer in found] == ["contact.postal_code", None, None, None, None]
    assert found[0]["suggestions"][0] == "contact.postal_code"
    assert "۱۷۷۷۶۸۳۱۹۳" in found[0]["answer"]
    assert "**" not in found[0]["answer"]
    assert 0 < len(found[3]["suggestions"]) <= 3


@pytest.mark.usefixtures("answering")
def test_hostile_lines_get_one_object_each_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked("\n".join(HOSTILE), monkeypatch, "--json") == 0

    found = objects(capsys.readouterr().out)
    assert [answer["question"] for answer in found] == list(HOSTILE)
    assert {answer["outcome"] for answer in found} <= OUTCOMES
    assert (found[0]["outcome"], found[0]["answer"]) == ("none", "")
    assert all(0 <= answer["score"] <= 1 for answer in found)


@pytest.mark.usefixtures("answering")
def test_bytes_that_are_no_text_get_an_object_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\nabc\n"), encoding="utf-8"))

    assert main(["ask", "--json"]) == 0
    assert len(objects(capsys.readouterr().out)) == 2


@pytest.mark.usefixtures("answering")
def test_without_json_the_answer_is_read_as_a_person_reads_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked("کد پستی شهرداری چنده؟\nژژژژ\n", monkeypatch)

    answer, nothing, rest = capsys.readouterr().out.split("\n\n")
    assert "۱۷۷۷۶۸۳۱۹۳" in answer
    assert (nothing, rest) == ("none", "")


@pytest.mark.usefixtures("answering")
def test_no_question_is_no_fault(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("", monkeypatch, "--json") == 0
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("answering")
def test_check_says_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "entries" in capsys.readouterr().out


def test_a_wrong_setting_is_named_and_the_exit_code_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PREFIX + "WEB__PORT", "eighty")

    assert main(["check"]) == 1
    assert capsys.readouterr().err.startswith("HAMYAR14_WEB__PORT: web.port: ")


@pytest.mark.parametrize("arguments", [[], ["dance"], ["ask", "--xml"]])
def test_what_is_no_command_ends_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "usage: python -m bot" in capsys.readouterr().err


def test_migrate_makes_the_database_and_then_leaves_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PREFIX + "DATABASE__URL", f"sqlite:///{tmp_path}/new/hamyar14.db")

    assert [main(["migrate"]), main(["migrate"])] == [0, 0]
    assert capsys.readouterr().out.splitlines() == ["The database is up to date now.", "The database was up to date."]
    assert (tmp_path / "new" / "hamyar14.db").exists()


def test_a_code_for_the_first_admin_is_printed_and_kept_by_its_hash_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PREFIX + "DATABASE__URL", f"sqlite:///{tmp_path}/hamyar14.db")

    assert main(["staff", "list"]) == main(["staff", "invite"]) == 0

    nobody, good_for, command = capsys.readouterr().out.splitlines()
    assert nobody.startswith("Nobody yet")
    assert "one admin" in good_for
    assert re.fullmatch(r"/staff( [A-Z2-9]{4}|-[A-Z2-9]{4}){3}", command)
    with closing(sqlite3.connect(tmp_path / "hamyar14.db")) as connection:
        assert connection.execute("SELECT role FROM invites").fetchall() == [("admin",)]
        assert command.removeprefix("/staff ") not in "\n".join(connection.iterdump())


@pytest.mark.parametrize("role", ROLES)
def test_a_code_may_be_for_any_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], role: str
) -> None:
    monkeypatch.setenv(PREFIX + "DATABASE__URL", f"sqlite:///{tmp_path}/hamyar14.db")

    assert main(["staff", "invite", "--role", role]) == 0

    assert f"one {role}," in capsys.readouterr().out
    with closing(sqlite3.connect(tmp_path / "hamyar14.db")) as connection:
        assert connection.execute("SELECT role FROM invites").fetchall() == [(role,)]
        assert connection.execute("SELECT member_id, action FROM audit").fetchall() == [(None, "invited")]


def test_tables_of_a_later_version_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PREFIX + "DATABASE__URL", f"sqlite:///{tmp_path}/hamyar14.db")
    assert main(["migrate"]) == 0
    with closing(sqlite3.connect(tmp_path / "hamyar14.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '2036_01_01_later'")
        connection.commit()

    assert main(["migrate"]) == 1
    assert "revision 2036_01_01_later, which this version does not know" in capsys.readouterr().err


def test_a_database_in_memory_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(PREFIX + "DATABASE__URL", "sqlite:///:memory:")

    assert main(["migrate"]) == 1
    assert "database.url: a file is needed" in capsys.readouterr().err


# -- as operators call it


def called(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, input=given, capture_output=True, check=False, timeout=180
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout of its own, to be spoiled."""
    for folder in ("bot", "handlers", "content"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "config.toml", tmp_path)
    return tmp_path


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_check_names_file_and_key_of_every_fault_at_once(copy: Path) -> None:
    spoil(copy / "content" / "menu.toml", "topic:contact.phone|", "topic:contact.fax|")
    spoil(copy / "content" / "menu.toml", "talk:privacy:delete|", "talk:privacy:destroy|")
    spoil(copy / "content" / "contact.toml", 'title = "تلفن شهرداری"', "title = 7")
    spoil(copy / "content" / "hours.toml", '"08:00-15:30"', '"15:30-08:00"')
    spoil(copy / "content" / "surveys" / "program.toml", 'any = ["no"]', 'any = ["never"]')
    (copy / "content" / "alarms.toml").unlink()

    ended = called(copy, "check")

    named = [line.split(": ")[:2] for line in ended.stderr.decode().splitlines()]
    assert ended.returncode == 1
    assert ended.stdout == b""
    assert [file for file, key in named if key == "contact"] == ["content/menu.toml"]
    assert ["content/menu.toml", "service"] in named
    assert ["content/contact.toml", "contact.phone.title"] in named
    assert ["content/surveys/program.toml", "question.why_not.show_if.came.any"] in named
    assert ["content/alarms.toml", "-"] in named
    assert any(file == "content/hours.toml" and "wednesday" in key for file, key in named)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "contact"', 'idd = "contact"', "screen 2.id"),
        ('title = "تماس و نشانی"', "", "contact.title"),
        (
            'rows = [\n  ["topic:contact.phone',
            'rows = ["topic:contact.phone"]\nxs = [\n  ["topic:contact.phone',
            "contact.rows",
        ),
        ('"screen:contact|', '"screen:voice|', "contact"),
        ('id = "contact"', 'id = "voice"', "screen"),
        ("talk:privacy:kept|چه چیزی از من دارید؟", "talk:privacy:kept", "service"),
        ('"screen:contact|', '"door:contact|', "home"),
    ],
)
def test_a_fault_of_the_menu_is_named(tmp_path: Path, old: str, new: str, key: str) -> None:
    shutil.copy(ROOT / "content" / "menu.toml", tmp_path)
    spoil(tmp_path / "menu.toml", old, new)
    topics = [entry.id for entry in knowledge.load(ROOT / "content")[0]]

    _, faults = screens.load(tmp_path, topics)

    assert ("content/menu.toml", key) in [fault[:2] for fault in faults]


@pytest.mark.parametrize(("given", "kept"), [(0o022, 0o640), (0o077, 0o600)])
def test_nobody_else_may_read_the_database(tmp_path: Path, given: int, kept: int) -> None:
    file = tmp_path / "hamyar14.db"
    subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=ROOT,
        env=os.environ | {f"{PREFIX}DATABASE__URL": f"sqlite:///{file}"},
        umask=given,
        check=True,
        stdout=subprocess.DEVNULL,
    )

    assert stat.S_IMODE(file.stat().st_mode) == kept


def test_ask_answers_over_a_pipe_in_utf_8() -> None:
    ended = called(ROOT, "ask", "--json", given="کد پستی شهرداری چنده؟\n\n".encode())

    first, second = objects(ended.stdout.decode("utf-8"))
    assert ended.returncode == 0
    assert ended.stderr == b""
    assert (first["topic"], second["outcome"]) == ("contact.postal_code", "none")
