"""What was answered about a village's risk, and the ratings that follow from it."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from villages.models.terms import Term


class Band(models.TextChoices):
    """The four bands of a village, and the lack of one."""

    DIFFICULT = "difficult", _("难点村")
    KEY = "key", _("重点村")
    ORDINARY = "ordinary", _("一般村")
    SETTLED = "settled", _("放心村")
    UNRATED = "unrated", _("未评定")


class SurveyAnswerQuerySet(PlaceScopedQuerySet["SurveyAnswer"]):
    """Answers, by village."""

    def newest(self) -> "SurveyAnswerQuerySet":
        """Only the answers that count: the newest of each factor."""
        return self.filter(newest=True)


class SurveyAnswer(models.Model):
    """One factor's level in one village as somebody answered it. A history; the newest counts."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="survey_answers")
    term = models.ForeignKey(Term, models.PROTECT, related_name="survey_answers")
    # A code of the term's risk model.
    factor = models.CharField(_("风险因素"), max_length=40)
    # Null takes an earlier answer back: the factor is unknown again.
    level = models.PositiveSmallIntegerField(_("程度"), null=True, validators=[MaxValueValidator(3)])
    evidence = models.CharField(_("依据"), max_length=500, blank=True)
    newest = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("填报时间"))

    objects = SurveyAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("村情调查")
        constraints = (
            models.CheckConstraint(
                name="survey_level_0_to_3", condition=models.Q(level__isnull=True) | models.Q(level__lte=3)
            ),
            models.UniqueConstraint(
                name="survey_one_newest_a_factor",
                fields=("place", "term", "factor"),
                condition=models.Q(newest=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.factor}={self.level}"


class RatingQuerySet(PlaceScopedQuerySet["Rating"]):
    """Ratings, by village."""

    def current(self) -> "RatingQuerySet":
        """Only the rating in force of each village, in the term being held."""
        return self.filter(current=True, term__current=True)


class Rating(models.Model):
    """A snapshot: what the model made of the answers, and what a reviewer decided on it."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="ratings")
    term = models.ForeignKey(Term, models.PROTECT, related_name="ratings")
    model = models.CharField(_("模型"), max_length=40)
    score = models.DecimalField(_("得分"), max_digits=4, decimal_places=1, null=True)
    completeness = models.DecimalField(_("完整度"), max_digits=3, decimal_places=2)
    computed_band = models.CharField(_("测算等级"), max_length=10, choices=Band)
    # The band in force: the computed one, or the reviewer's.
    band = models.CharField(_("等级"), max_length=10, choices=Band)
    floors = models.JSONField(default=list)
    # One object a factor with a level: code, level, weight, points, evidence.
    contributions = models.JSONField(default=list)
    at = models.DateTimeField(_("评定时间"))
    current = models.BooleanField(default=True)
    # Confirmed or overridden by a county reviewer; null: waits for one.
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("审定时间"), null=True)
    decision_reason = models.CharField(_("审定理由"), max_length=500, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("风险评级")
        constraints = (
            models.UniqueConstraint(
                name="rating_one_current", fields=("place", "term"), condition=models.Q(current=True)
            ),
            models.CheckConstraint(
                name="rating_override_has_reason",
                condition=models.Q(band=models.F("computed_band")) | models.Q(decision_reason__gt=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.get_band_display()}"

    @property
    def overridden(self) -> bool:
        """Whether the band in force is not the computed one."""
        return self.band != self.computed_band
