"""Deciding one round of one village's vote from its count sheet."""

from .decision import Decision, Explanation, FurtherElection, decide
from .filling import Displaced, Tie, VoidWin
from .sheet import Citation, Count, CountingLaw, Kin, Post, Sheet, VacancyLaw
from .soundness import Problem

__all__ = [
    "Citation",
    "Count",
    "CountingLaw",
    "Decision",
    "Displaced",
    "Explanation",
    "FurtherElection",
    "Kin",
    "Post",
    "Problem",
    "Sheet",
    "Tie",
    "VacancyLaw",
    "VoidWin",
    "decide",
]
