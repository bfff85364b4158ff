"""The kinds of documents this app prints."""
