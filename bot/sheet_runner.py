"""Makes surveys of the files that staff have sent, as soon as these are fetched.

document ─► row of the table `survey_files` ─► fetched and cleaned (`bot/fetching.py`) ─► read here ─► a draft, or what
is wrong with it, told to whoever sent it
"""

import asyncio
import logging
from functools import partial
from typing import Final

from bot import outbox
from bot.errors import CitizenError, Faults, Unprepared
from bot.leader import Leader
from bot.markup import Spans
from bot.media import Shelf
from bot.outbox import Button, Keyboard
from bot.services import staff, survey_drafts, survey_typing, surveys
from bot.services.quoting import quote
from bot.services.sheet_faults import SheetFaults
from bot.services.survey_questions import Tables
from bot.store import Store, Unit
from bot.store.outbox import Outgoing
from bot.store.survey_files import SurveyFile
from bot.switchboard import House

log = logging.getLogger(__name__)

AT_ONCE: Final = 5
TITLE_SHOWN: Final = 60


class SheetRunner:
    """Done by the process that has the lease of `leader`, which somebody else keeps."""

    def __init__(self, store: Store, leader: Leader, house: House, shelf: Shelf) -> None:
        self._store = store
        self._leader = leader
        self._house = house
        self._shelf = shelf

    async def run(self) -> None:
        """Until cancelled."""
        await self._leader.look_while_leading(self.look)

    async def look(self) -> None:
        """Read what is there, each file in a transaction of its own."""
        for sent in await self._store.read(lambda unit: unit.survey_files.ready(AT_ONCE)):
            found = await asyncio.to_thread(self._read, sent)
            await self._store.write(partial(self._end, sent=sent, found=found))

    def _read(self, sent: SurveyFile) -> Tables | Faults | CitizenError:
        """The survey, or why there is none. Whatever is in the file, the next one is read all the same."""
        if sent.hash is None:
            return CitizenError("file_lost")
        try:
            with self._shelf.path(sent.hash).open("rb") as file:
                text = survey_typing.decoded(file.read(survey_typing.FILE_BYTES + 1))
            return _sheet(text)
        except (Faults, CitizenError) as error:
            return error
        except OSError:
            log.warning("survey_file_lost")
            return CitizenError("file_lost")
        except Exception:
            log.exception("survey_file_not_read")
            return CitizenError("file_lost")

    def _end(self, unit: Unit, sent: SurveyFile, found: Tables | Faults | CitizenError) -> None:
        if not unit.survey_files.done(sent.key):
            return
        member = unit.staff.here(sent.member_id)
        if member is None or not staff.may(member.role, "editor"):
            return
        words = self._house.library.talks.words["survey_import"]
        under = outbox.NO_KEYBOARD
        if isinstance(found, Faults):
            text: Spans = words.text("faults") + SheetFaults(words).of_file(found.faults)
        elif isinstance(found, CitizenError):
            text = words.error(found.key, **found.fields)
        else:
            row = survey_drafts.make(unit, found, member)
            text = words.text("made_of_file", title=quote(surveys.title(row), TITLE_SHOWN))
            under = Keyboard(inline=[[Button(words.button("open"), f"surveys:one:{row.id}")]])
        for body in outbox.bodies(text, under):
            unit.outbox.add(Outgoing(member.platform, member.user_id, "send", body), claimed=False)


def _sheet(text: str) -> Tables:
    try:
        return survey_typing.sheet("sent", text)
    except Unprepared as need:
        need.prepare()
        return survey_typing.sheet("sent", text)
