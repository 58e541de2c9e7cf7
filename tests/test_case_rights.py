"""Who may do what with a case: every action, by everybody, in the desk and in private, with forged numbers too.

Whoever may not changes nothing in any table of cases, and is told so.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from bot.app import App
from bot.models import audit, bans, case_events, case_files, case_followers, case_words, cases
from bot.services import staff
from bot.services.cases import Case
from bot.store import Unit
from tests.botapi import BotApi
from tests.citizen import rows_of
from tests.editing import pressed
from tests.scene import ADMIN, DANA, EDITOR, MANAGER, MINA, REZA, SARA, Scene
from tests.test_conversations import FOUND

STRANGER, REVOKED = 700, 701
TABLES = (cases, case_events, case_files, case_followers, case_words, bans)
STAFF_OF_IT = {"operator": MINA, "manager": MANAGER, "admin": ADMIN}
NOT_THEIRS = {"of another desk": DANA, "editor": EDITOR, "revoked": REVOKED, "not staff": STRANGER, "its citizen": SARA}
WORDS = ("want", "day", "with", "send")
HUGE = ("0", "-1", "999999999999999999", "9999999999999999999999", "1e3", "", "x", "1;drop")


@dataclass(frozen=True)
class Action:
    """A button of a card, or of what follows it: its data for a case. `changes`: pressed once it does something."""

    data: str
    changes: bool = True

    def of(self, number: object, scene: Scene) -> str:
        return self.data.format(case=number, desk=scene.other_id, category="green")


OPEN = {
    "take": Action("case:take:{case}"),
    "release": Action("case:release:{case}", changes=False),
    "hurry": Action("case:hurry:{case}"),
    "calm": Action("case:calm:{case}", changes=False),
    "open": Action("case:open:{case}", changes=False),
    "more": Action("case:more:{case}", changes=False),
    "less": Action("case:less:{case}", changes=False),
    "history": Action("case:history:{case}", changes=False),
    "forward": Action("case:forward:{case}", changes=False),
    "to": Action("case:to:{case}.{desk}"),
    "assign": Action("case:assign:{case}", changes=False),
    "give": Action("case:give:{case}.1"),
    "recategorise": Action("case:recategorise:{case}", changes=False),
    "group": Action("case:group:{case}.green", changes=False),
    "leaf": Action("case:leaf:{case}.{category}"),
    "want": Action("case_words:want:{case}.answered", changes=False),
    "day": Action("case_words:day:{case}.20261201", changes=False),
    "with": Action("case_words:with:{case}.answered.answered", changes=False),
    "send": Action("case_words:send:{case}.fixed.fixed"),
    "drop": Action("case_words:drop:{case}.fixed", changes=False),
}
IN_PRIVATE = OPEN | {
    "show": Action("case:show:{case}", changes=False),
    "files": Action("case:files:{case}", changes=False),
    "ban": Action("case:ban:{case}", changes=False),
    "post": Action("case_words:post:1", changes=False),
}


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


@pytest.fixture
def engine(api: BotApi) -> str:
    return {"telegram": "sqlite", "bale": "postgresql"}[api.dialect.name]


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups of Telegram take twenty messages a minute: a matrix in one group would take its time."""
    monkeypatch.setattr("bot.platforms.telegram.Telegram.most_a_minute", lambda *_: None)


@pytest.fixture
async def scene(app: App, api: BotApi) -> Scene:
    made = await Scene(app, api).set_up()
    api.meet(STRANGER, first_name="ناشناس")
    await made.join(REVOKED, "operator")
    await made.write(lambda unit: _revoke(unit, api))
    await made.person(STRANGER).send("/start")
    for user_id in (MINA, MANAGER, ADMIN, DANA, EDITOR, REVOKED):
        await made.person(user_id).send("/start")
    return made


def _revoke(unit: Unit, api: BotApi) -> None:
    """Somebody who worked at the desk until a moment ago."""
    gone, boss = unit.staff.find(api.dialect.name, REVOKED), unit.staff.find(api.dialect.name, ADMIN)
    assert gone is not None
    assert boss is not None
    staff.dismiss(unit, gone.id, boss)


async def state(scene: Scene) -> list[Any]:
    """Everything that is kept of cases, and what staff are said to have done with them."""

    def look(unit: Unit) -> list[Any]:
        deeds = [row for row in rows_of(unit, audit) if row["about"].startswith("case:")]
        return [*(rows_of(unit, table) for table in TABLES), deeds]

    return list(await scene.app.store.read(look))


async def in_desk(scene: Scene, who: int, data: str) -> None:
    scene.api.alerts.clear()
    await scene.forge(who, data)


