"""The election office of a township."""

from election_admin.celery import app as celery_app

__all__ = ["celery_app"]
