"""Reading a pack's rules: where packs are found, and how each damage is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenlane.content.packs import (
    NoSuchPack,
    PackRefused,
    load_program,
    pack_dir,
    pack_names,
    read_program,
)
from tests.unit.content.pack_sample import copied_to, damage


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return copied_to(tmp_path)


def refused(pack: Path) -> PackRefused:
    with pytest.raises(PackRefused) as error:
        read_program(pack)
    return error.value


def test_a_pack_is_found_by_name_the_office_s_own_first(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLANE_PACKS_DIR", str(pack.parent))

    assert pack_dir("ctpat") == pack
    assert "ctpat" in pack_names()
    monkeypatch.delenv("GREENLANE_PACKS_DIR")
    assert pack_dir("ctpat") != pack


@pytest.mark.parametrize("name", ["nowhere", "../packs/ctpat", "..", "", "a\\b"])
def test_a_pack_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(NoSuchPack, match="ctpat"):
        load_program(name)


def test_a_copy_has_the_same_digest_and_any_change_another(pack: Path) -> None:
    whole = read_program(pack).digest
    damage(pack, "deadlines.yaml", "{days: 90}", "{days: 91}")

    assert whole == load_program("ctpat").digest
    assert read_program(pack).digest != whole


# File, what stood there, what stands there now, words of the message, does the line agree.
DAMAGES = [
    # unknown ids and dangling references
    (
        "transitions/membership.yaml",
        "guards: [draft_period_open,",
        "guards: [draft_period_opn,",
        "draft_period_opn",
    ),
    (
        "transitions/membership.yaml",
        "by: [specialist]\n    guards: [deficiencies",
        "by: [specialst]\n    guards: [deficiencies",
        "no role 'specialst'",
    ),
    (
        "transitions/membership.yaml",
        "second_by: [field_manager]",
        "second_by: [boss]",
        "no role 'boss'",
    ),
    ("transitions/membership.yaml", "marks: [opened]", "marks: [open]", "no mark 'open'"),
    (
        "transitions/membership.yaml",
        "from: {membership: [APPLICANT], profile: [SUBMITTED, IN",
        "from: {membership: [APPLICNT], profile: [SUBMITTED, IN",
        "no state 'APPLICNT'",
    ),
    (
        "transitions/membership.yaml",
        "from: {membership: [APPLICANT], profile: [SUBMITTED, IN",
        "from: {membrship: [APPLICANT], profile: [SUBMITTED, IN",
        "no axis 'membrship'",
    ),
    (
        "transitions/membership.yaml",
        "to: {membership: CERTIFIED, tier: {rule: entry_tier}}",
        "to: {membership: EXPIRED, tier: {rule: entry_tier}}",
        "does not use the status EXPIRED",
    ),
    (
        "transitions/membership.yaml",
        "to: {membership: CERTIFIED, tier: {rule: entry_tier}}",
        "to: {membership: CERTIFIED, tier: {rule: given}}",
        "`given` needs `allowed`",
    ),
    (
        "transitions/membership.yaml",
        "to: {membership: CERTIFIED, tier: {rule: entry_tier}}",
        "to: {membership: CERTIFIED, tier: {rule: value}}",
        "written plainly",
    ),
    ("transitions/membership.yaml", "allowed: [NONE, T2, T3]", "allowed: [NONE, T7]", "T7"),
    ("transitions/membership.yaml", "rule: entry_tier", "rule: some_tier", "entry_tier"),
    ("transitions/membership.yaml", "requires: [ground]", "requires: [grund]", "requires 'grund'"),
    ("transitions/membership.yaml", "axis: membership", "axis: mood", "no axis 'mood'"),
    ("transitions/membership.yaml", "- id: C01", "- id: T01", "T01 stands twice"),
    ("transitions/membership.yaml", "by: [point_of_contact, company_officer]", "by: []", "by"),
    ("transitions/membership.yaml", "id: T01", "id: t 1", "id"),
    ("pack.yaml", "  - removed", "  - remved", "no mark 'remved'"),
    ("pack.yaml", "  - removed", "  - renewed", "No transition sets the mark renewed"),
    (
        "deadlines.yaml",
        "anchors: [application_received]",
        "anchors: [renewal_filed]",
        "No transition sets the mark renewal_filed",
    ),
    ("deadlines.yaml", "met_by: [certified, rejected]", "met_by: [certifed]", "no mark 'certifed'"),
    ("deadlines.yaml", "anchors: [application_received]", "anchors: []", "nothing anchors it"),
    ("deadlines.yaml", "- id: D02", "- id: D01", "D01 stands twice"),
    ("deadlines.yaml", "owed_by: office", "owed_by: nobody", "owed_by"),
    ("deadlines.yaml", "nature: limit", "nature: wish", "nature"),
    ("deadlines.yaml", "count: after", "count: sometimes", "count"),
    ("deadlines.yaml", "period: {days: 90}", "period: {days: -1}", "period"),
    ("deadlines.yaml", "period: {days: 90}", "period: {dys: 90}", "dys"),
    ("deadlines.yaml", "    period: {days: 90}\n", "", "it has no period"),
    ("deadlines.yaml", "period: {years: 4}", "period: {days: 1461}", "whole years"),
    (
        "deadlines.yaml",
        "    set_by_office: true",
        "    set_by_office: true\n    period: {years: 1}",
        "says the office must set one",
    ),
    ("deadlines.yaml", "    limit_days: 10\n", "", "it has no limit"),
    ("deadlines.yaml", "    starts_on: 2025-12-01\n", "", "it has no first day"),
    ("deadlines.yaml", "count: yearly", "count: calendar", "it has no day"),
    ("deadlines.yaml", "month: 12, day: 31,", "month: 6, day: 31,", "has no day 31"),
    ("deadlines.yaml", "weekday: 0, nth: 1}", "weekday: 0, nth: 0}", "either a day"),
    ("deadlines.yaml", "weekday: 0, nth: 1}", "weekday: 0, nth: 1, day: 3}", "either a day"),
    ("calendar.yaml", "month: 7, day: 4", "month: 7", "either a day"),
    ("calendar.yaml", "month: 7, day: 4", "month: 13, day: 4", "month"),
    # guards and facts
    (
        "guards.yaml",
        "fact: application.eligibility_is_confirmed",
        "fact: application.eligibilty",
        "no fact 'application.eligibilty'",
    ),
    (
        "guards.yaml",
        "fact: duty.D02, one_of: [open, stopped]",
        "fact: duty.D99, is: open",
        "no such deadline",
    ),
    ("guards.yaml", "fact: overdue.D08", "fact: overdue.D99", "no such deadline"),
    ("guards.yaml", "fact: duty.D02, is: lapsed", "fact: duty.D02, is: late", "D02 is one of"),
    ("guards.yaml", "fact: duty.D02, is: lapsed", "fact: duty.D02, is: [lapsed]", "type text"),
    ("guards.yaml", "standing.since_act, is: T21", "standing.since_act, is: T91", "no such act"),
    (
        "guards.yaml",
        "{fact: standing.decided_act, is: T11}",
        "{fact: standing.decided_act, one_of: [T11, T91]}",
        "no such act",
    ),
    ("guards.yaml", "vetting_passed:\n", "vetting_was_passed:\n", "vetting_was_passed"),
    (
        "guards.yaml",
        "fact: standing.vetting, is: PASSED",
        "fact: standing.vetting, is: PASED",
        "cannot be 'PASED'",
    ),
    ("guards.yaml", "at_most: 0", "at_most: none", "whole number"),
    ("guards.yaml", "at_most: 0", "is_most: 0", "exactly one operator"),
    (
        "guards.yaml",
        "{fact: eligibility.holds, is: true}",
        "{fact: eligibility.holds}",
        "exactly one operator",
    ),
    ("guards.yaml", "{fact: eligibility.holds, is: true}", "{is: true}", "names no fact"),
    ("guards.yaml", "{fact: eligibility.holds, is: true}", "{}", "not a rule"),
    ("guards.yaml", "{fact: eligibility.holds, is: true}", "{all: []}", "needs a list"),
    (
        "guards.yaml",
        "{fact: eligibility.holds, is: true}",
        "{not: {fact: eligibility.holds, is: true}, any: []}",
        "beside",
    ),
    (
        "guards.yaml",
        "{fact: eligibility.holds, is: true}",
        "{known: eligibility.holds, is: true}",
        "beside",
    ),
    ("guards.yaml", "{fact: eligibility.holds, is: true}", "{known: eligibilty.holds}", "no fact"),
    (
        "guards.yaml",
        "{fact: eligibility.holds, is: true}",
        "{fact: eligibility.holds, at_least: 1}",
        "does not fit",
    ),
    ("guards.yaml", "one_of: [importer, exporter]", "one_of: [1, 2]", "list of words"),
    ("entities.yaml", "within: {months: 12}", "within: {weeks: 52}", "is a period"),
    ("entities.yaml", "within: {months: 12}", "within: {months: -12}", "negative"),
    ("entities.yaml", "within: {months: 12}", "within: {months: 12000}", "hundred years"),
    # a rule without source, wrong types
    (
        "guards.yaml",
        "  source: CTPAT portal manual 2014 and 2023 (secondary)\n",
        "",
        "source` is missing",
    ),
    ("guards.yaml", "  confidence: C\n", "", "confidence` is missing"),
    ("guards.yaml", "  confidence: C\n", "  confidence: Z\n", "confidence"),
    ("deadlines.yaml", "    source: 6 U.S.C. 964; ruling R26\n", "", "source` is missing"),
    ("transitions/appeal.yaml", "    source: 6 U.S.C. 967(c)\n", "", "source` is missing"),
    ("grounds.yaml", "  falsehood: true", "  falsehood: probably", "falsehood"),
    ("grounds.yaml", "  confidence: C\n", "", "confidence` is missing"),
    ("statuses.yaml", "active: true", "active: 1", "active"),
    ("roles.yaml", "may_sign: true", "may_sing: true", "Did you mean `may_sign`"),
    ("roles.yaml", "- id: consultant", "- id: contributor", "contributor stands twice"),
    ("roles.yaml", "side: company", "side: middle", "side"),
    # statuses
    ("statuses.yaml", "  WITHDRAWN:\n", "  WITHDREW:\n", "no status 'WITHDREW'"),
    (
        "statuses.yaml",
        "    title: {en: Removed,",
        "    terminal: true\n    title: {en: Removed,",
        "REMOVED is terminal",
    ),
    ("statuses.yaml", "  tier:\n", "  teir:\n", "axis 'teir'"),
    ("statuses.yaml", "    T1: {en: Tier I,", "    T9: {en: Tier I,", "no state 'T9'"),
    # the head
    ("pack.yaml", "format: 1", "format: 2", "Format 2 is not known"),
    ("pack.yaml", "America/New_York", "America/Nowhere", "no time zone"),
    ("pack.yaml", "America/New_York", "America", "no time zone"),
    ("pack.yaml", "status: adopted", "status: maybe", "status"),
    # who and what
    ("entities.yaml", "E-HISTORY, ", "E-HISTRY, ", "E-HISTRY"),
    ("entities.yaml", "entry_tier: T1", "entry_tier: NONE", "not among its tiers"),
    ("questions.yaml", "trade.history_is_demonstrable:\n", "trade.history:\n", "trade.history"),
    ("questions.yaml", "trade.history_is_demonstrable:\n", "standing.tier:\n", "standing.tier"),
    # agreements
    (
        "agreements.yaml",
        "valid_from: 2020-01-01",
        "valid_from: 2020-01-01\n  valid_until: 2019-12-31",
        "ends before it begins",
    ),
    ("agreements.yaml", "valid_from: 2020-01-01", "valid_from: someday", "valid_from"),
    # retention
    ("retention.yaml", "  person_from: last_role_ended\n", "", "no mark is ever set on a person"),
    ("retention.yaml", "last_role_ended", "never", "person_from"),
    # texts
    ("reasons.yaml", "other:\n  en:", "other:\n  fr:", "`other` is not a text"),
    ("letters.yaml", "  en: ", "  fr: ", "is not a text"),
    # what an act does, what a role may and reads, in which phase a status lies
    ("transitions/membership.yaml", "does: open_account", "does: open_acount", "open_account"),
    ("transitions/membership.yaml", "    does: certify\n", "", "No transition does certify"),
    (
        "transitions/membership.yaml",
        "does: withdraw",
        "does: certify",
        "all do certify",
    ),
    (
        "transitions/membership.yaml",
        "does: explain_delay",
        "does: start_program",
        "start_program, and is an act on the record of the account",
    ),
    (
        "transitions/membership.yaml",
        "does: withdraw",
        "does: file_risk_assessment",
        "all do file_risk_assessment",
    ),
    ("transitions/membership.yaml", "marks: [opened]", "marks: []", "does not set the mark opened"),
    (
        "transitions/membership.yaml",
        "    second_by: [field_manager]\n",
        "",
        "names no second person",
    ),
    ("transitions/membership.yaml", "letter: certification", "letter: certificate", "not there"),
    (
        "transitions/membership.yaml",
        "    does: withdraw\n",
        "    does: withdraw\n    letter: rejection\n",
        "only certify issues",
    ),
    ("roles.yaml", "may: [answer, apply_edition]", "may: [answer, decide]", "confirm_hits"),
    ("roles.yaml", "may: [answer, apply_edition]", "may: [answer, vet]", "no power of its side"),
    ("roles.yaml", "may: [review, vet, be_assigned", "may: [answer, vet, be_assigned", "its side"),
    (
        "roles.yaml",
        "state_facts]\n  reads: {account: all, record: all, internal_notes: all, vetting: all",
        "state_facts]\n  reads: {account: all, record: all, internal_notes: all",
        "does not read the vetting",
    ),
    ("roles.yaml", "granted_by: [company_officer]", "granted_by: [officer]", "no role 'officer'"),
    ("roles.yaml", "granted_by: [director, operator]", "granted_by: []", "nobody grants it"),
    ("roles.yaml", "relations: [officer]", "relations: []", "what its holder is to the company"),
    ("roles.yaml", "relations: [officer]", "relations: [outside]", "cannot bind the company"),
    ("roles.yaml", "record: own, people: own", "record: all, people: own", "another company"),
    ("roles.yaml", "record: own, people: own", "vetting: own, people: own", "office's alone"),
    ("roles.yaml", "record: own, people: own", "secrets: own, people: own", "secrets"),
    ("statuses.yaml", "phase: member", "phase: applying", "contradict each other"),
    ("statuses.yaml", "phase: member", "phase: none", "before the first step"),
    ("statuses.yaml", "phase: member", "phase: friend", "phase"),
    # what a deadline or a question says where nothing reads it
    *(
        (
            "deadlines.yaml",
            "period: {days: 90}",
            f"period: {{days: 90}}\n    {line}",
            f"`{line.partition(':')[0]}` says nothing where the count is after",
        )
        for line in (
            "window: {days: 30}",
            "any_review_counts: true",
            "every_years: 2",
            "on_day: {name: Q, month: 3, day: 1}",
            "starts_on: 2026-01-01",
            "limit_days: 3",
        )
    ),
    (
        "deadlines.yaml",
        "count: calendar",
        "count: calendar\n    period: {years: 1}",
        "`period` says",
    ),
    (
        "deadlines.yaml",
        "period: {days: 90}",
        "period: {days: 90}\n    by_band: {normal: {years: 1}}",
        "a period, and one for each band",
    ),
    (
        "deadlines.yaml",
        "count: yearly",
        "count: yearly\n    set_by_office: true",
        "`set_by_office` says",
    ),
    ("questions.yaml", "  at_least: 0\n", "  at_least: 20000000\n", "No number is at least"),
    ("questions.yaml", "  past: true\n", "  at_most: 5\n", "of the type date, and `at_most`"),
    ("questions.yaml", "  at_least: 0\n", "  past: true\n", "of the type int, and `past`"),
    ("questions.yaml", "  past: true\n", "  past: tomorrow\n", "past"),
    (
        "questions.yaml",
        "trade.is_active:\n",
        "trade.is_active:\n  choices: {a: {en: A}}\n",
        "of the type bool, and `choices`",
    ),
    # letters and retention
    ("letters.yaml", "  subject: {en", "  subjet: {en", "has no subject"),
    ("letters.yaml", '  title: {en: "Certification"', '  titel: {en: "Certification"', "no title"),
    (
        "letters.yaml",
        '  title: {en: "Certification"',
        '  title: {en: "{on}"',
        "certification.title",
    ),
    ("letters.yaml", "reviewed and accepted. {company}", "reviewed. {compny}", "{compny}"),
    ("letters.yaml", "reviewed and accepted. {company}", "reviewed. {company", "{{}"),
    ("retention.yaml", "account_content:\n", "content:\n", "no rule for account_content"),
    ("retention.yaml", "anchors: [", "anchors: [never, ", "no mark 'never'"),
    ("checks.yaml", "lists_at_most: {", "lists_at_most: {weeks: 1, ", "weeks"),
    # YAML itself
    ("guards.yaml", "eligibility_holds:\n", "eligibility_confirmed:\n", "second time"),
    (
        "guards.yaml",
        "  rule: {fact: application.eligibility_is_confirmed",
        "  rule: &a {fact: x",
        "Anchors",
    ),
]


@pytest.mark.parametrize(
    ("name", "before", "after", "says"), DAMAGES, ids=[f"{d[0]}-{d[3]}"[:60] for d in DAMAGES]
)
def test_a_damage_is_refused_with_file_line_and_remedy(
    pack: Path, name: str, before: str, after: str, says: str
) -> None:
    line = damage(pack, name, before, after)

    problems = refused(pack).problems

    meant = [p for p in problems if says in f"{p.what} {p.remedy}"]
    assert meant, [str(problem) for problem in problems]
    assert all(problem.remedy and problem.line >= 1 for problem in problems)
    near = [p for p in meant if abs(p.line - line) <= 14]
    elsewhere = {p.file for p in meant} != {name}
    assert near or elsewhere, [str(problem) for problem in meant]


@pytest.mark.parametrize("name", ["guards.yaml", "roles.yaml", "pack.yaml", "reasons.yaml"])
def test_a_missing_file_is_refused(pack: Path, name: str) -> None:
    (pack / name).unlink()

    assert f"{name}:1: The file cannot be read" in refused(pack).message


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("guards.yaml", "- a\n", "not a mapping"),
        ("roles.yaml", "a: b\n", "not a list"),
        ("reasons.yaml", "- a\n", "is not a text"),
        ("letters.yaml", "- a\n", "is not a text"),
        ("letters.yaml", "a: b\n", "is not a text"),
        ("agreements.yaml", "[]\n", "no agreement text"),
        ("guards.yaml", "\x00", "YAML"),
        ("deadlines.yaml", "deadlines: [\n", "YAML"),
    ],
)
def test_a_file_of_another_shape_is_refused(pack: Path, name: str, content: str, says: str) -> None:
    (pack / name).write_text(content, encoding="utf-8")

    assert says in refused(pack).message


def agreement(key: str, begins: str, ends: str = "") -> str:
    until = f"  valid_until: {ends}\n" if ends else ""
    return (
        f"- id: {key}\n  title: {{en: T}}\n  text: {{en: T}}\n  valid_from: {begins}\n{until}"
        "  source: ours\n  confidence: D\n"
    )


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ((("a", "2020-01-01"), ("b", "2020-01-01")), "not after a"),
        ((("a", "2021-01-01"), ("b", "2020-01-01")), "not after a"),
        ((("a", "2020-01-01", "2022-06-30"), ("b", "2022-06-30")), "overlap"),
        ((("a", "2020-01-01", "2022-06-30"), ("b", "2022-07-02")), "no text is in force"),
        ((("a", "2020-01-01"), ("a", "2022-07-02")), "stands twice"),
    ],
)
def test_agreement_texts_that_overlap_or_leave_a_gap_are_refused(
    pack: Path, texts: tuple[tuple[str, ...], ...], says: str
) -> None:
    (pack / "agreements.yaml").write_text("".join(agreement(*text) for text in texts))

    assert says in refused(pack).message


def test_agreement_texts_in_order_are_read(pack: Path) -> None:
    texts = agreement("a", "2020-01-01", "2022-06-30") + agreement("b", "2022-07-01")
    (pack / "agreements.yaml").write_text(texts)

    assert [text.id for text in read_program(pack).agreements] == ["a", "b"]


def test_a_status_that_cannot_be_left_or_entered_is_refused(pack: Path) -> None:
    text = (pack / "statuses.yaml").read_text(encoding="utf-8")
    more = (
        "  EXPIRED:\n    title: {en: E}\n    meaning: {en: E}\n    phase: closed\n"
        "    source: ours\n    confidence: D\nlabels:\n"
    )
    (pack / "statuses.yaml").write_text(text.replace("labels:\n", more, 1), encoding="utf-8")

    message = refused(pack).message

    assert "EXPIRED has no exit and is not marked terminal" in message
    assert "No transition leads to EXPIRED" in message


def test_a_statement_nobody_uses_or_asks_for_is_refused(pack: Path) -> None:
    more = (
        "statements:\n  E-NEW:\n    title: {en: N}\n    remedy: {en: N}\n"
        "    rule: {fact: pilot.is_open, is: true}\n    source: ours\n    confidence: D\n"
    )
    damage(pack, "entities.yaml", "statements:\n", more)

    assert "No entity type uses the statement E-NEW" in refused(pack).message


def test_a_question_about_codes_lists_its_choices(pack: Path) -> None:
    questions = pack / "questions.yaml"
    questions.write_text(
        questions.read_text(encoding="utf-8")
        + "\ncompany.countries_of_incorporation:\n  text: {en: Where?}\n"
        if "company.countries_of_incorporation:" not in questions.read_text(encoding="utf-8")
        else questions.read_text(encoding="utf-8") + "\ntrade.mood:\n  text: {en: How?}\n",
        encoding="utf-8",
    )

    assert "List the choices" in refused(pack).message or "no fact" in refused(pack).message


def test_every_fault_is_named_in_one_run(pack: Path) -> None:
    damage(pack, "deadlines.yaml", "anchors: [application_received]", "anchors: [nowhere]")
    damage(pack, "transitions/membership.yaml", "marks: [opened]", "marks: [open]")

    files = {problem.file for problem in refused(pack).problems}

    assert files == {"deadlines.yaml", "transitions/membership.yaml"}


def test_a_pack_in_which_nobody_may_be_second_for_a_hit_is_refused(pack: Path) -> None:
    roles = pack / "roles.yaml"
    roles.write_text(roles.read_text("utf-8").replace(", confirm_hits", ""), "utf-8")

    assert "No role may confirm_hits" in refused(pack).message
