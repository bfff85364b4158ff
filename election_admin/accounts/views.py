"""Logging in and out, the password, and the accounts an administrator keeps."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from election_admin.accounts import actions
from election_admin.accounts.access import allow, allow_anybody
from election_admin.accounts.forms import AccountForm, LogInForm, PasswordForm, RemindersForm
from election_admin.accounts.models import Membership, Role, User
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.places.models import Place


class _LogIn(LoginView):
    template_name = "accounts/log_in.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        actions.note_login(user=form.get_user(), at=timezone.now())
        return response


log_in = allow_anybody(_LogIn.as_view())
log_out = allow_anybody(LogoutView.as_view())
switch_language = allow_anybody(require_POST(set_language))


def locked_out(request: HttpRequest, credentials: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Say that too many wrong passwords were tried; called by axes."""
    return render(request, "accounts/locked_out.html", status=429)


@allow()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    user = signed_in(request)
    form = PasswordForm(user, request.POST or None)
    if form.is_valid():
        actions.change_password(user=user, password=form.cleaned_data["new_password1"], at=timezone.now())
        update_session_auth_hash(request, user)
        messages.success(request, _("密码已修改。"))
        return redirect("home")
    return render(request, "accounts/change_password.html", {"form": form})


@allow(Role.TOWNSHIP, Role.COUNTY, Role.COMMITTEE, Role.DEPARTMENT)
@require_http_methods(["GET", "POST"])
def reminders(request: HttpRequest) -> HttpResponse:
    """Whether one's morning list comes by mail, and where to."""
    user = signed_in(request)
    form = RemindersForm(
        request.POST if request.method == "POST" else None,
        initial={"email": user.email, "wants_digest": user.wants_digest},
        today=timezone.localdate(),
    )
    if form.is_valid():
        try:
            actions.set_reminders(user=user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("邮件提醒已保存。"))
            return redirect("accounts:reminders")
    return render(request, "accounts/reminders.html", {"form": form, "configured": settings.EMAIL_CONFIGURED})


@allow(Role.ADMINISTRATOR)
@require_http_methods(["GET"])
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts of the places the administrator keeps."""
    memberships = (
        Membership.objects.visible_to(request.user)
        .select_related("user", "place")
        .order_by("place__code", "user__login")
    )
    return render(request, "accounts/account_list.html", {"memberships": memberships})


@allow(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account."""
    user = signed_in(request)
    form = AccountForm(request.POST or None, user=user)
    if form.is_valid():
        data = form.cleaned_data
        try:
            opened = actions.open_account(
                login=data["login"],
                name=data["name"],
                password=data["password"],
                role=data["role"],
                place=Place.objects.get(code=data["place_code"]),
                department=data["department"],
                actor=user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, _rename(error))
        else:
            messages.success(request, _("已为%(name)s建立账号。") % {"name": opened.name})
            return redirect("accounts:account_list")
    return render(request, "accounts/open_account.html", {"form": form})


def _rename(error: ValidationError) -> ValidationError:
    """Put an error of the place beside the field in which its code was typed."""
    fields = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    return ValidationError({{"place": "place_code"}.get(key, key): text for key, text in fields.items()})


@allow(Role.ADMINISTRATOR)
@require_POST
def set_account_active(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an account, or open it again."""
    seen = Membership.objects.visible_to(request.user).values("user_id")
    account = get_object_or_404(User, pk=user_id, pk__in=seen)
    try:
        actions.set_account_active(
            user=account,
            active=request.POST.get("active") == "1",
            actor=signed_in(request),
            at=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("accounts:account_list")
