"""How dates and numbers are written, where an office writes them otherwise than Django does."""
