"""What the morning's letter tells a department: how much it is asked, and by when. No person is named."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.batch_tables import due_words
from candidates.judgements import department_title
from candidates.models import Enquiry, Recheck, ReviewBatch
from election_admin.accounts.models import Role, User
from election_admin.letters import LetterPart, register_letter
from election_admin.sentences import explained

# As near as this, an answer is called due soon.
SOON_DAYS = 7


def review_part(user: User, on: date) -> LetterPart | None:
    """What the letter says of the joint review to somebody who answers for a department."""
    sent = Enquiry.objects.asked_of(user).filter(batch__state=ReviewBatch.State.SENT)
    rows: QuerySet[Any] = sent.counted()
    waiting = rows.filter(missing__gt=0).select_related("batch__place")
    enquiries = list(waiting.order_by("batch__due_on", "batch__place__code", "pk"))
    again = _again(user)
    if not enquiries and not again:
        return None
    paragraphs = []
    if enquiries:
        paragraphs.append(_("截至%s，以下联审征询还没有答复完毕。") % date_format(on))
    for code in dict.fromkeys(one.department for one in enquiries):
        own = [one for one in enquiries if one.department == code]
        paragraphs.append(f"{department_title(code)}\n{_lines(own, on)}")
    if again:
        paragraphs.append(ngettext("县里请重新核实%d人的情况。", "县里请重新核实%d人的情况。", again) % again)
    missing = sum(one.missing for one in enquiries)
    subject = _("联审答复提醒：%d人等待答复") % (missing + again)
    late = sum(one.batch.due_on < on for one in enquiries)
    soon = sum(0 <= (one.batch.due_on - on).days <= SOON_DAYS for one in enquiries)
    return LetterPart(subject, tuple(paragraphs), late, soon, reverse("candidates:inbox"))


def _again(user: User) -> int:
    """About how many people the user's departments are asked to check again."""
    asked = {(one.department, one.place.code) for one in user.held_memberships if one.role == Role.DEPARTMENT}
    rows = Recheck.objects.open().filter(department__in={code for code, _place in asked})
    found = rows.values_list("department", "candidacy", "candidacy__election__place__code")
    return len(
        {
            (department, candidacy)
            for department, candidacy, place in found
            if any(department == code and place.startswith(here) for code, here in asked)
        }
    )


def _lines(enquiries: Iterable[Any], on: date) -> str:
    return "\n".join(_line(one, on) for one in enquiries)


def _line(enquiry: Any, on: date) -> str:
    said = ngettext(
        "还有%(count)d人没有答复，答复期限%(day)s（%(left)s）",
        "还有%(count)d人没有答复，答复期限%(day)s（%(left)s）",
        enquiry.missing,
    ) % {
        "count": enquiry.missing,
        "day": date_format(enquiry.batch.due_on),
        "left": due_words(enquiry.batch.due_on, on=on),
    }
    if enquiry.reminders:
        said = ngettext("%(said)s，已催办%(count)d次", "%(said)s，已催办%(count)d次", enquiry.reminders) % {
            "said": said,
            "count": enquiry.reminders,
        }
    return f"- {explained(enquiry.batch, said)}"


register_letter([Role.DEPARTMENT], review_part, 20)
