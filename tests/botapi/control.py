"""The control API: what another process may tell the server to do, and ask it. All in JSON."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

from tests.botapi.answers import JSON, Answer
from tests.botapi.api import BotApi
from tests.botapi.chats import Seen, SentFile
from tests.botapi.flood import Flood
from tests.botapi.limits import Limits
from tests.botapi.stats import Stats

_FAULTS = frozenset(
    {
        "fail_next", "retry_after", "local_rate_limited", "bad_gateway", "not_ok", "away", "garbage", "slow",
        "cut", "cut_midway", "lose_answer", "duplicate_next_updates", "at_random", "mix", "clear",
    }
)  # fmt: skip


class Control:
    """Answers `/control/<what>`; a wrong request gets 400 and the reason."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.floods: list[Flood] = []
        self._does: dict[str, Callable[[JSON], object]] = {
            "say": lambda asked: {"update_id": api.say(**asked)},
            "press": lambda asked: {"update_id": api.press(**asked)},
            "edited": lambda asked: {"update_id": api.edited(**asked)},
            "send_media": lambda asked: {"update_id": api.send_media(**_with_bytes(asked))},
            "send_album": lambda asked: {"update_ids": api.send_album(**_with_bytes(asked))},
            "send_location": lambda asked: {"update_id": api.send_location(**asked)},
            "send_contact": lambda asked: {"update_id": api.send_contact(**asked)},
            "group": self._group,
            "say_anonymously": lambda asked: {"update_id": api.say_anonymously(**asked)},
            "post_from_channel": lambda asked: {"update_id": api.post_from_channel(**asked)},
            "add_bot": lambda asked: {"update_id": api.add_bot(**asked)},
            "migrate": lambda asked: {"chat": api.migrate(**asked).shape},
            "push": lambda asked: {"update_id": api.push(asked)},
            "block": lambda asked: api.block(**asked),
            "unblock": lambda asked: api.unblock(**asked),
            "meet": lambda asked: {"chat": api.meet(**asked).shape},
            "fault": self._fault,
            "set": self._set,
            "flood": self._flood,
            "seen": self._seen,
            "alerts": lambda _: {"alerts": [[alert.user_id, alert.text] for alert in api.alerts]},
            "wait": self._wait,
            "repeats": lambda _: {"repeats": [_told(seen) for seen in api.repeats()]},
            "stats": lambda _: self.stats(),
            "reset": self._reset,
        }

    async def handle(self, what: str, asked: JSON) -> Answer:
        """Do it, and answer with what came out."""
        if what not in self._does:
            return _answer(404, {"error": f"no such control: {what}", "controls": sorted(self._does)})
        try:
            result = self._does[what](asked)
            if isinstance(result, Awaitable):
                result = await result
        except (AssertionError, KeyError, TypeError, ValueError) as error:
            return _answer(400, {"error": f"{type(error).__name__}: {error}"})
        return _answer(200, result if result is not None else {})

    def stats(self) -> JSON:
        """Answers, waits and calls since the start or the last reset; updates and faults since the start."""
        api, updates = self.api, self.api.updates
        return {
            "queued": updates.queued,
            "confirmed": updates.confirmed,
            "waiting": len(updates.waiting),
            "dropped": updates.dropped,
            "conflicts": updates.conflicts,
            "calls": api.called,
            "faults": api.faults.counts(),
            "unheard": api.faults.unheard,
            "webhook": api.postman.counts,
            "refused": api.limits.refused,
            "flooding": any(not flood.done for flood in self.floods),
            **api.stats.summary(),
        }

    async def stop(self) -> None:
        """End what is still being queued."""
        await asyncio.gather(*(flood.stop() for flood in self.floods))

    def _flood(self, asked: JSON) -> JSON:
        self.floods.append(Flood(self.api, **asked))
        return self.floods[-1].start()

    def _group(self, asked: JSON) -> JSON:
        """{"chat_id": …, "title": …, "members": […], …}, only the first needed."""
        chat_id, title, members = asked.pop("chat_id"), asked.pop("title", "گروه"), asked.pop("members", ())
        return {"chat": self.api.group(chat_id, title, *members, **asked).shape}

    def _fault(self, asked: JSON) -> None:
        """{"fault": name, …arguments}; "body" instead of "said" is a body word for word."""
        name = asked.pop("fault")
        if name not in _FAULTS:
            raise ValueError(f"no such fault: {name}; there are {', '.join(sorted(_FAULTS))}")
        if "body" in asked:
            asked["said"] = asked.pop("body").encode()
        getattr(self.api.faults, name)(**asked)

    def _set(self, asked: JSON) -> None:
        """{"latency": seconds, "webhook_scale": share, "limits": {…}}, each optional."""
        self.api.postman.scale = asked.get("webhook_scale", self.api.postman.scale)
        self.api.latency = asked.get("latency", self.api.latency)
        if "limits" in asked:
            self.api.limits = Limits(**asked["limits"])

    def _reset(self, asked: JSON) -> None:
        """Forget waits and counts so far, after a warm-up; {"matching": "nth"} counts by order."""
        self.api.stats = Stats(asked.get("matching", "fifo"))
        self.api.calls.clear()
        self.api.called.clear()

    def _seen(self, asked: JSON) -> JSON:
        """One chat's messages, or those of all."""
        if "chat_id" in asked:
            return {"seen": [_told(seen) for seen in self.api.seen(int(asked["chat_id"]))]}
        return {"chats": {chat_id: [_told(s) for s in self.api.seen(chat_id)] for chat_id in self.api.chats}}

    async def _wait(self, asked: JSON) -> JSON:
        """Answer once so many messages stand in the chat."""
        await self.api.wait_for(**{name: _numeric(value) for name, value in asked.items()})
        return self._seen(asked)


def _told(seen: Seen) -> JSON:
    return {
        "chat_id": seen.chat_id,
        "message_id": seen.message_id,
        "kind": seen.kind,
        "file": _file(seen.file) if seen.file else None,
        "details": seen.details,
        "album": seen.album,
        "thread_id": seen.thread_id,
        "text": seen.text,
        "raw_text": seen.raw_text,
        "buttons": seen.buttons,
        "keyboard": seen.keyboard,
        "edited": seen.edited,
        "reply_to": seen.reply_to,
    }


def _file(file: SentFile) -> JSON:
    told = {"name": file.name, "sha256": file.sha256, "bytes": len(file.content)}
    return {**told, "uploaded": file.uploaded, "file_id": file.stored.file_id}


def _with_bytes(asked: JSON) -> JSON:
    """Bytes come as base64: "content", or a list of them as "contents"."""
    if "content" in asked:
        return {**asked, "content": base64.b64decode(asked["content"])}
    return {**asked, "contents": [base64.b64decode(content) for content in asked["contents"]]}


def _numeric(value: Any) -> Any:  # noqa: ANN401 - numbers come as text in a query string
    if not isinstance(value, str):
        return value
    return float(value) if "." in value else int(value)


def _answer(status: int, result: object) -> Answer:
    return Answer(status, json.dumps(result, ensure_ascii=False).encode())
