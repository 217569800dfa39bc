"""The analyst's queue of hits, and one hit: both sides, what differs, the decision, the next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.vetting import queries
from greenlane.apps.vetting.hit_actions import (
    DECISIONS,
    REASONS,
    SECONDS,
    confirm_hit,
    decide_hit,
    proposal_of,
)
from greenlane.apps.vetting.levels import (
    LOWEST,
    MOST,
    MOST_WORDS,
    levels_in_force,
    millionths,
    set_levels,
)
from greenlane.apps.vetting.sides import Side, compared, sides_of
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.vocabulary import Matter, Power
from greenlane.gate.access import acting, now, roles, signed_in, the_program, today
from greenlane.gate.records import VIA, account_for, accounts_in_sight, actor_on
from greenlane.web.specialist.frame import frame, to
from greenlane.web.specialist.hit_reasons import KINDS, reason, relation
from greenlane.web.ui.errors import is_done, refused
from greenlane.web.ui.forms import PlainForm
from greenlane.web.ui.pieces import Empty, Lines, Muted, Pair, Status
from greenlane.web.ui.refusals import says
from greenlane.web.ui.table import PAGE_ROWS, Column, Filter, Option, Row, Table, TableQuery

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.vetting.models import Hit, HitDecision
    from greenlane.core.lifecycle.decide import Actor

STATES: Final = {
    "OPEN": (gettext_lazy("Open"), "warning"),
    "NEEDS_MORE": (gettext_lazy("More is needed"), "waiting"),
    "WAITING": (gettext_lazy("Waits for a second person"), "waiting"),
    "FALSE": (gettext_lazy("Told apart"), "good"),
    "TRUE": (gettext_lazy("Confirmed"), "bad"),
    "GONE": (gettext_lazy("No hit any more"), "neutral"),
}
_DECISION_WORDS: Final = {
    "FALSE": gettext_lazy("False"),
    "TRUE": gettext_lazy("True"),
    "NEED_MORE": gettext_lazy("Need more"),
    "CONFIRMED": gettext_lazy("Confirmed by the second person"),
    "DECLINED": gettext_lazy("Declined by the second person"),
}
REASON_WORDS: Final = {
    "other_birth_date": gettext_lazy("Another birth date"),
    "other_country": gettext_lazy("Another country"),
    "other_identifier": gettext_lazy("Another number"),
    "other_name": gettext_lazy("Another name"),
    "other_kind": gettext_lazy("Another kind of party"),
    "same_identifier": gettext_lazy("The same number"),
    "same_details": gettext_lazy("The same details"),
    "not_enough": gettext_lazy("Not enough is known"),
    "other": gettext_lazy("Another reason, in words"),
}
_LEVELS: Final = {"ALERT": gettext_lazy("Alert"), "REVIEW": gettext_lazy("Review")}
_FIGURE_DAYS: Final = 7
_MOST: Final = 5_000
_A_PERCENT: Final = 10_000
_LOW, _HIGH = LOWEST // _A_PERCENT, MOST // _A_PERCENT
_REACH: Final[dict[str, Any]] = {
    "min_value": _LOW,
    "max_value": _HIGH,
    "help_text": format_lazy(gettext_lazy("From {low} to {high}."), low=_LOW, high=_HIGH),
}


class DecisionForm(PlainForm):
    """Why a hit is decided as it is."""

    seen = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[(key, REASON_WORDS[key]) for key in REASONS],
        widget=forms.RadioSelect(),
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("In words"),
        help_text=gettext_lazy("Needed for true and for need more. Sealed; never for the member."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        required=False,
    )


class SecondForm(PlainForm):
    """Why the second person declines, if they do."""

    seen = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)
    words = forms.CharField(
        label=gettext_lazy("In words"),
        help_text=gettext_lazy("Needed to decline. Sealed; never for the member."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        required=False,
    )


class LevelsForm(PlainForm):
    """From which score, in per cent, a hit is looked at and when it is an alert."""

    review = forms.FloatField(label=gettext_lazy("Look at a hit from, per cent"), **_REACH)
    alert = forms.FloatField(label=gettext_lazy("Alert from, per cent"), **_REACH)
    words = forms.CharField(
        label=gettext_lazy("Why, and on which measurement"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MOST_WORDS,
    )


def hits(request: HttpRequest) -> HttpResponse:
    """List the hits that wait for somebody, with the figures of the queue."""
    return _hits(request, _levels_form())


def _hits(request: HttpRequest, form: LevelsForm) -> HttpResponse:
    program = the_program()
    columns = [
        Column("party", _("Party")),
        Column("listed", _("Listed as")),
        Column("score", _("Score"), is_number=True),
        Column("evidence", _("Evidence")),
        Column("member", _("Member")),
        Column("state", _("State")),
        Column("age", _("Open since")),
    ]
    level = Filter("level", _("Level"), [Option(k, str(w)) for k, w in _LEVELS.items()])
    state = Filter("state", _("State"), [Option(k, str(STATES[k][0])) for k in queries.WAITING])
    query = TableQuery.read(request.GET, columns=columns, filters=[level, state])
    try:
        role = acting(request, program.readers_of(Matter.VETTING)).role
        sight = accounts_in_sight(request, program.id, matter=Matter.VETTING)
        found = queries.hit_queue(
            sight,
            program=program,
            role=role,
            level=query.chosen.get("level", ""),
            state=query.chosen.get("state", ""),
            text=query.text,
        )
        days = [today() - timedelta(days=back) for back in reversed(range(_FIGURE_DAYS))]
        figures = queries.queue_figures(sight, program=program, role=role, on=today(), days=days)
    except GreenlaneError as error:
        return refused(request, error)
    start = _start(query)
    page = list(found[start : start + PAGE_ROWS + 1])
    table = Table(
        _("Hits"),
        columns,
        _hit_rows(page[:PAGE_ROWS]),
        query,
        [level, state],
        next_cursor=(start + PAGE_ROWS,) if len(page) > PAGE_ROWS else None,
        empty=Empty(
            _("No hit waits for anybody"),
            _(
                "Parties are screened when they are declared, when they change and when a list "
                "changes."
            ),
        ),
        search_label=_("Search parties"),
        table_id="hits",
    )
    first = page[0] if page else None
    context = frame(
        request,
        None,
        _("Hits"),
        "hits",
        table=table,
        figures=_figure_pairs(figures),
        levels=_level_pairs(),
        may_set_levels=bool(program.roles_that_may(Power.CONFIRM_HITS) & roles(request)),
        levels_form=form,
        first_href=_href(first) if first else "",
    )
    return render(request, "specialist/hits.html", context, status=422 if form.is_bound else 200)


def _levels_form() -> LevelsForm:
    levels = levels_in_force()
    return LevelsForm(
        initial={"review": levels.review / _A_PERCENT, "alert": levels.alert / _A_PERCENT}
    )


def _level_pairs() -> list[Pair]:
    """Return the levels in force, and who set them, when and why."""
    levels = levels_in_force()
    pairs = [
        Pair(_("Looked at from"), percent(levels.review)),
        Pair(_("Alert from"), percent(levels.alert)),
    ]
    if levels.on is None:
        return [*pairs, Pair(_("Set by"), _("nobody yet; these are the shipped levels"))]
    by = names_of({levels.by}).get(levels.by, levels.by)
    pairs += [Pair(_("Set by"), by), Pair(_("Set on"), levels.on)]
    return [*pairs, Pair(_("Why"), levels.words)] if levels.words else pairs


@require_POST
def levels(request: HttpRequest) -> HttpResponse:
    """Record a decision on the levels; every later screening uses them. Refused: the page again."""
    form = LevelsForm(request.POST)
    try:
        program = the_program()
        by = acting(request, program.roles_that_may(Power.CONFIRM_HITS))
        if not is_done(request, form, lambda: _set_levels(form.cleaned_data, by)):
            return _hits(request, form)
    except GreenlaneError as error:
        return refused(request, error)
    messages.success(
        request, _("The levels are recorded. Every party is screened again with them.")
    )
    return HttpResponseRedirect(reverse("specialist:hits"))


def _set_levels(given: dict[str, Any], by: Actor) -> None:
    set_levels(
        program=the_program(),
        review=millionths(given["review"] / 100),
        alert=millionths(given["alert"] / 100),
        words=given["words"],
        by=by,
        at=now(),
        via=VIA,
    )


def _start(query: TableQuery) -> int:
    cursor = query.cursor
    if cursor is None or len(cursor) != 1 or type(cursor[0]) is not int:
        return 0
    return min(max(cursor[0], 0), _MOST)


def _figure_pairs(figures: queries.QueueFigures) -> list[Pair]:
    per_day = ", ".join(str(count) for count in figures.decided.values())
    return [
        Pair(_("Open"), figures.open),
        Pair(_("Waiting for a second person"), figures.waiting),
        Pair(
            _("Age"),
            _("oldest %(oldest)s days, half are older than %(median)s")
            % {"oldest": figures.oldest_days, "median": figures.median_days},
        ),
        Pair(_("Decided on each of the last seven days"), per_day),
        Pair(
            _("Reversed in these days"),
            _("%(reversals)s of %(finals)s")
            % {"reversals": figures.reversals, "finals": figures.finals},
        ),
    ]


def _hit_rows(page: list[Hit]) -> list[Row]:
    names = queries.companies_of({hit.stream for hit in page})
    return [
        Row(
            {
                "party": hit.subject_name,
                "listed": Lines((hit.listed_name, Muted(hit.source))),
                "score": percent(hit.score),
                "evidence": evidence_words(hit),
                "member": Lines((names.get(hit.stream) or hit.stream, Muted(hit.stream))),
                "state": state_of(hit),
                "age": hit.opened_on,
            },
            _href(hit),
            hit.hit,
        )
        for hit in page
    ]


def _href(hit: Hit) -> str:
    return reverse("specialist:hit", args=[hit.stream, hit.hit])


def percent(score: int) -> str:
    """Return a score of millionths as per cent with one digit."""
    return f"{score / 10_000:.1f} %"


def state_of(hit: Hit) -> Status:
    """Return a hit's state as a word; a reopened one says so."""
    word, tone = STATES[hit.state]
    if hit.state == "OPEN" and hit.is_reopened:
        return Status(_("Open again"), tone)
    return Status(str(word), tone)


