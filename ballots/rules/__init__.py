"""What the law makes of dates and counts: values in, values out."""
