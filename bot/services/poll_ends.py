"""The end of a survey, by the clock: it is closed, and what came of it goes to all who answered. Before it, a reminder.

its time is over ─► (what was not sent dropped, bit by bit) ─► (sums read, pictures drawn) ─► closed, mixed, announced,
its editor told: one transaction

May be run again at any moment, and be cut off anywhere: either all of the end is written down, or nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from bot import content, outbox
from bot.content import Wording
from bot.dates import instant_in_words
from bot.errors import CitizenError
from bot.markup import Spans
from bot.media import Cleaned
from bot.models import AnnouncementState
from bot.outbox import Button, Keyboard
from bot.services import invitations, leaving, pictures, results, survey_words, surveys
from bot.services.audiences import Audience
from bot.services.by_itself import add_by_itself
from bot.services.contents import Action, Content
from bot.services.counting import ALL, LEFT
from bot.services.event_notices import UNDER_WAY
from bot.services.questionnaire import NUMBER, SCALE, STEPS
from bot.services.quoting import quote
from bot.services.results import Asked, Results
from bot.services.survey_words import LONGEST_LABEL, LONGEST_QUESTION
from bot.services.surveys import Row, Stage
from bot.store import Unit
from bot.store.announcements import Announcement
from bot.store.outbox import Outgoing
from bot.store.responses import Count

HOUR_MS: Final = 3600 * 1000
DAY_MS: Final = 24 * HOUR_MS
SHORTEST_MS: Final = 6 * HOUR_MS
"""Of what is open for less time nobody is reminded."""
TOLD_WITHIN: Final = timedelta(days=3)
AT_ONCE: Final = 20
DROPPED_AT_ONCE: Final = 1_000
HEADLINES: Final = 3
"""Questions of a survey whose answers are told to all."""
MOST_PICTURES: Final = 3
MOST_EQUAL: Final = 3
OURS: Final = "survey:"
"""How the keys of announcements that are made here begin."""


@cache
def words() -> Wording:
    return content.load("survey_ends")


@cache
def shown_words() -> Wording:
    """The words of results, for a job, which has no library."""
    return content.load("survey_results")


def over(unit: Unit) -> list[int]:
    """Surveys whose time is over and whose end is not written down."""
    found = [row.id for row in unit.surveys.running() if surveys.stage(row, unit.now) is Stage.CLOSED]
    return found[:AT_ONCE]


def outcome(unit: Unit, number: int) -> Results | None:
    """What came of one, as it is told to all. None: there is nothing to tell."""
    row = unit.surveys.find(number)
    if row is None:
        return None
    try:
        found = results.of(unit, row)
        if not found.people and found.takes_visitors:
            found = results.of(unit, row, with_visitors=True)
    except CitizenError:  # what it asks cannot be read by this version
        return None
    return found if found.people or found.visitors else None


def end(unit: Unit, number: int, drawn: tuple[Results, Sequence[Cleaned]] | None = None) -> bool:
    """Close it, with all that follows. False: that is done, or it was extended meanwhile."""
    row = unit.surveys.hold(number)
    if row is None or row.closed_at is not None or surveys.stage(row, unit.now) is not Stage.CLOSED:
        return False
    unit.surveys.close(number)
    if row.anonymous:
        while _drop_unsent(unit, row):
            pass
        unit.responses.mix(number)
    _withdraw(unit, row)
    found = outcome(unit, number)
    if found is not None:
        # Whoever sent their answers in the last instant is in the sums, maybe not in the pictures.
        same = drawn is not None and drawn[0].asked == found.asked
        _announce(unit, row, found, drawn[1] if drawn is not None and same else ())
    _tell_editor(unit, row, found)
    return True


def drop_unsent(unit: Unit, number: int) -> int:
    """Before a survey is closed whose time is over: drop some of what was not sent without a name; how many.

    A transaction for each few, since very many may have left; whatever is still there `end` drops.
    """
    row = unit.surveys.hold(number)
    if row is None or not row.anonymous or surveys.stage(row, unit.now) is not Stage.CLOSED:
        return 0
    return _drop_unsent(unit, row)


def _drop_unsent(unit: Unit, row: Row) -> int:
    """Nothing is kept of them but how many left at which question."""
    some = unit.participants.drop_unsent(row.id, DROPPED_AT_ONCE)
    left = Counter((one.next or ALL, one.platform) for one in some)
    unit.responses.count(row.id, [Count(at, LEFT, platform, "", count) for (at, platform), count in left.items()])
    unit.files.drop(surveys.photos(row, [one.answers for one in some]))
    return len(some)


def _withdraw(unit: Unit, row: Row) -> None:
    """Whoever sleeps yet is not asked what nobody can answer any more."""
    asking = [] if row.announcement_id is None else [row.announcement_id]
    asking += [made.id for made in unit.announcements.of_keys([_key(row, "remind")]).values()]
    for announcement_id in asking:
        unit.announcements.move(announcement_id, UNDER_WAY, AnnouncementState.CANCELLED)


def _announce(unit: Unit, row: Row, found: Results, drawn: Sequence[Cleaned]) -> None:
    files = tuple(unit.files.put(*pictures.NOBODYS, one).key for one in drawn)
    add_by_itself(
        unit,
        _key(row, "result"),
        Content(told(found), files),
        topic=_topic(unit, row),
        audience=Audience(answered=row.id),
        until=_instant(unit.now) + TOLD_WITHIN,
    )


def _key(row: Row, what: str) -> str:
    return f"{OURS}{row.id}:{what}"


def is_made_here(announcement: Announcement) -> bool:
    """Whether it was made here: a reminder, or what came of a survey."""
    return (announcement.key or "").startswith(OURS)


def _topic(unit: Unit, row: Row) -> str:
    asked = None if row.announcement_id is None else unit.announcements.find(row.announcement_id)
    return "" if asked is None else asked.topic


def _instant(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)


# -- in words


def told(found: Results) -> Spans:
    """What came of it, for those who answered."""
    text = words().text("title", title=quote(found.survey.title, LONGEST_LABEL))
    if not found.people:
        text += words().text("on_page", count=found.visitors)
    elif found.people == 1 and found.visitors:  # they get this, too
        text += words().text("alone_and_page", count=found.visitors)
    elif found.people == 1:
        text += words().text("alone")
    elif found.people == 2:
        text += words().text("two")
    else:
        text += words().text("together", others=found.people - 1)
    if found.few:
        return text + words().text("few")
    shown = [asked for asked in found.asked if asked.shares and asked.answered]
    for asked in shown[:HEADLINES]:
        heading = survey_words.heading(found, asked)
        text += words().text("question", text=heading) if heading else ()
        text += _all_shares(asked) if found.survey.quick else _headline(asked)
    return text


def _all_shares(asked: Asked) -> Spans:
    text: Spans = ()
    for line in survey_words.lines(shown_words(), asked):
        bar, label = survey_words.blocks(line.percent), quote(line.label, LONGEST_LABEL)
        text += words().text("bar", label=label, bar=bar, percent=line.percent, count=line.count)
    return text


def _headline(asked: Asked) -> Spans:
    """The answer of most, or the mean of numbers."""
    if asked.mean is not None and asked.question.kind == SCALE:
        return words().text("mean_scale", mean=survey_words.decimal(asked.mean), most=STEPS)
    if asked.mean is not None and asked.question.kind == NUMBER:
        return words().text("mean_number", mean=survey_words.decimal(asked.mean))
    most = max(share.count for share in asked.shares)
    first = [share for share in asked.shares if share.count == most][:MOST_EQUAL]
    labels = "، ".join(f"«{quote(survey_words.label_of(asked.question, one.value), LONGEST_LABEL)}»" for one in first)
    return words().text("most" if len(first) == 1 else "most_alike", labels=labels, percent=first[0].percent)


def _tell_editor(unit: Unit, row: Row, found: Results | None) -> None:
    """Who made it, or, if they have left, whoever looks after all of it."""
    author = None if row.made_by is None else unit.staff.here(row.made_by)
    text = words().text("editor", title=quote(surveys.title(row), LONGEST_LABEL))
    if found is None:
        text += words().text("editor_none")
    else:
        text += words().text("editor_people", count=found.people) if found.people else ()
        text += words().text("editor_visitors", count=found.visitors) if found.visitors else ()
        text += words().text("editor_few" if found.few else "editor_told")
    under = Keyboard(inline=[[Button(words().button("results"), f"survey_results:show:{row.id}")]])
    for member in [author] if author is not None else leaving.managers(unit):
        for body in outbox.bodies(text, under):
            unit.outbox.add(Outgoing(member.platform, member.user_id, "send", body), claimed=False)


# -- before it ends


def remind(unit: Unit) -> int:
    """Remind whoever was asked and has not answered, once, of what closes soon; of how many surveys."""
    soon = [row for row in unit.surveys.running() if _is_to_remind(row, unit.now)]
    known = unit.announcements.known([_key(row, "remind") for row in soon])
    return sum(_remind(unit, row) for row in soon if _key(row, "remind") not in known)


def _is_to_remind(row: Row, now: int) -> bool:
    last = surveys.closes_at(row)
    if not row.reminds or last is None or row.began_at is None or row.asked == AnnouncementState.CANCELLED:
        return False
    if not surveys.can_be_asked(row):  # by this version any more; all others are reminded of all the same
        return False
    whole = last - row.began_at
    return whole >= SHORTEST_MS and last - min(DAY_MS, whole // 4) <= now < last - HOUR_MS


def _remind(unit: Unit, row: Row) -> bool:
    asked = None if row.announcement_id is None else unit.announcements.find(row.announcement_id)
    last = surveys.closes_at(row)
    if asked is None or last is None:
        return False
    return add_by_itself(
        unit,
        _key(row, "remind"),
        reminder(row, last),
        topic=asked.topic,
        audience=replace(Audience.from_json(asked.audience), unanswered=row.id),
        until=_instant(last - HOUR_MS),
    )


def reminder(row: Row, last: int) -> Content:
    """What is said before it closes, with what one answers by."""
    survey, when = surveys.sheet(row), instant_in_words(last)
    if survey.quick:
        text = words().text("remind_poll", text=quote(survey.questions[0].text, LONGEST_QUESTION), when=when)
        text += words().text("remind_nameless") if survey.anonymous else ()
        votes = invitations.ballots(row, survey)
        return Content(text, buttons=tuple(Action("vote", label, str(ballot)) for label, ballot in votes))
    text = words().text("remind", title=quote(survey.title, LONGEST_LABEL), when=when)
    return Content(text, buttons=(Action("survey", words().button("start"), str(row.id)),))
