"""Killed again and again while citizens report and two desks work: no case is lost, none is there twice.

Every code that a citizen was told is theirs; the log of every case is what its row became; its card stands in its desk
as the case stands; every public event was told. A message may come again only where it was in flight at a kill.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot import markup
from bot.loading import Loaded
from bot.models import RowState, audit, case_events, case_files, case_followers, cases, outbox
from bot.store import Unit
from tests.case_kills import DESKS, CasePlan, CaseTown, case_town
from tests.case_town import TOLD, Reporter
from tests.citizen import rows_of
from tests.filing import plain
from tests.postgres import Server
from tests.replaying import check_replay
from tests.reporting import code_in
from tests.test_crash import check_inbox, check_log

# Together with the other kills: each of them wants a processor for itself.
pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("town")]

Row = dict[str, Any]
TABLES = (cases, case_events, case_files, case_followers, audit, outbox)
NOTICES = {"taken": "برداشت", "asked": "یک سؤال داریم", "answered": "پاسخ داده شد", "fixed": "رفع شد"}
"""What stands in the word to the citizen about an event."""
FOLLOWED = {"answered", "fixed", "withdrawn", "reopened", "raised"}
"""What those hear who follow a case."""
TO_DESK = {"added", "withdrawn", "verdict", "reopened", "raised"}
"""What stands in the desk in a message of its own, too."""


@dataclass
class Found:
    """What is in the database in the end."""

    rows: dict[str, list[Row]]
    cards: dict[int, str]
    log: dict[int, list[Row]] = field(init=False)

    def __post_init__(self) -> None:
        self.log = defaultdict(list)
        for event in self.rows["case_events"]:
            self.log[event["case_id"]].append(event)

    @property
    def cases(self) -> list[Row]:
        return self.rows["cases"]


async def found(town: CaseTown, loaded: Loaded) -> Found:
    """Look at everything, and draw every card as it ought to stand."""

    def look(unit: Unit) -> Found:
        rows = {table.name: rows_of(unit, table) for table in TABLES}
        cards = {}
        for row in rows["cases"]:
            case = unit.cases.find(row["id"])
            assert case is not None
            cards[case.id] = markup.plain(loaded.library.news.cards.of_desk(unit, case)[0])
        return Found(rows, cards)

    async with town.database() as store:
        return await store.read(look)


# -- what must hold


def check_codes(town: CaseTown, seen: Found) -> None:
    """Who was told a code has one case with that code, and there are no others."""
    of = {(row["platform"], row["user_id"]): row for row in seen.cases}
    assert len(of) == len(seen.cases), "a citizen has two cases"
    told = [citizen for citizen in town.citizens if citizen.case]
    assert len(told) == len(seen.cases)
    for citizen in told:
        row = of[town.messenger_of(citizen), citizen.user_id]
        codes = {code_in(one) for one in sent_to(citizen) if TOLD in one.text}
        assert codes == {row["code"]} == {citizen.code}, (citizen.user_id, codes, row["code"])
        assert str(row["id"]) == citizen.case
        assert row["text"].endswith(str(citizen.user_id))
    files = Counter(row["case_id"] for row in seen.rows["case_files"])
    with_photo = {int(one.case) for one in told if one.has_photo and one.subject.kind != "thanks"}
    assert files == Counter(with_photo)


def check_logs(town: CaseTown, seen: Found) -> None:
    """Every log could be, and is what the row became; nothing that was said is there twice, or lost."""
    for row in seen.cases:
        check_replay(row, seen.log[row["id"]])
    said = Counter(event["text"] for event in seen.rows["case_events"] if event["text"])
    assert not [text for text, count in said.items() if count > 1]
    closed = {row["id"] for row in seen.cases if row["closed_at"] is not None}
    for citizen in town.citizens:
        lost = [text for text in citizen.said if not said[text]]
        assert not lost or int(citizen.case) in closed, (citizen.user_id, lost)


def check_followers(town: CaseTown, seen: Found) -> None:
    """Who was told that they follow a case does."""
    follow = {(row["platform"], row["user_id"]) for row in seen.rows["case_followers"]}
    assert follow == {(town.messenger_of(one), one.user_id) for one in town.citizens if not one.case}
    assert len(seen.rows["case_followers"]) == sum(event["kind"] == "followed" for event in seen.rows["case_events"])


def check_audit(seen: Found) -> None:
    """What staff did is in the audit as often as in the logs."""
    done = Counter(
        (event["member_id"], f"case_{event['kind']}", f"case:{event['case_id']}")
        for event in seen.rows["case_events"]
        if event["member_id"] is not None
    )
    noted = Counter((deed["member_id"], deed["action"], deed["about"]) for deed in seen.rows["audit"])
    assert {deed: count for deed, count in noted.items() if deed[2].startswith("case:")} == done


def check_notices(town: CaseTown, seen: Found) -> None:
    """Every public event reached its citizen and who followed it, and the desk heard what the citizen did."""
    told = {(town.messenger_of(one), one.user_id): [m.text for m in sent_to(one)] for one in town.citizens}
    in_desk = {name: [m.text for m in town.apis[name].sent if m.chat_id == number] for name, number in DESKS.items()}
    desk_names = dict(enumerate(DESKS, start=1))
    for row in seen.cases:
        code = shown(row["code"])
        mine = [text for text in told[row["platform"], row["user_id"]] if code in text]
        theirs = [text for text in in_desk[desk_names[row["desk_id"]]] if code in text]
        for event in seen.log[row["id"]]:
            words = event["text"] or ""
            if notice := NOTICES.get(event["kind"]):
                assert any(notice in text and words in text for text in mine), (row["id"], event, mine)
            if event["kind"] in TO_DESK:
                assert any(words in text and "شهروند" in text for text in theirs), (row["id"], event)
        for kind, notice in NOTICES.items():
            happened = sum(event["kind"] == kind for event in seen.log[row["id"]])
            assert sum(notice in text for text in mine) >= happened, (row["id"], kind)
    for who in seen.rows["case_followers"]:
        row = next(row for row in seen.cases if row["id"] == who["case_id"])
        news = [event for event in seen.log[row["id"]] if event["kind"] in FOLLOWED and event["at"] > who["since"]]
        heard = [text for text in told[who["platform"], who["user_id"]] if shown(row["code"]) in text]
        assert len(heard) >= 1 + len(news), (who, heard)


def check_cards(town: CaseTown, seen: Found) -> None:
    """The card that counts stands in the desk, and says what the database says."""
    desk_names = dict(enumerate(DESKS, start=1))
    number = {row["logical"]: row["message_id"] for row in seen.rows["outbox"] if row["message_id"]}
    for row in seen.cases:
        name = desk_names[row["desk_id"]]
        standing = {one.message_id: one for one in town.apis[name].seen(DESKS[name])}
        card = standing[number[f"card:{row['id']}"]]
        assert plain(card).split() == seen.cards[row["id"]].split()


def check_repeats(town: CaseTown, seen: Found) -> int:
    """All went out; what came again was claimed more than once. How many messages those were."""
    repeats = 0
    arrived: Counter[tuple[str, int]] = Counter(
        (name, one.chat_id) for name, api in town.apis.items() for one in api.sent
    )
    of_chat: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in seen.rows["outbox"]:
        if row["kind"] != "ack":
            of_chat[row["platform"], row["chat_id"]].append(row)
            assert row["state"] in {RowState.DONE, RowState.DROPPED}, row
    for chat, rows in of_chat.items():
        once = needed(rows)
        # A card that was sent and not marked may be overtaken by the next one before it is claimed again.
        again = sum(row["tries"] - (row["state"] == RowState.DONE) for row in rows)
        assert once <= arrived[chat] <= once + again, (chat, once, arrived[chat], again)
        repeats += arrived[chat] - once
    return repeats


def needed(rows: list[Row]) -> int:
    """How many messages these rows are: an edit is one only where nothing of its name stood there."""
    count, names = 0, set()
    for row in rows:
        if row["state"] != RowState.DONE:
            continue
        count += row["kind"] == "send" or (row["ref"] is None and row["logical"] not in names)
        names.add(row["logical"])
    return count


def sent_to(citizen: Reporter) -> list[Any]:
    return [one for one in citizen.api.sent if one.chat_id == citizen.chat_id]


def shown(code: int) -> str:
    digits = str(code).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    return "\u00a0".join((digits[:3], digits[3:6], digits[6:]))


# -- the runs


async def survive(folder: Path, database: Path | str, plan: CasePlan, loaded: Loaded) -> str:
    async with case_town(folder, database, plan) as town:
        await town.live()
        assert await town.process.stop() == 0
        seen = await found(town, loaded)
        if isinstance(database, Path):
            check_inbox(town)
        check_log(town.process)
        check_codes(town, seen)
        check_logs(town, seen)
        check_followers(town, seen)
        check_audit(seen)
        check_cards(town, seen)
        check_notices(town, seen)
        repeats = check_repeats(town, seen)
    kinds = Counter(event["kind"] for event in seen.rows["case_events"])
    return (
        f"{len(town.kinds)} kills ({', '.join(town.kinds)}), {plan.citizens} citizens, {len(seen.cases)} cases, "
        f"{len(seen.rows['case_followers'])} follow, events {dict(kinds)}; {repeats} messages came twice"
    )


async def test_no_case_is_lost_over_three_kills(
    tmp_path: Path, loaded: Loaded, note_figures: Callable[[str], None]
) -> None:
    plan = CasePlan(kills=3, rounds=1, seconds=0, seed=14, citizens=24)

    note_figures(await survive(tmp_path, tmp_path / "killed.db", plan, loaded))


@pytest.mark.soak
async def test_no_case_is_lost_over_twenty_kills(
    tmp_path: Path, loaded: Loaded, note_figures: Callable[[str], None]
) -> None:
    plan = CasePlan(kills=20, rounds=1, seconds=0, seed=1405, citizens=100)

    note_figures(await survive(tmp_path, tmp_path / "killed.db", plan, loaded))


@pytest.mark.soak
async def test_no_case_is_lost_over_twenty_kills_on_postgresql(
    tmp_path: Path, postgres: Server, empty_postgres: str, loaded: Loaded, note_figures: Callable[[str], None]
) -> None:
    url = str(postgres.url(postgres.new_database(empty_postgres)))
    plan = CasePlan(kills=20, rounds=1, seconds=0, seed=1406, citizens=100)

    note_figures(await survive(tmp_path, url, plan, loaded))
