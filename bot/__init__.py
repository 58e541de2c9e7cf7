"""The bot: from a platform's update to an answer on its way. Conversations live in `handlers/`, words in `content/`."""
