"""Damaged criteria files: what happens to them is refused or shows in the hash; nothing crashes.

A few rounds run with every test; ``GREENLANE_FUZZ_ROUNDS=10000`` makes it the long run.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import greenlane
from greenlane.content.criteria_files import load_editions
from greenlane.content.criteria_yaml import FilesRefused, Node, Problem, parse_yaml
from tests.unit.content.criteria_sample import write_pack

CTPAT = Path(greenlane.__file__).parent / "packs" / "ctpat"
SEED = int(os.environ.get("GREENLANE_FUZZ_SEED", "20261124"))
ROUNDS = int(os.environ.get("GREENLANE_FUZZ_ROUNDS", "0"))

Damage = Callable[[random.Random, bytes], bytes]


def _span(chance: random.Random, content: bytes) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.choice([1, 1, 2, 8, 40, 400]))


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True) or [b""]


def flip_a_byte(chance: random.Random, content: bytes) -> bytes:
    start, _ = _span(chance, content)
    return content[:start] + bytes([chance.randrange(256)]) + content[start + 1 :]


def flip_a_letter(chance: random.Random, content: bytes) -> bytes:
    start, _ = _span(chance, content)
    letter = chance.choice(b"abcdefghijklmnopqrstuvwxyz0123456789 :-[]{}',\"\n#&*!|>%@`")
    return content[:start] + bytes([letter]) + content[start + 1 :]


def cut_a_span(chance: random.Random, content: bytes) -> bytes:
    start, end = _span(chance, content)
    return content[:start] + content[end:]


def repeat_a_span(chance: random.Random, content: bytes) -> bytes:
    start, end = _span(chance, content)
    return content[:end] + content[start:end] + content[end:]


def cut_a_line(chance: random.Random, content: bytes) -> bytes:
    lines = _lines(content)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def repeat_a_line(chance: random.Random, content: bytes) -> bytes:
    lines = _lines(content)
    place = chance.randrange(len(lines))
    lines.insert(place, lines[place])
    return b"".join(lines)


def swap_two_lines(chance: random.Random, content: bytes) -> bytes:
    lines = _lines(content)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def indent_a_line(chance: random.Random, content: bytes) -> bytes:
    lines = _lines(content)
    place = chance.randrange(len(lines))
    line = lines[place]
    lines[place] = line[2:] if chance.random() < 0.5 and line.startswith(b"  ") else b"  " + line
    return b"".join(lines)


def turn_a_word(chance: random.Random, content: bytes) -> bytes:
    pairs = [
        (b"must", b"should"),
        (b"should", b"must"),
        (b"assumed", b"confirmed"),
        (b"confirmed", b"doubtful"),
        (b"importer", b"exporter"),
        (b"official", b"provisional"),
        (b"provisional", b"official"),
        (b"2020", b"2002"),
        (b"12", b"21"),
        (b"'", b""),
        (b"null", b"~"),
        (b": ", b":"),
    ]
    old, new = chance.choice(pairs)
    places = content.count(old)
    if not places:
        return flip_a_letter(chance, content)
    parts = content.split(old)
    place = chance.randrange(1, places + 1)
    return old.join(parts[:place]) + new + old.join(parts[place:])


def empty_a_value(chance: random.Random, content: bytes) -> bytes:
    lines = _lines(content)
    place = chance.randrange(len(lines))
    head, colon, _ = lines[place].partition(b": ")
    lines[place] = head + colon + b"\n" if colon else lines[place]
    return b"".join(lines)


def insert_noise(chance: random.Random, content: bytes) -> bytes:
    start, _ = _span(chance, content)
    noise = chance.choice(
        [
            chance.randbytes(chance.randrange(1, 30)),
            b"\x00",
            b"\xef\xbb\xbf",
            "\u202e\u0000\ud7ff\ufffd".encode(),
            b"&a *a",
            b"!!python/name:os.system ",
            b"[" * 200,
            b"{a: " * 200,
            b"\n---\n",
            b"? ",
            b"<<: *x\n",
            b"9" * 5000,
            b"1e999",
            b"2020-02-31",
        ]
    )
    return content[:start] + noise + content[start:]


def cut_the_end(chance: random.Random, content: bytes) -> bytes:
    return content[: _span(chance, content)[0]]


def replace_it_all(chance: random.Random, content: bytes) -> bytes:
    return chance.choice([b"", b"\n", b"[]", b"{}", b"x", b"null", b"- a: b\n", content + content])


DAMAGES: tuple[Damage, ...] = (
    flip_a_byte,
    flip_a_letter,
    flip_a_letter,
    cut_a_span,
    repeat_a_span,
    cut_a_line,
    cut_a_line,
    repeat_a_line,
    swap_two_lines,
    indent_a_line,
    turn_a_word,
    turn_a_word,
    turn_a_word,
    empty_a_value,
    insert_noise,
    cut_the_end,
    replace_it_all,
)


def _meaning(folder: Path) -> Mapping[str, Node]:
    """Return what every file says, without the seals."""
    found: dict[str, Node] = {}
    for path in sorted(folder.rglob("*.yaml")):
        value = parse_yaml(path.read_bytes(), path.name).value
        if path.name == "edition.yaml" and isinstance(value, dict):
            value = {key: each for key, each in value.items() if key != "sealed"}
        found[path.relative_to(folder).as_posix()] = value
    return found


def _move_a_file(chance: random.Random, files: list[Path], folder: Path) -> str:
    """Delete, rename, copy or exchange whole files; return what was done."""
    path = chance.choice(files)
    what = chance.choice(["delete", "rename", "copy", "exchange"])
    if what == "delete":
        path.unlink()
    elif what == "rename":
        path.rename(path.with_name("x" + path.name))
    elif what == "copy":
        shutil.copyfile(path, path.with_name("x" + path.name))
    else:
        path.write_bytes(chance.choice(files).read_bytes())
    return f"{what} {path.relative_to(folder)}"


def _is_clear(problem: Problem) -> bool:
    return bool(problem.line >= 1 and problem.file and problem.what and problem.remedy)


def _restore(folder: Path, kept: Mapping[Path, bytes]) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()
    for path, content in kept.items():
        path.write_bytes(content)


def _ctpat(folder: Path) -> Path:
    for name in ("editions", "lists"):
        shutil.copytree(CTPAT / name, folder / name)
    return folder


@pytest.mark.parametrize(
    ("copy", "rounds"),
    [
        pytest.param(write_pack, ROUNDS or 250, id="sample"),
        pytest.param(_ctpat, ROUNDS or 25, id="ctpat"),
    ],
)
def test_no_damage_crashes_the_loader_and_none_that_bears_meaning_goes_unseen(
    tmp_path: Path, copy: Callable[[Path], Path], rounds: int
) -> None:
    chance = random.Random(SEED)  # noqa: S311 -- damage, not secrets
    folder = copy(tmp_path / "pack")
    # Drafts: otherwise the seal would catch everything and prove little about the checks below it.
    for head in folder.glob("editions/*/edition.yaml"):
        text = head.read_text("utf-8")
        head.write_text(text.replace("status: published", "status: draft"), "utf-8")
    whole = [(edition.id, edition.content_hash) for edition in load_editions(folder)]
    said = _meaning(folder)
    files = sorted(folder.rglob("*.yaml"))
    kept = {path: path.read_bytes() for path in files}
    unclear: list[Problem] = []
    refused = changed = 0

    for number in range(rounds):
        if chance.random() < 0.05:
            touched = _move_a_file(chance, files, folder)
        else:
            path, damage = chance.choice(files), chance.choice(DAMAGES)
            path.write_bytes(damage(chance, kept[path]))
            touched = f"{damage.__name__} {path.relative_to(folder)}"
        try:
            loaded = [(edition.id, edition.content_hash) for edition in load_editions(folder)]
        except FilesRefused as refusal:
            refused += 1
            unclear += [each for each in refusal.problems if not _is_clear(each)]
        else:
            if loaded != whole:
                changed += 1
            elif "rename" not in touched:
                assert _meaning(folder) == said, f"round {number} of {SEED}: {touched}"
        _restore(folder, kept)

    assert unclear == []
    assert refused > rounds / 4
    assert changed > 0
    assert [(edition.id, edition.content_hash) for edition in load_editions(folder)] == whole
