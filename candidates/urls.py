"""Addresses of the pages about candidates. None of them holds anything about a person but a number."""

from django.urls import path

from candidates.views import batches, candidacies, findings, flags, looks, overview, replies

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
urlpatterns += [
    path("review/", batches.batches, name="batches"),
    path("review/missing/", overview.review_overview, name="review_overview"),
    path("review/open/<place:code>/", batches.open_batch, name="open_batch"),
    path("review/<int:pk>/", batches.batch, name="batch"),
    path("review/<int:pk>/change/", batches.change_items, name="change_items"),
    path("review/<int:pk>/drop/", batches.drop_batch, name="drop_batch"),
    path("review/<int:pk>/send/", batches.send_batch, name="send_batch"),
    path("review/<int:pk>/return/", batches.return_batch, name="return_batch"),
    path("review/<int:pk>/sign/", batches.sign_off, name="sign_off"),
    path("review/<int:pk>/remind/", batches.remind_all, name="remind_all"),
    path("review/enquiry/<int:pk>/remind/", batches.remind, name="remind"),
    path("review/flags/", flags.flags, name="flags"),
    path("review/flags/<int:pk>/", flags.flag, name="flag"),
    path("review/flags/<int:pk>/look/", flags.look_at_flag, name="look_at_flag"),
    path("review/flags/<int:pk>/look/close/", flags.close_flag_look, name="close_flag_look"),
    path("review/flags/<int:pk>/resolve/", flags.resolve_flag, name="resolve_flag"),
    path("review/flags/<int:pk>/ask-again/", flags.ask_again, name="ask_again"),
]
