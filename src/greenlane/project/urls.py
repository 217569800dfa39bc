"""Which address leads to which door."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern


class _Later(URLResolver):
    """Addresses whose module is imported when somebody asks for one of them, or for its name.

    Each worker imports what its addresses lead to before it serves a page; the API with the forms
    of its hundred resources and the pages of an office are half of that. The addresses need a
    namespace of their own: within it Django asks the module itself. ``manage check`` reads them
    like all others.
    """

    def _populate(self) -> None:
        """Tell nothing to whoever collects the names of all addresses."""


def _later(place: str, module: str, app_name: str, namespace: str = "") -> URLResolver:
    where = RoutePattern(place, is_endpoint=False)
    return _Later(where, module, app_name=app_name, namespace=namespace or app_name)


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("greenlane.web.public.urls")),
    path("", include("greenlane.web.people.urls")),
    _later("office/", "greenlane.web.specialist.urls", "specialist"),
    _later("api/v1/", "greenlane.api.v1.urls", "ninja", "api-v1"),
    _later("my/", "greenlane.web.member.urls", "member"),
    path("ui/", include("greenlane.web.ui.urls")),
]
handler400 = "greenlane.web.ui.errors.bad_request"
handler403 = "greenlane.web.ui.errors.not_allowed"
handler404 = "greenlane.web.ui.errors.not_found"
handler429 = "greenlane.web.ui.errors.too_many"
handler500 = "greenlane.web.ui.errors.broken"
