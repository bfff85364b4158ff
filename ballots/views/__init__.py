"""Pages of elections, by subject."""
