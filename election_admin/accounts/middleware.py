"""No page without a login, no view without a declaration of who may use it, no mangled cookie."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from election_admin.accounts.access import Access


class PrintableCookiesMiddleware:
    """Drops cookies with control characters: PostgreSQL answers a NUL in a session's key with an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if (name + value).isprintable()
        }
        return self.get_response(request)


class AccessMiddleware:
    """Asks each view's ``access`` before the view runs; a view without one is refused to all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        access: Access | None = getattr(view, "access", None)
        if access is None:
            raise PermissionDenied(_("此页面没有声明谁可以使用，已停用。"))
        if access.allows(request.user):
            return None
        if not request.user.is_authenticated:
            return _to_log_in(request)
        raise PermissionDenied(_("您的角色不能使用此页面。"))


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the log-in page, and back to where they were.

    A part of a page is fetched by htmx, which would put the log-in page inside the page.
    """
    if getattr(request, "htmx", False):
        page = _path_of(request.headers.get("HX-Current-URL", ""))
        return HttpResponseClientRedirect(redirect_to_login(page).url)
    return redirect_to_login(request.get_full_path())


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path or "/"
    except ValueError:  # "http://[" begins an address of IPv6 that never ends
        return "/"
