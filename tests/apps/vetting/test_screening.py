"""Screening an account: what is found, what waits, what passes, and what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from greenlane.apps.audit.actions import erase
from greenlane.apps.audit.queries import events_of, head_of
from greenlane.apps.audit.verify import verify
from greenlane.apps.parties.actions import remove_party
from greenlane.apps.parties.models import Party
from greenlane.apps.vetting.actions import record_check, vetting_step
from greenlane.apps.vetting.hit_actions import confirm_hit, decide_hit
from greenlane.apps.vetting.models import CheckRun, Hit, ScreeningRun
from greenlane.apps.vetting.queries import screening_state, vetting_facts
from greenlane.apps.vetting.screening_actions import (
    lists_changed,
    screen_account,
    screen_all,
    screen_pending,
)
from greenlane.core.access import RoleNotAllowed
from greenlane.core.calendar import Period
from greenlane.core.errors import NotFound
from greenlane.core.lifecycle.decide import Refused
from tests.apps.vetting.conftest import Office
from tests.factories.lists import a_list, put_in_force, screened
from tests.factories.people import NOW, the_program

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = NOW.date()


def current(office: Office, after: timedelta = timedelta()) -> tuple[bool | None, str]:
    """Tell whether the account is screened as it is, and what is missing."""
    state = screening_state(office.fresh(), on=(NOW + after).date())
    return state.is_current, state.missing


def result_of(office: Office, check: str) -> tuple[str, bool]:
    """Return the latest result of a check, and whether it was computed."""
    run = CheckRun.objects.filter(stream=office.stream, check_id=check).order_by("-seq")[0]
    return run.result, run.is_automatic


class TestWhatIsFound:
    def test_an_officer_like_a_listed_person_is_a_hit_vetting_cannot_pass(
        self, office: Office
    ) -> None:
        office.declare(role="OFFICER", name="Zoltan Brezniak", birth_date="1961-03-14")
        office.start()
        office.clear(but=("watch_lists",))
        screened(office.account, at=NOW)

        (hit,) = office.hits("OPEN")
        with pytest.raises(Refused) as refused:
            vetting_step(account=office.account, act="V02", by=office.analyst, at=NOW)

        assert (hit.listed_uid, hit.level, hit.corroborates) == ("invented-1", "ALERT", 1)
        assert refused.value.refusal.startswith("guard.")
        assert result_of(office, "watch_lists") == ("HIT", True)
        assert vetting_facts(office.fresh(), on=TODAY)["vetting.has_open_hit"] is True

    @pytest.mark.parametrize(
        ("given", "uid"),
        [
            ({"role": "COMPANY", "name": "Quillfeather Holdings Ltd"}, "invented-4"),
            ({"role": "OWNER", "name": "Zoltán Brežniak", "share": "10"}, "invented-1"),
            ({"role": "SITE", "name": "Ostrava Gulf Trading", "address": "Dock 1"}, "invented-2"),
            (
                {"role": "VESSEL", "name": "Sea Lark", "identifiers": (("imo", "9074729", ""),)},
                "invented-3",
            ),
            ({"role": "PARTNER", "name": "Ostrava Gulf General Trading"}, "invented-2"),
        ],
    )
    def test_every_kind_of_party_is_screened(
        self, office: Office, given: dict[str, Any], uid: str
    ) -> None:
        office.declare(**given)

        screened(office.account, at=NOW)

        assert [hit.listed_uid for hit in office.hits("OPEN")] == [uid]

    def test_a_screening_is_one_event_whatever_it_finds(self, office: Office) -> None:
        before = head_of(office.stream).seq
        screened(office.account, at=NOW)
        without = head_of(office.stream).seq
        office.declare(role="OFFICER", name="Zoltan Brezniak")
        office.declare(role="PARTNER", name="Ostrava Gulf Trading FZE")
        declared = head_of(office.stream).seq
        office.start()
        started = head_of(office.stream).seq
        screened(office.account, at=NOW)

        assert len(office.hits("OPEN")) == 2
        assert without - before == 1
        assert head_of(office.stream).seq - started == 1
        assert declared - without == 2

    def test_a_party_that_left_and_a_listing_that_is_gone_are_no_hits_any_more(
        self, office: Office
    ) -> None:
        person = office.declare(role="OFFICER", name="Zoltan Brezniak")
        office.declare(role="PARTNER", name="Ostrava Gulf Trading FZE")
        screened(office.account, at=NOW)
        remove_party(account=office.account, party=person.party, by=office.officer, at=NOW)
        put_in_force(a_list(without="2"), at=NOW)
        screened(office.account, at=NOW + DAY)

        assert {hit.state for hit in office.hits()} == {"GONE"}
        assert result_of(office, "watch_lists") == ("CLEAR", True)

    def test_only_who_vets_may_ask_for_a_screening(self, office: Office) -> None:
        put_in_force()

        with pytest.raises(RoleNotAllowed):
            screen_account(account=office.account, at=NOW, by=office.officer)
        assert screen_account(account=office.account, at=NOW, by=office.analyst).parties == 1


class TestWhatCannotBeTold:
    def test_without_a_list_nothing_can_be_told(self, office: Office) -> None:
        with pytest.raises(NotFound, match="No watch list"):
            screen_account(account=office.account, at=NOW)

        assert current(office) == (None, "no_list")
        assert "vetting.screening_is_current" not in vetting_facts(office.fresh(), on=TODAY)

    def test_vetting_does_not_pass_on_what_cannot_be_told_and_says_by_which_rule(
        self, office: Office
    ) -> None:
        office.start()
        office.clear()

        with pytest.raises(Refused) as refused:
            vetting_step(account=office.account, act="V02", by=office.analyst, at=NOW)

        assert refused.value.refusal == "guard.lists_current.unknown"
        assert "cannot tell yet" in refused.value.message
        (answer,) = [a for a in refused.value.answers if a.guard.code == "lists_current"]
        assert "6 U.S.C. 964" in answer.guard.source.citation

    def test_a_list_nobody_looked_at_for_too_long_tells_nothing(self, office: Office) -> None:
        screened(office.account, at=NOW)
        office.start()
        office.clear()

        assert current(office, 30 * DAY) == (True, "")
        assert current(office, 31 * DAY) == (False, "list_old")
        with pytest.raises(Refused) as refused:
            vetting_step(account=office.account, act="V02", by=office.analyst, at=NOW + 31 * DAY)
        assert "guard.lists_current" in {f"guard.{a.guard.code}" for a in refused.value.answers}

    def test_a_party_that_changed_is_not_screened_as_it_is(self, office: Office) -> None:
        screened(office.account, at=NOW)
        assert current(office) == (True, "")

        office.declare(role="OFFICER", name="Ana Prado")

        assert current(office) == (False, "party_changed")

    def test_a_list_that_changed_is_covered_by_a_screening_of_all(self, office: Office) -> None:
        screened(office.account, at=NOW)
        put_in_force(a_list(more="5,Somebody Else,person,,,,,,TEST\n"), at=NOW + DAY)
        assert current(office, DAY) == (False, "list_changed")
        seq = head_of(office.stream).seq

        done = screen_all(program=the_program(), at=NOW + DAY)

        assert (done.recorded, done.opened) == (0, 0)
        assert head_of(office.stream).seq == seq
        assert current(office, DAY) == (True, "")


class TestWhatIsRemembered:
    def test_a_false_hit_is_remembered_until_the_party_changes(self, office: Office) -> None:
        party = office.declare(role="OFFICER", name="Zoltan Brezniak")
        office.declare(role="OWNER", name="Harbor Lane Founders", kind="ORGANIZATION", share="100")
        office.start()
        office.clear(but=("watch_lists",))
        screened(office.account, at=NOW)
        tell_apart(office)
        screened(office.account, at=NOW + DAY)

        assert [one.state for one in office.hits()] == ["FALSE"]
        vetting_step(account=office.fresh(), act="V02", by=office.analyst, at=NOW + DAY)
        assert office.fresh().vetting == "PASSED"

        office.declare(
            role="OFFICER",
            name="Zoltan Brezniak",
            birth_date="1961-03-14",
            party=party.party,
            at=NOW + 2 * DAY,
        )
        screened(office.account, at=NOW + 2 * DAY)

        (again,) = office.hits()
        assert (again.state, again.is_reopened, again.final) == ("OPEN", True, "FALSE")
        assert office.fresh().vetting == "REVIEW_REQUIRED"

    def test_a_false_hit_opens_again_when_the_list_says_something_new(self, office: Office) -> None:
        office.declare(role="OFFICER", name="Zoltan Brezniak")
        screened(office.account, at=NOW)
        tell_apart(office)
        put_in_force(INVENTED_OTHERWISE, at=NOW + DAY)
        screened(office.account, at=NOW + DAY)

        assert [one.state for one in office.hits()] == ["OPEN"]

    def test_a_new_version_that_says_the_same_of_the_pair_changes_nothing(
        self, office: Office
    ) -> None:
        office.declare(role="OFFICER", name="Zoltan Brezniak")
        screened(office.account, at=NOW)
        tell_apart(office)
        put_in_force(a_list(more="9,Nobody Of Note,person,,,,,,TEST\n"), at=NOW + DAY)
        screened(office.account, at=NOW + DAY)

        assert [one.state for one in office.hits()] == ["FALSE"]

    def test_a_pair_told_apart_stays_so_when_the_listing_comes_back(self, office: Office) -> None:
        office.declare(role="OFFICER", name="Zoltan Brezniak")
        screened(office.account, at=NOW)
        tell_apart(office)
        put_in_force(a_list(without="1"), at=NOW + DAY)
        screened(office.account, at=NOW + DAY)
        gone = [one.state for one in office.hits()]
        put_in_force(a_list(more="8,Other,person,,,,,,T\n"), at=NOW + 2 * DAY)
        screened(office.account, at=NOW + 2 * DAY)

        assert gone == ["GONE"]
        assert [one.state for one in office.hits()] == ["FALSE"]


class TestWhatTwoPeopleConfirmed:
    """A confirmed hit never ends by what the company or a list does; only people end it."""

    @pytest.fixture
    def person(self, office: Office) -> Party:
        """Give an officer whose hit two people confirmed."""
        declared = office.declare(role="OFFICER", name="Zoltan Brezniak")
        screened(office.account, at=NOW)
        self.confirm(office)
        return declared

    def confirm(self, office: Office) -> None:
        """Confirm the one hit as true, by two people."""
        (hit,) = office.hits()
        told: dict[str, Any] = {"account": office.fresh(), "hit": hit.hit, "at": NOW}
        decide_hit(decision="TRUE", reason="same_details", words="All.", by=office.analyst, **told)
        confirm_hit(decision="CONFIRMED", by=office.colleague, **told)

    def leave(self, office: Office, person: Party, how: str, at: datetime) -> None:
        """Let the pair be found no more, and screen again."""
        if how == "renamed":
            office.declare(party=person.party, role="OFFICER", name="Maria Quintero", at=at)
        elif how == "removed":
            remove_party(account=office.fresh(), party=person.party, by=office.officer, at=at)
        else:
            put_in_force(a_list(without="1"), at=at)
        screen_account(account=office.fresh(), at=at, trigger="change")

    @pytest.mark.parametrize("how", ["renamed", "removed", "unlisted"])
    def test_it_opens_again_when_the_pair_is_found_no_more(
        self, office: Office, person: Party, how: str
    ) -> None:
        self.leave(office, person, how, NOW + DAY)

        (hit,) = office.hits()
        facts = vetting_facts(office.fresh(), on=(NOW + DAY).date())
        assert (hit.state, hit.final, hit.is_reopened) == ("OPEN", "TRUE", True)
        assert (hit.opened_on, hit.subject_name) == ((NOW + DAY).date(), "Zoltan Brezniak")
        assert result_of(office, "watch_lists") == ("HIT", True)
        assert facts["vetting.has_open_hit"] is True
        assert verify().first is None

    @pytest.mark.parametrize("how", ["renamed", "removed", "unlisted"])
    def test_a_passed_vetting_goes_to_a_new_review(self, office: Office, how: str) -> None:
        person = office.declare(role="OFFICER", name="Zoltan Brezniak")
        office.declare(role="OWNER", name="Harbor Lane Founders", kind="ORGANIZATION", share="100")
        office.start()
        office.clear(but=("watch_lists",))
        screened(office.account, at=NOW)
        tell_apart(office)
        vetting_step(account=office.fresh(), act="V02", by=office.analyst, at=NOW)
        self.confirm(office)
        before = office.fresh().vetting

        self.leave(office, person, how, NOW + DAY)

        assert (before, office.fresh().vetting) == ("PASSED", "REVIEW_REQUIRED")

    def test_it_stays_open_until_people_decide_and_is_not_opened_each_day(
        self, office: Office, person: Party
    ) -> None:
        self.leave(office, person, "renamed", NOW + DAY)
        again = screen_account(account=office.fresh(), at=NOW + 2 * DAY)
        still = office.hits()[0]
        self.confirm(office)
        screen_account(account=office.fresh(), at=NOW + 3 * DAY)
        kept = office.hits()[0].state
        office.declare(party=person.party, role="OFFICER", name="Marta Quint", at=NOW + 4 * DAY)
        screen_account(account=office.fresh(), at=NOW + 4 * DAY)

        assert (again.opened, again.waiting, still.opened_on) == (0, 1, (NOW + DAY).date())
        assert kept == "TRUE"
        assert office.hits()[0].state == "OPEN"
        assert verify().first is None

    def test_telling_it_apart_takes_two_people_even_when_it_opened_again(
        self, office: Office, person: Party
    ) -> None:
        self.leave(office, person, "renamed", NOW + DAY)
        told: dict[str, Any] = {
            "account": office.fresh(),
            "hit": office.hits()[0].hit,
            "at": NOW + DAY,
        }
        decide_hit(decision="FALSE", reason="other_name", by=office.analyst, **told)
        proposed = office.hits()[0].state
        confirm_hit(decision="CONFIRMED", by=office.colleague, **told)
        screen_account(account=office.fresh(), at=NOW + 2 * DAY)

        assert proposed == "WAITING"
        assert office.hits()[0].state == "GONE"
        assert result_of(office, "watch_lists") == ("CLEAR", True)
        assert verify().first is None

    def test_a_proposal_to_undo_it_waits_on_when_the_pair_is_found_no_more(
        self, office: Office, person: Party
    ) -> None:
        decide_hit(
            account=office.fresh(),
            hit=office.hits()[0].hit,
            decision="FALSE",
            reason="other_name",
            by=office.analyst,
            at=NOW,
        )

        self.leave(office, person, "renamed", NOW + DAY)

        assert office.hits()[0].state == "WAITING"
        assert result_of(office, "watch_lists") == ("HIT", True)

    def test_it_is_the_confirmed_one_again_when_the_pair_comes_back(
        self, office: Office, person: Party
    ) -> None:
        self.leave(office, person, "renamed", NOW + DAY)
        office.declare(party=person.party, role="OFFICER", name="Zoltan Brezniak", at=NOW + DAY)
        screen_account(account=office.fresh(), at=NOW + 2 * DAY)

        (hit,) = office.hits()
        assert (hit.state, hit.final) == ("OPEN", "TRUE")
        assert hit.listed_hash


INVENTED_OTHERWISE = a_list().replace("1961-03-14", "1961-03-15")


def tell_apart(office: Office) -> None:
    """Decide every open hit as false."""
    for hit in office.hits("OPEN"):
        decide_hit(
            account=office.account,
            hit=hit.hit,
            decision="FALSE",
            reason="other_birth_date",
            by=office.analyst,
            at=NOW,
        )


class TestAllAccounts:
    def test_P13_a_list_change_finds_a_member_that_was_vetted_long_ago(
        self, office: Office, another_office: Callable[[str], Office]
    ) -> None:
        other = another_office("Quiet Harbor Lines")
        office.declare(role="OFFICER", name="Petronella Vanterpool")
        put_in_force()
        screen_all(program=the_program(), at=NOW)
        assert (office.fresh().vetting, office.hits()) == ("PASSED", [])
        quiet = head_of(other.stream).seq
        put_in_force(a_list(more="7,Petronella Vanterpool,person,,,,,,TEST\n"), at=NOW + DAY)
        assert lists_changed(program=the_program(), at=NOW + DAY)

        done = screen_all(program=the_program(), at=NOW + DAY)

        assert (done.kind, done.opened, done.recorded) == ("DELTA", 1, 1)
        assert [hit.listed_uid for hit in office.hits("OPEN")] == ["invented-7"]
        assert office.fresh().vetting == "REVIEW_REQUIRED"
        assert head_of(other.stream).seq == quiet
        assert not lists_changed(program=the_program(), at=NOW + DAY)

    def test_screening_all_finds_what_screening_each_finds(
        self, office: Office, another_office: Callable[[str], Office]
    ) -> None:
        other = another_office("Quiet Harbor Lines")
        for one in (office, other):
            one.declare(role="OFFICER", name="Zoltan Brezniak", countries=("RS",))
            one.declare(role="PARTNER", name="Ostrava Gulf General Trading")
        screened(office.account, at=NOW)

        screen_all(program=the_program(), at=NOW)

        def told(one: Office) -> set[tuple[object, ...]]:
            names = ("listed_uid", "score", "name_score", "level", "evidence", "listed_hash")
            return {tuple(str(getattr(hit, name)) for name in names) for hit in one.hits()}

        assert told(office) == told(other)
        assert len(told(office)) == 2

    def test_screening_all_twice_records_nothing_the_second_time(self, office: Office) -> None:
        put_in_force()
        screen_all(program=the_program(), at=NOW)
        seq = head_of(office.stream).seq

        again = screen_all(program=the_program(), at=NOW + DAY)

        assert (again.kind, again.recorded) == ("NOTHING", 0)
        assert head_of(office.stream).seq == seq
        assert ScreeningRun.objects.count() == 1

    def test_whoever_changed_is_screened_in_the_next_round(self, office: Office) -> None:
        put_in_force()
        first = screen_pending(program=the_program(), at=NOW)
        idle = screen_pending(program=the_program(), at=NOW)
        office.declare(role="OFFICER", name="Zoltan Brezniak")

        assert (first, idle) == (1, 0)
        assert screen_pending(program=the_program(), at=NOW) == 1
        assert len(office.hits("OPEN")) == 1
        (latest,) = events_of(office.stream, kinds={"screening"})[-1:]
        assert latest.fields["payload"]["trigger"] == "change"

    def test_a_listing_that_expired_is_no_hit_after_the_next_round(self, office: Office) -> None:
        row = "77,Zoltan Brezniak,person,2026-05-06\n"
        put_in_force(f"entity_id,name,entity_type,expires_on\n{row}78,Other Party,person,\n")
        office.declare(role="OFFICER", name="Zoltan Brezniak")
        screen_all(program=the_program(), at=NOW)

        changed = [lists_changed(program=the_program(), at=NOW + days * DAY) for days in (1, 2, 3)]
        before = [hit.state for hit in office.hits()]
        screen_all(program=the_program(), at=NOW + 3 * DAY)

        assert changed == [False, False, True]
        assert before == ["OPEN"]
        assert [hit.state for hit in office.hits()] == ["GONE"]
        assert not lists_changed(program=the_program(), at=NOW + 3 * DAY)

    def test_without_a_list_there_is_no_round(self, office: Office) -> None:
        assert screen_pending(program=the_program(), at=NOW) == 0
        assert not lists_changed(program=the_program(), at=NOW)


class TestOwnership:
    def confirm(self, office: Office) -> None:
        """Confirm every open hit as true, by two people."""
        for hit in office.hits("OPEN"):
            decide_hit(
                account=office.account,
                hit=hit.hit,
                decision="TRUE",
                reason="same_details",
                words="All of it agrees.",
                by=office.analyst,
                at=NOW,
            )
            confirm_hit(
                account=office.account,
                hit=hit.hit,
                decision="CONFIRMED",
                by=office.colleague,
                at=NOW,
            )

    def test_half_held_through_a_chain_by_a_listed_owner_fails_the_check(
        self, office: Office
    ) -> None:
        holding = office.declare(
            role="OWNER", name="Northern Gable", kind="ORGANIZATION", share="60"
        )
        office.declare(role="OWNER", name="Ana Prado", kind="PERSON", share="40")
        office.declare(
            role="OWNER", name="Zoltan Brezniak", kind="PERSON", share="55", owned=holding.party
        )
        screened(office.account, at=NOW)
        feared = result_of(office, "ownership")
        self.confirm(office)
        screened(office.account, at=NOW)

        assert feared == ("HIT", True)
        assert result_of(office, "ownership") == ("FAILED", True)
        assert vetting_facts(office.fresh(), on=TODAY)["vetting.has_failure"] is True

    def test_less_than_half_is_clear(self, office: Office) -> None:
        office.declare(role="OWNER", name="Ana Prado", kind="PERSON", share="60")
        office.declare(role="OWNER", name="Zoltan Brezniak", kind="PERSON", share="40")
        screened(office.account, at=NOW)

        assert result_of(office, "ownership") == ("CLEAR", True)

    def test_a_share_that_is_not_known_never_counts_as_too_small(self, office: Office) -> None:
        office.declare(role="OWNER", name="Ana Prado", kind="PERSON", share="30")
        office.declare(role="OWNER", name="Zoltan Brezniak", kind="PERSON")
        screened(office.account, at=NOW)

        assert result_of(office, "ownership") == ("CANNOT_TELL", True)

    def test_what_a_person_found_out_stands_until_the_owners_change(self, office: Office) -> None:
        office.start()
        screened(office.account, at=NOW)
        record_check(
            account=office.fresh(),
            check="ownership",
            result="CLEAR",
            source="Public register",
            detail="",
            by=office.analyst,
            at=NOW,
        )
        screened(office.account, at=NOW)
        kept = result_of(office, "ownership")
        office.declare(role="OWNER", name="Ana Prado", kind="PERSON")
        screened(office.account, at=NOW)

        assert kept == ("CLEAR", False)
        assert result_of(office, "ownership") == ("CANNOT_TELL", True)


class TestTheRecord:
    def test_every_table_follows_from_the_events(self, office: Office) -> None:
        office.declare(role="OFFICER", name="Zoltan Brezniak")
        screened(office.account, at=NOW)
        tell_apart(office)
        put_in_force(INVENTED_OTHERWISE, at=NOW + DAY)
        screen_all(program=the_program(), at=NOW + DAY)

        assert verify().first is None

    def test_a_changed_hit_is_found(self, office: Office) -> None:
        office.declare(role="OFFICER", name="Zoltan Brezniak")
        screened(office.account, at=NOW)

        Hit.objects.update(state="FALSE")

        assert verify().first is not None

    def test_events_of_vetting_name_nobody(self, office: Office) -> None:
        office.declare(role="OFFICER", name="Zoltan Brezniak", birth_date="1961-03-14")
        screened(office.account, at=NOW)
        tell_apart(office)

        told = str([event.fields for event in events_of(office.stream)])

        for secret in ("Brezniak", "invented-1", "1961", "K4471902"):
            assert secret not in told

    def test_an_erased_screening_leaves_no_hit_and_a_whole_record(self, office: Office) -> None:
        office.declare(role="OFFICER", name="Zoltan Brezniak")
        screened(office.account, at=NOW)
        tell_apart(office)
        (event,) = events_of(office.stream, kinds={"screening"})
        # The pack sets no period for vetting detail, so that nothing could be erased yet.
        rules = the_program().retention
        short = replace(rules["vetting_detail"], anchors=frozenset(), period=Period(days=1))
        program = replace(the_program(), retention={**rules, "vetting_detail": short})
        with transaction.atomic():
            erase(
                stream=office.stream,
                expected=head_of(office.stream).seq,
                seqs=[event.seq],
                rule="vetting_detail",
                actor="system",
                role="system",
                on=TODAY + DAY,
                at=NOW + DAY,
                program=program,
            )

        assert office.hits() == []
        assert verify().first is None
