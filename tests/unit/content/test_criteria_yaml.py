"""The strict YAML reader: plain values, a line for each, and no surprises."""

from __future__ import annotations

import datetime as dt

import pytest

from greenlane.content.criteria_yaml import MAX_BYTES, FilesRefused, Problem, parse_yaml


def value(text: str) -> object:
    return parse_yaml(text.encode(), "a.yaml").value


def problem(content: bytes) -> Problem:
    with pytest.raises(FilesRefused) as refused:
        parse_yaml(content, "a.yaml")
    (found,) = refused.value.problems
    return found


class TestScalars:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("12", 12),
            ("-3", -3),
            ("0.55", 0.55),
            ("true", True),
            ("null", None),
            ("~", None),
            ("2020-02-29", dt.date(2020, 2, 29)),
            ("'4.10'", "4.10"),
            ('"2020-01-01"', "2020-01-01"),
        ],
    )
    def test_a_plain_value_is_what_it_looks_like(self, written: str, read: object) -> None:
        assert value(f"a: {written}") == {"a": read}

    @pytest.mark.parametrize(
        "word", ["no", "yes", "off", "On", "12:30", "1_000", "0x1F", "1e3", "012"]
    )
    def test_words_that_other_readers_turn_into_something_else_stay_words(self, word: str) -> None:
        assert value(f"a: {word}") == {"a": word}

    def test_lists_mappings_and_folded_text_nest(self) -> None:
        assert value("a:\n  - {b: 1}\n  - >-\n    two\n    lines\n") == {
            "a": [{"b": 1}, "two lines"]
        }


class TestLines:
    def test_every_entry_has_its_line(self) -> None:
        document = parse_yaml(b"a: 1\nb:\n  - x\n  - c: 2\n", "a.yaml")

        assert document.line_of(("b", 1, "c")) == 4
        assert document.line_of(("b",)) == 2

    def test_an_entry_that_is_not_there_has_the_line_of_what_is_around_it(self) -> None:
        document = parse_yaml(b"a:\n  b:\n    c: 1\n", "a.yaml")

        assert document.line_of(("a", "b", "title")) == 2


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "line", "words"),
        [
            (b"", 1, "empty"),
            (b"# nothing\n", 1, "empty"),
            (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
            (b"a: [1\n", 2, "not YAML"),
            (b"a: b\n\tc: d\n", 2, "not YAML"),
            (b"a: 1\n---\nb: 2\n", 2, "second document"),
            (b"a: &x 1\nb: 2\n", 1, "Anchors"),
            (b"a: 1\nb: *x\n", 2, "aliases"),
            (b"a: !!python/object/apply:os.system ['true']\n", 1, "tag"),
            (b"a: !!str 1\n", 1, "tag"),
            (b"a: 1\nb: 2\na: 3\n", 3, "second time"),
            (b"4.10: x\n", 1, "4.10"),
            (b"2020-01-01: x\n", 1, "date"),
            (b"null: x\n", 1, "nothing"),
            (b"? [a, b]\n: x\n", 1, "plain name"),
            (b"a: 2021-02-29\n", 1, "no day 2021-02-29"),
            (b"a: \x00\n", 1, "not YAML"),
            (b"[" * 60 + b"]" * 60, 1, "levels deep"),
        ],
    )
    def test_what_is_not_plain_yaml_is_refused_with_its_line(
        self, content: bytes, line: int, words: str
    ) -> None:
        found = problem(content)

        assert words in found.what
        assert (found.file, found.line) == ("a.yaml", line)
        assert found.remedy

    def test_a_deep_nest_does_not_exhaust_the_stack(self) -> None:
        assert "levels deep" in problem(b"{a: " * 100_000).what

    def test_a_file_that_is_too_large_is_not_parsed(self) -> None:
        assert "more than" in problem(b"a" * (MAX_BYTES + 1)).what

    def test_a_bomb_of_aliases_is_refused_at_its_first_anchor(self) -> None:
        bomb = b"a: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"

        assert "Anchors" in problem(bomb).what


def test_the_message_names_file_line_fault_and_remedy_and_counts_the_rest() -> None:
    problems = [Problem("b.yaml", line, "It is wrong.", "Mend it.") for line in range(25, 0, -1)]

    refused = FilesRefused(problems)

    lines = refused.message.splitlines()
    assert lines[0] == "The pack was not loaded: 25 problems."
    assert lines[1] == "b.yaml:1: It is wrong. Mend it."
    assert lines[-1] == "... and 5 more."
    assert len(refused.problems) == 25
