"""An album of the page is stored whole, so nobody waits for more of it."""

from functools import partial

from bot import albums
from tests.web.site import Place
from tests.web.test_files import key, met, say


async def test_an_album_of_the_page_is_known_to_be_whole(place: Place) -> None:
    sara = await met(place)
    await say(sara, files=[await key(sara) for _ in range(3)])
    *_, row = await place.store.read(lambda unit: unit.inbox.waiting("web", 1, 10))

    album = await place.store.read(partial(albums.gather, platform="web", chat_id=1, row=row))

    assert (len(album.rows), album.wait_ms, album.whole) == (3, 0, True)
    assert album.rows[-1] == row
