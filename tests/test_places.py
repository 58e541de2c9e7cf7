"""The places of the region: found under all their names, asked back where two fit, refused where the file is wrong."""

from pathlib import Path

import pytest

from bot.loading import Loaded
from bot.services.places import Place, Places, load
from bot.text import Text
from tests.citizen import Citizen, labels

FOUR_HUNDRED = "چهارصد دستگاه"


@pytest.fixture(scope="module")
def places(loaded: Loaded) -> Places:
    return loaded.library.places


def found(places: Places, text: str) -> list[list[str]]:
    return [[place.name for place in mention.places] for mention in places.find(text)]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("۴۰۰ دستگاه", FOUR_HUNDRED),
        ("400 دستگاه", FOUR_HUNDRED),
        ("۴۰۰دستگاه", FOUR_HUNDRED),
        ("چارصد دستگا", FOUR_HUNDRED),
        ("چهارصددستگاه", FOUR_HUNDRED),
        ("چهار صد دستگاه", FOUR_HUNDRED),
        ("میدون خراسون", "میدان خراسان"),
        ("میدونخراسون", "میدان خراسان"),
        ("ميدان خراسان", "میدان خراسان"),
        ("ته نبرد", "خیابان نبرد"),
        ("خیابون نبرد", "خیابان نبرد"),
        ("قصرفیروزه", "قصر فیروزه"),
        ("قصر فیروزخ", "قصر فیروزه"),
        ("دولـــاب", "دولاب"),
        ("سر‌آسیاب", "سرآسیاب"),
        ("محله‌ی شکوفه", "شکوفه"),
        ("ابوذرغربی", "ابوذر غربی"),
        ("اتوبان محلاتی", "بزرگراه محلاتی"),
    ],
)
def test_a_place_is_found_under_its_many_names(places: Places, written: str, name: str) -> None:
    assert found(places, written) == [[name]]


def test_a_name_is_found_inside_a_long_message(places: Places) -> None:
    said = "سلام، تو محله پرستار و بعدش چارصد دستگا سه روزه برق کوچه رفته و هیچکی جواب نمیده"

    assert found(places, said) == [["پرستار"], [FOUR_HUNDRED]]


def test_two_places_of_one_name_are_both_given(places: Places) -> None:
    assert found(places, "زباله‌های ابوذر") == [["ابوذر شرقی", "ابوذر غربی"]]
    assert found(places, "زباله‌های ابوذر شرقی") == [["ابوذر شرقی"]]


@pytest.mark.parametrize(
    "said",
    [
        "پرستار بیمارستان بداخلاق بود",
        "یه آهنگ قشنگ بذار",
        "تبریک برای پیروزی تیم ملی",
        "صدای همسایه",
        "روز شهدا",
        "خانم فرزانه سلام رسوند",
        "۱۳ آبان تعطیله؟",
        "سلام",
        "",
    ],
)
def test_everyday_words_are_no_places(places: Places, said: str) -> None:
    assert found(places, said) == []


@pytest.mark.parametrize(
    ("said", "only"),
    [
        ("دولاب", True),
        ("ما خونمون تو دولابه", False),  # a glued verb: it is found elsewhere, here it is asked about anew
        ("من تو نبرد زندگی می‌کنم", True),
        ("دولاب جزو منطقه ۱۴ هست؟", True),
        ("دولاب چراغ نداره", False),
        ("از دولاب تا میدون خراسون", False),
        ("ساعت کاری", False),
    ],
)
def test_a_message_is_a_place_only_if_it_says_nothing_else(places: Places, said: str, only: bool) -> None:
    assert (places.only(said) is not None) == only


@pytest.mark.parametrize("piece", ["میدان ", "ابوذر", "چهارصد ", "ا", "۴۰۰ "])
def test_hostile_messages_are_bounded(places: Places, piece: str) -> None:
    assert len(places.find(piece * 4000)) <= 200


def test_no_two_names_of_the_content_collide_by_mistake(places: Places) -> None:
    shared = {
        mention.said for place in places.all.values() for mention in places.find(place.name) if len(mention.places) > 1
    }

    assert shared == set()


async def test_a_neighbourhood_alone_is_answered_with_where_to_turn(sara: Citizen) -> None:
    await sara.send("/start")

    for said in ("دولاب", "چارصد دستگا", "من تو شکوفه زندگی می‌کنم"):
        (shown,) = await sara.send(said)
        assert "از محله‌های منطقه ۱۴ است" in shown.text, said
        assert "۱۳۷" in shown.text


