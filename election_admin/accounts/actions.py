"""Accounts: opening, changing the password, closing; logging in and out leaves a trace."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from election_admin.accounts.access import require
from election_admin.accounts.models import ROLE_LEVELS, Membership, Role, User
from election_admin.journal.record import append, take_turn
from election_admin.places.models import Place
from election_admin.rulebooks.departments import load_departments
from election_admin.sentences import listed


def check_membership(*, role: str, place: Place, department: str) -> None:
    """Raise ValidationError when the role does not fit the place or the department."""
    errors = {}
    if place.level not in ROLE_LEVELS[Role(role)]:
        levels = listed(level.label for level in ROLE_LEVELS[Role(role)])
        errors["place"] = _("角色“%(role)s”只能属于：%(levels)s。") % {
            "role": Role(role).label,
            "levels": levels,
        }
    if role == Role.DEPARTMENT and department not in {one.code for one in load_departments()}:
        errors["department"] = _("请选择一个联审部门。")
    if role != Role.DEPARTMENT and department:
        errors["department"] = _("只有联审部门的账号填写部门。")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def open_account(
    *,
    login: str,
    name: str,
    password: str,
    role: str,
    place: Place,
    department: str = "",
    actor: User | None,
    at: datetime,
) -> User:
    """Open an account with its first membership.

    ``actor`` is None only from the command line. Raises ValidationError when the role does not
    fit the place, PermissionDenied when the actor does not administer it.
    """
    take_turn(place)
    if actor is not None:
        require(actor, "accounts.manage", place)
    check_membership(role=role, place=place, department=department)
    user = User(login=login, name=name)
    user.set_password(password)
    user.full_clean()
    user.save()
    membership = Membership.objects.create(user=user, place=place, role=role, department=department)
    append(
        verb="accounts.open_account",
        row=user,
        actor=actor,
        place=place,
        at=at,
        after={"login": login, "role": membership.role, "department": department},
    )
    return user


@transaction.atomic
def set_account_active(*, user: User, active: bool, actor: User, at: datetime) -> None:
    """Close an account or open it again. An account is never deleted: the journal names it.

    Raises ValidationError when somebody would lock themselves out.
    """
    take_turn(_home(user))
    user = User.objects.get(pk=user.pk)
    for membership in user.held_memberships:
        require(actor, "accounts.manage", membership.place)
    if user == actor:
        raise ValidationError(_("不能停用自己的账号。"))
    before = {"is_active": user.is_active}
    user.is_active = active
    user.save(update_fields=["is_active"])
    append(
        verb="accounts.set_account_active",
        row=user,
        actor=actor,
        place=_home(user),
        at=at,
        before=before,
        after={"is_active": active},
    )


@transaction.atomic
def change_password(*, user: User, password: str, at: datetime) -> None:
    """Set a new password, already validated by the form."""
    take_turn(_home(user))
    user.set_password(password)
    user.save(update_fields=["password"])
    append(
        verb="accounts.change_password",
        row=user,
        actor=user,
        place=_home(user),
        at=at,
    )


@transaction.atomic
def note_login(*, user: User, at: datetime) -> None:
    """Journal that somebody logged in."""
    append(
        verb="accounts.log_in",
        row=user,
        actor=user,
        place=_home(user),
        at=at,
    )


def _home(user: User) -> Place | None:
    """The place in whose county's chain acts about an account stand."""
    return user.membership.place if user.membership else None


@transaction.atomic
def set_reminders(*, user: User, email: str, wants_digest: bool, at: datetime) -> User:
    """Keep where a user wants the morning's list sent, and whether. The journal never holds the address.

    Raises ValidationError for a list without an address to send it to.
    """
    take_turn(_home(user))
    user = User.objects.get(pk=user.pk)
    if wants_digest and not email:
        raise ValidationError({"email": _("要接收每天的提醒，请填写电子邮箱。")})
    before = {"wants_digest": user.wants_digest}
    changed = user.email != email
    user.email, user.wants_digest = email, wants_digest
    user.save(update_fields=["email", "wants_digest"])
    append(
        verb="accounts.set_reminders",
        row=user,
        actor=user,
        place=_home(user),
        at=at,
        before=before,
        after={"wants_digest": wants_digest, "email_changed": changed},
    )
    return user
