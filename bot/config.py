"""Settings: `config.toml`, over it the environment. Read once, in `bot.__main__`, never at import."""

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.errors import Faults

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "HAMYAR14_"
SECRETS = ("token",)

Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(gt=0)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class Service(Section):
    live: bool = False
    stop_seconds: Annotated[float, Field(gt=0, le=9)] = 8


class Database(Section):
    url: str = "sqlite+aiosqlite:///data/hamyar14.db"
    connections: Annotated[int, Field(ge=2, le=100)] = 8

    @field_validator("url")
    @classmethod
    def known_engine(cls, url: str) -> str:
        url = re.sub(r"^sqlite:", "sqlite+aiosqlite:", url)
        url = re.sub(r"^postgres(ql)?:", "postgresql+asyncpg:", url)
        if not url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return url

    @property
    def is_one_file(self) -> bool:
        """SQLite: one process works on it, and everything it says is found beside it."""
        return self.url.startswith("sqlite")


class Web(Section):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8014
    public_url: str = ""
    trusted_proxy: bool = False
    messages_per_minute: Count = 20
    address_messages_per_minute: Count = 120
    address_visitors_per_hour: Count = 60
    files_per_minute: Count = 30
    address_files_per_minute: Count = 120
    megabytes_per_day: Annotated[int, Field(ge=20)] = 200
    address_megabytes_per_day: Annotated[int, Field(ge=20)] = 2000
    address_connections: Count = 256

    @field_validator("public_url")
    @classmethod
    def address_without_slash(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^/\s?#@]+(/[^\s?#]*)?", url):
            raise ValueError("must be the address of the page as citizens open it, such as https://hamyar.example.ir")
        return url.rstrip("/")


class Messenger(Section):
    """Telegram or Bale. Without a token it is off. `hook_ports`: where the platform delivers to by webhook."""

    hook_ports: ClassVar[tuple[int, ...]]

    receive: Literal["poll", "webhook"] = "poll"
    token: SecretStr | None = None
    token_file: str = ""
    api_url: str
    proxy: str = ""
    pace: Positive
    chat_pace: Positive = 1.0
    in_flight: Annotated[int, Field(gt=0, le=1000)]

    @field_validator("api_url")
    @classmethod
    def root_without_slash(cls, url: str) -> str:
        if not re.match(r"https?://[^/\s]+", url):
            raise ValueError("must begin with http:// or https://")
        return url.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def known_proxy(cls, proxy: str) -> str:
        if proxy and not re.match(r"(https?|socks5h?|socks4)://[^/\s]+", proxy):
            raise ValueError("must begin with http:// or socks5://")
        return proxy

    @model_validator(mode="after")
    def token_looks_right(self) -> Self:
        secret = self.secret()
        if secret is not None and not re.fullmatch(r"[\w:.-]+", secret):
            # The value itself is never shown.
            raise ValueError("token: not of the form <number>:<letters>, as the platform's @BotFather gives it")
        return self

    def secret(self) -> str | None:
        """The token, from the environment or the named file; None: this messenger is off."""
        if self.token is not None and self.token.get_secret_value().strip():
            return self.token.get_secret_value().strip()
        if self.token_file:
            try:
                return Path(self.token_file).read_text(encoding="utf-8").strip() or None
            except OSError as error:
                raise ValueError(f"token_file: cannot be read ({error.strerror})") from None
        return None


class Telegram(Messenger):
    hook_ports = (443, 80, 88, 8443)  # core.telegram.org/bots/api#setwebhook
    api_url: str = "https://api.telegram.org"
    pace: Positive = 30.0
    in_flight: Annotated[int, Field(gt=0, le=1000)] = 64


class Bale(Messenger):
    hook_ports = (443, 88)  # docs.bale.ai, setWebhook
    api_url: str = "https://tapi.bale.ai"
    pace: Positive = 5.0
    in_flight: Annotated[int, Field(gt=0, le=1000)] = 16


class Media(Section):
    folder: str = "data/media"
    most_megabytes: Annotated[int, Field(gt=0, le=20)] = 20

    def path(self) -> Path:
        """The folder; a relative one is counted from the project, wherever the command was called."""
        return ROOT / self.folder

    @property
    def most_bytes(self) -> int:
        return self.most_megabytes * 1024 * 1024


class Operators(Section):
    # In the environment a list with commas will do; JSON is understood too.
    chat_ids: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("chat_ids", mode="before")
    @classmethod
    def taken_apart(cls, chat_ids: object) -> object:
        if not isinstance(chat_ids, str):
            return chat_ids
        return [part for part in re.split(r'[\s,"\[\]]+', chat_ids) if part]

    @field_validator("chat_ids")
    @classmethod
    def named_with_platform(cls, chat_ids: tuple[str, ...]) -> tuple[str, ...]:
        for chat in chat_ids:
            if not re.fullmatch(r"(telegram|bale|web):-?\d{1,19}", chat):
                raise ValueError(f"{chat!r} is not of the form telegram:123456 or bale:123456")
        return chat_ids

    def chats(self) -> list[tuple[str, int]]:
        """(platform, chat id) of each operator."""
        return [(platform, int(number)) for platform, _, number in (chat.partition(":") for chat in self.chat_ids)]


class Announcements(Section):
    approve_above: Annotated[int, Field(ge=0)] = 200


class Alarms(Section):
    silent_seconds: Count = 300
    backlog_seconds: Count = 60
    backlog_messages: Count = 2_000
    delivery_seconds: Count = 120
    disk_free_megabytes: Count = 1_024
    disk_free_percent: Annotated[float, Field(ge=0, le=50)] = 3.0


class Metrics(Section):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8015


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"


class Privacy(Section):
    keep_days: Count = 30
    keep_rows_days: Annotated[int, Field(ge=3)] = 400


class Settings(BaseSettings):
    """All settings, frozen. Unknown keys are refused."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        toml_file=ROOT / "config.toml",
    )

    service: Service = Service()
    database: Database = Database()
    web: Web = Web()
    telegram: Telegram = Telegram()
    bale: Bale = Bale()
    media: Media = Media()
    operators: Operators = Operators()
    announcements: Announcements = Announcements()
    alarms: Alarms = Alarms()
    metrics: Metrics = Metrics()
    log: Log = Log()
    privacy: Privacy = Privacy()

    def messenger(self, platform: str) -> Messenger | None:
        """The settings of a messenger; None: the platform is none, such as the page."""
        return {"telegram": self.telegram, "bale": self.bale}.get(platform)

    def by_webhook(self, platform: str) -> bool:
        """Whether the platform brings its updates."""
        messenger = self.messenger(platform)
        return messenger is not None and messenger.receive == "webhook"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature; neither file is read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # Whatever tests or tools hand in, then the environment, then the file.
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(**changes: Any) -> Settings:  # noqa: ANN401 - sections as dictionaries, checked by pydantic
    """Read the settings. Raises `Faults` naming the source, the key and the reason of each fault."""
    faults = [*_misplaced_secrets(), *_unknown_variables()]
    if not faults:
        try:
            settings = Settings(**changes)
            faults = _faults_of_webhooks(settings)
            if not faults:
                return settings
        except ValidationError as error:
            faults = [_fault(item["loc"], item["msg"]) for item in error.errors()]
        except tomllib.TOMLDecodeError as error:
            faults = [("config.toml", "-", f"cannot be read as TOML: {error}")]
    raise Faults(faults)


def _faults_of_webhooks(settings: Settings) -> list[tuple[str, str, str]]:
    """What would keep a platform from delivering to us."""
    url = settings.web.public_url
    faults = []
    for name in ("telegram", "bale"):
        messenger: Messenger = getattr(settings, name)
        if messenger.receive != "webhook" or messenger.secret() is None:
            continue
        ports = messenger.hook_ports
        if not url.startswith("https://"):
            reason = f'{name}.receive = "webhook" needs an address that begins with https://'
        elif _port(url) not in ports:
            reason = f"{name} delivers to the ports {', '.join(map(str, ports))} only, not to {_port(url)}"
        else:
            continue
        faults.append(_fault(("web", "public_url"), reason))
    return faults


def _port(url: str) -> int | None:
    """The port of an https address; None: it names none that exists."""
    try:
        return urlsplit(url).port or 443
    except ValueError:
        return None


def _fault(where: tuple[int | str, ...], message: str) -> tuple[str, str, str]:
    """Name the fault's source: the environment where a variable sets the key, the file otherwise."""
    key = ".".join(str(part) for part in where)
    variable = PREFIX + "__".join(str(part) for part in where[:2]).upper()
    source = variable if variable in os.environ else "config.toml"
    return source, key, message.removeprefix("Value error, ")


def _unknown_variables() -> list[tuple[str, str, str]]:
    """A misspelt variable would otherwise be ignored, and the operator would not know why nothing changes."""
    known = {
        f"{PREFIX}{section}__{key}".upper()
        for section, field in Settings.model_fields.items()
        for key in getattr(field.annotation, "model_fields", {})
    }
    ours = (name for name in os.environ if name.startswith(PREFIX) and not name.startswith(PREFIX + "TEST_"))
    return [(name, "-", "no such setting; see config.toml") for name in sorted(ours) if name not in known]


def _misplaced_secrets() -> list[tuple[str, str, str]]:
    file = ROOT / "config.toml"
    if not file.exists():
        return []
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        return [("config.toml", "-", f"cannot be read as TOML: {error}")]
    return [
        (
            "config.toml",
            f"{section}.{key}",
            "a secret must not stand in a file of the repository; use the environment",
        )
        for section, values in data.items()
        if isinstance(values, dict)
        for key in SECRETS
        if key in values
    ]
