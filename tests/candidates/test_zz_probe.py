import pytest, time
from tests.candidates.test_who_sees_what import *
from tests.candidates.test_who_sees_what import rows
from tests.conftest import *


@pytest.mark.parametrize(
    "who",
    [
        "township_official",
        "county_reviewer",
        "committee_member",
        "court",
        "health",
        "publicity",
        "discipline",
        "other_township_official",
        "administrator",
    ],
)
def test_probe(client, rows, who):
    user = getattr(rows.county, who, None) or department_user(rows.county, who)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    t = time.time()
    found = levels(client, rows)
    print("PROBE", who, round(time.time() - t, 1), {k: v for k, v in found.items() if v != "never"})
