"""The case's record as a ledger, its letters and its documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.audit.queries import Recorded, erased_of, events_of, head_of
from greenlane.apps.certification.queries import letters_of
from greenlane.core.errors import GreenlaneError
from greenlane.core.vocabulary import Matter
from greenlane.gate.access import the_program
from greenlane.gate.records import account_for, document_given
from greenlane.web.specialist.frame import act_title, frame
from greenlane.web.ui import trust, validations
from greenlane.web.ui.errors import refused
from greenlane.web.ui.pieces import Hash
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

_ROWS: Final = 100
_KINDS: Final = {
    "step": gettext_lazy("Steps"),
    "answer": gettext_lazy("Answers"),
    "review": gettext_lazy("Reviews"),
    "check": gettext_lazy("Checks"),
    "document": gettext_lazy("Documents"),
    "proposal": gettext_lazy("Proposals"),
    "letter": gettext_lazy("Letters"),
    "validation": gettext_lazy("Validation"),
    "inspection": gettext_lazy("Visits"),
    "incident": gettext_lazy("Incidents"),
    "discovery": gettext_lazy("Found by the office"),
    "deliberation": gettext_lazy("Deliberation"),
    "suspension": gettext_lazy("Suspension"),
    "appeal": gettext_lazy("Appeals"),
}
_ACTS: Final = {
    "account.opened": gettext_lazy("Account opened"),
    "fact.declared": gettext_lazy("Facts declared"),
    "company_profile.saved": gettext_lazy("Company profile saved"),
    "answer.saved": gettext_lazy("Answer saved"),
    "answer.reaffirmed": gettext_lazy("Answers reaffirmed"),
    "answer.restored": gettext_lazy("Answer put back as it was"),
    "edition.applied": gettext_lazy("New edition of the criteria applied"),
    "edition.fixed": gettext_lazy("Submitted under a newer edition"),
    "edition.undone": gettext_lazy("New edition of the criteria undone"),
    "assessment.filed": gettext_lazy("Risk assessment put on file"),
    "document.given": gettext_lazy("Document put on file"),
    "document.withdrawn": gettext_lazy("Document withdrawn"),
    "evidence.given": gettext_lazy("Evidence given"),
    "evidence.withdrawn": gettext_lazy("Evidence withdrawn"),
    "hold.placed": gettext_lazy("Legal hold placed"),
    "hold.lifted": gettext_lazy("Legal hold lifted"),
    "review.accepted": gettext_lazy("Answer accepted"),
    "review.returned": gettext_lazy("Answer returned"),
    "review.raised": gettext_lazy("Answer raised"),
    "check.recorded": gettext_lazy("Check recorded"),
    "customs.recorded": gettext_lazy("Customs history recorded"),
    "screening.recorded": gettext_lazy("Screened against the watch lists"),
    "hit.decided": gettext_lazy("Hit decided"),
    "party.declared": gettext_lazy("Person or place declared"),
    "party.removed": gettext_lazy("Person or place removed"),
    "carried.taken": gettext_lazy("Taken over from the office's earlier records"),
    "carried.corrected": gettext_lazy("Corrected from the office's earlier records"),
    "proposal.made": gettext_lazy("Proposal made"),
    "proposal.approved": gettext_lazy("Proposal approved"),
    "proposal.declined": gettext_lazy("Proposal declined"),
    "letter.issued": gettext_lazy("Letter issued"),
    **validations.EVENT_WORDS,
    **validations.OFFICE_EVENT_WORDS,
    **trust.EVENT_WORDS,
    **trust.OFFICE_EVENT_WORDS,
}


def record(request: HttpRequest, key: str) -> HttpResponse:
    """Show the events with what they rested on, a hundred at a time."""
    try:
        account = account_for(request, key, matter=Matter.RECORD)
    except GreenlaneError as error:
        return refused(request, error)
    given = request.GET.get("after", "")
    after = int(given) if given.isdecimal() and len(given) < 10 else 0
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in _KINDS else ""
    kinds = [kind] if kind else None
    found = events_of(account.stream, after=after, kinds=kinds, limit=_ROWS + 1)
    events, more = found[:_ROWS], found[_ROWS:]
    names = names_of({who for e in events for who in (e.fields["actor"], e.fields["second"])})
    erased = erased_of(account.stream)
    context = frame(
        request,
        account,
        _("Record"),
        "record",
        rows=[_row(event, names, erased) for event in events],
        head=head_of(account.stream),
        kinds=[(value, str(title), value == kind) for value, title in _KINDS.items()],
        kind=kind,
        next_after=events[-1].seq if more else None,
    )
    return render(request, "specialist/record.html", context)


def _row(event: Recorded, names: dict[str, str], erased: dict[int, str]) -> dict[str, Any]:
    roles = the_program().roles
    role = roles.get(event.fields["role"])
    known = _ACTS.get(event.act)
    return {
        "seq": event.seq,
        "on": event.on,
        "at": event.recorded_at,
        "act": str(known) if known else act_title(event.act),
        "code": event.act,
        "detail": event.fields["payload"].get("criterion", ""),
        "actor": names.get(event.fields["actor"]) or event.fields["actor"],
        "role": in_language(role.title) if role else event.fields["role"],
        "second": names.get(event.fields["second"], ""),
        "facts": sorted(event.fields["facts"].items()),
        "is_erased": event.seq in erased,
        "hash": Hash(event.hash),
    }


def letter_rows(account: Account) -> list[dict[str, Any]]:
    """Return the account's letters, latest first, for a page."""
    return [
        {
            "subject": in_language(the_program().letters[letter.kind]["subject"]).format_map(
                {"company": letter.company_name, "account": account.stream, "code": letter.code}
            ),
            "on": letter.issued_on,
            "code": "-".join(letter.code[i : i + 4] for i in range(0, len(letter.code), 4)),
            "href": reverse("specialist:document", args=[account.stream, letter.document_seq]),
        }
        for letter in letters_of(account.stream)
    ]


def letters(request: HttpRequest, key: str) -> HttpResponse:
    """List the letters that were issued to the account."""
    try:
        account = account_for(request, key)
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(request, account, _("Letters"), "letters", letters=letter_rows(account))
    return render(request, "specialist/letters.html", context)


def document(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Give a document of the account, always as a download, never shown in our pages."""
    try:
        return document_given(request, account_for(request, key), seq)
    except GreenlaneError as error:
        return refused(request, error)
