"""The main job on other programs: from application to letter through both doors, no code of theirs.

What differs between programs is read from the pack; a script holds data only. Whoever adds a pack
adds a `Script`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, expect

from greenlane.apps.accounts.models import User
from greenlane.apps.certification.queries import letters_of
from greenlane.apps.members import queries
from greenlane.apps.members.models import Account
from greenlane.apps.profiles.actions.answers import save_answer
from greenlane.apps.profiles.queries import profile_of
from greenlane.content.pack_skeleton import new_pack
from greenlane.core.marks import Mark
from greenlane.core.program import Transition
from greenlane.core.vocabulary import Axis, Phase, Power, ProfileStatus, Purpose
from greenlane.gate.access import now, the_program, today
from tests.factories.browsers import prove_again, signed_in_client
from tests.factories.desks import fill_day
from tests.factories.people import actor, an_organization, person_with
from tests.factories.screens import DESK, troubles_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PACKS = Path(__file__).parents[1] / "packs"
COMPANY = "Muñoz & 진 Lámparas"
PAPER = b"%PDF-1.4 a paper"


@dataclass(frozen=True)
class Script:
    """What a program's thread needs besides its pack: facts about the company, acts in between.

    ``answers`` holds what is not answered with yes, a dozen or the first choice.
    """

    pack: str
    entity_type: str
    answers: Mapping[str, str] = field(default_factory=dict)
    before_submission: tuple[tuple[str, Mapping[str, str]], ...] = ()
    before_review: tuple[tuple[str, Mapping[str, str]], ...] = ()
    before_certification: tuple[tuple[str, Mapping[str, str]], ...] = ()
    certified_with: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"


SCRIPTS = (
    Script("harbor-trust", "pilot_house", before_submission=(("FEE-1", {}),), language="pt"),
    Script(
        "wco-safe",
        "importer",
        {"history.has_criminal_record": "no", "debt.is_final_unpaid": "no"},
        before_review=(("W02", {}),),
        before_certification=(
            ("W07", {"reason": "scope.by_risk", "visit_on": "today"}),
            ("W08", {}),
            ("W09", {"effort_days": "2"}),
            ("W10", {}),
            ("W12", {}),
        ),
    ),
    Script("supplier-program", "manufacturer", certified_with={"risk_band": "high"}, language="es"),
    # What `pack new` writes, as it stands: whoever begins has a program that works.
    Script("written-new", "importer"),
)


@pytest.fixture(params=SCRIPTS, ids=lambda script: script.pack)
def script(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Script]:
    """Run each program as an installation would: named by a setting."""
    script: Script = request.param
    new_pack("written-new", parent=tmp_path)
    monkeypatch.setenv("GREENLANE_PACKS_DIR", os.pathsep.join([str(PACKS), str(tmp_path)]))
    with override_settings(GREENLANE_PACK=script.pack):
        yield script


class House:
    """People at their browsers, each in the first role that fits what is to be done."""

    def __init__(self, browser: Browser, site: str, script: Script) -> None:
        self.browser, self.site = browser, site
        self.organization = an_organization(COMPANY)
        spoken = script.language if script.language in dict(settings.LANGUAGES) else "en"
        self.spoken = spoken
        self.people: dict[str, User] = {}

    def person_as(self, role: str) -> User:
        """Return the one person who holds a role."""
        is_company = the_program().roles[role].side == "company"
        if role not in self.people:
            self.people[role] = person_with(
                role, self.organization if is_company else None, language=self.spoken
            )
        return self.people[role]

    @contextmanager
    def desk(self, role: str) -> Iterator[Page]:
        """Give a signed-in browser; whatever its console complains of fails the test."""
        someone = self.person_as(role)
        client = signed_in_client(someone)
        prove_again(client, someone)
        context = self.browser.new_context(base_url=self.site, viewport=DESK)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": value, "url": self.site}])
        complaints: list[str] = []
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        try:
            yield page
        finally:
            context.close()
        assert complaints == []

    def says(self, words: str) -> str:
        """Return what the pages say for English words, in the language that is spoken."""
        with translation.override(self.spoken):
            return gettext(words)

    def press(self, page: Page, words: str) -> None:
        """Press the first button of that name; no alert may follow."""
        with page.expect_navigation():
            page.get_by_role("button", name=words, exact=True).first.click()
        assert page.get_by_role("alert").all_inner_texts() == []


def test_a_company_is_certified_in_any_program(browser: Browser, site: str, script: Script) -> None:
    program = the_program()
    house = House(browser, site, script)
    signer = next(iter(sorted(program.doers(Purpose.SIGN_AGREEMENT) & program.own_roles)))
    with house.desk(signer) as page:
        account = opened(house, page, script)
        tell_of_company(house, page, account)
        sign(house, page, account)
        if program.has_act_that(Purpose.FILE_RISK_ASSESSMENT):
            file_risk(house, page, account)
        answer(house, page, account, signer)
    for act, given in script.before_submission:
        do(house, account, program.transition(act), given)
    with house.desk(signer) as page:
        submit(house, page, account)
    if program.has_act_that(Purpose.ASSIGN):
        specialist = house.person_as(sorted(program.roles_that_may(Power.BE_ASSIGNED))[0])
        do(house, account, program.act_that(Purpose.ASSIGN), {"specialist": specialist.key})
    for act, given in script.before_review:
        do(house, account, program.transition(act), given)
    review(house, account)
    vet(house, account)
    for act, given in script.before_certification:
        do(house, account, program.transition(act), given)
    certify(house, account, script)

    account = queries.account(account.stream)
    assert program.phase_of(account.membership) is Phase.MEMBER
    certified = next(s for s in queries.steps_of(account) if Mark.CERTIFIED in s.marks)
    assert dict(certified.given) == dict(script.certified_with)
    assert account.program == script.pack
    (letter,) = letters_of(account.stream)
    assert (letter.kind, letter.language) == (
        program.act_that(Purpose.CERTIFY).letter,
        script.language,
    )


def go(page: Page, name: str, *more: object) -> None:
    """Go to a page and expect it to be accessible."""
    page.goto(reverse(name, args=more))
    assert troubles_of(page) == []


def opened(house: House, page: Page, script: Script) -> Account:
    """Answer the eligibility questions from the script and open the account."""
    go(page, "member:choose")
    page.goto(reverse("member:eligibility", args=[script.entity_type]))
    for group in page.locator("fieldset").all():
        box = group.locator("input[type=radio], input[type=checkbox]").first
        if not box.count():
            continue
        name = box.get_attribute("name") or ""
        wanted = script.answers.get(name.replace("__", "."), "yes")
        chosen = group.locator(f"input[value='{wanted}']")
        chosen = chosen if chosen.count() else group.locator("input").first
        page.locator(f"label[for={chosen.get_attribute('id')}]").click()
    for number in page.locator("input[type=number]").all():
        number.fill("30")
    page.locator("[name=company_name]").fill(COMPANY)
    house.press(page, house.says("Check"))
    house.press(page, house.says("Open the account"))
    found = re.search(r"/my/(A-\w+)/", page.url)
    assert found, page.url
    return queries.account(found[1])


def tell_of_company(house: House, page: Page, account: Account) -> None:
    """Fill in the company profile and submit it."""
    go(page, "member:company", account.stream)
    told = {
        "phone": "1",
        "employees": "4",
        "founded": "1999",
        "history": "Lamps.",
        "addresses": "1",
    }
    for name, words in told.items():
        page.locator(f"[name={name}]").fill(words)
    house.press(page, house.says("Save and submit"))


def sign(house: House, page: Page, account: Account) -> None:
    """Sign the pack's agreement."""
    page.goto(reverse("member:agreement", args=[account.stream]))
    page.locator("label[for=agreed]").click()
    house.press(page, house.says("Sign the agreement"))


