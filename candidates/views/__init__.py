"""Pages about candidates, by subject."""
