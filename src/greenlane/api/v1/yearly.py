"""Every year: the annual review, a new edition of the criteria, and the profile as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field

from greenlane.api.v1.accounts import shown
from greenlane.api.v1.application import profile_row
from greenlane.api.v1.base import VIA, Body, account_for, acting_on, api
from greenlane.apps.criteria.queries import edition_in_force
from greenlane.apps.members import queries
from greenlane.apps.profiles.actions.annual import confirm
from greenlane.apps.profiles.actions.editions import apply_edition, undo_edition
from greenlane.apps.profiles.annual import ReviewItem, annual_review
from greenlane.apps.profiles.editions import behind, edition_state
from greenlane.apps.profiles.past import profile_as_of, turns_of
from greenlane.core.access import company_actors, having
from greenlane.core.vocabulary import Power
from greenlane.gate.access import now, the_program, today
from greenlane.gate.records import accounts_in_sight


class ConfirmIn(Body):
    """Answers that were read and still hold: of one category, or a single one."""

    answers: dict[str, int] = Field(description="Criterion to the event of the answer as read.")


class ApplyIn(Body):
    """Which edition is applied: the one that was previewed."""

    edition: str = Field(max_length=32)


@api.get("/accounts/{key}/annual-review", url_name="annual_review", summary="The annual review")
def annual(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the review's window, and each criterion with why it comes first and if it is done."""
    review = annual_review(account_for(request, key), on=today())
    duty = review.counting.duty
    return {
        "is_open": review.is_open,
        "counts_from": review.counting.from_on,
        "due_on": duty.due_on if duty else None,
        "days_left": duty.days_left if duty else None,
        "next_opens": review.counting.next_opens,
        "edition": review.profile.edition.id,
        "edition_is_behind": review.edition.is_behind,
        "risk_assessment_is_renewed": review.is_assessed,
        "items": [_item(one) for one in review.items],
    }


def _item(item: ReviewItem) -> dict[str, Any]:
    return {
        "criterion": item.id,
        "category": item.category,
        "answer_event": item.row.answer.seq if item.row.answer else None,
        "look_first": [why.value for why in item.whys],
        "touched_by": list(item.touched_by),
        "is_done": item.is_done,
        "is_changed": item.is_changed,
    }


@api.post("/accounts/{key}/annual-review/confirm", url_name="confirm", summary="Confirm answers")
def confirm_(request: HttpRequest, key: str, body: ConfirmIn) -> dict[str, Any]:
    """Record that answers were read and still hold; the same rule as on the pages."""
    account, actor = acting_on(request, key, company_actors)
    confirm(account=account, answers=body.answers, by=actor, at=now(), via=VIA)
    return shown(request, queries.account(key))


@api.get("/accounts/{key}/edition", url_name="edition", summary="What a new edition changes")
def edition(request: HttpRequest, key: str, lang: str = "en") -> dict[str, Any]:
    """Return under which edition the profile stands, and what the one in force would change."""
    state = edition_state(account_for(request, key), on=today())
    change = state.change
    return {
        "standing": state.standing.id,
        "in_force": state.present.id,
        "binds_from": state.binds_from,
        "is_behind": state.is_behind,
        "undo_until": state.undo_until,
        "carried_over": list(change.untouched) if change else [],
        "changed": [
            {
                "criterion": one.id,
                "kinds": [kind.value for kind in one.kinds],
                "answer": one.fate.value,
                "fields": list(one.fields),
                "before": one.before.criterion.requirement.in_(lang) if one.before else None,
                "after": one.after.criterion.requirement.in_(lang) if one.after else None,
            }
            for one in (change.changed if change else ())
        ],
        "history": [
            {"on": turn.on, "act": turn.act, "from": turn.left, "to": turn.taken, "event": turn.seq}
            for turn in turns_of(key)
        ],
    }


@api.post("/accounts/{key}/edition", url_name="apply_edition", summary="Apply it")
def apply_(request: HttpRequest, key: str, body: ApplyIn) -> dict[str, Any]:
    """Move the profile to the edition in force, which must be the one that was previewed."""
    account, actor = acting_on(request, key, having(Power.APPLY_EDITION))
    apply_edition(account=account, edition=body.edition, by=actor, at=now(), via=VIA)
    return edition(request, key)


@api.post("/accounts/{key}/edition/undo", url_name="undo_edition", summary="Undo it")
def undo(request: HttpRequest, key: str) -> dict[str, Any]:
    """Go back to the edition before, every answer as it stood."""
    account, actor = acting_on(request, key, having(Power.APPLY_EDITION))
    undo_edition(account=account, by=actor, at=now(), via=VIA)
    return edition(request, key)


@api.get("/accounts/{key}/past", url_name="past", summary="The profile as it was")
def past(
    request: HttpRequest, key: str, on: date, before: int | None = None, lang: str = "en"
) -> dict[str, Any]:
    """Return the profile as the record had it on a day; with ``before``, before that event."""
    account = account_for(request, key)
    until = before - 1 if before else None
    found = profile_as_of(account, on=on, today=today(), until=until)
    return {
        "on": found.on,
        "until_event": found.until,
        "edition": found.profile.edition.id,
        "criteria": [profile_row(row, lang) for row in found.profile.rows],
    }


@api.get("/editions/behind", url_name="editions_behind", summary="Who has not applied it")
def editions_behind(request: HttpRequest) -> dict[str, Any]:
    """Return the members whose profile stands under an edition that is no longer in force."""
    program = the_program()
    rows = behind(program.id, list(accounts_in_sight(request, program.id)), on=today())
    return {
        "in_force": edition_in_force(program.id, on=today()).id,
        "members": [
            {
                "account": one.account.stream,
                "edition": one.edition,
                "binds_from": one.binds_from,
                "is_overdue": one.is_overdue(today()),
            }
            for one in rows
        ],
    }
