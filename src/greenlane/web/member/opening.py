"""Opening an account: which kind of company, whether it may join, and the opening itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.accounts.queries import organizations_of
from greenlane.apps.members.actions.accounts import open_account
from greenlane.core.eligibility import eligibility
from greenlane.core.errors import GreenlaneError
from greenlane.core.facts import VOCABULARY, Facts, FactType, FactValue
from greenlane.core.program import EntityType, Program
from greenlane.core.rules.tree import facts_of
from greenlane.core.vocabulary import Truth
from greenlane.gate.access import acting, now, signed_in, the_program, today
from greenlane.gate.records import VIA
from greenlane.web.member.frame import frame
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, PlainForm, Tiles
from greenlane.web.ui.words import in_language

_ANSWERS = (
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
    ("unknown", gettext_lazy("I do not know yet")),
)


def choose(request: HttpRequest) -> HttpResponse:
    """Let the person choose the kind of company."""
    kinds = [
        {
            "title": in_language(entity.title),
            "meaning": in_language(entity.meaning),
            "href": reverse("member:eligibility", args=[key]),
        }
        for key, entity in the_program().entity_types.items()
        if not entity.is_overlay
    ]
    context = frame(request, None, _("Apply as"), "work", kinds=kinds)
    return render(request, "member/choose.html", context)


def check(request: HttpRequest, entity_type: str) -> HttpResponse:
    """Ask the eligibility questions; on all yes, open the account."""
    program = the_program()
    try:
        entity = program.entity_type(entity_type)
        own = organizations_of(signed_in(request).key, program=program, on=today())
        form = EligibilityForm(
            request.POST if request.method == "POST" else None,
            program=program,
            entity=entity,
            own=own,
        )
        if request.method == "POST" and form.is_valid():
            return _answer(request, program, entity, form)
    except GreenlaneError as error:
        return refused(request, error)
    status = 422 if form.is_bound else 200
    context = frame(request, None, _title(entity), "work", form=form, entity=entity)
    return render(request, "member/eligibility.html", context, status=status)


def _title(entity: EntityType) -> str:
    return _("Eligibility: %(kind)s") % {"kind": in_language(entity.title)}


def _answer(
    request: HttpRequest, program: Program, entity: EntityType, form: EligibilityForm
) -> HttpResponse:
    facts = form.facts()
    known = Facts.declared(facts).with_({"act.on": today(), "standing.membership": "NONE"})
    found = eligibility(program, entity.id, known)
    if found.truth is Truth.YES and "open" in request.POST:
        organization = form.cleaned_data["organization"]
        account = open_account(
            program=program,
            entity_type=entity.id,
            organization=organization,
            company_name=form.cleaned_data["company_name"],
            facts={**facts, "application.eligibility_is_confirmed": True},
            by=acting(request, the_program().own_roles, organization=organization),
            at=now(),
            via=VIA,
        )
        return HttpResponseRedirect(reverse("member:account", args=[account.stream]))
    answers = [
        {
            "title": in_language(answer.rule.title),
            "truth": answer.truth.value,
            "remedy": in_language(answer.rule.remedy),
            "source": answer.rule.source.citation,
            "confidence": answer.rule.source.confidence.value,
            "why": answer.why,
        }
        for answer in found.answers
    ]
    context = frame(
        request,
        None,
        _title(entity),
        "work",
        form=form,
        entity=entity,
        answers=answers,
        outcome=found.truth.value,
    )
    return render(request, "member/eligibility.html", context)


class EligibilityForm(PlainForm):
    """One question for each fact that the entity type's statements ask for."""

    def __init__(self, *args: Any, program: Program, entity: EntityType, own: Any, **more: Any):
        super().__init__(*args, **more)
        self.asked: list[str] = []
        for name in _asked(entity):
            question = program.questions.get(name)
            if question is None:
                continue
            self.asked.append(name)
            self.fields[_key(name)] = _field(
                name, in_language(question.text), in_language(question.help), question.choices
            )
        self.fields["organization"] = forms.ChoiceField(
            label=_("Organization"), choices=[(one.key, one.name) for one in own]
        )
        self.fields["company_name"] = forms.CharField(
            label=_("Legal name of the company"),
            help_text=_("As it is registered, in its own script."),
            max_length=400,
            initial=own[0].name if own else "",
        )

    def facts(self) -> dict[str, FactValue | None]:
        """Return what was declared; "I do not know yet" is None."""
        found: dict[str, FactValue | None] = {}
        for name in self.asked:
            value = self.cleaned_data.get(_key(name))
            type_ = VOCABULARY[name].type
            if type_ is FactType.BOOL:
                found[name] = {"yes": True, "no": False}.get(str(value))
            elif type_ is FactType.SET:
                found[name] = frozenset(value) if value else None
            else:
                found[name] = value if value not in ("", None) else None
        return found


def _asked(entity: EntityType) -> list[str]:
    """Return the facts that somebody must declare, in the order of the statements."""
    found: dict[str, None] = {}
    for statement in entity.eligibility:
        for name in sorted(facts_of(statement.rule)):
            if not VOCABULARY[name].is_derived:
                found[name] = None
    return list(found)


def _key(name: str) -> str:
    return name.replace(".", "__")


def _field(name: str, label: str, help_text: str, choices: Any) -> forms.Field:
    type_ = VOCABULARY[name].type
    if type_ is FactType.BOOL:
        return forms.ChoiceField(
            label=label, help_text=help_text, choices=_ANSWERS, widget=Tiles(), required=True
        )
    if type_ is FactType.SET:
        return forms.MultipleChoiceField(
            label=label,
            help_text=help_text,
            choices=[(key, in_language(text)) for key, text in choices.items()],
            widget=forms.CheckboxSelectMultiple(),
            required=False,
        )
    if type_ is FactType.DATE:
        return DayField(label=label, help_text=help_text, required=False)
    if type_ is FactType.INT:
        return forms.IntegerField(label=label, help_text=help_text, min_value=0, required=False)
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=[(key, in_language(text)) for key, text in choices.items()],
        required=False,
    )
