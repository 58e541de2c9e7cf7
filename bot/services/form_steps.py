"""What the steps of the report's form share, in whichever of its conversations they stand (`handlers/report*.py`).

A service knows no `Turn`; `Step` is what of one is needed here.
"""

from typing import Any, Protocol

from bot.incoming import Incoming
from bot.outbox import Button
from bot.services import filling
from bot.services.categories import Categories
from bot.services.filling import Form
from bot.store import Unit
from bot.store.citizens import Citizen


class Shelf(Protocol):
    """Of the library, what a form is read by."""

    @property
    def categories(self) -> Categories: ...


class Step(Protocol):
    """A turn, as far as the form needs it."""

    unit: Unit
    citizen: Citizen
    incoming: Incoming
    memory: dict[str, Any]

    @property
    def library(self) -> Shelf: ...

    def visit(self, talk: str, action: str, argument: str = "") -> None: ...

    def link(self, talk: str, key: str, action: str, argument: str = "") -> Button: ...


def opened(turn: Step) -> Form:
    """The form that is being filled in; or the one that was left, since its buttons still stand in the chat.

    Raises `CitizenError` in the words of `report`: "over" if there is none.
    """
    turn.visit("report", "open")
    form = filling.read(turn.memory, turn.library.categories)
    if form is None:
        raise LookupError("the report's `open` leaves a form in the memory")
    return form


def keep(turn: Step, form: Form) -> None:
    """What was gathered so far outlives whatever happens now."""
    turn.memory = filling.keep(turn.unit, turn.citizen, turn.incoming.chat_id, form)


def onward(turn: Step, form: Form) -> None:
    """The step has what it wanted: the form goes on to the next."""
    turn.memory = form.to_json()
    turn.visit("report", "onward")


def ways_out(turn: Step, form: Form) -> list[Button]:
    """Back, menu and cancel, which stand under every step."""
    return [
        turn.link("report", "back", "back"),
        turn.link("menu", "home", "new", "home"),
        turn.link("report", "cancel", "cancel", str(form.begun)),
    ]
