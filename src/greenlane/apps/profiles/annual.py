"""The periodic review as both sides see it: what changed first, what still holds after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from greenlane.apps.audit.queries import events_of
from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import is_reassessed, steps_of
from greenlane.apps.parties.queries import names_of_parties
from greenlane.apps.profiles.counting import Counting, counts_from
from greenlane.apps.profiles.editions import EditionState, edition_state
from greenlane.apps.profiles.queries import AnswerState, Profile, ProfileRow, profile_of
from greenlane.content.packs import load_program
from greenlane.core.errors import BadInput
from greenlane.core.marks import Mark
from greenlane.core.program import ProfileRules


class LookFirst(BadInput):
    """Something changed for an answer: it is confirmed by itself, not with others."""

    code = "review.look_first"


class Why(StrEnum):
    """Why an answer is looked at before the others."""

    UNANSWERED = "unanswered"
    ASKED_AGAIN = "asked_again"
    RETURNED = "returned"
    COMMENTED = "commented"
    EVIDENCE_OLD = "evidence_old"
    COMPANY_CHANGED = "company_changed"


@dataclass(frozen=True, slots=True)
class CompanyChange:
    """Something of the company that changed on the record since the last review went in.

    Attributes:
        what: Role of a party in small letters, such as ``site``, or ``fact``.
        key: Key of the party, or name of the fact.
        name: The party's name as last declared; "" for a fact and for one that was erased.
        how: ``added``, ``changed`` or ``removed``.
        on: Day of the latest change.
    """

    what: str
    key: str
    name: str
    how: str
    on: date


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One criterion in the periodic review.

    Attributes:
        whys: Why it comes first; empty where nothing speaks against last year's answer.
        touched_by: What of the company changed that bears on it: ``site``, ``partner``, ``fact``.
        is_done: Its answer was saved or upheld so that it counts.
        is_changed: Its words, or its evidence, differ from what the office last approved.
    """

    row: ProfileRow
    whys: tuple[Why, ...]
    touched_by: tuple[str, ...]
    is_done: bool
    is_changed: bool

    @property
    def id(self) -> str:
        """Id of the criterion."""
        return self.row.criterion.id

    @property
    def category(self) -> int:
        """Number of the criterion's category."""
        return self.row.criterion.criterion.category

    @property
    def may_be_confirmed(self) -> bool:
        """Tell whether there is an answer that could still hold as it stands."""
        return self.row.answer is not None and self.row.state is not AnswerState.RETURNED


@dataclass(frozen=True, slots=True)
class AnnualReview:
    """The periodic review of one member on one day.

    Attributes:
        is_assessed: The risk assessment was renewed since the last review went in.
        changes: What of the company changed since then that bears on some criterion, latest first.
    """

    profile: Profile
    counting: Counting
    edition: EditionState
    items: tuple[ReviewItem, ...]
    is_assessed: bool
    changes: tuple[CompanyChange, ...] = ()

    def changes_for(self, category: int) -> tuple[CompanyChange, ...]:
        """Return the changes that bear on the criteria of a category."""
        touching = {
            what for one in self.items if one.category == category for what in one.touched_by
        }
        return tuple(one for one in self.changes if one.what in touching)

    @property
    def is_open(self) -> bool:
        """Tell whether a look at an answer counts now."""
        return self.counting.next_opens is None

    @property
    def first(self) -> tuple[ReviewItem, ...]:
        """What is to be looked at one by one and is not done."""
        return tuple(one for one in self.items if one.whys and not one.is_done)

    @property
    def standing(self) -> tuple[ReviewItem, ...]:
        """Answers that nothing speaks against, and that are not confirmed yet."""
        return tuple(
            one for one in self.items if not one.whys and not one.is_done and one.row.answer
        )

    @property
    def done(self) -> tuple[ReviewItem, ...]:
        """What was confirmed or changed."""
        return tuple(one for one in self.items if one.is_done)


def annual_review(account: Account, *, on: date) -> AnnualReview:
    """Return the periodic review as it stands on ``on``."""
    found = profile_of(account, on=on)
    counting = counts_from(account, on=on)
    touches = load_program(account.program).profile.touches
    changes = _company_changes(account.stream, after=counting.after_seq)
    return AnnualReview(
        found,
        counting,
        edition_state(account, on=on),
        review_items(account, found, counting, changes),
        is_reassessed(steps_of(account)),
        tuple(one for one in changes if touches.get(one.what)),
    )


