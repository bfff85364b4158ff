"""Every dated rule of every rulebook against dates counted by hand, with the article each cites."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballots.law import schedule_law
from ballots.rules.schedule import ELECTION_DAY, OCCASION_DAY, plan
from election_admin.rulebooks.procedures import load_procedure, procedure_ids

ENDS = ("earliest", "latest", "open_until")
# The columns of the tables, an election day and what came before it: an ordinary December, 29
# February, the turn of the year, the end of a month and a vote on the very day of its occasion.
CALENDARS = [
    (date(2026, 12, 20), date(2026, 12, 10)),
    (date(2028, 3, 5), date(2028, 2, 20)),
    (date(2027, 1, 4), date(2026, 12, 28)),
    (date(2027, 3, 31), date(2027, 3, 31)),
]

NATIONAL = """\
= general
audit_published.latest organic-law:35 2026-12-19 2028-03-04 2027-01-03 2027-03-30
voter_list_published.latest organic-law:14 2026-11-30 2028-02-14 2026-12-15 2027-03-11
objections_closed.latest organic-law:14 2026-12-05 2028-02-19 2026-12-20 2027-03-16
objections_closed.open_until organic-law:14 2026-12-05 2028-02-19 2026-12-20 2027-03-16
objections_decided.latest organic-law:14 2026-12-08 2028-02-22 2026-12-23 2027-03-19
candidates_met_villagers.latest organic-law:15 2026-12-19 2028-03-04 2027-01-03 2027-03-30
boxes_sealed.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
boxes_sealed.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
secret_place_ready.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
secret_place_ready.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
boxes_opened_publicly.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
boxes_opened_publicly.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
ballots_sealed.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
ballots_sealed.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_filed.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_filed.latest city-schedule-2026:D+1–D+5 2026-12-25 2028-03-10 2027-01-09 2027-04-05
further_election_held.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
certificates_issued.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
handover_done.earliest organic-law:20 2026-12-20 2028-03-05 2027-01-04 2027-03-31
handover_done.latest organic-law:20 2026-12-30 2028-03-15 2027-01-14 2027-04-10
archive_closed.earliest organic-law:34 2026-12-20 2028-03-05 2027-01-04 2027-03-31
= two_recommendations
candidates_introduced.latest party-election-rules:21 2026-12-20 2028-03-05 2027-01-04 2027-03-31
quorum_counted.earliest party-election-rules:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
quorum_counted.latest party-election-rules:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
scrutineers_chosen.earliest party-election-rules:22 2026-12-20 2028-03-05 2027-01-04 2027-03-31
scrutineers_chosen.latest party-election-rules:22 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.earliest party-election-rules:24 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.latest party-election-rules:24 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.earliest party-election-rules:23 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.latest party-election-rules:23 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.earliest party-election-rules:选举的实施 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.latest party-election-rules:选举的实施 2026-12-20 2028-03-05 2027-01-04 2027-03-31
secretary_elected.earliest party-election-rules:20 2026-12-20 2028-03-05 2027-01-04 2027-03-31
= open_recommendation
candidates_introduced.latest party-election-rules:21 2026-12-20 2028-03-05 2027-01-04 2027-03-31
quorum_counted.earliest party-election-rules:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
quorum_counted.latest party-election-rules:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
scrutineers_chosen.earliest party-election-rules:22 2026-12-20 2028-03-05 2027-01-04 2027-03-31
scrutineers_chosen.latest party-election-rules:22 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.earliest party-election-rules:24 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.latest party-election-rules:24 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.earliest party-election-rules:23 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.latest party-election-rules:23 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.earliest party-election-rules:选举的实施 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.latest party-election-rules:选举的实施 2026-12-20 2028-03-05 2027-01-04 2027-03-31
= further_election
seats_left_announced.earliest organic-law:15 2026-12-10 2028-02-20 2026-12-28 2027-03-31
boxes_sealed.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
boxes_sealed.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
secret_place_ready.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
secret_place_ready.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
boxes_opened_publicly.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
boxes_opened_publicly.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
ballots_sealed.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
ballots_sealed.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_filed.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
certificates_issued.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
handover_done.earliest organic-law:20 2026-12-20 2028-03-05 2027-01-04 2027-03-31
handover_done.latest organic-law:20 2026-12-30 2028-03-15 2027-01-14 2027-04-10
archive_closed.earliest organic-law:34 2026-12-20 2028-03-05 2027-01-04 2027-03-31
= new_election
invalidity_announced.earliest organic-law:15 2026-12-10 2028-02-20 2026-12-28 2027-03-31
voter_list_published.latest organic-law:14 2026-11-30 2028-02-14 2026-12-15 2027-03-11
objections_closed.latest organic-law:14 2026-12-05 2028-02-19 2026-12-20 2027-03-16
objections_closed.open_until organic-law:14 2026-12-05 2028-02-19 2026-12-20 2027-03-16
objections_decided.latest organic-law:14 2026-12-08 2028-02-22 2026-12-23 2027-03-19
candidates_met_villagers.latest organic-law:15 2026-12-19 2028-03-04 2027-01-03 2027-03-30
boxes_sealed.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
boxes_sealed.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
secret_place_ready.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
secret_place_ready.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
boxes_opened_publicly.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
boxes_opened_publicly.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
ballots_sealed.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
ballots_sealed.latest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_filed.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
further_election_held.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
certificates_issued.earliest organic-law:15 2026-12-20 2028-03-05 2027-01-04 2027-03-31
handover_done.earliest organic-law:20 2026-12-20 2028-03-05 2027-01-04 2027-03-31
handover_done.latest organic-law:20 2026-12-30 2028-03-15 2027-01-14 2027-04-10
archive_closed.earliest organic-law:34 2026-12-20 2028-03-05 2027-01-04 2027-03-31
= recall
demand_received.earliest organic-law:16 2026-12-10 2028-02-20 2026-12-28 2027-03-31
vote_held.earliest organic-law:16 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.latest organic-law:16 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.earliest organic-law:16 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.earliest organic-law:16 2026-12-20 2028-03-05 2027-01-04 2027-03-31
ballots_sealed.earliest organic-law:16 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_filed.earliest organic-law:16 2026-12-20 2028-03-05 2027-01-04 2027-03-31
handover_done.earliest organic-law:16 2026-12-20 2028-03-05 2027-01-04 2027-03-31
archive_closed.earliest organic-law:34 2026-12-20 2028-03-05 2027-01-04 2027-03-31
= by_election
vacancy_announced.earliest organic-law:19 2026-12-10 2028-02-20 2026-12-28 2027-03-31
candidates_met_villagers.latest organic-law:19 2026-12-19 2028-03-04 2027-01-03 2027-03-30
villagers_meeting_called.latest organic-law:21 2026-12-10 2028-02-24 2026-12-25 2027-03-21
vote_held.earliest organic-law:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
vote_held.latest organic-law:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.earliest organic-law:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
count_done.latest organic-law:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.earliest organic-law:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_announced.latest organic-law:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
ballots_sealed.earliest organic-law:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
result_filed.earliest organic-law:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
certificates_issued.earliest organic-law:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
handover_done.earliest organic-law:19 2026-12-20 2028-03-05 2027-01-04 2027-03-31
archive_closed.earliest organic-law:34 2026-12-20 2028-03-05 2027-01-04 2027-03-31
"""
ZHEJIANG = """\
= general
voter_list_published.latest zhejiang-measures:14 2026-11-30 2028-02-14 2026-12-15 2027-03-11
objections_closed.latest zhejiang-measures:14 2026-12-05 2028-02-19 2026-12-20 2027-03-16
objections_closed.open_until zhejiang-measures:14 2026-12-05 2028-02-19 2026-12-20 2027-03-16
objections_decided.latest zhejiang-measures:14 2026-12-08 2028-02-22 2026-12-23 2027-03-19
self_nomination_closed.latest zhejiang-measures:20 2026-12-10 2028-02-24 2026-12-25 2027-03-21
final_list_published.latest zhejiang-measures:18 2026-12-15 2028-02-29 2026-12-30 2027-03-26
withdrawals_closed.latest zhejiang-measures:19 2026-12-17 2028-03-02 2027-01-01 2027-03-28
place_time_tellers_published.latest zhejiang-measures:22 2026-12-15 2028-02-29 2026-12-30 2027-03-26
proxies_closed.latest zhejiang-measures:25 2026-12-17 2028-03-02 2027-01-01 2027-03-28
proxies_published.latest zhejiang-measures:25 2026-12-19 2028-03-04 2027-01-03 2027-03-30
result_announced.latest zhejiang-measures:32 2026-12-21 2028-03-06 2027-01-05 2027-04-01
further_election_held.latest zhejiang-measures:29 2027-01-19 2028-04-04 2027-02-03 2027-04-30
handover_done.latest zhejiang-measures:33 2026-12-30 2028-03-15 2027-01-14 2027-04-10
= further_election
vote_held.latest zhejiang-measures:29 2027-01-09 2028-03-21 2027-01-27 2027-04-30
result_announced.latest zhejiang-measures:32 2026-12-21 2028-03-06 2027-01-05 2027-04-01
= new_election
self_nomination_closed.latest zhejiang-measures:20 2026-12-10 2028-02-24 2026-12-25 2027-03-21
final_list_published.latest zhejiang-measures:18 2026-12-15 2028-02-29 2026-12-30 2027-03-26
withdrawals_closed.latest zhejiang-measures:19 2026-12-17 2028-03-02 2027-01-01 2027-03-28
place_time_tellers_published.latest zhejiang-measures:22 2026-12-15 2028-02-29 2026-12-30 2027-03-26
proxies_closed.latest zhejiang-measures:25 2026-12-17 2028-03-02 2027-01-01 2027-03-28
proxies_published.latest zhejiang-measures:25 2026-12-19 2028-03-04 2027-01-03 2027-03-30
result_announced.latest zhejiang-measures:32 2026-12-21 2028-03-06 2027-01-05 2027-04-01
further_election_held.latest zhejiang-measures:29 2027-01-19 2028-04-04 2027-02-03 2027-04-30
= recall
township_steps_in.latest zhejiang-measures:35 2027-03-10 2028-05-20 2027-03-28 2027-06-29
vote_held.latest zhejiang-measures:35 2027-01-09 2028-03-21 2027-01-27 2027-04-30
"""
BEIJING = """\
= general
voter_list_published.latest beijing-measures:15 2026-11-30 2028-02-14 2026-12-15 2027-03-11
objections_closed.latest beijing-measures:15 2026-12-05 2028-02-19 2026-12-20 2027-03-16
objections_closed.open_until beijing-measures:15 2026-12-05 2028-02-19 2026-12-20 2027-03-16
objections_decided.latest beijing-measures:15 2026-12-08 2028-02-22 2026-12-23 2027-03-19
final_list_published.latest beijing-measures:20 2026-12-15 2028-02-29 2026-12-30 2027-03-26
proxies_closed.latest beijing-measures:25 2026-12-19 2028-03-04 2027-01-03 2027-03-30
result_announced.latest beijing-measures:31 2026-12-20 2028-03-05 2027-01-04 2027-03-31
further_election_held.latest beijing-measures:30 2027-01-04 2028-03-20 2027-01-19 2027-04-15
handover_done.latest beijing-measures:32 2026-12-30 2028-03-15 2027-01-14 2027-04-10
= further_election
vote_held.latest beijing-measures:30 2026-12-25 2028-03-06 2027-01-12 2027-04-15
= new_election
final_list_published.latest beijing-measures:20 2026-12-15 2028-02-29 2026-12-30 2027-03-26
proxies_closed.latest beijing-measures:25 2026-12-19 2028-03-04 2027-01-03 2027-03-30
further_election_held.latest beijing-measures:30 2027-01-04 2028-03-20 2027-01-19 2027-04-15
= recall
demand_checked.latest beijing-measures:33 2027-01-09 2028-03-21 2027-01-27 2027-04-30
vote_held.latest beijing-measures:33 2027-01-09 2028-03-21 2027-01-27 2027-04-30
result_announced.latest beijing-measures:34 2026-12-20 2028-03-05 2027-01-04 2027-03-31
= by_election
final_list_published.latest beijing-measures:36 2026-12-15 2028-02-29 2026-12-30 2027-03-26
result_announced.latest beijing-measures:36 2026-12-20 2028-03-05 2027-01-04 2027-03-31
"""
SHANGHAI = """\
= general
voter_list_published.latest shanghai-measures:10 2026-11-30 2028-02-14 2026-12-15 2027-03-11
objections_closed.latest shanghai-measures:10 2026-12-05 2028-02-19 2026-12-20 2027-03-16
objections_closed.open_until shanghai-measures:10 2026-12-05 2028-02-19 2026-12-20 2027-03-16
objections_decided.latest shanghai-measures:10 2026-12-08 2028-02-22 2026-12-23 2027-03-19
final_list_published.latest shanghai-measures:12 2026-12-15 2028-02-29 2026-12-30 2027-03-26
proxies_closed.latest shanghai-measures:16 2026-12-15 2028-02-29 2026-12-30 2027-03-26
proxies_published.latest shanghai-measures:16 2026-12-18 2028-03-03 2027-01-02 2027-03-29
result_announced.latest shanghai-measures:18 2026-12-20 2028-03-05 2027-01-04 2027-03-31
ballots_sealed.latest shanghai-measures:23 2026-12-20 2028-03-05 2027-01-04 2027-03-31
further_election_held.latest shanghai-measures:21 2027-01-19 2028-04-04 2027-02-03 2027-04-30
handover_done.latest shanghai-measures:24 2026-12-30 2028-03-15 2027-01-14 2027-04-10
= further_election
vote_held.latest shanghai-measures:21 2027-01-09 2028-03-21 2027-01-27 2027-04-30
= new_election
final_list_published.latest shanghai-measures:12 2026-12-15 2028-02-29 2026-12-30 2027-03-26
proxies_closed.latest shanghai-measures:16 2026-12-15 2028-02-29 2026-12-30 2027-03-26
proxies_published.latest shanghai-measures:16 2026-12-18 2028-03-03 2027-01-02 2027-03-29
further_election_held.latest shanghai-measures:21 2027-01-19 2028-04-04 2027-02-03 2027-04-30
= recall
meeting_announced.latest organic-law:21 2026-12-10 2028-02-24 2026-12-25 2027-03-21
vote_held.latest shanghai-measures:27 2027-01-09 2028-03-21 2027-01-27 2027-04-30
= by_election
final_list_published.latest shanghai-measures:29 2026-12-15 2028-02-29 2026-12-30 2027-03-26
"""


def rows(table):
    """A table's rows: course and rule, what is cited, the day in each calendar."""
    course = ""
    for line in table.strip().splitlines():
        if line.startswith("="):
            course = line.removeprefix("= ")
        else:
            rule, cited, *days = line.split()
            yield (course, *rule.split(".")), (cited, *map(date.fromisoformat, days))


