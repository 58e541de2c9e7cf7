"""Files from outside: told apart by what they are, cleaned, and kept by the hash of their content.

Knows neither platforms nor the database. `Cleaner` is the way in for whatever strangers send: it opens their files in
processes of their own. `Shelf` does the work itself, and blocks.
"""

from bot.media.cleaner import Cleaner, CleaningFailed
from bot.media.names import neutral
from bot.media.shelf import MOST_BYTES, Cleaned, Shelf
from bot.media.sort import Rejected

__all__ = ["MOST_BYTES", "Cleaned", "Cleaner", "CleaningFailed", "Rejected", "Shelf", "neutral"]
