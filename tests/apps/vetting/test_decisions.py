"""Deciding hits: four eyes where it weighs, reasons, what is refused, and the queue in figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from greenlane.apps.audit.verify import verify
from greenlane.apps.members.queries import accounts
from greenlane.apps.vetting import queries
from greenlane.apps.vetting.actions import vetting_step
from greenlane.apps.vetting.hit_actions import (
    HitMoved,
    NotYoursToConfirm,
    confirm_hit,
    decide_hit,
)
from greenlane.apps.vetting.models import Hit
from greenlane.apps.vetting.queries import NoSuchHit, vetting_facts
from greenlane.apps.vetting.sides import compared, sides_of
from greenlane.core.access import RoleNotAllowed
from greenlane.core.errors import BadInput, NotAllowed
from greenlane.core.lifecycle.decide import Actor, Refused
from tests.apps.vetting.conftest import Office
from tests.factories.lists import screened
from tests.factories.people import NOW, the_program

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def hit(office: Office) -> Hit:
    """Give one open hit."""
    office.declare(role="OFFICER", name="Zoltan Brezniak", birth_date="1961-03-14")
    screened(office.account, at=NOW)
    (found,) = office.hits("OPEN")
    return found


def decide(office: Office, hit: Hit, decision: str, **more: Any) -> Hit:
    """Decide a hit as the analyst, with what else is given."""
    told = {
        "reason": "same_details",
        "words": "It agrees.",
        "by": office.analyst,
        "at": NOW,
        **more,
    }
    return decide_hit(account=office.account, hit=hit.hit, decision=decision, **told)


def second(office: Office, hit: Hit, decision: str, by: Actor, words: str = "") -> Hit:
    """Confirm or decline as a second person."""
    return confirm_hit(
        account=office.account, hit=hit.hit, decision=decision, by=by, at=NOW, words=words
    )


class TestFourEyes:
    def test_a_true_hit_needs_a_second_person_and_then_fails_the_check(
        self, office: Office, hit: Hit
    ) -> None:
        waiting = decide(office, hit, "TRUE")
        with pytest.raises(NotYoursToConfirm):
            second(office, hit, "CONFIRMED", office.analyst)
        before = vetting_facts(office.fresh(), on=NOW.date())
        done = second(office, hit, "CONFIRMED", office.colleague)
        after = vetting_facts(office.fresh(), on=NOW.date())

        assert (waiting.state, waiting.proposed) == ("WAITING", "TRUE")
        assert (done.state, done.final) == ("TRUE", "TRUE")
        assert (before["vetting.has_open_hit"], before["vetting.has_failure"]) == (True, False)
        assert (after["vetting.has_open_hit"], after["vetting.has_failure"]) == (False, True)

    def test_vetting_cannot_pass_with_a_confirmed_hit(self, office: Office, hit: Hit) -> None:
        office.start()
        office.clear(but=("watch_lists",))
        decide(office, hit, "TRUE")
        second(office, hit, "CONFIRMED", office.manager)

        with pytest.raises(Refused) as refused:
            vetting_step(account=office.fresh(), act="V02", by=office.analyst, at=NOW)

        assert refused.value.refusal == "guard.vetting_record_complete"

    def test_a_declined_proposal_is_to_be_decided_anew(self, office: Office, hit: Hit) -> None:
        decide(office, hit, "TRUE")
        with pytest.raises(BadInput, match="Say why"):
            second(office, hit, "DECLINED", office.colleague)

        back = second(office, hit, "DECLINED", office.colleague, "Another father's name.")

        assert (back.state, back.proposed, back.final) == ("OPEN", "", "")

    def test_what_two_confirmed_only_two_undo(self, office: Office, hit: Hit) -> None:
        decide(office, hit, "TRUE")
        second(office, hit, "CONFIRMED", office.colleague)

        proposed = decide(office, hit, "FALSE", reason="other_identifier")
        declined = second(office, hit, "DECLINED", office.manager, "The number is the same.")
        decide(office, hit, "FALSE", reason="other_identifier")
        undone = second(office, hit, "CONFIRMED", office.manager)

        assert (proposed.state, proposed.proposed) == ("WAITING", "FALSE")
        assert declined.state == "TRUE"
        assert (undone.state, undone.final) == ("FALSE", "FALSE")

    def test_the_company_and_a_specialist_cannot_be_the_second_person(
        self, office: Office, hit: Hit
    ) -> None:
        decide(office, hit, "TRUE")

        for by in (office.officer, office.specialist):
            with pytest.raises(RoleNotAllowed):
                second(office, hit, "CONFIRMED", by)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("decision", "more", "says"),
        [
            ("MAYBE", {}, "is no decision"),
            ("FALSE", {"reason": "because"}, "Choose the reason"),
            ("TRUE", {"words": " "}, "in words"),
            ("NEED_MORE", {"words": ""}, "in words"),
            ("FALSE", {"reason": "other", "words": ""}, "in words"),
        ],
    )
    def test_a_decision_that_is_none_or_lacks_its_reason(
        self, office: Office, hit: Hit, decision: str, more: dict[str, Any], says: str
    ) -> None:
        with pytest.raises(BadInput, match=says):
            decide(office, hit, decision, **more)

        assert office.hits()[0].state == "OPEN"

    def test_a_hit_that_moved_since_it_was_shown(self, office: Office, hit: Hit) -> None:
        decide(office, hit, "NEED_MORE", seen=hit.seq)

        with pytest.raises(HitMoved):
            decide(office, hit, "FALSE", seen=hit.seq)

    def test_a_hit_that_waits_for_a_second_person(self, office: Office, hit: Hit) -> None:
        decide(office, hit, "TRUE")

        with pytest.raises(BadInput, match="waits for a second person"):
            decide(office, hit, "FALSE")

    def test_what_was_decided_already(self, office: Office, hit: Hit) -> None:
        decide(office, hit, "FALSE")

        with pytest.raises(BadInput, match="decided already"):
            decide(office, hit, "FALSE")

    def test_a_second_word_on_nothing(self, office: Office, hit: Hit) -> None:
        with pytest.raises(BadInput, match="Nothing is proposed"):
            second(office, hit, "CONFIRMED", office.colleague)

    def test_who_may_not_vet_and_who_may_not_read(self, office: Office, hit: Hit) -> None:
        for by in (office.officer, office.manager):
            with pytest.raises(RoleNotAllowed):
                decide(office, hit, "FALSE", by=by)
        with pytest.raises(NotAllowed):
            queries.hit(office.account, hit.hit, role="company_officer")
        with pytest.raises(NotAllowed):
            queries.hits_of(office.account, role="consultant")
        with pytest.raises(NotAllowed):
            queries.hit_queue(accounts(), program=the_program(), role="point_of_contact")

    @pytest.mark.parametrize("key", ["", "H-00000000", "h-x", "\x00", "H-" + "A" * 400, "../x"])
    def test_a_key_that_is_none(self, office: Office, key: str) -> None:
        with pytest.raises(NoSuchHit):
            queries.hit(office.account, key, role="vetting_analyst")


class TestTheQueue:
    def test_alerts_come_first_then_score_and_what_corroborates(self, office: Office) -> None:
        office.declare(role="OFFICER", name="Zoltan Brezniak", birth_date="1950-01-01")
        office.declare(role="OFFICER", name="Zoltan Brezniak", birth_date="1961-03-14")
        office.declare(role="PARTNER", name="Gulf Ostrava Trade")
        screened(office.account, at=NOW)

        found = list(queries.hit_queue(accounts(), program=the_program(), role="vetting_analyst"))

        assert [hit.level for hit in found] == sorted(hit.level for hit in found)
        assert (found[0].corroborates, found[0].contradicts) == (1, 0)
        assert found[1].contradicts == 1

    def test_the_figures_count_ages_decisions_and_reversals(self, office: Office) -> None:
        office.declare(role="OFFICER", name="Zoltan Brezniak")
        office.declare(role="PARTNER", name="Ostrava Gulf Trading FZE")
        screened(office.account, at=NOW)
        first, other = office.hits("OPEN")
        decide(office, first, "FALSE", at=NOW + DAY)
        decide(office, first, "TRUE", at=NOW + 2 * DAY)
        waiting = self.figures(office, 3)
        confirm_hit(
            account=office.account,
            hit=first.hit,
            decision="CONFIRMED",
            by=office.colleague,
            at=NOW + 3 * DAY,
        )

        after = self.figures(office, 3)

        assert (waiting.open, waiting.waiting, waiting.oldest_days) == (1, 1, 3)
        assert list(waiting.decided.values()) == [0, 1, 0, 0]
        assert (after.open, after.waiting) == (1, 0)
        assert list(after.decided.values()) == [0, 1, 0, 1]
        assert (after.finals, after.reversals) == (2, 1)
        assert other.hit in {hit.hit for hit in office.hits("OPEN")}
        assert verify().first is None

    def figures(self, office: Office, after: int) -> queries.QueueFigures:
        """Return the figures so many days later."""
        days = [(NOW + back * DAY).date() for back in range(after + 1)]
        return queries.queue_figures(
            accounts(), program=the_program(), role="vetting_analyst", on=days[-1], days=days
        )


class TestBothSides:
    def test_words_and_facts_are_marked_as_same_alike_or_other(self, office: Office) -> None:
        office.declare(
            role="OFFICER",
            name="Zoltan Brezniac Petrov",
            birth_date="1970-07-07",
            countries=("RS",),
            identifiers=(("passport", "Z9990001", ""),),
        )
        screened(office.account, at=NOW)
        (hit,) = office.hits("OPEN")

        words = {ours: tone for ours, _theirs, _why, tone in compared(hit).pairs if ours}
        sides = {side.what: side.agreement for side in sides_of(hit)}

        assert words["zoltan"] == "same"
        assert words["brezniac"] == "near"
        assert words["petrov"] == "other"
        assert (sides["birth"], sides["countries"], sides["numbers"]) == ("other", "same", "other")
        assert sides["kind"] == "same"

    def test_the_address_declared_now_stands_beside_the_listed_ones(self, office: Office) -> None:
        party = office.declare(role="OFFICER", name="Zoltan Brezniak", address="1 Quay Road")
        screened(office.account, at=NOW)
        (hit,) = office.hits("OPEN")

        first = next(side for side in sides_of(hit) if side.what == "places")
        office.declare(
            party=party.party, role="OFFICER", name="Zoltan Brezniak", address="2 Dock Lane"
        )
        later = next(side for side in sides_of(hit) if side.what == "places")

        assert (first.ours, later.ours) == (("1 Quay Road",), ("2 Dock Lane",))
        assert first.agreement == ""