async def test_where_two_fit_the_bot_asks_which(sara: Citizen) -> None:
    await sara.send("/start")

    (asked,) = await sara.send("ابوذر")
    (shown,) = await sara.press("ابوذر غربی")

    assert labels(asked)[:2] == ["ابوذر شرقی", "ابوذر غربی"]
    assert "ابوذر غربی" in shown.text


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_other_places_get_the_right_door_or_an_honest_word(sara: Citizen) -> None:
    await sara.send("/start")
    said = {text: (await sara.send(text))[0].text for text in ("افسریه", "نازی آباد", "میدون خراسون", "نبرد")}

    assert "منطقه ۱۵" in said["افسریه"]
    assert "نمی‌دانم کارتان با کدام منطقه است" in said["نازی آباد"]
    assert "مرز منطقه ۱۴" in said["میدون خراسون"]
    assert "در منطقه ۱۴ است" in said["نبرد"]


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_a_problem_at_a_place_is_a_problem(sara: Citizen) -> None:
    await sara.send("/start")

    how, *_ = await sara.send("تو دولاب زباله‌های کوچه رو سه روزه جمع نکردن")

    assert "به عنوان درخواست ثبتش کنم" in how.text
    assert "از محله‌های" not in how.text


# -- the file


def test_what_is_not_known_is_marked(loaded: Loaded) -> None:
    known = loaded.library.places.all.values()

    assert len([place for place in known if place.kind == "neighbourhood"]) == 30
    for place in known:
        assert place.sample == (place.kind == "neighbourhood" or (place.kind == "outside" and place.region > 0)), (
            place.id
        )
    assert "neighbourhoods.doulab" in loaded.samples


@pytest.mark.parametrize(
    ("table", "key", "reason"),
    [
        ('[[neighbourhood]]\nname = "الف"', "neighbourhood 2.id", "is missing"),
        ('[[neighbourhood]]\nid = "x"', "x.name", "is missing"),
        ('[[neighbourhood]]\nid = "good"\nname = "الف"', "good.id", "is used twice"),
        ('[[neighbourhood]]\nid = "X y"\nname = "الف"', "X y.id", "must be of small Latin letters"),
        ('[[neighbourhood]]\nid = "x"\nname = "الف"\naliases = [""]', "x.aliases", "none of them empty"),
        ('[[neighbourhood]]\nid = "x"\nname = "الف"\naliases = "ب"', "x.aliases", "must be list"),
        ('[[neighbourhood]]\nid = "x"\nname = "الف"\ndistrict = 7', "x.district", "from 1 to 6"),
        ('[[neighbourhood]]\nid = "x"\nname = "الف"\ndistrict = true', "x.district", "must be int"),
        ('[[neighbourhood]]\nid = "x"\nname = "الف"\ncolour = "red"', "x.colour", "is not a key"),
        ('[[landmark]]\nid = "x"\nname = "الف"\ndistrict = 1', "x.district", "only for a neighbourhood"),
        ('[[outside]]\nid = "x"\nname = "الف"\nregion = 14', "x.region", "another region"),
        ('[[neighborhood]]\nid = "x"\nname = "الف"', "neighborhood", "is none of"),
        (f'[[neighbourhood]]\nid = "x"\nname = "{"ا" * 31}"', "x.name", "longer than 30"),
    ],
)
def test_a_wrong_place_is_refused_with_key_and_reason_and_the_others_stay(
    tmp_path: Path, table: str, key: str, reason: str
) -> None:
    file = tmp_path / "neighbourhoods.toml"
    file.write_text(f'[[neighbourhood]]\nid = "good"\nname = "دولاب"\n\n{table}\n', encoding="utf-8")

    places, (fault,) = load(file)

    assert [place.id for place in places] == ["good"]
    assert (fault.file, fault.key) == ("neighbourhoods.toml", key)
    assert reason in fault.reason


def test_a_file_that_cannot_be_read_is_one_fault(tmp_path: Path) -> None:
    assert [fault.file for fault in load(tmp_path / "neighbourhoods.toml")[1]] == ["neighbourhoods.toml"]


def test_a_district_that_staff_have_filled_in_is_told() -> None:
    place = Place("x", "دولاب", "neighbourhood", district=3)

    assert (place.known_as, Places([place], Text()).only("دولاب")) != ("neighbourhood", None)
    assert place.known_as == "district"
