"""Addresses of documents."""

from django.urls import path

from election_admin.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.document_list, name="document_list"),
    path("request/<slug:kind>/<slug:subject_id>/", views.request_document, name="request_document"),
    path("<int:document_id>/", views.document, name="document"),
    path("<int:document_id>/status/", views.document_status, name="document_status"),
    path("<int:document_id>/open/", views.open_document, name="open_document"),
    path("<int:document_id>/look/", views.look_into, name="look_into"),
    path("<int:document_id>/look/close/", views.close_look, name="close_look"),
    path("<int:document_id>/cancel/", views.cancel_document, name="cancel_document"),
    path("<int:document_id>/retry/", views.retry_document, name="retry_document"),
]
