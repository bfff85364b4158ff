"""What a worker without the other apps can resolve."""

from django.urls import include, path

urlpatterns = [path("documents/", include("election_admin.documents.urls"))]
