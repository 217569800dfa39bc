"""The queue, grouped by what is due, and the table of all members."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.certification.queries import open_proposals
from greenlane.apps.members import queries
from greenlane.apps.members.queries import AccountDuties
from greenlane.core.errors import BadInput
from greenlane.core.facts import day_of
from greenlane.core.vocabulary import Axis, DutyState, Phase, Power
from greenlane.gate.access import held, roles, signed_in, the_program, today
from greenlane.gate.records import accounts_in_sight
from greenlane.web.specialist.frame import axis_word, frame
from greenlane.web.ui.clocks import clock_of
from greenlane.web.ui.errors import refused
from greenlane.web.ui.pieces import Choice, Empty, Lines, Link, Muted, Status, tone_of_phase
from greenlane.web.ui.table import (
    PAGE_ROWS,
    Column,
    Filter,
    Option,
    Row,
    Table,
    TableQuery,
    cut,
)
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

_WHOSE: Final = {
    "mine": gettext_lazy("Mine"),
    "office": gettext_lazy("My office"),
    "all": gettext_lazy("All"),
}
_WEEK_DAYS: Final = 7
_OVERDUE, _THIS_WEEK, _LATER, _WAITING = range(4)


class _Waiting(NamedTuple):
    """One line of the queue with the values it is sorted by."""

    group: int
    due: str
    stream: str
    found: AccountDuties


def queue(request: HttpRequest) -> HttpResponse:
    """List the accounts by what is due: overdue, this week, later, waiting."""
    columns = [
        Column("member", _("Member")),
        Column("entity", _("Entity type")),
        Column("act", _("What is due")),
        Column("clock", _("Clock")),
        Column("specialist", _("Specialist")),
    ]
    asked = request.GET.get("of", "")
    whose = asked if asked in _WHOSE else _usual(request)
    query = TableQuery.read(request.GET, columns=columns, keep=["of", "on"])
    try:
        on = _day(request)
    except BadInput as error:
        return refused(request, error)
    lines = _lines(request, whose, query.text, on)
    page, more = cut(_after(lines, query.cursor), PAGE_ROWS)
    table = Table(
        _("Queue"),
        columns,
        _queue_rows(page),
        query,
        next_cursor=page[-1][:3] if more else None,
        total=len(lines),
        empty=Empty(_("Nothing is due here"), _("Choose All to see the whole program.")),
        views=[
            Choice(str(word), f"?of={key}" + _kept_day(on), key == whose)
            for key, word in _WHOSE.items()
        ],
        search_label=_("Search the queue"),
        table_id="queue",
    )
    context = frame(
        request, None, _("Queue"), "queue", table=table, as_known_on=None if on == today() else on
    )
    return render(request, "specialist/list.html", context)


def _day(request: HttpRequest) -> date:
    """Return the day asked for in the address (``on``), as known on that day; else today.

    Raises:
        BadInput: it is no day, or one still to come by more than the list can tell.
    """
    asked = request.GET.get("on", "")
    if not asked:
        return today()
    try:
        return day_of(asked)
    except ValueError:
        raise BadInput(
            "{day!r} is no day. Write it in the address as on=2026-05-03.", day=asked[:20]
        ) from None


def _kept_day(on: date) -> str:
    return "" if on == today() else f"&on={on.isoformat()}"


def _usual(request: HttpRequest) -> str:
    """Return whose cases somebody sees first: a specialist their own, others all."""
    assignable = the_program().roles_that_may(Power.BE_ASSIGNED)
    return "mine" if assignable & roles(request) else "all"


def _lines(request: HttpRequest, whose: str, text: str, on: date) -> list[_Waiting]:
    rows = accounts_in_sight(request, the_program().id)
    if whose == "mine":
        rows = rows.filter(specialist=signed_in(request).key)
    elif whose == "office":
        rows = rows.filter(office__in=[one.office for one in held(request) if one.office])
    if text:
        rows = rows.filter(company_name__icontains=text)
    # What waits for a second person is known for today only.
    proposed = set(open_proposals().values_list("stream", flat=True)) if on == today() else set()
    closed = the_program().statuses_in(Phase.CLOSED)
    lines = [
        _line(found, on, found.stream in proposed)
        for found in queries.due_list(on=on, among=rows)
        if found.bucket is not None or found.membership not in closed
    ]
    return sorted(lines, key=lambda line: line[:3])


def _line(found: AccountDuties, on: date, is_proposed: bool) -> _Waiting:
    duty = found.bucket
    if duty is None or duty.state is DutyState.STOPPED:
        # A proposal waits for a person of the office, whether a clock runs or not.
        return _Waiting(_THIS_WEEK if is_proposed else _WAITING, "9999", found.stream, found)
    if duty.state is DutyState.OVERDUE:
        group = _OVERDUE
    elif (duty.due_on - on).days <= _WEEK_DAYS:
        group = _THIS_WEEK
    else:
        group = _LATER
    return _Waiting(group, duty.due_on.isoformat(), found.stream, found)


def _after(lines: list[_Waiting], cursor: tuple[object, ...] | None) -> list[_Waiting]:
    """Return the lines after a place; any other place than one of ours begins anew."""
    if cursor is None or [type(part) for part in cursor] != [int, str, str]:
        return lines
    place = (int(str(cursor[0])), str(cursor[1]), str(cursor[2]))
    return [line for line in lines if line[:3] > place]


def _queue_rows(page: list[_Waiting]) -> list[Row]:
    titles = {
        _OVERDUE: _("Overdue"),
        _THIS_WEEK: _("This week"),
        _LATER: _("Later"),
        _WAITING: _("Waiting for the company, or nothing due"),
    }
    language = get_language() or "en"
    names = names_of({line.found.specialist for line in page})
    program = the_program()
    rows = []
    for group, _due, stream, found in page:
        duty = found.bucket
        cells = {
            "member": Lines((found.company_name or stream, Muted(stream))),
            "entity": in_language(program.entity_type(found.entity_type).title),
            "act": in_language(duty.deadline.title)
            if duty
            else axis_word(program, Axis.MEMBERSHIP, found.membership),
            "clock": clock_of(duty, language=language) if duty else None,
            "specialist": names.get(found.specialist) or Muted(_("Not assigned")),
        }
        href = reverse("specialist:case", args=[stream])
        rows.append(Row(cells, href, stream, group=titles[group]))
    return rows


def members(request: HttpRequest) -> HttpResponse:
    """Show all accounts in sight as a table: search, status, fifty at a time."""
    columns = [
        Column("member", _("Member"), is_sortable=True),
        Column("entity", _("Entity type")),
        Column("status", _("Status")),
        Column("tier", _("Tier")),
        Column("office", _("Field office")),
        Column("specialist", _("Specialist")),
        Column("opened", _("Opened")),
    ]
    program = the_program()
    words = program.labels["membership"]
    status = Filter("status", _("Status"), [Option(k, in_language(w)) for k, w in words.items()])
    query = TableQuery.read(request.GET, columns=columns, filters=[status], sort="member")
    found = queries.page_of_accounts(
        accounts_in_sight(request, program.id),
        text=query.text,
        membership=query.chosen.get("status", ""),
        after=query.cursor,
        is_descending=query.is_descending,
        at_most=PAGE_ROWS + 1,
    )
    page, more = cut(found, PAGE_ROWS)
    table = Table(
        _("Members"),
        columns,
        _member_rows(page),
        query,
        [status],
        next_cursor=(page[-1].company_name, page[-1].stream) if more else None,
        empty=Empty(
            _("No member is found"),
            _("Search by a part of the name, or by the key of the account."),
            Link(_("Show all members"), reverse("specialist:members")),
        ),
        search_label=_("Search members"),
        table_id="members",
    )
    context = frame(request, None, _("Members"), "members", table=table)
    return render(request, "specialist/list.html", context)


def _member_rows(page: list[Account]) -> list[Row]:
    names = names_of({account.specialist for account in page})
    program = the_program()
    return [
        Row(
            {
                "member": Lines((account.company_name or account.stream, Muted(account.stream))),
                "entity": in_language(program.entity_type(account.entity_type).title),
                "status": Status(
                    axis_word(program, Axis.MEMBERSHIP, account.membership),
                    tone_of_phase(program.phase_of(account.membership)),
                ),
                "tier": axis_word(program, Axis.TIER, account.tier)
                if account.tier != "NONE"
                else None,
                "office": account.office or None,
                "specialist": names.get(account.specialist) or None,
                "opened": account.opened_on,
            },
            reverse("specialist:case", args=[account.stream]),
            account.stream,
        )
        for account in page
    ]
