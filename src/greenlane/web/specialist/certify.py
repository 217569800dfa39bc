"""Certification by two people: a specialist proposes, a field manager approves or declines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from greenlane.apps.accounts.queries import names_of, person
from greenlane.apps.certification import queries
from greenlane.apps.certification.actions import Person, decline, propose
from greenlane.apps.certification.actions import certify as approve
from greenlane.apps.members.queries import revision_of
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Transition
from greenlane.core.vocabulary import Axis, Purpose
from greenlane.gate.access import now, roles, signed_in, the_program
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.specialist.bar import gates_of
from greenlane.web.specialist.frame import frame, to
from greenlane.web.specialist.given import codes_of, fields_of, pairs_of
from greenlane.web.specialist.history import letter_rows
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import PlainForm

if TYPE_CHECKING:
    from greenlane.apps.certification.models import Proposal
    from greenlane.apps.members.models import Account


class ProposalForm(PlainForm):
    """What the act asks to be given, and what the proposer says to the second person."""

    words = forms.CharField(
        label=gettext_lazy("To the field manager"),
        help_text=gettext_lazy("What the proposal rests on. The member does not see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        required=False,
    )

    def __init__(self, *args: Any, account: Account, **more: Any) -> None:
        super().__init__(*args, **more)
        asked = fields_of(_row(), account)
        self.fields = {**asked, **self.fields}
        self.asked = list(asked)

    def given(self) -> dict[str, str]:
        """Return codes and ISO days, as the act takes them."""
        return codes_of(self.cleaned_data, self.asked)


class DecisionForm(PlainForm):
    """The second person's decision."""

    seq = forms.IntegerField(widget=forms.HiddenInput(), min_value=1)
    revision = forms.IntegerField(widget=forms.HiddenInput(), min_value=0, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letter"),
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("Reason, if you decline"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        language = self.fields["language"]
        if isinstance(language, forms.ChoiceField):
            language.choices = [(code, language_name(code)) for code in the_program().languages]

    def clean(self) -> dict[str, Any]:
        """Ask for a reason of whoever declines."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.data.get("act") == "decline" and not cleaned.get("words"):
            self.add_error(
                "words", _("Say why it is declined, so that the specialist can act on it.")
            )
        return cleaned


def language_name(code: str) -> str:
    """Return a language's own name for itself; its code where it is not known."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


def certify(request: HttpRequest, key: str) -> HttpResponse:
    """Show conditions, proposal and letter; propose, approve or decline."""
    try:
        account = account_for(request, key)
        wanted = request.POST.get("act", "")
        proposal = queries.open_proposals(account.stream).filter(act=_row().id).first()
        given = request.POST if request.method == "POST" else None
        proposing = ProposalForm(given if wanted == "propose" else None, account=account)
        deciding = DecisionForm(
            given if wanted in ("approve", "decline") else None,
            initial={**_initial(proposal), "revision": revision_of(account.stream)},
        )
        done = _act_on(request, account, wanted, proposing, deciding)
        if done:
            return done
    except GreenlaneError as error:
        return refused(request, error)
    context = _context(request, account, proposal)
    context |= {"proposing": proposing, "deciding": deciding}
    status = 422 if request.method == "POST" else 200
    return render(request, "specialist/certify.html", context, status=status)


def _row() -> Transition:
    return the_program().act_that(Purpose.CERTIFY)


def _initial(proposal: Proposal | None) -> dict[str, Any]:
    spoken = (get_language() or "en").partition("-")[0]
    language = spoken if spoken in the_program().languages else "en"
    return {"seq": proposal.seq if proposal else None, "language": language}


def _act_on(
    request: HttpRequest,
    account: Account,
    wanted: str,
    proposing: ProposalForm,
    deciding: DecisionForm,
) -> HttpResponse | None:
    """Do what was asked for; None when nothing was, or a form has faults."""
    if request.method != "POST":
        return None
    if wanted == "propose":
        if not proposing.is_valid():
            return None
        _propose(request, account, proposing)
    elif wanted in ("approve", "decline"):
        if not deciding.is_valid():
            return None
        _decide(request, account, wanted, deciding.cleaned_data)
    else:
        raise BadInput(_("Choose one of the acts on this page."))
    return HttpResponseRedirect(to("certify", account))


def _propose(request: HttpRequest, account: Account, form: ProposalForm) -> None:
    by = actor_on(request, account, _row().by)
    words = form.cleaned_data["words"].strip()
    propose(account=account, by=by, at=now(), given=form.given(), words=words, via=VIA)
    messages.success(request, _("Proposed. It waits for a field manager."))


def _decide(request: HttpRequest, account: Account, wanted: str, given: dict[str, Any]) -> None:
    proposal = queries.proposal(account.stream, given["seq"])
    by = actor_on(request, account, the_program().transition(proposal.act).second_by)
    if wanted == "decline":
        decline(
            account=account,
            proposal=proposal,
            by=by,
            at=now(),
            words=given["words"],
            expected=given["revision"],
            via=VIA,
        )
        messages.success(request, _("Declined. The specialist sees your reason."))
        return
    proposer = person(proposal.proposed_by)
    approve(
        account=account,
        proposal=proposal,
        proposer=Person(Actor(proposer.key, proposal.role), proposer.name),
        by=Person(by, signed_in(request).name),
        at=now(),
        language=given["language"] or "en",
        expected=given["revision"],
        via=VIA,
    )
    messages.success(request, _("Certified. The letter is issued."))


def _context(request: HttpRequest, account: Account, proposal: Proposal | None) -> dict[str, Any]:
    row, held = _row(), roles(request)
    gates = gates_of(account, row.id)
    is_open = bool(gates) and all(gate.truth == "yes" for gate in gates)
    own = proposal is not None and proposal.proposed_by == signed_in(request).key
    return frame(
        request,
        account,
        _("Certification"),
        "certify",
        gates=gates,
        starts_here=row.starts_from({a: str(getattr(account, a.value)) for a in Axis}),
        proposal=proposal,
        proposed_by=names_of([proposal.proposed_by]).get(proposal.proposed_by, "")
        if proposal
        else "",
        given=pairs_of(row, account, proposal.given) if proposal else [],
        is_own=own,
        may_propose=proposal is None and is_open and bool(row.by & held),
        may_decide=proposal is not None and not own and bool(row.second_by & held),
        may_approve=is_open,
        decided=_declined(account),
        letters=letter_rows(account),
    )


def _declined(account: Account) -> list[dict[str, Any]]:
    found = queries.declined_proposals(account.stream)
    names = names_of({one.decided_by for one in found})
    return [
        {
            "on": one.decided_on,
            "by": names.get(one.decided_by, ""),
            "words": one.decision_words,
        }
        for one in found
    ]
