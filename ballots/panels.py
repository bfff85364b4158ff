"""What this app puts on a village's page."""
