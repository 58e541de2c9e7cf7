"""What is delivered for the machine fits the program."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot import config
from bot.config import PREFIX, ROOT, Service

DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in {".service", ".timer", ".target"})


def test_the_settings_that_are_handed_out_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = re.findall(
        rf"^#?({PREFIX}\w+)='(.*)'$", (DEPLOY / "settings.env").read_text(encoding="utf-8"), re.MULTILINE
    )
    for name, value in lines:
        monkeypatch.setenv(name, value)

    loaded = config.load()

    assert len(lines) > 7
    assert not loaded.database.is_one_file
    assert loaded.operators.chats() == [("telegram", 123456), ("bale", 654321)]


@pytest.mark.parametrize(
    "unit", [unit for unit in UNITS if "-m bot run" in unit.read_text()], ids=lambda unit: unit.name
)
def test_a_stop_has_the_time_that_it_needs(unit: Path) -> None:
    (longest,) = (rule.le for rule in Service.model_fields["stop_seconds"].metadata if hasattr(rule, "le"))
    given = re.search(r"^TimeoutStopSec=(\d+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)

    assert given is not None
    assert int(given[1]) > longest + 5


@pytest.mark.parametrize(
    "unit", [unit for unit in UNITS if "-m bot" in unit.read_text(encoding="utf-8")], ids=lambda unit: unit.name
)
def test_what_a_service_writes_is_for_nobody_else_to_read(unit: Path) -> None:
    mask = re.search(r"^UMask=(\d+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)

    assert mask is not None
    assert int(mask[1], 8) & 0o027 == 0o027


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/hamyar14/.venv/bin/python", "/bin/true")
        (tmp_path / unit.name.replace("@.", "@14.")).write_text(text, encoding="utf-8")

    found = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())],  # noqa: S607 - whichever is installed
        capture_output=True,
        text=True,
        check=False,
    )

    ours = [line for line in found.stderr.splitlines() if "hamyar14" in line and "man " not in line]
    assert ours == []


def test_every_command_of_the_line_is_described() -> None:
    described = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")

    for command in ("check", "migrate", "backup", "restore", "move"):
        assert f"hamyar14 {command}" in described


def test_every_setting_that_is_written_of_exists() -> None:
    known = {f"{section}__{key}".upper() for section, key in keys()}
    written = [path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "operate.md", *UNITS)]

    named = {name for text in written for name in re.findall(rf"{PREFIX}([A-Z_]+)\b", text)}

    assert len(named) > 9
    assert named - known == set()


def keys() -> list[tuple[str, str]]:
    return [
        (section, key)
        for section, field in config.Settings.model_fields.items()
        for key in getattr(field.annotation, "model_fields", {})
    ]
