"""What the office knows of a village, by subject."""

from villages.models.audits import Audit, AuditFinding, AuditSubject
from villages.models.disputes import Dispute
from villages.models.editions import RulebookEdition
from villages.models.plans import DisposalPlan, PlanMeasure
from villages.models.profiles import VillageProfile
from villages.models.risk import Band, Rating, SurveyAnswer
from villages.models.teams import GuidanceTeam
from villages.models.terms import (
    COMMITTEE_MODES,
    PARTY_MODES,
    Body,
    Election,
    Mode,
    Occasion,
    Seat,
    Stage,
    Term,
)

__all__ = [
    "COMMITTEE_MODES",
    "PARTY_MODES",
    "Audit",
    "AuditFinding",
    "AuditSubject",
    "Band",
    "Body",
    "DisposalPlan",
    "Dispute",
    "Election",
    "GuidanceTeam",
    "Mode",
    "Occasion",
    "PlanMeasure",
    "Rating",
    "RulebookEdition",
    "Seat",
    "Stage",
    "SurveyAnswer",
    "Term",
    "VillageProfile",
]
