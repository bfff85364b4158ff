"""Pages about villages, by subject."""
