"""The files of the page: read once, named after their content, so a browser may keep them for ever."""

import gzip
import hashlib
import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
# Files name one another as "./name": in CSS `url("./…")`, in JavaScript `from "./…"`.
_REFERENCE = re.compile(rb'"\./([\w./-]+)"')
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


class Assets:
    """`url("app.js")` is "/static/app.<hash>.js".

    The hash covers what the file refers to, as the names that stand in it change too.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._names: dict[str, str] = {}
        self._files: dict[str, tuple[bytes, bytes]] = {}
        for file in sorted(folder.rglob("*")):
            if file.suffix in _KINDS:
                self._load(file.relative_to(folder).as_posix())

    def url(self, name: str) -> str:
        return f"/static/{self._names[name]}"

    async def serve(self, request: Request) -> Response:
        """GET /static/{name}."""
        name = request.path_params["name"]
        if name not in self._files:
            raise HTTPException(404)
        return packed(request, self._files[name], _KINDS[Path(name).suffix], _FOR_EVER)

    def _load(self, name: str) -> str:
        if name not in self._names:
            content = (self._folder / name).read_bytes()
            if not name.endswith(".woff2"):
                content = _REFERENCE.sub(self._renamed, content)
            stem, _, suffix = name.rpartition(".")
            self._names[name] = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
            self._files[self._names[name]] = pack(content)
        return self._names[name]

    def _renamed(self, reference: re.Match[bytes]) -> bytes:
        return b'"/static/%s"' % self._load(reference[1].decode()).encode()


def pack(content: bytes) -> tuple[bytes, bytes]:
    """The content as it is, and packed."""
    return content, gzip.compress(content, mtime=0)


def packed(request: Request, content: tuple[bytes, bytes], kind: str, headers: dict[str, str]) -> Response:
    """Answer with whichever the browser takes and is shorter."""
    plain, small = content
    if len(small) < len(plain) and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(small, media_type=kind, headers=headers | {"Content-Encoding": "gzip"})
    return Response(plain, media_type=kind, headers=headers)
