"""What every page of the member door stands in: navigation, breadcrumb, header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from greenlane.apps.incidents.acts import keeps_incidents
from greenlane.apps.members.queries import case_of
from greenlane.apps.profiles.counting import review_deadline
from greenlane.apps.profiles.queries import profile_of
from greenlane.apps.validations.acts import keeps_cases
from greenlane.content.packs import load_program
from greenlane.core.access import shown_to_company
from greenlane.core.deadlines import RUNNING, Duty
from greenlane.core.lifecycle.standing import Since
from greenlane.core.program import Program, Transition
from greenlane.core.vocabulary import Axis, Phase, Purpose
from greenlane.gate.access import roles, signed_in, the_program, today
from greenlane.gate.records import accounts_in_sight
from greenlane.web.ui.pieces import Choice, Crumb, Header, NavItem, Status, tone_of_phase
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

_MANY = 12
#: Clocks of vetting and of an inquiry are the office's alone, as their steps are.


def frame(
    request: HttpRequest, account: Account | None, title: str, here: str, **more: Any
) -> dict[str, Any]:
    """Return the context of a page: ``here`` is the page's place in the navigation."""
    crumbs = [Crumb(account.company_name, _to("account", account))] if account else []
    return {
        "title": title,
        "account": account,
        "nav": _nav(account, here),
        "crumbs": [*crumbs, Crumb(title)] if account else [],
        "header": _header(request, account),
        "program": the_program(),
        **more,
    }


def _to(name: str, account: Account) -> str:
    return reverse(f"member:{name}", args=[account.stream])


def _nav(account: Account | None, here: str) -> list[NavItem]:
    places = [("work", _("My work"), reverse("member:work"), "home")]
    if account is not None:
        places += [
            ("account", _("Account"), _to("account", account), "account_circle"),
            ("people", _("People and places"), _to("people", account), "people"),
            ("profile", _("Security profile"), _to("profile", account), "check_circle_outline"),
            *(
                [("annual", _("Annual review"), _to("annual", account), "update")]
                if has_annual_review(account)
                else []
            ),
            *(
                [("risk", _("Risk assessment"), _to("risk", account), "flag")]
                if the_program().has_act_that(Purpose.FILE_RISK_ASSESSMENT)
                else []
            ),
            *(
                [("validation", _("Validation"), _to("validation", account), "search")]
                if keeps_cases(the_program())
                else []
            ),
            ("standing", _("Your standing"), _to("standing", account), "schedule"),
            *(
                [("incidents", _("Incidents"), _to("incidents", account), "security")]
                if keeps_incidents(the_program())
                else []
            ),
            ("letters", _("Letters"), _to("letters", account), "mail"),
            ("record", _("Record"), _to("record", account), "list"),
        ]
    return [NavItem(title, href, icon, key == here) for key, title, href, icon in places]


def has_annual_review(account: Account) -> bool:
    """Tell whether the program reviews this account's profile every year."""
    program = load_program(account.program)
    is_member = program.phase_of(account.membership) in (Phase.MEMBER, Phase.SUSPENDED)
    return is_member and review_deadline(program) is not None


def _header(request: HttpRequest, account: Account | None) -> Header:
    own = list(accounts_in_sight(request, the_program().id)[:_MANY])
    role = next(iter(roles(request)), "")
    title = the_program().roles.get(role)
    return Header(
        person=signed_in(request).name,
        role=in_language(title.title) if title else "",
        accounts=[
            Choice(
                row.company_name or row.stream,
                _to("account", row),
                account is not None and row.stream == account.stream,
                row.stream,
            )
            for row in own
        ],
        person_links=(Choice(_("Your sign-in"), reverse("own_sign_in")),),
    )


def status_of(account: Account, since: Since | None = None) -> Status:
    """Return the account's standing as a word, since when, and the rule behind it."""
    program = load_program(account.program)
    word = program.labels["membership"].get(account.membership)
    return Status(
        in_language(word) if word else _("Not opened"),
        tone_of_phase(program.phase_of(account.membership)),
        since.on if since else None,
        why_href=reverse("public:rule", args=[since.act]) if since else "",
    )


def starts_here(account: Account, purpose: Purpose) -> bool:
    """Tell whether an act that serves ``purpose`` starts from where the account stands."""
    axes = {axis: str(getattr(account, axis.value)) for axis in Axis}
    return any(row.starts_from(axes) for row in load_program(account.program).acts_that(purpose))


def act_from_here(account: Account, purpose: Purpose) -> Transition:
    """Return the act that serves ``purpose`` and starts from where the account stands.

    Where none does, the pack's first: doing it is refused with the reason.
    """
    axes = {axis: str(getattr(account, axis.value)) for axis in Axis}
    program = load_program(account.program)
    fitting = [row for row in program.acts_that(purpose) if row.starts_from(axes)]
    return fitting[0] if fitting else program.act_that(purpose)


def axis_word(program: Program, axis: Axis, value: str) -> str:
    """Return the pack's word for a state of an axis."""
    label = program.labels.get(axis.value, {}).get(value)
    return in_language(label) if label else value


def duties_shown(account: Account) -> list[Duty]:
    """Return the running duties a company may read of: none of vetting, none of an inquiry."""
    return [
        duty
        for duty in shown_to_company(case_of(account).duties(on=today()))
        if duty.state in RUNNING
    ]


def fact_words(name: str, value: object) -> str:
    """Return a declared fact's value in words, as the questionnaire of the pack says them."""
    if value is None:
        return _("not known yet")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    question = the_program().questions.get(name)
    choices = question.choices if question else {}
    if isinstance(value, list | tuple | frozenset):
        return ", ".join(fact_words(name, one) for one in sorted(value))
    word = choices.get(str(value))
    return word.in_(get_language() or "en") if word else str(value)


def profile_count(account: Account) -> tuple[int, int]:
    """Return how many criteria are answered, and how many are asked."""
    rows = profile_of(account, on=today()).rows
    return sum(row.answer is not None for row in rows), len(rows)
