"""What people really type: emoji, future dates, minus signs, whole essays, nothing.

Every form that any page shows to anybody is found by walking the pages, and every field of it
gets what it must not take. The answer has to be a sentence beside the field, with what was
typed still there, and nothing written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.core.validators import MinValueValidator
from django.test import Client
from django.urls import reverse

from election_admin.accounts.models import User
from election_admin.journal.models import Entry
from tests.addresses import ARGUMENTS, Rows, make_rows, routes
from tests.cast import County

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"

EMOJI = "王😀明"
CONTROL = "王\x07明"
# Forms on a page that are sent to another address than the page's own.
SENT_TO = {
    "ballots:preview_election_day": "ballots:set_election_day",
    "candidates:candidate": "candidates:look",
    "candidates:double": "candidates:tell_apart",
    "candidates:objection": "candidates:look_at_objection",
    "candidates:enquiry": "candidates:look_at_enquiry",
    "candidates:sheet": "candidates:open_sheet",
    "candidates:flag": "candidates:resolve_flag",
    "villages:rating": "villages:decide_rating",
    "villages:plan": "villages:review_plan",
}
# Filters and log-in are forms too, but nothing is written through them.
# The lines of the plan of election days are tried in tests/ballots/test_plan_days.py.
WRITES_NOTHING = {"accounts:log_in", "ballots:plan_days"}


@dataclass(frozen=True)
class Shown:
    """A form that a page shows to somebody, and where it is sent."""

    name: str
    user: User
    address: str
    form: forms.BaseForm


def _forms_shown(client: Client, rows: Rows) -> Iterator[Shown]:
    for user in rows.county.everyone().values():
        client.force_login(user, backend=BACKEND)
        for name, pattern in routes():
            if name in WRITES_NOTHING or (pattern.pattern.regex.groups and name not in ARGUMENTS):
                continue
            kwargs = ARGUMENTS[name](rows) if name in ARGUMENTS else {}
            response = client.get(reverse(name, kwargs=kwargs))
            form = response.context.get("form") if response.context else None
            if response.status_code == 200 and isinstance(form, forms.BaseForm):
                sent_to = SENT_TO.get(name, name)
                kwargs = ARGUMENTS[sent_to](rows) if sent_to in ARGUMENTS else {}
                if client.post(reverse(sent_to, kwargs=kwargs)).status_code != 403:
                    yield Shown(name, user, reverse(sent_to, kwargs=kwargs), form)


def bad_values(field: forms.Field) -> Iterator[str]:
    """What this field must refuse."""
    if isinstance(field, forms.DateField):
        yield from ("2026-02-30", "明天", "0001-01-01", "2200-01-01", "9999-12-31", "99999-01-01", "20261301")
    elif isinstance(field, forms.BooleanField):
        return
    elif isinstance(field, forms.ChoiceField):
        yield from ("没有这一项", "-1")
    elif isinstance(field, forms.IntegerField | forms.DecimalField):
        yield from ("很多", "9" * 40, "1e999", "NaN")
        # A balance may be below zero; a count of people may not.
        if field.min_value is not None or any(isinstance(one, MinValueValidator) for one in field.validators):
            yield "-1"
    elif isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
        yield from (EMOJI, CONTROL)
        if field.max_length:
            yield "长" * (field.max_length + 1)


def _filled(form: forms.BaseForm) -> dict[str, Any]:
    return {
        name: value
        for name in form.fields
        if (value := form[name].value()) not in (None, False, "") and not isinstance(value, list)
    }


@pytest.fixture
def rows(county: County) -> Rows:
    """One county's rows, on whose pages the forms stand."""
    return make_rows(county)


