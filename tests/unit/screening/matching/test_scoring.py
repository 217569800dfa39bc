"""What two names score: order of classes of variation, fixed roles, exact numbers, explanation."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from greenlane.screening.explain import explain_names, score_pairs
from greenlane.screening.records import Kind

PERSON, ORGANIZATION, VESSEL = Kind.PERSON, Kind.ORGANIZATION, Kind.VESSEL


def score(subject: str, listed: str, kind: Kind = PERSON) -> float:
    return score_pairs([(subject, kind, listed, kind)])[0]


@pytest.mark.parametrize(
    ("subject", "listed", "kind"),
    [
        ("Dimitri Arkadovich Belenkov", "BELENKOV, Dmitry Arkadyevich", PERSON),
        ("Bill Harrowgate", "HARROWGATE, William", PERSON),
        ("R. Varnholm", "VARNHOLM, Rasmus", PERSON),
        ("Dr. Rasmus Varnholm", "VARNHOLM, Rasmus", PERSON),
        ("Rasmus Varnholm", "VARNHOLM, Rasmus Oluf", PERSON),
        ("RasmusVarnholm", "VARNHOLM, Rasmus", PERSON),
        ("Расмус Варнхольм", "VARNHOLM, Rasmus", PERSON),
        ("Tindelwick Shipping LLC", "Tindelwick Shipping OOO", ORGANIZATION),
        ("Tindelwick Shpg Co. Ltd", "Tindelwick Shipping Company Limited", ORGANIZATION),
        ("Tindelwick Shipping - Dubai Branch", "Tindelwick Shipping", ORGANIZATION),
        ("M/V Tindelwick", "TINDELWICK", VESSEL),
        ("TINDELWICK VII", "TINDELWICK 7", VESSEL),
        ("Mg Thura Varnholm", "Varnholm, Maung Thura", PERSON),
        ("Ana Glez. Varnholm", "GONZALEZ VARNHOLM, Ana", PERSON),
        ("Vakhari Joint Partnership", "TAZAMONI VAKHARI VA SHORAKA", ORGANIZATION),
        ("Tindelwick Aviation Concern", "Tindelwick Aviation Holding", ORGANIZATION),
    ],
)
def test_variations_of_one_name_reach_the_review_level(
    subject: str, listed: str, kind: Kind
) -> None:
    assert score(subject, listed, kind) >= 0.5


@pytest.mark.parametrize(
    ("subject", "listed", "kind"),
    [
        ("Rasmus Varnholm", "VARNHOLM, Helene", PERSON),
        ("Sergey Viktorovich Belenkov", "Sergey Borisovich Belenkov", PERSON),
        ("TINDELWICK 3", "TINDELWICK 7", VESSEL),
        ("11420 CORP.", "11421 CORP.", ORGANIZATION),
        ("11420 CORP.", "CORP.", ORGANIZATION),
        ("Emma LLC", "Tindelwick LLC", ORGANIZATION),
        ("Northern Copper Trading LLC", "Northern Timber Trading LLC", ORGANIZATION),
    ],
)
def test_names_that_contradict_stay_below_the_alert_level(
    subject: str, listed: str, kind: Kind
) -> None:
    assert score(subject, listed, kind) < 0.6


def test_a_ladder_of_ever_worse_matches_scores_ever_less() -> None:
    ladder = [
        "VARNHOLM, Rasmus Oluf",
        "Rasmus Oluf Varnholm",
        "Rasmus Oluf Varnhulm",
        "Rasmus Varnhulm",
        "Rasmus Varnelund",
        "Rasmus Petersen",
    ]

    scores = [score(name, "VARNHOLM, Rasmus Oluf") for name in ladder]

    assert all(better > worse for better, worse in pairwise(scores))


def test_only_names_that_read_the_same_score_one() -> None:
    assert score("varnholm, RASMUS", "VARNHOLM, Rasmus") == 1.0
    assert score("Rasmus Varnholm", "VARNHOLM, Rasmus") < 1.0
    assert score("Mr Rasmus Varnholm", "Rasmus Varnholm") < 1.0


def test_a_missing_word_costs_by_the_side_that_lacks_it() -> None:
    longer, shorter = "Rasmus Oluf Varnholm", "Rasmus Varnholm"

    assert score(longer, shorter) != score(shorter, longer)


def test_an_arabic_spelling_finds_the_latin_one_by_its_consonants() -> None:
    assert score("رشيد حمداني", "HAMDANI, Rashid") > score("رشيد حمداني", "KARIMOV, Rashid")


@pytest.mark.parametrize(
    ("subject", "listed", "stranger"),
    [
        ("Расмус Белёнков", "BELENKOV, Rasmus", "BELTSOV, Rasmus"),
        ("رشيد حمداني", "HAMDANI, Rashid", "KARIMOV, Rashid"),
        ("משה כץ", "KATZ, Moshe", "LEVIN, Moshe"),
        ("Νικόλαος Παπαδόπουλος", "PAPADOPOULOS, Nikolaos", "PAPANDREOU, Nikolaos"),
        ("习近平", "XI, Jinping", "XI, Zhongxun"),
        ("Teng Hsiao-p'ing", "DENG, Xiaoping", "DENG, Yingchao"),
        ("Chou En-lai", "ZHOU, Enlai", "ZHOU, Zongren"),
        ("김정은", "KIM, Jong Un", "KIM, Yong Nam"),
        ("이명박", "LEE, Myung-bak", "LEE, Hae-chan"),
    ],
)
def test_a_name_in_another_script_or_romanization_finds_its_own(
    subject: str, listed: str, stranger: str
) -> None:
    assert score(subject, listed) >= 0.5
    assert score(subject, listed) > score(subject, stranger) + 0.2


def test_an_explanation_names_what_was_paired() -> None:
    [account] = explain_names(
        [("Bill R. Harrowgate 3", ORGANIZATION, "William Harrowgate 4", ORGANIZATION)]
    )

    how = {(p.subject, p.listed): p.how for p in account.pairings}
    assert how["bill", "william"] == "group"
    assert how["harrowgate", "harrowgate"] == "same"
    assert how["3", "4"] == "number_contrary"


COMPARED = (
    ("Rasmus Varnholm", "VARNHOLM, Rasmus Oluf"),
    ("Tindelwick Shpg Limted", "Tindelwick Shipping Limited"),
    ("محمد علي", "Mohamed Ali"),
    ("JC Harrowgate", "Jean-Claude Harrowgate"),
    ("Abdelrahman al-Hamdani", "HAMDANI, 'Abd al-Rahman"),
    ("KUM SONG VII", "KUM SONG 7"),
    ("김정은", "KIM, Jong Un"),
    ("", "x"),
)


def test_plain_python_scores_as_compiled_code_does() -> None:
    program = (
        "from greenlane.screening.explain import score_pairs\n"
        "from greenlane.screening.kernel.jit import IS_COMPILED\n"
        "from greenlane.screening.records import Kind\n"
        "assert not IS_COMPILED\n"
        f"pairs = {COMPARED!r}\n"
        "for kind in Kind:\n"
        "    print(score_pairs([(a, kind, b, kind) for a, b in pairs]))\n"
    )

    plain = subprocess.run(
        [sys.executable, "-c", program],
        env={"GREENLANE_SCREENING_COMPILED": "0", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    here = [score_pairs([(a, kind, b, kind) for a, b in COMPARED]) for kind in Kind]
    assert plain.splitlines() == [str(row) for row in here]
