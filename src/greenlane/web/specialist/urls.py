"""Addresses of the specialist door, all below ``/office/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from greenlane.web.specialist import (
    act,
    case,
    cells,
    certify,
    customs,
    health,
    history,
    hits,
    lists,
    review,
    vetting,
)

app_name = "specialist"
urlpatterns: list[URLPattern] = [
    path("", lists.queue, name="queue"),
    path("health/", health.health, name="health"),
    path("members/", lists.members, name="members"),
    path("hits/", hits.hits, name="hits"),
    path("customs/", customs.customs, name="customs"),
    path("criteria/", cells.cells, name="cells"),
    path("criteria/<str:criterion>/<str:entity>/", cells.cell, name="cell"),
    path("<str:key>/", case.case, name="case"),
    path("<str:key>/act/<str:act>/", act.act, name="act"),
    path("<str:key>/review/", review.review, name="review"),
    path("<str:key>/review/<str:criterion>/", review.criterion, name="criterion"),
    path("<str:key>/vetting/", vetting.vetting, name="vetting"),
    path("<str:key>/vetting/screen/", vetting.screen, name="screen"),
    path("<str:key>/hits/<str:hit>/", hits.hit, name="hit"),
    path("<str:key>/certify/", certify.certify, name="certify"),
    path("<str:key>/record/", history.record, name="record"),
    path("<str:key>/letters/", history.letters, name="letters"),
    path("<str:key>/documents/<int:seq>/", history.document, name="document"),
]
