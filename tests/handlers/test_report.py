"""The form of a report: its beginning, the way through it, and what leads away from it."""
from tests.citizen import Citizen, labels
from tests.reporting import *


async def test_smoke(sara: Citizen) -> None:
    async def show(found):
        for s in found: print("-----", s.kind, s.text, s.keyboard if not s.buttons else labels(s))
    await show(await sara.send("/start"))
    await show(await sara.press(BEGIN))
    await show(await sara.press(COMPLAINT))
    await show(await sara.send(WORDS))
    await show(await sara.press(LIGHTS))
    await show(await sara.press(ONE_LIGHT))
    await show(await pin(sara))
    await show(await photo(sara))
    await show(await sara.press(SEND))
    print(await all_cases(sara))
    assert 0
