"""Files from outside: told apart by what they are, cleaned, and kept by the hash of their content.

Knows neither platforms nor the database. All of it blocks: call it in a thread.
"""

from bot.media.names import neutral
from bot.media.shelf import MOST_BYTES, Cleaned, Shelf
from bot.media.sort import Rejected

__all__ = ["MOST_BYTES", "Cleaned", "Rejected", "Shelf", "neutral"]
