"""A voice is a whole report: staff write down what it says, and its citizen confirms that with one tap."""

import pytest

from bot.models import cases
from tests import samples
from tests.botapi import Seen
from tests.citizen import Citizen, labels, rows_of
from tests.editing import pressed
from tests.reporting import LIGHTS, NO_PICTURES, ONE_LIGHT, SEND, begun, code_in, pin
from tests.scene import MINA, Scene

pytestmark = pytest.mark.usefixtures("cleaned_here")

GROUP = "کوچه و خیابان"
GIST = "چراغ جلوی پلاک ۱۲ کوچه یاس خاموش است"


@pytest.fixture
async def scene(sara: Citizen) -> Scene:
    return await Scene(sara.app, sara.api).set_up()


async def voiced(sara: Citizen) -> Seen:
    """A report without a written word."""
    await begun(sara)
    await sara._after(lambda: sara.api.send_voice(sara.user_id, samples.ogg()))
    await sara.press(GROUP)
    await sara.press(LIGHTS)
    await sara.press(ONE_LIGHT)
    await pin(sara)
    if NO_PICTURES in labels(sara.api.seen(sara.user_id)[-1]):
        await sara.press(NO_PICTURES)
    return (await sara.press(SEND))[-1]


async def written(sara: Citizen, scene: Scene) -> Seen:
    """Mina writes down what she hears; what Sara is told."""
    await scene.press(MINA, "📝 نوشتن متن صدا")
    await scene.reply(MINA, sara.api.seen(scene.desk.number)[-1], GIST)
    return sara.api.seen(sara.user_id)[-1]


async def test_a_voice_becomes_a_case_with_words_that_its_citizen_confirms(sara: Citizen, scene: Scene) -> None:
    code = code_in(await voiced(sara))
    assert any(seen.kind == "voice" for seen in sara.api.seen(scene.desk.number))
    asked = await written(sara, scene)

    assert GIST in asked.text
    assert labels(asked) == ["✅ همین است", "✍️ نه، درستش را می‌گویم"]
    (thanked,) = await sara.press("✅ همین است")
    assert "ممنون" in thanked.text
    (case,) = await sara.app.store.read(lambda unit: rows_of(unit, cases))
    assert (case["code"], case["text"]) == (code, GIST)
    assert "درست است" in sara.api.seen(scene.desk.number)[-1].text
    assert await sara.app.store.read(lambda unit: unit.case_words.find(["یاس"], None, 5)) == [case["id"]]

    (again,) = await pressed(sara, f"mine:right:{case['id']}")
    assert "پیش از این" in again.text


async def test_what_was_heard_wrongly_is_said_once_more(sara: Citizen, scene: Scene) -> None:
    await voiced(sara)
    await written(sara, scene)

    await sara.press("✍️ نه، درستش را می‌گویم")
    await sara.send("پلاک ۲۱ است، نه ۱۲")

    assert "پلاک ۲۱ است" in sara.api.seen(scene.desk.number)[-1].text


async def test_words_of_a_citizen_are_never_replaced(sara: Citizen, scene: Scene) -> None:
    case = await scene.file()

    await scene.forge(MINA, f"case_words:want:{case.id}.gist")
    await scene.reply(MINA, sara.api.seen(scene.desk.number)[-1], GIST)

    assert (await scene.now(case)).text == case.text
