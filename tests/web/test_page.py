"""The page itself: what a browser gets before anything is said."""

import re
from typing import Any

import httpx
import pytest

from tests.web.site import ORIGIN, WORDS, Place
from web.app import HEADERS, Site, create_app


async def links(browser: httpx.AsyncClient) -> list[str]:
    return re.findall(r'(?:src|href)="(/static/[^"]+)"', (await browser.get("/")).text)


async def test_the_page_reads_from_right_to_left_and_in_persian(place: Place) -> None:
    async with place.browser() as browser:
        page = (await browser.get("/")).text

    assert '<html lang="fa" dir="rtl">' in page
    assert WORDS["name"] in page


async def test_whoever_has_no_javascript_is_given_the_phone_number(place: Place) -> None:
    async with place.browser() as browser:
        page = (await browser.get("/")).text

    assert "۹۶۰۴۰۹۰۰" in page.partition("<noscript>")[2].partition("</noscript>")[0]


async def test_the_policy_lets_nothing_in_from_elsewhere(place: Place) -> None:
    async with place.browser() as browser:
        for path in ("/", "/health", "/api/history", "/no/such/page"):
            policy = (await browser.get(path)).headers["content-security-policy"]

            assert policy.startswith("default-src 'none'")
            assert "unsafe" not in policy
            assert "http" not in policy


async def test_every_answer_carries_the_security_headers(place: Place) -> None:
    async with place.browser() as browser:
        answers = [await browser.get("/"), await browser.get("/nothing"), await browser.post("/api/messages")]

    for answer in answers:
        assert answer.headers.items() >= {name.lower(): value for name, value in HEADERS.items()}.items()


async def test_the_page_has_no_inline_script_or_style(place: Place) -> None:
    async with place.browser() as browser:
        page = (await browser.get("/")).text

    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\bstyle=|\bon\w+=", page)


async def test_the_page_and_its_files_name_no_other_host(place: Place) -> None:
    async with place.browser() as browser:
        texts = [(await browser.get("/")).text]
        texts += [(await browser.get(link)).text for link in await links(browser) if "woff2" not in link]

    for text in texts:
        addresses = re.findall(r"""["'(](?:https?:)?//[^"')]*""", text)
        assert [address for address in addresses if "www.w3.org/2000/svg" not in address] == []


async def test_files_are_named_after_their_content_and_kept_for_ever(place: Place) -> None:
    async with place.browser() as browser:
        for link in await links(browser):
            answer = await browser.get(link)

            assert answer.status_code == 200
            assert re.search(r"\.[0-9a-f]{12}\.\w+$", link)
            assert "immutable" in answer.headers["cache-control"]


async def test_files_refer_to_one_another_by_names_that_exist(place: Place) -> None:
    async with place.browser() as browser:
        for link in await links(browser):
            if link.endswith((".js", ".css")):
                text = (await browser.get(link)).text
                assert '"./' not in text
                for other in re.findall(r'"(/static/[^"]+)"', text):
                    assert (await browser.get(other)).status_code == 200


async def test_the_font_comes_from_here_with_its_licence_beside_it(place: Place) -> None:
    async with place.browser() as browser:
        (font,) = {link for link in await links(browser) if link.endswith(".woff2")}
        answer = await browser.get(font)

    assert answer.headers["content-type"] == "font/woff2"
    assert answer.content.startswith(b"wOF2")


async def test_the_page_is_small(place: Place) -> None:
    async with place.browser(**{"accept-encoding": "gzip"}) as browser:
        paths = ["/", *sorted({link for link in await links(browser) if not link.endswith(".woff2")})]
        sizes = [int((await browser.get(path)).headers["content-length"]) for path in paths]

    # Two seconds over a bad line. The font, which comes later, is not counted.
    assert sum(sizes) < 35_000


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/page.css", "/static/"])
async def test_only_the_page_s_own_files_are_served(place: Place, path: str) -> None:
    async with place.browser() as browser:
        assert (await browser.get(path)).status_code == 404


async def test_a_wrong_address_is_answered_in_persian(place: Place) -> None:
    async with place.browser() as browser:
        answer = await browser.get("/admin")

    assert (answer.status_code, answer.text) == (404, WORDS["not_found"])


async def test_health_says_ok(place: Place) -> None:
    async with place.browser() as browser:
        answers = [await browser.get("/health", headers=headers) for headers in ({}, {"X-Forwarded-For": "1.1.1.1"})]

    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"ok": True})] * 2


async def health_of_an_ailing_service(place: Place, client: str, headers: dict[str, str]) -> httpx.Response:
    async def faults() -> list[str]:
        return ["telegram: no poll for 5 minutes"]

    fields: dict[str, Any] = {name: getattr(place.site, name) for name in Site.__slots__}
    app = create_app(Site(**fields | {"health": faults}))
    transport = httpx.ASGITransport(app, client=(client, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
        return await browser.get("/health", headers=headers)


@pytest.mark.parametrize("client", ["127.0.0.1", "::1"])
async def test_health_names_what_is_wrong_to_whoever_is_on_this_machine(place: Place, client: str) -> None:
    answer = await health_of_an_ailing_service(place, client, {})

    assert (answer.status_code, answer.json()["faults"]) == (503, ["telegram: no poll for 5 minutes"])


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("203.0.113.9", {}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}),
    ],
)
async def test_strangers_are_told_that_something_is_wrong_and_not_what(
    place: Place, client: str, headers: dict[str, str]
) -> None:
    answer = await health_of_an_ailing_service(place, client, headers)

    assert (answer.status_code, answer.json()) == (503, {"ok": False})
