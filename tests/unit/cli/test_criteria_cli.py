"""``greenlane criteria``: what it prints, what it writes, what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from greenlane.cli.criteria import criteria
from greenlane.content.criteria_files import editions_of
from greenlane.core.errors import GreenlaneError
from tests.unit.content.criteria_sample import replaced, write_pack

SEALS = "editions/one/criteria/01-seals.yaml"


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install the sample pack under the name ``sample`` beside the ones we ship."""
    folder = write_pack(tmp_path / "packs" / "sample")
    (folder / "pack.yaml").write_text("id: sample\n", "utf-8")
    monkeypatch.setenv("GREENLANE_PACKS_DIR", str(tmp_path / "packs"))
    editions_of.cache_clear()
    yield folder
    editions_of.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(criteria, [*words])


def rows(*words: str) -> Any:
    result = run(*words, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refusal(*words: str) -> GreenlaneError:
    """Return the refusal that the command line prints; it ends a real run with exit code 2."""
    error = run(*words).exception
    assert isinstance(error, GreenlaneError)
    return error


LIST = ("list", "--pack", "sample", "--entity", "importer", "--on", "2026-11-24")


@pytest.mark.usefixtures("pack")
class TestList:
    def test_json_is_a_list_of_criteria_in_numeric_order(self) -> None:
        found = rows(*LIST)

        assert [row["id"] for row in found] == ["1.9", "1.10", "1.11"]
        assert (
            found[0]
            | {
                "id_status": "official",
                "level": "must",
                "cell": "confirmed",
                "category": {"number": 1, "name": "Seals"},
                "title": "Seal log",
                "requirement": "Keep a log of all seals.",
                "evidence": [
                    {"kind": "log", "text": "the log"},
                    {"kind": "photo", "text": "a photo of it"},
                ],
                "blocks": True,
            }
            == found[0]
        )
        assert [sub["level"] for sub in found[0]["sub_requirements"]] == ["must", "should"]

    def test_the_day_chooses_the_edition(self) -> None:
        before = rows("list", "--pack", "sample", "--entity", "importer", "--on", "2022-12-31")

        assert {row["edition"] for row in before} == {"one"}
        assert [row["level"] for row in before] == ["should", "must"]

    def test_today_is_the_day_when_none_is_given(self) -> None:
        found = rows("list", "--pack", "sample", "--entity", "importer")

        assert {row["edition"] for row in found} == {"two"}

    def test_texts_come_in_the_language_asked_for(self) -> None:
        found = rows(*LIST, "--lang", "es")

        assert found[0]["requirement"] == "Llevar una bitácora de todos los sellos."
        assert found[0]["category"]["name"] == "Sellos"

    def test_the_table_shows_number_level_state_and_title(self) -> None:
        lines = run(*LIST).stdout.splitlines()

        assert lines[0] == "Second"
        assert lines[2].split() == ["Number", "Level", "Applies", "Title"]
        assert lines[3].split(maxsplit=3) == ["1.9", "must", "confirmed", "Seal log"]
        assert lines[-1] == "3"

    def test_a_working_number_is_shown_as_one(self) -> None:
        words = ("list", "--pack", "sample", "--entity", "carrier", "--on", "2020-01-01")

        assert "Working no. 2.P-1" in run(*words).stdout
        assert "Núm. provisional 2.P-1" in run(*words, "--lang", "es").stdout

    def test_a_file_is_written_when_asked(self, tmp_path: Path) -> None:
        target = tmp_path / "list.json"

        result = run(*LIST, "--format", "json", "--out", str(target))

        assert result.stdout == ""
        assert len(json.loads(target.read_text("utf-8"))) == 3

    def test_a_file_that_cannot_be_written_is_a_sentence(self, tmp_path: Path) -> None:
        result = run(*LIST, "--out", str(tmp_path / "no" / "list.txt"))

        assert result.exit_code == 1
        assert "Could not open file" in result.output


class TestSpreadsheet:
    def test_it_holds_one_row_per_criterion_below_its_head(
        self, pack: Path, tmp_path: Path
    ) -> None:
        target = tmp_path / "list.xlsx"

        result = run(*LIST, "--format", "xlsx", "--out", str(target), "--lang", "es")

        sheet = CalamineWorkbook.from_path(str(target)).get_sheet_by_name("Criterios").to_python()
        assert result.exit_code == 0
        assert sheet[0][:3] == ["Número", "Nivel", "Aplica"]
        assert [row[0] for row in sheet[1:]] == ["1.9", "1.10", "1.11"]

    def test_the_same_list_gives_the_same_bytes(self, pack: Path, tmp_path: Path) -> None:
        targets = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]

        for target in targets:
            run(*LIST, "--format", "xlsx", "--out", str(target))

        assert targets[0].read_bytes() == targets[1].read_bytes()

    def test_a_text_that_begins_with_a_sign_never_becomes_a_formula(
        self, pack: Path, tmp_path: Path
    ) -> None:
        formula = """=HYPERLINK("http://example.org","x")"""
        write_pack(pack, replaced(SEALS, "title: Seal audit", f"title: '{formula}'"))
        editions_of.cache_clear()
        target = tmp_path / "list.xlsx"

        run(*LIST, "--format", "xlsx", "--out", str(target))

        sheet = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python()
        assert sheet[2][5] == formula

    def test_without_a_file_it_is_refused(self, pack: Path) -> None:
        result = run(*LIST, "--format", "xlsx")

        assert (result.exit_code, "--out" in result.output) == (2, True)


