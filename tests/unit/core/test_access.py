from __future__ import annotations

from datetime import date

import pytest

from greenlane.content.packs import load_program
from greenlane.core.access import (
    API_PUBLIC,
    API_SIGNED_IN,
    PUBLIC,
    SIGNED_IN,
    GrantRefused,
    Held,
    NotYoursToRead,
    RoleNotAllowed,
    WantedGrant,
    acting_role,
    api_only,
    case_workers,
    check_end,
    check_grant,
    check_may_act,
    check_may_sign,
    check_reads,
    check_role_among,
    company_actors,
    company_people,
    deciding,
    doing,
    givers,
    having,
    is_office_only,
    keepers,
    marking,
    may_act,
    only,
    people_reading,
    proposing,
    reads,
    relation_of,
    shown_to_company,
)
from greenlane.core.deadlines import Duty
from greenlane.core.marks import Mark
from greenlane.core.program import Program, UnknownRuleId
from greenlane.core.vocabulary import DutyState, Matter, Power, Purpose, Reach, Relation, Side

DAY = date(2026, 5, 4)
PROGRAM = load_program("ctpat")
ROLES = tuple(PROGRAM.roles)
COMPANY_ROLES = tuple(r.id for r in PROGRAM.roles.values() if r.side is Side.COMPANY)
OFFICE_ROLES = tuple(r.id for r in PROGRAM.roles.values() if r.side in (Side.OFFICE, Side.APPEAL))
DRAFTERS = tuple(r.id for r in PROGRAM.roles.values() if r.may_be_outsider)
VETTING_READERS = {"specialist", "vetting_analyst", "field_manager", "director", "system"}


@pytest.fixture
def program() -> Program:
    return PROGRAM


class TestActing:
    @pytest.mark.parametrize("act", PROGRAM.transitions)
    @pytest.mark.parametrize("role", ROLES)
    def test_an_act_is_open_to_the_roles_of_its_row_and_to_nobody_else(
        self, program: Program, act: str, role: str
    ) -> None:
        named = program.transitions[act].by

        assert may_act(program, act=act, role=role) == (role in named)

    @pytest.mark.parametrize("role", DRAFTERS)
    def test_whoever_only_drafts_never_acts_signs_or_submits(
        self, program: Program, role: str
    ) -> None:
        acts = [act for act in program.transitions if may_act(program, act=act, role=role)]

        assert acts == []
        with pytest.raises(RoleNotAllowed, match="Company officer"):
            check_may_sign(program, role=role)

    def test_only_a_company_officer_signs(self, program: Program) -> None:
        check_may_sign(program, role="company_officer")
        for role in set(ROLES) - {"company_officer"}:
            with pytest.raises(RoleNotAllowed, match="Only Company officer can sign"):
                check_may_sign(program, role=role)

    def test_the_refusal_names_who_may_and_as_whom_one_acts(self, program: Program) -> None:
        with pytest.raises(RoleNotAllowed, match=r"Supply chain security specialist.*Consultant"):
            check_may_act(program, act="T06", role="consultant")

    def test_an_unknown_role_or_act_is_named(self, program: Program) -> None:
        assert not may_act(program, act="T06", role="janitor")
        with pytest.raises(UnknownRuleId, match="janitor"):
            check_may_sign(program, role="janitor")
        with pytest.raises(UnknownRuleId, match="T99"):
            check_may_act(program, act="T99", role="director")

    def test_a_role_is_asked_for_among_several(self, program: Program) -> None:
        check_role_among(program, role="director", wanted={"director", "operator"})
        with pytest.raises(RoleNotAllowed, match="Program director or Operator"):
            check_role_among(program, role="specialist", wanted={"director", "operator"})
        with pytest.raises(RoleNotAllowed, match="by nobody"):
            check_role_among(program, role="specialist", wanted=())


class TestActingRole:
    def test_the_role_first_in_the_pack_is_taken(self, program: Program) -> None:
        held = [Held("point_of_contact", "O-1"), Held("company_officer", "O-1")]
        wanted = {"point_of_contact", "company_officer"}

        role = acting_role(program, held, wanted=wanted, on=DAY, organization="O-1")

        assert role == "company_officer"

    def test_a_role_of_another_company_does_not_count(self, program: Program) -> None:
        held = [Held("company_officer", "O-2")]

        with pytest.raises(RoleNotAllowed, match="none of these roles here"):
            acting_role(program, held, wanted={"company_officer"}, on=DAY, organization="O-1")

    @pytest.mark.parametrize(
        ("of_role", "of_account", "fits"),
        [
            ("", "NY", True),
            ("NY", "NY", True),
            ("NY", "LA", False),
            ("NY", "", True),
            ("", "", True),
        ],
    )
    def test_a_field_offices_role_counts_for_its_own_accounts(
        self, program: Program, of_role: str, of_account: str, fits: bool
    ) -> None:
        held = [Held("specialist", office=of_role)]

        def ask() -> str:
            return acting_role(
                program,
                held,
                wanted={"specialist"},
                on=DAY,
                organization="O-1",
                office=of_account,
            )

        if fits:
            assert ask() == "specialist"
        else:
            with pytest.raises(RoleNotAllowed):
                ask()

    def test_a_role_counts_from_its_first_day_to_the_day_before_its_end(self) -> None:
        held = Held("director", since=DAY, until=date(2026, 5, 6))
        days = [date(2026, 5, day) for day in range(3, 8)]

        assert [held.holds_on(day) for day in days] == [False, True, True, False, False]


