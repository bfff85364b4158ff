"""The settings of the worker processes that tests of imports start; see those of documents."""

from tests.documents import worker_settings as documents

globals().update({name: value for name, value in vars(documents).items() if name.isupper()})
# A worker that makes documents too takes seconds to get ready for them.
_OTHERS = ("tests.", "election_admin.documents", "election_admin.evidence")
INSTALLED_APPS = [
    *(app for app in documents.INSTALLED_APPS if not app.startswith(_OTHERS)),
    "tests.imports.staff_app.StaffConfig",
]
ROOT_URLCONF = "tests.imports.worker_urls"
# What a dead worker held is looked for often: a test is waiting.
CELERY_BEAT_SCHEDULE = {
    "sweep-imports": {"task": "imports.sweep", "schedule": 1.0, "options": {"expires": 1}},
}
