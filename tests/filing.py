"""Cases as tests make them: filed for a citizen without the form, and moved by staff, with everybody told as ever."""

from collections.abc import Callable
from typing import Any

from bot.app import App
from bot.services import handling, reports
from bot.services.cases import Case, Change
from bot.services.handling import Said
from bot.services.reports import Report, Sender
from bot.store import Unit
from bot.store.outbox import Outgoing
from bot.store.staff import Member
from bot.switchboard import _post
from tests.botapi import Seen
from tests.citizen import Citizen, settled
from tests.group import Group

DUE = 2_000_000_000_000
WORDS = "چراغ کوچه سوخته است"


def platform_of(citizen: Citizen) -> str:
    return citizen.api.dialect.name


def plain(seen: Seen) -> str:
    """What a message says, without the marks that Bale shows as they are sent."""
    return seen.text.replace("*", "")


async def spread(app: App, act: Callable[[Unit], Change]) -> Case:
    """Something is done to a case outside of a turn; whoever it concerns is told."""
    assert app.work is not None
    news = app.work.house.library.news

    def work(unit: Unit) -> tuple[Case, list[Any]]:
        change = act(unit)
        messages: list[Outgoing] = news.of(unit, change)
        return change.case, _post(unit, messages, ("", 0))

    case, rows = await app.store.write(work)
    app.work._deliver(rows)
    await settled(app)
    return case


async def filed(citizen: Citizen, text: str = WORDS, **others: Any) -> Case:  # noqa: ANN401 - any field of a report
    """A case of the citizen."""
    assert citizen.app.work is not None
    fold = citizen.app.work.house.library.categories.fold

    def file(unit: Unit) -> Change:
        who = unit.citizens.meet(platform_of(citizen), citizen.user_id, None)
        report = Report(**({"kind": "complaint", "category": "lights", "text": text} | others))
        return reports.file(unit, Sender(who, citizen.user_id), report, fold(text), DUE).change

    return await spread(citizen.app, file)


async def joined(group: Group, number: int = 701, role: str = "operator", name: str = "نیما") -> Member:
    """Somebody who works at the desk in this group."""
    desk = await group.desk() or await group.become_desk()

    def join(unit: Unit) -> Member:
        member = unit.staff.join(group.platform, number, role, name, None)
        unit.desk_members.add(desk.id, member.id)
        return member

    return await group.app.store.write(join)


async def now(app: App, case: Case) -> Case:
    """The case as it stands."""
    found = await app.store.read(lambda unit: unit.cases.find(case.id))
    assert found is not None
    return found


async def happened(app: App, case: Case) -> list[tuple[str, str | None]]:
    """(kind, words) of what has happened to it, the first first."""
    events = await app.store.read(lambda unit: unit.case_log.of(case.id))
    return [(event.kind, event.text) for event in reversed(events)]


async def follow(citizen: Citizen, case: Case) -> None:
    """The citizen says «من هم»."""

    def work(unit: Unit) -> Change:
        who = unit.citizens.meet(platform_of(citizen), citizen.user_id, None)
        return reports.follow(unit, who, citizen.user_id, case.id)

    await citizen.app.store.write(work)


def closed(member: Member, case: Case, as_what: str = "fixed", text: str = "لامپ عوض شد") -> Callable[[Unit], Change]:
    """A member closes the case."""
    return lambda unit: handling.close(unit, member, str(case.id), as_what, Said(text))