def file_risk(house: House, page: Page, account: Account) -> None:
    """Upload a risk assessment."""
    page.goto(reverse("member:risk", args=[account.stream]))
    fill_day(page, "assessed_on", today())
    page.locator("[name=file]").set_input_files(
        {"name": "risk.pdf", "mimeType": "application/pdf", "buffer": PAPER}
    )
    house.press(page, house.says("File the risk assessment"))


def answer(house: House, page: Page, account: Account, role: str) -> None:
    """Answer the first criterion on its page, the others by the action."""
    first, *others = profile_of(account, on=today()).rows
    go(page, "member:criterion", account.stream, first.criterion.id)
    box = page.locator("[name=outcome][value=IMPLEMENTED]")
    page.locator(f"label[for={box.get_attribute('id')}]").click()
    page.locator("[name=words]").fill("We do so every week.")
    house.press(page, house.says("Save and next unanswered"))
    by = actor(house.person_as(role), role)
    for row in others:
        save_answer(
            account=queries.account(account.stream),
            criterion=row.criterion.id,
            outcome="IMPLEMENTED",
            words="The yard lead checks it.",
            by=by,
            at=now(),
        )


def submit(house: House, page: Page, account: Account) -> None:
    """Submit the application."""
    go(page, "member:submit", account.stream)
    with page.expect_navigation():
        page.get_by_role("main").locator("button[type=submit]").last.click()
    status = the_program().labels["membership"][queries.account(account.stream).membership]
    expect(page.get_by_role("main")).to_contain_text(status.in_(house.spoken))
    phase = the_program().phase_of(queries.account(account.stream).membership)
    assert phase is Phase.APPLYING


