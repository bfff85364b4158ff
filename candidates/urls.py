"""Addresses of the pages about candidates. None of them holds anything about a person but a number."""

from django.urls import path

from candidates.views import (
    assessments,
    batches,
    candidacies,
    changes,
    doubles,
    enquiries,
    exports,
    final_lists,
    findings,
    flags,
    inbox,
    lists,
    looks,
    nominations,
    objections,
    overview,
    papers,
    replies,
    sheets,
    terms,
)

app_name = "candidates"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("enquiry/<int:pk>/", enquiries.enquiry, name="enquiry"),
    path("enquiry/<int:pk>/facts/<int:item_id>/", enquiries.enquiry_facts, name="enquiry_facts"),
    path("enquiry/<int:pk>/look/", enquiries.look_at_enquiry, name="look_at_enquiry"),
    path("enquiry/<int:pk>/look/close/", enquiries.close_enquiry, name="close_enquiry"),
    path("enquiry/<int:pk>/sheet/", sheets.sheet, name="sheet"),
    path("enquiry/<int:pk>/sheet/open/", sheets.open_sheet, name="open_sheet"),
    path("enquiry/<int:pk>/sheet/upload/", sheets.upload_sheet, name="upload_sheet"),
    path("enquiry/<int:pk>/sheet/take/", sheets.take_sheet, name="take_sheet"),
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
    path("candidate/<int:pk>/nominations/record/", nominations.record_nomination, name="record_nomination"),
    path("candidate/<int:pk>/post/", nominations.choose_post, name="choose_post"),
    path("nominations/<int:pk>/withdraw/", nominations.withdraw_nomination, name="withdraw_nomination"),
    path("<int:election_id>/votes/", final_lists.record_votes, name="record_votes"),
    path("<int:election_id>/final-list/", final_lists.final_list, name="final_list"),
    path("<int:election_id>/final-list/settle/", final_lists.settle_final_list, name="settle_final_list"),
]
urlpatterns += [
    path("review/", batches.batches, name="batches"),
    path("review/missing/", overview.review_overview, name="review_overview"),
    path("review/open/<str:code>/", batches.open_batch, name="open_batch"),
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
urlpatterns += [
    path("doubles/", doubles.doubles, name="doubles"),
    path("doubles/<int:pk>/<int:other>/", doubles.double, name="double"),
    path("doubles/<int:pk>/<int:other>/tell-apart/", doubles.tell_apart, name="tell_apart"),
    path(
        "doubles/<int:pk>/<int:other>/take-back/",
        doubles.take_back_telling_apart,
        name="take_back_telling_apart",
    ),
]
urlpatterns += [
    path("changes/", changes.verdict_changes, name="verdict_changes"),
    path("assessment/<int:pk>/", assessments.assessment, name="assessment"),
    path("term/<int:pk>/list/", terms.change_eligibility_list, name="change_eligibility_list"),
]
urlpatterns += [
    path("objections/", objections.objections, name="objections"),
    path("objections/own/", objections.own_objections, name="own_objections"),
    path("objections/<int:pk>/", objections.objection, name="objection"),
    path("objections/<int:pk>/look/", objections.look_at_objection, name="look_at_objection"),
    path("objections/<int:pk>/look/close/", objections.close_objection_look, name="close_objection_look"),
    path("objections/<int:pk>/decide/", objections.decide_objection, name="decide_objection"),
    path("<int:election_id>/objections/", objections.objection_list, name="objection_list"),
    path("<int:election_id>/objections/record/", objections.record_objection, name="record_objection"),
    path("<int:election_id>/papers/forms/", papers.print_forms, name="print_forms"),
    path("review/<int:pk>/papers/forms/", papers.print_batch_forms, name="print_batch_forms"),
]
urlpatterns += [
    path("", lists.candidates, name="candidates"),
    path("export/", exports.export_candidates, name="export_candidates"),
    path("export/findings/", exports.export_findings, name="export_findings"),
]
