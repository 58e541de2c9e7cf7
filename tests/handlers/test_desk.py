"""What a group of staff is to the bot."""

import pytest

from bot.app import App
from bot.dates import day_in_words
from bot.models import citizens
from bot.services import staff
from bot.store import Unit
from bot.store.desks import Desk
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, inbox_rows, labels, rows_of, settled
from tests.editing import library, made_editor
from tests.group import Group


async def desk_of(group: Group) -> Desk:
    found = await group.desk()
    assert found is not None
    return found


@pytest.fixture
def group(app: App, api: BotApi) -> Group:
    return Group(app, api)


async def test_staff_are_told_what_the_group_is_and_since_when(group: Group) -> None:
    desk = await group.become_desk()

    (shown,) = await group.send(501, "/desk")

    assert "میز فضای سبز" in shown.text
    assert day_in_words(desk.made_at) in shown.text


async def test_the_command_may_name_the_bot_but_no_other(group: Group) -> None:
    await group.become_desk()

    assert len(await group.send(501, "/desk@Hamyar14_bot")) == 1
    assert await group.send(501, "/desk@another_bot") == []


async def test_a_title_that_looks_like_markup_is_shown_as_it_is(app: App, api: BotApi) -> None:
    group = Group(app, api, title="<b>{since}</b> [x](https://a.b)")
    await group.become_desk()

    (shown,) = await group.send(501, "/desk")

    assert "{since}" in shown.text
    assert not any(entity.get("url", "").startswith("https://a.b") for entity in shown.entities)


async def test_a_group_that_is_called_otherwise_is_known_by_its_new_name(app: App, api: BotApi) -> None:
    group = Group(app, api)
    await group.become_desk()
    renamed = Group(app, api, title="میز تنظیف")

    (shown,) = await renamed.send(501, "/desk")

    assert "میز تنظیف" in shown.text
    assert (await desk_of(renamed)).title == "میز تنظیف"


async def test_in_a_group_that_is_no_desk_nothing_is_said(group: Group) -> None:
    assert await group.send(501, "/desk") == []


async def test_in_a_private_talk_it_is_a_command_like_any_that_does_not_exist(sara: Citizen) -> None:
    await sara.send("/start")
    unknown = await sara.send("/nothing_of_ours")
    told = await sara.send("/desk")

    assert [seen.text for seen in told] == [seen.text for seen in unknown]


async def test_an_admin_who_hides_behind_the_group_is_asked_to_show_themselves(app: App, telegram: BotApi) -> None:
    group = Group(app, telegram)
    await group.become_desk()

    (shown,) = await group.after(lambda: telegram.say_anonymously(group.number, "/desk"))

    assert "ناشناس ماندن" in shown.text
    assert "میز کار" not in shown.text
    assert [row["error"] for row in await inbox_rows(app)] == [None]


async def test_chatter_of_a_hidden_admin_is_no_matter_of_ours(app: App, telegram: BotApi) -> None:
    group = Group(app, telegram)
    await group.become_desk()

    assert await group.after(lambda: telegram.say_anonymously(group.number, "سلام")) == []


# Making one


@pytest.fixture
async def mina(sara: Citizen) -> Citizen:
    """Sara, as an admin of the staff."""
    return await made_editor(sara, "admin")


def marked(seen: Seen) -> list[str]:
    """What is chosen among the buttons."""
    return [label.removeprefix("✅ ") for label in labels(seen) if label.startswith("✅")]


async def test_an_admin_makes_a_group_a_desk_for_what_no_other_desk_takes(group: Group, mina: Citizen) -> None:
    told, asked = await group.send(mina.user_id, "/desk")

    desk = await desk_of(group)
    assert "میز فضای سبز" in told.text
    assert marked(asked) == ["هر موضوعی که میز ندارد"]
    assert (desk.title, desk.covers, desk.lost_at) == ("میز فضای سبز", None, None)
    assert await group.words_kept() == []


