"""The conversations, one file each. The folder is walked: a new file is found by itself (see CONTRIBUTING.md)."""