DIFF = ("diff", "--pack", "sample", "--from", "one", "--to", "two", "--entity")


@pytest.mark.usefixtures("pack")
class TestDiff:
    def test_json_holds_the_five_kinds_of_change(self) -> None:
        found = rows(*DIFF, "importer")

        assert (found["from"], found["to"], found["entity"]) == ("one", "two", "importer")
        assert [row["id"] for row in found["added"]] == ["1.11"]
        assert [row["fields"] for row in found["reworded"]] == [["requirement"]]
        assert [(row["level_before"], row["level_after"]) for row in found["raised"]] == [
            ("should", "must")
        ]
        assert found["lowered"] == found["withdrawn"] == []

    def test_the_table_counts_and_names_each_change(self) -> None:
        printed = run(*DIFF, "carrier").stdout

        assert "Withdrawn: 2" in printed
        assert "Working no. 2.P-1  Badges" in printed

    def test_an_unknown_edition_is_refused_with_those_there_are(self) -> None:
        error = refusal(
            "diff", "--pack", "sample", "--from", "1", "--to", "two", "--entity", "importer"
        )

        assert error.code == "criteria.unknown_edition"
        assert "one, two" in error.message


@pytest.mark.usefixtures("pack")
class TestShow:
    def test_the_page_holds_everything_about_a_criterion(self) -> None:
        printed = run("show", "1.9", "--pack", "sample", "--on", "2020-06-01").stdout

        for words in ("1.9  Seal log", "a) The log is kept (must)", "by sea only", "The book"):
            assert words in printed

    def test_json_has_a_cell_per_entity_type(self) -> None:
        found = rows("show", "1.9", "--pack", "sample", "--on", "2020-06-01", "--lang", "es")

        assert found["cells"]["carrier"] == {
            "state": "assumed",
            "level": "must",
            "condition": "solo por mar",
        }
        assert len(found["content_hash"]) == 64

    def test_an_unknown_number_is_refused(self) -> None:
        assert refusal("show", "9.9", "--pack", "sample").code == "criteria.unknown_criterion"


@pytest.mark.usefixtures("pack")
class TestRefusals:
    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("list", "--pack", "nowhere", "--entity", "importer"), "pack.not_found"),
            (("list", "--pack", "sample", "--entity", "broker"), "criteria.unknown_entity"),
            ((*LIST, "--lang", "fr"), "criteria.unknown_language"),
            ((*LIST[:-1], "2019-12-31"), "criteria.no_edition"),
            ((*DIFF, "broker"), "criteria.unknown_entity"),
        ],
    )
    def test_what_is_not_there_is_named(self, words: tuple[str, ...], code: str) -> None:
        assert refusal(*words).code == code

    def test_a_day_that_is_none_is_refused_by_the_command_line(self) -> None:
        assert run(*LIST[:-1], "24.11.2026").exit_code == 2


class TestSeal:
    def test_it_seals_what_is_published_and_then_has_nothing_to_do(self, pack: Path) -> None:
        write_pack(
            pack, replaced("editions/one/edition.yaml", "status: draft", "status: published")
        )

        first, second = run("seal", "--pack", "sample"), run("seal", "--pack", "sample")

        assert first.stdout.startswith("one: not sealed before -> ")
        assert second.stdout == "Every published edition was sealed already.\n"
        assert (
            run("seal", "--pack", "sample", "--check").stdout == "2 editions of sample are whole.\n"
        )

    def test_a_check_refuses_a_broken_seal(self, pack: Path) -> None:
        write_pack(
            pack, replaced("editions/one/edition.yaml", "status: draft", "status: published")
        )

        assert refusal("seal", "--pack", "sample", "--check").code == "pack.criteria_refused"
