"""A carried-over day that was copied wrongly is put right beside the old one."""

from __future__ import annotations

from datetime import date

from greenlane.content.packs import load_program
from greenlane.core.deadlines import duty_steps, known_rows, membership_on
from greenlane.core.lifecycle.standing import Step, corrected, fold, known_on
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Axis

WRITTEN, MENDED = date(2024, 3, 11), date(2024, 3, 25)
CERTIFIED = Step(
    4, "L01", date(2018, 2, 5), WRITTEN, {Axis.MEMBERSHIP: "CERTIFIED"}, (Mark.CERTIFIED,)
)
MENDING = Step(5, "L06", MENDED, MENDED, given={"corrects": "4", "right_on": "2018-02-06"})
STEPS = (CERTIFIED, MENDING)


def test_the_corrected_step_keeps_its_place_and_has_the_right_day() -> None:
    assert [(step.seq, step.on) for step in corrected(STEPS)] == [
        (4, date(2018, 2, 6)),
        (5, MENDED),
    ]
    assert corrected(STEPS[:1]) == [CERTIFIED]


def test_a_day_before_the_correction_knows_the_old_day_unless_asked_as_known_now() -> None:
    before = date(2024, 3, 24)

    assert [step.on for step in known_on(STEPS, on=before)] == [date(2018, 2, 5)]
    assert [step.on for step in known_on(STEPS, on=before, known_now=True)] == [date(2018, 2, 6)]
    assert known_on(STEPS, on=date(2018, 2, 5), known_now=True) == []


def test_the_standing_and_the_due_list_read_the_right_day() -> None:
    program, rows = load_program("ctpat"), [step.as_json() for step in STEPS]

    assert fold("importer", STEPS).since[Axis.MEMBERSHIP].on == date(2018, 2, 6)
    as_mended, as_written = known_rows(rows, on=MENDED), known_rows(rows, on=WRITTEN)
    assert [s.on for s in duty_steps(program, as_mended)] == [date(2018, 2, 6)]
    assert [s.on for s in duty_steps(program, as_written)] == [date(2018, 2, 5)]
    assert membership_on(known_rows(rows, on=date(2018, 2, 5), known_now=True)) is None
    read = known_rows(rows, on=date(2018, 2, 6), known_now=True)
    assert membership_on(read) == "CERTIFIED"
