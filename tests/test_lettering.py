"""Without raqm: the same lines as with it, letters joined and in the order in which they are read."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image, ImageDraw, ImageFont, ImageOps, features

from bot.charts import FONTS
from bot.lettering import seen

MOST_DIFFERENT = 0.18
LINES = [
    "نظرسنجی سالانه منطقه ۱۴",
    "رفت‌وآمد سالمندان و معلولان",
    "می‌خواهم، نمی‌خواهم؛ چرا؟",
    "مؤمن، هیئت، مسئول، آب و الفبا",
    "خانهٔ ما، هٔ",
    "لا، سلام، کالا، بلای لأک",
    "آب‌گرفتگی (R14) در خیابان ۱۷ شهریور",
    "Instagram و Telegram: ۲ بار در هفته",
    "abc (def) کتاب [۱۲] «نقل قول»",
    "از 12-13 و ۱۲:۳۰ تا 50%، ۲۵٫۳٪ و ۱۴۰۵/۰۹/۰۱",
    "COVID-19",
    "۱۲۳",
    "گچ، ژاله، پیچ‌وخم، ـــ کشیده",
    "Alpha (ب، پ) code",
]


@pytest.fixture(scope="module")
def drawn_by_raqm() -> Callable[[str], Image.Image]:
    if not features.check("raqm"):
        pytest.skip("without raqm there is nothing to compare with")
    font = ImageFont.truetype(str(FONTS / "Vazirmatn-Regular.ttf"), 40, layout_engine=ImageFont.Layout.RAQM)
    return partial(drawn, font, shaped=True)


@pytest.fixture(scope="module")
def drawn_by_us() -> Callable[[str], Image.Image]:
    font = ImageFont.truetype(str(FONTS / "Vazirmatn-Regular.ttf"), 40, layout_engine=ImageFont.Layout.BASIC)
    return lambda line: drawn(font, seen(line))


def drawn(font: ImageFont.FreeTypeFont, line: str, *, shaped: bool = False) -> Image.Image:
    """The ink of a line, without the paper around it."""
    picture = Image.new("L", (1400, 90))
    canvas = ImageDraw.Draw(picture)
    if shaped:  # kerning is the one thing that only raqm does
        canvas.text((1380, 60), line, 255, font, anchor="rs", direction="rtl", language="fa", features=["-kern"])
    else:
        canvas.text((1380, 60), line, 255, font, anchor="rs")
    return picture.crop(picture.getbbox())


def columns(picture: Image.Image) -> list[int]:
    """How much ink stands in each hundredth of a line, in parts of a million."""
    found = list(picture.resize((100, picture.height), Image.Resampling.BOX).resize((100, 1)).tobytes())
    return [ink * 1_000_000 // sum(found) for ink in found]


@pytest.mark.parametrize("line", LINES)
def test_a_line_looks_as_raqm_draws_it(
    line: str, drawn_by_raqm: Callable[[str], Image.Image], drawn_by_us: Callable[[str], Image.Image]
) -> None:
    theirs, ours = drawn_by_raqm(line), drawn_by_us(line)

    assert ours.width == pytest.approx(theirs.width, rel=0.03)
    # Fine spacing differs by a few pixels; a letter at another place, or of another form, by far more.
    assert difference(columns(theirs), columns(ours)) < MOST_DIFFERENT


@pytest.mark.parametrize("line", LINES)
def test_a_line_in_another_order_would_be_seen(line: str, drawn_by_us: Callable[[str], Image.Image]) -> None:
    right, turned = columns(drawn_by_us(line)), columns(ImageOps.mirror(drawn_by_us(line)))

    assert difference(right, turned) > MOST_DIFFERENT


def difference(one: list[int], other: list[int]) -> float:
    """How much of the ink of one line lies elsewhere in the other, from 0 to 1."""
    return sum(abs(left - right) for left, right in zip(one, other, strict=True)) / 2_000_000


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("سلام", "\u0645\ufefc\ufeb3"),
        ("می‌رود", "\u062f\u0648\u0631\ufbfd\ufee3"),
        ("گِل", "\ufede\ufb94"),
        ("خانهٔ", "\ufba5\ufee7\ufe8e\ufea7"),
        ("۱۲ نفر", "\ufeae\ufed4\ufee7 ۱۲"),
        ("(R14) ب", "\u0628 (R14)"),
        ("a ب c", "c \u0628 a"),
        ("abc (def)ب", "\u0628abc (def)"),
        ("ب ۵۰٪", "٪۵۰ \u0628"),
        ("۵۰٪", "۵۰٪"),
        ("ب ۱۲:۳۰", "۱۲:۳۰ \u0628"),
        ("\u202eabc\u2069", "abc"),
        ("", ""),
    ],
)
def test_signs_stand_in_the_order_in_which_they_are_seen(line: str, shown: str) -> None:
    assert seen(line) == shown


@given(some.text(alphabet="ابپتلامی‌هوء۱2a(b)[] -:,.%٪«»\u0654\u202e\u0640", max_size=40))
def test_no_sign_is_lost_but_the_unseen(line: str) -> None:
    kept = [sign for sign in line if sign in "۱2ab -:,.%٪"]

    assert sorted(sign for sign in seen(line) if sign in "۱2ab -:,.%٪") == sorted(kept)
