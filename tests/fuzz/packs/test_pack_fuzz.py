"""Damaged packs: refused with a sentence, or another program whose differences are told.

What a damage changed and ``pack diff`` does not tell would go unseen. GREENLANE_FUZZ sets the
number of damages (300 without it; the long run takes 10,000).
"""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from greenlane.content.packs import PackRefused, pack_dir, read_program
from greenlane.core.errors import GreenlaneError
from greenlane.core.pack_diff import diff_programs
from greenlane.core.program import Count, Program
from greenlane.core.vocabulary import DutyNature, Matter, Phase, Power, Purpose, Reach, Tier
from tests.unit.content.pack_sample import RULE_FILES, TRANSITIONS, copied_to

COUNT = int(os.environ.get("GREENLANE_FUZZ", "300"))
# Rules that the packs share and use differently: phases, windows, powers, the list before a start.
PACKS = ("ctpat", "ctpat", "wco-safe", "supplier-program", "harbor-trust")
HARBOR_TRUST = Path(__file__).parents[2] / "packs" / "harbor-trust"
WORDS = (
    "null", "true", "-1", "0", "1.5", "[]", "{}", "[a]", "{a: b}", '""', "''", "2024-02-30",
    "2024-02-29", "99999999999999999999", "NONE", "T06", "D01", "G4", "certified", "vetting_passed",
    "\u00e9", "\u202e", "\x00", "&a", "*a", "!!python/object:os.system", "? x", "|", "- ",
    "  ", "\t", "#", ": ", "all", "not", "known", "fact", "is", "one_of", "within", "days", "years",
    "past", "at_least", "at_most", "window", "any_review_counts", "by_band", "secondary", "reads",
    *(one.value for kind in (Purpose, Power, Phase, Matter, Reach, Count, DutyNature, Tier)
      for one in kind),
)  # fmt: skip
# Lines that a pack may hold and this one does not: taken in where they do not belong.
LINES = (
    "does: certify", "does: [certify]", "may: [vet]", "may: [answer, confirm_hits]",
    "phase: member", "phase: closed", "window: {days: 90}", "window: {days: 0}",
    "period: {days: 1}", "at_least: 1", "at_most: 0", "at_least: 9999999999", "past: true",
    "past: false", "second_by: [specialist]", "letter: certification", "letter: other",
    "decision: true", "terminal: true", "active: true", "office_only: true",
    "survives_closing: true", "rolls: true", "set_by_office: true", "secondary: true",
    "lists_at_most: {days: 7}", "expires_after: {years: 1}", "kept: true", "reads: {vetting: all}",
    "reads: {record: own}", "granted_by: [director]", "overlay: true", "met_since: [certified]",
    "every_years: 0", "stream: office", "choices: {a: {en: A, es: A}}", "may_give: [visit_on]",
    "reasons: [other]", "sets: [deadlines.yaml]", "valid_until: 2021-01-01",
)  # fmt: skip


