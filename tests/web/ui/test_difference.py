"""The difference of two texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from greenlane.web.ui.difference import Piece, difference


def test_changed_words_are_marked_on_their_own_side() -> None:
    found = difference("kept for one year.", "kept for two years.")

    assert found.before == (
        Piece("same", "kept for "),
        Piece("old", "one year"),
        Piece("same", "."),
    )
    assert found.after == (
        Piece("same", "kept for "),
        Piece("new", "two years"),
        Piece("same", "."),
    )
    assert not found.is_same


def test_equal_texts_have_no_marks() -> None:
    assert difference("a seal", "a seal").is_same


def test_a_first_answer_is_new_throughout() -> None:
    found = difference("", "a seal")

    assert (found.before, found.after) == ((), (Piece("new", "a seal"),))


def test_very_long_texts_are_compared_by_lines() -> None:
    old = "\n".join(f"line {number} of a long procedure" for number in range(800))

    found = difference(old, old.replace("line 7 of", "line seven of"))

    assert [piece.text for piece in found.after if piece.kind == "new"] == [
        "line seven of a long procedure\n"
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_each_side_adds_up_to_its_text(old: str, new: str) -> None:
    found = difference(old, new)

    assert "".join(piece.text for piece in found.before) == old
    assert "".join(piece.text for piece in found.after) == new
