"""The demonstration's tour: who is who, and things to look at. Only in a demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from greenlane.apps.accounts.queries import NoSuchPerson, person
from greenlane.apps.migration.queries import carried_accounts
from greenlane.web.public.frame import KEYS, frame, place

# Keys of the demonstration's cast, which are the same in every one of them.
_DIRECTOR, _FIELD_MANAGER, _SPECIALIST = "U-DEM0000001", "U-DEM0000003", "U-DEM0000004"
_ANALYST, _OPERATOR = "U-DEM0000007", "U-DEM0000009"
_CERTIFIED, _DRAFT, _RETURNED = "A-DEM0000001", "A-DEM0000004", "A-DEM0000015"
_HIT, _PROPOSED, _SPANISH = "A-DEM0000019", "A-DEM0000020", "A-DEM0000016"
_VISITED, _REPORTED, _ANSWERED = "A-DEM0000025", "A-DEM0000026", "A-DEM0000031"
_SPECIALIST_ANGELES: Final = "U-DEM0000006"
_NOT_HELD, _DECIDED, _SPECIALIST_LAREDO = "A-DEM0000038", "A-DEM0000041", "U-DEM0000005"
_IN_WINDOW, _LATE, _SUBMITTED, _BEHIND = (
    "A-DEM0000002",
    "A-DEM0000032",
    "A-DEM0000035",
    "A-DEM0000061",
)
_APPEALS: Final = "U-DEM0000010"
_PARTLY_SUSPENDED, _WON_BACK, _APPEALED, _REMOVED, _SELF_REPORT = (
    "A-DEM0000053",
    "A-DEM0000027",
    "A-DEM0000055",
    "A-DEM0000056",
    "A-DEM0000005",
)
_DIFFERENT_DAY: Final = "on=2026-01-15"


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing to look at: as whom (a person's key, "" for anybody), where."""

    title: str
    text: str
    href: str
    who: str = ""
    name: str = ""


@never_cache
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """Show who is who, with one-click sign-ins, and what is worth seeing."""
    if not settings.IS_DEMO:
        raise Http404
    people = [
        (_contact(_CERTIFIED), _("Certified importer: letters, standing, record")),
        (_contact(_RETURNED), _("Importer whose profile came back with questions")),
        (_contact(_SPANISH), _("Manufacturer who works in Spanish")),
        (_contact(_REPORTED), _("Manufacturer who answers the findings of a visit, in Spanish")),
        (_SPECIALIST, _("Specialist in Newark: reads profiles, proposes, visits")),
        (_ANALYST, _("Vetting analyst: the only one who sees hits")),
        (_FIELD_MANAGER, _("Field manager in Laredo: decides on proposals")),
        (_DIRECTOR, _("Director: sees every office")),
        (_APPEALS, _("Appeal authority: decides what a company appeals, and nothing else")),
        (_OPERATOR, _("Operator: runs the installation, decides nothing")),
    ]
    context = frame(
        _("Tour of the demonstration"),
        "tour",
        people=[
            {"key": key, "name": _name(key), "note": note} for key, note in people if _name(key)
        ],
        stops=_stops(),
        go=reverse("public:go"),
    )
    return render(request, "public/tour.html", context)


def _contact(account: str) -> str:
    """Return the key of an account's point of contact."""
    return f"U-DMP{account[-7:]}"


def _name(key: str) -> str:
    try:
        return person(key).name
    except NoSuchPerson:
        return ""


def _stops() -> list[Stop]:
    found = [*_member_stops(), *_office_stops(), *_trust_stops(), *_visit_stops(), *_record_stops()]
    return [
        Stop(each.title, each.text, each.href, each.who, _name(each.who) if each.who else "")
        for each in found
    ]


def _member_stops() -> list[Stop]:
    return [
        Stop(
            _("A draft application"),
            _("What is asked, what is answered, and the day on which the draft lapses."),
            place("member:profile", _DRAFT),
            _contact(_DRAFT),
        ),
        Stop(
            _("A returned profile"),
            _("The specialist's questions beside the answers they are about."),
            place("member:profile", _RETURNED),
            _contact(_RETURNED),
        ),
        Stop(
            _("An annual review in its window"),
            _("Last year's answers stand; what changed since comes first."),
            place("member:annual", _IN_WINDOW),
            _contact(_IN_WINDOW),
        ),
        Stop(
            _("An annual review that is late"),
            _("The same page after the anniversary: the clock is over, the review still goes in."),
            place("member:annual", _LATE),
            _contact(_LATE),
        ),
        Stop(
            _("A new edition of the criteria"),
            _("What it changes here, and what becomes of each answer. Apply it, then undo."),
            place("member:edition", _BEHIND),
            _contact(_BEHIND),
        ),
    ]


