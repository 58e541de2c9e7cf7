"""Links as staff write them."""

import pytest

from bot.errors import CitizenError
from bot.services import links


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://tehran.ir/a?b=1#c", "https://tehran.ir/a?b=1#c"),
        ("tehran.ir", "https://tehran.ir"),
        ("  HTTP://Region14.Tehran.IR:8080/x ", "http://region14.tehran.ir:8080/x"),
    ],
)
def test_a_link_is_kept_whole(written: str, kept: str) -> None:
    assert links.checked_link(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "سلام",
        "javascript:alert(1)",
        "ftp://tehran.ir",
        "https://user:pass@tehran.ir",
        "https://tehran.ir@evil.example",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://[::1]/",
        "https://tehran.ir/a b",
        "https://tehran.ir/<script>",
        "https://" + "a" * 300 + ".ir",
        "https://tehran.ir:99999",
        "https://tehran.ir\\@evil.example",
        "https://tehran..ir",
        "http://",
    ],
)
def test_what_is_no_address_of_a_page_is_refused(written: str) -> None:
    with pytest.raises(CitizenError) as refused:
        links.checked_link(written)

    assert refused.value.key == "bad_link"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ثبت‌نام: https://tehran.ir/a.", ["https://tehran.ir/a"]),
        ("(https://tehran.ir/a)", ["https://tehran.ir/a"]),
        ("«https://tehran.ir/a»، همین", ["https://tehran.ir/a"]),
        ("https://fa.wikipedia.org/wiki/تهران_(شهر)", ["https://fa.wikipedia.org/wiki/تهران_(شهر)"]),
        ("سایت www.tehran.ir و http://a.ir/x؟y=1", ["www.tehran.ir", "http://a.ir/x؟y=1"]),
        ("https: //tehran.ir", ["https: //tehran.ir"]),
        ("htps://tehran.ir", ["htps://tehran.ir"]),
        ("https//tehran.ir", ["https//tehran.ir"]),
        ("http:/tehran.ir", ["http:/tehran.ir"]),
        ("شهرداری tehran.ir", []),
        ("info@www.tehran.ir", []),
        ("پروتکل https: امن است", []),
        ("", []),
    ],
)
def test_the_links_of_a_text_are_found(text: str, found: list[str]) -> None:
    assert list(links.written(text)) == found


@pytest.mark.parametrize(
    ("link", "sound"),
    [
        ("https://tehran.ir/a?b=1#c", True),
        ("https://fa.wikipedia.org/wiki/تهران", True),
        ("https://maps.app.goo.gl/" + "a" * 400, True),
        ("https://ایران.com", True),
        ("https://tehran.irثبت‌نام", False),
        ("https://tehran", False),
        ("https://", False),
        ("https: //tehran.ir", False),
        ("htps://tehran.ir", False),
        ("www.tehran.ir", False),
        ("https://[", False),
    ],
)
def test_a_sound_link_is_told_from_a_broken_one(link: str, sound: bool) -> None:
    assert links.is_sound(link) is sound
