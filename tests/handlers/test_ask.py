"""Questions in free words."""

from tests.citizen import Citizen, labels


async def test_a_question_is_answered_at_once(sara: Citizen) -> None:
    await sara.send("/start")

    shown = await sara.send("کد پستی شهرداری چنده؟")

    assert len(shown) == 1
    assert "۱۷۷۷۶۸۳۱۹۳" in shown[0].text


async def test_who_asks_before_any_greeting_is_greeted_and_answered(sara: Citizen) -> None:
    hello, answer = await sara.send("کد پستی شهرداری چنده؟")

    assert "همیار ۱۴" in hello.text
    assert "۱۷۷۷۶۸۳۱۹۳" in answer.text


async def test_nonsense_leads_to_the_menu_and_a_persons_number(sara: Citizen) -> None:
    await sara.send("/start")

    (shown,) = await sara.send("بلاتنیسبتنل")

    assert "۹۶۰۴۰۹۰۰" in shown.text
    assert "🏠 منوی اصلی" in labels(shown)
