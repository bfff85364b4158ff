"""Addresses of the journal's pages."""

app_name = "journal"
urlpatterns: list[object] = []
