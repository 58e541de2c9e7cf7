"""What is reached over HTTP: the chat page and `/health`. Knows the store, not the conversations."""
