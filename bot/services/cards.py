"""The card of a case: how staff see it, in their desk or in private, with what may be done to it.

In a desk it is one message, named `card:<case>`, which is changed in its place as the case moves.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.content import Wording
from bot.dates import day_in_words, instant_in_words
from bot.markup import Spans
from bot.outbox import Button, Keyboard
from bot.services import codes, quoting
from bot.services.cases import Case, CaseState, Peek
from bot.services.categories import Categories
from bot.services.masking import mask_phones
from bot.services.places import Place
from bot.store import Unit

TEXT_SHOWN: Final = 700
ADDRESS_SHOWN: Final = 200
NAME_SHOWN: Final = 30
WORDED: Final = frozenset({
    "ask", "say", "answered", "fixed", "not_ours", "no_action", "planned", "note", "same", "gist",
})  # fmt: skip
"""What needs words: a conversation of its own asks for them."""
MAP: Final = "https://www.openstreetmap.org/?mlat={lat:.5f}&mlon={lon:.5f}#map=18/{lat:.5f}/{lon:.5f}"


@dataclass(frozen=True, slots=True)
class Cards:
    """Draws cards. `words`: of `content/case.toml`."""

    words: Wording
    categories: Categories
    places: Mapping[str, Place]

    def of_desk(self, unit: Unit, case: Case, *, more: bool = False) -> tuple[Spans, Keyboard]:
        """As everybody in the desk sees it: telephone numbers are hidden. `more`: with all that may be done."""
        return self._text(unit, case, hide=True), Keyboard(inline=[*self._rows(case, more=more), *self._map(case)])

    def of_member(
        self, unit: Unit, case: Case, *, more: bool = False, full: bool = False, bans: bool = False
    ) -> tuple[Spans, Keyboard]:
        """As a member sees it in private.

        `full`: they work on it, so telephone numbers are shown. `bans`: they may keep its citizen from filing more.
        """
        rows = self._rows(case, more=more)
        if bans and more and case.user_id is not None:
            rows.insert(-1, [self._button(case, "ban")])
        under = [self._button(case, "files")] if unit.case_log.count_files(case.id) else []
        under.append(Button(self.words.button("do_lists"), "cases:room"))
        return self._text(unit, case, hide=not full), Keyboard(inline=[*rows, *self._map(case), under])

    def moved_on(self, case: Case, desk: str) -> Spans:
        """What stays in the desk that a case has left."""
        return self.words.text("moved_on", code=codes.shown(case.code), desk=desk)

    def line(self, case: Case, now: int) -> Spans:
        """A case in a list."""
        late = "line_late" if case.is_open and case.due_at < now else "line"
        return self.words.text(
            late,
            code=codes.shown(case.code),
            category=self.category(case),
            state=self.state(case),
            text=self._quoted(case.text, 60) or self.words.button("wordless"),
            age=self.age(case, now),
        )

    def category(self, case: Case | Peek) -> str:
        """The title of what it is about."""
        known = self.categories.all.get(case.category) or self.categories.all["other"]
        return known.title

    def kind(self, case: Case | Peek) -> str:
        """What citizens call its kind, such as «شکایت»."""
        known = self.categories.kinds.get(case.kind)
        return known.title if known is not None else self.words.button("talk")

    def state(self, case: Case) -> str:
        """Where it stands, in a word for staff."""
        return self.words.button(f"state_{case.state.name.lower()}")

    def age(self, case: Case, now: int) -> str:
        """How long ago it was filed."""
        hours = max(0, now - case.filed_at) // 3_600_000
        if hours < 1:
            return self.words.button("age_new")
        return (
            self.words.button("age_days", days=hours // 24)
            if hours >= 48
            else self.words.button("age_hours", hours=hours)
        )

    def _text(self, unit: Unit, case: Case, *, hide: bool) -> Spans:
        return tuple(span for part in self._parts(unit, case, hide=hide) for span in part)

    def _parts(self, unit: Unit, case: Case, *, hide: bool) -> list[Spans]:
        owner = unit.staff.get(case.owner_id) if case.owner_id is not None else None
        say = self.words.text
        head = "head_urgent" if case.is_urgent and case.is_open else "head"
        parts = [say(head, code=codes.shown(case.code), kind=self.kind(case), category=self.category(case))]
        if owner is None:
            parts.append(say("state", state=self.state(case)))
        else:
            name = quoting.quote(owner.name or "", NAME_SHOWN) or self.words.button("nameless", number=owner.id)
            parts.append(say("state_owned", state=self.state(case), owner=name))
        if case.raised:
            parts.append(say("raised"))
        elif case.reopened and case.is_open:
            parts.append(say("reopened"))
        if case.verdict is not None and not case.is_open:
            parts.append(say(f"verdict_{case.verdict}"))
        parts.append(say("text", text=self._quoted(case.text, TEXT_SHOWN, hide=hide) or self.words.button("wordless")))
        parts += self._where(case)
        parts += [say("answer", question=question, answer=answer) for question, answer in self._answers(case)]
        files, followers = unit.case_log.count_files(case.id), unit.followers.count(case.id)
        if files:
            parts.append(say("files", count=files))
        parts.append(say("by_name", name=quoting.quote(case.name, NAME_SHOWN)) if case.name else say("no_name"))
        if case.phone:
            parts.append(say("phone", phone=mask_phones(case.phone) if hide else case.phone))
        if case.filed_by is not None:
            parts.append(say("by_staff"))
        if followers:
            parts.append(say("followers", count=followers))
        parts.append(say("dates", filed=instant_in_words(case.filed_at), due=day_in_words(case.due_at)))
        return parts

    def _where(self, case: Case) -> list[Spans]:
        place = self.places.get(case.neighbourhood or "")
        named = "، ".join(filter(None, [place.name if place else "", self._quoted(case.address or "", ADDRESS_SHOWN)]))
        if named:
            return [self.words.text("where", where=named)]
        return [self.words.text("on_map")] if case.lat is not None else []

    def _answers(self, case: Case) -> list[tuple[str, str]]:
        """The category's own questions with what was answered, as far as the content still knows them."""
        category = self.categories.all.get(case.category)
        given = json.loads(case.answers) if case.answers else {}
        found = []
        for question in category.questions if category is not None else ():
            label = next((option.label for option in question.options if option.id == given.get(question.id)), None)
            if label is not None:
                found.append((question.text, label))
        return found

    def _quoted(self, text: str, most: int, *, hide: bool = True) -> str:
        return quoting.quote(mask_phones(text) if hide else text, most)

    def _rows(self, case: Case, *, more: bool) -> list[list[Button]]:
        """What may be done, row by row; the last row holds the way to more of it, or to less."""
        if not case.is_open:
            rows = [["history"]] if case.state == CaseState.WITHDRAWN else [["open", "say"], ["note", "history"]]
        elif case.owner_id is None:
            rows = [["take", "calm" if case.is_urgent else "hurry"], ["forward", "less" if more else "more"]]
        else:
            rows = [["ask", "say"], ["fixed", "answered"], ["less" if more else "more"]]
        if case.is_open and not case.text:  # a voice says it
            rows.insert(-1, ["gist"])
        if more and case.is_open:
            rows[-1:-1] = [
                ["planned", "not_ours"],
                ["no_action", "same"],
                ["forward", "assign"] if case.owner_id is not None else ["answered", "fixed"],
                ["release", "calm" if case.is_urgent else "hurry"] if case.owner_id is not None else ["ask", "say"],
                ["recategorise", "note"],
                ["history"] if case.owner_id is not None else ["history", "assign"],
            ]
        return [[self._button(case, action) for action in row] for row in rows]

    def _map(self, case: Case) -> list[list[Button]]:
        if case.lat is None or case.lon is None:
            return []
        return [[Button(self.words.button("do_map"), url=MAP.format(lat=case.lat, lon=case.lon))]]

    def _button(self, case: Case, action: str) -> Button:
        label = self.words.button(f"do_{action}")
        if action in WORDED:
            return Button(label, f"case_words:want:{case.id}.{action}")
        return Button(label, f"case:{action}:{case.id}")
