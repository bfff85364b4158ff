"""The part each village plays: how hard it is, when it votes, what went wrong there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ballots.demo.chance import dice

FIRST_DAY, LAST_DAY = -12, 45
"""Election days lie from so many days before today to so many after it."""

# Shares of the bands, in a hundred villages; the rest is not rated yet.
BAND_SHARES = {"settled": 55, "ordinary": 28, "key": 12, "difficult": 4}
WITHOUT_DAY = 11
LATE_STEPS = (
    ("voter_list_published", -19),
    ("final_list_published", -4),
    ("place_time_tellers_published", -4),
    ("proxies_closed", -2),
    ("result_filed", 6),
    ("handover_done", 11),
)


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One village's part.

    ``lag`` is by how many days the recording of steps lies behind; ``late`` a step done on that
    day counted from the vote, after its last lawful one. ``stops_before`` is the step with
    which recording stops, whatever the plan; ``pace`` how much of the departments has replied.
    """

    band: str
    days_to_vote: int | None
    mode: str = "nominated"
    lag: int = 0
    late: tuple[str, int] | None = None
    stops_before: str = ""
    decision: str = "waiting"  # or confirmed, up, down
    plan: str = ""  # draft, submitted, returned, approved
    floor: bool = False
    pace: float | None = None
    special: str = ""

    def election_day(self, today: date) -> date | None:
        """The day of the vote, None while the township has not set it."""
        return None if self.days_to_vote is None else today + timedelta(days=self.days_to_vote)


# Where the demo's own township stands: a bit of everything, chosen by hand.
SHOWCASE = {
    # 长塘村: two clans, a plan approved in its second version, candidates before the departments.
    "330604101200": Plot(
        band="difficult", days_to_vote=9, floor=True, decision="confirmed", plan="approved",
        stops_before="joint_review_done", pace=0.6, special="clans",
    ),
    # 桃园村: the roll is written and waits to be published; what comes after it must wait.
    "330604101203": Plot(
        band="ordinary", days_to_vote=22, decision="confirmed", stops_before="voter_list_published",
        special="register",
    ),
    # 何家溇村: a key village whose plan came back, and whose steps are overdue.
    "330604101205": Plot(
        band="key", days_to_vote=9, plan="returned", late=("voter_list_published", -18),
        stops_before="objections_decided", special="overdue",
    ),
    # 湖田村: half surveyed, no election day.
    "330604101208": Plot(band="unrated", days_to_vote=None),
    # 罗村: Hui and Han; nominations are called for and come next.
    "330604101211": Plot(
        band="key", days_to_vote=16, floor=True, decision="confirmed", plan="approved",
        stops_before="nominations_done", special="two_peoples",
    ),
    # 广陵村: self-nominees, every finding there is; all departments but two have replied.
    "330604101215": Plot(
        band="ordinary", days_to_vote=8, mode="self_nominated", decision="down",
        stops_before="joint_review_done", special="findings",
    ),
    # 会篁村: votes today, the boxes are sealed.
    "330604101216": Plot(
        band="settled", days_to_vote=0, decision="confirmed", stops_before="vote_held", special="today"
    ),
    # 谢憩村: has voted; the handover comes next.
    "330604101217": Plot(
        band="settled", days_to_vote=-5, decision="confirmed", stops_before="handover_done"
    ),
}  # fmt: skip


def plots_for(codes: Sequence[str]) -> dict[str, Plot]:
    """Give every village its part. The shares of bands and days are exact, who gets which is chance."""
    others = [code for code in codes if code not in SHOWCASE]
    bands = _bands(len(others))
    days = _days(len(others))
    dice("bands").shuffle(bands)
    dice("days").shuffle(days)
    plots = {
        code: _plot(code, band, None if band == "unrated" else day)
        for code, band, day in zip(others, bands, days, strict=True)
    }
    return {code: SHOWCASE.get(code) or plots[code] for code in codes}


def _bands(number: int) -> list[str]:
    bands = [band for band, share in BAND_SHARES.items() for _ in range(round(number * share / 100))]
    return (bands + ["unrated"] * number)[:number]


def _days(number: int) -> list[int | None]:
    span = LAST_DAY - FIRST_DAY + 1
    spread: list[int | None] = [
        FIRST_DAY + index * span // (number - WITHOUT_DAY) for index in range(number - WITHOUT_DAY)
    ]
    return [*spread, *([None] * WITHOUT_DAY)]


def _plot(code: str, band: str, day: int | None) -> Plot:
    chance = dice(code, "plot")
    lag = 0
    if day is not None and (day <= -9 or day > 3) and chance.random() < 0.25:
        lag = chance.randint(4, 8)
    return Plot(
        band=band,
        days_to_vote=day,
        mode="self_nominated" if chance.random() < 0.2 else "nominated",
        lag=lag,
        late=chance.choice(LATE_STEPS) if chance.random() < 0.2 else None,
        stops_before=_stop(day, chance.random()),
        decision=_decision(band, chance.random()),
        plan=_plan(band, day, chance.random()),
        floor=chance.random() < 0.4,
    )


def _stop(day: int | None, roll: float) -> str:
    """How far the day of the vote has come, where that is today or was yesterday."""
    if day == 0:
        stops = ("boxes_sealed", "vote_held", "boxes_opened_publicly", "count_done")
        return stops[int(roll * len(stops))]
    if day == -1:
        return ("count_done", "result_announced", "")[int(roll * 3)]
    return ""


def _decision(band: str, roll: float) -> str:
    if band == "unrated":
        return "waiting"
    if band in {"key", "difficult"}:
        return "confirmed" if roll < 0.6 else "down" if roll < 0.68 else "waiting"
    if roll < 0.55:
        return "confirmed"
    return "up" if roll < 0.6 and band == "ordinary" else "waiting"


def _plan(band: str, day: int | None, roll: float) -> str:
    if band not in {"key", "difficult"}:
        return ""
    # Nobody has voted in such a village without an approved plan.
    if (day is not None and day <= 2) or roll < 0.5:
        return "approved"
    return "submitted" if roll < 0.68 else "returned" if roll < 0.78 else "draft" if roll < 0.88 else ""


def seats_of(code: str) -> dict[str, int]:
    """The seats the village's meeting decided: three to seven, one of them a woman's."""
    chance = dice(code, "seats")
    seats = {"chair": 1, "vice_chair": 1, "women": 1, "member": chance.choice((1, 2, 2, 3))}
    if chance.random() < 0.3:
        del seats["vice_chair"]
    return seats


def audit_state(code: str, plot: Plot, level: int | None) -> str:
    """How far the audit is, given what the survey says of it; "" where none was begun.

    Nobody has voted before the audit was published (art. 35).
    """
    if level is None:
        return "draft"
    unhurried = plot.days_to_vote is None or plot.days_to_vote > 3
    if level <= 1 or not unhurried:
        return "published"
    if level == 3:
        return "completed"
    states = ("published", "completed", "draft", "")
    return dice(code, "audit state").choices(states, weights=(40, 20, 25, 15))[0]