def do(house: House, account: Account, row: Transition, given: Mapping[str, str]) -> None:
    """Do one act of the office on its own page, or by its one press in the bar."""
    program = the_program()
    role = next(role for role in program.case_roles if role in row.by)
    title = row.title.in_(house.spoken)
    with house.desk(role) as page:
        go(page, "specialist:act", account.stream, row.id)
        for name, value in given.items():
            if value == "today":
                fill_day(page, name, today())
                continue
            box = page.locator(f"[name={name}]")
            is_choice = box.evaluate("field => field.tagName") == "SELECT"
            box.select_option(value) if is_choice else box.fill(value)
        before = queries.revision_of(account.stream)
        house.press(page, title)
        said = page.get_by_role("main").inner_text()
        assert queries.revision_of(account.stream) > before, said


def review(house: House, account: Account) -> None:
    """Take the profile into review, accept everything, close by approving."""
    program = the_program()
    if program.has_act_that(Purpose.TAKE_INTO_REVIEW):
        do(house, account, program.act_that(Purpose.TAKE_INTO_REVIEW), {})
    found = queries.account(account.stream)
    axes = {axis: str(getattr(found, axis.value)) for axis in Axis}
    approving = next(
        row
        for row in program.acts_that(Purpose.CLOSE_REVIEW)
        if row.starts_from(axes) and row.changes[Axis.PROFILE].value == ProfileStatus.APPROVED
    )
    reviewers = program.roles_that_may(Power.REVIEW) & approving.by
    with house.desk(sorted(reviewers)[0]) as page:
        first = profile_of(found, on=today()).rows[0]
        go(page, "specialist:criterion", account.stream, first.criterion.id)
        house.press(page, house.says("Accept"))
        go(page, "specialist:review", account.stream)
        with page.expect_navigation():
            page.locator("button[name=act][value=accept_all]").click()
        house.press(page, approving.title.in_(house.spoken))
    assert queries.account(account.stream).profile == ProfileStatus.APPROVED


def vet(house: House, account: Account) -> None:
    """Start vetting, record each check of the pack as clear, pass."""
    program = the_program()
    start = program.act_that(Purpose.START_VETTING)
    end = program.act_that(Purpose.APPROVE_VETTING)
    role = sorted(program.roles_that_may(Power.VET) & start.by & end.by)[0]
    with house.desk(role) as page:
        page.goto(reverse("specialist:vetting", args=[account.stream]))
        house.press(page, start.title.in_(house.spoken))
        for check in program.checks:
            page.goto(reverse("specialist:vetting", args=[account.stream]))
            page.locator("[name=check]").select_option(check)
            box = page.locator("[name=result][value=CLEAR]")
            page.locator(f"label[for={box.get_attribute('id')}]").click()
            page.locator("[name=source]").fill("Ledger of the harbor master")
            house.press(page, house.says("Record the check"))
        house.press(page, end.title.in_(house.spoken))


def certify(house: House, account: Account, script: Script) -> None:
    """Propose, decide as the second person, and check the letter as a stranger does."""
    row = the_program().act_that(Purpose.CERTIFY)
    roles = the_program().case_roles
    with house.desk(next(role for role in roles if role in row.by)) as page:
        go(page, "specialist:certify", account.stream)
        page.locator("[name=words]").fill("All is in order.")
        for key, value in script.certified_with.items():
            page.locator(f"select[name={key}]").select_option(value)
        house.press(page, house.says("Propose certification"))
    with house.desk(next(role for role in roles if role in row.second_by)) as page:
        go(page, "specialist:certify", account.stream)
        page.locator("select[name=language]").select_option(script.language)
        house.press(page, house.says("Approve and issue the letter"))
        (letter,) = letters_of(account.stream)
        go(page, "public:check")
        page.locator("[name=code]").fill(letter.code)
        page.locator("[name=company]").fill(COMPANY)
        with page.expect_navigation():
            page.get_by_role("main").locator("button[type=submit]").first.click()
        expect(page.get_by_role("main")).to_contain_text(COMPANY)
