"""What the tests of the joint review do again and again: send up, answer, sign."""

from collections.abc import Iterable
from datetime import date

from candidates.actions import batches, replies
from candidates.models import Candidacy, ReviewBatch
from election_admin.accounts.models import Membership, Role, User
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from tests.cast import NOW, County, make_user

DUE = date(2026, 12, 10)


def department_user(county: County, code: str) -> User:
    """The reviewer of a department; made when there is none yet."""
    held = Membership.objects.filter(place=county.county, role=Role.DEPARTMENT, department=code).first()
    return (
        held.user if held else make_user(f"{code}-{county.county.code}", Role.DEPARTMENT, county.county, code)
    )


def make_batch(county: County, *candidacies: Candidacy, due_on: date = DUE) -> ReviewBatch:
    """A batch that is not sent up yet."""
    return batches.open_batch(
        place=county.township, candidacies=candidacies, due_on=due_on, actor=county.township_official, at=NOW
    )


def send(county: County, *candidacies: Candidacy, due_on: date = DUE) -> ReviewBatch:
    """A batch the departments are asked about."""
    batch = make_batch(county, *candidacies, due_on=due_on)
    return batches.send_batch(batch=batch, actor=county.township_official, at=NOW)


def answer_all(county: County, *candidacies: Candidacy, but: Iterable[str] = ()) -> None:
    """Every department, save those named, says it has no record."""
    asked = load_eligibility_list(county.term.eligibility_list).departments.value
    for candidacy in candidacies:
        for code in asked:
            if code not in but:
                replies.reply(
                    candidacy=candidacy,
                    department=code,
                    answer="no_record",
                    remark="",
                    actor=department_user(county, code),
                    at=NOW,
                )


def sign(county: County, batch: ReviewBatch, opinion: str = "") -> ReviewBatch:
    """The county signs a batch that is answered in full."""
    return batches.sign_off(batch=batch, opinion=opinion, actor=county.county_reviewer, at=NOW)


def reviewed(county: County, *candidacies: Candidacy) -> ReviewBatch:
    """A batch sent up, answered by everybody with no record, and signed."""
    batch = send(county, *candidacies)
    answer_all(county, *candidacies)
    return sign(county, batch)