class TestReading:
    @pytest.mark.parametrize("role", ROLES)
    def test_vetting_is_read_by_those_who_need_it(self, role: str) -> None:
        held = [Held(role, "O-1" if role in COMPANY_ROLES else "")]

        may = reads(PROGRAM, held, Matter.VETTING, on=DAY, organization="O-1")

        assert may == (role in VETTING_READERS)

    @pytest.mark.parametrize("role", COMPANY_ROLES)
    @pytest.mark.parametrize("matter", [m for m in Matter if m is not Matter.PROGRAM])
    def test_a_companys_people_read_nothing_of_another_company(
        self, role: str, matter: Matter
    ) -> None:
        held = [Held(role, "O-1")]

        assert not reads(PROGRAM, held, matter, on=DAY, organization="O-2")

    @pytest.mark.parametrize("role", COMPANY_ROLES)
    def test_no_companys_role_reads_everybodys_records(self, role: str) -> None:
        beyond = {m for m in Matter if PROGRAM.roles[role].reach(m) is Reach.ALL}

        assert beyond == {Matter.PROGRAM}

    def test_an_auditor_reads_the_record_of_their_own_company(self) -> None:
        held = [Held("auditor", "O-1")]

        assert reads(PROGRAM, held, Matter.RECORD, on=DAY, organization="O-1")
        with pytest.raises(NotYoursToRead, match="not yours to see"):
            check_reads(PROGRAM, held, Matter.RECORD, on=DAY, organization="O-2")

    def test_the_readers_of_a_matter_are_those_who_read_any_of_it(self) -> None:
        assert PROGRAM.readers_of(Matter.VETTING) == VETTING_READERS
        assert "auditor" in PROGRAM.readers_of(Matter.RECORD)

    def test_an_own_role_without_an_organization_reads_nothing(self) -> None:
        assert not reads(PROGRAM, [Held("auditor")], Matter.RECORD, on=DAY, organization="O-1")

    def test_a_field_office_reads_its_own_accounts(self) -> None:
        held = [Held("specialist", office="NY")]

        check_reads(PROGRAM, held, Matter.ACCOUNT, on=DAY, organization="O-1", office="NY")
        assert not reads(PROGRAM, held, Matter.ACCOUNT, on=DAY, organization="O-1", office="LA")

    def test_a_role_that_ended_or_is_unknown_reads_nothing(self) -> None:
        held = [Held("director", until=DAY), Held("janitor")]

        assert not reads(PROGRAM, held, Matter.ACCOUNT, on=DAY, organization="O-1")


def refusal(program: Program, wanted: WantedGrant, by_role: str, *held: Held, **more: bool) -> str:
    """Return the refusal of a grant, or "" when it is given."""
    try:
        check_grant(program, wanted, by="U-GIVER", by_role=by_role, held=held, on=DAY, **more)
    except GrantRefused as refused:
        return refused.refusal
    return ""


