"""Addresses that need no sign-in, and ``/go/``, which sends somebody signed in to their door."""

from __future__ import annotations

from django.urls import URLPattern, path

from greenlane.web.public import criteria, home, letters, rules, tour, verify

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("go/", home.go, name="go"),
    path("criteria/", criteria.criteria, name="criteria"),
    path("criteria/<str:key>/", criteria.criterion, name="criterion"),
    path("check/", letters.check, name="check"),
    path("check/<str:code>/", letters.letter, name="letter"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:key>/", rules.rule, name="rule"),
    path("verify/", verify.verify, name="verify"),
    path("tour/", tour.tour, name="tour"),
]
