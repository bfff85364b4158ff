"""What a nomination must be before it is entered: in an open election, once a person, in order."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates.actions.supporters import check_supporters
from candidates.deadlines import SELF_NOMINATION, limit_of
from candidates.models import Candidacy, Person
from candidates.registry import RollSource, names_on_roll
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


def check_before_vote(election: Election) -> None:
    """Raise ValidationError once the vote is held: who stands is settled by then."""
    if election.stage in {Stage.AFTER, Stage.CLOSED}:
        raise ValidationError(_("这次选举已经投票，不能再变更候选人。"))


def check_nomination(
    election: Election,
    person: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    today: date,
    roll: RollSource = names_on_roll,
) -> None:
    """Refuse what cannot be true of a nomination in this election, all of it at once.

    It asks the database nothing but the roll, which ``roll`` may remember, and the election's seats.
    """
    errors = {
        **check_supporters(election, person["name"], values, roll=roll),
        **_post_errors(election, person, values),
        **_how_errors(election, values),
        **_late_errors(election, values),
        **_date_errors(election, person, values, today),
    }
    if errors:
        raise ValidationError(errors)


def _post_errors(election: Election, person: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, str]:
    seat = next((one for one in election.seats.all() if one.post == values["post"]), None)
    if seat is None:
        return {"post": _("这次选举没有设这个职务，请重新选择。")}
    if seat.women_only and person["sex"] != Person.Sex.FEMALE:
        return {"post": _("妇女委员只能由女性竞选，请核对性别或者竞选职务。")}
    return {}


def _how_errors(election: Election, values: Mapping[str, Any]) -> dict[str, str]:
    how, supporters = values["how"], values["supporters"]
    if values.get("supporter_names"):
        supporters = len(values["supporter_names"])
    if how not in Candidacy.How.values:
        return {"how": _("没有这种产生方式，请重新选择。")}
    if supporters is not None and supporters < 0:
        return {"supporters": _("提名人数不能是负数，请核对。")}
    if election.mode == Mode.SELF_NOMINATED and how != Candidacy.How.SELF:
        return {"how": _("这次选举采用自荐直选，产生方式只能是“自荐”。")}
    if how == Candidacy.How.JOINT and not supporters:
        return {"supporters": _("村民联名提名的，请填写提名人数，至少1人。")}
    return {}


def _late_errors(election: Election, values: Mapping[str, Any]) -> dict[str, str]:
    """Self-nominees come forward by the day the law sets (Zhejiang art. 20: ten days before)."""
    limit = limit_of(election, SELF_NOMINATION)
    if values["how"] != Candidacy.How.SELF or limit is None or values["nominated_on"] <= limit.day:
        return {}
    return {
        "nominated_on": _("自荐报名最迟%(day)s（%(article)s），这一天以后的自荐不能受理。")
        % {"day": date_format(limit.day), "article": limit.article}
    }


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
    """Raise ValidationError when the number is held by somebody else here, or stands elsewhere already."""
    if not id_number:
        return
    hashed = keyed_hash(id_number)
    same = Candidacy.objects.filter(election__term=election.term, person__id_hash=hashed)
    refuse_number_of(
        election,
        own,
        same=same.select_related("election"),
        holder=Person.objects.filter(place=election.place, id_hash=hashed).first(),
    )


def refuse_number_of(
    election: Election, own: Candidacy | None, *, same: Iterable[Candidacy], holder: Person | None
) -> None:
    """Refuse a number that ``same`` stand with this term, or that ``holder`` has in this village.

    One may stand for the Party branch and for the committee of one village, and again in the
    election that follows another; never in two villages of one term (组织法第13条).
    """
    others = [one for one in same if one != own]
    if own is not None and holder is not None and holder != own.person:
        raise ValidationError({"id_number": _("本村已有另一人登记了这个公民身份号码，请核对。")})
    if any(one.election == election for one in others):
        raise ValidationError(
            {
                "id_number": _(
                    "此人已登记为本次选举的候选人，一人只能竞选一个职务。"
                    "另有提名的，请到其页面登记提名；已退出又要参选的，请到其页面变更状态。"
                )
            }
        )
    if any(one.election.place_id != election.place_id and one.state not in _GONE for one in others):
        raise ValidationError(
            {
                "id_number": _(
                    "这个公民身份号码本届已在本县另一个村登记为候选人。"
                    "任何人不得同时参加两个村的选举（组织法第13条），请核实。"
                )
            }
        )


# Who was nominated and then did not take part; whom others had more votes than has taken part.
_GONE = (Candidacy.State.DECLINED, Candidacy.State.STRUCK_OFF)


def refuse_double(election: Election, person: Mapping[str, Any], but: Candidacy | None = None) -> None:
    """Raise ValidationError when somebody of this name and birthday stands, and no ID tells them apart."""
    same = Candidacy.objects.filter(
        election=election, person__name=person["name"], person__born=person["born"]
    )
    refuse_namesakes(person, but, same=same.select_related("person"))


def refuse_namesakes(person: Mapping[str, Any], own: Candidacy | None, *, same: Iterable[Candidacy]) -> None:
    """Refuse somebody whom no ID number tells from those of the same name and birthday."""
    others = [one for one in same if one != own]
    if person["id_number"]:
        others = [one for one in others if not one.person.id_hash]
    if others:
        raise ValidationError(
            {
                "name": _(
                    "本次选举已登记了同名、同日出生的候选人。如果是同一人，请不要重复登记；"
                    "如果确是两人，请先为双方填写公民身份号码。"
                )
            }
        )
