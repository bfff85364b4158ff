"""Arithmetic an audit has to stand up to."""

from decimal import Decimal


def closing_difference(
    *, opening_balance: Decimal, income: Decimal, expenditure: Decimal, closing_balance: Decimal
) -> Decimal:
    """Return by how many yuan the closing balance is off: closing − (opening + in − out)."""
    return closing_balance - (opening_balance + income - expenditure)
