"""Addresses of imports."""

from django.urls import path

from election_admin.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("<int:pk>/", views.import_job, name="import_job"),
    path("<int:pk>/status/", views.import_status, name="import_status"),
    path("<int:pk>/faults/", views.faults, name="faults"),
    path("<int:pk>/confirm/", views.confirm_import, name="confirm_import"),
    path("<int:pk>/cancel/", views.cancel_import, name="cancel_import"),
    path("<int:pk>/retry/", views.retry_import, name="retry_import"),
    path("<slug:kind>/<slug:code>/", views.request_import, name="request_import"),
    path("<slug:kind>/<slug:code>/blank/", views.blank, name="blank"),
]
