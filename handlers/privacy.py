"""What is kept of me, and deleting it.

/mydata, «چه چیزی از من ذخیره کرده‌اید؟» -> what is kept --copy--> all of it as a page to read, and the files
/deleteme, «حذف من» -> sure? --yes--> everything deleted, end
                              --no, or anything else--> nothing deleted, end
"""

from bot.flow import Conversation, Keyboard, Spans, Turn
from bot.services import choosing, citizens, copies
from bot.services.citizens import Kept
from bot.services.topics import topics_of

talk = Conversation("privacy")


@talk.command("mydata")
@talk.button("kept")
def kept(turn: Turn) -> None:
    turn.end()
    what = citizens.what_is_kept(turn.unit, turn.citizen, turn.incoming.chat_id)
    key = f"kept_{turn.citizen.platform}" if what.name else "kept_nameless"
    ways = [turn.button("delete", "delete"), turn.link("menu", "home", "new", "home")]
    under = Keyboard(inline=[[turn.button("copy", "copy")], ways])
    text = turn.words.text(
        key,
        name=what.name or "",
        since=what.since,
        messages=what.messages,
        pictures=what.files,
        questions=what.questions,
        votes=what.votes,
        cases=what.cases,
        followed=what.followed,
        drafts=what.drafts,
    )
    turn.tell(
        text + _surveys(turn, what) + _chosen(turn, what) + (turn.words.text("kept_ban") if what.banned else ()), under
    )


def _surveys(turn: Turn, what: Kept) -> Spans:
    return turn.words.text("took_part", count=what.surveys) if what.surveys else ()


def _chosen(turn: Turn, what: Kept) -> Spans:
    """What is kept of the announcements; of their choices only what there is."""
    words, choice, names = turn.words, what.choice, turn.library.talks.words["choices"]
    text = words.text("news_sent", presses=what.presses)
    if choice.wants:
        text += words.text("news_wants", topics=choosing.named(names, *topics_of(choice.wants)))
    if choice.refuses:
        text += words.text("news_refuses", topics=choosing.named(names, *topics_of(choice.refuses)))
    if choice.neighbourhood is not None:
        place = turn.library.places.all.get(choice.neighbourhood)
        text += words.text("news_lives", name=choice.neighbourhood if place is None else place.name)
    if choice.quiet is not None:
        since, until = choice.quiet
        text += words.text("news_quiet", since=since, until=until)
    if choice.left:
        text += words.text("news_left")
    return text


@talk.button("copy")
def copy(turn: Turn) -> None:
    turn.end()
    page = copies.order(turn.unit, turn.citizen, turn.incoming.chat_id)
    found = copies.files(turn.unit, turn.citizen, turn.incoming.chat_id)
    turn.say("copy", files=[page])
    if found:
        turn.say("copy_files", files=found, count=len(found))


@talk.command("deleteme")
@talk.button("delete")
def ask(turn: Turn) -> None:
    left = choosing.of(turn.unit, turn.citizen).left
    text = turn.words.text("sure") + (turn.words.text("sure_left") if left else ()) + turn.words.text("sure_ask")
    turn.tell(text, Keyboard(inline=[[turn.button("yes", "yes"), turn.button("no", "no")]]))
    turn.go(decide)


@talk.step
def decide(turn: Turn) -> None:
    if turn.chose("yes") or turn.chose("plain_yes"):
        delete(turn)
    else:
        keep(turn)


@talk.button("yes")
def delete(turn: Turn) -> None:
    turn.end()
    turn.spread(*citizens.forget(turn.unit, turn.citizen, turn.incoming.chat_id))
    turn.say("deleted", Keyboard(remove=True))


@talk.button("no")
def keep(turn: Turn) -> None:
    turn.end()
    turn.say("not_deleted", Keyboard(inline=[[turn.link("menu", "home", "new", "home")]]))
