"""The commands for packs: a new one is whole at once; a difference is named by row and value."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from greenlane.cli.pack import pack
from greenlane.content.packs import pack_dir, read_program
from greenlane.core.program import NEEDED_PURPOSES
from tests.unit.content.pack_sample import damage


def run(*words: str) -> Result:
    return CliRunner().invoke(pack, list(words))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    assert run("new", "tide-trust", "--in", str(tmp_path)).exit_code == 0
    return tmp_path / "tide-trust"


class TestNew:
    def test_a_new_pack_passes_every_check_at_once(self, made: Path) -> None:
        checked = run("check", str(made))

        assert (checked.exit_code, checked.stderr) == (0, "")
        assert checked.output.startswith("tide-trust 0.1: ")
        assert checked.output.rstrip().endswith("1 scenarios: sound")

    def test_it_has_the_whole_thread(self, made: Path) -> None:
        program = read_program(made)

        assert program.id == "tide-trust"
        assert all(program.has_act_that(purpose) for purpose in NEEDED_PURPOSES)
        assert program.is_draft

    def test_every_file_says_what_it_decides(self, made: Path) -> None:
        silent = [
            path.relative_to(made).as_posix()
            for path in made.rglob("*.yaml")
            if not path.read_text("utf-8").startswith("# ")
        ]

        assert silent == []
        assert not any("new-program" in path.read_text("utf-8") for path in made.rglob("*.yaml"))

    def test_nothing_is_written_over(self, made: Path) -> None:
        (made / "pack.yaml").write_text("mine", encoding="utf-8")

        again = run("new", "tide-trust", "--in", str(made.parent))

        assert again.exit_code == 2
        assert "is there already" in again.stderr
        assert (made / "pack.yaml").read_text("utf-8") == "mine"

    @pytest.mark.parametrize("name", ["", "..", "../up", "Tide", "a b", "-x", "x" * 41, "é", "a\n"])
    def test_what_cannot_be_a_name_is_refused(self, tmp_path: Path, name: str) -> None:
        answer = run("new", "--in", str(tmp_path), "--", name)

        assert answer.exit_code == 2
        assert "cannot be a pack's name" in answer.stderr
        assert list(tmp_path.iterdir()) == []


class TestDiff:
    def test_a_pack_does_not_differ_from_itself(self, made: Path) -> None:
        answer = run("diff", str(made), str(made))

        assert (answer.exit_code, answer.output) == (0, "No difference.\n")

    def test_each_change_is_named_by_row_and_value(self, made: Path, tmp_path: Path) -> None:
        changed = tmp_path / "other" / "tide-trust"
        shutil.copytree(made, changed)
        damage(changed, "deadlines.yaml", "period: {days: 90}", "period: {days: 120}")
        damage(changed, "statuses.yaml", "title: {en: Certified}", "title: {en: Trusted}")
        damage(changed, "roles.yaml", "may: [confirm_criteria]", "may: [confirm_criteria, vet]")
        damage(changed, "editions/1/criteria/01-organization.yaml", "level: should", "level: must")
        damage(changed, "questions.yaml", "Is the company in business", "Is your company at work")

        answer = run("diff", str(made), str(changed), "--format", "json")

        found = {
            (one["family"], one["id"]): one.get("fields", {})
            for one in json.loads(answer.output)["changes"]
        }
        assert found["deadlines", "DECIDE"] == {
            "period": {"before": "90 days", "after": "120 days"}
        }
        assert found["statuses", "CERTIFIED"]["title"]["after"] == {"en": "Trusted"}
        assert found["roles", "head_of_program"]["may"]["after"] == ["confirm_criteria", "vet"]
        assert found["criteria", "1.5"]["level"] == {"before": "should", "after": "must"}
        assert ("questions", "trade.is_active") in found
        assert ("labels", "membership") in found
        assert len(found) == 6

    def test_two_programs_differ_in_all_that_is_their_own(self, made: Path) -> None:
        answer = run("diff", "ctpat", str(made))

        assert answer.exit_code == 0
        for line in (
            "  removed  T06  Certify",
            "  added    CERTIFY  Certify",
            "  removed  D01",
            "  changed  importer  Importer",
            "  removed  company_officer  Company officer",
            "  removed  2023-01-01",
        ):
            assert line in answer.output

    @pytest.mark.parametrize("name", ["nowhere", "..", ""])
    def test_what_is_no_pack_is_refused_in_one_sentence(self, name: str) -> None:
        answer = run("diff", "ctpat", name)

        assert answer.exit_code == 2
        assert answer.stderr.startswith("greenlane: ")
        assert "Traceback" not in answer.output

    def test_a_damaged_pack_is_refused_with_its_line(self, made: Path) -> None:
        line = damage(made, "deadlines.yaml", "anchors: [application_received]", "anchors: [sun]")

        answer = run("diff", str(pack_dir("ctpat")), str(made))

        assert answer.exit_code == 2
        assert f"deadlines.yaml:{line}" in answer.stderr
