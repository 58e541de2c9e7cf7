"""What staff change is live in every process, and what cannot be loaded leaves the library as it was."""

from dataclasses import replace
from typing import Any

import pytest

from bot.app import App
from bot.flow import Library
from bot.refresh import Refresher, Subject
from bot.store import Unit
from bot.switchboard import House


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