# A province's rules replace the national ones of the same step and add to them.
EXPECTED = {
    "national-2018": dict(rows(NATIONAL)),
    "zhejiang-2020": dict(rows(NATIONAL)) | dict(rows(ZHEJIANG)),
    "beijing-2012": dict(rows(NATIONAL)) | dict(rows(BEIJING)),
    "shanghai-2020": dict(rows(NATIONAL)) | dict(rows(SHANGHAI)),
}
COURSES = [(rulebook, name) for rulebook in EXPECTED for name in load_procedure(rulebook).all_courses()]
# From the occasion to the vote: as few and as many days as the laws leave.
DAYS_BETWEEN = {
    "further_election": (0, 15),
    "recall": (10, 30),
    "new_election": (35, 120),
    "by_election": (15, 120),
}


def course_of(rulebook, name):
    return load_procedure(rulebook).all_courses()[name]


def schedules(election, actual=None):
    """The schedule in each mode, with which of the steps that mode has."""
    rulebook, name, day, occasion_day = election
    course = course_of(rulebook, name)
    law = schedule_law(course)
    for mode in course.modes:
        applies = {code for code, step in course.steps.items() if step.applies_in(mode)}
        own = {code: on for code, on in (actual or {}).items() if code in applies}
        yield applies, plan(law, election_day=day, occasion_day=occasion_day, mode=mode, actual=own)


