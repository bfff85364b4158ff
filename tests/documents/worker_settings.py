"""The settings of the worker processes that tests start.

The office's own, without the apps that documents does not need to know, with the specimen
kind instead, and with a queue of its own where the broker is shared.
"""

import os

from election_admin import settings as office

globals().update({name: value for name, value in vars(office).items() if name.isupper()})
_OTHERS = {"ballots", "candidates", "villages"}
INSTALLED_APPS = [
    *(app for app in office.INSTALLED_APPS if app not in _OTHERS),
    "tests.documents.specimen_app.SpecimenConfig",
]
CELERY_TASK_DEFAULT_QUEUE = os.environ.get("TEST_QUEUE", "celery")
# Tables straight from the models: migrations have tests of their own.
MIGRATION_MODULES = dict.fromkeys(("accounts", "documents", "evidence", "imports", "journal", "places"))
ROOT_URLCONF = "tests.documents.worker_urls"
