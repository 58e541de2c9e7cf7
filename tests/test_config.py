"""Settings: documented, settable from outside, and refused with source and key when they are wrong."""

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot import config
from bot.config import PREFIX, Settings
from bot.errors import Faults

FILE = config.ROOT / "config.toml"
WRITTEN = tomllib.loads(FILE.read_text(encoding="utf-8"))
KEYS = [(section, key) for section, values in WRITTEN.items() for key in values]
OTHERS: dict[tuple[str, str], str] = {
    ("service", "stop_seconds"): "5",
    ("database", "url"): "sqlite+aiosqlite:////var/lib/other.db",
    ("operators", "chat_ids"): '["telegram:1", "bale:-2"]',
    ("log", "level"): "debug",
    ("web", "public_url"): "https://hamyar.example.ir",
    ("telegram", "receive"): "webhook",
    ("bale", "receive"): "webhook",
    ("media", "most_megabytes"): "5",
}
"""A value other than the default, where its kind does not say one."""


def another(section: str, key: str) -> str:
    value = WRITTEN[section][key]
    if isinstance(value, bool):
        return str(not value).lower()
    if isinstance(value, int | float):
        return str(value + 1)
    return "http://127.0.0.1:9"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration file of this test."""
    monkeypatch.setattr(config, "ROOT", tmp_path)
    monkeypatch.setitem(Settings.model_config, "toml_file", tmp_path / "config.toml")
    return tmp_path / "config.toml"


def faults(**changes: Any) -> list[tuple[str, str, str]]:  # noqa: ANN401 - sections as dictionaries
    with pytest.raises(Faults) as error:
        config.load(**changes)
    return error.value.faults


def test_the_file_holds_every_key_but_the_secrets_with_its_default() -> None:
    shown = Settings().model_dump(mode="json")

    assert {s: {k: v for k, v in values.items() if k not in config.SECRETS} for s, values in shown.items()} == WRITTEN


def test_every_section_and_every_block_of_keys_has_a_comment() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()

    for above, line in pairwise(lines):
        if " = " in line and not line.startswith("#"):
            assert above.startswith("#") or " = " in above, line


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_key_is_settable_by_the_environment(section: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}{section}__{key}".upper(), OTHERS.get((section, key)) or another(section, key))
    if key == "token_file":
        assert faults()[0][1].startswith(section)
        return

    assert getattr(getattr(config.load(), section), key) != getattr(getattr(Settings.model_construct(), section), key)


@pytest.mark.parametrize(
    ("variable", "value", "key"),
    [
        ("WEB__PORT", "eighty", "web.port"),
        ("WEB__PORT", "70000", "web.port"),
        ("WEB__PUBLIC_URL", "hamyar.example.ir", "web.public_url"),
        ("WEB__PUBLIC_URL", "https://user@hamyar.example.ir", "web.public_url"),
        ("TELEGRAM__RECEIVE", "hook", "telegram.receive"),
        ("TELEGRAM__API_URL", "tapi.bale.ai", "telegram.api_url"),
        ("BALE__PROXY", "ftp://x", "bale.proxy"),
        ("BALE__PACE", "0", "bale.pace"),
        ("DATABASE__URL", "mysql://x/y", "database.url"),
        ("OPERATORS__CHAT_IDS", '["123"]', "operators.chat_ids"),
        ("OPERATORS__CHAT_IDS", "telegram:1, 2", "operators.chat_ids"),
        ("LOG__LEVEL", "loud", "log.level"),
        ("PRIVACY__KEEP_DAYS", "0", "privacy.keep_days"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, value: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + variable, value)

    ((source, where, reason),) = faults()

    assert source == PREFIX + variable
    assert where.startswith(key)
    assert reason


@pytest.mark.parametrize(
    ("messenger", "url", "reason"),
    [
        ("telegram", "", "needs an address"),
        ("telegram", "http://hamyar.example.ir", "needs an address"),
        ("telegram", "https://hamyar.example.ir:8014", "443, 80, 88, 8443 only, not to 8014"),
        ("telegram", "https://hamyar.example.ir:99999", "443, 80, 88, 8443 only"),
        ("bale", "https://hamyar.example.ir:8443/bot", "443, 88 only, not to 8443"),
    ],
)
def test_webhooks_need_an_address_that_the_platform_can_reach(
    messenger: str, url: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}{messenger}__RECEIVE".upper(), "webhook")
    monkeypatch.setenv(PREFIX + "WEB__PUBLIC_URL", url)
    config.load()  # a messenger that is off needs nothing

    monkeypatch.setenv(f"{PREFIX}{messenger}__TOKEN".upper(), "100:AAAA")

    ((source, key, why),) = faults()
    assert (source, key) == (PREFIX + "WEB__PUBLIC_URL", "web.public_url")
    assert messenger in why
    assert reason in why


@pytest.mark.parametrize(
    ("messenger", "url"),
    [
        ("telegram", "https://hamyar.example.ir/"),
        ("telegram", "https://hamyar.example.ir:8443/bot/"),
        ("bale", "https://hamyar.example.ir:88"),
    ],
)
def test_an_address_that_the_platform_can_reach_is_taken(messenger: str, url: str) -> None:
    settings = config.load(**{messenger: {"receive": "webhook", "token": "100:AAAA"}, "web": {"public_url": url}})

    assert settings.web.public_url == url.rstrip("/")


@pytest.mark.parametrize("written", ['["telegram:1", "bale:2"]', "telegram:1,bale:2", "telegram:1 bale:2"])
def test_operators_are_listed_as_people_write_lists(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "OPERATORS__CHAT_IDS", written)

    assert config.load().operators.chats() == [("telegram", 1), ("bale", 2)]


def test_a_misspelt_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "WEB__PROT", "1")

    assert faults() == [(PREFIX + "WEB__PROT", "-", "no such setting; see config.toml")]


def test_all_faults_of_the_file_are_named_at_once(file: Path) -> None:
    file.write_text('[web]\nport = "x"\nprot = 1\n[telegramm]\npace = 1\n', encoding="utf-8")

    assert {(source, key) for source, key, _ in faults()} == {
        ("config.toml", "web.port"),
        ("config.toml", "web.prot"),
        ("config.toml", "telegramm"),
    }


def test_a_file_that_is_no_toml_is_named(file: Path) -> None:
    file.write_text("[web\n", encoding="utf-8")

    assert [(source, key) for source, key, _ in faults()] == [("config.toml", "-")]


def test_without_a_file_the_defaults_hold(file: Path) -> None:
    assert not file.exists()
    assert config.load() == Settings()


def test_a_secret_in_the_file_is_refused_and_not_repeated(file: Path) -> None:
    file.write_text('[bale]\ntoken = "123:SECRET"\n', encoding="utf-8")

    (fault,) = faults()

    assert fault[:2] == ("config.toml", "bale.token")
    assert "SECRET" not in str(fault)


def test_a_token_comes_from_the_environment_or_a_file_and_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text("456:FILE_SECRET\n", encoding="utf-8")
    monkeypatch.setenv(PREFIX + "TELEGRAM__TOKEN", "123:ENV_SECRET")
    monkeypatch.setenv(PREFIX + "BALE__TOKEN_FILE", str(tmp_path / "token"))

    settings = config.load()

    assert settings.telegram.secret() == "123:ENV_SECRET"
    assert settings.bale.secret() == "456:FILE_SECRET"
    assert "SECRET" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize("token", ["not a token", "123:AB/CD"])
def test_a_token_of_another_form_is_refused_and_not_repeated(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "BALE__TOKEN", token)

    (fault,) = faults()

    assert fault[1].startswith("bale")
    assert token not in str(fault)


def test_a_messenger_without_a_token_is_off() -> None:
    settings = config.load(telegram={"token": "  "})

    assert settings.telegram.secret() is None
    assert settings.bale.secret() is None


def test_settings_cannot_be_changed() -> None:
    settings = config.load()

    with pytest.raises(ValueError, match="frozen"):
        settings.web.port = 1
    with pytest.raises(ValueError, match="frozen"):
        settings.log = config.Log()


def test_operators_are_named_with_their_platform() -> None:
    settings = config.load(operators={"chat_ids": ["telegram:12", "bale:-34"]})

    assert settings.operators.chats() == [("telegram", 12), ("bale", -34)]