class TestGranting:
    @pytest.mark.parametrize("by_role", ROLES)
    @pytest.mark.parametrize("role", [r for r in ROLES if r != "system"])
    def test_each_role_is_granted_by_its_own_givers(
        self, program: Program, role: str, by_role: str
    ) -> None:
        place = {"organization": "O-1"} if role in COMPANY_ROLES else {}
        wanted = WantedGrant("U-1", role, **place, relation=relation_of(program, role))
        if by_role == "system":
            expected = True
        elif role in ("company_officer", "point_of_contact"):
            expected = by_role == "company_officer"
        elif role in COMPANY_ROLES:
            expected = by_role in ("company_officer", "point_of_contact")
        else:
            expected = by_role in ("director", "operator")

        assert (refusal(program, wanted, by_role) == "") is expected

    def test_nobody_grants_to_themselves(self, program: Program) -> None:
        wanted = WantedGrant("U-GIVER", "director")

        assert refusal(program, wanted, "director") == "grant.to_oneself"

    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            ("company_officer", {Relation.OFFICER}),
            ("point_of_contact", {Relation.OFFICER, Relation.EMPLOYEE}),
            ("consultant", {Relation.OUTSIDE}),
        ],
    )
    def test_what_a_person_is_to_the_company_limits_their_roles(
        self, program: Program, role: str, allowed: set[Relation]
    ) -> None:
        given = {
            relation
            for relation in Relation
            if not refusal(
                program, WantedGrant("U-1", role, "O-1", relation=relation), "company_officer"
            )
        }

        assert given == allowed

    def test_an_outsider_is_neither_officer_nor_point_of_contact(self) -> None:
        assert set(DRAFTERS) == {"contributor", "consultant", "auditor"}

    def test_a_company_role_of_another_pack_is_for_its_own_people(self) -> None:
        from dataclasses import replace

        bare = replace(
            PROGRAM.roles["contributor"],
            id="broker_liaison",
            relations=(Relation.OFFICER, Relation.EMPLOYEE),
        )
        program = replace(PROGRAM, roles={**PROGRAM.roles, "broker_liaison": bare})
        wanted = WantedGrant("U-1", "broker_liaison", "O-1", relation=Relation.OUTSIDE)

        assert refusal(program, wanted, "system") == "grant.relation"

    def test_the_system_is_no_persons_role(self, program: Program) -> None:
        assert refusal(program, WantedGrant("U-1", "system"), "system") == "grant.role_of_system"

    def test_an_unknown_role_is_named(self, program: Program) -> None:
        with pytest.raises(UnknownRuleId, match="janitor"):
            refusal(program, WantedGrant("U-1", "janitor"), "director")

    @pytest.mark.parametrize(
        "wanted",
        [
            WantedGrant("U-1", "company_officer", relation=Relation.OFFICER),
            WantedGrant("U-1", "specialist", "O-1"),
            WantedGrant("U-1", "auditor", "O-1", "NY", Relation.OUTSIDE),
        ],
    )
    def test_a_role_is_held_on_its_own_side(self, program: Program, wanted: WantedGrant) -> None:
        assert refusal(program, wanted, "system") == "grant.wrong_place"

    def test_one_role_in_one_place_is_held_once(self, program: Program) -> None:
        wanted = WantedGrant("U-1", "specialist", office="NY")

        assert refusal(program, wanted, "director", Held("specialist", office="NY")) == (
            "grant.twice"
        )
        assert refusal(program, wanted, "director", Held("specialist", office="LA")) == ""

    def test_nobody_is_an_outsider_and_an_officer_of_one_company(self, program: Program) -> None:
        consultant = Held("consultant", "O-1", relation=Relation.OUTSIDE)
        wanted = WantedGrant("U-1", "company_officer", "O-1", relation=Relation.OFFICER)

        assert refusal(program, wanted, "company_officer", consultant) == "grant.second_relation"

    def test_a_consultant_of_one_company_may_be_officer_of_their_own(
        self, program: Program
    ) -> None:
        consultant = Held("consultant", "O-1", relation=Relation.OUTSIDE)
        wanted = WantedGrant("U-1", "company_officer", "O-2", relation=Relation.OFFICER)

        assert refusal(program, wanted, "company_officer", consultant) == ""

    def test_nobody_stands_on_both_sides(self, program: Program) -> None:
        officer = Held("company_officer", "O-1", relation=Relation.OFFICER)
        specialist = Held("specialist")
        company = WantedGrant("U-1", "company_officer", "O-1", relation=Relation.OFFICER)

        assert refusal(program, WantedGrant("U-1", "director"), "director", officer) == (
            "grant.both_sides"
        )
        assert refusal(program, company, "company_officer", specialist) == "grant.both_sides"

    def test_the_operator_of_a_company_running_alone_may_be_of_the_company(
        self, program: Program
    ) -> None:
        officer = Held("company_officer", "O-1", relation=Relation.OFFICER)
        company = WantedGrant("U-1", "company_officer", "O-1", relation=Relation.OFFICER)

        assert refusal(program, WantedGrant("U-1", "operator"), "operator", officer) == ""
        assert refusal(program, company, "company_officer", Held("operator")) == ""

    @pytest.mark.parametrize("role", COMPANY_ROLES)
    def test_a_statement_makes_an_officer_or_a_point_of_contact(
        self, program: Program, role: str
    ) -> None:
        wanted = WantedGrant("U-GIVER", role, "O-1", relation=relation_of(program, role))

        refused = refusal(program, wanted, "", is_stated=True)

        assert refused == (
            "" if role in ("company_officer", "point_of_contact") else "grant.not_by_role"
        )


