"""The roll of an election: who is registered to vote in it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from election_admin.validators import validate_person_name
from villages.models import Election


class VoterQuerySet(PlaceScopedQuerySet["Voter"]):
    """Registered voters, by the village of the election."""

    place_code_field = "election__place__code"


class Voter(models.Model):
    """A registered voter 选民 of one election, on one of the three grounds of art. 13."""

    class Ground(models.TextChoices):
        RESIDENT = "resident", _("户籍在本村并在本村居住")
        AWAY = "away", _("户籍在本村、不在本村居住，本人表示参加选举")
        ACCEPTED = "accepted", _("户籍不在本村、居住一年以上，经会议同意")

    class Sex(models.TextChoices):
        MALE = "male", _("男")
        FEMALE = "female", _("女")

    election = models.ForeignKey(Election, models.CASCADE, related_name="voters")
    name = models.CharField(_("姓名"), max_length=40, validators=[validate_person_name])
    sex = models.CharField(_("性别"), max_length=6, choices=Sex)
    born = models.DateField(_("出生日期"))
    group = models.CharField(_("村民小组"), max_length=20, blank=True)
    ground = models.CharField(_("登记依据"), max_length=10, choices=Ground, default=Ground.RESIDENT)
    # When the villagers' or the representatives' meeting accepted somebody of the third ground.
    accepted_on = models.DateField(_("会议同意日期"), null=True, blank=True)

    objects = VoterQuerySet.as_manager()

    personal_fields: ClassVar[tuple[str, ...]] = ("name", "born")
    recorded_fields: ClassVar[tuple[str, ...]] = ("name", "sex", "born", "group", "ground", "accepted_on")

    class Meta:
        ordering = ("group", "id")
        verbose_name = _("选民")
        constraints = (
            models.UniqueConstraint(
                name="voter_once_on_a_roll", fields=("election", "name", "born", "group")
            ),
            models.CheckConstraint(
                name="voter_accepted_by_a_meeting",
                condition=~models.Q(ground="accepted") | models.Q(accepted_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.election.place
