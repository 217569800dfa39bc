"""A validation case: where it stands, what can be done now, and each of its acts on a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.certification.actions import Person
from greenlane.apps.validations import plans, queries
from greenlane.apps.validations.actions import cases, decisions, notices, reports, visits
from greenlane.apps.validations.acts import Doing, act_that, inspectors, is_of_case
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.vocabulary import Axis
from greenlane.gate.access import now, roles, signed_in, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.specialist.bar import gates_of, starting
from greenlane.web.specialist.frame import axis_status, axis_word, frame, rule_href, to
from greenlane.web.specialist.validation_forms import (
    HOW,
    MODES,
    NEED_ROW,
    OWNERS,
    STAGES,
    OpenForm,
    Stage,
    day,
    lines,
)
from greenlane.web.ui.clocks import clock_of
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import PlainForm
from greenlane.web.ui.pieces import Crumb, Link, Pair, Step
from greenlane.web.ui.reasons import gate_of
from greenlane.web.ui.validations import FINDING_KINDS, finding_status, site_status
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.validations.models import Site, ValidationCase

Given = dict[str, Any]
_ORDER: Final = tuple(Doing)


def validation(request: HttpRequest, key: str) -> HttpResponse:
    """Show the open case, or what the law asks and the form that opens one."""
    try:
        account = account_for(request, key)
        case = queries.open_case_of(account.stream)
        form = OpenForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return _open(request, account, form.cleaned_data)
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        account,
        _("Validation"),
        "validation",
        status=axis_status(account, Axis.VALIDATION) if case else None,
        readings=_readings(account),
        form=form,
        may_open=case is None and _may_open(account, request),
        past=[_past(one) for one in queries.cases_of(account.stream) if not one.is_open],
        **(_case(request, account, case) if case else {}),
    )
    return render(
        request, "specialist/validation.html", context, status=422 if form.is_bound else 200
    )


def _may_open(account: Account, request: HttpRequest) -> bool:
    row = act_that(the_program(), Doing.OPEN)
    starts = account.membership in row.sources[Axis.MEMBERSHIP]
    return starts and account.validation == "NONE" and bool(row.by & roles(request))


def _open(request: HttpRequest, account: Account, given: Given) -> HttpResponse:
    cases.open_case(
        account=account,
        scope=given["scope"],
        rationale=given["rationale"],
        sites=[_site(given)],
        mode=given["mode"],
        by=actor_on(request, account, act_that(the_program(), Doing.OPEN).by),
        at=now(),
        via=VIA,
    )
    messages.success(request, _("The case is open. Name team and documents, then plan the visit."))
    return HttpResponseRedirect(to("validation", account))


def _site(given: Given) -> cases.SiteGiven:
    return cases.SiteGiven(
        given["name"],
        given["address"],
        given["owner"],
        given["country"].upper(),
        is_foreign=given["is_foreign"],
        how=given["how"],
    )


def _readings(account: Account) -> list[dict[str, Any]]:
    """Return what the law asks of the account: each reading with its rule, the earliest first."""
    row = plans.plan_row(the_program(), account, on=today())
    if row is None:
        return []
    language = get_language() or "en"
    found = [*row.readings, *row.breaches, *row.filled]
    return [
        {
            "clock": clock_of(duty, language=language, href=rule_href(duty.id)),
            "title": duty.deadline.title.in_(language),
            "is_first": duty is row.due,
            "is_breach": duty in row.breaches,
            "why": duty.why,
        }
        for duty in found
    ]


def _past(case: ValidationCase) -> dict[str, Any]:
    return {
        "number": case.number,
        "opened_on": case.opened_on,
        "decided_on": case.decided_on,
        "outcome": outcome_words(case.outcome),
        "words": case.decision_words,
        "reports": _reports(case),
    }


def outcome_words(outcome: str) -> str:
    """Return how a case ended, in words."""
    if outcome == "NOT_VALIDATED":
        return _("Closed without validating")
    tier = outcome.removeprefix("VALIDATED_")
    word = axis_word(the_program(), Axis.TIER, tier)
    return _("Validated, %(tier)s") % {"tier": word}


def _reports(case: ValidationCase) -> list[dict[str, Any]]:
    return [
        {
            "version": row.version,
            "on": row.issued_on,
            "sha256": row.sha256,
            "reason": row.reason,
            "href": reverse("specialist:document", args=[row.stream, row.document_seq]),
        }
        for row in queries.reports_of(case)
    ]


def _case(request: HttpRequest, account: Account, case: ValidationCase) -> dict[str, Any]:
    coverage = queries.coverage_of(account, case)
    names = names_of({*case.team, case.recommended_by, *(n.by for n in queries.notes_of(case))})
    inspects = bool(inspectors(the_program()) & roles(request))
    reason = the_program().reasons.get(case.deferral_reason)
    return {
        "case": case,
        "mode": str(dict(MODES)[case.mode]),
        "steps": _steps(account, case),
        "acts": _acts(request, account, case),
        "pairs": [
            Pair(_("Scope"), case.scope or None),
            Pair(_("Why this scope"), case.rationale or None),
            Pair(_("Edition of the criteria"), case.edition),
            Pair(_("Team"), ", ".join(names.get(one, one) for one in case.team) or None),
            Pair(_("Visit planned for"), case.visit_on),
            Pair(_("Notice sent"), case.notified_on),
            Pair(_("Notice waived by the company"), case.waived_on),
            Pair(_("Visit held"), case.visited_on),
            Pair(
                _("Criteria judged"),
                _("%(judged)s of %(asked)s, musts %(musts)s of %(all_musts)s")
                % {
                    "judged": coverage.judged,
                    "asked": coverage.asked,
                    "musts": coverage.musts_judged,
                    "all_musts": coverage.musts,
                },
            ),
        ],
        "short_notice": queries.is_short_notice(the_program(), case, on=today())
        and case.waived_on is None
        and case.visited_on is None,
        "notice_days": queries.notice_days(the_program()),
        "deferral": in_language(reason) if reason and case.deferred_on else "",
        "sites": [_site_row(account, case, site) for site in queries.sites_of(case)],
        "asked": coverage.asked,
        "papers": _papers(account, case),
        "findings": [_finding_row(account, row) for row in queries.findings_of(case)],
        "reports": _reports(case),
        "notes": [
            {"words": note.words, "on": note.on, "by": names.get(note.by, "")}
            for note in queries.notes_of(case)
        ],
        "recommended_by": names.get(case.recommended_by, ""),
        "recommended_tier": axis_word(the_program(), Axis.TIER, case.recommended_tier)
        if case.recommended_tier
        else "",
        "inspects": inspects,
        "may_raise": inspects and account.validation in ("NOTIFIED", "VISITED"),
        "may_correct": inspects
        and account.validation in reports.MAY_CORRECT
        and bool(queries.reports_of(case)),
    }


def _steps(account: Account, case: ValidationCase) -> list[Step]:
    done = [
        (_("Opened"), True),
        (_("Team"), bool(case.team)),
        (_("Visit planned"), case.visit_on is not None),
        (_("Notice"), case.notified_on is not None),
        (_("Visit"), case.visited_on is not None),
        (_("Report"), account.validation in reports.MAY_CORRECT),
        (_("Answers"), account.validation in ("ANSWERED", "ACTIONS_OPEN", "READY")),
        (_("Actions verified"), account.validation == "READY"),
        (_("Decision"), False),
    ]
    found, is_given = [], False
    for title, is_done in done:
        found.append(Step(title, "done" if is_done else "future" if is_given else "current"))
        is_given = is_given or not is_done
    return found


def _act_title(case: ValidationCase, doing: Doing) -> str:
    if doing is Doing.SCHEDULE and case.visit_on is not None:
        return _("Move the visit")
    if doing is Doing.NOTIFY and case.notified_on is not None:
        return _("Send the notice again")
    return str(STAGES[doing].title)


def _acts(request: HttpRequest, account: Account, case: ValidationCase) -> list[dict[str, Any]]:
    """Return the acts of the case that start from here for the reader, in the case's order."""
    program, language = the_program(), get_language() or "en"
    by_id = {}
    for doing in _ORDER:
        if doing in STAGES:
            by_id[act_that(program, doing).id] = doing
    found = []
    for one in starting(account, roles(request)):
        known = by_id.get(one.transition.id)
        if known is None or not is_of_case(the_program(), one.transition):
            continue
        found.append(
            {
                "title": _act_title(case, known),
                "href": reverse("specialist:validation_act", args=[account.stream, known.value]),
                "is_lawful": one.is_lawful,
                "gates": [gate_of(answer, language=language) for answer in one.answers],
                "place": _ORDER.index(known),
                "why_href": rule_href(one.transition.id),
                "id": one.transition.id,
            }
        )
    # What brings the case on comes first; to plan or notify anew, and to defer, comes after it.
    said = {Doing.SCHEDULE: case.visit_on, Doing.NOTIFY: case.notified_on, Doing.DEFER: True}
    again = {_ORDER.index(doing) for doing, is_done in said.items() if is_done}
    return sorted(
        found, key=lambda item: (not item["is_lawful"], item["place"] in again, item["place"])
    )


