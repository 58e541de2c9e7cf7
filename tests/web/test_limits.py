"""Floods: by visitor, by address, by making visitors."""

from pathlib import Path

import pytest

from tests.web.site import Place, SetClock, open_place
from tests.web.test_messages import opened, send
from web.limits import Limit


async def test_too_many_messages_of_one_visitor_must_wait(place: Place, clock: SetClock) -> None:
    browser = await opened(place)
    for number in range(20):
        assert (await send(browser, "سلام", f"message-{number}")).status_code == 200

    answer = await send(browser, "سلام", "message-20")
    assert (answer.status_code, answer.json()["error"]) == (429, "slow")
    clock.go_on(int(answer.headers["retry-after"]))
    assert (await send(browser, "سلام", "message-20")).status_code == 200


async def test_one_visitor_s_flood_does_not_stop_another(place: Place) -> None:
    flooding = await opened(place)
    for number in range(40):
        await send(flooding, "سلام", f"message-{number}")

    assert (await send(await opened(place), "سلام")).status_code == 200
    assert len(await place.inbox()) == 21


async def test_an_address_has_a_limit_for_all_its_visitors(tmp_path: Path, clock: SetClock) -> None:
    async with open_place(tmp_path / "few.db", clock, address_messages_per_minute=5) as place:
        app = place.browser()
        await app.get("/")
        statuses: list[int] = []
        for number in range(6):
            app.cookies.set("hamyar14", f"{number:032}")
            statuses.append((await send(app, "سلام")).status_code)

    assert statuses == [200] * 5 + [429]


async def test_an_address_can_make_only_so_many_visitors(tmp_path: Path, clock: SetClock) -> None:
    async with open_place(tmp_path / "few.db", clock, address_visitors_per_hour=2) as place:
        app = place.browser()
        statuses: list[int] = []
        for number in (1, 2, 3, 1):
            app.cookies.set("hamyar14", f"{number:032}")
            statuses.append((await send(app, "سلام", f"message-{len(statuses)}")).status_code)

    assert statuses == [200, 200, 429, 200]


@pytest.mark.parametrize(
    ("addresses", "statuses"),
    [
        (["2001:db8:0:100::1", "2001:db8:0:1ff::1", "2001:db8:0:200::1"], [200, 429, 200]),
        (["::ffff:1.1.1.1", "1.1.1.1", "1.1.1.2"], [200, 429, 200]),
    ],
)
async def test_one_line_with_many_networks_makes_no_more_visitors(
    tmp_path: Path, clock: SetClock, addresses: list[str], statuses: list[int]
) -> None:
    limits = {"address_visitors_per_hour": 1, "trusted_proxy": True}
    async with open_place(tmp_path / "few.db", clock, **limits) as place:
        app = place.browser()
        found: list[int] = []
        for number, whence in enumerate(addresses):
            app.cookies.set("hamyar14", f"{number:032}")
            app.headers["x-forwarded-for"] = whence
            found.append((await send(app, "سلام")).status_code)

    assert found == statuses


@pytest.mark.parametrize(("trusted", "last"), [(False, 429), (True, 200)])
async def test_a_forwarded_address_counts_only_behind_a_trusted_proxy(
    tmp_path: Path, clock: SetClock, trusted: bool, last: int
) -> None:
    limits = {"address_messages_per_minute": 1, "trusted_proxy": trusted}
    async with open_place(tmp_path / "few.db", clock, **limits) as place:
        app = place.browser()
        await app.get("/")
        # Only the last hop was written by our own proxy; the rest anybody may have made up.
        for hops in ("1.1.1.1, 2.2.2.2", "1.1.1.1, 3.3.3.3"):
            app.headers["x-forwarded-for"] = hops
            answer = await send(app, "سلام")

    assert answer.status_code == last


async def test_a_proxy_that_adds_a_line_of_its_own_is_believed_and_the_visitor_s_line_is_not(
    tmp_path: Path, clock: SetClock
) -> None:
    limits = {"address_messages_per_minute": 1, "trusted_proxy": True}
    async with open_place(tmp_path / "few.db", clock, **limits) as place:
        app = await opened(place)
        statuses: list[int] = []
        for number, claimed in enumerate(("1.1.1.1", "3.3.3.3")):
            lines = [("x-forwarded-for", claimed), ("x-forwarded-for", "2.2.2.2")]
            said = {"client_id": f"message-{number}", "text": "سلام"}
            statuses.append((await app.post("/api/messages", json=said, headers=lines)).status_code)

    assert statuses == [200, 429]


def test_a_limit_allows_a_burst_and_then_an_even_flow(clock: SetClock) -> None:
    limit = Limit(3, 60, clock)

    assert [limit.take("sara") for _ in range(4)] == [0, 0, 0, 20]
    clock.go_on(20)
    assert [limit.take("sara") for _ in range(2)] == [0, 20]


def test_a_limit_forgets_those_whose_time_is_over(clock: SetClock) -> None:
    limit = Limit(1, 1, clock)
    for number in range(30_000):
        limit.take(str(number))
        clock.go_on(0.001)

    assert len(limit._busy_until) <= 12_000
