"""Addresses of this app."""

app_name = "ballots"
urlpatterns: list[object] = []
