"""Debts, seizures and violations from a file: read with care, matched, recorded once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from greenlane.apps.audit.queries import events_of, head_of
from greenlane.apps.audit.verify import verify
from greenlane.apps.vetting.customs_actions import ImportPlan, plan_import, record_import
from greenlane.apps.vetting.customs_rows import (
    MOST_BYTES,
    CustomsFileUnreadable,
    read_customs_file,
)
from greenlane.apps.vetting.models import CheckRun, CustomsRow
from greenlane.core.access import RoleNotAllowed
from greenlane.core.errors import BadInput
from tests.apps.vetting.conftest import Office
from tests.factories.people import NOW, the_program

TODAY = NOW.date()
HEAD = "kind,status,reference,identifier,happened_on,amount,currency,note\n"
EIN = "12-3456789"


def rows(*lines: str) -> bytes:
    """Return a file of these lines."""
    return (HEAD + "".join(f"{line}\n" for line in lines)).encode()


def plan_of(*lines: str) -> ImportPlan:
    """Plan a file of these lines."""
    return plan_import(program=the_program(), file=read_customs_file(rows(*lines)), as_of=TODAY)


def take(office: Office, *lines: str) -> dict[str, int]:
    """Record a file of these lines."""
    return record_import(
        program=the_program(),
        plan=plan_of(*lines),
        source="Collections system",
        as_of=TODAY,
        by=office.analyst,
        at=NOW,
    )


@pytest.fixture
def bearer(office: Office) -> Office:
    """Give an account that declared an employer number."""
    office.declare(role="COMPANY", name="Harbor Lane Imports", identifiers=(("ein", EIN, ""),))
    return office


class TestReading:
    def test_sound_rows_and_faulty_ones_are_told_apart_by_line(self) -> None:
        found = read_customs_file(
            rows(
                f"debt,final,D-1,{EIN},2026-01-03,100.50,usd,Paid late",
                f"FINE,OPEN,D-2,{EIN},,,,",
                f"DEBT,WHAT,D-3,{EIN},,,,",
                f"DEBT,OPEN,,{EIN},,,,",
                "DEBT,OPEN,D-4,12,,,,",
                f"DEBT,OPEN,D-5,{EIN},03/01/2026,,,",
                f"DEBT,OPEN,D-6,{EIN},,NaN,USD,",
                f"DEBT,OPEN,D-7,{EIN},,5,,",
                f"DEBT,FINAL,D-1,{EIN},,,,",
            )
        )

        (entry,) = found.entries
        assert (entry.kind, entry.status, entry.identifier) == ("DEBT", "FINAL", "123456789")
        assert (entry.amount, entry.currency) == ("100.50", "USD")
        assert [fault.line for fault in found.faults] == list(range(3, 11))
        assert (found.rows, found.refused) == (9, 8)

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "lacks kind"),
            (b"\xff\xfe\x00k", "UTF-8"),
            (HEAD.encode() + b"DEBT,\x00", "NUL"),
            (b"x" * (MOST_BYTES + 1), "larger than"),
            (b"kind,status,reference\nDEBT,OPEN,1\n", "lacks identifier"),
            (HEAD.replace("amount", "kind").encode(), "twice"),
            (HEAD.encode() + b'DEBT,"OPEN"x,1,2\n', "cannot be read as CSV"),
            (HEAD.encode() + b'DEBT,"OPEN\n', "cannot be read as CSV"),
        ],
    )
    def test_what_is_no_such_file_is_refused_in_a_sentence(self, content: bytes, says: str) -> None:
        with pytest.raises(CustomsFileUnreadable, match=says):
            read_customs_file(content)

    def test_too_many_rows_are_refused(self) -> None:
        line = "DEBT,OPEN,R{},123456,,,,\n"
        content = (HEAD + "".join(line.format(n) for n in range(50_001))).encode()

        with pytest.raises(CustomsFileUnreadable, match="more than 50000 rows"):
            read_customs_file(content)

    @pytest.mark.parametrize(
        "cell", ["=cmd|' /C calc'!A0", "\u202eabc", "<script>", "a" * 4_001, "\x07", "%00"]
    )
    def test_a_hostile_cell_is_kept_as_text_or_refused(self, cell: str) -> None:
        found = read_customs_file(rows(f'DEBT,OPEN,D-1,{EIN},,,,"{cell}"'))

        assert found.rows == 1
        if found.entries:
            assert found.entries[0].note == cell

    def test_a_byte_order_mark_and_other_columns_are_passed_over(self) -> None:
        content = b"\xef\xbb\xbfKind,Status,Reference,Identifier,Other\r\nDEBT,OPEN,1,ABCD,x\r\n"

        assert len(read_customs_file(content).entries) == 1


@pytest.mark.django_db
class TestTaking:
    def test_a_dry_run_records_nothing(self, bearer: Office) -> None:
        before = head_of(bearer.stream).seq, head_of("office").seq

        plan = plan_of(f"DEBT,FINAL,D-1,{EIN},,,,", "SEIZURE,CLOSED,S-1,NOBODY99,,,,")

        assert plan.counts == {
            "rows": 2,
            "refused": 0,
            "unmatched": 1,
            "matched": 1,
            "new_or_changed": 1,
            "unchanged": 0,
            "accounts": 1,
        }
        assert (head_of(bearer.stream).seq, head_of("office").seq) == before
        assert CustomsRow.objects.count() == 0

    def test_what_is_found_is_a_hit_of_its_check_and_asks_for_a_new_review(
        self, bearer: Office
    ) -> None:
        take(bearer, f"DEBT,FINAL,D-1,{EIN},2026-01-03,100.50,USD,", f"SEIZURE,CLOSED,S,{EIN},,,,")

        runs = {run.check_id: run.result for run in CheckRun.objects.filter(stream=bearer.stream)}
        assert runs == {"debt": "HIT", "customs_history": "HIT"}
        assert bearer.fresh().vetting == "REVIEW_REQUIRED"
        row = CustomsRow.objects.get(kind="DEBT")
        assert (row.reference, row.amount, row.source) == ("D-1", "100.50", "Collections system")
        assert verify().first is None

    def test_a_debt_that_is_paid_clears_its_check(self, bearer: Office) -> None:
        take(bearer, f"DEBT,FINAL,D-1,{EIN},,,,")
        take(bearer, f"DEBT,PAID,D-1,{EIN},,,,")

        (row,) = CustomsRow.objects.all()
        results = [run.result for run in CheckRun.objects.order_by("seq")]
        assert row.status == "PAID"
        assert results == ["HIT", "CLEAR"]

    def test_the_same_file_twice_changes_nothing_the_second_time(self, bearer: Office) -> None:
        take(bearer, f"DEBT,FINAL,D-1,{EIN},,,,")
        seq = head_of(bearer.stream).seq

        again = take(bearer, f"DEBT,FINAL,D-1,{EIN},,,,")

        assert (again["new_or_changed"], again["unchanged"]) == (0, 1)
        assert head_of(bearer.stream).seq == seq

    def test_an_identifier_of_a_partner_is_not_the_members(self, office: Office) -> None:
        office.declare(role="PARTNER", name="Slow Freight", identifiers=(("ein", EIN, ""),))

        assert plan_of(f"DEBT,FINAL,D-1,{EIN},,,,").counts["unmatched"] == 1

    def test_one_identifier_of_two_accounts_concerns_both(
        self, bearer: Office, another_office: Callable[[str], Office]
    ) -> None:
        other = another_office("Harbor Lane Carriers")
        other.declare(role="COMPANY", name="Harbor Lane", identifiers=(("ein", EIN, ""),))

        plan = plan_of(f"DEBT,FINAL,D-1,{EIN},,,,")

        assert {one.stream for one in plan.matched} == {bearer.stream, other.stream}
        assert plan.counts["matched"] == 1

    def test_rows_outside_of_ones_sight_match_nobody(self, bearer: Office) -> None:
        file = read_customs_file(rows(f"DEBT,FINAL,D-1,{EIN},,,,"))

        plan = plan_import(program=the_program(), file=file, as_of=TODAY, streams=[])

        assert plan.counts["unmatched"] == 1

    def test_a_row_later_than_its_source_is_refused(self, bearer: Office) -> None:
        plan = plan_of(f"DEBT,FINAL,D-1,{EIN},2026-12-31,,,")

        assert (plan.counts["refused"], plan.counts["accounts"]) == (1, 0)

    def test_only_who_vets_records_and_only_with_a_source_of_a_past_day(
        self, bearer: Office
    ) -> None:
        plan = plan_of(f"DEBT,FINAL,D-1,{EIN},,,,")

        def record(by: object, source: str, as_of: date) -> None:
            record_import(
                program=the_program(),
                plan=plan,
                source=source,
                as_of=as_of,
                by=by,  # type: ignore[arg-type]  # an actor of the fixture
                at=NOW,
            )

        with pytest.raises(RoleNotAllowed):
            record(bearer.officer, "S", TODAY)
        with pytest.raises(BadInput, match="Name the source"):
            record(bearer.analyst, " ", TODAY)
        with pytest.raises(BadInput, match="still to come"):
            record(bearer.analyst, "S", TODAY + timedelta(days=1))
        assert CustomsRow.objects.count() == 0

    def test_events_name_no_reference_and_no_number(self, bearer: Office) -> None:
        take(bearer, f"DEBT,FINAL,D-SECRET,{EIN},,12345.67,USD,Whispered")

        told = str([e.fields for s in (bearer.stream, "office") for e in events_of(s)])

        for secret in ("D-SECRET", "123456789", "12345.67", "Whispered", "Collections"):
            assert secret not in told
