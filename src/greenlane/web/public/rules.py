"""The rules of the program, one page each: what, who, when, on which conditions, and by what right.

Steps, deadlines, eligibility statements, conditions and statuses share one space of ids, since a
link says only "why?".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenlane.core.facts import Facts
from greenlane.core.program import Deadline, Guard, Program, Source, Transition
from greenlane.core.rules.evaluate import explain, in_words
from greenlane.core.rules.tree import Rule
from greenlane.core.text import Text
from greenlane.core.vocabulary import Axis, DutyNature, Side
from greenlane.gate.access import the_program
from greenlane.web.public.frame import frame, listed, matches
from greenlane.web.ui.language import with_language
from greenlane.web.ui.pieces import Empty, Lines, Link, Pair, WhyNode
from greenlane.web.ui.reasons import confidence_words, why_tree
from greenlane.web.ui.rule_words import period_words
from greenlane.web.ui.table import Column, Filter, Option, Row, Table, TableQuery
from greenlane.web.ui.words import in_language

_STEP, _DEADLINE, _STATEMENT = "step", "deadline", "statement"
_CONDITION, _STATUS, _GROUND = "condition", "status", "ground"


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule, whatever its kind, before it is put into words of a language."""

    id: str
    kind: str
    title: Text
    source: Source
    meaning: Text | None = None
    transition: Transition | None = None
    deadline: Deadline | None = None
    guards: tuple[Guard, ...] = ()
    rule: Rule | None = None
    types: tuple[str, ...] = field(default=())


def rule_pages(program: Program) -> Mapping[str, RulePage]:
    """Return every rule of a program that has a page, by id."""
    return {page.id: page for page in _pages(program)}


def _pages(program: Program) -> Iterator[RulePage]:
    # Later pages win an id; steps and deadlines come last, since most links lead to them.
    for ground in program.grounds.values():
        yield RulePage(ground.code, _GROUND, ground.title, ground.source)
    for status in program.statuses.values():
        yield RulePage(status.status.value, _STATUS, status.title, status.source, status.meaning)
    for guard in program.guards.values():
        yield RulePage(guard.code, _CONDITION, guard.message, guard.source, rule=guard.rule)
    yield from _statements(program)
    for deadline in program.deadlines.values():
        yield RulePage(
            deadline.id,
            _DEADLINE,
            deadline.title,
            deadline.source,
            deadline.qualifier,
            deadline=deadline,
        )
    for step in program.transitions.values():
        guards = tuple(program.guards[code] for code in step.guards if code in program.guards)
        yield RulePage(
            step.id,
            _STEP,
            step.title,
            step.source,
            step.meaning,
            transition=step,
            guards=guards,
        )


def _statements(program: Program) -> Iterator[RulePage]:
    types: dict[str, list[str]] = {}
    found = {}
    for entity in program.entity_types.values():
        for each in entity.eligibility:
            types.setdefault(each.id, []).append(entity.id)
            found[each.id] = each
    for key, each in found.items():
        yield RulePage(
            key,
            _STATEMENT,
            each.title,
            each.source,
            each.remedy,
            rule=each.rule,
            types=tuple(types[key]),
        )


def _kind_words(kind: str) -> str:
    return {
        _STEP: _("Step"),
        _DEADLINE: _("Deadline"),
        _STATEMENT: _("Eligibility statement"),
        _CONDITION: _("Condition of a step"),
        _STATUS: _("Status"),
        _GROUND: _("Ground for suspension or removal"),
    }[kind]


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """List every rule with its kind and source."""
    pages = rule_pages(the_program())
    columns = [
        Column("title", _("Rule")),
        Column("id", _("Id")),
        Column("source", _("Source")),
    ]
    kinds = (_STEP, _DEADLINE, _STATEMENT, _CONDITION, _STATUS, _GROUND)
    filters = [Filter("kind", _("Kind"), [Option(kind, _kind_words(kind)) for kind in kinds])]
    query = TableQuery.read(
        request.GET, columns=columns, filters=filters, sort="", keep=["language"]
    )
    rows = []
    for kind in kinds:
        for page in pages.values():
            is_wanted = page.kind == kind and query.chosen.get("kind", kind) == kind
            words = (page.id, _sentence(page.title), page.source.citation)
            if is_wanted and matches(query.text, *words):
                rows.append(_row(request, page))
    table = Table(
        _("Rules"),
        columns,
        rows,
        query,
        filters=filters,
        total=len(rows),
        empty=Empty(_("No rule matches"), _("Take a filter away or search for less.")),
        search_label=_("Search the rules"),
    )
    return render(request, "public/rules.html", frame(_("Rules"), "rules", table=table))


def _row(request: HttpRequest, page: RulePage) -> Row:
    sure = confidence_words(page.source.confidence.value)
    cells = {
        "title": _sentence(page.title),
        "id": page.id,
        "source": Lines((page.source.citation, sure)),
    }
    href = with_language(request, reverse("public:rule", args=[page.id]))
    return Row(cells, href, page.id, group=_kind_words(page.kind))


def _sentence(text: Text) -> str:
    """Return a text with a capital first letter: a condition's message is a half sentence."""
    words = in_language(text)
    return words[:1].upper() + words[1:]


@require_safe
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """Show one rule in words, with its source and how sure of it we are."""
    program = the_program()
    page = rule_pages(program).get(key)
    if page is None:
        raise Http404
    meaning = in_language(page.meaning) if page.meaning else ""
    context = frame(
        _sentence(page.title),
        "rules",
        kind=_kind_words(page.kind),
        rule_id=page.id,
        meaning=meaning if meaning != in_language(page.title) else "",
        meaning_title=_("If it does not hold") if page.kind == _STATEMENT else _("What it means"),
        pairs=_pairs(request, program, page),
        guards=[_condition(request, program, guard) for guard in page.guards],
        tree=_tree(page.rule) if page.rule else None,
        formal=in_words(page.rule) if page.rule else "",
        used_by=_used_by(request, program, page),
        source=page.source.citation,
        confidence=confidence_words(page.source.confidence.value),
    )
    return render(request, "public/rule.html", context)