def review_items(
    account: Account,
    found: Profile,
    counting: Counting | None = None,
    changes: tuple[CompanyChange, ...] | None = None,
) -> tuple[ReviewItem, ...]:
    """Return every criterion of a profile with what speaks for looking at it; three queries."""
    counts = counting or counts_from(account, on=found.on)
    rules = load_program(account.program).profile
    if changes is None:
        changes = _company_changes(account.stream, after=counts.after_seq)
    changed = frozenset(one.what for one in changes)
    baseline = approved_seq(account)
    moved = _evidence_moved(account.stream, after=baseline)
    return tuple(
        _item(row, rules, counts, changed, baseline=baseline, moved=moved, on=found.on)
        for row in found.rows
    )


def _item(
    row: ProfileRow,
    rules: ProfileRules,
    counts: Counting,
    changed: frozenset[str],
    *,
    baseline: int,
    moved: frozenset[str],
    on: date,
) -> ReviewItem:
    category = row.criterion.criterion.category
    touched = tuple(sorted(what for what in changed if category in rules.touches.get(what, ())))
    is_done = row.answer is not None and row.state not in _NOT_DONE and counts.counts(row.answer)
    is_new = row.answer is not None and row.answer.seq > baseline
    return ReviewItem(
        row,
        tuple(_whys(row, rules, touched, counts, on)),
        touched,
        is_done,
        is_new or row.criterion.id in moved,
    )


_NOT_DONE = frozenset({AnswerState.RETURNED, AnswerState.ASKED_AGAIN})


def _whys(
    row: ProfileRow, rules: ProfileRules, touched: tuple[str, ...], counts: Counting, on: date
) -> Iterable[Why]:
    if row.answer is None:
        yield Why.UNANSWERED
        return
    if row.state is AnswerState.ASKED_AGAIN:
        yield Why.ASKED_AGAIN
    if row.state is AnswerState.RETURNED:
        yield Why.RETURNED
    # What the office said of the answer as it stands, though it took the review.
    review = row.review
    if review and review.reason and row.state in (AnswerState.ACCEPTED, AnswerState.RAISED):
        yield Why.COMMENTED
    if _is_old(row, rules, on):
        yield Why.EVIDENCE_OLD
    if touched:
        yield Why.COMPANY_CHANGED


def _is_old(row: ProfileRow, rules: ProfileRules, on: date) -> bool:
    """Tell whether every piece of evidence of a criterion is older than the pack lets it be."""
    if rules.evidence_valid_for is None or not row.evidence:
        return False
    days = [item.dated_on or document.given_on for item, document in row.evidence]
    return rules.evidence_valid_for.after(max(days)) < on


def _company_changes(stream: str, *, after: int) -> tuple[CompanyChange, ...]:
    """Return what of the company changed on the record after an event, latest first."""
    found: dict[tuple[str, str], tuple[str, date]] = {}
    roles: dict[str, str] = {}
    for event in events_of(stream, kinds=["party", "fact"]):
        payload = event.fields["payload"]
        if event.kind == "fact":
            places = [("fact", name) for name in payload["facts"]]
            how = "changed"
        else:
            is_known = payload["party"] in roles
            if "role" in payload:
                roles[payload["party"]] = payload["role"].lower()
            places = [(roles.get(payload["party"], ""), payload["party"])]
            how = "removed" if event.act == "party.removed" else "changed" if is_known else "added"
        if event.seq <= after:
            continue
        for place in places:
            # What was added since then and changed again is still new to the review.
            is_new = how == "changed" and found.get(place, ("",))[0] == "added"
            found.pop(place, None)
            found[place] = ("added" if is_new else how, event.on)
    names = names_of_parties(stream, {key for _what, key in found}) if found else {}
    return tuple(
        CompanyChange(what, key, names.get(key, ""), how, on)
        for (what, key), (how, on) in reversed(found.items())
        if what
    )


def _evidence_moved(stream: str, *, after: int) -> frozenset[str]:
    """Return the criteria whose evidence was added or withdrawn since an event."""
    return frozenset(
        str(event.fields["payload"]["criterion"])
        for event in events_of(stream, kinds=["evidence"])
        if event.seq > after
    )


def items_for_office(account: Account, found: Profile) -> tuple[ReviewItem, ...]:
    """Return the items as the office reads them: against what it last approved, not submitted."""
    return review_items(account, found, Counting(None, None, approved_seq(account)))


def approved_seq(account: Account) -> int:
    """Return the place at which the office last approved the profile; 0 before it ever did."""
    return max((s.seq for s in steps_of(account) if Mark.PROFILE_APPROVED in s.marks), default=0)
