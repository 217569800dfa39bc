"""The generated pages about rules: those of the CTPAT pack, and what each pack has to be decided.

What a page says stands in the pack and in ``core``; nothing is written here but its form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from greenlane.core.program import Deadline, Program, StartItem, Target, Transition
    from greenlane.core.vocabulary import Axis

PACK: Final = "ctpat"


def rule_pages(generated: str) -> dict[str, Callable[[], str]]:
    """Return the pages about rules; ``generated`` is the line that warns against editing."""
    return {
        "transitions.md": lambda: transitions_page(generated),
        "deadlines.md": lambda: deadlines_page(generated),
        "facts.md": lambda: facts_page(generated),
        "marks.md": lambda: marks_page(generated),
        "roles.md": lambda: roles_page(generated),
        "start.md": lambda: start_page(generated),
    }


def _program() -> Program:
    from greenlane.content.packs import load_program

    return load_program(PACK)


def _head(title: str, generated: str, text: str) -> list[str]:
    return [f"# {title}", "", generated, text, ""]


def _anchor(key: str) -> str:
    return f'<a id="{key.lower().replace(".", "-").replace("_", "-")}"></a>`{key}`'


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def transitions_page(generated: str) -> str:
    """Return the table of transitions with a diagram of the states of each axis."""
    from greenlane.core.vocabulary import Axis as Axes

    program = _program()
    lines = _head(
        "Transitions of the CTPAT pack",
        generated,
        "For whom: members, specialists, lawyers. Each row is one lawful step: from where, by "
        "whom, on which conditions (guards), on what authority. Confidence: S statute, P official "
        "page, C secondary source, U unverified, D a ruling of ours that an office may change.",
    )
    for axis in Axes:
        rows = [row for row in program.transitions.values() if axis in row.changes]
        if rows:
            lines += [f"## States of {axis.value}", "", "```mermaid", "stateDiagram-v2"]
            lines += sorted({edge for row in rows for edge in _edges(program, row, axis)})
            lines += ["```", ""]
    for row in program.transitions.values():
        lines += _transition_lines(program, row)
    return "\n".join(lines).rstrip() + "\n"


def _edges(program: Program, row: Transition, axis: Axis) -> Iterable[str]:
    targets = _targets(program, row.changes[axis], axis)
    # An axis that a row does not ask about may be in any state: no arrow could show that.
    for source in row.sources.get(axis, ()):
        for target in targets:
            yield f"    {source} --> {target}: {row.id}"


def _targets(program: Program, target: Target, axis: Axis) -> list[str]:
    from greenlane.core.program import TargetRule

    if target.rule is TargetRule.VALUE:
        return [target.value]
    if target.rule is TargetRule.GIVEN:
        return sorted(target.allowed)
    if target.rule is TargetRule.BEFORE_LOSS and axis.value == "membership":
        return [status.value for status, rule in program.statuses.items() if rule.is_active]
    return []


def _transition_lines(program: Program, row: Transition) -> list[str]:
    sources = "; ".join(f"{axis.value} {_listed(values)}" for axis, values in row.sources.items())
    changes = "; ".join(
        f"{axis.value} {target.value or target.rule.value}" for axis, target in row.changes.items()
    )
    lines = [
        f'<a id="{row.id.lower()}"></a>',
        "",
        f"## {row.id} {row.title}",
        "",
        f"- From: {sources or 'any state'}",
        f"- To: {changes or 'no change of state'}",
        f"- By: {_listed(row.by)}"
        + (f"; second person: {_listed(row.second_by)}" if row.second_by else ""),
    ]
    if row.requires:
        lines.append(f"- Gives: {_listed(row.requires)}")
    if row.marks:
        lines.append(f"- Sets: {', '.join(f'[{m.value}](marks.md#{_id(m)})' for m in row.marks)}")
    lines += [f"- Guard `{code}`: {program.guards[code].message}" for code in row.guards]
    return [*lines, f"- Source: {row.source.citation} [{row.source.confidence.value}]", ""]


def _id(mark: str) -> str:
    return mark.replace("_", "-")


def deadlines_page(generated: str) -> str:
    """Return the register of deadlines."""
    program = _program()
    lines = _head(
        "Deadlines of the CTPAT pack",
        generated,
        "For whom: members, specialists, lawyers. Days are calendar days. No limit does anything "
        "by itself: a passed day changes the state of the duty and nothing else. A duty is open up "
        "to and on its day and overdue from the next.",
    )
    lines += [
        "| Id | What | Owed by | Nature | Counted | From | Met by | Rolls | Source |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for rule in program.deadlines.values():
        cells = [
            _anchor(rule.id),
            str(rule.title),
            rule.owed_by.value,
            rule.nature.value,
            _counted(rule),
            _listed(rule.anchors),
            _listed(rule.met_by),
            "yes" if rule.rolls else "no",
            f"{rule.source.citation} [{rule.source.confidence.value}]",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _counted(rule: Deadline) -> str:
    if rule.by_band:
        return ", ".join(f"{band}: {period}" for band, period in rule.by_band.items())
    if rule.limit_days:
        return f"at most {rule.limit_days} working days of effort"
    if rule.on_day:
        every = f", every {rule.every_years} years" if rule.every_years > 1 else ""
        return f"{rule.on_day.name}{every}"
    if rule.period is None:
        window = f", window of {rule.window} before it" if rule.window else ""
        return "to be set by the office" if rule.is_unset else f"each anniversary{window}"
    return f"{rule.period} ({rule.count.value.replace('_', ' ')})"


def facts_page(generated: str) -> str:
    """Return the vocabulary of facts."""
    from greenlane.core.facts import VOCABULARY

    lines = _head(
        "Facts",
        generated,
        "For whom: who writes a pack or a scenario. The closed vocabulary of what a rule may ask "
        "for. A computed fact comes from the record and cannot be declared. Two families go with a "
        'pack\'s deadlines: `duty.<id>` is the state of the latest such duty ("none" before there '
        "is one), `overdue.<id>` tells whether any such duty is overdue.",
    )
    lines += ["| Fact | Type | Declared | Meaning |", "|---|---|---|---|"]
    for word in VOCABULARY.values():
        known = "computed" if word.is_derived else "declared"
        lines.append(f"| {_anchor(word.name)} | {word.type.value} | {known} | {word.meaning} |")
    return "\n".join(lines) + "\n"


def marks_page(generated: str) -> str:
    """Return the marks with the acts that set them and the deadlines that wait for them."""
    from greenlane.core.lifecycle.decide import OF_DECISIONS
    from greenlane.core.marks import Mark

    program = _program()
    lines = _head(
        "Marks",
        generated,
        "For whom: who writes a pack. A mark is a named moment of an account's history, set by a "
        "step and never typed in; deadlines count from marks and are met by them. Those set by "
        '"a decision" follow from its ground.',
    )
    lines += ["| Mark | Set by | Anchors | Meets |", "|---|---|---|---|"]
    for mark in Mark:
        setters = [row.id for row in program.transitions.values() if mark in row.marks]
        setters += ["a decision"] if mark in OF_DECISIONS else []
        anchored = [rule.id for rule in program.deadlines.values() if mark in rule.anchors]
        met = [rule.id for rule in program.deadlines.values() if mark in rule.met_by]
        cells = [_anchor(mark.value), ", ".join(setters), ", ".join(anchored), ", ".join(met)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def roles_page(generated: str) -> str:
    """Return the roles with the acts that each may do."""
    program = _program()
    lines = _head(
        "Roles of the CTPAT pack",
        generated,
        "For whom: everybody. What each role may do by the table of transitions. Acts marked + "
        "need this role as the second person.",
    )
    for role in program.roles.values():
        acts = [
            f"[{row.id}](transitions.md#{row.id.lower()})" + ("" if role.id in row.by else "+")
            for row in program.transitions.values()
            if role.id in row.by | row.second_by
        ]
        able = [
            words
            for words, holds in (
                ("signs for the company", role.may_sign),
                ("may record the authority's decisions", role.may_record_outside),
            )
            if holds
        ]
        lines += [f"## {role.id}", "", f"{role.title} ({role.side.value} side). {role.meaning}"]
        lines += [f"Also: {', '.join(able)}."] if able else []
        lines += ["", f"Acts: {', '.join(acts) or 'none'}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def start_page(generated: str) -> str:
    """Return what is to be decided before the start, for each of our packs that has such a list."""
    from greenlane.content.packs import pack_folders, read_program

    lines = _head(
        "To decide before the start",
        generated,
        "For whom: whoever brings a program into being. What an administration or company settles "
        "before it opens, and easements for small firms, as `greenlane pack show` prints them. "
        "What the packs are: [the packs](../explanation/packs.md).",
    )
    for path in sorted(pack_folders()[-1].glob("*/start.yaml")):
        program = read_program(path.parent)
        draft = ", draft: not adopted by any administration" if program.is_draft else ""
        lines += [f"## {program.id}: {program.title}{draft}", ""]
        lines += _start_table(program.decisions)
        if program.easements:
            lines += ["### Easements", "", *_start_table(program.easements)]
    return "\n".join(lines).rstrip() + "\n"


def _start_table(items: Iterable[StartItem]) -> list[str]:
    rows = [
        f"| {item.id} | {item.area} | {item.text} | {item.suggestion or ''} "
        f"| {', '.join(item.sets)} | {item.source.citation} [{item.source.confidence}] |"
        for item in items
    ]
    head = "| Id | Area | To decide | Suggested | Settles | Source |"
    return [head, "|---|---|---|---|---|---|", *rows, ""]
