"""No test inherits the language in which another one read its pages."""

from __future__ import annotations

import pytest
from django.utils import translation

from tests.plugins import environment


def test_a_language_that_a_page_left_is_gone_before_the_next_test(
    request: pytest.FixtureRequest,
) -> None:
    translation.activate("es")

    environment.pytest_runtest_setup(request.node)

    assert translation.get_language() == "en"
