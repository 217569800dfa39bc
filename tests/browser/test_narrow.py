"""Pages on a phone: long words break, and a short page does not blow its navigation up."""

from __future__ import annotations

from greenlane.apps.audit.queries import events_of
from greenlane.apps.profiles.actions.answers import give_evidence
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate import access
from tests.browser.test_journey import Visit, complaints, visit
from tests.factories.screens import PHONE

__all__ = ["complaints", "visit"]


def test_a_file_name_without_a_blank_does_not_scroll_sideways(visit: Visit) -> None:
    opened = events_of(visit.account.stream, limit=1)[0].fields
    by = Actor(opened["actor"], opened["role"])
    give_evidence(
        account=visit.account,
        criterion="1.1",
        name=f"{'seal_inspection_record_' * 8}.pdf",
        content=b"%PDF-1.4 a",
        by=by,
        at=access.now(),
    )
    visit.page.set_viewport_size(PHONE)

    visit.page.goto(visit.address("criterion", "1.1"))

    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_a_short_page_keeps_its_navigation_as_high_as_its_words(visit: Visit) -> None:
    visit.page.set_viewport_size(PHONE)

    visit.page.goto(visit.address("letters"))

    height = visit.page.evaluate("document.querySelector('.gl-nav').offsetHeight")
    assert height < 200
