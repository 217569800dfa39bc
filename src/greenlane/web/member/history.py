"""What has happened and what will: letters, record, documents, receipts; the time of an account."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.audit.queries import Recorded, events_of
from greenlane.apps.audit.receipts import make_receipt
from greenlane.apps.certification import queries as letters_queries
from greenlane.apps.members import queries
from greenlane.core.access import is_office_only
from greenlane.core.errors import GreenlaneError
from greenlane.core.vocabulary import Matter
from greenlane.gate.access import now, the_program, today
from greenlane.gate.records import account_for, document_given
from greenlane.web.member.frame import duties_shown, frame
from greenlane.web.ui import trust, validations
from greenlane.web.ui.clocks import TimelineEntry, clock_of
from greenlane.web.ui.errors import refused
from greenlane.web.ui.pieces import Hash, Moment
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

_ROWS: Final = 100
_WORDS = {
    "account.opened": gettext_lazy("Account opened"),
    "answer.saved": gettext_lazy("Answer saved"),
    "answer.reaffirmed": gettext_lazy("Answers reaffirmed"),
    "answer.restored": gettext_lazy("Answer put back as it was"),
    "edition.applied": gettext_lazy("New edition of the criteria applied"),
    "edition.fixed": gettext_lazy("Submitted under a newer edition"),
    "edition.undone": gettext_lazy("New edition of the criteria undone"),
    "assessment.filed": gettext_lazy("Risk assessment filed"),
    "carried.taken": gettext_lazy("Taken over from the office's earlier records"),
    "company_profile.saved": gettext_lazy("Company profile saved"),
    "document.given": gettext_lazy("Document given"),
    "evidence.given": gettext_lazy("Evidence attached"),
    "evidence.withdrawn": gettext_lazy("Evidence taken away"),
    "fact.declared": gettext_lazy("Facts declared"),
    "letter.issued": gettext_lazy("Letter issued"),
    "party.declared": gettext_lazy("Person or place declared"),
    "party.removed": gettext_lazy("Person or place removed"),
    "review.accepted": gettext_lazy("Answer accepted"),
    "review.returned": gettext_lazy("Answer returned"),
    **validations.EVENT_WORDS,
    **trust.EVENT_WORDS,
}


def entries_of(account: Account) -> list[TimelineEntry]:
    """Return the account's time: what happened, what runs, what is to come."""
    program, language = the_program(), get_language() or "en"
    record = reverse("member:record", args=[account.stream])
    places = {event.seq: place for place, event in enumerate(_own_events(account), start=1)}
    past = [
        TimelineEntry(
            in_language(program.transition(step.act).title),
            "past",
            Moment(step.on, href=_entry_href(record, places[step.seq])),
            why_href=reverse("public:rule", args=[step.act]),
        )
        for step in queries.steps_of(account)
        if not is_office_only(program, kind="step", act=step.act)
    ]
    running = [
        TimelineEntry(
            duty.deadline.title.in_(language),
            "present" if duty.opens_on is None or duty.opens_on <= today() else "future",
            Moment(duty.due_on),
            clock=replace(clock_of(duty, language=language), title=""),
            why_href=reverse("public:rule", args=[duty.id]),
        )
        for duty in sorted(duties_shown(account), key=lambda duty: duty.due_on)
    ]
    return [*past, *running]


def letters(request: HttpRequest, key: str) -> HttpResponse:
    """List the letters that were issued to the account."""
    try:
        account = account_for(request, key)
    except GreenlaneError as error:
        return refused(request, error)
    rows = [
        {
            "kind": in_language(the_program().letters[letter.kind]["subject"]).format_map(
                {"company": letter.company_name, "account": account.stream, "code": letter.code}
            ),
            "on": letter.issued_on,
            "code": "-".join(letter.code[i : i + 4] for i in range(0, len(letter.code), 4)),
            "check_href": reverse("public:letter", args=[letter.code]),
            "href": reverse("member:document", args=[account.stream, letter.document_seq]),
        }
        for letter in letters_queries.letters_of(account.stream)
    ]
    return render(
        request, "member/letters.html", frame(request, account, _("Letters"), "letters", rows=rows)
    )


def record(request: HttpRequest, key: str) -> HttpResponse:
    """Show the account's events as a ledger, as far as the company may read it."""
    try:
        account = account_for(request, key, matter=Matter.RECORD)
    except GreenlaneError as error:
        return refused(request, error)
    given = request.GET.get("after", "")
    after = int(given) if given.isdecimal() and len(given) < 10 else 0
    found = _own_events(account)
    events, more = found[after : after + _ROWS], found[after + _ROWS :]
    names = names_of({event.fields["actor"] for event in events})
    program = the_program()
    rows = []
    for place, event in enumerate(events, start=after + 1):
        row = program.transitions.get(event.act)
        title = in_language(row.title) if row else str(_WORDS.get(event.act, event.act))
        rows.append(
            {
                "place": place,
                "on": event.on,
                "at": event.recorded_at,
                "title": title,
                "actor": names.get(event.fields["actor"], ""),
                "detail": event.fields["payload"].get("criterion", ""),
                "hash": Hash(event.hash),
            }
        )
    context = frame(
        request,
        account,
        _("Record"),
        "record",
        rows=rows,
        next_after=after + _ROWS if more else None,
    )
    return render(request, "member/record.html", context)


def _own_events(account: Account) -> list[Recorded]:
    """Return the events that a company may read, all of them, in order.

    Their place in this list is their number on the page. The chain's own numbers would have gaps,
    and a gap tells that something happened.
    """
    program = the_program()
    return [
        event
        for event in events_of(account.stream)
        if not is_office_only(program, kind=event.kind, act=event.act)
    ]


def _entry_href(record: str, place: int) -> str:
    """Return the address of an entry, on whichever of the record's pages it stands."""
    before = (place - 1) // _ROWS * _ROWS
    return f"{record}?after={before}#e{place}" if before else f"{record}#e{place}"


def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """Give the signed head of the account's chain: a witness to keep elsewhere."""
    try:
        account = account_for(request, key, matter=Matter.RECORD)
        text = make_receipt(account.stream, at=now())
    except GreenlaneError as error:
        return refused(request, error)
    answer = HttpResponse(text + "\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{account.stream}.txt"'
    return answer


def document(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Give a document of the account back, always as a download, never shown in our pages."""
    try:
        return document_given(request, account_for(request, key), seq)
    except GreenlaneError as error:
        return refused(request, error)
