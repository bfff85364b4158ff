"""People as candidates: nominated, reviewed, judged, decided on."""

from candidates.models.assessments import CAUSES, Assessment, Basis, Decision
from candidates.models.doubles import Namesakes
from candidates.models.findings import DepartmentReply, Finding
from candidates.models.lists import FinalList
from candidates.models.objections import Objection
from candidates.models.people import OUT, POST_TITLES, Candidacy, Nomination, Person, Verdict
from candidates.models.review import Enquiry, Flag, Recheck, ReviewBatch, ReviewItem

__all__ = [
    "CAUSES",
    "OUT",
    "POST_TITLES",
    "Assessment",
    "Basis",
    "Candidacy",
    "Decision",
    "DepartmentReply",
    "Enquiry",
    "FinalList",
    "Finding",
    "Flag",
    "Namesakes",
    "Nomination",
    "Objection",
    "Person",
    "Recheck",
    "ReviewBatch",
    "ReviewItem",
    "Verdict",
]
