"""The examples in the docstrings of core run and say the truth."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import greenlane.core

MODULES = [
    info.name
    for info in pkgutil.walk_packages(greenlane.core.__path__, "greenlane.core.")
    if not info.ispkg
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))

    assert result.failed == 0
