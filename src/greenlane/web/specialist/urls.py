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
    plan,
    program,
    review,
    validations,
    vetting,
    visit,
)

app_name = "specialist"
urlpatterns: list[URLPattern] = [
    path("", lists.queue, name="queue"),
    path("health/", health.health, name="health"),
    path("program/", program.program, name="program"),
    path("program/acts/<str:act>/", program.office_act, name="office_act"),
    path("members/", lists.members, name="members"),
    path("plan/", plan.plan, name="plan"),
    path("plan/capacity/", plan.capacity, name="capacity"),
    path("plan/adopt/", plan.adopt, name="adopt_plan"),
    path("outages/", plan.decrees, name="decrees"),
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
    path("<str:key>/validation/", validations.validation, name="validation"),
    path("<str:key>/validation/sites/<int:site>/", visit.visit, name="validation_visit"),
    path(
        "<str:key>/validation/sites/<int:site>/<str:criterion>/",
        visit.check,
        name="validation_check",
    ),
    path(
        "<str:key>/validation/sites/<int:site>/<str:criterion>/draft/",
        visit.draft,
        name="validation_draft",
    ),
    path(
        "<str:key>/validation/sites/<int:site>/<str:criterion>/photo/",
        visit.photo,
        name="validation_photo",
    ),
    path("<str:key>/validation/findings/", visit.new_finding, name="validation_new_finding"),
    path("<str:key>/validation/findings/<int:seq>/", visit.finding, name="validation_finding"),
    path("<str:key>/validation/acts/<str:slug>/", validations.act, name="validation_act"),
    path("<str:key>/certify/", certify.certify, name="certify"),
    path("<str:key>/record/", history.record, name="record"),
    path("<str:key>/letters/", history.letters, name="letters"),
    path("<str:key>/documents/<int:seq>/", history.document, name="document"),
]
