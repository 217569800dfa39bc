"""What people type when they join, invite, or look after their own sign-in; checks shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from greenlane.apps.accounts.credentials import unsaved_person
from greenlane.core.access import relation_of
from greenlane.core.program import Program
from greenlane.core.vocabulary import Relation
from greenlane.web.ui.words import in_language


class EmailForm(forms.Form):
    """Asks for an address."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NewPersonForm(forms.Form):
    """Asks for a name and a password; the address is known, since a mail reached it."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As you write it, in any script. It stands beside what you do and sign."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters. Several words are easier to keep than signs."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Compare both passwords, and hold the first against the installation's rules."""
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if not password:
            return cleaned
        if password != cleaned.get("again"):
            self.add_error("again", _("This is another password than the one above."))
        person = unsaved_person(name=cleaned.get("name", ""), email=self.email)
        try:
            password_validation.validate_password(password, person)
        except ValidationError as refused:
            self.add_error("password", refused)
        return cleaned


class OrganizationForm(forms.Form):
    """Asks whoever opens a company for its name and for what they are to it."""

    name = forms.CharField(
        label=_("Name of the company"),
        max_length=400,
        help_text=_("As it is registered."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    standing = forms.ChoiceField(
        label=_("What are you to this company?"),
        help_text=_("Your answer is kept on the record as your statement."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, program: Program, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["standing"]
        if isinstance(field, forms.ChoiceField):
            # Roles are the program's: who acts for the company as a whole, in the pack's order.
            field.choices = [
                (
                    f"{role.id}/{relation_of(program, role.id).value}",
                    f"{in_language(role.title)}: {in_language(role.meaning)}",
                )
                for role in program.roles.values()
                if role.id in program.own_roles
            ]


class InvitationForm(forms.Form):
    """Asks for an address and for the role that is offered."""

    email = EmailForm.base_fields["email"]
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    relation = forms.ChoiceField(
        label=_("What is this person to the company?"),
        required=False,
        choices=[
            ("", _("As is usual for the role")),
            (Relation.OFFICER.value, _("An officer")),
            (Relation.EMPLOYEE.value, _("An employee")),
            (Relation.OUTSIDE.value, _("Somebody from outside, such as a consultant")),
        ],
    )
    office = forms.CharField(
        label=_("Field office"),
        max_length=32,
        required=False,
        help_text=_("Its code; empty for all of them."),
    )

    def __init__(
        self, *args: Any, program: Program, offered: list[str], is_office: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101  # declared so above
        role.choices = [
            (
                one,
                f"{in_language(program.roles[one].title)}: "
                f"{in_language(program.roles[one].meaning)}",
            )
            for one in offered
        ]
        del self.fields["relation" if is_office else "office"]

    def clean_relation(self) -> Relation | None:
        """Return the relation that was chosen; None for the usual one."""
        chosen = self.cleaned_data["relation"]
        return Relation(chosen) if chosen else None


class NameForm(forms.Form):
    """Asks for another name of the person."""

    name = NewPersonForm.base_fields["name"]


class TokenForm(forms.Form):
    """Asks what a token of the API is for."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=100,
        help_text=_("Such as the name of the program that will use it."),
    )
    days = forms.TypedChoiceField(
        label=_("How long does it work?"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("1 year"))],
        initial=90,
    )
