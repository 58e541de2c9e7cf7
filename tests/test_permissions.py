"""Who may go where: every conversation of staff, for every role, for who works here no more, and for everybody else.

The table below is written by hand. A conversation that is not in it fails the test: somebody has to decide.
"""

from collections.abc import Callable
from typing import Any

import pytest

from bot.app import App
from bot.flow import data
from bot.incoming import Incoming
from bot.loading import find_talks
from bot.services.staff import ROLES
from bot.switchboard import Switchboard
from tests.botapi import BotApi
from tests.citizen import Citizen, labels, settled
from tests.editing import made_editor

OPERATORS = {"operator", "manager", "admin"}
EDITORS = {"editor", "manager", "admin"}
MANAGERS = {"manager", "admin"}
ADMINS = {"admin"}
WHO_MAY = {
    "answering": EDITORS,
    "announce": EDITORS,
    "announce_audience": EDITORS,
    "announce_buttons": EDITORS,
    "announce_lint": EDITORS,
    "announce_time": EDITORS,
    "announcements": EDITORS,
    "approving": MANAGERS,
    "audit": ADMINS,
    "bans": MANAGERS,
    "calendar": EDITORS,
    "case": OPERATORS,
    "case_words": OPERATORS,
    "cases": OPERATORS,
    "closing": EDITORS,
    "details": EDITORS,
    "event": EDITORS,
    "events": EDITORS,
    "knowledge": EDITORS,
    "moon": EDITORS,
    "opinions": EDITORS,
    "poll_new": EDITORS,
    "survey_edit": EDITORS,
    "survey_end": EDITORS,
    "survey_import": EDITORS,
    "survey_question": EDITORS,
    "survey_rules": EDITORS,
    "survey_settings": EDITORS,
    "survey_results": EDITORS,
    "surveys": EDITORS,
    "team": ADMINS,
    "unanswered": EDITORS,
    "writing": EDITORS,
}
FOUND = {talk.name: (talk, words) for talk, words in find_talks() if talk.role is not None}
DOORS = {name: words.button("room") for name, (talk, words) in FOUND.items() if talk.door is not None}
OPEN_TO_ALL = {talk.name for talk, _ in find_talks() if talk.role is None}

Reached = list[str]


class Nothing:
    """A turn in which nothing was said."""

    leaves_nothing = False
    trail = ""
    replies: tuple[()] = ()


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


@pytest.fixture(params=[*ROLES, "revoked", "nobody"])
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
async def somebody(app: App, api: BotApi, kind: str) -> Citizen:
    """Somebody of this kind."""
    api.meet(700, first_name="امید")
    citizen = Citizen(app, api, 700)
    await citizen.send("/start")
    if kind == "revoked":  # once was all that one can be
        await made_editor(citizen, "admin")
        await app.store.write(lambda unit: unit.staff.end(1))
    elif kind in ROLES:
        await made_editor(citizen, kind)
    return citizen


@pytest.fixture
def reached(somebody: Citizen, monkeypatch: pytest.MonkeyPatch) -> Reached:
    """The conversations that what is sent from now on reaches. Their steps are not run."""
    found: Reached = []

    def note(_self: Switchboard, _unit: object, _incoming: Incoming, _at: object, to: Any, _known: object) -> Nothing:  # noqa: ANN401 - a step with its names
        found.append(to[0])
        return Nothing()

    monkeypatch.setattr(Switchboard, "_run_step", note)
    return found


async def send_all(somebody: Citizen, sends: list[Callable[[], object]]) -> None:
    for send in sends:
        send()
    await settled(somebody.app, somebody.api)


def test_somebody_has_decided_about_every_conversation_of_staff() -> None:
    assert WHO_MAY.keys() == FOUND.keys()


