"""/metrics and /health on the private port: true figures, nobody's words, and never in the way of the service."""

import re
import socket
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics
from bot.app import App
from bot.health import Cached
from tests.botapi import BotApi
from tests.citizen import Citizen

Figures = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def options() -> dict[str, Any]:
    return {"metrics": {"enabled": True, "port": 0}}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look is a new one."""
    monkeypatch.setattr("bot.health.GAUGES_SECONDS", 0)


async def get(app: App, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession(app.private_address) as browser, browser.get(path) as answer:
        return answer.status, await answer.text()


async def figures(app: App) -> Figures:
    """Each sample by its name, without `hamyar14_`, and its labels' values in the order of the labels' names."""
    _, text = await get(app, "/metrics")
    return {
        (sample.name.removeprefix("hamyar14_"), tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def grown(before: Figures, after: Figures, name: str, *labels: str) -> float:
    return after.get((name, labels), 0) - before.get((name, labels), 0)


async def test_a_turn_is_counted_from_its_update_to_its_message(app: App, api: BotApi, sara: Citizen) -> None:
    platform = api.dialect.name
    before = await figures(app)

    await sara.send("/start")
    await sara.send("/help")

    after = await figures(app)
    assert grown(before, after, "updates_stored_total", platform) == 2
    assert grown(before, after, "turns_total", "done") == 2
    assert grown(before, after, "turn_seconds_count") == 2
    assert 0 < grown(before, after, "turn_seconds_sum") < 30
    assert grown(before, after, "messages_sent_total", platform) == len(api.seen(sara.user_id))
    assert after["pace_waiting_messages", (platform,)] == 0


async def test_failures_are_counted_by_platform_and_cause(app: App, api: BotApi, sara: Citizen) -> None:
    platform = api.dialect.name
    await sara.send("/start")
    before = await figures(app)
    api.faults.fail_next("sendMessage", 400, "Bad Request: no", chat_id=sara.user_id)
    await sara.send("/help")
    api.block(sara.user_id)
    await sara.send("/help")

    after = await figures(app)
    assert grown(before, after, "messages_failed_total", "gone", platform) == 1
    assert grown(before, after, "messages_failed_total", "ours", platform) == 1
    assert grown(before, after, "set_aside_rows", "outbox") == 1
    assert after["alarms_standing", ("refused",)] == 1


async def test_what_waits_is_shown_with_its_age_and_this_process_with_its_leases(
    app: App, sara: Citizen, api: BotApi
) -> None:
    await sara.send("/start")

    shown = await figures(app)

    assert shown["inbox_waiting_rows", ()] == 0
    assert shown["outbox_oldest_waiting_seconds", (api.dialect.name,)] == 0
    assert shown["database_up", ()] == 1
    assert shown["process_start_time_seconds", ()] == pytest.approx(app.clock.millis() / 1000, abs=600)
    assert shown["build_info", (metrics.version(),)] == 1
    bot = f"{api.dialect.name}:100"
    assert 0 <= shown["last_poll_seconds", (bot,)] < 60
    assert {labels[0] for family, labels in shown if family == "lease_held"} >= {"scheduler", "watch", f"poller:{bot}"}


async def test_names_bear_units_and_labels_bear_nobodys_words(app: App, sara: Citizen) -> None:
    await sara.send("شباهنگ")

    _, text = await get(app, "/metrics")

    assert "شباهنگ" not in text
    assert str(sara.user_id) not in re.sub(r"[\d.e+-]+$", "", text, flags=re.MULTILINE)
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    assert all(name.startswith("hamyar14_") for name in names)
    assert len(names) > 15


async def test_a_worker_without_a_page_has_health_too(start: Any, options: dict[str, Any]) -> None:  # noqa: ANN401 - see the fixture
    options["web"] = {"enabled": False}
    async with start() as app:
        assert app.address is None
        assert await get(app, "/health") == (200, '{"ok":true}')
        assert app.work is not None
        await app.work.alarms.begin("silent", "telegram", minutes=5)
        app._health._health._kept = None

        status, text = await get(app, "/health")

    assert (status, text) == (503, '{"ok":false,"faults":["silent: telegram"]}')


async def test_a_port_in_use_stops_nobody(
    start: Any,  # noqa: ANN401 - see start
    options: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        options["metrics"] = {"port": taken.getsockname()[1], "enabled": True}
        async with start() as app:
            assert app.private_address is None
            assert await app.health() == []

    (said,) = [vars(record) for record in caplog.records if record.message == "metrics_off"]
    assert "HAMYAR14_METRICS__PORT" in said["mend"]


async def test_many_who_ask_at_once_are_one_look() -> None:
    asked: list[None] = []

    async def ask() -> int:
        asked.append(None)
        return len(asked)

    kept = Cached(ask, 60)

    assert [await kept.get() for _ in range(100)] == [1] * 100
    assert await Cached(ask, 0).get() == 2
