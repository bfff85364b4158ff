"""What a nomination must be before it is entered: in an open election, once a person, in order."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from candidates.models import Candidacy, Person
from election_admin.encryption import keyed_hash
from villages.models import Election, Mode, Stage


def check_open(election: Election) -> None:
    """Raise ValidationError unless candidates can be entered: of this term, with a day and seats."""
    if not election.term.current:
        raise ValidationError(_("这是往届选举，只能查看，不能再登记或更正候选人。"))
    if election.stage in {Stage.AFTER, Stage.CLOSED}:
        raise ValidationError(_("这次选举已经投票，不能再登记或更正候选人。"))
    if election.election_day is None or not election.seats.exists():
        raise ValidationError(
            _("这次选举还没有设定选举日和职位名额，不能登记候选人。请先在村页面设定选举日和各职位名额。")
        )


def check_nomination(
    election: Election, person: Mapping[str, Any], values: Mapping[str, Any], *, today: date
) -> None:
    """Refuse what cannot be true of a nomination in this election, all of it at once."""
    errors = {
        **_post_errors(election, person, values),
        **_how_errors(election, values),
        **_date_errors(election, person, values, today),
    }
    if errors:
        raise ValidationError(errors)


def _post_errors(election: Election, person: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, str]:
    seat = election.seats.filter(post=values["post"]).first()
    if seat is None:
        return {"post": _("这次选举没有设这个职务，请重新选择。")}
    if seat.women_only and person["sex"] != Person.Sex.FEMALE:
        return {"post": _("妇女委员只能由女性竞选，请核对性别或者竞选职务。")}
    return {}


def _how_errors(election: Election, values: Mapping[str, Any]) -> dict[str, str]:
    how, supporters = values["how"], values["supporters"]
    if how not in Candidacy.How.values:
        return {"how": _("没有这种产生方式，请重新选择。")}
    if supporters is not None and supporters < 0:
        return {"supporters": _("提名人数不能是负数，请核对。")}
    if election.mode == Mode.SELF_NOMINATED and how != Candidacy.How.SELF:
        return {"how": _("这次选举采用自荐直选，产生方式只能是“自荐”。")}
    if how == Candidacy.How.JOINT and not supporters:
        return {"supporters": _("村民联名提名的，请填写提名人数，至少1人。")}
    return {}


def _date_errors(
    election: Election, person: Mapping[str, Any], values: Mapping[str, Any], today: date
) -> dict[str, str]:
    born, nominated_on = person["born"], values["nominated_on"]
    errors: dict[str, str] = {}
    if nominated_on < born:
        errors["nominated_on"] = _("提名日期早于出生日期，请核对。")
    elif election.election_day is not None and nominated_on >= election.election_day:
        errors["nominated_on"] = _("提名日期应早于选举日，请核对。")
    for name, day in (("born", born), ("nominated_on", nominated_on)):
        if day > today:
            errors[name] = _("日期还没有到，请填写今天或以前的日期。")
    return errors


def refuse_taken_number(election: Election, own: Candidacy | None, id_number: str) -> None:
    """Raise ValidationError when the number stands in this term already (组织法第13条: one village)."""
    if not id_number:
        return
    hashed = keyed_hash(id_number)
    same = Candidacy.objects.filter(election__term=election.term, person__id_hash=hashed)
    if own is not None:
        same = same.exclude(pk=own.pk)
        if Person.objects.filter(place=election.place, id_hash=hashed).exclude(pk=own.person_id).exists():
            raise ValidationError({"id_number": _("本村已有另一人登记了这个公民身份号码，请核对。")})
    if same.filter(election=election).exists():
        raise ValidationError(
            {
                "id_number": _(
                    "此人已登记为本次选举的候选人，一人只能竞选一个职务。已退出又要参选的，请到其页面变更状态。"
                )
            }
        )
    if same.standing().exists():
        raise ValidationError(
            {
                "id_number": _(
                    "这个公民身份号码本届已在本县另一个村登记为候选人。"
                    "任何人不得同时参加两个村的选举（组织法第13条），请核实。"
                )
            }
        )


def refuse_double(election: Election, person: Mapping[str, Any], but: Candidacy | None = None) -> None:
    """Raise ValidationError when somebody of this name and birthday stands, and no ID tells them apart."""
    same = Candidacy.objects.filter(
        election=election, person__name=person["name"], person__born=person["born"]
    )
    if but is not None:
        same = same.exclude(pk=but.pk)
    if person["id_number"]:
        same = same.filter(person__id_hash="")
    if same.exists():
        raise ValidationError(
            {
                "name": _(
                    "本次选举已登记了同名、同日出生的候选人。如果是同一人，请不要重复登记；"
                    "如果确是两人，请先为双方填写公民身份号码。"
                )
            }
        )
