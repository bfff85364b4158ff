"""What of candidates and findings is read from Excel files, and how it is written."""