async def told_in_private(scene: Scene, who: int, data: str) -> str:
    scene.api.alerts.clear()
    shown = await pressed(scene.person(who), data)
    return "\n".join([*(seen.text for seen in shown), *(alert.text for alert in scene.api.alerts)])


def test_every_button_of_a_case_is_in_the_matrix() -> None:
    """Whoever adds an action says here who may do it."""
    talks = {talk.name: talk for talk, _ in FOUND}
    in_desks = {action for name in ("case", "case_words") for action in talks[name].desk_buttons}
    private = {action for name in ("case", "case_words") for action in talks[name].buttons}

    assert in_desks == OPEN.keys()
    assert private == IN_PRIVATE.keys()


@pytest.mark.parametrize("who", NOT_THEIRS.values(), ids=NOT_THEIRS.keys())
async def test_in_the_desk_whoever_may_not_changes_nothing_and_is_told(scene: Scene, who: int) -> None:
    case = await scene.file("راز سارا", phone="09123456789")
    before, shown = await state(scene), scene.api.seen(scene.desk.number)

    for name, action in OPEN.items():
        await in_desk(scene, who, action.of(case.id, scene))

        assert [alert.text for alert in scene.api.alerts if alert.user_id == who and alert.text], name
        assert scene.api.seen(scene.desk.number) == shown, name
    assert await state(scene) == before


@pytest.mark.parametrize("who", NOT_THEIRS.values(), ids=NOT_THEIRS.keys())
async def test_in_private_whoever_may_not_changes_nothing_and_sees_nothing(scene: Scene, who: int) -> None:
    case = await scene.file("راز سارا", phone="09123456789")
    before, sara = await state(scene), scene.api.seen(SARA)

    for name, action in IN_PRIVATE.items():
        told = await told_in_private(scene, who, action.of(case.id, scene))

        assert told, name
        assert "راز سارا" not in told, name
        assert "09123456789" not in told, name
    assert await state(scene) == before
    assert who == SARA or scene.api.seen(SARA) == sara


@pytest.mark.parametrize("who", STAFF_OF_IT.values(), ids=STAFF_OF_IT.keys())
@pytest.mark.parametrize("private", [False, True], ids=["desk", "private"])
async def test_whoever_works_there_may_do_all_of_it(scene: Scene, who: int, *, private: bool) -> None:
    for name, action in OPEN.items():
        case = await scene.file(f"چراغ {name}", by=None)
        before = await scene.log(case)
        data = action.of(case.id, scene).replace(f"{case.id}.1", f"{case.id}.{await scene.member(REZA)}", 1)
        await (told_in_private if private else in_desk)(scene, who, data)

        assert (await scene.log(case) != before) == action.changes, name


async def test_numbers_that_are_none_are_answered_with_a_word(scene: Scene) -> None:
    """Asked by whoever may everything, so that only the number is in the way."""
    await scene.file()
    before = await state(scene)
    tried = [*((name, number) for number in HUGE for name in ("take", "send")), *((name, "0") for name in IN_PRIVATE)]

    for name, number in tried:
        data = IN_PRIVATE[name].of(number, scene)
        assert await told_in_private(scene, ADMIN, data), (name, number)
        if name in OPEN:
            await in_desk(scene, ADMIN, data)
            assert [alert.text for alert in scene.api.alerts if alert.text], (name, number)

    assert await state(scene) == before


@pytest.mark.parametrize("argument", ["", ".", "..", "{case}", "{case}.", "{case}.x", "{case}.0", "{case}.99999999999"])
async def test_halves_of_buttons_change_nothing(scene: Scene, argument: str) -> None:
    case = await scene.file()
    before = await state(scene)

    for prefix in ("case:to", "case:give", "case:group", "case:leaf", *(f"case_words:{a}" for a in WORDS)):
        await in_desk(scene, MINA, f"{prefix}:{argument}".format(case=case.id))
        assert [alert.text for alert in scene.api.alerts if alert.text], prefix

    assert await state(scene) == before


async def test_a_closed_case_only_opens_again(scene: Scene) -> None:
    case = await scene.file(by=None)
    await scene.close(MINA, case)
    before = await state(scene)

    for name, action in OPEN.items():
        if name not in {"open", "history"}:
            await in_desk(scene, REZA, action.of(case.id, scene))
    assert await state(scene) == before

    await in_desk(scene, REZA, f"case:open:{case.id}")
    assert (await scene.now(case)).is_open


