"""Forms of what the office does about incidents, suspensions and appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from greenlane.apps.documents.queries import documents_of
from greenlane.apps.incidents import queries as incidents
from greenlane.apps.incidents.acts import kinds_of
from greenlane.apps.suspensions.acts import Doing, act_that
from greenlane.apps.suspensions.queries import benefits_of
from greenlane.apps.validations import queries as validations
from greenlane.core.lifecycle.decide import reasons_of
from greenlane.gate.access import the_program
from greenlane.web.ui import trust
from greenlane.web.ui.forms import LANGUAGES, DayField, PlainForm, Tiles, choose
from greenlane.web.ui.validations import FINDING_KINDS
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

_LONG = 20_000


def _words(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=_LONG,
        required=required,
    )


def _language() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=LANGUAGES)


def spoken() -> dict[str, str]:
    """Return the first choice of a letter's language: that of whoever writes it."""
    return {"language": "es" if (get_language() or "").startswith("es") else "en"}


class LetterForm(PlainForm):
    """Only the language of the letter."""

    language = _language()


class WordsForm(PlainForm):
    """Words that stay where the act says."""

    words = _words(gettext_lazy("In words"))


class DecisionForm(PlainForm):
    """Reasons that the company reads, and the language of its letter."""

    words = _words(gettext_lazy("Reasons"), gettext_lazy("The company reads them in the letter."))
    language = _language()


class UrgentForm(PlainForm):
    """Why it cannot wait, for the office alone, and the language of the letter."""

    words = _words(
        gettext_lazy("Why it cannot wait"),
        gettext_lazy("For the office alone; the letter gives the reasons of the proposal."),
    )
    language = _language()


class RemovalForm(DecisionForm):
    """A removal after suspension."""

    is_aggravated = forms.BooleanField(
        label=gettext_lazy("Aggravated circumstances or flagrant disregard are shown"),
        help_text=gettext_lazy("Without this the company's 90 days must have passed."),
        required=False,
    )


class ReinstateForm(DecisionForm):
    """A reinstatement."""

    is_fixed = forms.BooleanField(
        label=gettext_lazy("Every weakness found at the failed validation is fixed"),
        help_text=gettext_lazy("Asked where the ground is a failed validation."),
        required=False,
    )


