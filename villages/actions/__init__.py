"""Every write to what is known of a village: one transaction, checked, journalled."""