def damaged(text: str, chance: random.Random) -> str:
    """Return the text with one random damage."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    kind = chance.randrange(13)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[chance.randrange(len(lines))])
    elif kind == 2:
        other = chance.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        lines[at] = " " * chance.randrange(1, 5) + lines[at]
    elif kind == 4:
        lines[at] = lines[at][chance.randrange(4) :]
    elif kind in (5, 6):
        head, colon, _ = lines[at].partition(": ")
        lines[at] = head + colon + chance.choice(WORDS)
    elif kind == 7:
        words = lines[at].split(" ")
        words[chance.randrange(len(words))] = chance.choice(WORDS)
        lines[at] = " ".join(words)
    elif kind == 8:
        place = chance.randrange(len(lines[at]) + 1)
        lines[at] = lines[at][:place] + chr(chance.randrange(1, 500)) + lines[at][place + 1 :]
    elif kind == 9:
        lines.insert(at, _indent(lines[at]) + chance.choice(LINES))
    elif kind == 10:
        # A whole row, from its first line to the next that is as far to the left.
        lines[at : _end_of_row(lines, at)] = []
    elif kind == 11:
        lines[at:at] = lines[at : _end_of_row(lines, at)]
    else:
        head, colon, _ = lines[at].partition(": ")
        alike = [line for line in lines if line.strip().startswith(f"{head.strip()}: ")]
        lines[at] = head + colon + chance.choice(alike).partition(": ")[2] if alike else lines[at]
    return "\n".join(lines)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" -"))].replace("-", " ")


def _end_of_row(lines: list[str], at: int) -> int:
    depth = len(lines[at]) - len(lines[at].lstrip())
    for place in range(at + 1, len(lines)):
        if lines[place].strip() and len(lines[place]) - len(lines[place].lstrip()) <= depth:
            return place
    return len(lines)


def same_rules(one: Program, other: Program) -> bool:
    """Tell whether two programs say the same, whatever their digests."""
    return replace(one, digest="") == replace(other, digest="")


def _copies(folder: Path) -> dict[str, Path]:
    """Return a copy of the rule files of each pack, without criteria."""
    found = {}
    for name in {*PACKS}:
        whole = HARBOR_TRUST if name == "harbor-trust" else pack_dir(name)
        left_out = shutil.ignore_patterns("editions", "lists", "scenarios", "crosswalk.yaml")
        found[name] = Path(shutil.copytree(whole, folder / name, ignore=left_out))
    return found


@pytest.mark.slow
@pytest.mark.timeout(300 + 4 * COUNT)
def test_a_damaged_pack_is_refused_or_the_difference_is_told(tmp_path: Path) -> None:
    packs = _copies(tmp_path)
    wholes = {name: read_program(folder) for name, folder in packs.items()}
    files = {name: sorted(folder.rglob("*.yaml")) for name, folder in packs.items()}
    originals = {path: path.read_bytes() for paths in files.values() for path in paths}
    outcomes = {"refused": 0, "another": 0, "the same": 0}
    for seed in range(COUNT):
        chance = random.Random(seed)  # noqa: S311 - the same damages every time
        name = chance.choice(PACKS)
        path, whole = chance.choice(files[name]), wholes[name]
        where = f"seed {seed} in {name}/{path.relative_to(packs[name]).as_posix()}"
        before = originals[path]
        content = before.decode()
        for _ in range(chance.choice((1, 1, 2))):
            content = damaged(content, chance)
        after = content.encode(errors="surrogatepass")
        path.write_bytes(after)
        try:
            program = read_program(packs[name])
        except PackRefused as refused:
            outcomes["refused"] += 1
            problems = refused.problems
        except GreenlaneError as error:
            pytest.fail(f"{where}: {type(error).__name__} instead of PackRefused")
        except Exception as error:  # noqa: BLE001 - the point of the test
            pytest.fail(f"{where}: {type(error).__name__}: {error}")
        else:
            problems = ()
            is_same = same_rules(program, whole)
            outcomes["the same" if is_same else "another"] += 1
            # A change of bytes alone, such as a comment, may leave the rules as they are.
            assert (program.digest == whole.digest) == (before == after), where
            assert is_same or program.digest != whole.digest, where
            assert is_same or diff_programs(whole, program), f"{where}: pack diff tells nothing"
        finally:
            path.write_bytes(before)
        assert all(p.file and p.line >= 1 and p.what and p.remedy for p in problems), where

    assert {name: read_program(folder).digest for name, folder in packs.items()} == {
        name: whole.digest for name, whole in wholes.items()
    }
    assert outcomes["refused"] > COUNT / 3, outcomes
    assert outcomes["another"] > COUNT / 20, outcomes


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    pack = copied_to(tmp_path)
    chance = random.Random(7)  # noqa: S311 - the same damage every time
    for name in (*RULE_FILES, *TRANSITIONS):
        before = (pack / name).read_bytes()
        damage = bytearray(before)
        damage[chance.randrange(len(damage))] = 0xFF
        (pack / name).write_bytes(bytes(damage))
        with pytest.raises(PackRefused, match="UTF-8"):
            read_program(pack)
        (pack / name).write_bytes(before)
