"""The rules of each subject, as plain functions. No platform, no SQL."""