def evidence_words(hit: Hit) -> str:
    """Return how much besides the names speaks for and against a hit."""
    if not (hit.corroborates or hit.contradicts):
        return _("names only")
    parts = []
    if hit.corroborates:
        parts.append(
            ngettext("%(count)s for", "%(count)s for", hit.corroborates)
            % {"count": hit.corroborates}
        )
    if hit.contradicts:
        parts.append(
            ngettext("%(count)s against", "%(count)s against", hit.contradicts)
            % {"count": hit.contradicts}
        )
    return ", ".join(parts)


# --- One hit --------------------------------------------------------------------------------------


def hit(request: HttpRequest, key: str, hit: str) -> HttpResponse:
    """Show both sides of a hit with what differs; decide it, then go to the next."""
    try:
        account = account_for(request, key, matter=Matter.VETTING)
        program = the_program()
        reader = actor_on(request, account, program.readers_of(Matter.VETTING))
        found = queries.hit(account, hit, role=reader.role)
        form = _form(request, found)
        if request.method == "POST" and form.is_valid():
            try:
                return _decided(request, account, found, form)
            except BadInput as error:
                form.add_error(None, says(error))
        decisions = queries.decisions_of(account, found.hit, role=reader.role)
        waiting = _queue_keys(request, reader.role)
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        account,
        found.subject_name,
        "vetting",
        hit=found,
        state=state_of(found),
        score=percent(found.score),
        name_score=percent(found.name_score),
        level=_LEVELS.get(found.level, found.level),
        sides=_shown(sides_of(found)),
        **_compared(found),
        evidence=[reason(one) for one in found.evidence],
        decisions=_told(list(decisions)),
        form=form,
        **_rights(request, account, found),
        **_neighbors(waiting, found),
        queue_href=reverse("specialist:hits"),
        vetting_href=to("vetting", account),
    )
    return render(request, "specialist/hit.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, found: Hit) -> PlainForm:
    bound = request.POST if request.method == "POST" else None
    kind = SecondForm if found.state == "WAITING" else DecisionForm
    return kind(bound, initial={"seen": found.seq})


def _rights(request: HttpRequest, account: Account, found: Hit) -> dict[str, bool]:
    """Return which of the two forms whoever asks may use."""
    program, held = the_program(), roles(request)
    may_decide = found.state not in ("WAITING", "GONE") and bool(
        program.roles_that_may(Power.VET) & held
    )
    may_confirm = found.state == "WAITING" and bool(
        program.roles_that_may(Power.CONFIRM_HITS) & held
    )
    is_own = may_confirm and proposal_of(found).actor == signed_in(request).key
    return {
        "may_decide": may_decide,
        "may_confirm": may_confirm and not is_own,
        "is_own_proposal": is_own,
    }


def _decided(request: HttpRequest, account: Account, found: Hit, form: PlainForm) -> HttpResponse:
    program, told = the_program(), form.cleaned_data
    decision = request.POST.get("decision", "")
    after: Hit
    if decision in SECONDS:
        after = confirm_hit(
            account=account,
            hit=found.hit,
            decision=decision,
            by=actor_on(request, account, program.roles_that_may(Power.CONFIRM_HITS)),
            at=now(),
            words=told["words"],
            seen=told["seen"],
            via=VIA,
        )
    else:
        after = decide_hit(
            account=account,
            hit=found.hit,
            decision=decision if decision in DECISIONS else "",
            reason=told.get("reason", ""),
            by=actor_on(request, account, program.roles_that_may(Power.VET)),
            at=now(),
            words=told["words"],
            seen=told["seen"],
            via=VIA,
        )
    messages.success(
        request,
        _("%(name)s: %(state)s.") % {"name": after.subject_name, "state": state_of(after).word},
    )
    return HttpResponseRedirect(_next_href(request, found))


def _next_href(request: HttpRequest, done: Hit) -> str:
    """Return the address of the next hit that waits for this person, else of the queue."""
    role = acting(request, the_program().readers_of(Matter.VETTING)).role
    for stream, key, state in _queue_keys(request, role):
        if (stream, key) != (done.stream, done.hit) and state != "WAITING":
            return reverse("specialist:hit", args=[stream, key])
    return reverse("specialist:hits")


def _queue_keys(request: HttpRequest, role: str) -> list[tuple[str, str, str]]:
    sight = accounts_in_sight(request, the_program().id, matter=Matter.VETTING)
    found = queries.hit_queue(sight, program=the_program(), role=role)
    return list(found.values_list("stream", "hit", "state")[:_MOST])


def _neighbors(waiting: list[tuple[str, str, str]], found: Hit) -> dict[str, Any]:
    keys = [(stream, key) for stream, key, _state in waiting]
    here = (found.stream, found.hit)
    if here not in keys:
        first = reverse("specialist:hit", args=keys[0]) if keys else ""
        return {"place": 0, "total": len(keys), "previous_href": "", "following_href": first}
    at = keys.index(here)
    return {
        "place": at + 1,
        "total": len(keys),
        "previous_href": reverse("specialist:hit", args=keys[at - 1]) if at else "",
        "following_href": reverse("specialist:hit", args=keys[at + 1])
        if at + 1 < len(keys)
        else "",
    }


_SIDE_WORDS: Final = {
    "other_names": gettext_lazy("Other names"),
    "kind": gettext_lazy("Kind"),
    "birth": gettext_lazy("Birth date"),
    "countries": gettext_lazy("Countries"),
    "numbers": gettext_lazy("Numbers"),
    "places": gettext_lazy("Addresses and birth places"),
    "programs": gettext_lazy("Sanctions programs"),
    "since": gettext_lazy("Listed since"),
    "remarks": gettext_lazy("Remarks"),
}


def _compared(found: Hit) -> dict[str, Any]:
    """Return the names word by word, and what is held against them, in words."""
    words = compared(found)
    return {
        "words": words,
        "pairs": [(ours, theirs, relation(how), tone) for ours, theirs, how, tone in words.pairs],
        "findings": [relation(code) for code in words.findings],
    }


def _lines(what: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(KINDS.get(line, line)) for line in lines) if what == "kind" else lines


def _shown(sides: list[Side]) -> list[dict[str, Any]]:
    return [
        {
            "title": _SIDE_WORDS[side.what],
            "ours": _lines(side.what, side.ours),
            "theirs": _lines(side.what, side.theirs),
            "is_other": side.agreement == "other",
            "is_same": side.agreement == "same",
        }
        for side in sides
        if side.ours or side.theirs
    ]


def _told(decisions: list[HitDecision]) -> list[dict[str, Any]]:
    names = names_of({decision.actor for decision in decisions})
    return [
        {
            "what": _DECISION_WORDS.get(decision.decision, decision.decision),
            "reason": REASON_WORDS.get(decision.reason, ""),
            "words": decision.words,
            "by": names.get(decision.actor, decision.actor),
            "on": decision.decided_on,
            "is_reversal": decision.is_reversal,
            "is_erased": decision.is_erased,
        }
        for decision in decisions
    ]