def _site_row(account: Account, case: ValidationCase, site: Site) -> dict[str, Any]:
    reason = the_program().reasons.get(site.reason)
    return {
        "name": site.name or _("erased"),
        "address": site.address,
        "country": site.country,
        "is_foreign": site.is_foreign,
        "owner": str(dict(OWNERS)[site.owner]),
        "how": str(dict(HOW)[site.how]),
        "status": site_status(site),
        "reason": in_language(reason) if reason else "",
        "reason_words": site.reason_words,
        "judged": queries.judged_at(case, site),
        "href": reverse("specialist:validation_visit", args=[account.stream, site.seq]),
    }


def _papers(account: Account, case: ValidationCase) -> list[dict[str, Any]]:
    given: dict[int | None, list[Link]] = {}
    for paper, document in queries.papers_of(case):
        href = reverse("specialist:document", args=[account.stream, document.seq])
        given.setdefault(paper.item, []).append(Link(document.name or str(document.seq), href))
    rows = [{"title": title, "links": given.get(n, [])} for n, title in enumerate(case.requests)]
    if given.get(None):
        rows.append({"title": _("Not asked for"), "links": given[None]})
    return rows


def _finding_row(account: Account, row: Any) -> dict[str, Any]:
    return {
        "kind": str(FINDING_KINDS[row.kind]),
        "criterion": row.criterion,
        "state": finding_status(row),
        "due_on": row.due_on,
        "href": reverse("specialist:validation_finding", args=[account.stream, row.seq]),
        "judgment": row.judgment,
    }


