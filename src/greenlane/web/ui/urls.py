"""Addresses of the style sheet page; doors have their own."""

from __future__ import annotations

from django.urls import path

from greenlane.web.ui import kit

urlpatterns = [
    path("", kit.show, name="ui_kit"),
    path("confirm/", kit.confirm, name="ui_kit_confirm"),
    path("paper/", kit.paper, name="ui_kit_paper"),
    path("error/<int:status>/", kit.error, name="ui_kit_error"),
    path("autosave/", kit.autosave, name="ui_kit_autosave"),
]
