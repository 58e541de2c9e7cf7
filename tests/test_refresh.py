"""What staff change is live in every process, and what cannot be loaded leaves the library as it was."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.app import App
from bot.flow import Library
from bot.refresh import Refresher, Subject
from bot.store import Unit
from bot.switchboard import House
from tests.citizen import wait_until


def house_of(app: App) -> House:
    assert app.work is not None
    return House(app.work.house.library, {}, app.clock, app.work.alarms)


async def bump(app: App, subject: str = "menu") -> None:
    await app.store.write(lambda unit: unit.revisions.bump(subject))


def counting(applied: list[int]) -> Subject:
    """A subject that notes how many changes it read, and makes another library each time."""

    def read(unit: Unit) -> int:
        return unit.revisions.all()["menu"]

    def apply(library: Library, number: Any) -> Library:  # noqa: ANN401 - what `read` gave
        applied.append(number)
        return replace(library)

    return Subject(read, apply)


async def test_a_change_makes_another_library_and_no_change_makes_none(app: App) -> None:
    house, applied = house_of(app), list[int]()
    refresher = Refresher(app.store, house, {"menu": counting(applied)})
    before = house.library

    await refresher.look()
    await bump(app)
    await refresher.look()
    await refresher.look()

    assert applied == [1]
    assert house.library is not before


async def test_several_changes_are_loaded_once(app: App) -> None:
    applied: list[int] = []
    refresher = Refresher(app.store, house_of(app), {"menu": counting(applied)})

    for _ in range(3):
        await bump(app)
    await refresher.look()

    assert applied == [3]


async def test_what_cannot_be_loaded_leaves_the_library_and_is_tried_again(app: App) -> None:
    house = house_of(app)
    before = house.library
    whole = False

    def apply(library: Library, _number: Any) -> Library:  # noqa: ANN401 - what `read` gave
        if not whole:
            raise LookupError
        return replace(library)

    refresher = Refresher(app.store, house, {"menu": Subject(lambda _: None, apply)})
    await bump(app)

    with pytest.raises(LookupError):
        await refresher.look()
    assert house.library is before
    whole = True
    await refresher.look()
    assert house.library is not before


async def test_a_subject_that_this_version_does_not_know_is_passed_over(app: App) -> None:
    refresher = Refresher(app.store, house_of(app), {})
    await bump(app, "later")

    await refresher.look()

    assert refresher.seen == {"later": 1}


async def test_a_spoilt_subject_keeps_no_other_one_from_being_loaded(app: App) -> None:
    house, applied = house_of(app), list[int]()

    def spoilt(_: Unit) -> None:
        raise ValueError("no such date")

    unfit = Subject(spoilt, lambda library, _: library)
    refresher = Refresher(app.store, house, {"early": unfit, "menu": counting(applied), "zeal": unfit})
    for subject in ("early", "menu", "zeal"):
        await bump(app, subject)

    with pytest.raises(ValueError, match="no such date"):
        await refresher.look()

    assert applied == [1]
    assert refresher.seen == {"menu": 1}


async def test_while_a_subject_stays_spoilt_others_are_loaded_at_once(app: App) -> None:
    applied: list[int] = []
    tried: list[int] = []

    def spoilt(_: Unit) -> None:
        tried.append(1)
        raise ValueError

    unfit = Subject(spoilt, lambda library, _: library)
    refresher = Refresher(app.store, house_of(app), {"early": unfit, "menu": counting(applied)})
    await bump(app, "early")
    watching = asyncio.create_task(refresher.run())
    await wait_until(lambda: bool(tried))

    await bump(app)
    await wait_until(lambda: applied == [1])
    await bump(app)
    await wait_until(lambda: applied == [1, 2])
    watching.cancel()

    assert len(tried) < 3  # it is given a rest
