"""All tables on one connection: what a step or a service sees of the database inside one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, select

from bot.store.alarms import AlarmsTable
from bot.store.announcement_drafts import AnnouncementDrafts
from bot.store.announcements import Announcements
from bot.store.audit import Audit
from bot.store.bans import Bans
from bot.store.beats import Beats
from bot.store.case_log import CaseLog
from bot.store.case_words import CaseWords
from bot.store.cases import Cases
from bot.store.chats import Chats
from bot.store.choices import Choices
from bot.store.citizens import Citizens
from bot.store.closures import Closures
from bot.store.crowds import Crowds
from bot.store.desk_members import DeskMembers
from bot.store.desks import Desks
from bot.store.drafts import Drafts
from bot.store.entries import Entries
from bot.store.events import Events
from bot.store.files import Files
from bot.store.followers import Followers
from bot.store.greeting_changes import GreetingChanges
from bot.store.inbox import Inbox
from bot.store.jobs import Jobs
from bot.store.leases import Leases
from bot.store.links import Links
from bot.store.lookups import Lookups
from bot.store.lunar_shifts import LunarShifts
from bot.store.outbox import Outbox
from bot.store.paces import Paces
from bot.store.participants import Participants
from bot.store.places import Places
from bot.store.presses import Presses
from bot.store.questions import Questions
from bot.store.recipients import Recipients
from bot.store.responses import Responses
from bot.store.revisions import Revisions
from bot.store.sql import NOW
from bot.store.staff import StaffTable
from bot.store.survey_files import SurveyFiles
from bot.store.surveys import Surveys
from bot.store.unanswered import Unanswered
from bot.store.uploads import Uploads
from bot.store.votes import Votes
from bot.store.web import WebMessages

CLOCK = select(NOW)


class Unit:
    """The tables of one transaction. Ends with it; never keep one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def now(self) -> int:
        """The database's clock, read once a transaction."""
        return int(self._connection.execute(CLOCK).scalar_one())

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is written inside is undone if the block raises; the rest of the transaction stays."""
        # In plain SQL: SQLAlchemy's begin_nested() compiles its statements anew each time, a tenth of a whole turn.
        self._connection.exec_driver_sql("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            if not self._connection.invalidated:  # a connection that broke has nothing to take back, and says so itself
                self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")
                self._connection.exec_driver_sql("RELEASE SAVEPOINT attempt")
            raise
        self._connection.exec_driver_sql("RELEASE SAVEPOINT attempt")

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self._connection)

    @cached_property
    def chats(self) -> Chats:
        return Chats(self._connection)

    @cached_property
    def citizens(self) -> Citizens:
        return Citizens(self._connection)

    @cached_property
    def places(self) -> Places:
        return Places(self._connection)

    @cached_property
    def desks(self) -> Desks:
        return Desks(self._connection)

    @cached_property
    def staff(self) -> StaffTable:
        return StaffTable(self._connection)

    @cached_property
    def desk_members(self) -> DeskMembers:
        return DeskMembers(self._connection)

    @cached_property
    def bans(self) -> Bans:
        return Bans(self._connection)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self._connection)

    @cached_property
    def revisions(self) -> Revisions:
        return Revisions(self._connection)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self._connection)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self._connection)

    @cached_property
    def paces(self) -> Paces:
        return Paces(self._connection)

    @cached_property
    def web(self) -> WebMessages:
        return WebMessages(self._connection)

    @cached_property
    def files(self) -> Files:
        return Files(self._connection)

    @cached_property
    def uploads(self) -> Uploads:
        return Uploads(self._connection)

    @cached_property
    def alarms(self) -> AlarmsTable:
        return AlarmsTable(self._connection)

    @cached_property
    def beats(self) -> Beats:
        return Beats(self._connection)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self._connection)

    @cached_property
    def questions(self) -> Questions:
        return Questions(self._connection)

    @cached_property
    def closures(self) -> Closures:
        return Closures(self._connection)

    @cached_property
    def lunar_shifts(self) -> LunarShifts:
        return LunarShifts(self._connection)

    @cached_property
    def unanswered(self) -> Unanswered:
        return Unanswered(self._connection)

    @cached_property
    def votes(self) -> Votes:
        return Votes(self._connection)

    @cached_property
    def entries(self) -> Entries:
        return Entries(self._connection)

    @cached_property
    def events(self) -> Events:
        return Events(self._connection)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self._connection)

    @cached_property
    def case_log(self) -> CaseLog:
        return CaseLog(self._connection)

    @cached_property
    def case_words(self) -> CaseWords:
        return CaseWords(self._connection)

    @cached_property
    def followers(self) -> Followers:
        return Followers(self._connection)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self._connection)

    @cached_property
    def lookups(self) -> Lookups:
        return Lookups(self._connection)

    @cached_property
    def announcement_drafts(self) -> AnnouncementDrafts:
        return AnnouncementDrafts(self._connection)

    @cached_property
    def announcements(self) -> Announcements:
        return Announcements(self._connection)

    @cached_property
    def choices(self) -> Choices:
        return Choices(self._connection)

    @cached_property
    def greeting_changes(self) -> GreetingChanges:
        return GreetingChanges(self._connection)

    @cached_property
    def presses(self) -> Presses:
        return Presses(self._connection)

    @cached_property
    def recipients(self) -> Recipients:
        return Recipients(self._connection)

    @cached_property
    def links(self) -> Links:
        return Links(self._connection)

    @cached_property
    def crowds(self) -> Crowds:
        return Crowds(self._connection)

    @cached_property
    def surveys(self) -> Surveys:
        return Surveys(self._connection)

    @cached_property
    def survey_files(self) -> SurveyFiles:
        return SurveyFiles(self._connection)

    @cached_property
    def participants(self) -> Participants:
        return Participants(self._connection)

    @cached_property
    def responses(self) -> Responses:
        return Responses(self._connection)
