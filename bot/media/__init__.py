"""Files from outside: told apart by what they are, cleaned, and kept by the hash of their content.

Knows neither platforms nor the database. All of it blocks: call it in a thread.
"""

from bot.media.names import neutral
from bot.media.shelf import Cleaned, Shelf
from bot.media.sort import Rejected

__all__ = ["Cleaned", "Rejected", "Shelf", "neutral"]