# --- Each act on a page ---------------------------------------------------------------------------


def act(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Ask for what an act of the case needs, and do it."""
    try:
        account = account_for(request, key)
        case = queries.case_open(account.stream)
        stage = STAGES.get(slug)
        if stage is None:
            raise BadInput(_("Choose one of the acts on the page of the case."))
        form = _form(request, account, case, stage)
        if request.method == "POST" and form.is_valid():
            _DO[slug](request, account, form.cleaned_data)
            messages.success(request, _("Recorded: %(act)s.") % {"act": stage.title})
            return HttpResponseRedirect(to("validation", account))
    except GreenlaneError as error:
        return refused(request, error)
    row = act_that(the_program(), stage.doing) if stage.doing else None
    context = frame(
        request,
        account,
        str(stage.title),
        "validation",
        form=form,
        gates=gates_of(account, row.id) if row else [],
        meaning=str(stage.lead),
        is_final=False,
        source=row.source.citation if row else "",
        cancel_href=to("validation", account),
        submit_label=str(stage.button),
        caution=_caution(account, case, stage),
    )
    context["crumbs"].insert(1, Crumb(_("Validation"), to("validation", account)))
    return render(request, "specialist/act.html", context, status=422 if form.is_bound else 200)


def _caution(account: Account, case: ValidationCase, stage: Stage) -> str:
    """Return what whoever reports or recommends should know of the checklist (P8, P12)."""
    if stage.doing not in (Doing.REPORT, Doing.RECOMMEND, Doing.VALIDATE, Doing.REVALIDATE):
        return ""
    coverage = queries.coverage_of(account, case)
    missing = coverage.musts - coverage.musts_judged
    if not missing:
        return ""
    return ngettext(
        "%(count)s must of the criteria was judged at no site; the report says so.",
        "%(count)s musts of the criteria were judged at no site; the report says so.",
        missing,
    ) % {"count": missing}


def _form(request: HttpRequest, account: Account, case: ValidationCase, stage: Stage) -> PlainForm:
    given = request.POST if request.method == "POST" else None
    more: dict[str, Any] = {"account": account, "case": case}
    if stage.doing in NEED_ROW:
        more["row"] = act_that(the_program(), stage.doing)
    return stage.form(given, **more)


def _by(request: HttpRequest, account: Account, doing: Doing | None) -> Actor:
    wanted = act_that(the_program(), doing).by if doing else inspectors(the_program())
    return actor_on(request, account, wanted)


def _person(request: HttpRequest, account: Account, doing: Doing) -> Person:
    return Person(_by(request, account, doing), signed_in(request).name)


def _prepare(request: HttpRequest, account: Account, given: Given) -> None:
    cases.prepare(
        account=account,
        team=given["team"],
        agenda=lines(given["agenda"]),
        requests=lines(given["requests"]),
        by=_by(request, account, None),
        at=now(),
        via=VIA,
    )


def _add_site(request: HttpRequest, account: Account, given: Given) -> None:
    by = _by(request, account, None)
    cases.add_site(account=account, site=_site(given), by=by, at=now(), via=VIA)


def _leave_out(request: HttpRequest, account: Account, given: Given) -> None:
    visits.leave_out(
        account=account,
        site=int(given["site"]),
        reason=given["reason"],
        words=given["words"],
        by=_by(request, account, None),
        at=now(),
        via=VIA,
    )


def _note(request: HttpRequest, account: Account, given: Given) -> None:
    by = actor_on(request, account, the_program().case_roles)
    visits.write_note(account=account, words=given["words"], by=by, at=now(), via=VIA)


def _schedule(request: HttpRequest, account: Account, given: Given) -> None:
    cases.schedule(
        account=account,
        visit_on=day(given["visit_on"]),
        mode=given["mode"],
        by=_by(request, account, Doing.SCHEDULE),
        at=now(),
        via=VIA,
    )


def _notify(request: HttpRequest, account: Account, given: Given) -> None:
    by = _person(request, account, Doing.NOTIFY)
    notices.send_notice(account=account, by=by, at=now(), language=given["language"], via=VIA)


def _visit(request: HttpRequest, account: Account, given: Given) -> None:
    visits.hold_visit(
        account=account,
        effort_days=given["effort_days"],
        sites=[int(one) for one in given["sites"]],
        by=_by(request, account, Doing.VISIT),
        at=now(),
        via=VIA,
    )


def _report(request: HttpRequest, account: Account, given: Given) -> None:
    reports.issue_report(
        account=account,
        by=_person(request, account, Doing.REPORT),
        at=now(),
        language=given["language"],
        reason=given.get("reason", ""),
        via=VIA,
    )


def _keep_open(request: HttpRequest, account: Account, given: Given) -> None:
    decisions.keep_open(
        account=account, by=_by(request, account, Doing.KEEP_OPEN), at=now(), via=VIA
    )


def _recommend(request: HttpRequest, account: Account, given: Given) -> None:
    decisions.recommend(
        account=account,
        tier=given["tier"],
        words=given["words"],
        by=_by(request, account, Doing.RECOMMEND),
        at=now(),
        via=VIA,
    )


def _defer(request: HttpRequest, account: Account, given: Given) -> None:
    cases.defer(
        account=account,
        reason=given["reason"],
        new_due_on=day(given["new_due_on"]),
        words=given["words"],
        by=_by(request, account, Doing.DEFER),
        at=now(),
        via=VIA,
    )


def _take_up(request: HttpRequest, account: Account, given: Given) -> None:
    cases.take_up(account=account, by=_by(request, account, Doing.TAKE_UP), at=now(), via=VIA)


def _close(request: HttpRequest, account: Account, given: Given) -> None:
    decisions.close_without(
        account=account,
        reason=given["reason"],
        words=given["words"],
        by=_by(request, account, Doing.CLOSE),
        at=now(),
        via=VIA,
    )


def _decide(request: HttpRequest, account: Account, given: Given) -> None:
    decisions.decide(
        account=account,
        tier=given["tier"],
        words=given["words"],
        risk_band=given["risk_band"],
        by=_by(request, account, Doing.VALIDATE),
        at=now(),
        via=VIA,
    )


_DO: Final[dict[str, Callable[..., None]]] = {
    "prepare": _prepare,
    "site": _add_site,
    "leave-out": _leave_out,
    "note": _note,
    "correct": _report,
    Doing.SCHEDULE: _schedule,
    Doing.NOTIFY: _notify,
    Doing.VISIT: _visit,
    Doing.REPORT: _report,
    Doing.KEEP_OPEN: _keep_open,
    Doing.RECOMMEND: _recommend,
    Doing.DEFER: _defer,
    Doing.TAKE_UP: _take_up,
    Doing.CLOSE: _close,
    Doing.VALIDATE: _decide,
    Doing.REVALIDATE: _decide,
}
