"""What is done for evidence from time to time."""

from celery import shared_task

from election_admin.evidence import files


@shared_task(name="evidence.sweep")
def sweep() -> None:
    """Clear away uploads that came to nothing."""
    files.sweep()
