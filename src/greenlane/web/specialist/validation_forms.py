"""The forms of a validation case: each asks only what its act needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from greenlane.apps.accounts.queries import people_of_office
from greenlane.apps.validations import queries
from greenlane.apps.validations.acts import Doing
from greenlane.core.lifecycle.decide import reasons_of
from greenlane.core.program import Transition
from greenlane.core.vocabulary import Axis, Power
from greenlane.gate.access import the_program, today
from greenlane.web.specialist.frame import axis_word
from greenlane.web.ui.forms import LANGUAGES, DayField, PlainForm, Tiles, choose
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.validations.models import Site, ValidationCase

MODES: Final = (
    ("ON_SITE", gettext_lazy("On site")),
    ("VIRTUAL", gettext_lazy("Virtual")),
)
OWNERS: Final = (
    ("OWN", gettext_lazy("The company's own")),
    ("PARTNER", gettext_lazy("A partner's")),
)
HOW: Final = (
    ("ON_SITE", gettext_lazy("On site")),
    ("VIRTUAL", gettext_lazy("Virtual")),
    ("RECOGNIZED", gettext_lazy("Certified by a recognized program: no visit")),
)


def words_field(label: Any, help_text: Any = "", *, rows: int = 3, is_needed: bool = True) -> Any:
    """Return a field for words."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=20_000,
        required=is_needed,
    )


class SiteForm(PlainForm):
    """One place to look at."""

    name = forms.CharField(label=gettext_lazy("Name of the site"), max_length=400)
    address = words_field(gettext_lazy("Address"), rows=2, is_needed=False)
    owner = forms.ChoiceField(
        label=gettext_lazy("Whose site"), choices=OWNERS, widget=forms.RadioSelect()
    )
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=gettext_lazy("Country"),
        help_text=gettext_lazy("Two letters, as US or MX."),
        max_length=2,
    )
    is_foreign = forms.BooleanField(label=gettext_lazy("The site is abroad"), required=False)
    how = forms.ChoiceField(
        label=gettext_lazy("How it is looked at"), choices=HOW, initial="ON_SITE"
    )


class OpenForm(SiteForm):
    """Scope, its reasons and the first site."""

    field_order = ("scope", "rationale", "mode", "name", "address", "owner", "country")
    scope = words_field(
        gettext_lazy("Scope"),
        gettext_lazy("Criteria, supply chains and partners that the validation looks at."),
    )
    rationale = words_field(
        gettext_lazy("Why this scope and these sites"),
        gettext_lazy("Risk, volume, incidents, the last report. The company reads it."),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Visit"), choices=MODES, widget=forms.RadioSelect(), initial="ON_SITE"
    )


class PrepareForm(PlainForm):
    """Team, agenda and document request."""

    team = forms.MultipleChoiceField(
        label=gettext_lazy("Team"), widget=forms.CheckboxSelectMultiple()
    )
    requests = words_field(
        gettext_lazy("Documents we ask for"), gettext_lazy("One to a line."), rows=5
    )
    agenda = words_field(
        gettext_lazy("Agenda"), gettext_lazy("One point to a line."), rows=5, is_needed=False
    )

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        initial = {
            "team": case.team,
            "requests": "\n".join(case.requests),
            "agenda": "\n".join(case.agenda),
        }
        super().__init__(*args, initial=initial, **more)
        people = people_of_office(on=today(), program=the_program(), office=account.office)
        assignable = the_program().roles_that_may(Power.BE_ASSIGNED)
        choose(self, "team", [(p.person, p.name) for p in people if p.role in assignable])


class ScheduleForm(PlainForm):
    """Day and way of the visit."""

    visit_on = DayField(label=gettext_lazy("Day of the visit"))
    mode = forms.ChoiceField(label=gettext_lazy("Visit"), choices=MODES, widget=forms.RadioSelect())

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        initial = {"visit_on": case.visit_on, "mode": case.mode}
        super().__init__(*args, initial=initial, **more)
        self.fields["visit_on"].help_text = _(
            "Nearer than %(days)s days after the notice only if the company waives it in writing."
        ) % {"days": queries.notice_days(the_program())}


