"""The queue. A message only wakes a worker; the row in the database is the truth."""

import os

from celery import Celery

from election_admin import spool  # noqa: F401 - how ``filesystem://`` is read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "election_admin.settings")

app = Celery("election_admin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
