"""Earlier records become accounts with sourced days; what cannot be true is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from greenlane.apps.audit.models import Event
from greenlane.apps.audit.queries import events_of
from greenlane.apps.audit.verify import verify
from greenlane.apps.members import queries
from greenlane.apps.members.actions.accounts import declare_facts
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account, StepNote
from greenlane.apps.migration.actions import NotSound, record_members
from greenlane.apps.migration.earlier_rows import read_members, read_row, written
from greenlane.apps.migration.models import CarriedAccount
from greenlane.apps.migration.planning import NothingCarries, plan_members
from greenlane.apps.migration.queries import is_file_taken
from greenlane.apps.parties.actions import PartyGiven, declare_party
from greenlane.apps.parties.models import Party
from greenlane.core.access import RoleNotAllowed
from greenlane.core.deadlines import Decree
from greenlane.core.errors import Conflict, GreenlaneError, NotFound
from greenlane.core.lifecycle.decide import Act, Actor, Refused
from greenlane.core.vocabulary import DutyState
from tests.apps.migration.conftest import Office, file_of, row, the_account
from tests.factories.certified import COMPANY, a_member
from tests.factories.people import NOW, the_program

TODAY = NOW.date()


def codes(office: Office, /, **cells: str) -> set[tuple[str, str]]:
    """Return (column, code) of what is found in one row with these cells."""
    plan = office.plan(file_of(row(**cells)))
    assert plan.is_sound is not any(one.explained is None for one in plan.findings)
    return {(one.column, one.code) for one in plan.findings}


class TestTaking:
    def test_an_account_stands_where_the_earlier_record_says_with_its_own_days(
        self, office: Office
    ) -> None:
        office.take(file_of(row()))

        account = the_account()
        case = queries.case_of(account)
        assert (account.membership, account.tier, account.profile) == (
            "VALIDATED",
            "T2",
            "APPROVED",
        )
        assert (account.company_name, account.office) == ("Harbor Lane Imports", "NEWARK")
        assert account.specialist == office.specialist.key
        assert [(one.act, one.on, one.recorded_on) for one in case.steps] == [
            ("L01", date(2018, 2, 5), TODAY),
            ("L02", date(2019, 1, 10), TODAY),
            ("L03", date(2022, 6, 1), TODAY),
            ("L04", date(2026, 1, 20), TODAY),
        ]
        assert Party.objects.get().details["identifiers"] == [["ein", "12-3456789", ""]]
        assert verify().first is None

    def test_each_day_names_the_file_and_the_document_it_was_taken_from(
        self, office: Office
    ) -> None:
        plan = office.take(file_of(row()))

        notes = list(StepNote.objects.order_by("seq"))
        assert {note.document for note in notes} == {plan.sha256}
        assert {note.words for note in notes} == {"Row 2 of the file; Register of 2025, page 12"}
        kept = CarriedAccount.objects.get()
        assert kept.cells["given"]["certified_on"] == "2018-02-05"
        assert (kept.line, kept.file_sha256) == (2, plan.sha256)

    def test_what_is_due_after_it_is_what_the_rules_of_the_program_say(
        self, office: Office
    ) -> None:
        explain = "2,revalidated_on,spec@example.gov,No visit was held in those years,\n"
        plan = office.take(
            file_of(row(certified_on="2012-02-05", initial_validated_on="2013-01-10")),
            explain=explain,
        )

        duties = {duty.name: duty for duty in queries.case_of(the_account()).duties(on=TODAY)}
        assert (duties["D05#1"].state, duties["D05#1"].due_on) == (
            DutyState.OVERDUE,
            date(2017, 1, 10),
        )
        assert duties["D05#2"].state is DutyState.OVERDUE
        assert duties["D05#3"].state is DutyState.MET
        assert duties["D04"].state is DutyState.MET
        assert plan.overdue == {"D05": 2}

    def test_a_certified_account_that_was_never_validated_is_overdue_for_it(
        self, office: Office
    ) -> None:
        office.take(
            file_of(row(status="CERTIFIED", tier="T1", initial_validated_on="", revalidated_on=""))
        )

        duties = {duty.name: duty for duty in queries.case_of(the_account()).duties(on=TODAY)}
        assert duties["D04"].state is DutyState.OVERDUE
        assert the_account().tier == "T1"

    def test_of_earlier_reviews_only_what_the_record_names_is_judged(self, office: Office) -> None:
        office.take(file_of(row(last_annual_review_on="2025-01-20")))

        found = [d for d in queries.case_of(the_account()).duties(on=TODAY) if d.id == "D06"]
        assert [(d.due_on, d.state) for d in found] == [
            (date(2025, 2, 5), DutyState.MET),
            (date(2026, 2, 5), DutyState.OVERDUE),
        ]

    def test_a_suspension_keeps_what_was_lost_and_the_right_to_appeal(self, office: Office) -> None:
        office.take(
            file_of(row(status="SUSPENDED", suspended_on="2026-03-02", suspension_ground="G2"))
        )

        account = the_account()
        standing = queries.case_of(account).standing()
        duties = {duty.id: duty for duty in queries.case_of(account).duties(on=TODAY)}
        assert (account.membership, standing.before_loss) == ("SUSPENDED", ("VALIDATED", "T2"))
        assert duties["D11"].due_on == date(2026, 6, 1)  # 31 May is a Sunday
        assert duties["D12"].due_on == date(2026, 5, 31)

    def test_accounts_of_one_group_are_one_organization_also_when_one_comes_later(
        self, office: Office
    ) -> None:
        content = file_of(row(), row(identifiers="ein:98-7654321", entity_type="exporter"))
        both = content.replace(b"source_document", b"source_document,group", 1)
        both = both.replace(b'page 12"', b'page 12",HL')
        first = b"".join(both.splitlines(keepends=True)[:2])

        office.take(first)
        office.take(both)

        assert len(set(Account.objects.values_list("organization", flat=True))) == 1
        assert Account.objects.count() == 2
        assert verify().first is None


class TestOnce:
    def test_the_same_file_twice_changes_nothing(self, office: Office) -> None:
        content = file_of(row(), row(identifiers="ein:98-7654321"))
        office.take(content)
        before = Event.objects.count()

        again = office.take(content, at=NOW + timedelta(days=3))

        assert again.counts["unchanged"] == 2
        assert Event.objects.count() == before

    def test_two_runs_of_one_plan_open_a_company_once(self, office: Office) -> None:
        plan = office.plan(file_of(row()))
        record_members(program=the_program(), plan=plan, by=office.by, at=NOW)

        with pytest.raises(Conflict):
            record_members(program=the_program(), plan=plan, by=office.by, at=NOW)

        assert Account.objects.count() == 1
        assert verify().first is None

    def test_a_company_of_two_files_that_were_planned_together_is_opened_once(
        self, office: Office
    ) -> None:
        first = office.plan(file_of(row()))
        second = office.plan(file_of(row(company="Harbor Lane Imports Inc.")))
        record_members(program=the_program(), plan=first, by=office.by, at=NOW)

        with pytest.raises(Conflict):
            record_members(program=the_program(), plan=second, by=office.by, at=NOW)

        assert Account.objects.count() == 1
        assert office.plan(file_of(row())).counts["unchanged"] == 1

    def test_one_company_of_another_kind_is_an_account_of_its_own_whenever_it_comes(
        self, office: Office
    ) -> None:
        first = office.plan(file_of(row()))
        second = office.plan(file_of(row(entity_type="exporter")))

        for plan in (first, second):
            record_members(program=the_program(), plan=plan, by=office.by, at=NOW)

        assert set(Account.objects.values_list("entity_type", flat=True)) == {
            "importer",
            "exporter",
        }

    def test_no_two_accounts_rest_on_one_row_of_a_file(self, office: Office) -> None:
        office.take(file_of(row()))
        taken = CarriedAccount.objects.get()

        with pytest.raises(IntegrityError), transaction.atomic():
            CarriedAccount.objects.create(
                stream="A-0000000002",
                file_sha256=taken.file_sha256,
                line=taken.line,
                seq=2,
                taken_on=TODAY,
            )

    def test_what_was_done_while_a_correction_was_planned_is_a_conflict(
        self, office: Office
    ) -> None:
        office.take(file_of(row()))
        stream, later = the_account().stream, NOW + timedelta(days=10)
        done: list[str] = []

        def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            # The account was read by now; where its record ends must have been read before it.
            if "parties_party" in sql and "details" in sql and not done:
                done.append(sql)
                declare_facts(
                    account=queries.account(stream),
                    facts={"trade.imports_last_12_months": 12},
                    by=Actor("U-0000000009", "company_officer"),
                    at=later,
                    program=the_program(),
                )
            return execute(sql, params, many, context)

        with connection.execute_wrapper(meanwhile):
            plan = office.plan(
                file_of(row(certified_on="2018-02-06")),
                explain=f"2,certified_on,{office.director.key},the letter says the 6th,\n",
                today=later.date(),
            )

        assert done
        with pytest.raises(Conflict):
            record_members(program=the_program(), plan=plan, by=office.by, at=later)

    def test_a_run_broken_off_after_its_last_account_is_told_as_taken_when_it_is_repeated(
        self, office: Office
    ) -> None:
        plan = office.plan(file_of(row()))

        def broken_off(_: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            record_members(program=the_program(), plan=plan, by=office.by, at=NOW, told=broken_off)
        assert not is_file_taken(plan.sha256)

        for days in (1, 2):
            office.take(file_of(row()), at=NOW + timedelta(days=days))

        events = events_of("office", kinds=["carried"])
        assert [event.fields["payload"]["unchanged"] for event in events] == [1]

    def test_a_window_is_missed_on_the_day_that_the_duty_says(self, office: Office) -> None:
        outage = Decree(1, date(2017, 1, 1), date(2017, 1, 31), True, TODAY)
        cells = {"initial_validated_on": "2013-01-10", "certified_on": "2012-02-05"}
        (line,) = read_members(file_of(row(**cells))).rows
        found = dict(zip(read_members(file_of(row())).columns, line[1], strict=True))

        read = read_row(the_program(), 2, found, {}, today=TODAY, decrees=[outage])

        missed = [one.what for one in read.findings if one.code == "window.empty"]
        assert "2017-02-10" in missed[0]
        assert "D05#1" in missed[0]

    def test_a_corrected_day_is_a_step_of_its_own_and_both_stay_on_the_record(
        self, office: Office
    ) -> None:
        office.take(file_of(row()))
        later = NOW + timedelta(days=10)
        reason = "correction.earlier_record_wrong: the letter says the 6th"

        plan = office.take(
            file_of(row(certified_on="2018-02-06")),
            explain=f"2,certified_on,{office.director.key},{reason},\n",
            at=later,
        )

        case = queries.case_of(the_account())
        assert plan.counts["corrected"] == 1
        assert case.steps[0].on == date(2018, 2, 5)
        assert (case.steps[-1].act, case.steps[-1].given) == (
            "L06",
            {
                "corrects": "4",
                "right_on": "2018-02-06",
                "reason": "correction.earlier_record_wrong",
            },
        )
        now = {d.name: d.anchor_on for d in case.duties(on=later.date())}
        then = {d.name: d.anchor_on for d in case.duties(on=TODAY)}
        assert (now["D04"], then["D04"]) == (date(2018, 2, 6), date(2018, 2, 5))
        listed = {
            duty.name: duty.anchor_on
            for one in queries.due_list(on=later.date())
            for duty in one.duties
        }
        assert listed == now
        assert verify().first is None

    def test_P1_a_changed_day_that_nobody_explains_is_refused(self, office: Office) -> None:
        office.take(file_of(row()))
        before = Event.objects.count()

        plan = office.plan(file_of(row(certified_on="2018-02-06")))

        assert [(one.column, one.code) for one in plan.findings] == [
            ("certified_on", "record.differs")
        ]
        with pytest.raises(NotSound):
            record_members(program=the_program(), plan=plan, by=office.by, at=NOW)
        assert Event.objects.count() == before

    def test_a_validation_that_the_first_file_lacked_is_added(self, office: Office) -> None:
        office.take(
            file_of(row(status="CERTIFIED", tier="T1", initial_validated_on="", revalidated_on=""))
        )
        who = office.director.key

        office.take(
            file_of(row(revalidated_on="", initial_validated_on="2023-01-10")),
            explain=f"2,initial_validated_on,{who},Found in the paper file,\n",
        )

        assert (the_account().membership, the_account().tier) == ("VALIDATED", "T2")
        assert verify().first is None

    @pytest.mark.parametrize(
        ("column", "cells"),
        [
            ("company", {"company": "Another Name"}),
            ("tier", {"tier": "T3"}),
            ("office", {"office": "MIAMI"}),
            ("revalidated_on", {"revalidated_on": ""}),
        ],
    )
    def test_what_a_file_may_not_change_is_refused_though_explained(
        self, office: Office, column: str, cells: dict[str, str]
    ) -> None:
        office.take(file_of(row()))

        plan = office.plan(
            file_of(row(**cells)), explain=f"2,{column},{office.director.key},It changed,\n"
        )

        assert plan.counts["refused"] == 1

    def test_an_account_that_goes_on_here_is_not_changed_by_its_old_row(
        self, office: Office
    ) -> None:
        content = file_of(row())
        office.take(content)
        step(
            account=the_account(),
            act="AR01",
            by=Actor(office.specialist.key, "specialist"),
            at=NOW,
        )

        assert office.take(content).counts["unchanged"] == 1

    def test_a_correction_that_cannot_be_true_is_refused_by_the_rules(self, office: Office) -> None:
        office.take(file_of(row()))

        plan = office.plan(
            file_of(row(certified_on="2018-02-06")).replace(b"2019-01-10", b"2018-02-05"),
            explain=f"2,certified_on,{office.director.key},It is so,2018-02-05\n"
            f"2,initial_validated_on,{office.director.key},It is so,2018-02-04\n",
        )

        assert not plan.is_sound


class TestWhatCannotBeTrue:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("2023-02-30", "day.impossible"),
            ("30/02/2023", "day.impossible"),
            ("03/04/2015", "day.ambiguous"),
            ("25/12/2015", "day.other_form"),
            ("2015/25/12", "day.other_form"),
            ("03/04/15", "day.two_digit_year"),
            ("42064", "day.serial"),
            ("42064.5", "day.serial"),
            ("999999999", "day.unreadable"),
            ("3 May 2015", "day.unreadable"),
            ("2999-01-01", "day.of_another_age"),
            ("2100-01-01", "day.future"),
            ("2015-03-02 23:30", "day.has_time"),
            ("=TODAY()", "day.unreadable"),
            ("", "cell.missing"),
        ],
    )
    def test_a_day_that_can_mean_two_or_none_is_not_guessed(
        self, office: Office, text: str, code: str
    ) -> None:
        assert ("certified_on", code) in codes(office, certified_on=text)

    def test_both_readings_of_a_serial_day_and_of_an_ambiguous_one_are_shown(
        self, office: Office
    ) -> None:
        plan = office.plan(file_of(row(certified_on="42064", initial_validated_on="03/04/2015")))

        says = {one.column: one.what for one in plan.findings}
        assert "2015-03-01" in says["certified_on"]
        assert "2019-03-02" in says["certified_on"]
        assert "2015-04-03 or 2015-03-04" in says["initial_validated_on"]

    @pytest.mark.parametrize(
        ("cells", "found"),
        [
            ({"initial_validated_on": "2017-01-10"}, ("initial_validated_on", "days.out_of_order")),
            ({"last_annual_review_on": "2017-01-1"}, ("last_annual_review_on", "day.other_form")),
            ({"initial_validated_on": ""}, ("initial_validated_on", "cell.missing")),
            ({"status": "CERTIFIED"}, ("status", "columns.differ")),
            ({"tier": "T1"}, ("tier", "columns.differ")),
            ({"tier": ""}, ("tier", "columns.differ")),
            ({"tier": "T9"}, ("tier", "code.unknown")),
            ({"status": "ACTIVE"}, ("status", "code.unknown")),
            ({"status": "REMOVED"}, ("status", "code.unknown")),
            ({"entity_type": "submarine"}, ("entity_type", "code.unknown")),
            ({"entity_type": "customs_broker"}, ("tier", "columns.differ")),
            ({"identifiers": "ein:1"}, ("identifiers", "identifier.wrong")),
            ({"identifiers": "tax:12"}, ("identifiers", "identifier.unknown")),
            ({"identifiers": ""}, ("identifiers", "cell.missing")),
            ({"company": ""}, ("company", "cell.missing")),
            ({"specialist": ""}, ("specialist", "cell.missing")),
            ({"specialist": "nobody@example.gov"}, ("specialist", "person.unknown")),
            ({"office": "MIAMI"}, ("specialist", "person.unknown")),
            ({"suspended_on": "2026-03-02"}, ("suspended_on", "columns.differ")),
            ({"status": "SUSPENDED"}, ("suspended_on", "cell.missing")),
            ({"status": "SUSPENDED"}, ("suspension_ground", "cell.missing")),
            ({"suspension_ground": "G99"}, ("suspension_ground", "code.unknown")),
            ({"revalidated_on": "2019-01-10"}, ("revalidated_on", "days.out_of_order")),
            (
                {"revalidated_on": "2022-06-01;2022-06-01"},
                ("revalidated_on", "day.twice"),
            ),
            ({"revalidated_on": ""}, ("revalidated_on", "window.empty")),
            ({"last_annual_review_on": ""}, ("last_annual_review_on", "cell.missing")),
            ({"source_document": ""}, ("source_document", "cell.missing")),
            (
                {"status": "CERTIFIED", "tier": "T2", "initial_validated_on": ""},
                ("tier", "columns.differ"),
            ),
        ],
    )
    def test_differing_impossible_and_missing_cells_are_told_by_row_and_column(
        self, office: Office, cells: dict[str, str], found: tuple[str, str]
    ) -> None:
        assert found in codes(office, **cells)

    def test_two_rows_of_one_number_and_entity_type_are_both_refused(self, office: Office) -> None:
        plan = office.plan(file_of(row(), row(identifiers="ein:123456789;duns:123456789")))

        assert [one.line for one in plan.findings if one.code == "identifier.twice"] == [2, 3]

    def test_an_account_that_was_opened_here_is_not_touched(self, office: Office) -> None:
        member = a_member()
        declare_party(
            account=member.account,
            given=PartyGiven("COMPANY", COMPANY, identifiers=(("ein", "12-3456789", ""),)),
            by=member.by("company_officer"),
            at=NOW + timedelta(days=365),
        )

        assert codes(office) == {("identifiers", "record.opened_here")}

    def test_nothing_is_recorded_while_one_row_is_refused_unless_the_others_are_asked_for(
        self, office: Office
    ) -> None:
        content = file_of(row(), row(identifiers="ein:98-7654321", certified_on="2023-02-30"))
        plan = office.plan(content)

        with pytest.raises(NotSound):
            record_members(program=the_program(), plan=plan, by=office.by, at=NOW)
        assert not Account.objects.exists()

        record_members(program=the_program(), plan=plan, by=office.by, at=NOW, skip_refused=True)
        assert Account.objects.count() == 1
        assert verify().first is None


class TestExplaining:
    def test_a_named_person_gives_the_day_that_is_meant_and_it_stands_on_the_record(
        self, office: Office
    ) -> None:
        plan = office.take(
            file_of(row(certified_on="05/02/2018")),
            explain="2,certified_on,spec@example.gov,Letter of certification,2018-02-05\n",
        )

        kept = CarriedAccount.objects.get()
        assert plan.counts["findings_explained"] == 1
        assert queries.case_of(the_account()).steps[0].on == date(2018, 2, 5)
        assert [(e["column"], e["person"], e["reason"]) for e in kept.explanations] == [
            ("certified_on", office.specialist.key, "Letter of certification")
        ]
        taken = bytes(Event.objects.get(stream=the_account().stream, kind="carried").body)
        assert b"Letter" not in taken
        assert office.specialist.key.encode() in taken

    def test_a_reason_alone_does_not_make_an_impossible_day_true(self, office: Office) -> None:
        plan = office.plan(
            file_of(row(certified_on="2023-02-30")),
            explain="2,certified_on,spec@example.gov,It was so,\n",
        )

        assert plan.counts["refused"] == 1

    def test_another_day_for_a_cell_that_was_sound_is_told_too(self, office: Office) -> None:
        plan = office.plan(
            file_of(row()),
            explain="2,certified_on,spec@example.gov,The letter says so,2018-02-01\n",
        )

        assert [(one.code, bool(one.explained)) for one in plan.findings] == [
            ("cell.replaced", True)
        ]

    def test_the_day_given_is_judged_like_any_other(self, office: Office) -> None:
        plan = office.plan(
            file_of(row(certified_on="2023-02-30")),
            explain="2,certified_on,spec@example.gov,It was so,2023-02-28\n",
        )

        assert ("initial_validated_on", "days.out_of_order") in {
            (one.column, one.code) for one in plan.findings if one.explained is None
        }

    def test_an_explanation_that_nothing_needs_is_told(self, office: Office) -> None:
        plan = office.plan(file_of(row()), explain="9,tier,spec@example.gov,Why,\n")

        assert [one.line for one in plan.unused] == [9]

    def test_nobody_outside_the_office_explains(self, office: Office) -> None:
        for who in ("nobody@example.com", "U-0000000000"):
            with pytest.raises(NotFound):
                office.plan(file_of(row()), explain=f"2,tier,{who},Why,\n")


class TestWhoMay:
    def test_only_a_role_that_may_carry_records_over(self, office: Office) -> None:
        plan = office.plan(file_of(row()))

        with pytest.raises(RoleNotAllowed):
            record_members(
                program=the_program(),
                plan=plan,
                by=Actor("U-0000000009", "company_officer"),
                at=NOW,
            )

    def test_no_page_and_no_other_door_does_these_acts(self, office: Office) -> None:
        office.take(
            file_of(row(status="CERTIFIED", tier="T1", initial_validated_on="", revalidated_on=""))
        )
        case = queries.case_of(the_account())

        offered = {one.transition.id for one in case.available(office.by, on=TODAY)}
        assert offered.isdisjoint({"L01", "L02", "L03", "L04", "L05", "L06"})
        with pytest.raises(Refused) as refused:
            step(account=the_account(), act="L02", by=office.by, at=NOW, given={"tier": "T2"})
        assert refused.value.refusal == "guard.earlier_record_sourced.unknown"

    def test_a_program_without_such_acts_says_so(self, office: Office) -> None:
        program = replace(the_program(), transitions={})

        with pytest.raises(NothingCarries):
            plan_members(
                program=program,
                sheet=read_members(file_of(row())),
                explanations={},
                by=office.by,
                today=TODAY,
            )


def test_the_report_as_csv_holds_no_formula(office: Office) -> None:
    plan = office.plan(file_of(row(certified_on="=1+1")))

    lines = written(plan.findings).splitlines()

    assert lines[0].startswith("row,column,code,state")
    assert not any(cell.startswith("=") for line in lines for cell in line.split(","))


def test_every_finding_of_a_refused_correction_names_its_reason(office: Office) -> None:
    office.take(file_of(row()))
    account = the_account()
    case = queries.case_of(account, {"migration.is_sourced": True})

    def corrected(seq: str, day: str) -> str:
        given = {"corrects": seq, "right_on": day, "reason": "other"}
        try:
            case.decide(Act("L06", office.by, TODAY, TODAY, given=given))
        except GreenlaneError as error:
            return error.refusal if isinstance(error, Refused) else error.code
        return "lawful"

    assert corrected("4", "2018-03-01") == "lawful"
    assert corrected("4", "2019-02-01") == "correction.out_of_order"
    assert corrected("6", "2018-12-01") == "correction.out_of_order"
    assert corrected("7", "2026-06-01") == "correction.out_of_order"
    assert corrected("1", "2018-03-01") == "correction.not_carried"
    assert corrected("x", "2018-03-01") == "correction.not_carried"