async def test_what_a_colleague_has_is_theirs(scene: Scene) -> None:
    case = await scene.take(REZA, await scene.file())
    before = await state(scene)

    for name in ("take", "release", "forward", "to", "assign", "recategorise", "group", "leaf", "want", "send"):
        await in_desk(scene, MINA, OPEN[name].of(case.id, scene))
        assert "رضا" in scene.alert, name

    assert await state(scene) == before


async def test_what_managers_have_is_no_operators(scene: Scene) -> None:
    case = await scene.file()
    await scene.raise_up(case)
    before = await state(scene)

    for name in ("take", "forward", "to", "assign", "give", "leaf", "want", "send"):
        await in_desk(scene, MINA, OPEN[name].of(case.id, scene).replace(".1", f".{await scene.member(REZA)}"))
        assert scene.alert, name
    assert await state(scene) == before

    await in_desk(scene, MANAGER, f"case:take:{case.id}")
    assert (await scene.now(case)).owner_id == await scene.member(MANAGER)


async def test_whoever_did_it_wrong_leaves_it_to_another(scene: Scene) -> None:
    case = await scene.file()
    await scene.object_after(MINA, case)

    await in_desk(scene, MINA, f"case:take:{case.id}")
    assert "همکار دیگری" in scene.alert
    await in_desk(scene, REZA, f"case:take:{case.id}")

    assert (await scene.now(case)).owner_id == await scene.member(REZA)


@pytest.mark.parametrize("who", NOT_THEIRS.values(), ids=NOT_THEIRS.keys())
async def test_words_of_whoever_may_not_reach_nobody(scene: Scene, who: int) -> None:
    case = await scene.file()
    (want,) = await scene.forge(MINA, f"case_words:want:{case.id}.fixed")
    card = scene.card(case)
    before, sara = await state(scene), scene.api.seen(SARA)

    for to in (card, want):
        (refused,) = await scene.reply(who, to, "سلام، درست شد")
        assert "درست شد" not in refused.text

    assert await state(scene) == before
    assert scene.api.seen(SARA) == sara


# -- who leaves


async def test_what_a_dismissed_member_had_is_nobodys(scene: Scene) -> None:
    case = await scene.take(MINA, await scene.file())
    arash = scene.person(ADMIN)

    await pressed(arash, f"team:dismiss:{await scene.member(MINA)}")

    assert (await scene.now(case)).owner_id is None
    assert "با مینا" not in scene.card(case).text
    await in_desk(scene, MINA, f"case:take:{case.id}")
    assert "همکاران" in scene.alert


async def test_whoever_leaves_leaves_their_cases(scene: Scene) -> None:
    case = await scene.take(MINA, await scene.file())
    mina = scene.person(MINA)
    await mina.send("/staff")
    await mina.press("خروج از همکاری")

    await mina.press("بله، خارج می‌شوم")

    assert (await scene.now(case)).owner_id is None
    assert "با مینا" not in scene.card(case).text


async def test_whoever_is_forgotten_leaves_their_cases(scene: Scene) -> None:
    case = await scene.take(MINA, await scene.file())
    mina = scene.person(MINA)
    await mina.send("/deleteme")

    await pressed(mina, "privacy:yes")

    assert (await scene.now(case)).owner_id is None


async def test_whoever_works_at_a_desk_no_more_leaves_what_is_there(scene: Scene) -> None:
    case = await scene.take(MINA, await scene.file())
    arash, number = scene.person(ADMIN), await scene.member(MINA)

    await pressed(arash, f"team:place:{number}.{scene.desk_id}.off.0")

    assert (await scene.now(case)).owner_id is None


async def test_another_role_leaves_them_too(scene: Scene) -> None:
    case = await scene.take(MINA, await scene.file())

    code = await scene.write(lambda unit: staff.invite(unit, "editor"))
    await scene.person(MINA).send(f"/staff {code}")

    assert (await scene.now(case)).owner_id is None


async def test_a_closed_desk_leaves_its_cases_to_managers_who_are_told_once(scene: Scene) -> None:
    taken, fresh = await scene.take(MINA, await scene.file("یک")), await scene.file("دو")
    closed = await scene.file("سه")
    await scene.close(REZA, closed)
    before = len(scene.api.seen(MANAGER))

    await in_desk(scene, ADMIN, "desk:closed")

    for case in (taken, fresh, closed):
        now: Case = await scene.now(case)
        assert now.desk_id == (scene.desk_id if case is closed else None), "what is done goes on naming it"
        assert now.owner_id is None or case is closed
    (told,) = scene.api.seen(MANAGER)[before:]
    assert "۲ درخواست" in told.text
    (listed,) = await scene.person(MANAGER).press(told.buttons[0][0])
    assert "یک" in listed.text
    assert "دو" in listed.text
