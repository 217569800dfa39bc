"""Words and pieces of the periodic review and of editions, the same on both doors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.profiles.annual import CompanyChange, ReviewItem, Why
from greenlane.apps.profiles.queries import AnswerState, Profile, ProfileRow
from greenlane.core.edition_change import ChangedCriterion, ChangeKind, EditionChange, Fate
from greenlane.core.vocabulary import CriterionLevel
from greenlane.gate.access import the_program
from greenlane.web.ui.forms import DayField, PlainForm
from greenlane.web.ui.pieces import Status
from greenlane.web.ui.words import in_language

WHYS: Final = {
    Why.UNANSWERED: gettext_lazy("Not answered yet."),
    Why.ASKED_AGAIN: gettext_lazy("The new edition asks something else, or more firmly."),
    Why.RETURNED: gettext_lazy("The program office sent it back."),
    Why.COMMENTED: gettext_lazy("The program office remarked on it."),
    Why.EVIDENCE_OLD: gettext_lazy("Its evidence is older than the program takes as current."),
    Why.COMPANY_CHANGED: gettext_lazy("Changed"),
}
TOUCHES: Final = {
    "company": gettext_lazy("the company's own entry"),
    "fact": gettext_lazy("facts on the company"),
    "officer": gettext_lazy("officers"),
    "owner": gettext_lazy("owners"),
    "partner": gettext_lazy("business partners"),
    "site": gettext_lazy("sites"),
    "vessel": gettext_lazy("vessels"),
}
_HOW: Final = {
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("taken away"),
}
OUTCOMES: Final = {
    "IMPLEMENTED": gettext_lazy("In place"),
    "PARTLY": gettext_lazy("Partly in place"),
    "NOT_YET": gettext_lazy("Not yet"),
    "NOT_APPLICABLE": gettext_lazy("Does not apply"),
}
KINDS: Final = {
    ChangeKind.ADDED: gettext_lazy("Added"),
    ChangeKind.RAISED: gettext_lazy("Raised to a must"),
    ChangeKind.REWORDED: gettext_lazy("Reworded"),
    ChangeKind.LOWERED: gettext_lazy("Lowered to a should"),
    ChangeKind.WITHDRAWN: gettext_lazy("Withdrawn"),
}
FATES: Final = {
    Fate.CARRIED: (gettext_lazy("Your answer is carried over as it is"), "good"),
    Fate.ASKED_AGAIN: (gettext_lazy("Asked again: confirm or change your answer"), "warning"),
    Fate.NEW: (gettext_lazy("To be answered"), "waiting"),
    Fate.CLOSED: (gettext_lazy("Closed: your answer stays on the record"), "neutral"),
}
_STATES: Final = {
    AnswerState.UNANSWERED: (gettext_lazy("Not answered"), "neutral"),
    AnswerState.ASKED_AGAIN: (gettext_lazy("Asked again"), "warning"),
    AnswerState.ANSWERED: (gettext_lazy("Answered"), "waiting"),
    AnswerState.ACCEPTED: (gettext_lazy("Accepted"), "good"),
    AnswerState.RETURNED: (gettext_lazy("Returned"), "bad"),
    AnswerState.RAISED: (gettext_lazy("With the field manager"), "warning"),
}


def level_word(level: CriterionLevel) -> str:
    """Return must or should as a person reads it."""
    return _("Must") if level is CriterionLevel.MUST else _("Should")


def outcome_word(outcome: str) -> str:
    """Return an answer's outcome as a person reads it."""
    return str(OUTCOMES.get(outcome, outcome))


def whys_of(item: ReviewItem) -> list[str]:
    """Return in words why an answer comes first; what of the company changed is named shortly."""
    found = []
    for why in item.whys:
        words = str(WHYS[why])
        if why is Why.COMPANY_CHANGED:
            words = f"{words}: {', '.join(str(TOUCHES[what]) for what in item.touched_by)}."
        found.append(words)
    return found


def changes_shown(changes: Iterable[CompanyChange]) -> list[dict[str, Any]]:
    """Return what of the company changed: its name, what it is, how and when it changed."""
    questions = the_program().questions
    return [
        {
            "name": one.name
            or (in_language(questions[one.key].text) if one.key in questions else ""),
            "what": TOUCHES[one.what],
            "how": _HOW[one.how],
            "on": one.on,
        }
        for one in changes
    ]


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One criterion of the preview of an edition, ready to be shown."""

    label: str
    title: str
    status: Status
    level: str
    level_before: str
    is_reworded: bool
    only_hints: bool
    before: str
    after: str
    answer: str


def edition_groups(
    change: EditionChange, words: Callable[[str], str]
) -> list[tuple[str, list[ChangedLine]]]:
    """Return the changed criteria under headings by kind; each stands under its first kind only.

    Args:
        change: The change, as the member meets it.
        words: The member's answer to a criterion, in words; "" for none.
    """
    groups: dict[ChangeKind, list[ChangedLine]] = {kind: [] for kind in ChangeKind}
    for one in change.changed:
        groups[one.kinds[0]].append(_changed_line(one, words(one.id)))
    return [(str(KINDS[kind]), lines) for kind, lines in groups.items() if lines]


def _changed_line(one: ChangedCriterion, answer: str) -> ChangedLine:
    shown = one.after or one.before
    if shown is None:  # a change without both sides is none
        raise ValueError(one.id)
    word, tone = FATES[one.fate]
    before = in_language(one.before.criterion.requirement) if one.before else ""
    after = in_language(one.after.criterion.requirement) if one.after else ""
    return ChangedLine(
        label=in_language(shown.label),
        title=in_language(shown.criterion.title),
        status=Status(str(word), tone),
        level=level_word(one.after.level) if one.after else "",
        level_before=level_word(one.before.level) if one.before else "",
        is_reworded=ChangeKind.REWORDED in one.kinds and before != after,
        only_hints=bool(one.fields) and set(one.fields) <= {"guidance", "evidence"},
        before=before,
        after=after,
        answer=answer,
    )


class DayForm(PlainForm):
    """Which day to look back to."""

    on = DayField(label=gettext_lazy("As of"), required=False)
    before = forms.IntegerField(widget=forms.HiddenInput(), min_value=1, required=False)

    def given(self) -> tuple[date | None, int | None]:
        """Return the day, and the last place of the record to read; None for what is not given."""
        before = self.cleaned_data.get("before")
        return self.cleaned_data.get("on"), before - 1 if before else None


def past_categories(found: Profile) -> list[dict[str, Any]]:
    """Return a profile's criteria by category, each with its answer as it was: for reading only."""
    return [
        {
            "title": f"{category.number}. {in_language(category.name)}",
            "rows": [
                _past_row(row)
                for row in found.rows
                if row.criterion.criterion.category == category.number
            ],
        }
        for category in found.edition.categories
        if any(row.criterion.criterion.category == category.number for row in found.rows)
    ]


def _past_row(row: ProfileRow) -> dict[str, Any]:
    word, tone = _STATES[row.state]
    return {
        "label": in_language(row.criterion.label),
        "title": in_language(row.criterion.criterion.title),
        "level": level_word(row.criterion.level),
        "status": Status(str(word), tone),
        "outcome": outcome_word(row.answer.outcome) if row.answer else "",
        "words": row.answer.words if row.answer else "",
        "scope": row.answer.scope if row.answer else "",
        "saved_on": row.answer.saved_on if row.answer else None,
        "evidence": [
            (document.name or document.sha256[:12], item.dated_on)
            for item, document in row.evidence
        ],
    }