def _tree(rule: Rule) -> WhyNode:
    """Return a rule as lines."""
    return why_tree(explain(rule, Facts()))


def _condition(request: HttpRequest, program: Program, guard: Guard) -> dict[str, object]:
    return {
        "title": _sentence(guard.message),
        "href": with_language(request, reverse("public:rule", args=[guard.code])),
        "formal": in_words(guard.rule),
        "tree": _tree(guard.rule),
        "source": guard.source.citation,
        "confidence": confidence_words(guard.source.confidence.value),
    }


def _used_by(request: HttpRequest, program: Program, page: RulePage) -> list[Link]:
    if page.kind == _CONDITION:
        found = [step for step in program.transitions.values() if page.id in step.guards]
    elif page.kind == _STATUS:
        found = [step for step in program.transitions.values() if _touches(step, page.id)]
    else:
        return []
    return [
        Link(
            f"{step.id} {in_language(step.title)}",
            with_language(request, reverse("public:rule", args=[step.id])),
        )
        for step in found
    ]


def _touches(step: Transition, status: str) -> bool:
    target = step.changes.get(Axis.MEMBERSHIP)
    comes = target is not None and (target.value == status or status in target.allowed)
    return comes or status in step.sources.get(Axis.MEMBERSHIP, frozenset())


def _pairs(request: HttpRequest, program: Program, page: RulePage) -> list[Pair]:
    pairs = [Pair(_("Id"), page.id), Pair(_("Kind"), _kind_words(page.kind))]
    if page.transition is not None:
        pairs += _step_pairs(program, page.transition)
    if page.deadline is not None:
        pairs += _deadline_pairs(request, program, page.deadline)
    if page.types:
        titles = [in_language(program.entity_types[key].title) for key in page.types]
        pairs.append(Pair(_("Entity types"), Lines(tuple(titles))))
    return pairs


def _role_words(program: Program, roles: Iterable[str]) -> str:
    known = [role for role in program.roles if role in set(roles)]
    return listed([in_language(program.roles[role].title) for role in known])


def _state_words(program: Program, axis: Axis, value: str) -> str:
    label = program.labels.get(axis.value, {}).get(value)
    return in_language(label) if label else value


def _axis_words(axis: Axis) -> str:
    return {
        Axis.MEMBERSHIP: _("Membership"),
        Axis.TIER: _("Tier"),
        Axis.PROFILE: _("Profile"),
        Axis.VETTING: _("Vetting"),
        Axis.VALIDATION: _("Validation"),
        Axis.APPEAL: _("Appeal"),
        Axis.ELIGIBILITY_REVIEW: _("Eligibility review"),
    }.get(axis, axis.value)


def _step_pairs(program: Program, step: Transition) -> list[Pair]:
    starts = [
        f"{_axis_words(axis)}: {listed([_state_words(program, axis, each) for each in sorted(of)])}"
        for axis, of in step.sources.items()
    ]
    ends = []
    for axis, target in step.changes.items():
        values = [target.value] if target.value else sorted(target.allowed)
        words = listed([_state_words(program, axis, each) for each in values])
        ends.append(f"{_axis_words(axis)}: {words or _('found from the record')}")
    pairs = [
        Pair(_("Who may"), _role_words(program, step.by)),
        Pair(_("From"), Lines(tuple(starts)) if starts else _("Any state")),
        Pair(_("To"), Lines(tuple(ends)) if ends else _("No state changes")),
    ]
    if step.second_by:
        second = _role_words(program, step.second_by)
        pairs.append(Pair(_("Then decided by a second person"), second))
    return pairs


def _deadline_pairs(request: HttpRequest, program: Program, rule: Deadline) -> list[Pair]:
    sides = {
        Side.COMPANY: _("The company"),
        Side.OFFICE: _("The office"),
        Side.APPEAL: _("The appeal authority"),
        Side.SYSTEM: _("Nobody: it happens by itself"),
    }
    natures = {
        DutyNature.DUTY: _("A duty"),
        DutyNature.LIMIT: _("A limit"),
        DutyNature.RIGHT: _("A right that ends"),
        DutyNature.LAPSE: _("Something lapses"),
        DutyNature.BAR: _("A waiting time"),
    }
    return [
        Pair(_("Owed by"), sides.get(rule.owed_by, rule.owed_by.value)),
        Pair(_("What it is"), natures.get(rule.nature, rule.nature.value)),
        Pair(_("Length"), _length(rule)),
        Pair(_("Counted from"), _marks(request, program, rule.anchors)),
        Pair(_("Met by"), _marks(request, program, rule.met_by)),
    ]


def _length(rule: Deadline) -> str:
    if rule.is_unset:
        return _("The office has not set it")
    if rule.by_band:
        return listed([f"{band}: {period_words(it)}" for band, it in rule.by_band.items()])
    return period_words(rule.period) if rule.period else _("See the source")


def _marks(request: HttpRequest, program: Program, marks: Iterable[object]) -> Lines | None:
    """Return the steps that make one of these marks: what a clock starts or ends with."""
    wanted = set(marks)
    found = [
        f"{step.id} {in_language(step.title)}"
        for step in program.transitions.values()
        if wanted.intersection(step.marks)
    ]
    return Lines(tuple(found)) if found else None