@pytest.mark.parametrize("role", ["operator", "editor", "manager", None])
async def test_nobody_else_is_heard_in_a_group_that_is_no_desk(
    group: Group, sara: Citizen, role: staff.Role | None
) -> None:
    if role is not None:
        await made_editor(sara, role)
    known = await group.app.store.read(lambda unit: rows_of(unit, citizens))

    assert await group.send(501, "/desk") == []
    assert await group.send(502, "/desk") == []

    assert await group.desk() is None
    assert await group.words_kept() == []
    assert await group.app.store.read(lambda unit: rows_of(unit, citizens)) == known


async def test_who_was_an_admin_makes_no_desk(group: Group, mina: Citizen, reza: Citizen) -> None:
    await made_editor(reza, "admin")

    def dismiss(unit: Unit) -> None:
        by, gone = (unit.staff.find(group.platform, number) for number in (502, 501))
        assert by is not None
        assert gone is not None
        staff.dismiss(unit, gone.id, by)

    await group.app.store.write(dismiss)

    assert await group.send(501, "/desk") == []
    assert await group.desk() is None


async def test_an_admin_who_hides_behind_a_group_that_is_no_desk_is_not_answered(app: App, telegram: BotApi) -> None:
    group = Group(app, telegram)

    assert await group.after(lambda: telegram.say_anonymously(group.number, "/desk")) == []
    assert await group.desk() is None


async def test_the_command_for_another_bot_makes_no_desk(group: Group, mina: Citizen) -> None:
    await mina.send("/help")

    assert await group.send(mina.user_id, "/desk@another_bot") == []
    assert await group.desk() is None


async def test_the_topic_in_which_it_was_said_is_kept_and_can_be_another(app: App, telegram: BotApi) -> None:
    telegram.meet(501, first_name="سارا")
    await made_editor(Citizen(app, telegram, 501), "admin")
    group = Group(app, telegram, extra={"topics": (33, 44)})
    await group.send(501, "/desk", thread_id=33)
    assert (await desk_of(group)).thread_id == 33

    (same,) = await group.send(501, "/desk", thread_id=33)
    (elsewhere,) = await group.send(501, "/desk", thread_id=44)
    await pressed(group, 501, HERE)

    assert HERE not in labels(same)
    assert HERE in labels(elsewhere)
    assert (await desk_of(group)).thread_id == 44


# What it takes


HERE = "📍 پیام‌ها همین‌جا بیاید"
SUBJECTS = "✏️ تغییر موضوع‌ها"
REST = "هر موضوعی که میز ندارد"


async def pressed(group: Group, user_id: int, label: str) -> Seen:
    """Somebody presses; the message with buttons that then stands in the group last."""
    await group.after(lambda: group.api.press(user_id, label, chat_id=group.number))
    return group.api.seen(group.number)[-1]


async def titles(group: Group) -> list[str]:
    return [subject.title for subject in library(group.app).categories.all.values()]


async def test_subjects_are_chosen_by_pressing_and_given_back_too(group: Group, mina: Citizen) -> None:
    await group.send(mina.user_id, "/desk")
    first, second, *_ = await titles(group)

    assert marked(await pressed(group, 501, f"▫️ {first}")) == [first]
    assert marked(await pressed(group, 501, f"▫️ {second}")) == [first, second]
    assert marked(await pressed(group, 501, f"✅ {first}")) == [second]
    assert marked(await pressed(group, 501, f"✅ {second}")) == [REST]
    await pressed(group, 501, f"▫️ {second}")
    assert marked(await pressed(group, 501, f"▫️ {REST}")) == [REST]
    assert (await desk_of(group)).covers is None


async def test_what_was_chosen_is_told_to_everybody_who_asks(group: Group, mina: Citizen) -> None:
    await group.send(mina.user_id, "/desk")
    first, *_ = await titles(group)
    await pressed(group, 501, f"▫️ {first}")

    done = await pressed(group, 501, "پایان")
    (shown,) = await group.send(502, "/desk")

    assert f"موضوع‌ها: {first}" in plain(done)
    assert plain(done) == plain(shown)
    assert labels(done) == [SUBJECTS, "بستن میز"]


