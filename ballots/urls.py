"""Addresses of the pages of elections."""

from django.urls import path

from ballots.views import election_day, law, procedure

app_name = "ballots"
urlpatterns = [
    path("", procedure.own_procedure, name="own_procedure"),
    path("<int:election_id>/", procedure.procedure, name="procedure"),
    path("<int:election_id>/day/", election_day.set_election_day, name="set_election_day"),
    path("steps/<int:pk>/record/", procedure.record_step, name="record_step"),
    path("steps/<int:pk>/undo/", procedure.undo_step, name="undo_step"),
    path("law/", law.law_list, name="law_list"),
    path("law/eligibility/<str:rulebook_id>/", law.eligibility, name="eligibility"),
    path("law/risk/<str:rulebook_id>/", law.risk_model, name="risk_model"),
    path("law/<str:rulebook_id>/", law.rulebook, name="rulebook"),
]
