"""Who you are, which place you belong to, what you may do there."""

from functools import cached_property
from typing import Any, ClassVar

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Level, Place
from election_admin.places.querysets import PlaceScopedQuerySet
from election_admin.validators import validate_person_name


class Role(models.TextChoices):
    """What somebody does for the place they belong to."""

    TOWNSHIP = "township", _("乡镇干部")
    COMMITTEE = "committee", _("村民选举委员会")
    COUNTY = "county", _("县级审核员")
    DEPARTMENT = "department", _("联审部门")
    ADMINISTRATOR = "administrator", _("系统管理员")


# The level of place each role belongs to; an administrator may stand above a county.
ROLE_LEVELS = {
    Role.TOWNSHIP: (Level.TOWNSHIP,),
    Role.COMMITTEE: (Level.VILLAGE,),
    Role.COUNTY: (Level.COUNTY,),
    Role.DEPARTMENT: (Level.COUNTY,),
    Role.ADMINISTRATOR: (Level.COUNTY, Level.CITY, Level.PROVINCE),
}


class UserManager(BaseUserManager["User"]):
    """Finds users by their login."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login=username)


class User(AbstractBaseUser):
    """A person with an account; the login is a staff number or a mobile number."""

    login = models.CharField(
        _("工号或手机号"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9._-]+$", _("只能用字母、数字和 . _ - 。"))],
    )
    name = models.CharField(_("姓名"), max_length=40, validators=[validate_person_name])
    email = models.EmailField(_("电子邮箱"), blank=True)
    # Whether the morning's list of what is due is sent there.
    wants_digest = models.BooleanField(_("每天早上发送到期提醒"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("login",)
        verbose_name = _("用户")

    def __str__(self) -> str:
        return self.name

    @cached_property
    def held_memberships(self) -> list["Membership"]:
        """This user's memberships with their places, read once a request."""
        return list(self.memberships.select_related("place").order_by("id"))

    @cached_property
    def place_codes(self) -> list[str]:
        """The codes of the places whose subtrees this user may see."""
        return [membership.place.code for membership in self.held_memberships]

    @property
    def membership(self) -> "Membership | None":
        """The membership the pages are laid out for: the first one."""
        return self.held_memberships[0] if self.held_memberships else None

    def holds(self, role: str, place: Place | None = None) -> bool:
        """Whether the user has the role, at a place that contains ``place`` if one is given."""
        return any(
            held.role == role and (place is None or place.code.startswith(held.place.code))
            for held in self.held_memberships
        )

    def sees(self, place: Place) -> bool:
        """Whether the place lies in a subtree this user belongs to."""
        return any(place.code.startswith(code) for code in self.place_codes)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the rules allow this user ``perm`` on ``obj``, a place or a row of one."""
        return self.is_active and rules.has_perm(perm, self, obj)


class MembershipQuerySet(PlaceScopedQuerySet["Membership"]):
    """Memberships, by place."""


class Membership(models.Model):
    """A user's role at a place; what the user sees is the place's subtree."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("用户"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="memberships", verbose_name=_("地区"))
    role = models.CharField(_("角色"), max_length=16, choices=Role)
    # A code of rulebooks/departments.yaml, for a department reviewer only.
    department = models.CharField(_("联审部门"), max_length=32, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        constraints = (
            models.UniqueConstraint(name="membership_once", fields=("user", "place", "role", "department")),
            models.CheckConstraint(
                name="membership_department_only_for_departments",
                condition=models.Q(role=Role.DEPARTMENT, department__gt="")
                | (~models.Q(role=Role.DEPARTMENT) & models.Q(department="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.get_role_display()}"
