"""Refusals and rules in the reader's language: titles for codes, days in words."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from greenlane.core.calendar import Period
from greenlane.core.errors import AnyOf, BadInput, Conflict, GreenlaneError
from greenlane.core.facts import Facts
from greenlane.core.lifecycle.decide import Refused
from greenlane.core.rules.evaluate import explain
from greenlane.core.rules.tree import AllOf, AtMost, Beyond, Is, Known, OneOf, Rule, Within
from greenlane.gate.access import the_program
from greenlane.web.ui.reasons import why_tree
from greenlane.web.ui.refusals import is_translated, says
from greenlane.web.ui.rule_words import period_words


def refused() -> Refused:
    return Refused(
        "role.not_allowed",
        "{act} ({title}) is for {roles}; you act as {role}.",
        act="T02",
        title=the_program().transition("T02").title,
        roles=AnyOf(("company_officer", "operator")),
        role="consultant",
    )


class TestRefusals:
    def test_the_message_is_english_with_codes_wherever_there_is_no_page(self) -> None:
        assert refused().message == (
            "T02 (Submit the application) is for company_officer or operator; "
            "you act as consultant."
        )

    def test_a_page_says_it_in_spanish_with_titles(self) -> None:
        with translation.override("es"):
            found = says(refused())

        assert found == (
            "T02 (Enviar la solicitud) corresponde a: Directivo de la empresa u Operador del "
            "sistema; usted actúa como Consultor."
        )

    def test_days_and_statuses_are_words_in_both_languages(self) -> None:
        error = Refused(
            "status.wrong",
            "{act} ({title}) starts from {axis} {statuses}; this account is {status} since {on} "
            "({last}).",
            act="T13",
            title=the_program().transition("T13").title,
            axis="membership",
            statuses=AnyOf(("SUSPENDED",)),
            status="WITHDRAWN",
            on=date(2026, 5, 3),
            last="T16",
        )

        with translation.override("en"):
            english = says(error)
        with translation.override("es"):
            spanish = says(error)

        assert "membership Suspended; this account is Withdrawn since 3 May 2026 (T16)" in english
        assert "membresía: Suspendido; esta cuenta está en: Retirado, desde el 3 de mayo" in spanish

    def test_what_somebody_typed_is_never_taken_for_a_field(self) -> None:
        error = BadInput("The file {name!r} is empty. Choose the file again.", name="{act}.pdf")

        with translation.override("es"):
            assert says(error) == "El archivo “{act}.pdf” está vacío. Elija el archivo de nuevo."
        assert says(BadInput("Nothing {here} is filled in.")) == "Nothing {here} is filled in."

    def test_a_default_sentence_is_translated_too(self) -> None:
        with translation.override("es"):
            assert says(Conflict()).startswith("Alguien cambió este registro mientras tanto.")

    def test_a_sentence_without_spanish_is_said_in_english_and_known_to_be_so(self) -> None:
        error = GreenlaneError("Nobody translated this.")

        with translation.override("es"):
            assert says(error) == "Nobody translated this."
            assert not is_translated(error)
        with translation.override("en"):
            assert is_translated(error)


class TestRules:
    @pytest.mark.parametrize(
        ("rule", "spanish"),
        [
            (
                Is("application.agreement_is_signed", True),
                "un directivo firmó el texto vigente del acuerdo",
            ),
            (Is("standing.membership", "SUSPENDED"), "membresía: Suspendido"),
            (
                Is("standing.entity_type", "importer"),
                "tipo de entidad de la cuenta: Importador de los Estados Unidos",
            ),
            (
                AtMost("profile.musts_unanswered", 0),
                "criterios que bloquean, sin respuesta: a lo sumo 0",
            ),
            (
                OneOf("duty.D02", frozenset({"open", "stopped"})),
                "estado de la obligación D02 (Enviar el perfil de seguridad): uno de "
                "abierto, detenido",
            ),
            (Known("trade.last_import_on"), "se conoce: día de la última importación"),
            (
                Within("trade.last_import_on", Period(years=1)),
                "día de la última importación: dentro de 1 año antes del día del acto",
            ),
            (
                Beyond("trade.last_import_on", Period(days=90)),
                "han pasado más de 90 días desde: día de la última importación",
            ),
        ],
    )
    def test_a_leaf_is_said_in_spanish(self, rule: Rule, spanish: str) -> None:
        with translation.override("es"):
            assert why_tree(explain(rule, Facts())).says == spanish

    def test_what_the_record_holds_is_said_in_words(self) -> None:
        facts = Facts({"standing.membership": "SUSPENDED", "debt.is_final_unpaid": False})
        rule = AllOf((Is("standing.membership", "CERTIFIED"), Is("debt.is_final_unpaid", False)))

        with translation.override("es"):
            tree = why_tree(explain(rule, facts))

        assert [part.seen for part in tree.parts] == ["Suspendido", "no"]

    @pytest.mark.parametrize(
        ("period", "english", "spanish"),
        [
            (Period(days=90), "90 days", "90 días"),
            (Period(years=1), "1 year", "1 año"),
            (Period(months=3, days=1), "3 months 1 day", "3 meses 1 día"),
            (Period(), "0 days", "0 días"),
        ],
    )
    def test_a_length_of_time_has_its_own_words(
        self, period: Period, english: str, spanish: str
    ) -> None:
        with translation.override("en"):
            assert period_words(period) == english
        with translation.override("es"):
            assert period_words(period) == spanish