async def test_buttons_lead_only_those_who_may(somebody: Citizen, kind: str, reached: Reached) -> None:
    shown = somebody.api.seen(somebody.user_id)[-1]

    def press(pressed: str) -> Callable[[], object]:
        return lambda: somebody.api.press_gone(somebody.user_id, pressed, shown)

    for talk, those in WHO_MAY.items():
        buttons = [data(talk, action, argument) for action in FOUND[talk][0].buttons for argument in ("", "1")]
        reached.clear()
        await send_all(somebody, [press(button) for button in buttons])

        assert len(reached) == len(buttons) > 0, talk
        assert set(reached) == ({talk} if kind in those else {"menu"}), talk


async def test_what_is_announced_is_chosen_by_everybody(somebody: Citizen, reached: Reached) -> None:
    shown = somebody.api.seen(somebody.user_id)[-1]

    def press(pressed: str) -> Callable[[], object]:
        return lambda: somebody.api.press_gone(somebody.user_id, pressed, shown)

    buttons = ["choices:room", "choices:wish:sport.wants", "announced:leave:1", "announced:go:1:0"]
    await send_all(somebody, [press(button) for button in buttons])
    await send_all(somebody, [lambda: somebody.api.say(somebody.user_id, "/news")])

    assert reached == ["choices", "choices", "announced", "announced", "choices"]


async def test_commands_and_words_lead_only_those_who_may(somebody: Citizen, kind: str, reached: Reached) -> None:
    for talk, (found, words) in FOUND.items():
        said = [f"/{command}" for command in found.commands]
        said += [word for those in words.words.values() for word in those]
        reached.clear()
        await send_all(somebody, [lambda text=text: somebody.api.say(somebody.user_id, text) for text in said])  # type: ignore[misc]  # mypy gives a lambda's default no type

        assert len(reached) == len(said), talk
        # A word of staff may be one of everybody's too.
        assert set(reached) - ({talk} if kind in WHO_MAY[talk] else set()) <= OPEN_TO_ALL, talk
        assert (talk in reached) == (bool(said) and kind in WHO_MAY[talk]), talk


async def test_who_stands_somewhere_goes_on_only_while_they_may(somebody: Citizen, kind: str, reached: Reached) -> None:
    at = (somebody.api.dialect.name, somebody.user_id, somebody.user_id)
    for talk, (found, _) in FOUND.items():
        reached.clear()
        for step in found.steps:
            await somebody.app.store.write(
                lambda unit, place=f"{talk}.{step}": unit.places.move(*at, (place, "{}"))  # type: ignore[misc]  # mypy gives a lambda's default no type
            )
            await send_all(somebody, [lambda: somebody.api.say(somebody.user_id, "یک جواب")])

        assert len(reached) == len(found.steps), talk
        assert set(reached) <= ({talk} if kind in WHO_MAY[talk] else {"ask"}), talk


async def test_the_menu_shows_the_rooms_of_ones_role_and_no_others(somebody: Citizen, kind: str) -> None:
    (menu,) = await somebody.send("/staff")

    doors = [name for name, door in DOORS.items() if any(label.startswith(door) for label in labels(menu))]
    assert doors == [name for name in DOORS if kind in WHO_MAY[name]]
    assert ("کد دعوت" in menu.text) == (kind not in ROLES)


async def test_a_room_opens_to_those_who_may_and_says_nothing_to_others(somebody: Citizen, kind: str) -> None:
    for talk in DOORS:
        before = somebody.api.seen(somebody.user_id)
        somebody.api.press_gone(somebody.user_id, data(talk, "room"), before[-1])
        await settled(somebody.app, somebody.api)
        shown = [seen for seen in somebody.api.seen(somebody.user_id) if seen not in before]

        assert shown, talk
        if kind in WHO_MAY[talk]:
            assert any("میز کار" in labels(seen) or "رویداد" in seen.text for seen in shown), talk
        else:
            assert not any("میز کار" in labels(seen) for seen in shown), talk
            assert "منو" in shown[-1].text or "کمک" in shown[-1].text, talk