def _office_stops() -> list[Stop]:
    queue = place("specialist:queue")
    return [
        Stop(
            _("The queue"),
            _("A specialist's members in the order of what is due."),
            queue,
            _SPECIALIST,
        ),
        Stop(
            _("Hits, one after another"),
            _("A queue by score; false is remembered for the pair, true needs a second person."),
            place("specialist:hits"),
            _ANALYST,
        ),
        Stop(
            _("Debts, seizures and violations from a file"),
            _("A CSV by identifiers: what each row would mean first, recorded when asked for."),
            place("specialist:customs"),
            _ANALYST,
        ),
        Stop(
            _("Vetting with an open hit"),
            _("Similar names side by side. The company never sees this page."),
            place("specialist:vetting", _HIT),
            _ANALYST,
        ),
        Stop(
            _("A proposal that waits for a second person"),
            _("Who proposed cannot decide; the field manager can."),
            place("specialist:case", _PROPOSED),
            _FIELD_MANAGER,
        ),
        Stop(
            _("An annual review, read"),
            _("What changed since the last approval first; what did not is folded."),
            place("specialist:review", _SUBMITTED),
            _SPECIALIST,
        ),
        Stop(
            _("Who has not applied the new edition"),
            _("Members whose profile still stands under the criteria before."),
            place("specialist:editions"),
            _DIRECTOR,
        ),
        Stop(
            _("The due list on another day"),
            _("The same record, asked what was due on 15 January 2026."),
            f"{queue}?{_DIFFERENT_DAY}" if queue else "",
            _SPECIALIST,
        ),
    ]


def _visit_stops() -> list[Stop]:
    return [
        Stop(
            _("The health of the program"),
            _("Counts, ages, what is overdue and why, on any day; as a page, a workbook, a PDF."),
            place("specialist:health"),
            _DIRECTOR,
        ),
        Stop(
            _("What the office itself owes"),
            _("Its yearly duties by statute, what met them, and why one was missed."),
            place("specialist:program"),
            _DIRECTOR,
        ),
        Stop(
            _("The year's plan of validations"),
            _("Who is due by which rule, what the staff can hold, and what will be late."),
            place("specialist:plan"),
            _DIRECTOR,
        ),
        Stop(
            _("An outage by decree"),
            _("Three days on which every clock stood still, decided once, on the record."),
            place("specialist:decrees"),
            _DIRECTOR,
        ),
        Stop(
            _("A visit with findings"),
            _("Scope, sites at home and abroad, checklist, photograph, findings; best on a phone."),
            place("specialist:validation", _VISITED),
            _SPECIALIST,
        ),
        Stop(
            _("A site that cannot be visited"),
            _("The notice is sent, the partner refused access; the reason stays on the case."),
            place("specialist:validation", _NOT_HELD),
            _SPECIALIST,
        ),
        Stop(
            _("Findings that wait for an answer"),
            _("The report as PDF, the answer with proof to each finding; Spanish, on a phone."),
            place("member:validation", _REPORTED),
            _contact(_REPORTED),
        ),
        Stop(
            _("Answers to verify"),
            _("Accept, ask again, or close with what was verified and how."),
            place("specialist:validation", _ANSWERED),
            _SPECIALIST_LAREDO,
        ),
        Stop(
            _("A decided validation"),
            _("Tier, reasons, report with its hash, and when the next is due by each reading."),
            place("specialist:validation", _DECIDED),
            _DIRECTOR,
        ),
    ]


def _trust_stops() -> list[Stop]:
    return [
        Stop(
            _("Trust: what waits when it fails"),
            _("An urgent suspension to review, a joint review of a self-report."),
            place("specialist:trust_queue"),
            _DIRECTOR,
        ),
        Stop(
            _("A suspension as the company sees it"),
            _("Benefits lost and kept, its corrective plan step by step, its clocks."),
            place("member:standing", _PARTLY_SUSPENDED),
            _contact(_PARTLY_SUSPENDED),
        ),
        Stop(
            _("An incident that a company reported itself"),
            _("When it was found, when it was reported, and the joint review still to come."),
            place("specialist:incidents", _SELF_REPORT),
            _SPECIALIST_ANGELES,
        ),
        Stop(
            _("A suspension that ended in reinstatement"),
            _("Notice, hearing, decision, a plan proved step by step, and what is given back."),
            place("specialist:trust", _WON_BACK),
            _DIRECTOR,
        ),
        Stop(
            _("An appeal to decide"),
            _("Against which decision, its 180 days; until then it lifts nothing."),
            place("specialist:appeal", _APPEALED),
            _APPEALS,
        ),
        Stop(
            _("A removal"),
            _("Suspended, ninety days without an answer, removed; with reasons and letters."),
            place("specialist:trust", _REMOVED),
            _DIRECTOR,
        ),
    ]


def _carried() -> str:
    """Return the first account that was taken over from an older register; "" without one."""
    taken = sorted((one.line, key) for key, one in carried_accounts().items())
    return taken[0][1] if taken else ""


def _record_stops() -> list[Stop]:
    carried = _carried()
    return [
        Stop(
            _("A member taken over from an older register"),
            _("Its days came from a file, and each says so; one that could not be was explained."),
            place("specialist:record", carried) if carried else "",
            _DIRECTOR,
        ),
        Stop(
            _("A certification letter"),
            _("Open the letter, then check its code as an outsider would."),
            place("member:letters", _CERTIFIED),
            _contact(_CERTIFIED),
        ),
        Stop(
            _("The record and its receipt"),
            _("Every act, each bound to the one before. Take a receipt and verify it."),
            place("member:record", _CERTIFIED),
            _contact(_CERTIFIED),
        ),
        Stop(
            _("The criteria in Spanish"),
            _("Everything public is there in both languages."),
            f"{reverse('public:criteria')}?language=es&entity=foreign_manufacturer",
        ),
        Stop(
            _("The public keys"),
            _("What the interface for programs gives to anybody who verifies a receipt."),
            place(KEYS),
        ),
    ]