def planned(election, actual=None):
    """The dates of all steps of a course, those of every mode together."""
    steps = {}
    for applies, schedule in schedules(election, actual):
        steps = {**schedule.steps, **steps, **{code: schedule.steps[code] for code in applies}}
    return steps


def violations(election, actual):
    return [one for _applies, schedule in schedules(election, actual) for one in schedule.violations]


def test_every_rulebook_has_its_table():
    assert set(EXPECTED) == set(procedure_ids())


@pytest.mark.parametrize("rulebook", EXPECTED)
def test_every_dated_rule_has_a_row(rulebook):
    """A rule added to a rulebook without a date counted by hand is one that nobody has checked."""
    dated = {
        (name, code, end)
        for name, course in load_procedure(rulebook).all_courses().items()
        for code, step in course.steps.items()
        for end in ENDS
        if getattr(step, end) is not None
    }
    assert dated == set(EXPECTED[rulebook])


@pytest.mark.parametrize(("rulebook", "name"), COURSES)
@pytest.mark.parametrize("calendar", range(len(CALENDARS)), ids=[str(day) for day, _ in CALENDARS])
def test_dates_are_those_counted_by_hand(rulebook, name, calendar):
    day, occasion_day = CALENDARS[calendar]
    steps = planned((rulebook, name, day, occasion_day))
    rules = {rule: row for rule, row in EXPECTED[rulebook].items() if rule[0] == name}
    assert rules
    for (_name, code, end), (cited, *days) in rules.items():
        reason = getattr(steps[code], f"{end}_reason")
        got = (getattr(steps[code], end), f"{reason.document}:{reason.article}")
        assert got == (days[calendar], cited), (code, end)


