"""A county's own editions of a rulebook: adopted by document, followed by what has not begun."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.places.models import Level, Place
from election_admin.rulebooks.procedures import Procedure, Rank, load_procedure
from election_admin.rulebooks.revisions import (
    Change,
    Setting,
    Unsoundness,
    UnsoundRevision,
    revised,
    settings_of,
)
from villages.law_words import dated
from villages.models import Election, RulebookEdition, Term
from villages.procedures import changes_of, last_edition, not_begun
from villages.rules.editions import Refusal, Standing, refusal, stricter
from villages.signals import edition_moved

UNSOUND: Mapping[Unsoundness, Promise] = {
    "no_number": _lazy("选举办法里没有这个数，请重新选择。"),
    "not_what_stands_there": _lazy("这个数刚刚改过，请刷新页面再填。"),
    "out_of_bounds": _lazy("这个数超出了选举办法允许的范围，请检查后重新填写。"),
    "least_above_most": _lazy("这样改以后，最少的人数多于最多的人数，请检查后重新填写。"),
    "share_above_one": _lazy("这样改以后，比例大于一，请检查后重新填写。"),
    "earliest_after_latest": _lazy("这样改以后，这一步的最早日期晚于最迟日期，无法办理，请检查后重新填写。"),
    "open_beyond_latest": _lazy("这样改以后，最迟日期到了，应给足的期限还没有满，请检查后重新填写。"),
}
LOOSER: Mapping[str, Promise] = {
    "arrangement": _lazy("县里的文件不能放宽法律、省级法规的规定"),
    "local_rule": _lazy("省级法规不能放宽法律的规定"),
}
LOOSER_DAYS: Mapping[str, Promise] = {
    "arrangement": _lazy("县里的文件不能放宽法律、省级法规规定的期限"),
    "local_rule": _lazy("省级法规不能放宽法律规定的期限"),
}
FIXED: Mapping[str, Promise] = {
    "arrangement": _lazy("法律、省级法规规定的这个数，县里的文件不能改动"),
    "local_rule": _lazy("法律规定的这个数，省级法规不能改动"),
}
LIMITS: Mapping[str, Promise] = {"lower": _lazy("不超过%d"), "higher": _lazy("不少于%d")}


@transaction.atomic
def adopt_edition(
    *,
    county: Place,
    rulebook: str,
    path: str,
    new: int,
    document: str,
    article: str,
    rank: Rank,
    in_force_from: date,
    remark: str,
    actor: User,
    at: datetime,
) -> RulebookEdition:
    """Adopt a county's next edition of a rulebook: its last one with one more number changed.

    ``path`` leads to the number, see ``Change``; ``document``, ``article`` and ``rank`` say what
    changes it. Elections of the county that have not begun go by the newest edition in force at
    once; those begun keep theirs. Raises UnknownRulebook, and ValidationError where the number is
    none or the same, the outcome contradicts itself, the document may not loosen what a higher
    one sets, or the day comes before that of the edition before.
    """
    take_turn(county)
    require(actor, "villages.adopt_edition", county)
    if county.level != Level.COUNTY:
        raise ValidationError(_("选举办法的版本由县（市、区）采用，请选择一个县（市、区）。"))
    law, last = load_procedure(rulebook), last_edition(county, rulebook)
    before = changes_of(last)
    settings = settings_of(law, before, path)
    if not settings:
        raise ValidationError({"path": UNSOUND["no_number"]})
    change = Change(
        path=path,
        old=settings[-1].value,
        new=new,
        document=document.strip(),
        article=article.strip(),
        rank=rank,
        remark=remark.strip(),
    )
    _check(law, settings, before, change)
    if last is not None and in_force_from < last.in_force_from:
        sentence = _("施行日期不能早于上一版（第%(number)d版）的施行日期%(day)s。")
        values = {"number": last.number, "day": date_format(last.in_force_from)}
        raise ValidationError({"in_force_from": sentence % values})
    edition = RulebookEdition.objects.create(
        county=county,
        rulebook=rulebook,
        number=last.number + 1 if last else 1,
        changes=[asdict(one) for one in (*before, change)],
        in_force_from=in_force_from,
        adopted_by=actor,
        adopted_at=at,
    )
    moved = _move(county, on=timezone.localdate(at), actor=actor, at=at)
    append(
        verb="villages.adopt_edition",
        row=edition,
        actor=actor,
        place=county,
        at=at,
        before={"number": last.number} if last else None,
        after={**snapshot(edition, RulebookEdition.recorded_fields), "elections": len(moved)},
        reason=change.remark,
    )
    return edition


def follow_editions(*, on: date, at: datetime) -> int:
    """Have every election that has not begun follow its county's newest edition in force on a day.

    For the morning's run: it acts for no user, county by county, and changes nothing the second
    time. Returns how many elections went over to another edition.
    """
    counties = Place.objects.filter(rulebook_editions__isnull=False).distinct()
    return sum(_follow(county, on=on, at=at) for county in counties)


@transaction.atomic
def _follow(county: Place, *, on: date, at: datetime) -> int:
    take_turn(county)
    moved = _move(county, on=on, actor=None, at=at)
    if moved and moved[0].edition is not None:
        append(
            verb="villages.follow_edition",
            row=moved[0].edition,
            actor=None,
            place=county,
            at=at,
            after={"number": moved[0].edition.number, "elections": len(moved)},
        )
    return len(moved)


def _move(county: Place, *, on: date, actor: User | None, at: datetime) -> list[Election]:
    """Have the current term's elections that have not begun go by the newest edition in force."""
    term = Term.objects.held_in(county)
    if term is None:
        return []
    edition = RulebookEdition.objects.in_force(county=county, rulebook=term.procedure, on=on)
    if edition is None:
        return []
    elections = list(not_begun(Election.objects.with_place().filter(term=term).exclude(edition=edition)))
    for election in elections:
        election.edition = edition
    Election.objects.filter(pk__in=[election.pk for election in elections]).update(edition=edition)
    if elections:
        edition_moved.send(RulebookEdition, edition=edition, elections=elections, actor=actor, at=at)
    return elections