class LanguageForm(PlainForm):
    """The language of what is issued."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        initial = {"language": "es" if (get_language() or "").startswith("es") else "en"}
        super().__init__(*args, initial=initial, **more)


class CorrectForm(LanguageForm):
    """Why another version of the report."""

    reason = words_field(
        gettext_lazy("Why another version"), gettext_lazy("It stands in the report.")
    )


class VisitForm(PlainForm):
    """That the visit was held."""

    sites = forms.MultipleChoiceField(
        label=gettext_lazy("Sites that were looked at"), widget=forms.CheckboxSelectMultiple()
    )
    effort_days = forms.IntegerField(
        label=gettext_lazy("Working days of the company's time"),
        help_text=gettext_lazy("Whole days, rounded up."),
        min_value=0,
        max_value=99,
    )

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        by_place = {site.seq: site for site in queries.sites_of(case)}
        sites = [by_place[seq] for seq in queries.sites_to_visit(case)]
        planned = [str(site.seq) for site in sites if site.state == "PLANNED"]
        super().__init__(*args, initial={"sites": planned}, **more)
        choose(self, "sites", [(str(site.seq), _name_to_visit(site)) for site in sites])


def _name_to_visit(site: Site) -> str:
    name = site.name or str(site.seq)
    if site.visited_on is None:
        return name
    return _("%(site)s (visited before)") % {"site": name}


class LeaveOutForm(PlainForm):
    """A site that cannot be looked at, with its reason."""

    site = forms.ChoiceField(label=gettext_lazy("Site"))
    reason = forms.ChoiceField(label=gettext_lazy("Reason"))
    words = words_field(gettext_lazy("What happened"))

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        super().__init__(*args, **more)
        sites = [site for site in queries.sites_of(case) if site.state == "PLANNED"]
        choose(self, "site", [(str(s.seq), s.name or str(s.seq)) for s in sites])
        families = ("overdue.", "deferral.")
        reasons = the_program().reasons.items()
        choose(self, "reason", [(k, in_language(w)) for k, w in reasons if k.startswith(families)])


class NoteForm(PlainForm):
    """An internal note."""

    words = words_field(
        gettext_lazy("Note"), gettext_lazy("Internal. The company never sees it, in any form.")
    )

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        super().__init__(*args, **more)


class NothingForm(PlainForm):
    """An act that needs no more than the press of its button."""

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        super().__init__(*args, **more)


class AddSiteForm(SiteForm):
    """Another site of an open case."""

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        super().__init__(*args, **more)


class DeferForm(PlainForm):
    """Why a validation cannot be held, and until when."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"))
    new_due_on = DayField(
        label=gettext_lazy("New day"), help_text=gettext_lazy("By when it is taken up again.")
    )
    words = words_field(gettext_lazy("What happened"))

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        row = more.pop("row")
        super().__init__(*args, **more)
        choose(self, "reason", _reasons(row))


class CloseForm(PlainForm):
    """Why a case is closed without validating."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"))
    words = words_field(gettext_lazy("Reasons in words"), gettext_lazy("The company reads them."))

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        row = more.pop("row")
        super().__init__(*args, **more)
        choose(self, "reason", _reasons(row))


class TierForm(PlainForm):
    """A tier with its reasons."""

    tier = forms.ChoiceField(label=gettext_lazy("Tier"), widget=Tiles())
    words = words_field(gettext_lazy("Reasons in words"))

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        super().__init__(*args, **more)
        open_tiers = queries.tiers_open(account, case)
        words = [(t.value, axis_word(the_program(), Axis.TIER, t.value)) for t in open_tiers]
        choose(self, "tier", words)
        carried = [tier.value for tier, is_carried in open_tiers.items() if is_carried]
        self.initial["tier"] = case.recommended_tier or (carried[-1] if carried else "")
        tiles = self.fields["tier"].widget
        if isinstance(tiles, Tiles):
            tiles.notes = {
                tier.value: _("Needs a best practice that meets all five requirements.")
                for tier, is_carried in open_tiers.items()
                if not is_carried
            }


class DecideForm(TierForm):
    """The director's decision."""

    risk_band = forms.ChoiceField(
        label=gettext_lazy("Risk band"),
        help_text=gettext_lazy("From it the next revalidation by risk is counted."),
    )

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        super().__init__(*args, account=account, case=case, **more)
        self.fields["words"].help_text = _("The company reads them.")
        bands = sorted(the_program().risk_bands)
        choose(self, "risk_band", [(band, band_word(band)) for band in bands])
        self.initial["risk_band"] = "normal" if "normal" in bands else ""


