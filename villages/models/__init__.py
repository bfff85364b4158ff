"""What the office knows of a village, by subject."""

from villages.models.audits import Audit, AuditFinding, AuditSubject
from villages.models.disputes import Dispute
from villages.models.plans import DisposalPlan, PlanMeasure
from villages.models.profiles import VillageProfile
from villages.models.risk import Band, Rating, SurveyAnswer
from villages.models.terms import Election, Mode, Seat, Stage, Term

__all__ = [
    "Audit",
    "AuditFinding",
    "AuditSubject",
    "Band",
    "DisposalPlan",
    "Dispute",
    "Election",
    "Mode",
    "PlanMeasure",
    "Rating",
    "Seat",
    "Stage",
    "SurveyAnswer",
    "Term",
    "VillageProfile",
]
