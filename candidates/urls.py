"""Addresses of the pages about candidates. None of them holds anything about a person but a number."""

from django.urls import path

from candidates.views import candidacies, findings, looks, replies

app_name = "candidates"
urlpatterns = [
    path("inbox/", replies.inbox, name="inbox"),
    path("reply/<int:pk>/", replies.reply, name="reply"),
    path("candidate/<int:pk>/", candidacies.candidate, name="candidate"),
    path("candidate/<int:pk>/correct/", candidacies.correct_candidate, name="correct_candidate"),
    path("candidate/<int:pk>/state/", candidacies.change_state, name="change_state"),
    path("candidate/<int:pk>/look/", looks.look, name="look"),
    path("candidate/<int:pk>/look/close/", looks.close_look, name="close_look"),
    path("candidate/<int:pk>/findings/record/", findings.record_finding, name="record_finding"),
    path("candidate/<int:pk>/findings/facts/", findings.finding_facts, name="finding_facts"),
    path("findings/<int:pk>/withdraw/", findings.withdraw_finding, name="withdraw_finding"),
    path("<int:election_id>/", candidacies.candidate_list, name="candidate_list"),
    path("<int:election_id>/record/", candidacies.record_candidate, name="record_candidate"),
]