_BANDS: Final = {
    "high": gettext_lazy("High"),
    "elevated": gettext_lazy("Elevated"),
    "normal": gettext_lazy("Normal"),
}


def band_word(band: str) -> str:
    """Return a risk band in words; the pack's own code where we have none."""
    return str(_BANDS.get(band, band))


def _reasons(row: Transition) -> list[tuple[str, str]]:
    fitting = reasons_of(the_program(), row)
    found = [(k, in_language(w)) for k, w in the_program().reasons.items() if k in fitting]
    return [("", _("Choose")), *found]


@dataclass(frozen=True, slots=True)
class Stage:
    """One act of a case as a page: its words, its form, what a press of the button says."""

    title: Any
    form: Callable[..., PlainForm]
    lead: Any = ""
    doing: Doing | None = None
    button: Any = ""


STAGES: Final[dict[str, Stage]] = {
    "prepare": Stage(
        gettext_lazy("Team, agenda and documents"),
        PrepareForm,
        gettext_lazy("The notice lists them."),
        button=gettext_lazy("Save"),
    ),
    "site": Stage(gettext_lazy("Add a site"), AddSiteForm),
    "leave-out": Stage(
        gettext_lazy("A site cannot be visited"),
        LeaveOutForm,
        gettext_lazy("It stays in the report with its reason; the other sites go on."),
    ),
    "note": Stage(gettext_lazy("Internal note"), NoteForm, button=gettext_lazy("Save")),
    "correct": Stage(
        gettext_lazy("Issue another version of the report"),
        CorrectForm,
        gettext_lazy("The earlier version stays as it is."),
    ),
    Doing.SCHEDULE: Stage(gettext_lazy("Plan the visit"), ScheduleForm, doing=Doing.SCHEDULE),
    Doing.NOTIFY: Stage(
        gettext_lazy("Send the notice"),
        LanguageForm,
        gettext_lazy("A letter with day, sites, scope, agenda and document request is issued."),
        Doing.NOTIFY,
    ),
    Doing.VISIT: Stage(gettext_lazy("Record the visit"), VisitForm, doing=Doing.VISIT),
    Doing.REPORT: Stage(
        gettext_lazy("Issue the report"),
        LanguageForm,
        gettext_lazy("The company sees the findings from then on. No version is ever changed."),
        Doing.REPORT,
    ),
    Doing.KEEP_OPEN: Stage(
        gettext_lazy("Keep open until actions are done"), NothingForm, doing=Doing.KEEP_OPEN
    ),
    Doing.RECOMMEND: Stage(
        gettext_lazy("Put before the director"),
        TierForm,
        gettext_lazy("The company does not see the recommendation."),
        Doing.RECOMMEND,
    ),
    Doing.DEFER: Stage(
        gettext_lazy("Defer the validation"),
        DeferForm,
        gettext_lazy(
            "Benefits stay as they are, the tier cannot rise, and the limits of the law run on."
        ),
        Doing.DEFER,
    ),
    Doing.TAKE_UP: Stage(
        gettext_lazy("Take the validation up again"),
        NothingForm,
        gettext_lazy("The visit then needs a day and a notice of its own."),
        Doing.TAKE_UP,
    ),
    Doing.CLOSE: Stage(
        gettext_lazy("Close without validating"),
        CloseForm,
        gettext_lazy(
            "It fills no window and moves no date. A suspension is a decision of its own."
        ),
        Doing.CLOSE,
    ),
    Doing.VALIDATE: Stage(gettext_lazy("Decide: validate"), DecideForm, doing=Doing.VALIDATE),
    Doing.REVALIDATE: Stage(gettext_lazy("Decide: revalidate"), DecideForm, doing=Doing.REVALIDATE),
}
NEED_ROW: Final = frozenset({Doing.DEFER, Doing.CLOSE})


def lines(text: str) -> list[str]:
    """Return the lines of a text, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def day(value: Any) -> date:
    """Return a form's day; the field asked for it, so there is one."""
    if not isinstance(value, date):
        raise TypeError(value)
    return value
