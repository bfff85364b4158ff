"""The notices 公告 of an election: which its set has, how they are numbered, how each stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import cn2an
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ballots.actions.steps import CONFIDENTIAL, FOLLOWED
from ballots.models import Notice, Step
from ballots.timeline import Mark
from ballots.wording import step_title
from election_admin.evidence.models import Evidence
from election_admin.rulebooks.notice_sets import Notice as NoticeLaw
from election_admin.rulebooks.notice_sets import NoticeSet, load_notice_set
from villages.models import Election, Occasion

EVIDENCE_KIND = "notice"


def notice_set_of(election: Election) -> NoticeSet:
    """The set of notices by which an election's term goes."""
    return load_notice_set(election.term.notice_set)


def laws_of(election: Election) -> Mapping[str, NoticeLaw]:
    """The notices an election has, in order.

    None for a Party branch, which is no villagers' body, nor for a recall or a by-election, which
    the set does not number.
    """
    return {} if election.of_party_branch else notice_set_of(election).for_occasion(election.occasion)


def law_of(notice: Notice) -> NoticeLaw:
    """What the set says of a notice that was made; a changed set forgets none of its codes."""
    return notice_set_of(notice.election).notices[notice.code]


def title_of(election: Election, law: NoticeLaw) -> str:
    """What a notice is about, in the reader's language."""
    return law.title_in(election.mode).in_(get_language() or "")


def numeral(number: int) -> str:
    """A number as it stands in a title: 十二; 12 in English."""
    return str(number) if _english() else str(cn2an.an2cn(number))


def number_words(law: NoticeLaw, serial: int = 1) -> str:
    """What a notice is called on screen: 第4号, a second issue 第4号之二."""
    if law.number is None:
        return _("不编号") if serial == 1 else _("不编号、第%s次") % numeral(serial)
    if serial == 1:
        return _("第%s号") % law.number
    return _("第%(number)s号之%(serial)s") % {"number": law.number, "serial": numeral(serial)}


def issuer(notice: Notice) -> str:
    """In whose name a notice goes out, with the term: 桃园村第十二届村民选举委员会."""
    election = notice.election
    values = {"village": election.place.name, "term": numeral(election.term.number)}
    if election.occasion == Occasion.GENERAL:
        return _("%(village)s第%(term)s届村民选举委员会") % values
    return _("%(village)s第%(term)s届村民选举委员会（%(occasion)s）") % {
        **values,
        "occasion": election.get_occasion_display(),
    }


def signed_by(notice: Notice) -> str:
    """Who signs and seals a notice."""
    place = notice.place
    township = place.parent.name if place.parent is not None else ""
    return {
        "election_committee": _("%s村民选举委员会"),
        "villagers_committee": _("%s村民委员会"),
        "township": _("%s人民政府"),
    }[law_of(notice).signer] % (township if law_of(notice).signer == "township" else place.name)


def document_name(notice: Notice) -> str:
    """What the file of a notice is called."""
    law = law_of(notice)
    return _("%(issuer)s公告（%(number)s）%(title)s") % {
        "issuer": issuer(notice),
        "number": number_words(law, notice.serial),
        "title": title_of(notice.election, law),
    }


def is_drafted(notice: Notice | None) -> bool:
    """Whether somebody has saved it; one printed empty to be filled in by hand is not."""
    return notice is not None and notice.recorded_at is not None


@dataclass(frozen=True)
class Issue:
    """One notice as the list shows it; ``notice`` is None while nobody has begun it."""

    serial: int
    number: str
    notice: Notice | None
    photos: int

    @property
    def mark(self) -> Mark:
        """How it stands: posted, drafted, or not begun."""
        if self.notice is not None and self.notice.posted_on is not None:
            return Mark("good", _("已张贴"))
        return Mark("warn", _("已拟")) if is_drafted(self.notice) else Mark("open", _("未拟"))


@dataclass(frozen=True)
class Line:
    """One notice of the set in one election: its step with the legal date, its issues."""

    code: str
    law: NoticeLaw
    title: str
    step: Step | None
    step_title: str
    issues: tuple[Issue, ...]

    @property
    def latest(self) -> date | None:
        """The last lawful day of the step it belongs to."""
        return self.step.latest if self.step else None

    @property
    def next_serial(self) -> int | None:
        """The serial of a further issue, once the last one is posted."""
        last = self.issues[-1]
        return last.serial + 1 if last.notice is not None and last.notice.posted_on else None


def lines_of(election: Election) -> list[Line]:
    """Every notice of an election, in order. Three queries."""
    steps = {step.code: step for step in election.steps.all()}
    made: dict[str, list[Notice]] = {}
    for notice in election.notices.order_by("serial"):
        made.setdefault(notice.code, []).append(notice)
    photos = _photos(one for notices in made.values() for one in notices)
    return [
        _line(election, code, law, steps, made.get(code, []), photos)
        for code, law in laws_of(election).items()
    ]


def _line(
    election: Election,
    code: str,
    law: NoticeLaw,
    steps: Mapping[str, Step],
    made: list[Notice],
    photos: Mapping[str, int],
) -> Line:
    step = steps.get(law.step or "")
    issues = tuple(
        Issue(one.serial, number_words(law, one.serial), one, photos.get(str(one.pk), 0)) for one in made
    )
    return Line(
        code=code,
        law=law,
        title=title_of(election, law),
        step=step,
        step_title=step_title(election, step.code) if step else "",
        issues=issues or (Issue(1, number_words(law), None, 0),),
    )


def _photos(notices: Iterable[Notice]) -> dict[str, int]:
    ids = [str(one.pk) for one in notices]
    shown: dict[str, int] = {}
    kept = Evidence.objects.filter(kind=EVIDENCE_KIND, subject_id__in=ids, withdrawn_at__isnull=True)
    for subject in kept.values_list("subject_id", flat=True):
        shown[subject] = shown.get(subject, 0) + 1
    return shown


def step_to_record(election: Election, code: str) -> Step | None:
    """The step that posting this notice does, while it is not recorded.

    None where no step belongs to it, and for one that follows the village's records.
    """
    law = laws_of(election).get(code)
    if law is None or law.step is None or law.step in CONFIDENTIAL or law.step in FOLLOWED:
        return None
    return election.steps.filter(code=law.step, done_on=None).order_by("position").first()


def completes_step(election: Election, code: str) -> bool:
    """Whether the other notices of the same step are posted: place and time, then the staff."""
    laws = laws_of(election)
    others = {one for one, law in laws.items() if law.step == laws[code].step and one != code}
    posted = election.notices.posted().filter(code__in=others).values_list("code", flat=True)
    return others <= set(posted)


def _english() -> bool:
    return (get_language() or "").startswith("en")
