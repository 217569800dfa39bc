"""People and places of a company: officers, owners with shares, sites, vessels, partners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.parties.actions import PartyGiven, declare_party, remove_party
from greenlane.apps.parties.queries import (
    COMPANY,
    PERSONAL_NUMBERS,
    compact,
    parties_of,
    present_party,
    shown_details,
)
from greenlane.content.identifiers import SCHEMES
from greenlane.core.errors import BadInput, GreenlaneError, NotFound
from greenlane.gate.access import now, roles, the_program
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.member.frame import frame
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import PlainForm
from greenlane.web.ui.refusals import says
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.parties.models import Party

ROLES: Final = {
    "OFFICER": (gettext_lazy("Officers and managers"), gettext_lazy("Add a person")),
    "OWNER": (gettext_lazy("Owners"), gettext_lazy("Add an owner")),
    "SITE": (gettext_lazy("Sites"), gettext_lazy("Add a site")),
    "VESSEL": (gettext_lazy("Vessels"), gettext_lazy("Add a vessel")),
    "PARTNER": (gettext_lazy("Business partners"), gettext_lazy("Add a partner")),
}
_ONE: Final = {
    "COMPANY": gettext_lazy("The company itself"),
    "OFFICER": gettext_lazy("Officer or manager"),
    "OWNER": gettext_lazy("Owner"),
    "SITE": gettext_lazy("Site"),
    "VESSEL": gettext_lazy("Vessel"),
    "PARTNER": gettext_lazy("Business partner"),
}
_PEOPLE: Final = ("OFFICER", "OWNER", "PARTNER")
_NUMBER_WORDS: Final = {
    "passport": gettext_lazy("Passport number"),
    "national_id": gettext_lazy("National identity number"),
    "driver_license": gettext_lazy("Driver's license number"),
    "trusted_traveler": gettext_lazy("Trusted traveler number"),
}
_NUMBERS_SHOWN: Final = 3


class PartyForm(PlainForm):
    """One person, company, place or ship; what is asked depends on what it is."""

    kind = forms.ChoiceField(
        label=gettext_lazy("A person or a company?"),
        choices=(("PERSON", gettext_lazy("Person")), ("ORGANIZATION", gettext_lazy("Company"))),
        widget=forms.RadioSelect(),
    )
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=400)
    other_names = forms.CharField(
        label=gettext_lazy("Other names"),
        help_text=gettext_lazy(
            "Former names, trading names, the name in another script; one to a line."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4_000,
        required=False,
    )
    title = forms.CharField(label=gettext_lazy("Position"), max_length=400, required=False)
    birth_date = forms.CharField(
        label=gettext_lazy("Birth date"),
        help_text=gettext_lazy("Year, month and day, such as 1975-06-14."),
        max_length=10,
        required=False,
    )
    share = forms.CharField(
        label=gettext_lazy("Share in per cent"),
        help_text=gettext_lazy("Such as 33.3; leave it empty if it is not known."),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    owned = forms.ChoiceField(label=gettext_lazy("Owner of"), required=False)
    countries = forms.CharField(
        label=gettext_lazy("Countries"),
        help_text=gettext_lazy(
            "Citizenship, registration or flag: two letters each, such as MX, US."
        ),
        max_length=100,
        required=False,
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1_000,
        required=False,
    )

    def __init__(self, *args: Any, role: str, owners: Iterable[Party] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.role = role
        for name in _left_out(role):
            del self.fields[name]
        if role == "SITE":
            self.fields["name"].label = _("Name of the site, or of who runs it")
            self.fields["address"].required = True
        if role == "VESSEL":
            self.fields["name"].label = _("Name of the vessel")
        owned = self.fields.get("owned")
        if isinstance(owned, forms.ChoiceField):
            choices = [(one.party, one.name) for one in owners if one.kind == "ORGANIZATION"]
            owned.choices = [("", _("The company itself")), *choices]
        for place in range(1, _NUMBERS_SHOWN + 1):
            self.fields[f"number_kind_{place}"] = forms.ChoiceField(
                label=_("Kind of number %(place)s") % {"place": place},
                choices=[("", _("None")), *_number_kinds(role)],
                required=False,
            )
            self.fields[f"number_{place}"] = forms.CharField(
                label=_("Number %(place)s") % {"place": place}, max_length=64, required=False
            )

    def given(self, kept: Party | None) -> PartyGiven:
        """Return what was typed as the act takes it; further numbers on file stay."""
        told = self.cleaned_data
        on_file = (kept.details.get("identifiers") or ()) if kept is not None else ()
        # The form does not ask for the country of a number: one that stays as it was keeps it.
        countries = {(kind, compact(value)): country for kind, value, country in on_file}
        typed = [
            (told[f"number_kind_{place}"], told[f"number_{place}"])
            for place in range(1, _NUMBERS_SHOWN + 1)
            if told[f"number_kind_{place}"]
        ]
        numbers = [
            (kind, value, countries.get((kind, compact(value)), "")) for kind, value in typed
        ]
        numbers += [(kind, value, country) for kind, value, country in on_file[_NUMBERS_SHOWN:]]
        return PartyGiven(
            role=self.role,
            name=told["name"],
            kind=told.get("kind", ""),
            other_names=tuple(told["other_names"].splitlines()),
            birth_date=told.get("birth_date", ""),
            countries=tuple(told["countries"].replace(",", " ").split()),
            identifiers=tuple(numbers),
            address=told.get("address", ""),
            title=told.get("title", ""),
            share=told.get("share", ""),
            owned=told.get("owned", ""),
        )


def _left_out(role: str) -> list[str]:
    """Return the fields that are not asked of a role."""
    out = []
    if role not in ("OWNER", "PARTNER"):
        out.append("kind")
    if role not in _PEOPLE:
        out += ["title", "birth_date"]
    if role != "OWNER":
        out += ["share", "owned"]
    if role == "VESSEL":
        out.append("address")
    return out


def _number_kinds(role: str) -> list[tuple[str, str]]:
    schemes = [(code, in_language(scheme.title)) for code, scheme in SCHEMES.items()]
    if role == "VESSEL":
        return [row for row in schemes if row[0] == "imo"]
    personal = [(code, str(_NUMBER_WORDS[code])) for code in PERSONAL_NUMBERS]
    if role == "OFFICER":
        return [*personal, *(row for row in schemes if row[0] == "rfc")]
    own = [row for row in schemes if row[0] not in ("imo", "container", "bond")]
    return [*own, *personal] if role in _PEOPLE else own


def people(request: HttpRequest, key: str) -> HttpResponse:
    """List the people and places that the company declared."""
    try:
        account = account_for(request, key)
    except GreenlaneError as error:
        return refused(request, error)
    found = parties_of(account.stream)
    names = {one.party: one.name for one in found}
    own = next((one for one in found if one.party == COMPANY), None)
    sections = [
        {
            "title": title,
            "rows": [_row(account, one, names) for one in found if one.role == role],
            "add_href": reverse("member:party_new", args=[account.stream, role.lower()]),
            "add_words": add,
        }
        for role, (title, add) in ROLES.items()
    ]
    context = frame(
        request,
        account,
        _("People and places"),
        "people",
        sections=sections,
        company={
            "name": account.company_name,
            "numbers": _numbers(own) if own else [],
            "href": reverse("member:party", args=[account.stream, COMPANY]),
        },
        may_write=bool(the_program().own_roles & roles(request)),
    )
    return render(request, "member/people.html", context)


def _row(account: Account, one: Party, names: dict[str, str]) -> dict[str, Any]:
    details = one.details
    notes = [details.get("title") or "", details.get("address") or ""]
    if one.role == "OWNER":
        share = details.get("share")
        held = names.get(details.get("owned") or "", account.company_name)
        notes.append(
            _("%(share)s %% of %(company)s") % {"share": share, "company": held}
            if share
            else _("a share of %(company)s that is not known") % {"company": held}
        )
    return {
        "name": one.name,
        "is_erased": one.is_erased,
        "notes": [note for note in notes if note],
        "numbers": _numbers(one),
        "countries": ", ".join(details.get("countries") or ()),
        "on": one.declared_on,
        "href": reverse("member:party", args=[account.stream, one.party]),
        "remove_href": reverse("member:party_remove", args=[account.stream, one.party]),
    }


def _numbers(one: Party) -> list[str]:
    """Return the numbers of a party; on a list nobody needs those of a person in full."""
    return [
        f"{_NUMBER_WORDS.get(kind) or in_language(SCHEMES[kind].title)} {value}"
        for kind, value, _country in shown_details(one, in_full=False).get("identifiers") or ()
    ]


def new(request: HttpRequest, key: str, role: str) -> HttpResponse:
    """Ask for a new person or place, and declare it."""
    try:
        account = account_for(request, key)
        if role.upper() not in ROLES:
            raise NotFound("There is no such kind of person or place.")
        return _asked(request, account, role.upper(), None)
    except GreenlaneError as error:
        return refused(request, error)


def one(request: HttpRequest, key: str, party_key: str) -> HttpResponse:
    """Show a person or place, and declare what changed about it."""
    try:
        account = account_for(request, key)
        if party_key == COMPANY:
            kept = next((p for p in parties_of(account.stream) if p.party == COMPANY), None)
            return _asked(request, account, "COMPANY", kept)
        kept = present_party(account.stream, party_key)
        return _asked(request, account, kept.role, kept)
    except GreenlaneError as error:
        return refused(request, error)


def _asked(request: HttpRequest, account: Account, role: str, kept: Party | None) -> HttpResponse:
    by = actor_on(request, account, the_program().own_roles)
    owners = [p for p in parties_of(account.stream, role="OWNER") if p != kept]
    form = PartyForm(
        request.POST if request.method == "POST" else None,
        role=role,
        owners=owners,
        initial=_initial(account, role, kept),
    )
    if request.method == "POST" and form.is_valid():
        try:
            declare_party(
                account=account,
                given=form.given(kept),
                by=by,
                at=now(),
                party=kept.party if kept else "",
                via=VIA,
            )
        except BadInput as error:
            form.add_error(None, says(error))
        else:
            messages.success(request, _("Recorded."))
            return HttpResponseRedirect(reverse("member:people", args=[account.stream]))
    context = frame(
        request,
        account,
        str(_ONE[role]),
        "people",
        form=form,
        back_href=reverse("member:people", args=[account.stream]),
    )
    return render(request, "member/party.html", context, status=422 if form.is_bound else 200)


def _initial(account: Account, role: str, kept: Party | None) -> dict[str, Any]:
    if kept is None:
        return {"name": account.company_name} if role == "COMPANY" else {}
    details = kept.details
    found: dict[str, Any] = {
        "kind": kept.kind,
        "name": kept.name,
        "other_names": "\n".join(details.get("other_names") or ()),
        "countries": ", ".join(details.get("countries") or ()),
        **{name: details.get(name, "") for name in _PLAIN},
    }
    numbers = (details.get("identifiers") or ())[:_NUMBERS_SHOWN]
    for place, (kind, value, _country) in enumerate(numbers, 1):
        found[f"number_kind_{place}"], found[f"number_{place}"] = kind, value
    return found


_PLAIN: Final = ("title", "birth_date", "share", "owned", "address")


class NoForm(PlainForm):
    """Nothing but the question."""


def remove(request: HttpRequest, key: str, party_key: str) -> HttpResponse:
    """Ask whether a person or place left, and record it."""
    try:
        account = account_for(request, key)
        by = actor_on(request, account, the_program().own_roles)
        kept = present_party(account.stream, party_key)
        if request.method == "POST":
            remove_party(account=account, party=kept.party, by=by, at=now(), via=VIA)
            messages.success(request, _("Removed. What was recorded stays on the record."))
            return HttpResponseRedirect(reverse("member:people", args=[account.stream]))
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        account,
        _("Remove from the account"),
        "people",
        form=NoForm(),
        question=_("Remove %(name)s?") % {"name": kept.name},
        consequences=[_("The entry leaves the list; the record keeps that it was there.")],
        submit_label=_("Remove"),
        cancel_href=reverse("member:people", args=[account.stream]),
        base="member_base.html",
    )
    return render(request, "ui/confirm.html", context)