def _check(law: Procedure, settings: Sequence[Setting], before: Sequence[Change], change: Change) -> None:
    """Raise ValidationError where the change cannot be made, or may not be made by that document."""
    missing = {
        name: _("请写明是哪份文件的哪一条。") for name in ("document", "article") if not getattr(change, name)
    }
    if missing:
        raise ValidationError(missing)
    if change.new == change.old:
        raise ValidationError({"new": _("新的数与现在的相同，不用改。请填写文件改定的数。")})
    language = get_language() or ""
    standing = [Standing(one.value, one.rank, one.cited.in_(language)) for one in settings]
    refused = refusal(path=change.path, settings=standing, new=change.new, rank=change.rank)
    if refused is not None:
        raise ValidationError({"new": _refused(law, change, refused)})
    try:
        revised(law, [*before, change])
    except UnsoundRevision as error:
        raise ValidationError({"new": UNSOUND[error.code]}) from error


def _refused(law: Procedure, change: Change, refused: Refusal) -> str:
    """Why the document may not change the number so, and what to do."""
    day, towards = dated(law, change.path), stricter(change.path)
    values = {"source": refused.by.cited, "rule": day.in_words(refused.by.value) if day else ""}
    if towards is None:
        lead = FIXED[change.rank]
        rule = _("%(source)s规定%(rule)s") % values if day else refused.by.cited
    else:
        lead = (LOOSER_DAYS if day else LOOSER)[change.rank]
        values["rule"] = values["rule"] or str(LIMITS[towards]) % refused.by.value
        rule = _("%(source)s规定%(rule)s") % values
    sentence = _("%(lead)s：%(rule)s。如果规定本身已经修改，请填写修改它的文件，并如实选择文件级别。")
    return sentence % {"lead": lead, "rule": rule}
