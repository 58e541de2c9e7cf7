"""Measures what this folder's README.md says: `python -m bench [case …] [--quick]`. Asserts no time."""
