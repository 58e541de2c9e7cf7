"""«راهنما»."""

from tests.citizen import Citizen, labels


async def test_help_says_what_can_be_asked_and_leads_on(sara: Citizen) -> None:
    for asked in ("/help", "راهنما", "کمک!"):
        (shown,) = await sara.send(asked)

        assert "ساعت کاری" in shown.text
        assert labels(shown) == ["🔔 خبرهای من", "🔒 حریم خصوصی", "🏠 منوی اصلی"]


async def test_its_buttons_lead_to_privacy_and_to_the_menu(sara: Citizen) -> None:
    await sara.send("/help")

    (privacy,) = await sara.press("🔒 حریم خصوصی")
    (menu,) = await sara.press("🏠 منوی اصلی")

    assert "حذف من" in privacy.text
    assert "منوی اصلی" in menu.text
