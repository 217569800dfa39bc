"""Loading editions from a pack's folder: what is folded in, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from greenlane.content.criteria_files import CriteriaFilesRefused, load_editions, write_seals
from greenlane.core.criteria import CellState, IdStatus, diff_editions
from greenlane.core.vocabulary import CriterionLevel
from tests.unit.content.criteria_sample import FILES, load, refused, replaced, write_pack

ONE = "editions/one/edition.yaml"
TWO = "editions/two/edition.yaml"
SEALS = "editions/one/criteria/01-seals.yaml"
PEOPLE = "editions/one/criteria/02-people.yaml"
SPANISH = "editions/one/es/01-seals.yaml"
CHANGES = "editions/two/changes.yaml"
LIST = "lists/log-fields.yaml"
SOURCES = "editions/sources.yaml"


class TestLoading:
    def test_editions_come_in_order_and_end_where_the_next_begins(self, tmp_path: Path) -> None:
        first, second = load(tmp_path)

        assert [first.id, second.id] == ["one", "two"]
        assert (first.valid_from, first.valid_to) == (date(2020, 1, 1), date(2023, 1, 1))
        assert second.valid_to is None
        assert first.pack == tmp_path.name

    def test_criteria_stand_in_numeric_order_with_all_they_hold(self, tmp_path: Path) -> None:
        first, _ = load(tmp_path)

        log, audit, badges = first.criteria

        assert [log.id, audit.id, badges.id] == ["1.9", "1.10", "2.P-1"]
        assert log.title.in_("es") == "Bitácora de sellos"
        assert [sub.text.in_("es") for sub in log.sub_requirements] == [
            "Se lleva la bitácora",
            "Se revisa la bitácora",
        ]
        assert log.params["fields"] == ("number", "date")
        assert badges.id_status is IdStatus.PROVISIONAL
        assert first.label(badges).in_("es") == "Núm. provisional 2.P-1"
        assert first.reference_list("log-fields").items[1].value == "P12M"

    def test_a_cell_has_its_state_level_condition_and_sources(self, tmp_path: Path) -> None:
        first, _ = load(tmp_path)

        bound, badges = first.applicable("carrier")

        assert (bound.state, bound.level) == (CellState.ASSUMED, CriterionLevel.MUST)
        assert bound.cell.condition is not None
        assert bound.cell.condition.in_("es") == "solo por mar"
        assert [source.key for source in badges.sources] == ["deck"]

    def test_an_edition_holds_what_it_is_based_on_with_its_changes(self, tmp_path: Path) -> None:
        first, second = load(tmp_path)

        found = diff_editions(first, second, "importer")

        assert [change.id for change in found.added] == ["1.11"]
        assert [change.id for change in found.raised] == ["1.9"]
        assert [change.id for change in found.reworded] == ["1.9"]
        assert [each.id for each in diff_editions(first, second, "carrier").withdrawn] == [
            "1.9",
            "2.P-1",
        ]

    def test_a_changed_criterion_says_when_and_on_whose_word(self, tmp_path: Path) -> None:
        _, second = load(tmp_path)

        log = second.criterion("1.9")

        assert [line.on for line in log.history] == ["2019-05", "2023-01-01"]
        assert [source.key for source in log.sources] == ["book", "deck"]
        assert log.requirement.in_("es") == "Llevar una bitácora de todos los sellos."
        assert log.title.in_("es") == "Bitácora de sellos"

    def test_an_edition_says_what_it_drops_and_why(self, tmp_path: Path) -> None:
        _, second = load(tmp_path)

        (gone,) = second.withdrawn

        assert (gone.id, gone.on, gone.change.in_("es")) == ("2.P-1", "2023-01", "suprimido")

    def test_new_words_without_a_translation_do_not_keep_the_old_one(self, tmp_path: Path) -> None:
        changes = replaced(TWO, "languages: [en, es]", "languages: [en]")
        spanish = "editions/two/es/changes.yaml"
        changes[spanish] = FILES[spanish].split("'1.11'")[1].join(["'1.11'", ""])

        _, second = load(tmp_path, changes)

        assert second.criterion("1.9").requirement.in_("es") == "Keep a log of all seals."

    def test_the_same_files_give_the_same_hash(self, tmp_path: Path) -> None:
        once = [edition.content_hash for edition in load(tmp_path / "a")]
        renamed = write_pack(tmp_path / "b" / "a")

        assert [edition.content_hash for edition in load_editions(renamed)] == once

    def test_comments_and_layout_do_not_change_the_hash(self, tmp_path: Path) -> None:
        once = [edition.content_hash for edition in load(tmp_path)]

        again = load(tmp_path, {SEALS: "# A remark.\n" + FILES[SEALS].replace("title:", "title: ")})

        assert [edition.content_hash for edition in again] == once

    def test_hidden_files_are_nobodys_business(self, tmp_path: Path) -> None:
        assert len(load(tmp_path, {"editions/one/.DS_Store": "x"})) == 2


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"),
    [
        (SEALS, "    level: should\n", "    level: shall\n", 5, "'must' or 'should'"),
        (SEALS, "title: Seal log", "titles: Seal log", 6, "Did you mean `title`?"),
        (SEALS, "    title: Seal log\n", "", 2, "`criteria.0.title` is missing"),
        (SEALS, "title: Seal log", "title: 12", 6, "not text"),
        (SEALS, "title: Seal log", "title: ' Seal log'", 6, "begins or ends with a space"),
        (SEALS, "title: Seal log", "title: Seal l\ufffdg", 6, "damage"),
        (SEALS, "id: '1.10'", "id: 1.10", 27, "not text"),
        (SEALS, "id: '1.10'", "id: '1.9'", 27, "is there already"),
        (SEALS, "category: 1\n", "category: 7\n", 4, "category 7"),
        (SEALS, "kind: log", "kind: notes", 12, "'document'"),
        (SEALS, "key: b", "key: a", 8, "two parts with the key 'a'"),
        (
            SEALS,
            "importer: {state: confirmed}",
            "importers: {state: confirmed}",
            25,
            "no entity type",
        ),
        (SEALS, "importer: {state: confirmed}", "importer: {state: sure}", 25, "'confirmed'"),
        (SEALS, "importer: {state: confirmed}", "carrier: {state: confirmed}", 26, "second time"),
        (SEALS, "lists: [log-fields]", "lists: [log-field]", 18, "which is not there"),
        (SEALS, "    guidance_confidence: high\n", "", 2, "guidance without its confidence"),
        (SEALS, "sources: [book]\n", "sources: [bok]\n", 23, "no source 'bok'"),
        (SEALS, "sources: [book]\n", "sources: []\n", 23, "at least 1"),
        (SEALS, "tags: [seals]", "tags: [seals, seals]", 22, "twice"),
        (SEALS, "on: '2019-05'", "on: spring", 20, "spring"),
        (SEALS, "en: introduced, es", "es", 21, "no `en`"),
        (PEOPLE, "id: '1.10'", "id: '9.9'", 13, "which is not there"),
        (
            PEOPLE,
            "    candidate_ids: {en: 2.3 or later, es: 2.3 o posterior}\n",
            "",
            2,
            "candidate_ids",
        ),
        (SPANISH, "'1.10':", "'1.12':", 13, "no criterion '1.12' to translate"),
        (SPANISH, "    - Se revisa la bitácora\n", "", 4, "2 sub_requirements in English and 1"),
        (SPANISH, "evidence: [la auditoría]", "guidance: Sí.", 16, "no guidance in English"),
        (SPANISH, "    carrier: solo por mar", "    importer: solo por mar", 12, "no condition"),
        (SPANISH, "  title: Auditoría de sellos\n", "", 27, "lacks text in 'es': title"),
        (SPANISH, "Auditoría de sellos", "Seal audit", 27, "repeats the English in 'es': title"),
        (SPANISH, "title: Auditoría", "titulo: Auditoría", 14, "Did you mean `title`?"),
        (ONE, "sources: [book]", "sources: [book]\nsupersedes: x", 10, "first and supersedes"),
        (ONE, "license:", "unseen_ids: ['1.9']\nlicense:", 7, "no unseen number"),
        (ONE, "focus_area: all", "focus_area: some", 18, "no known focus area"),
        (ONE, "number: 2", "number: 1", 15, "`categories` has 1 twice"),
        (ONE, "languages: [en, es]", "languages: [es]", 10, "lacks 'en'"),
        (ONE, "  doubtful: {en: seen without it, es: visto sin ella}\n", "", 22, "doubtful"),
        (ONE, "  provisional: {en: Working no., es: Núm. provisional}\n", "", 26, "never shown"),
        (
            ONE,
            "license: Apache-2.0\nretrieved_on: 2026-01-01\n",
            "license: MIT\n",
            1,
            "retrieved_on",
        ),
        (ONE, "name: {en: Seals, es: Sellos}", "name: {en: Seals}", 1, "categories.1"),
        (ONE, "entity_types: [importer, carrier]\n", "", 1, "no `entity_types`"),
        (ONE, "id: one", "id: uno", 1, "not the folder's name"),
        (TWO, "supersedes: one", "supersedes: zero", 10, "in force before it is 'one'"),
        (TWO, "supersedes: one\n", "", 1, "in force before it is 'one'"),
        (TWO, "based_on: one", "based_on: three", 11, "no older one"),
        (TWO, "valid_from: 2023-01-01", "valid_from: 2020-01-01", 4, "begin on the same day"),
        (TWO, "valid_from: 2023-01-01", "valid_from: '2023-01-01'", 4, "valid_from"),
        (TWO, "status: draft", "status: published", 1, "published and not sealed"),
        (CHANGES, "id: '1.9'", "id: '1.99'", 15, "no criterion '1.99' to change"),
        (CHANGES, "id: 2.P-1", "id: '1.9'", 15, "changed twice"),
        (CHANGES, "id: '1.11'", "id: '1.10'", 2, "is there already"),
        (CHANGES, "importer: {level: must}", "exporter: {level: must}", 22, "has no `state`"),
        (CHANGES, "carrier: null", "broker: null", 23, "no cell for 'broker'"),
        (LIST, "group: seal", "group: seals", 7, "no group 'seals'"),
        (LIST, "key: signature", "key: number\n    group: seal", 10, "twice"),
        (LIST, "kind: log", "kind: notes", 2, "kind"),
        (SOURCES, "deck:\n", "desk:\n", 36, "no source 'deck'"),
        (SOURCES, "https://example.org/deck", "example.org", 5, "url"),
    ],
)
def test_damage_is_refused_with_file_line_and_remedy(
    tmp_path: Path, name: str, old: str, new: str, line: int, words: str
) -> None:
    found = refused(tmp_path, replaced(name, old, new))

    assert any(words in f"{problem.what} {problem.remedy}" for problem in found), found
    assert line in [problem.line for problem in found], found
    assert all(problem.remedy for problem in found)


class TestFilesThatAreNotThere:
    @pytest.mark.parametrize("name", [SOURCES, ONE])
    def test_a_missing_file_is_named(self, tmp_path: Path, name: str) -> None:
        found = refused(tmp_path, {name: None})

        assert name in [problem.file for problem in found]

    def test_a_pack_without_editions_is_refused(self, tmp_path: Path) -> None:
        gone: dict[str, str | None] = {name: None for name in FILES if name != SOURCES}

        found = refused(tmp_path, gone)

        assert "no edition" in found[0].what

    def test_an_edition_without_criteria_is_refused(self, tmp_path: Path) -> None:
        found = refused(tmp_path, {SEALS: None, PEOPLE: None})

        assert any("has no criteria" in problem.what for problem in found)

    def test_a_folder_that_is_not_there_is_refused_and_not_a_crash(self, tmp_path: Path) -> None:
        with pytest.raises(CriteriaFilesRefused):
            load_editions(tmp_path / "nowhere")

    @pytest.mark.parametrize(
        "name",
        [
            "editions/one/criteria/notes.txt",
            "editions/one/other.yaml",
            "editions/readme.md",
            "lists/a.yml",
        ],
    )
    def test_a_file_that_nobody_reads_is_refused(self, tmp_path: Path, name: str) -> None:
        assert name in [problem.file for problem in refused(tmp_path, {name: "x: 1\n"})]

    def test_a_source_and_a_list_that_nothing_uses_are_refused(self, tmp_path: Path) -> None:
        spare = FILES[SOURCES] + "spare:\n  title: {en: Spare}\n"
        unused = FILES[LIST].replace("id: log-fields", "id: spare-fields")

        found = refused(tmp_path, {SOURCES: spare, "lists/spare.yaml": unused})

        assert {(problem.file, problem.line) for problem in found} == {
            (SOURCES, 6),
            ("lists/spare.yaml", 1),
        }

    def test_two_lists_with_one_id_and_a_text_translated_twice_are_refused(
        self, tmp_path: Path
    ) -> None:
        found = refused(
            tmp_path,
            {"lists/again.yaml": FILES[LIST], "editions/one/es/03.yaml": FILES[SPANISH]},
        )

        assert any("two lists" in problem.what for problem in found)
        assert any("translated already" in problem.what for problem in found)

    def test_sources_and_translations_that_are_no_mapping_are_refused(self, tmp_path: Path) -> None:
        found = refused(tmp_path, {SPANISH: "- a\n"})

        assert (found[0].file, found[0].line) == (SPANISH, 1)
        assert "mapping" in refused(tmp_path, {SOURCES: "- a\n"})[0].what

    def test_changes_of_an_edition_that_is_based_on_none_are_refused(self, tmp_path: Path) -> None:
        found = refused(tmp_path, {"editions/one/changes.yaml": "changed: []\n"})

        assert "based on none" in found[0].what

    def test_a_change_that_sets_nothing_is_refused(self, tmp_path: Path) -> None:
        nothing = FILES[CHANGES].split("    set:\n")[0] + "    set: {}\n"

        assert any("sets nothing" in each.what for each in refused(tmp_path, {CHANGES: nothing}))

    def test_every_fault_is_named_at_once(self, tmp_path: Path) -> None:
        changes = replaced(SEALS, "title: Seal log", "titles: Seal log")
        changes |= replaced(LIST, "kind: log", "kind: notes")

        files = {problem.file for problem in refused(tmp_path, changes)}

        assert files == {SEALS, LIST}


class TestSeals:
    @staticmethod
    def published(folder: Path) -> Path:
        write_pack(folder, replaced(ONE, "status: draft", "status: published"))
        write_seals(folder)
        return folder

    def test_a_sealed_edition_loads(self, tmp_path: Path) -> None:
        first, _ = load_editions(self.published(tmp_path))

        assert f"sealed: '{first.content_hash}'" in (tmp_path / ONE).read_text("utf-8")
        assert write_seals(tmp_path) == {}

    @pytest.mark.parametrize("name", [SEALS, SPANISH, LIST, SOURCES])
    def test_an_edit_after_sealing_is_refused(self, tmp_path: Path, name: str) -> None:
        path = self.published(tmp_path) / name
        text = path.read_text("utf-8")
        for word, other in (
            ("Seal log", "Seal book"),
            ("Fields", "Marks"),
            ("El libro", "La obra"),
        ):
            text = text.replace(word, other)
        path.write_text(text.replace("Auditoría", "Revisión"), "utf-8")

        with pytest.raises(CriteriaFilesRefused, match="changed since it was sealed") as refusal:
            load_editions(tmp_path)
        assert [problem.file for problem in refusal.value.problems] == [ONE]

    def test_sealing_anew_names_the_editions_it_touched(self, tmp_path: Path) -> None:
        path = self.published(tmp_path) / SEALS
        path.write_text(path.read_text("utf-8").replace("Seal log", "Seal book"), "utf-8")

        changed = write_seals(tmp_path)

        assert list(changed) == ["one"]
        assert load_editions(tmp_path)[0].content_hash == changed["one"][1]
        assert (tmp_path / ONE).read_text("utf-8").count("sealed:") == 1
