"""A short fuzzing of every reader and the normalizer; `./dev long` does ten minutes for each."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.screening.list_fuzzing import TARGETS, Target, mutate, one
from tests.fuzz.screening.name_fuzzing import MOST, NORMALIZER


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_sample_is_sound(target: Target) -> None:
    assert one(target, target.sample) >= 1


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_mutated_lists_give_parties_or_a_refusal_of_ours(target: Target) -> None:
    chance = random.Random(f"{target.name} 1")  # noqa: S311 - repeatable injuries

    survivors = sum(one(target, mutate(chance, target.sample)) > 0 for _ in range(250))

    assert survivors > 0


def test_mutated_names_are_normalized_scored_explained_and_found_alike_both_ways() -> None:
    chance = random.Random("normalizer 1")  # noqa: S311 - repeatable injuries

    counts = [NORMALIZER.check(mutate(chance, NORMALIZER.sample)) for _ in range(150)]

    assert min(counts) >= 1
    assert max(counts) == MOST
