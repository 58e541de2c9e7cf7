"""What the platforms have in common; each one's peculiarities are in its own module and nowhere else."""

from bot.platforms.base import Platform, Verdict

__all__ = ["Platform", "Verdict"]
