"""Says what the program refused in the reader's language: days in words, titles for codes.

The sentence of an error is looked up in the catalogue like every other marked string; the API and
the command line say the same in English.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from greenlane.core.errors import AnyOf, GreenlaneError
from greenlane.core.program import Program
from greenlane.core.text import Text
from greenlane.gate.access import the_program
from greenlane.web.ui.words import day_words, in_language, language

_AXES: Final = {
    "membership": gettext_noop("Membership"),
    "tier": gettext_noop("Tier"),
    "profile": gettext_noop("Profile"),
    "vetting": gettext_noop("Vetting"),
    "validation": gettext_noop("Validation"),
    "appeal": gettext_noop("Appeal"),
    "eligibility_review": gettext_noop("Eligibility review"),
}
_RELATIONS: Final = {
    "officer": gettext_noop("an officer"),
    "employee": gettext_noop("an employee"),
    "outside": gettext_noop("somebody from outside"),
    "none": gettext_noop("none"),
}
_ROLES: Final = frozenset({"role", "roles"})
_STATUSES: Final = frozenset({"profile", "state", "status", "statuses", "tier", "tiers", "vetting"})


def is_translated(error: GreenlaneError) -> bool:
    """Tell whether the reader's language has the sentence; English always does."""
    return language() == "en" or _(error.sentence) != error.sentence


def says(error: GreenlaneError) -> str:
    """Return what an error says, in the active language as far as the catalogue goes.

    Example:
        ``T02 (Enviar la solicitud) le corresponde a Directivo de la empresa ...``
    """
    text = getattr(error, "text", None)
    if not error.fields and isinstance(text, Text) and str(text) != error.message:
        # The pack's own words for it.
        return in_language(text)
    program = the_program()
    fields = {name: _shown(program, name, value) for name, value in error.fields.items()}
    sentence = _(error.sentence)
    return sentence.format(**fields) if fields else sentence


def _shown(program: Program, name: str, value: object) -> object:
    if isinstance(value, AnyOf):
        return _any_of([str(_shown(program, name, one)) for one in value])
    if isinstance(value, Text):
        return in_language(value)
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, str):
        return _title(program, name, value)
    return value


def _title(program: Program, name: str, code: str) -> str:
    if name in _ROLES and code in program.roles:
        return in_language(program.roles[code].title)
    if name in _STATUSES:
        return status_words(code)
    if name == "axis":
        return axis_words(code)
    if name in {"relation", "relations", "second"} and code in _RELATIONS:
        return _(_RELATIONS[code])
    return code


def axis_words(axis: str) -> str:
    """Return what an axis of the standing is called; an unknown one by its own name."""
    return _(_AXES[axis]).lower() if axis in _AXES else axis


def status_words(code: str, *, axis: str = "") -> str:
    """Return the pack's title of a status; with an axis, of that axis before any other.

    A code without a title is returned as it is.
    """
    program = the_program()
    labels = program.labels
    for titles in (labels.get(axis, {}), *labels.values()):
        if code in titles:
            return in_language(titles[code])
    found = (rule.title for status, rule in program.statuses.items() if str(status) == code)
    return in_language(next(found, code))


def _any_of(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    # Spanish says "u" before the sound o.
    is_o = language() == "es" and words[-1].lower().startswith(("o", "ho"))
    return f"{', '.join(words[:-1])} {'u' if is_o else _('or')} {words[-1]}"