class OutcomeForm(DecisionForm):
    """A choice of two outcomes, with reasons."""

    outcome = forms.ChoiceField(label=gettext_lazy("Result"), widget=Tiles())

    def __init__(self, *args: Any, outcomes: list[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["outcome"]
        if isinstance(field, forms.ChoiceField):
            field.choices = outcomes
        self.order_fields(["outcome", "words", "language"])


class JudgeForm(PlainForm):
    """Whether a step of a plan is verified."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=(
            ("verified", gettext_lazy("Verified")),
            ("again", gettext_lazy("Ask again")),
        ),
        widget=Tiles(),
    )
    words = _words(
        gettext_lazy("What it rests on"), gettext_lazy("The company reads it beside the step.")
    )


class DiscoverForm(PlainForm):
    """What the office found out by itself."""

    kind = forms.ChoiceField(label=gettext_lazy("What kind of incident"))
    happened_on = DayField(label=gettext_lazy("When it happened"), required=False)
    source = _words(gettext_lazy("Where it comes from"), gettext_lazy("For the office alone."))
    words = _words(gettext_lazy("What was found"), gettext_lazy("For the office alone."))
    incident = forms.ChoiceField(
        label=gettext_lazy("Reported incident that it is about"), required=False
    )

    def __init__(self, *args: Any, account: Account, **more: Any) -> None:
        super().__init__(*args, **more)
        program = the_program()
        kinds = [(code, trust.kind_words(program, code)) for code in kinds_of(program)]
        choose(self, "kind", [("", _("Choose")), *kinds])
        choose(self, "incident", [("", _("None is known")), *incident_choices(account)])


class MatchForm(PlainForm):
    """Which incident a discovery is about."""

    incident = forms.ChoiceField(label=gettext_lazy("Reported incident that it is about"))

    def __init__(self, *args: Any, account: Account, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "incident", [("", _("Choose")), *incident_choices(account)])


class ReviewForm(PlainForm):
    """The result of a joint review: three questions, and the reasons."""

    words = _words(gettext_lazy("Reasons"), gettext_lazy("The company reads them."))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        answers = [("yes", _("Yes")), ("no", _("No"))]
        for key, words in trust.QUESTIONS.items():
            self.fields[key] = forms.ChoiceField(label=words, choices=answers, widget=Tiles())
        self.order_fields([*trust.QUESTIONS, "words"])


class AnalysisForm(PlainForm):
    """By when the company gives its analysis."""

    due_on = DayField(label=gettext_lazy("By when"))


class ProposeForm(PlainForm):
    """A proposal to suspend or remove."""

    path = forms.ChoiceField(label=gettext_lazy("Path"), widget=Tiles())
    degree = forms.ChoiceField(label=gettext_lazy("What is taken"), widget=Tiles())
    ground = forms.ChoiceField(label=gettext_lazy("Ground"))
    urgency = forms.ChoiceField(
        label=gettext_lazy("Why it cannot wait"),
        help_text=gettext_lazy("For the urgent path only."),
        required=False,
    )
    benefits = forms.MultipleChoiceField(
        label=gettext_lazy("Benefits that a partial suspension takes"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    incidents = forms.MultipleChoiceField(
        label=gettext_lazy("Incidents it rests on"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    discoveries = forms.MultipleChoiceField(
        label=gettext_lazy("What the office found"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    findings = forms.MultipleChoiceField(
        label=gettext_lazy("Findings it rests on"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Documents it rests on"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_aggravated = forms.BooleanField(
        label=gettext_lazy("Aggravated circumstances or flagrant disregard are shown"),
        help_text=gettext_lazy("A removal at once needs this."),
        required=False,
    )
    reasons = _words(
        gettext_lazy("Reasons"),
        gettext_lazy("As the company will read them. Leave out what it may not know."),
    )
    memo = _words(
        gettext_lazy("Note for the office"),
        gettext_lazy("Never shown to the company."),
        required=False,
    )

    def __init__(self, *args: Any, account: Account, may_urge: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        program = the_program()
        paths = [(k, v) for k, v in trust.PATHS.items() if k == "NORMAL" or may_urge]
        choose(self, "path", paths)
        choose(self, "degree", list(trust.DEGREES.items()))
        grounds = [(k, trust.ground_title(program, k)) for k in program.grounds]
        choose(self, "ground", [("", _("Choose")), *grounds])
        row = act_that(program, Doing.SUSPEND_AT_ONCE)
        fitting = reasons_of(program, row)
        urgent = [(k, in_language(w)) for k, w in program.reasons.items() if k in fitting]
        choose(self, "urgency", [("", _("Not urgent")), *urgent])
        if not may_urge:
            del self.fields["urgency"]
        own = [one.benefit for one in benefits_of(account)]
        self._optional("benefits", [(one.id, in_language(one.title)) for one in own])
        self._optional("incidents", incident_choices(account))
        self._optional("discoveries", discovery_choices(account))
        self._optional("findings", _finding_choices(account))
        papers = [
            (str(one.seq), one.name or str(one.seq))
            for one in documents_of(account.stream)
            if one.purpose != "letter" and not one.is_withdrawn
        ]
        self._optional("documents", papers)

    def _optional(self, name: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            choose(self, name, choices)
        else:
            del self.fields[name]


def incident_choices(account: Account) -> list[tuple[str, str]]:
    """Return the account's incidents to choose from."""
    program = the_program()
    return [
        (str(one.seq), f"{one.number}. {trust.kind_words(program, one.kind)}")
        for one in incidents.incidents_of(account.stream)
    ]


def discovery_choices(account: Account) -> list[tuple[str, str]]:
    """Return what the office found, to choose from."""
    program = the_program()
    return [
        (str(one.seq), f"{trust.kind_words(program, one.kind)} ({one.seq})")
        for one in incidents.discoveries_of(account.stream)
    ]


def _finding_choices(account: Account) -> list[tuple[str, str]]:
    return [
        (str(one.seq), f"{FINDING_KINDS[one.kind]}, {one.criterion}")
        for case in validations.cases_of(account.stream)
        for one in validations.findings_of(case)
        if one.kind != validations.BEST
    ]
