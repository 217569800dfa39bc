"""The style sheet page: every piece of the kit with sample content, in both languages.

Shown in a demonstration and to developers only; elsewhere these addresses do not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from greenlane.core.errors import Conflict, GreenlaneError, NotAllowed, NotFound
from greenlane.core.rules.evaluate import Explanation
from greenlane.core.vocabulary import Truth
from greenlane.web.ui import errors
from greenlane.web.ui.clocks import Clock, TimelineEntry
from greenlane.web.ui.forms import DayField, PlainForm, Tiles
from greenlane.web.ui.pieces import (
    CheckLine,
    Choice,
    Crumb,
    Empty,
    Gate,
    Hash,
    Header,
    Lines,
    Link,
    Moment,
    Money,
    Muted,
    NavItem,
    Number,
    Pair,
    Status,
    Step,
    Tab,
)
from greenlane.web.ui.table import Bulk, Column, Filter, Option, Row, Table, TableQuery
from greenlane.web.ui.words import language

View = Callable[..., HttpResponse]
_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def t(english: str, spanish: str) -> str:
    """Choose sample content: invented, so it is no part of the translations."""
    return spanish if language() == "es" else english


def _only_shown_here(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, **parameters: Any) -> HttpResponse:
        if not (settings.DEBUG or settings.IS_DEMO):
            raise Http404
        return view(request, **parameters)

    return guarded


class SampleForm(PlainForm):
    """One field of each kind."""

    staffed = forms.ChoiceField(widget=Tiles)
    opened_on = DayField()
    company = forms.CharField(max_length=80)
    country = forms.ChoiceField(required=False)
    answer = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)
    proof = forms.FileField(required=False)
    kinds = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    is_read = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, text) in _field_words().items():
            self.fields[name].label, self.fields[name].help_text = label, text
        self.fields["staffed"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("yes", t("Yes, with own staff", "Sí, con personal propio")),
            ("no", t("No", "No")),
            ("unknown", t("I cannot tell yet", "Aún no puedo decirlo")),
        ]
        tiles = self.fields["staffed"].widget
        if isinstance(tiles, Tiles):
            tiles.notes = {
                "yes": t("A desk at an agent does not count.", "Un escritorio ajeno no cuenta."),
                "unknown": t("You can save and come back.", "Puede guardar y volver después."),
            }
        self.fields["country"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", t("Choose", "Elija")),
            ("US", t("United States", "Estados Unidos")),
            ("MX", t("Mexico", "México")),
        ]
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("sea", t("Sea", "Marítimo")),
            ("air", t("Air", "Aéreo")),
            ("land", t("Land", "Terrestre")),
        ]


def _field_words() -> dict[str, tuple[str, str]]:
    return {
        "staffed": (
            t(
                "Is a business office staffed in the United States or Canada?",
                "¿Hay una oficina con personal en los Estados Unidos o Canadá?",
            ),
            "",
        ),
        "opened_on": (
            t("When was it opened?", "¿Cuándo se abrió?"),
            t("For example 3 May 2019", "Por ejemplo, 3 de mayo de 2019"),
        ),
        "company": (t("Legal name of the company", "Nombre legal de la empresa"), ""),
        "country": (t("Country of the head office", "País de la oficina principal"), ""),
        "answer": (
            t("How are seals checked before departure?", "¿Cómo se revisan los sellos al salir?"),
            t(
                "Say who does it, when, and where it is written down.",
                "Diga quién, cuándo y dónde se anota.",
            ),
        ),
        "proof": (
            t("Proof", "Evidencia"),
            t(
                "PDF, picture or spreadsheet.",
                "PDF, imagen u hoja de cálculo.",
            ),
        ),
        "kinds": (t("Ways of transport", "Modos de transporte"), ""),
        "is_read": (
            t("I have read the text above.", "He leído el texto de arriba."),
            "",
        ),
    }


@_only_shown_here
def show(request: HttpRequest) -> HttpResponse:
    """Show every piece; a POST shows the forms with their errors."""
    is_sent = request.method == "POST"
    form = (
        SampleForm(request.POST, request.FILES)
        if is_sent
        else SampleForm(
            initial={"company": "Cóndor Imports, Inc.", "answer": t(_ANSWERS[1], _RESPUESTAS[1])}
        )
    )
    if is_sent and form.is_valid():
        messages.success(request, t("The answer was returned.", "La respuesta se devolvió."))
        return redirect("ui_kit")
    status = 422 if is_sent else 200
    return render(request, "ui/kit.html", _content(request) | {"form": form}, status=status)


@require_GET
@_only_shown_here
def error(request: HttpRequest, status: int) -> HttpResponse:
    """Show one error page."""
    refusals: dict[int, GreenlaneError] = {
        403: NotAllowed(),
        404: NotFound(),
        409: Conflict(),
        422: GreenlaneError("T06 needs a vetting that has passed. Ask the vetting analyst."),
    }
    if status in refusals:
        return errors.refused(request, refusals[status])
    pages = {400: errors.bad_request, 429: errors.too_many}
    return pages[status](request) if status in pages else errors.broken(request)


@_only_shown_here
def confirm(request: HttpRequest) -> HttpResponse:
    """Show the pattern of an act that is asked once."""
    if request.method == "POST":
        messages.success(request, t("Returned to the member.", "Devuelto al miembro."))
        return redirect("ui_kit")
    return render(
        request,
        "ui/confirm.html",
        {
            "base": "specialist_base.html",
            "title": t("Return the profile", "Devolver el perfil"),
            "nav": _nav(),
            "crumbs": [
                Crumb("Cóndor Imports, Inc.", reverse("ui_kit")),
                Crumb(t("Return", "Devolver")),
            ],
            "header": _header(),
            "question": t(
                "Return the security profile to Cóndor Imports, Inc.?",
                "¿Devolver el perfil de seguridad a Cóndor Imports, Inc.?",
            ),
            "consequences": [
                t("The member sees your two remarks.", "El miembro verá sus dos observaciones."),
                t("Their clock of 90 days starts anew.", "Su plazo de 90 días empieza de nuevo."),
            ],
            "is_final": True,
            "submit_label": t("Return to member", "Devolver al miembro"),
            "cancel_href": reverse("ui_kit"),
        },
    )


@require_GET
@_only_shown_here
def paper(request: HttpRequest) -> HttpResponse:
    """Show the layout of a letter or a page for a binder."""
    return render(
        request,
        "ui/kit_paper.html",
        _content(request) | {"title": t("Seals and inspection", "Sellos e inspección")},
    )


@require_POST
@_only_shown_here
def autosave(request: HttpRequest) -> HttpResponse:
    """Take a draft and forget it; the word ``refuse`` in it shows how a refusal looks."""
    if "refuse" in request.POST.get("answer", ""):
        reason = t("Not saved: this profile was submitted.", "No se guardó: el perfil ya se envió.")
        return HttpResponse(reason, status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


_ANSWERS = (
    "The guard at the gate checks each seal by hand before a truck leaves. The number is written "
    "into a log that is kept for one year.",
    "The shift lead at the gate checks each ISO 17712 seal by view, verify, tug and twist before a "
    "truck leaves. The number is written into a log that is kept for two years.",
)
_RESPUESTAS = (
    "El guardia de la caseta revisa cada sello a mano antes de que salga un camión. El número se "
    "anota en una bitácora que se guarda un año.",
    "El jefe de turno revisa en la caseta cada sello ISO 17712: lo mira, verifica, jala y gira "
    "antes de que salga un camión. El número se anota en una bitácora que se guarda dos años.",
)


def _nav() -> list[NavItem]:
    here = reverse("ui_kit")
    return [
        NavItem(t("Queue", "Pendientes"), here, "list", True, 14, t("due", "por atender")),
        NavItem(t("Members", "Miembros"), here, "groups"),
        NavItem(
            t("Vetting", "Investigación"), here, "verified_user", False, 3, t("open", "abiertas")
        ),
        NavItem(t("Calendar", "Calendario"), here, "calendar_today"),
        NavItem(t("Rules", "Reglas"), here, "assessment"),
        NavItem(t("Record", "Registro"), here, "history"),
    ]


def _header() -> Header:
    here = reverse("ui_kit")
    return Header(
        person="Ana Lucía Ferrer",
        role=t("Supply chain security specialist", "Especialista en seguridad"),
        accounts=(
            Choice("Cóndor Imports, Inc.", here, True, t("Importer", "Importador")),
            Choice("Río Bravo Trucking", here, False, t("Highway carrier", "Transportista")),
        ),
        search_href=here,
        search_label=t("Search members, rules, events", "Buscar miembros, reglas, eventos"),
        inbox_href=here,
        inbox_count=4,
        person_links=(Choice(t("Sign-in and keys", "Acceso y llaves"), here),),
    )


def _content(request: HttpRequest) -> dict[str, Any]:
    here = reverse("ui_kit")
    event = f"{here}#event"
    return {
        "title": t("The pieces of a page", "Las piezas de una página"),
        "nav": _nav(),
        "crumbs": [Crumb("Cóndor Imports, Inc.", here), Crumb(t("Pieces", "Piezas"))],
        "header": _header(),
        "page_tabs": [
            Tab(t("Profile", "Perfil"), here, True),
            Tab(t("Evidence", "Evidencia"), here, count=12),
            Tab(t("Standing", "Situación"), here),
        ],
        "statuses": _statuses(here),
        "clocks": _clocks(here),
        "moments": [
            Moment(
                date(2026, 5, 3),
                t("Set by T08, certification", "Lo fijó T08, certificación"),
                event,
            ),
            Moment(datetime(2026, 5, 3, 18, 32, tzinfo=UTC)),
        ],
        "facts": _facts(event),
        "steps": [
            Step(t("Eligibility", "Elegibilidad"), "done", here),
            Step(t("Company", "Empresa"), "done", here),
            Step(
                t("Agreement", "Acuerdo"),
                "current",
                note=t("an officer signs", "firma un directivo"),
            ),
            Step(t("Profile", "Perfil")),
            Step(t("Submit", "Enviar")),
        ],
        "lines": [
            CheckLine(t("Seals meet ISO 17712", "Los sellos cumplen ISO 17712"), "yes"),
            CheckLine(
                t("A written procedure exists", "Hay un procedimiento escrito"),
                "no",
                t("The document has no date.", "El documento no tiene fecha."),
                here,
            ),
            CheckLine(t("Broken seals are reported", "Se reportan sellos rotos"), "unknown"),
        ],
        "entries": _entries(here, event),
        "gates": _gates(here),
        "why_example": _explanation(),
        "old_answer": t(_ANSWERS[0], _RESPUESTAS[0]),
        "new_answer": t(_ANSWERS[1], _RESPUESTAS[1]),
        "queue": _queue(request, here),
        "nothing_yet": Empty(
            t("No evidence yet", "Aún no hay evidencia"),
            t(
                "Add the first document: the written seal procedure answers six criteria at once.",
                "Agregue el primer documento: el procedimiento de sellos sirve a seis criterios.",
            ),
            Link(t("Add a document", "Agregar un documento"), here),
        ),
    }


def _statuses(here: str) -> list[Status]:
    return [
        Status(
            t("Certified", "Certificado"),
            "good",
            date(2026, 5, 3),
            t("by the director", "por la directora"),
            here,
            t("Profile and vetting passed.", "El perfil y la investigación se aprobaron."),
        ),
        Status(t("In review", "En revisión"), "waiting", date(2026, 10, 2), "A. Ferrer"),
        Status(t("Returned", "Devuelto"), "warning", date(2026, 11, 1), why_href=here),
        Status(t("Suspended", "Suspendido"), "bad", date(2026, 9, 12), why_href=here),
        Status(t("Draft", "Borrador"), "neutral"),
        Status(t("Withdrawn", "Retirado"), "ended", date(2025, 12, 31)),
    ]


def _clocks(here: str) -> list[Clock]:
    certify = t("certify", "certificar")
    law = "6 U.S.C. 964"
    return [
        Clock(42, date(2027, 1, 5), 90, certify, source=law, href=here),
        Clock(12, date(2026, 12, 6), 90, certify, source=law, href=here),
        Clock(-3, date(2026, 11, 21), 90, certify, source=law, href=here, state="overdue"),
        Clock(
            30,
            date(2026, 12, 24),
            90,
            certify,
            source=law,
            state="stopped",
            reason=t(
                "Outage of 3 to 9 November, by decree",
                "Interrupción del 3 al 9 de noviembre, por decreto",
            ),
        ),
        Clock(None, date(2026, 11, 1), 90, certify, state="met", met_on=date(2026, 10, 20)),
    ]


def _facts(event: str) -> list[Pair]:
    return [
        Pair(t("Entity type", "Tipo de entidad"), t("U.S. importer", "Importador de EE. UU.")),
        Pair(
            t("Member since", "Miembro desde"),
            Moment(date(2022, 5, 3), t("Set by T08", "Lo fijó T08"), event),
        ),
        Pair(
            t("Specialist", "Especialista"),
            Link("A. Ferrer", event, t("Newark office", "Oficina de Newark")),
        ),
        Pair(t("Import entries in a year", "Importaciones en un año"), Number(12_480)),
        Pair(t("Value", "Valor"), Money(Decimal("1250000.5"), "USD")),
        Pair(
            t("Agreement", "Acuerdo"),
            Hash(_DIGEST),
            t("signed by an officer", "firmado por un directivo"),
        ),
        Pair(t("Bond", "Fianza"), None),
    ]


def _entries(here: str, event: str) -> list[TimelineEntry]:
    set_by = t("Recorded that day by the member", "Registrado ese día por el miembro")
    return [
        TimelineEntry(
            t("Applied", "Solicitó"), "past", Moment(date(2026, 7, 1), set_by, event), why_href=here
        ),
        TimelineEntry(
            t("Profile submitted", "Perfil enviado"),
            "past",
            Moment(date(2026, 10, 7), set_by, event),
            t("34 criteria, 41 documents", "34 criterios, 41 documentos"),
        ),
        TimelineEntry(
            t("Review by the office", "Revisión de la oficina"),
            "present",
            Moment(date(2026, 11, 24)),
            clock=_clocks(here)[0],
            why_href=here,
        ),
        TimelineEntry(
            t("Validation visit", "Visita de validación"),
            "future",
            Moment(date(2027, 10, 7)),
            t("within one year of certification", "dentro de un año de la certificación"),
            why_href=here,
        ),
    ]


def _explanation() -> Explanation:
    return Explanation(
        "all of",
        Truth.UNKNOWN,
        None,
        (
            Explanation("office.is_staffed is yes", Truth.YES, True),
            Explanation(
                "any of",
                Truth.UNKNOWN,
                None,
                (
                    Explanation("trade.is_active is yes", Truth.NO, False),
                    Explanation("trade.years_importing is at least 1", Truth.UNKNOWN),
                ),
            ),
        ),
    )


def _gates(here: str) -> list[Gate]:
    return [
        Gate(t("Profile approved", "Perfil aprobado"), "yes", source="GAO-17-84", confidence="P"),
        Gate(
            t("Vetting passed within the last year", "Investigación aprobada en el último año"),
            "no",
            t("One check is open: watch lists.", "Falta una consulta: listas de control."),
            "6 U.S.C. 964",
            "S",
            here,
        ),
        Gate(
            t("Eligible as an importer", "Elegibilidad como importador"),
            "cannot_tell",
            t(
                "Years of importing are not recorded.",
                "No se registraron los años como importador.",
            ),
            "CBP",
            "P",
            "",
            _explanation(),
        ),
    ]


def _queue(request: HttpRequest, here: str) -> Table:
    columns = (
        Column("member", t("Member", "Miembro"), is_sortable=True),
        Column("act", t("What is due", "Qué se espera")),
        Column("clock", t("Clock", "Plazo"), is_sortable=True),
        Column("status", t("Status", "Estado")),
        Column("touched", t("Last touch", "Última acción")),
        Column("answers", t("Answers", "Respuestas"), is_number=True),
    )
    filters = (
        Filter(
            "of",
            t("Whose", "De quién"),
            (
                Option("mine", t("Mine", "Míos"), 14),
                Option("office", t("My office", "Mi oficina"), 61),
            ),
        ),
    )
    query = TableQuery.read(request.GET, columns=columns, filters=filters, sort="clock")
    return Table(
        caption=t("Queue of the week", "Pendientes de la semana"),
        columns=columns,
        rows=() if query.text else _queue_rows(here),
        query=query,
        filters=filters,
        next_cursor=("2026-12-31", 51),
        total=61,
        export_href=f"{here}?export=csv",
        search_label=t("Search this queue", "Buscar en esta lista"),
        views=(
            Choice(t("Due this week", "Esta semana"), here, True),
            Choice(t("Waiting for members", "En espera de miembros"), here),
        ),
        bulk=Bulk(here, (("assign", t("Assign to me", "Asignarme")),)),
        table_id="queue",
    )


def _queue_rows(here: str) -> list[Row]:
    clocks = _clocks(here)
    statuses = _statuses(here)
    review = t("Decide on the profile", "Resolver sobre el perfil")
    late, week = t("Overdue", "Vencidos"), t("Due this week", "Esta semana")

    def row(
        name: str,
        kind: str,
        act: str,
        clock: Clock,
        status: Status,
        day: int,
        group: str,
        count: int,
    ) -> Row:
        cells: dict[str, object] = {
            "member": name,
            "act": Lines((act, Muted(kind))),
            "clock": clock,
            "status": Status(status.word, status.tone),
            "touched": date(2026, 11, day),
            "answers": Number(count),
        }
        return Row(cells, href=here, pick=name, group=group)

    importer, carrier = t("Importer", "Importador"), t("Highway carrier", "Transportista")
    vet = t("Record the watch list check", "Registrar la consulta de listas")
    return [
        row("Cóndor Imports, Inc.", importer, review, clocks[2], statuses[1], 20, late, 34),
        row("Río Bravo Trucking", carrier, vet, clocks[1], statuses[1], 18, week, 128),
        row("Blue Harbor Trading LLC", importer, review, clocks[0], statuses[2], 3, week, 1204),
        row("深圳联运物流有限公司", carrier, vet, clocks[3], statuses[3], 9, week, 31),
    ]
