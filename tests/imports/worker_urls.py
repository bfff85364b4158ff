"""What a worker without the other apps can resolve."""

from django.urls import include, path

urlpatterns = [path("imports/", include("election_admin.imports.urls"))]
