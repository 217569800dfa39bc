"""Addresses of the member door, all below ``/my/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from greenlane.web.member import (
    account,
    history,
    incidents,
    opening,
    people_and_places,
    profile,
    standing,
    submission,
    validations,
    work,
)

app_name = "member"
urlpatterns: list[URLPattern] = [
    path("", work.work, name="work"),
    path("apply/", opening.choose, name="choose"),
    path("apply/<str:entity_type>/", opening.check, name="eligibility"),
    path("<str:key>/", account.overview, name="account"),
    path("<str:key>/company/", account.company, name="company"),
    path("<str:key>/people/", people_and_places.people, name="people"),
    path("<str:key>/people/new/<str:role>/", people_and_places.new, name="party_new"),
    path("<str:key>/people/<str:party_key>/", people_and_places.one, name="party"),
    path("<str:key>/people/<str:party_key>/remove/", people_and_places.remove, name="party_remove"),
    path("<str:key>/agreement/", account.agreement, name="agreement"),
    path("<str:key>/agreement/sign/", account.sign, name="sign"),
    path("<str:key>/risk/", account.risk, name="risk"),
    path("<str:key>/withdraw/", account.withdraw, name="withdraw"),
    path("<str:key>/profile/", profile.profile, name="profile"),
    path("<str:key>/profile/reaffirm/", profile.reaffirm_all, name="reaffirm"),
    path("<str:key>/profile/<str:criterion>/", profile.criterion, name="criterion"),
    path("<str:key>/profile/<str:criterion>/draft/", profile.draft, name="draft"),
    path("<str:key>/profile/<str:criterion>/evidence/", profile.evidence, name="evidence"),
    path(
        "<str:key>/profile/<str:criterion>/evidence/<int:seq>/remove/",
        profile.remove_evidence,
        name="withdraw_evidence",
    ),
    path("<str:key>/submit/", submission.submit, name="submit"),
    path("<str:key>/validation/", validations.validation, name="validation"),
    path("<str:key>/validation/documents/", validations.paper, name="validation_paper"),
    path("<str:key>/validation/waiver/", validations.waive, name="waive_notice"),
    path("<str:key>/validation/answers/", validations.submit_answers, name="submit_answers"),
    path("<str:key>/validation/findings/<int:seq>/", validations.finding, name="finding"),
    path("<str:key>/standing/", standing.standing, name="standing"),
    path("<str:key>/standing/appeal/", standing.appeal, name="appeal"),
    path("<str:key>/standing/<int:seq>/answer/", standing.hear, name="hear"),
    path("<str:key>/standing/<int:seq>/plan/", standing.plan, name="plan"),
    path("<str:key>/standing/<int:seq>/plan/<int:number>/", standing.plan_step, name="plan_step"),
    path("<str:key>/incidents/", incidents.incidents, name="incidents"),
    path("<str:key>/incidents/report/", incidents.report, name="report_incident"),
    path("<str:key>/incidents/<int:seq>/", incidents.incident, name="incident"),
    path("<str:key>/letters/", history.letters, name="letters"),
    path("<str:key>/record/", history.record, name="record"),
    path("<str:key>/record/receipt/", history.receipt, name="receipt"),
    path("<str:key>/documents/<int:seq>/", history.document, name="document"),
]
