"""Words and tones of a validation that both doors show alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy

from greenlane.apps.documents.queries import names_at
from greenlane.web.ui.pieces import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenlane.apps.validations.models import Finding, Site, Turn

FINDING_KINDS: Final = {
    "REQUIRED_ACTION": gettext_lazy("Required action"),
    "RECOMMENDATION": gettext_lazy("Recommendation"),
    "BEST_PRACTICE": gettext_lazy("Best practice"),
}
FINDING_STATES: Final = {
    "RAISED": (gettext_lazy("Not yet reported"), "neutral"),
    "REPORTED": (gettext_lazy("Waits for an answer"), "warning"),
    "ANSWERED": (gettext_lazy("Answered"), "waiting"),
    "ASKED_AGAIN": (gettext_lazy("Asked again"), "warning"),
    "ACCEPTED": (gettext_lazy("Answer accepted"), "good"),
    "VERIFIED": (gettext_lazy("Verified and closed"), "good"),
}
SITE_STATES: Final = {
    "PLANNED": (gettext_lazy("Planned"), "waiting"),
    "VISITED": (gettext_lazy("Visited"), "good"),
    "NOT_HELD": (gettext_lazy("Cannot be visited"), "warning"),
}
EVENT_WORDS: Final = {
    "validation.opened": gettext_lazy("Validation case opened"),
    "validation.site_added": gettext_lazy("Site added"),
    "validation.prepared": gettext_lazy("Team, agenda and documents set"),
    "validation.scheduled": gettext_lazy("Day of the visit set"),
    "validation.notified": gettext_lazy("Notice of the visit"),
    "validation.notice_waived": gettext_lazy("Notice period waived"),
    "validation.paper_given": gettext_lazy("Document given for the validation"),
    "validation.visited": gettext_lazy("Visit held"),
    "validation.site_not_held": gettext_lazy("Site cannot be visited"),
    "validation.reported": gettext_lazy("Report issued"),
    "validation.finding_answered": gettext_lazy("Finding answered"),
    "validation.answer_accepted": gettext_lazy("Answer to a finding accepted"),
    "validation.asked_again": gettext_lazy("Asked again about a finding"),
    "validation.finding_verified": gettext_lazy("Finding verified and closed"),
    "validation.deferred": gettext_lazy("Validation deferred"),
    "validation.resumed": gettext_lazy("Validation taken up again"),
    "validation.decided": gettext_lazy("Validation decided"),
}
OFFICE_EVENT_WORDS: Final = {
    "inspection.checked": gettext_lazy("Criterion judged at a site"),
    "inspection.photo_taken": gettext_lazy("Photograph kept"),
    "inspection.noted": gettext_lazy("Internal note"),
    "inspection.finding_raised": gettext_lazy("Finding raised"),
    "inspection.finding_revised": gettext_lazy("Finding changed"),
    "inspection.finding_dropped": gettext_lazy("Finding taken back"),
    "inspection.recommended": gettext_lazy("Recommended to the director"),
}
FIVE: Final = {
    "support": gettext_lazy("Senior management support"),
    "innovation": gettext_lazy("Innovative process or technology"),
    "documented": gettext_lazy("Documented process"),
    "accountability": gettext_lazy("Checks, balances and accountability"),
    "evidence": gettext_lazy("Evidence of implementation"),
}
MEANS: Final = (
    ("DOCUMENTS", gettext_lazy("Documents were read")),
    ("PHOTOS", gettext_lazy("Photographs were looked at")),
    ("VISIT", gettext_lazy("A visit on site")),
    ("VIRTUAL", gettext_lazy("A virtual visit")),
)


def site_status(site: Site) -> Status:
    """Return how far a site is, as a word and a tone."""
    if site.how == "RECOGNIZED" and site.state == "PLANNED":
        return Status(str(gettext_lazy("No visit: certified elsewhere")), "good")
    word, tone = SITE_STATES[site.state]
    return Status(str(word), tone)


def names_of_documents(stream: str, row: Finding, turns: Sequence[Turn]) -> dict[int, str]:
    """Return the file names of everything that a finding and its exchange rest on, by place."""
    places = {*row.evidence, *(seq for turn in turns for seq in turn.documents)}
    return names_at(stream, places)


def finding_status(row: Finding) -> Status:
    """Return a finding's state as a word and a tone; a best practice asks for no answer."""
    if row.kind == "BEST_PRACTICE" and row.reported_on is not None:
        return Status(str(gettext_lazy("Recognized in the report")), "good", row.reported_on)
    word, tone = FINDING_STATES[row.state]
    return Status(str(word), tone, row.closed_on)