def test_every_field_refuses_what_it_must_and_keeps_what_was_typed(client: Client, rows: Rows) -> None:
    """A slip of the hand costs nobody what they typed, and never ends in an error page."""
    tried, written = 0, None
    for shown in list(_forms_shown(client, rows)):
        client.force_login(shown.user, backend=BACKEND)
        written = Entry.objects.count()
        for name, field in shown.form.fields.items():
            for bad in bad_values(field):
                response = client.post(shown.address, {**_filled(shown.form), name: bad})
                where = (shown.name, name, bad[:20])
                assert response.status_code == 200, where
                form = response.context["form"]
                assert name in form.errors, where
                assert all(str(sentence).strip() for sentence in form.errors[name]), where
                # Of a choice of several, what was chosen is a list.
                assert form[name].value() in (bad, [bad]), where
                tried += 1
        assert Entry.objects.count() == written, shown.name
    assert tried > 150


def test_empty_forms_name_what_is_missing(client: Client, rows: Rows) -> None:
    """Nothing filled in: each field that is needed says so; nothing is saved by accident."""
    for shown in list(_forms_shown(client, rows)):
        required = [name for name, field in shown.form.fields.items() if field.required]
        if not required:
            continue
        client.force_login(shown.user, backend=BACKEND)
        response = client.post(shown.address, {"save": "1"})
        assert response.status_code == 200, shown.name
        assert set(required) <= response.context["form"].errors.keys(), shown.name


@pytest.mark.parametrize(
    ("page", "prefix", "row", "field"),
    [
        (
            "villages:write_plan",
            "measures",
            {"risk_point": EMOJI, "measure": "谈", "owner": "张", "due_on": "2026-12-05"},
            "risk_point",
        ),
        (
            "villages:write_plan",
            "measures",
            {"risk_point": "宗族", "measure": "谈", "owner": "张", "due_on": "下周"},
            "due_on",
        ),
        ("villages:write_plan", "measures", {"risk_point": "宗族"}, "measure"),
        (
            "villages:edit_audit",
            "findings",
            {"subject": "income", "description": "白条入账", "amount": "-3"},
            "amount",
        ),
        ("villages:edit_audit", "findings", {"subject": "不明", "description": "白条入账"}, "subject"),
        ("villages:edit_audit", "findings", {"subject": "income", "description": "长" * 501}, "description"),
    ],
)
def test_rows_of_a_table_say_which_row(
    client: Client, rows: Rows, page: str, prefix: str, row: dict[str, str], field: str
) -> None:
    """The wrong row of a table is marked, the rows around it keep what they hold."""
    client.force_login(rows.county.township_official, backend=BACKEND)
    address = reverse(page, kwargs=ARGUMENTS[page](rows))
    form = client.get(address).context["form"]
    posted = {
        **_filled(form),
        f"{prefix}-TOTAL_FORMS": "1",
        f"{prefix}-INITIAL_FORMS": "0",
        **{f"{prefix}-0-{name}": value for name, value in row.items()},
    }
    response = client.post(address, posted)
    assert response.status_code == 200
    formset = response.context["rows"]
    assert field in formset.errors[0]
    assert formset.forms[0][field].value() == row.get(field, None if field not in row else "")


@pytest.mark.parametrize("page", ["villages:write_plan", "villages:edit_audit"])
def test_a_table_without_its_count_is_no_crash(client: Client, rows: Rows, page: str) -> None:
    """A form cut off on its way is refused, not an error page."""
    client.force_login(rows.county.township_official, backend=BACKEND)
    response = client.post(reverse(page, kwargs=ARGUMENTS[page](rows)), {"situation": "x"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "number", ["0", "-1", "9" * 30, "abc", "1%20OR%201=1", "%00", "33060410120%00", "33060410120１"]
)
def test_numbers_that_are_none(client: Client, county: County, number: str) -> None:
    """A mangled address is not found; it is never an error."""
    for user in (county.township_official, county.county_reviewer):
        client.force_login(user, backend=BACKEND)
        for address in (
            f"/villages/plans/{number}/",
            f"/villages/{number}/",
            f"/documents/{number}/",
            f"/imports/{number}/",
            f"/candidates/candidate/{number}/",
            f"/elections/{number}/",
        ):
            assert client.get(address).status_code == 404, address
