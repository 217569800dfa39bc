"""Words and tones of incidents, suspensions and appeals that both doors show alike."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from greenlane.apps.documents.queries import names_at
from greenlane.web.ui.pieces import CheckLine, Link, Status

if TYPE_CHECKING:
    from greenlane.apps.incidents.queries import AnyIncident, Comparison
    from greenlane.apps.suspensions.models import Appeal, PlanStep
    from greenlane.apps.suspensions.queries import AnySuspension, BenefitState
    from greenlane.core.program import Program

STATES: Final = {
    "PROPOSED": (gettext_lazy("Proposed"), "waiting"),
    "NOTIFIED": (gettext_lazy("Notice given"), "warning"),
    "DECLINED": (gettext_lazy("Not followed up"), "ended"),
    "IN_FORCE": (gettext_lazy("In force"), "bad"),
    "LIFTED": (gettext_lazy("Lifted"), "good"),
    "REMOVED": (gettext_lazy("Removed from the program"), "bad"),
    "CLOSED": (gettext_lazy("Closed for want of an answer"), "ended"),
    "OVERTURNED": (gettext_lazy("Overturned on appeal"), "good"),
    "ENDED": (gettext_lazy("Ended with the membership"), "ended"),
}
DEGREES: Final = {
    "FULL": gettext_lazy("Full suspension"),
    "PART": gettext_lazy("Suspension of single benefits"),
    "REMOVAL": gettext_lazy("Removal at once"),
}
PATHS: Final = {
    "NORMAL": gettext_lazy("Normal path: notice, answer, decision"),
    "URGENT": gettext_lazy("Urgent path: immediate effect, reviewed afterwards"),
}
STEP_STATES: Final = {
    "PLANNED": (gettext_lazy("Planned"), "neutral"),
    "PROVED": (gettext_lazy("Proof given"), "waiting"),
    "ASKED_AGAIN": (gettext_lazy("Asked again"), "warning"),
    "VERIFIED": (gettext_lazy("Verified"), "good"),
}
OUTCOMES: Final = {
    "DILIGENCE_SHOWN": (gettext_lazy("Due diligence shown: no suspension"), "good"),
    "SUSPENSION_MAY_FOLLOW": (gettext_lazy("Suspension may follow"), "warning"),
}
APPEALS: Final = {
    "": (gettext_lazy("Waits for its determination"), "waiting"),
    "GRANTED": (gettext_lazy("Granted"), "good"),
    "UPHELD": (gettext_lazy("Decision upheld"), "bad"),
}
QUESTIONS: Final = {
    "diligence": gettext_lazy("Due diligence was shown"),
    "procedures": gettext_lazy("The company's own procedures were followed"),
    "improved": gettext_lazy("The measures were improved"),
}
EVENT_WORDS: Final = {
    "incident.reported": gettext_lazy("Incident reported"),
    "incident.disclosed": gettext_lazy("Incident told to the company"),
    "incident.reviewed": gettext_lazy("Joint review closed"),
    "incident.analysis_asked": gettext_lazy("Analysis after the incident asked for"),
    "incident.analysis_given": gettext_lazy("Analysis after the incident given"),
    "suspension.notified": gettext_lazy("Notice of an intended suspension"),
    "suspension.heard": gettext_lazy("Notice answered"),
    "suspension.dropped": gettext_lazy("Intended suspension not followed up"),
    "suspension.decided": gettext_lazy("Suspension decided"),
    "suspension.answered": gettext_lazy("Corrective action plan given"),
    "suspension.step_proved": gettext_lazy("Step of the plan proved"),
    "suspension.step_judged": gettext_lazy("Step of the plan judged"),
    "suspension.urgency_reviewed": gettext_lazy("Urgent suspension reviewed"),
    "suspension.ended": gettext_lazy("Suspension ended"),
    "appeal.filed": gettext_lazy("Appeal filed"),
    "appeal.decided": gettext_lazy("Appeal decided"),
}
OFFICE_EVENT_WORDS: Final = {
    "discovery.made": gettext_lazy("Incident found by the office"),
    "discovery.matched": gettext_lazy("Finding matched with an incident"),
    "discovery.noted": gettext_lazy("Internal note on an incident"),
    "deliberation.proposed": gettext_lazy("Suspension proposed"),
    "deliberation.declined": gettext_lazy("Proposed suspension declined"),
}


def state_of(case: AnySuspension) -> Status:
    """Return where a suspension stands, as a word and a tone."""
    word, tone = STATES[case.state]
    return Status(str(word), tone, case.ended_on or case.decided_on or case.notified_on)


def step_state(step: PlanStep) -> Status:
    """Return where a step of a plan stands."""
    word, tone = STEP_STATES[step.state]
    return Status(str(word), tone, step.judged_on or step.proved_on)


def appeal_state(appeal: Appeal) -> Status:
    """Return where an appeal stands."""
    word, tone = APPEALS[appeal.outcome]
    return Status(str(word), tone, appeal.decided_on or appeal.filed_on)


def incident_state(incident: AnyIncident) -> Status:
    """Return where the joint review of an incident stands."""
    if incident.state == "OPEN":
        return Status(_("Joint review open"), "waiting")
    word, tone = OUTCOMES[incident.outcome]
    return Status(str(word), tone, incident.reviewed_on)


def document_links(door: str, stream: str, places: Collection[int]) -> list[Link]:
    """Return links to documents of an account by their names, at a door; one query."""
    names = names_at(stream, places) if places else {}
    return [
        Link(
            names.get(seq) or _("Document %(seq)s") % {"seq": seq},
            reverse(f"{door}:document", args=[stream, seq]),
        )
        for seq in places
    ]


def answers_of(incident: AnyIncident) -> list[CheckLine]:
    """Return what the joint review found, question by question."""
    return [
        CheckLine(str(words), str(incident.shown.get(key, "unknown")))
        for key, words in QUESTIONS.items()
        if incident.shown
    ]


def comparison_words(found: Comparison) -> str:
    """Return which came first, in a sentence."""
    if found.is_self_report:
        if found.discovered_at is None:
            return _("The company reported it; the office has found nothing of it by itself.")
        return _("The company reported it before the office found it.")
    if found.reported_at is None:
        return _("The office found it; the company did not report it.")
    return _("The office found it before the company reported it.")


def kind_words(program: Program, kind: str) -> str:
    """Return a kind of incident in words, without its final point."""
    found = program.reasons.get(kind)
    return found.in_(get_language() or "en").rstrip(".") if found else kind


def ground_title(program: Program, ground: str) -> str:
    """Return a ground with its code."""
    found = program.grounds.get(ground)
    return f"{ground}: {found.title.in_(get_language() or 'en')}" if found else ground


def benefit_lines(found: list[BenefitState]) -> list[dict[str, Any]]:
    """Return the benefits of a tier, each kept or suspended."""
    language = get_language() or "en"
    kept, lost = Status(_("Kept"), "good"), Status(_("Suspended"), "bad")
    return [
        {"title": one.benefit.title.in_(language), "state": kept if one.is_active else lost}
        for one in found
    ]
