"""Addresses of evidence."""

from django.urls import path

from election_admin.evidence import views

app_name = "evidence"
urlpatterns = [
    path("<int:pk>/", views.open_evidence, name="open_evidence"),
    path("<int:pk>/look/", views.look_into, name="look_into"),
    path("<int:pk>/look/close/", views.close_look, name="close_look"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:kind>/<str:subject_id>/attach/", views.attach, name="attach"),
]
