"""A short fuzzing of every reader in each test run; `./dev long` does ten minutes for each."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.screening.list_fuzzing import TARGETS, Target, mutate, one


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_sample_is_sound(target: Target) -> None:
    assert one(target, target.sample) >= 1


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_mutated_lists_give_parties_or_a_refusal_of_ours(target: Target) -> None:
    chance = random.Random(f"{target.name} 1")  # noqa: S311 - repeatable injuries

    survivors = sum(one(target, mutate(chance, target.sample)) > 0 for _ in range(250))

    assert survivors > 0
