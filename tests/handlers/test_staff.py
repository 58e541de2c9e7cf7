"""How somebody becomes staff, and what staff see that citizens do not."""

from bot.services import staff
from tests.citizen import Citizen, labels


async def code_for(citizen: Citizen, role: staff.Role = "admin") -> str:
    return await citizen.app.store.write(lambda unit: staff.invite(unit, role))


async def test_a_citizen_is_told_that_a_code_is_needed(sara: Citizen) -> None:
    (told,) = await sara.send("/staff")

    assert "کد دعوت" in told.text
    assert labels(told) == []


async def test_a_code_makes_staff_and_shows_the_rooms(sara: Citizen) -> None:
    welcome, menu = await sara.send(f"/staff {await code_for(sara)}")

    assert "مدیر" in welcome.text
    assert "👥 همکاران" in labels(menu)


async def test_a_code_may_be_typed_in_any_way(sara: Citizen) -> None:
    code = (await code_for(sara)).lower().replace("-", " ")

    welcome, _ = await sara.send(f"/staff {code}")

    assert "خوش آمدید" in welcome.text


async def test_a_code_works_once(sara: Citizen, reza: Citizen) -> None:
    code = await code_for(sara)
    await sara.send(f"/staff {code}")

    (refused,) = await reza.send(f"/staff {code}")

    assert "این کد درست نیست" in refused.text


async def test_a_code_is_not_lost_on_somebody_who_is_staff_already(sara: Citizen, reza: Citizen) -> None:
    await sara.send(f"/staff {await code_for(sara)}")
    code = await code_for(sara, "editor")

    (told,) = await sara.send(f"/staff {code}")
    welcome, menu = await reza.send(f"/staff {code}")

    assert "کد باطل نشد" in told.text
    assert "ویراستار" in welcome.text
    assert "👥 همکاران" not in labels(menu)


async def test_a_code_of_another_role_changes_the_role_and_its_rooms(sara: Citizen) -> None:
    await sara.send(f"/staff {await code_for(sara, 'editor')}")

    welcome, menu = await sara.send(f"/staff {await code_for(sara, 'operator')}")

    assert "کارشناس" in welcome.text
    assert "👥 همکاران" not in labels(menu)
    assert "📅 رویدادها" not in labels(menu)


async def test_the_only_admin_cannot_leave(sara: Citizen) -> None:
    await sara.send(f"/staff {await code_for(sara)}")
    await sara.press("خروج از همکاری")

    (told,) = await sara.press("بله، خارج می‌شوم")

    assert "تنها مدیر" in told.text


async def test_whoever_leaves_is_a_citizen_again(sara: Citizen) -> None:
    await sara.send(f"/staff {await code_for(sara, 'editor')}")
    await sara.press("خروج از همکاری")
    await sara.press("بله، خارج می‌شوم")

    (told,) = await sara.send("/staff")

    assert "کد دعوت" in told.text


async def test_whoever_wants_to_be_forgotten_is_staff_no_more(sara: Citizen) -> None:
    await sara.send(f"/staff {await code_for(sara, 'editor')}")
    await sara.send("/deleteme")
    await sara.press("بله، پاک کنید")

    members = await sara.app.store.read(lambda unit: unit.staff.all())

    assert members == []


async def test_staff_come_back_to_their_menu_by_a_persian_word(sara: Citizen) -> None:
    await sara.send(f"/staff {await code_for(sara)}")

    (menu,) = await sara.send("میز کار")

    assert "به کدام بخش" in menu.text
    assert "👥 همکاران" in labels(menu)
