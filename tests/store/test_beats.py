"""Signs of life."""

from bot.store import Unit
from tests.store.conftest import Time


def test_the_last_beat_of_each_name_is_kept(unit: Unit, clock: Time) -> None:
    began = clock.millis()
    assert unit.beats.all() == {}

    unit.beats.beat("heard:bale:1")
    unit.beats.beat("sent:bale")
    clock.go_on(500)
    unit.beats.beat("sent:bale")

    assert unit.beats.all() == {"heard:bale:1": began, "sent:bale": began + 500}
