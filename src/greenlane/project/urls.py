"""Which address leads to which door."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from greenlane.api.v1.urls import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("greenlane.web.public.urls")),
    path("", include("greenlane.web.people.urls")),
    path("office/", include("greenlane.web.specialist.urls")),
    path("api/v1/", api.urls),
    path("my/", include("greenlane.web.member.urls")),
    path("ui/", include("greenlane.web.ui.urls")),
]
handler400 = "greenlane.web.ui.errors.bad_request"
handler403 = "greenlane.web.ui.errors.not_allowed"
handler404 = "greenlane.web.ui.errors.not_found"
handler429 = "greenlane.web.ui.errors.too_many"
handler500 = "greenlane.web.ui.errors.broken"
