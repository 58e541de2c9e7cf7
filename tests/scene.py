"""Staff at work: a desk and another one, who works there, and a case of Sara's whose card stands in the desk."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.app import App
from bot.models import cases
from bot.services import handling, reports
from bot.services.cases import Case, Change, Verdict, judge
from bot.services.reports import Report, Sender
from bot.services.staff import Role
from bot.store import Unit
from bot.store.citizens import Citizen as Known
from bot.store.outbox import Row
from bot.store.staff import Member
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, rows_of, settled
from tests.editing import library
from tests.group import Group

SARA = 501
DUE = 4_000_000_000_000
MINA, REZA, DANA, EDITOR, MANAGER, ADMIN = range(601, 607)
NAMES = {MINA: "مینا", REZA: "رضا", DANA: "دانا", EDITOR: "ویدا", MANAGER: "منیژه", ADMIN: "آرش"}
ROLES: dict[int, Role] = {
    MINA: "operator",
    REZA: "operator",
    DANA: "operator",
    EDITOR: "editor",
    MANAGER: "manager",
    ADMIN: "admin",
}


@dataclass
class Scene:
    """Mina and Reza work at the desk, Dana at the other one."""

    app: App
    api: BotApi
    desk: Group = field(init=False)
    other: Group = field(init=False)
    desk_id: int = 0
    other_id: int = 0

    async def set_up(self) -> "Scene":
        self.desk = Group(self.app, self.api, -100, "میز برق")
        self.other = Group(self.app, self.api, -200, "میز فضای سبز")
        self.desk_id = (await self.desk.become_desk()).id
        self.other_id = (await self.other.become_desk()).id
        self.api.meet(SARA, first_name="سارا")
        await self.person(SARA).send("/start")
        for user_id, role in ROLES.items():
            await self.join(user_id, role)
        return self

    async def join(self, user_id: int, role: Role) -> None:
        """Somebody works here, as if by a code: the way in has tests of its own."""
        self.api.meet(user_id, first_name=NAMES.get(user_id, "کسی"))
        desk = {MINA: self.desk_id, REZA: self.desk_id, DANA: self.other_id}.get(user_id)

        def work(unit: Unit) -> None:
            name, platform = NAMES.get(user_id, "کسی"), self.api.dialect.name
            unit.citizens.meet(platform, user_id, name)
            member = unit.staff.join(platform, user_id, role, name, None)
            if desk is not None:
                unit.desk_members.add(desk, member.id)

        await self.write(work)

    def person(self, user_id: int) -> Citizen:
        return Citizen(self.app, self.api, user_id)

    async def write(self, work: Any) -> Any:  # noqa: ANN401 - whatever it gives
        return await self.app.store.write(work)

    async def file(
        self,
        text: str = "چراغ کوچه ما سوخته است",
        *,
        by: int | None = SARA,
        desk: int | None = 0,
        due: int = DUE,
        **others: Any,  # noqa: ANN401 - any field of a report
    ) -> Case:
        """A case whose card stands in its desk: ours if nothing else is said. `by` nobody: of somebody who called."""
        report = Report("complaint", "lights", text, **others)

        def work(unit: Unit) -> tuple[Case, list[Row]]:
            who = None if by is None else _known(unit, self.api, by)
            sender = Sender(who, by) if who is not None else Sender(filed_by=1)
            change = reports.file(unit, sender, report, library(self.app).answers.folded(text), due).change
            moved = unit.cases.change(replace(change.case, desk_id=self.desk_id if desk == 0 else desk))
            return moved, _tell(unit, self.app, Change(moved, change.event, None))

        return await self._spread(work)

    async def does(self, user_id: int, work: Callable[[Unit, Member], Change]) -> Case:
        """A member does something by the rules alone, and everybody is told."""

        def inside(unit: Unit) -> tuple[Case, list[Row]]:
            member = unit.staff.find(self.api.dialect.name, user_id)
            assert member is not None
            change = work(unit, member)
            return change.case, _tell(unit, self.app, change)

        return await self._spread(inside)

    async def _spread(self, work: Callable[[Unit], tuple[Case, list[Row]]]) -> Case:
        case, rows = await self.app.store.write(work)
        assert self.app.work is not None
        self.app.work._deliver(rows)
        await settled(self.app, self.api)
        return case

    async def take(self, user_id: int, case: Case) -> Case:
        return await self.does(user_id, lambda unit, member: handling.take(unit, member, str(case.id)))

    async def close(self, user_id: int, case: Case, as_what: str = "answered") -> Case:
        said = handling.said("بررسی شد")
        return await self.does(user_id, lambda unit, member: handling.close(unit, member, str(case.id), as_what, said))

    async def object_after(self, user_id: int, case: Case) -> None:
        """Somebody closes it, and its citizen says that it is not mended."""
        await self.close(user_id, case)

        def work(unit: Unit) -> tuple[Case, list[Row]]:
            held = unit.cases.hold(case.id)
            assert held is not None
            change = judge(unit, held, Verdict.NOT_FIXED)
            return change.case, _tell(unit, self.app, change)

        await self._spread(work)

    async def raise_up(self, case: Case) -> None:
        """Its citizen objects twice to what was done."""
        for _ in range(2):
            await self.object_after(MANAGER, case)

    async def now(self, case: Case) -> Case:
        """The case as it stands."""
        found: Case | None = await self.app.store.read(lambda unit: unit.cases.find(case.id))
        assert found is not None
        return found

    async def log(self, case: Case) -> list[str]:
        """What happened to it, the oldest first."""
        events = await self.app.store.read(lambda unit: unit.case_log.of(case.id))
        return [event.kind for event in reversed(events)]

    async def member(self, user_id: int) -> int:
        found = await self.app.store.read(lambda unit: unit.staff.find(self.api.dialect.name, user_id))
        assert found is not None
        return int(found.id)

    async def rows(self) -> list[dict[str, Any]]:
        return await self.app.store.read(lambda unit: rows_of(unit, cases))

    # -- in the desk

    async def press(self, user_id: int, wanted: str, group: Group | None = None) -> list[Seen]:
        """Press in a desk; what is new or another than before."""
        where = group or self.desk
        return await self._watch(where, lambda: self.api.press(user_id, wanted, chat_id=where.number))

    async def forge(self, user_id: int, pressed: str, group: Group | None = None) -> list[Seen]:
        """Press in a desk what does not stand there."""
        where = group or self.desk
        last = self.api.seen(where.number)[-1]
        return await self._watch(where, lambda: self.api.press_gone(user_id, pressed, last))

    async def reply(self, user_id: int, to: Seen, text: str) -> list[Seen]:
        return await self._watch(
            self.desk, lambda: self.api.say(user_id, text, chat_id=self.desk.number, reply_to=to.message_id)
        )

    async def _watch(self, group: Group, act: Any) -> list[Seen]:  # noqa: ANN401 - whatever is done there
        before = {seen.message_id: seen for seen in self.api.seen(group.number)}
        act()
        await settled(self.app, self.api)
        return [seen for seen in self.api.seen(group.number) if before.get(seen.message_id) != seen]

    def card(self, case: Case, group: Group | None = None) -> Seen:
        """The card of a case as it stands in a desk."""
        shown = self.api.seen((group or self.desk).number)
        code = str(case.code).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
        return next(seen for seen in reversed(shown) if code in "".join(seen.text.split()) and seen.rows)

    @property
    def alert(self) -> str:
        """What the last press was answered with."""
        return self.api.alerts[-1].text


def _known(unit: Unit, api: BotApi, user_id: int) -> Known:
    return unit.citizens.meet(api.dialect.name, user_id, NAMES.get(user_id, "سارا"))


def _tell(unit: Unit, app: App, change: Change) -> list[Row]:
    return [unit.outbox.add(message, claimed=False) for message in library(app).news.of(unit, change)]
