"""Labelled questions, and how well they are answered: `python -m tests.questions`."""