def plain(seen: Seen) -> str:
    """Without the marks of Bale."""
    return seen.text.replace("*", "").replace("\u200b", "")


async def test_who_works_here_is_named(group: Group, mina: Citizen, reza: Citizen) -> None:
    desk = await group.become_desk()
    (before,) = await group.send(502, "/desk")
    code = await group.app.store.write(lambda unit: staff.invite(unit, "operator", None, desk.id))
    await reza.send(f"/staff {code}")

    (shown,) = await group.send(502, "/desk")

    assert "کارشناسان: هنوز کسی نیست" in plain(before)
    assert "کارشناسان: رضا" in plain(shown)


@pytest.mark.parametrize("label", [SUBJECTS, "بستن میز"])
async def test_only_an_admin_changes_a_desk_and_others_are_told_alone(group: Group, reza: Citizen, label: str) -> None:
    await group.become_desk()
    await made_editor(reza, "manager")
    (before,) = await group.send(502, "/desk")

    assert await pressed(group, 502, label) == before
    assert await pressed(group, 503, label) == before

    told = [(alert.user_id, alert.text, alert.show_alert) for alert in group.api.alerts if alert.text]
    assert [(who, stays) for who, _, stays in told] == [(502, True), (503, True)]
    assert "فقط مدیر" in told[0][1]


async def test_what_is_pressed_or_forged_by_others_changes_nothing(group: Group, mina: Citizen) -> None:
    await group.send(mina.user_id, "/desk")
    before = await desk_of(group)
    first = next(iter(library(group.app).categories.all))
    shown = group.api.seen(group.number)[-1]

    for data in (f"desk:toggle:{first}", "desk:rest", "desk:here", "desk:closed", "desk:show"):
        group.api.press_gone(502, data, shown)
        await settled(group.app, group.api)

    assert await desk_of(group) == before
    assert len([alert for alert in group.api.alerts if "فقط مدیر" in alert.text]) == 5


@pytest.mark.parametrize(
    ("data", "told"),
    [("desk:toggle:no_such", "دیگر نیست"), ("desk:toggle", "دیگر نیست"), ("desk:what", "دیگر کار نمی‌کند")],
)
async def test_a_button_of_another_day_says_so(group: Group, mina: Citizen, data: str, told: str) -> None:
    await group.send(mina.user_id, "/desk")
    shown = group.api.seen(group.number)[-1]

    group.api.press_gone(501, data, shown)
    await settled(group.app, group.api)

    assert told in group.api.alerts[-1].text
    assert (await desk_of(group)).covers is None


# Closing


async def test_a_desk_is_closed_after_a_yes_and_is_a_group_like_any(group: Group, mina: Citizen) -> None:
    await group.send(mina.user_id, "/desk")
    (old,) = await group.send(502, "/desk")
    await pressed(group, 501, "بستن میز")
    closed = await pressed(group, 501, "بله، بسته شود")

    assert "بسته شد" in closed.text
    assert labels(closed) == []
    assert await group.desk() is None
    assert await group.send(502, "/desk") == []
    group.api.press_gone(503, "desk:subjects", old)
    await settled(group.app, group.api)
    assert group.api.alerts[-1].text == "این دکمه دیگر کار نمی‌کند."
    known = await group.app.store.read(lambda unit: rows_of(unit, citizens))
    assert 503 not in [row["user_id"] for row in known]
    assert len(await group.send(501, "/desk")) == 2


async def test_who_says_no_keeps_the_desk(group: Group, mina: Citizen) -> None:
    await group.send(mina.user_id, "/desk")
    await group.send(501, "/desk")

    await pressed(group, 501, "بستن میز")
    shown = await pressed(group, 501, "نه، بماند")

    assert labels(shown) == [SUBJECTS, "بستن میز"]
    assert await group.desk() is not None
