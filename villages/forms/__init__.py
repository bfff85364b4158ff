"""Forms about villages, by subject."""
