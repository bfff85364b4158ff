"""Addresses of the pages about villages."""

from django.urls import path, register_converter

from election_admin.places.converters import VillageCodeConverter
from villages.views import audits, dashboard, facts, lists, plans, risk, terms, villages

register_converter(VillageCodeConverter, "village_code")

app_name = "villages"
urlpatterns = [
    path("", lists.village_list, name="village_list"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("terms/", terms.term_list, name="term_list"),
    path("terms/open/", terms.open_term, name="open_term"),
    path("disputes/<int:pk>/settle/", facts.settle_dispute, name="settle_dispute"),
    path("audits/<int:pk>/publish/", audits.publish_audit, name="publish_audit"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/submit/", plans.submit_plan, name="submit_plan"),
    path("plans/<int:pk>/review/", plans.review_plan, name="review_plan"),
    path("ratings/<int:pk>/decide/", risk.decide_rating, name="decide_rating"),
    path("<village_code:code>/", villages.village, name="village"),
    path("<village_code:code>/profile/", facts.edit_profile, name="edit_profile"),
    path("<village_code:code>/survey/", risk.survey, name="survey"),
    path("<village_code:code>/rating/", risk.rating, name="rating"),
    path("<village_code:code>/disputes/record/", facts.record_dispute, name="record_dispute"),
    path("<village_code:code>/audit/", audits.edit_audit, name="edit_audit"),
    path("<village_code:code>/plan/", plans.write_plan, name="write_plan"),
]
