"""What an act of the pack asks to be given: fields for it, codes from them, words of the codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.accounts.queries import people_of_office
from greenlane.core.lifecycle.decide import reasons_of
from greenlane.core.program import Program, Transition
from greenlane.core.vocabulary import Power
from greenlane.gate.access import the_program, today
from greenlane.web.specialist.bar import overdue
from greenlane.web.ui.forms import DayField
from greenlane.web.ui.pieces import Pair
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

_LABELS: Final = {
    "specialist": gettext_lazy("Specialist"),
    "reason": gettext_lazy("Reason"),
    "ground": gettext_lazy("Ground"),
    "risk_band": gettext_lazy("Risk band"),
    "includes_office": gettext_lazy("Does it include the program office?"),
    "visit_on": gettext_lazy("Day of the visit"),
    "new_due_on": gettext_lazy("New due day"),
    "starts_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
    "assessed_on": gettext_lazy("Day of the assessment"),
    "effort_days": gettext_lazy("Working days spent"),
    "duty": gettext_lazy("Overdue duty"),
    "outcome": gettext_lazy("Outcome"),
}
#: The page sets this one itself: in which language a text was read, a letter is written.
_OF_THE_PAGE: Final = frozenset({"language"})


def fields_of(row: Transition, account: Account) -> dict[str, forms.Field]:
    """Return a field for all that the act must be given, then for what it may be given."""
    keys = [*sorted(row.requires), *sorted(row.may_give - row.requires - _OF_THE_PAGE)]
    return {key: _field(key, row, account) for key in keys}


def codes_of(cleaned: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    """Return codes and ISO days, as an act takes them; what was left open is left out."""
    return {
        key: cleaned[key].isoformat() if isinstance(cleaned[key], date) else str(cleaned[key])
        for key in keys
        if cleaned.get(key) not in (None, "")
    }


def pairs_of(row: Transition, account: Account, given: Mapping[str, str]) -> list[Pair]:
    """Return what was given with a proposal, in words."""
    return [
        Pair(
            str(_LABELS.get(key, key)),
            dict(_choices(key, row, account, the_program())).get(value, value),
        )
        for key, value in sorted(given.items())
    ]


def _field(key: str, row: Transition, account: Account) -> forms.Field:
    label, is_needed = _LABELS.get(key, key), key in row.requires
    if key.endswith("_on"):
        return DayField(label=label, required=is_needed)
    if key.endswith("_days"):
        return forms.IntegerField(label=label, min_value=0, max_value=999, required=is_needed)
    choices = _choices(key, row, account, the_program())
    if choices:
        first = ("", _("Choose") if is_needed else _("Not given"))
        return forms.ChoiceField(label=label, choices=[first, *choices], required=is_needed)
    return forms.CharField(label=label, max_length=128, required=is_needed)


def _choices(
    key: str, row: Transition, account: Account, program: Program
) -> list[tuple[str, str]]:
    if key == "specialist":
        people = people_of_office(on=today(), program=program, office=account.office)
        return [
            (one.person, f"{one.name}, {one.office}" if one.office else one.name)
            for one in people
            if one.role in program.roles_that_may(Power.BE_ASSIGNED)
        ]
    if key == "reason":
        fitting = reasons_of(program, row)
        return [(k, in_language(w)) for k, w in program.reasons.items() if k in fitting]
    if key == "ground":
        return [(k, f"{k}: {in_language(g.title)}") for k, g in program.grounds.items()]
    if key == "duty":
        return [(one.key, in_language(one.deadline.title)) for one in overdue(account)]
    if key == "risk_band":
        return [(band, band) for band in sorted(program.risk_bands)]
    if key == "includes_office":
        return [("yes", _("Yes")), ("no", _("No"))]
    return []
