"""«راهنما»: what can be asked, and how.

/help, «راهنما» -> the entry service.help, with the way to the menu
"""

from bot.flow import Button, Conversation, Keyboard, Turn, data

talk = Conversation("help")


@talk.command("help")
def explain(turn: Turn) -> None:
    turn.end()
    privacy = Button(turn.words.button("privacy"), data("ask", "show", "service.privacy"))
    buttons = [[turn.link("choices", "open", "open"), privacy]]
    buttons.append([Button(turn.words.button("menu"), data("menu", "new", "home"))])
    turn.tell(turn.library.answers.show("service.help", turn.now), Keyboard(inline=buttons))