class TestEnding:
    def end(self, program: Program, ended: Held, by_role: str, *others: Held, by: str = "") -> str:
        try:
            check_end(
                program,
                ended,
                person="U-1",
                by=by or "U-GIVER",
                by_role=by_role,
                others=others,
                on=DAY,
            )
        except GrantRefused as refused:
            return refused.refusal
        return ""

    def test_the_last_officer_stays_until_there_is_another(self, program: Program) -> None:
        officer = Held("company_officer", "O-1", relation=Relation.OFFICER)
        elsewhere = Held("company_officer", "O-2", relation=Relation.OFFICER)
        over = Held("company_officer", "O-1", relation=Relation.OFFICER, until=DAY)

        assert self.end(program, officer, "company_officer") == "grant.last_officer"
        assert self.end(program, officer, "company_officer", elsewhere, over) == (
            "grant.last_officer"
        )
        assert self.end(program, officer, "company_officer", officer) == ""

    def test_the_last_director_stays_until_there_is_another(self, program: Program) -> None:
        assert self.end(program, Held("director"), "operator") == "grant.last_director"

    def test_a_role_is_ended_by_its_givers_or_given_up(self, program: Program) -> None:
        auditor = Held("auditor", "O-1", relation=Relation.OUTSIDE)

        assert self.end(program, auditor, "contributor") == "grant.not_by_role"
        assert self.end(program, auditor, "point_of_contact") == ""
        assert self.end(program, auditor, "auditor", by="U-1") == ""
        assert self.end(program, Held("specialist"), "company_officer") == "grant.not_by_role"
        assert self.end(program, Held("specialist"), "system") == ""


class TestDoors:
    def test_a_public_door_admits_everybody(self) -> None:
        assert PUBLIC.admits(PROGRAM, ())
        assert API_PUBLIC.admits(PROGRAM, ())

    def test_a_door_for_the_signed_in_admits_every_role_and_none(self) -> None:
        assert SIGNED_IN.admits(PROGRAM, ())
        assert API_SIGNED_IN.admits(PROGRAM, ("director",))

    @pytest.mark.parametrize("role", ROLES)
    def test_a_door_of_roles_admits_these(self, role: str) -> None:
        door = only(keepers)

        assert door.admits(PROGRAM, (role,)) == (role in ("director", "operator"))
        assert door.roles_in(PROGRAM) == {"director", "operator"}
        assert api_only(keepers).by_token
        assert not door.admits(PROGRAM, ())

    def test_a_door_finds_its_roles_in_the_pack(self) -> None:
        found = {
            "people": only(company_people),
            "signing": only(doing(Purpose.SIGN_AGREEMENT)),
            "answering": only(having(Power.ANSWER)),
            "work": only(case_workers),
            "vetting": only(people_reading(Matter.VETTING)),
            "second": only(deciding),
            "both": only(company_actors, having(Power.BE_ASSIGNED)),
        }

        assert {name: sorted(door.roles_in(PROGRAM)) for name, door in found.items()} == {
            "people": sorted(COMPANY_ROLES),
            "signing": ["company_officer"],
            "answering": ["company_officer", "consultant", "contributor", "point_of_contact"],
            "work": ["director", "field_manager", "specialist", "vetting_analyst"],
            "vetting": sorted(VETTING_READERS - {"system"}),
            "second": ["director", "field_manager"],
            "both": ["company_officer", "point_of_contact", "specialist"],
        }

    def test_a_door_for_no_role_is_no_door(self) -> None:
        with pytest.raises(ValueError, match="must name some"):
            only()


def test_a_company_reads_that_the_office_worked_and_not_at_what() -> None:
    secret = next(row for row in PROGRAM.transitions.values() if row.is_office_only)
    open_ = next(row for row in PROGRAM.transitions.values() if not row.is_office_only)

    assert is_office_only(PROGRAM, kind="step", act=secret.id)
    assert not is_office_only(PROGRAM, kind="step", act=open_.id)
    assert is_office_only(PROGRAM, kind="screening", act="none.of.the.table")


def test_a_company_reads_of_no_limit_of_the_office_alone() -> None:
    found = [
        Duty(rule, 1, date(2024, 1, 1), date(2025, 1, 1), DutyState.OPEN, "")
        for rule in PROGRAM.deadlines.values()
    ]

    shown = {duty.id for duty in shown_to_company(found)}

    assert shown == {rule.id for rule in PROGRAM.deadlines.values() if not rule.is_office_only}
    assert 0 < len(shown) < len(found)


def test_who_gives_roles_who_proposes_and_who_sets_a_mark_is_asked_of_the_pack() -> None:
    assert set(keepers(PROGRAM)) <= set(givers(PROGRAM))
    two = [row for row in PROGRAM.transitions.values() if row.second_by]
    assert proposing(PROGRAM) == frozenset().union(*(row.by for row in two))
    certifying = [row for row in PROGRAM.transitions.values() if Mark.CERTIFIED in row.marks]
    assert marking(Mark.CERTIFIED)(PROGRAM) == frozenset().union(*(row.by for row in certifying))
