"""Tests, in the words of what the service does."""
