"""Damaged packs: refused with a sentence, or read as another program; never anything else.

GREENLANE_FUZZ sets the number of damages (300 without it; the long run takes 10,000).
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from greenlane.content.packs import PackRefused, load_program, read_program
from greenlane.core.errors import GreenlaneError
from greenlane.core.program import Program
from tests.unit.content.pack_sample import RULE_FILES, TRANSITIONS, copied_to

COUNT = int(os.environ.get("GREENLANE_FUZZ", "300"))
FILES = (*RULE_FILES, *TRANSITIONS, *TRANSITIONS, "guards.yaml", "deadlines.yaml")
WORDS = (
    "null", "true", "-1", "0", "1.5", "[]", "{}", "[a]", "{a: b}", '""', "''", "2024-02-30",
    "2024-02-29", "99999999999999999999", "NONE", "T06", "D01", "G4", "certified", "vetting_passed",
    "\u00e9", "\u202e", "\x00", "&a", "*a", "!!python/object:os.system", "? x", "|", "- ",
    "  ", "\t", "#", ": ", "all", "not", "known", "fact", "is", "one_of", "within", "days", "years",
)  # fmt: skip


def damaged(text: str, chance: random.Random) -> str:
    """Return the text with one random damage."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    kind = chance.randrange(9)
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
    else:
        place = chance.randrange(len(lines[at]) + 1)
        lines[at] = lines[at][:place] + chr(chance.randrange(1, 500)) + lines[at][place + 1 :]
    return "\n".join(lines)


def same_rules(one: Program, other: Program) -> bool:
    """Tell whether two programs say the same, whatever their digests."""
    return replace(one, digest="") == replace(other, digest="")


@pytest.mark.slow
@pytest.mark.timeout(300 + 4 * COUNT)
def test_a_damaged_pack_is_refused_or_is_another_program(tmp_path: Path) -> None:
    pack = copied_to(tmp_path)
    whole = load_program("ctpat")
    originals = {name: (pack / name).read_bytes() for name in {*FILES}}
    outcomes = {"refused": 0, "another": 0, "the same": 0}
    for seed in range(COUNT):
        chance = random.Random(seed)  # noqa: S311 - the same damages every time
        name = chance.choice(FILES)
        before = originals[name]
        content = before.decode()
        for _ in range(chance.choice((1, 1, 2))):
            content = damaged(content, chance)
        after = content.encode(errors="surrogatepass")
        (pack / name).write_bytes(after)
        try:
            program = read_program(pack)
        except PackRefused as refused:
            outcomes["refused"] += 1
            problems = refused.problems
        except GreenlaneError as error:
            pytest.fail(f"seed {seed} in {name}: {type(error).__name__} instead of PackRefused")
        except Exception as error:  # noqa: BLE001 - the point of the test
            pytest.fail(f"seed {seed} in {name}: {type(error).__name__}: {error}")
        else:
            problems = ()
            is_same = same_rules(program, whole)
            outcomes["the same" if is_same else "another"] += 1
            # A change of bytes alone, such as a comment, may leave the rules as they are.
            assert (program.digest == whole.digest) == (before == after), f"seed {seed}"
            assert is_same or program.digest != whole.digest, f"seed {seed}"
        finally:
            (pack / name).write_bytes(before)
        assert all(p.file and p.line >= 1 and p.what and p.remedy for p in problems)

    assert read_program(pack).digest == whole.digest
    assert outcomes["refused"] > COUNT / 3, outcomes


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    pack = copied_to(tmp_path)
    chance = random.Random(7)  # noqa: S311 - the same damage every time
    for name in FILES:
        before = (pack / name).read_bytes()
        damage = bytearray(before)
        damage[chance.randrange(len(damage))] = 0xFF
        (pack / name).write_bytes(bytes(damage))
        with pytest.raises(PackRefused, match="UTF-8"):
            read_program(pack)
        (pack / name).write_bytes(before)
