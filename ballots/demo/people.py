"""Invented candidates: names, ID numbers that nobody holds, findings, replies of departments."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from stdnum.cn import ric

from ballots.demo.chance import dice
from ballots.demo.county import Village
from ballots.demo.findings import KINDS, FindingStory, record_departments
from ballots.demo.plots import Plot, seats_of
from ballots.demo.profiles import SURNAMES
from election_admin.rulebooks.departments import load_departments

RARE_SURNAMES = ("欧阳", "诸葛", "上官", "司马", "亓", "仉", "逄", "闫")
HUI_SURNAMES = ("马", "哈", "丁", "白", "沙")
MALE = (
    "建国", "志强", "永明", "国庆", "柏林", "伟", "杰", "海江", "水根", "炳泉", "立新", "晓东", "翀", "赟",
    "昇", "鑫", "彧", "嘉玥", "瀚", "钧", "来法", "关林", "土根", "军", "浩然", "喆", "堃", "世祥", "百灿",
    "宇航",
)  # fmt: skip
FEMALE = (
    "秀英", "亚娟", "月仙", "丽萍", "红", "瑀", "珺", "玥", "雅琴", "阿芬", "彩娟", "晓燕", "慧", "婷婷",
    "玲", "钰雯", "梦瑶", "翠花", "苗苗", "锦绣", "静怡", "美珍", "嬿", "妤", "佳琪",
)  # fmt: skip
EDUCATION = ("小学", "初中", "高中", "中专", "大专", "本科")
# The county's code changed with its rank; a number carries the code of the time.
_COUNTY_CODES = ((1983, "332322"), (1992, "330622"), (9999, "330682"))
# These endings are kept for people of a hundred years: no candidate holds one.
_SEQUENCES = {"male": ("997", "999"), "female": ("996", "998")}
_BAD_SHARE, _OVER_SHARE, _WITHDREW_SHARE = 0.16, 0.06, 0.05
# No finding: the person thinks better of it once the final list is out.
_WITHDREW = "withdrew"
# No finding either: nominated for two posts, and never said which of them it is.
_UNDECIDED, _UNDECIDED_SHARE = "undecided", 0.08
_FOUND_NOTHING = frozenset({"", _WITHDREW, _UNDECIDED})


@dataclass(frozen=True, kw_only=True)
class CandidateStory:
    """One candidate: the person, the candidacy, what is found, who has replied.

    ``other_post`` is a second post they were nominated for; ``names`` are those who signed.
    """

    person: dict[str, Any]
    values: dict[str, Any]
    state: str
    standing: dict[str, bool | None]
    findings: list[FindingStory] = field(default_factory=list)
    # Department to its answer and remark.
    replies: dict[str, tuple[str, str]] = field(default_factory=dict)
    replied_on: date | None = None
    votes: int | None = None
    names: tuple[str, ...] = ()
    other_post: str = ""
    chosen_on: date | None = None
    declined_on: date | None = None


def candidates_of(
    village: Village, plot: Plot, profile: dict[str, Any], done: dict[str, date], *, today: date
) -> list[CandidateStory]:
    """The village's candidates, none before nominations are done."""
    vote = plot.election_day(today)
    if vote is None or "nominations_done" not in done:
        return []
    chance = dice(village.code, "people")
    told: list[CandidateStory] = []
    for post, seats in seats_of(village.code).items():
        for place, kind in enumerate(_kinds(post, seats, plot, chance)):
            person = _person(post, plot, profile, chance, [each.person for each in told], vote)
            supporters = max(12, profile["voters"] // (6 + 3 * place) - chance.randint(0, 40))
            told.append(_candidate(person, post, kind, supporters, plot, done, vote, chance, today))
    return _with_replies(village, plot, told, done, chance, today)


def _kinds(post: str, seats: int, plot: Plot, chance: Random) -> list[str]:
    """What is found about each nominee of a post: one more than its seats can stand, the rest falls."""
    kinds = [
        chance.choice(KINDS["harmless"]) if chance.random() < _OVER_SHARE else "" for _ in range(seats + 1)
    ]
    if plot.special == "findings":
        # In one village a finding of every kind, so that each can be seen.
        by_post = {
            "chair": ("penalty_running", "penalty_over", "sanction_over"),
            "vice_chair": ("probation", "illegal_building", "cleared"),
            "women": ("family_planning_running", "", "absent"),
            "member": ("gang_running", "gang_alleged", "barred_until", "withdrawn", "penalty_eve"),
        }
        return list(by_post[post])
    if plot.special == "clans" and post == "chair":
        return ["", "penalty_eve", "gang_alleged"]
    if chance.random() < _BAD_SHARE:
        kinds.append(chance.choice(KINDS["barring"]))
    elif chance.random() < _WITHDREW_SHARE:
        kinds.append(_WITHDREW)
    # Dice of their own, so that nobody else's story moves.
    hesitates = dice(plot, seats, "undecided").random() < _UNDECIDED_SHARE
    if hesitates and post == "member" and plot.mode == "nominated" and not plot.special:
        kinds.append(_UNDECIDED)
    return kinds


def _person(
    post: str,
    plot: Plot,
    profile: dict[str, Any],
    chance: Random,
    others: list[dict[str, Any]],
    vote: date,
) -> dict[str, Any]:
    sex = "female" if post == "women" or chance.random() < 0.22 else "male"
    hui = plot.special == "two_peoples" and chance.random() < 0.4
    taken = {each["name"] for each in others} | {each["id_number"] for each in others}
    while True:
        name = invented_name(sex, profile, chance, hui=hui)
        # Between 23 and 64 on the day of the vote.
        born = vote - timedelta(days=chance.randint(23 * 366, 64 * 365))
        id_number = _id_number(born, sex, chance)
        if not {name, id_number} & taken:
            break
    return {
        "name": name,
        "sex": sex,
        "born": born,
        "id_number": id_number,
        "ethnicity": "回族" if hui else "汉族",
        "education": chance.choice(EDUCATION[1:] if born.year > 1975 else EDUCATION[:4]),
        "party_member": chance.random() < 0.55,
    }


def invented_name(sex: str, profile: dict[str, Any], chance: Random, *, hui: bool) -> str:
    """A name as common in the village as its surnames are."""
    roll = chance.random()
    if hui:
        surname = chance.choice(HUI_SURNAMES)
    elif roll < profile["largest_clan_share"] / 100:
        surname = profile["largest_clan"]
    else:
        surname = chance.choice(RARE_SURNAMES if roll > 0.95 else SURNAMES)
    return str(surname) + chance.choice(FEMALE if sex == "female" else MALE)


def sex_of(name: str) -> str:
    """The sex whose given names this one ends in."""
    return "female" if name.endswith(FEMALE) and not name.endswith(MALE) else "male"


def _id_number(born: date, sex: str, chance: Random) -> str:
    county = next(code for before, code in _COUNTY_CODES if born.year < before)
    number = f"{county}{born:%Y%m%d}{chance.choice(_SEQUENCES[sex])}"
    # The library leaves out the last character, which is the check digit's own.
    return number + ric.calc_check_digit(number + "0")


def namesake(person: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The person under the name and birthday of another, with a number of their own."""
    born, number = other["born"], other["id_number"]
    order = next(one for one in _SEQUENCES[person["sex"]] if one != number[14:17])
    own = f"{number[:14]}{order}"
    return {
        **person,
        "name": other["name"],
        "born": born,
        "id_number": own + ric.calc_check_digit(own + "0"),
    }


def _candidate(
    person: dict[str, Any],
    post: str,
    kind: str,
    supporters: int,
    plot: Plot,
    done: dict[str, date],
    vote: date,
    chance: Random,
    today: date,
) -> CandidateStory:
    found = kind not in _FOUND_NOTHING
    undecided = kind == _UNDECIDED
    how = "self" if plot.mode == "self_nominated" else chance.choice(("joint", "joint", "party"))
    if undecided:
        how = "joint"
    return CandidateStory(
        person=person,
        values={
            "post": post,
            "how": how,
            "nominated_on": done["nominations_done"] - timedelta(days=chance.randint(0, 1)),
            "supporters": supporters if how == "joint" else None,
        },
        state=_state(done, kind),
        # Whoever is not yet looked up in the roll is not yet known to be on it.
        standing={
            "registered_voter": True if "township_check_done" in done or chance.random() < 0.7 else None,
            "deprived_of_political_rights": False,
        },
        findings=FindingStory.all_of(kind, person, vote=vote, today=today, chance=chance) if found else [],
        other_post="chair" if undecided else "",
        declined_on=_declined_on(done) if kind == _WITHDREW else None,
    )


def _state(done: dict[str, date], kind: str) -> str:
    if "final_list_published" in done:
        if kind in KINDS["barring"]:
            return "struck_off"
        if kind == _UNDECIDED:
            return "not_listed"
        return "declined" if kind == _WITHDREW and "withdrawals_closed" in done else "final"
    if kind == _UNDECIDED:
        return "preliminary"
    return "in_review" if "township_check_done" in done else "preliminary"


def _declined_on(done: dict[str, date]) -> date | None:
    """The day of the written statement: after the final list, before withdrawals are closed."""
    if not {"final_list_published", "withdrawals_closed"} <= done.keys():
        return None
    listed_on = done["final_list_published"]
    return max(listed_on, min(listed_on + timedelta(days=1), done["withdrawals_closed"]))


def _with_replies(
    village: Village,
    plot: Plot,
    told: list[CandidateStory],
    done: dict[str, date],
    chance: Random,
    today: date,
) -> list[CandidateStory]:
    """Let the departments answer: all of them once the review is done, some of them during it."""
    checked_on = done.get("township_check_done")
    if checked_on is None:
        return told
    silent = _silent(plot, done, chance)
    for candidate in told:
        if candidate.other_post:
            continue  # whoever has not chosen a post is not sent up
        with_record = record_departments(candidate.findings)
        for department in load_departments():
            code = department.code
            if code in silent or (silent and chance.random() < 0.03):
                continue
            remark = with_record.get(code, "")
            candidate.replies[code] = ("record", remark) if remark else ("no_record", "")
    if plot.special == "findings":
        _contradict(told)
    replied_on = min(done.get("joint_review_done", today), checked_on + timedelta(days=3), today)
    return [replace(each, replied_on=replied_on) for each in told]


def _contradict(told: list[CandidateStory]) -> None:
    """One department holds a record that another, which answers for the same, does not."""
    disputed = next(each for each in told if "political_legal" in record_departments(each.findings))
    disputed.replies["public_security"] = ("record", record_departments(disputed.findings)["public_security"])
    disputed.replies["political_legal"] = ("no_record", "")
    disputed.replies.pop("discipline", None)


def _silent(plot: Plot, done: dict[str, date], chance: Random) -> set[str]:
    codes = [department.code for department in load_departments()]
    if "joint_review_done" in done:
        return set()
    if plot.special == "findings":
        return {"court", "health"}
    pace = plot.pace if plot.pace is not None else chance.choice((0.0, 0.4, 0.7, 0.9))
    return {code for code in codes if chance.random() >= pace} or {"court"}
