"""Addresses of the accounts pages."""

from django.urls import path

from election_admin.accounts import journal_views, views

app_name = "accounts"
urlpatterns = [
    path("log-in/", views.log_in, name="log_in"),
    path("log-out/", views.log_out, name="log_out"),
    path("language/", views.switch_language, name="switch_language"),
    path("password/", views.change_password, name="change_password"),
    path("reminders/", views.reminders, name="reminders"),
    path("accounts/", views.account_list, name="account_list"),
    path("accounts/open/", views.open_account, name="open_account"),
    path("accounts/<int:user_id>/active/", views.set_account_active, name="set_account_active"),
    path("journal/", journal_views.entry_list, name="journal"),
]
