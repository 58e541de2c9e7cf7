"""What citizens think of answers, as editors see it."""

from tests.citizen import Citizen
from tests.editors import hired

ROOM = "👍 نظر شهروندان"


async def test_editors_see_the_worst_answer_first_and_what_was_missing(sara: Citizen, reza: Citizen) -> None:
    await sara.send("کد پستی شهرداری چنده؟")
    await sara.press("👍 به کارم آمد")
    await sara.send("ساعت کار شهرداری؟")
    await sara.press("👎 به کارم نیامد")
    await sara.send("تعطیلات را هم بنویسید ژژژ")
    await hired(reza)

    (room,) = await reza.press(ROOM)
    first, second = room.text.partition("۲.")[::2]
    (one,) = await reza.press("۱")
    assert "👍 ۰ · 👎 ۱" in first
    assert "👍 ۱ · 👎 ۰" in second
    assert "همه رأی‌ها: 👍 ۰ · 👎 ۱" in one.text
    await reza.send("/staff")
    await reza.press("❓ سؤال‌های بی‌جواب")
    (group,) = await reza.press("۱")
    assert "که چه کم داشت" in group.text
    assert "تعطیلات را هم بنویسید" in group.text


async def test_without_votes_the_room_says_so(reza: Citizen) -> None:
    await hired(reza)

    assert "هنوز کسی" in (await reza.press(ROOM))[-1].text