def root(course, deadline, end):
    """The day that a date is counted from in the end: election day, or the occasion's."""
    while deadline.from_ not in (ELECTION_DAY, OCCASION_DAY):
        deadline = getattr(course.steps[deadline.from_], "latest" if end == "open_until" else end)
    return deadline.from_


def ends_of(election):
    """Every dated end of a course, what it is counted from in the end, and its day."""
    rulebook, name, _day, _occasion_day = election
    course, steps = course_of(rulebook, name), planned(election)
    return {
        (code, end): (root(course, getattr(step, end), end), getattr(steps[code], end))
        for code, step in course.steps.items()
        for end in ENDS
        if getattr(step, end) is not None
    }


@st.composite
def elections(draw):
    """A course of a rulebook, an election day that its law allows, and the day it comes from."""
    rulebook, name = draw(st.sampled_from(COURSES))
    occasion_day = draw(st.dates(date(2020, 1, 1), date(2060, 1, 1)))
    between = draw(st.integers(*DAYS_BETWEEN.get(name, (60, 120))))
    return rulebook, name, occasion_day + timedelta(days=between), occasion_day


@given(elections(), st.integers(1, 800))
def test_a_moved_election_day_moves_what_hangs_on_it_and_nothing_else(election, later):
    rulebook, name, day, occasion_day = election
    one = ends_of(election)
    other = ends_of((rulebook, name, day + timedelta(days=later), occasion_day))
    for end, (base, on) in one.items():
        moved = timedelta(days=later) if base == ELECTION_DAY else timedelta(0)
        assert other[end][1] - on == moved, end


