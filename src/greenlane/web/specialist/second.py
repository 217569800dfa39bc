"""An act that needs two people: one proposes it with all it asks for, another approves it.

For every row of the pack with a second person, except certification, whose letter has a page of
its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.certification import queries
from greenlane.apps.certification.actions import approve, decline, propose
from greenlane.apps.members.queries import revision_of
from greenlane.core.errors import BadInput
from greenlane.core.program import Transition
from greenlane.gate.access import now, roles, signed_in, the_program
from greenlane.gate.records import VIA, actor_on
from greenlane.web.specialist.bar import gates_of
from greenlane.web.specialist.frame import frame, to
from greenlane.web.specialist.given import pairs_of
from greenlane.web.ui.forms import PlainForm
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.certification.models import Proposal
    from greenlane.apps.members.models import Account

DECISIONS: Final = ("approve", "decline")


class SecondForm(PlainForm):
    """The second person's decision, on the account as their page showed it."""

    seq = forms.IntegerField(widget=forms.HiddenInput(), min_value=1)
    revision = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)
    reason = forms.CharField(
        label=gettext_lazy("Reason, if you decline"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason of whoever declines."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.data.get("decision") == "decline" and not cleaned.get("reason"):
            self.add_error(
                "reason", _("Say why it is declined, so that the specialist can act on it.")
            )
        return cleaned


def answer(
    request: HttpRequest,
    account: Account,
    row: Transition,
    form: PlainForm,
    given: Callable[[], dict[str, str]],
    words: str,
) -> HttpResponse:
    """Show the act's page for two people; propose, approve or decline.

    Args:
        form: What the act asks for, bound when it is proposed; ``given`` reads it.
        words: The reasons that were typed with it.

    Raises:
        GreenlaneError: the act is not lawful now, or whoever asks may not.
    """
    proposal = queries.open_proposals(account.stream).filter(act=row.id).first()
    wanted = request.POST.get("decision", "")
    deciding = SecondForm(
        request.POST if wanted in DECISIONS else None,
        initial={
            "seq": proposal.seq if proposal else None,
            "revision": revision_of(account.stream),
        },
    )
    if deciding.is_bound and deciding.is_valid():
        _decide(request, account, row, wanted, deciding.cleaned_data)
        return HttpResponseRedirect(to("case", account))
    if form.is_bound and form.is_valid():
        by = actor_on(request, account, row.by)
        propose(
            account=account,
            by=by,
            at=now(),
            act=row.id,
            given=given(),
            words=words.strip(),
            via=VIA,
        )
        messages.success(request, _("Proposed. It waits for: %(roles)s.") % {"roles": _who(row)})
        return HttpResponseRedirect(to("case", account))
    status = 422 if form.is_bound or deciding.is_bound else 200
    context = _context(request, account, row, proposal)
    context |= {"form": form, "deciding": deciding}
    return render(request, "specialist/second.html", context, status=status)


def _decide(
    request: HttpRequest, account: Account, row: Transition, wanted: str, given: dict[str, Any]
) -> None:
    proposal = queries.proposal(account.stream, given["seq"])
    if proposal.act != row.id:
        raise BadInput(_("This proposal is of another act. Open it from the case."))
    by = actor_on(request, account, row.second_by)
    seen = given["revision"]
    if wanted == "decline":
        decline(
            account=account,
            proposal=proposal,
            by=by,
            at=now(),
            words=given["reason"],
            expected=seen,
            via=VIA,
        )
        messages.success(request, _("Declined. The specialist sees your reason."))
        return
    approve(account=account, proposal=proposal, by=by, at=now(), expected=seen, via=VIA)
    messages.success(request, _("Recorded: %(act)s.") % {"act": in_language(row.title)})


def _context(
    request: HttpRequest, account: Account, row: Transition, proposal: Proposal | None
) -> dict[str, Any]:
    held = roles(request)
    gates = gates_of(account, row.id)
    own = proposal is not None and proposal.proposed_by == signed_in(request).key
    return frame(
        request,
        account,
        in_language(row.title),
        "act",
        gates=gates,
        meaning=in_language(row.meaning) if row.meaning != row.title else "",
        is_final=row.is_decision,
        source=row.source.citation,
        cancel_href=to("case", account),
        who=_who(row),
        proposal=proposal,
        proposed_by=names_of([proposal.proposed_by]).get(proposal.proposed_by, "")
        if proposal
        else "",
        given=pairs_of(row, account, proposal.given) if proposal else [],
        is_own=own,
        may_propose=proposal is None and bool(row.by & held),
        may_decide=proposal is not None and not own and bool(row.second_by & held),
        # What cannot be told yet may be told by the proposer's own words; the act decides.
        may_approve=all(gate.truth != "no" for gate in gates),
    )


def _who(row: Transition) -> str:
    found = the_program().roles
    return " / ".join(in_language(found[role].title) for role in sorted(row.second_by))
