"""Changing the list of conditions by which a term's candidates are judged."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids
from villages.models import Term
from villages.signals import eligibility_list_changed

REASON_LENGTH = 500
_RECORDED = ("eligibility_list",)


@transaction.atomic
def change_eligibility_list(
    *, term: Term, eligibility_list: str, reason: str, actor: User, at: datetime
) -> Term:
    """Put another eligibility list in the place of the term's: everybody is judged by it anew.

    The county decides, and says on which document. What was found under situations that the new
    list lacks stays on record; it counts no more. Whoever judges hears of it in the same
    transaction. Raises ValidationError for a term that is over, for a list that is unknown or the
    same, and without a reason.
    """
    take_turn(term.county)
    term = Term.objects.select_related("county").get(pk=term.pk)
    require(actor, "villages.change_eligibility_list", term)
    term.require_current()
    if eligibility_list not in eligibility_list_ids():
        raise ValidationError({"eligibility_list": _("没有这个清单，请从列出的清单中选择。")})
    if eligibility_list == term.eligibility_list:
        raise ValidationError({"eligibility_list": _("本届现在用的就是这个清单，请另选一个。")})
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请写明更换的依据，如文件名称和文号。")})
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": _("最多%d个字，请删减。") % REASON_LENGTH})
    before = snapshot(term, _RECORDED)
    was, term.eligibility_list = term.eligibility_list, eligibility_list
    term.save(update_fields=["eligibility_list"])
    append(
        verb="villages.change_eligibility_list",
        row=term,
        actor=actor,
        place=term.county,
        at=at,
        before=before,
        after=snapshot(term, _RECORDED),
        reason=reason,
    )
    eligibility_list_changed.send(Term, term=term, before=was, actor=actor, at=at)
    return term