@given(elections())
def test_no_earliest_day_after_the_latest(election):
    for code, dates in planned(election).items():
        if dates.earliest and dates.latest:
            assert dates.earliest <= dates.latest, code


@given(elections())
def test_a_schedule_carried_out_at_its_latest_days_breaks_nothing(election):
    """A step without a latest day of its own: before what needs it, or else once all it needs is done."""
    rulebook, name, day, _occasion_day = election
    steps = course_of(rulebook, name).steps
    latest = {code: dates.latest for code, dates in planned(election).items()}
    last = dict(latest)
    for code in reversed(list(steps)):
        for before in steps[code].depends_on:
            last[before] = min(filter(None, (last[code], last[before])), default=None)
    # Only time that runs from the occasion can outlast the election day, and only of what precedes it.
    cut_short = {code for code, on in latest.items() if on not in (None, last[code])}
    assert all(steps[code].latest.from_ == OCCASION_DAY for code in cut_short)
    done = {}
    for code, step in steps.items():
        done[code] = last[code] or max([day, *(done[before] for before in step.depends_on)])
    assert violations(election, done) == []


# It plans the whole election anew for each step.
@settings(deadline=None)
@given(elections())
def test_a_schedule_carried_out_at_its_earliest_days_breaks_nothing(election):
    """From the occasion on (a general election: from sixty days before), each step as soon as may be."""
    rulebook, name, _day, occasion_day = election
    done = {}
    for code, step in course_of(rulebook, name).steps.items():
        dates = planned(election, done)[code]
        soonest = [occasion_day, dates.earliest, dates.open_until]
        done[code] = max(on for on in (*soonest, *(done[before] for before in step.depends_on)) if on)
    assert violations(election, done) == []
