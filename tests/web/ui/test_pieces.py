"""How each kind of value is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template

from greenlane.core.facts import Facts
from greenlane.core.lifecycle.decide import GuardAnswer
from greenlane.core.program import Guard, Source
from greenlane.core.rules.evaluate import Explanation, explain
from greenlane.core.rules.tree import AllOf, AtLeast, Is
from greenlane.core.text import Text
from greenlane.core.vocabulary import Confidence, Phase, Truth
from greenlane.web.ui.clocks import Clock
from greenlane.web.ui.pieces import (
    CheckLine,
    Choice,
    Gate,
    Hash,
    Header,
    Lines,
    Link,
    Moment,
    Money,
    Muted,
    Number,
    Status,
    Step,
    tone_of,
    tone_of_phase,
)
from greenlane.web.ui.reasons import confidence_words, gate_of, why_tree
from greenlane.web.ui.tags import cell


@pytest.mark.parametrize(
    ("value", "part"),
    [
        (None, "—"),
        ("", "—"),
        ("plain", "plain"),
        (1204, "1,204"),
        (True, "yes"),
        (Decimal("2.50"), "2.50"),
        (Number(3, "days"), "3\u00a0days"),
        (Money(5, "MXN"), "MXN\u00a05.00"),
        (Hash("9f86d081884c7d65"), 'title="9f86d081884c7d65"'),
        (Text({"en": "Certified"}), "Certified"),
        (Link("A. Ferrer", "/people/1", "Newark"), 'href="/people/1"'),
        (Muted("later"), "gl-quiet"),
        (Lines(("a", Muted("b"))), '<span class="gl-line">a</span>'),
        (date(2026, 5, 3), 'datetime="2026-05-03"'),
        (datetime(2026, 5, 3, 12, tzinfo=UTC), "08:00 EDT"),
        (Moment(date(2026, 5, 3), "Set by T08", "/events/7"), "Set by T08"),
        (Status("Certified", "good"), "#check_circle"),
        (Clock(3, date(2026, 5, 3), 90), "3 days left of 90"),
        (Clock(None, date(2026, 5, 3), state="met"), "<strong>met</strong>"),
        (Status("Certified", meaning="Vetted"), 'title="Vetted"'),
    ],
)
def test_a_cell_shows_every_kind_of_value(value: object, part: str) -> None:
    assert part in cell(value)


@pytest.mark.parametrize(
    "value",
    [
        "<script>alert(1)</script>",
        Link("<script>", "/x"),
        Muted("<script>"),
        Hash("<script>" * 3),
        Lines(("<script>",)),
        Status("<script>", meaning="<script>"),
        Moment(date(2026, 5, 3), "<script>", "/x"),
        Clock(3, date(2026, 5, 3), 90, reason="<script>"),
    ],
)
def test_no_value_brings_markup_of_its_own(value: object) -> None:
    html = Template("{% load ui %}{% cell value %}").render(Context({"value": value}))

    assert "<script>" not in html


def test_a_full_clock_names_its_title_and_source() -> None:
    shown = Clock(3, date(2026, 5, 3), 90, "certify", "Certification", "6 U.S.C. 964", "/rules/D05")

    html = Template("{% load ui %}{% clock value %}").render(Context({"value": shown}))
    small = Template("{% load ui %}{% clock value compact=True %}").render(
        Context({"value": shown})
    )

    assert "Certification" in html
    assert '<a class="usa-link" href="/rules/D05">6 U.S.C. 964</a>' in html
    assert "U.S.C." not in small
    assert "certify by 3 May 2026" in small


def test_a_status_says_since_when_by_whom_and_why() -> None:
    html = cell(Status("Certified", "good", date(2026, 5, 3), "by the director", "/rules/T08"))

    assert "since 3 May 2026" in html
    assert "by the director" in html
    assert 'href="/rules/T08"' in html


@pytest.mark.parametrize(
    ("status", "tone"),
    [("FAILED", "bad"), ("APPROVED", "good"), ("DRAFT", "neutral"), ("nonsense", "neutral")],
)
def test_each_status_has_a_tone(status: str, tone: str) -> None:
    assert tone_of(status) == tone


def test_a_membership_status_has_the_tone_of_its_phase_whatever_a_pack_calls_it() -> None:
    tones = [tone_of_phase(phase) for phase in Phase]

    assert tones == ["neutral", "neutral", "waiting", "good", "bad", "ended"]


def test_states_are_said_in_words() -> None:
    assert [Step("x", s).state_word for s in ("done", "current", "future")] == [
        "done",
        "now",
        "to come",
    ]
    assert [CheckLine("x", s).state_word for s in ("yes", "no", "unknown")] == [
        "met",
        "not met",
        "cannot tell",
    ]
    assert [Gate("x", t).word for t in ("yes", "no", "cannot_tell")] == [
        "open",
        "closed",
        "cannot tell",
    ]


def test_the_header_names_the_open_account() -> None:
    accounts = (Choice("One", "/1"), Choice("Two", "/2", is_current=True))

    assert Header(accounts=accounts).account == "Two"
    assert Header(accounts=accounts[:1]).account == "Choose an account"


RULE = AllOf((Is("office.is_staffed", True), AtLeast("trade.years_importing", 1)))


def test_why_names_the_fact_and_what_is_recorded() -> None:
    tree = why_tree(explain(RULE, Facts({"office.is_staffed": False})))

    assert (tree.says, tree.answer, tree.word) == ("All of these", "no", "no")
    staffed, years = tree.parts
    assert "a business office is staffed" in staffed.says
    assert (staffed.word, staffed.seen) == ("no", "no")
    assert (years.word, years.seen) == ("cannot tell", "not recorded")


def test_why_takes_the_packs_own_words() -> None:
    leaf = Explanation("office.is_staffed is yes", Truth.YES, True)

    assert why_tree(leaf, {"office.is_staffed": "An office"}).says == "An office"
    assert why_tree(Explanation("something else", Truth.YES, 1200)).seen == "1,200"
    assert why_tree(Explanation("x", Truth.YES, date(2026, 5, 3))).seen == "3 May 2026"
    assert why_tree(Explanation("x", Truth.YES, frozenset({"US", "CA"}))).seen == "CA, US"
    assert why_tree(Explanation("x", Truth.YES, frozenset())).seen == "none"
    assert why_tree(Explanation("x", Truth.YES, "free")).seen == "free"


def test_a_guards_answer_becomes_a_gate() -> None:
    guard = Guard(
        "vetting.passed",
        RULE,
        Text({"en": "Vetting has passed", "es": "Aprobada"}),
        Source("6 U.S.C. 964", Confidence.S),
    )
    why = explain(RULE, Facts({}))

    gate = gate_of(GuardAnswer(guard, Truth.UNKNOWN, why), language="es", href="/rules")

    assert (gate.title, gate.truth, gate.source) == ("Aprobada", "cannot_tell", "6 U.S.C. 964")
    assert confidence_words(gate.confidence) == "read in the statute"
    assert confidence_words("?") == ""


def test_closed_gates_stand_first() -> None:
    gates = [Gate("first", "yes"), Gate("second", "no"), Gate("third", "cannot_tell")]

    html = Template("{% load ui %}{% gates gates %}").render(Context({"gates": gates}))

    assert html.index("second") < html.index("third") < html.index("first")
    assert "2 of 3 conditions are not open" in html
