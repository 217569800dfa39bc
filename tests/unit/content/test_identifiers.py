"""Identifiers: their normal form, what is refused and why, and the code CBP's rule builds."""

from __future__ import annotations

import string

import pytest

from greenlane.content.identifiers import (
    MAX_LENGTH,
    SCHEMES,
    Identifier,
    NoSuggestion,
    UnknownScheme,
    WrongIdentifier,
    is_well_formed,
    mid_doubt,
    normalize,
    suggest_mid,
)


def refused(scheme: str, text: str) -> WrongIdentifier:
    with pytest.raises(WrongIdentifier) as caught:
        normalize(scheme, text)
    return caught.value


@pytest.mark.parametrize(
    ("scheme", "text", "value"),
    [
        ("ein", "123456789", "12-3456789"),
        ("ein", " 12-3456789 ", "12-3456789"),
        ("ein", "12–3456789", "12-3456789"),  # the dash that word processors make
        ("ior", "12-345678900", "12-345678900"),
        ("ior", "12-3456789-a1", "12-3456789A1"),
        ("ior", "123456789A1", "12-3456789A1"),
        ("ior", "123-45-6789", "123-45-6789"),
        ("ior", "260999-12345", "260999-12345"),
        ("bond", "26c000abc", "26C000ABC"),
        ("scac", "abcd", "ABCD"),
        ("scac", "UP", "UP"),
        ("usdot", "USDOT 01234567", "1234567"),
        ("usdot", "US DOT No. 123", "123"),
        ("usdot", "DOT# 12345678", "12345678"),
        ("rfc", "MAB-930714-8T4", "MAB9307148T4"),
        ("rfc", "gode 561231 gr8", "GODE561231GR8"),
        ("sct", "0901-abc-12345", "0901ABC12345"),
        ("fmc", "12345", "012345"),
        ("fmc", "012345FN", "012345NF"),
        ("fmc", "012345 N", "012345N"),
        ("iata", "5x", "5X"),
        ("iata", "020", "020"),
        ("iata", "23-4 7123/0012", "23471230012"),
        ("mto", "002015", "002015"),
        ("mid", "fr la vie 243 bre", "FRLAVIE243BRE"),
        ("filer_code", "a1b", "A1B"),
        ("duns", "12-345-6789", "123456789"),
        ("lei", "5493 001K JTII GC8Y 1R12", "5493001KJTIIGC8Y1R12"),
        ("gln", "４０１２３４５０００００９", "4012345000009"),
        ("eori", "xi 123456789000", "XI123456789000"),
        ("imo", "IMO 9074729", "9074729"),
        ("imo", "IMO No. 9074729", "9074729"),
        ("container", "CSQU 305438-3", "CSQU3054383"),
    ],
)
def test_spellings_of_one_number_have_one_normal_form(scheme: str, text: str, value: str) -> None:
    found = normalize(scheme, text)

    assert found.value == value
    assert found.scheme == scheme
    assert normalize(scheme, value) == found


@pytest.mark.parametrize(
    ("scheme", "text", "problem", "says"),
    [
        ("ein", "12-345678", "length", "8 characters"),
        ("ein", "12-34567X9", "characters", "do not belong"),
        ("ein", "07-3456789", "part", "begins with 07"),
        ("ein", "00-0000000", "part", "zeros only"),
        ("ior", "12-3456789", "form", "two ways"),
        ("ior", "123456789", "form", "two ways"),
        ("ior", "12345678900", "form", "two ways"),
        ("ior", "12-3456789OZ", "part", "never holds O, I or Z"),
        ("ior", "07-345678900", "part", "begins with 07"),
        ("ior", "000-12-3456", "part", "no such Social Security number"),
        ("ior", "000000-00000", "part", "zeros only"),
        ("ior", "12-34-56", "form", "none of the three forms"),
        ("ior", "12-3456789é", "characters", "do not belong"),
        ("bond", "123", "length", "3 characters"),
        ("bond", "12*4", "characters", "do not belong"),
        ("scac", "ABCDE", "length", "5 characters"),
        ("scac", "A", "length", "1 characters"),
        ("scac", "AB1D", "characters", "do not belong"),
        ("usdot", "MC 123456", "form", "docket number"),
        ("usdot", "123456789", "length", "9 characters"),
        ("usdot", "0000", "part", "zeros only"),
        ("usdot", "12ABC", "characters", "do not belong"),
        ("rfc", "MAB9307148T", "length", "11 characters"),
        ("rfc", "COMG600703", "length", "10 characters"),
        ("rfc", "MAB9313148T4", "part", "no date"),
        ("rfc", "BUEI561231GR8", "part", "first letters are not used"),
        ("rfc", "XAXX010101000", "part", "generic RFC"),
        ("rfc", "XEXX010101000", "part", "generic RFC"),
        ("rfc", "1AB9307148T4", "form", "letters and digits"),
        ("rfc", "MAB930714*T4", "characters", "do not belong"),
        ("sct", "12", "length", "2 characters"),
        ("fmc", "1234567", "length", "7 characters"),
        ("fmc", "0", "part", "zeros only"),
        ("fmc", "12345X", "characters", "do not belong"),
        ("iata", "DLH", "form", "ICAO"),
        ("iata", "12345", "length", "5 characters"),
        ("mto", "12345", "length", "5 characters"),
        ("mid", "FR", "characters", "do not belong"),
        ("mid", "FRA", "length", "3 characters"),
        ("mid", "FRLAVIE243BREMOND", "length", "17 characters"),
        ("mid", "2FLAVIE243BRE", "characters", "do not belong"),
        ("filer_code", "000", "part", "zeros only"),
        ("filer_code", "A1", "length", "2 characters"),
        ("duns", "12-345-678", "length", "8 characters"),
        ("duns", "000000000", "part", "zeros only"),
        ("lei", "5493001KJTIIGC8Y1R13", "check_digit", "check digit does not fit"),
        ("lei", "5493001KJTIIGC8Y1RAB", "form", "no digits"),
        ("lei", "5493001KJTIIGC8Y1R1", "length", "19 characters"),
        ("gln", "4012345000008", "check_digit", "check digit does not fit"),
        ("gln", "40123450", "length", "8 characters"),
        ("eori", "QQ123456", "part", "QQ, which is no country"),
        ("eori", "DE1234567890123456", "length", "18 characters"),
        ("eori", "123456", "characters", "do not belong"),
        ("imo", "9074728", "check_digit", "check digit does not fit"),
        ("imo", "907472", "length", "6 characters"),
        ("container", "MSKU1234561", "check_digit", "check digit does not fit"),
        ("container", "MSKX1234565", "form", "U, J or Z"),
        ("container", "MSKU123456", "length", "10 characters"),
        ("container", "CSQU30É4383", "characters", "do not belong"),
    ],
)
def test_each_refusal_says_what_is_wrong_and_what_it_should_look_like(
    scheme: str, text: str, problem: str, says: str
) -> None:
    error = refused(scheme, text)

    assert (error.scheme, error.problem) == (scheme, problem)
    assert says in error.message
    assert f"example: {SCHEMES[scheme].examples[0]}" in error.message
    assert f"ejemplo: {SCHEMES[scheme].examples[0]}" in error.what.in_("es")
    assert not is_well_formed(scheme, text)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_examples_pass_and_the_empty_and_the_endless_do_not(scheme: str) -> None:
    for example in SCHEMES[scheme].examples:
        assert is_well_formed(scheme, example)
    for nothing in ("", "   ", "\u3000"):
        assert refused(scheme, nothing).problem == "empty"
    assert refused(scheme, "1" * (MAX_LENGTH + 1)).problem == "too_long"
    assert refused(scheme, "--..--").problem in {"characters", "form"}
    assert refused(scheme, "AB\x00CD").problem == "characters"


def test_numbers_of_a_person_are_marked_so_that_they_are_sealed() -> None:
    assert normalize("ior", "123-45-6789") == Identifier("ior", "123-45-6789", "ssn", True)
    assert normalize("rfc", "GODE561231GR8").is_personal
    assert normalize("rfc", "GODE561231GR8").kind == "person"
    assert not normalize("rfc", "MAB9307148T4").is_personal
    assert not normalize("ior", "12-345678900").is_personal


@pytest.mark.parametrize(
    ("scheme", "text"),
    [("ior", "000-45-6789"), ("rfc", "GODE561331GR8"), ("ein", "07-3456789")],
)
def test_no_message_repeats_the_number(scheme: str, text: str) -> None:
    error = refused(scheme, text)

    for words in error.what.by_language.values():
        assert text not in words
        assert text.replace("-", "") not in words


@pytest.mark.parametrize(
    ("scheme", "text", "says"),
    [
        ("scac", "ABCU", "mark containers"),
        ("rfc", "VACE460910SX6", "last character"),
        ("eori", "CH123456", "TIN"),
        ("mid", "CAHYEMET1145TOR", "province"),
        ("mid", "GZABCDEF12GAZ", "no ISO country code"),
    ],
)
def test_what_is_only_unusual_passes_with_a_doubt(scheme: str, text: str, says: str) -> None:
    found = normalize(scheme, text)

    assert len(found.doubts) == 1
    assert says in found.doubts[0].in_("en")
    assert found.doubts[0].in_("es") != found.doubts[0].in_("en")


def test_an_unknown_scheme_names_those_that_are_known() -> None:
    with pytest.raises(UnknownScheme, match="svi") as caught:
        normalize("svi", "x")

    assert "container" in caught.value.message


@pytest.mark.parametrize(
    ("name", "address", "city", "country", "code"),
    [
        # The rule's own examples, taken apart and put together again.
        ("La Vie de France", "243 Rue de la Payees", "Bremond", "FR", "FRLAVIE243BRE"),
        ("20th Century Fox", "5 Ricardo Munoz Suite 5880", "Caracas", "VE", "VE20TCEN5880CAR"),
        ("The E.K. Rodgers Companies", "One World Trade Center", "London", "GB", "GBEKRODLON"),
        ("N. Minami & Co., Ltd.", "2-6, 8-Chome Isogami-Dori", "Kobe", "JP", "JPMINCO26KOB"),
        ("Companhia Textil Karsten", "Calle Grande 25-27", "Lisbon", "PT", "PTCOMTEX2527LIS"),
        ("Murla-Praxiteles Inc.", "", "Athens", "GR", "GRMURINCATH"),
        ("Hyeon Metals", "11455 Main Street Suite 9999", "Toronto", "CA-ON", "XOHYEMET1145TOR"),
        ("Hyeon Metals", "11455 Main Street", "Toronto", "XO", "XOHYEMET1145TOR"),
        ("Amalgamated Plastics Corp.", "", "Lyon", "FR", "FRAMAPLALYO"),
        ("Bergstrom", "", "Lyon", "FR", "FRBERLYO"),
        ("A.B.C. Company", "", "Lyon", "FR", "FRABCCOMLYO"),
        ("A B C Company", "", "Lyon", "FR", "FRABCCOMLYO"),
        ("O.A.S.I.S. Corp.", "", "Lyon", "FR", "FROASCORLYO"),
        ("Dr. S.A. Smith", "", "Lyon", "FR", "FRDRSALYO"),
        ("Shavings B L Inc.", "", "Lyon", "FR", "FRSHABLLYO"),
        ("The Garment and Textiles Company", "", "Lyon", "FR", "FRGARTEXLYO"),
        ("Rawles-Aden Corp.", "", "Lyon", "FR", "FRRAWCORLYO"),
        ("Concept 2000", "", "Lyon", "FR", "FRCON200LYO"),
        ("O'Neill", "12,34,56 Akasaka Road", "Tokyo", "JP", "JPONE1234TOK"),
        ("O’Neill", "12-34 56 Akasaka Road", "Tokyo", "JP", "JPONE1234TOK"),
        ("Bergstrom", "7 12th Street", "St. Michel", "FR", "FRBER7STM"),
        ("Bergstrom", "", "18-Mile High", "FR", "FRBERMIL"),
        ("Bergstrom", "", "The Hague", "NL", "NLBERHAG"),
        ("PT Morich Indo Fashion", "", "Jakarta", "ID", "IDMORINDJAK"),
        ("P.T. Morich Indo Fashion", "", "Jakarta", "id", "IDMORINDJAK"),
        ("OOO Severny Les", "", "Moscow", "RU", "RUSEVLESMOS"),
        ("PT Morich Indo Fashion", "", "Oslo", "DK", "DKPTMOROSL"),
        ("Fabrica de Artigos de Vestuario Jump High Ltd", "", "Macau", "MO", "MOJUMHIGMAC"),
        # Letters with accents, and the dashes of word processors.
        ("Ñandú Łódź", "Nº 25–27", "São Paulo", "BR", "BRNANLOD2527SAO"),
        ("Straße & Söhne", "", "Köln", "DE", "DESTRSOHKOL"),
        ("Maquila del Norte, S.A. de C.V.", "Blvd. Díaz 1250-B", "León", "MX", "MXMAQDEL1250LEO"),
        ("Bergstrom", "", "A Coruña", "ES", "ESBERCOR"),
    ],
)  # fmt: skip
def test_the_rule_builds_the_code_from_name_and_address(
    name: str, address: str, city: str, country: str, code: str
) -> None:
    built = suggest_mid(name, address, city, country)

    assert built == code
    assert normalize("mid", built).doubts == ()


@pytest.mark.parametrize(
    ("name", "city", "country", "says"),
    [
        ("深圳工厂", "Shenzhen", "CN", "name holds no word in Latin letters"),
        ("The", "Shenzhen", "CN", "name holds no word in Latin letters"),
        ("Acme", "深圳", "CN", "city holds no word in Latin letters"),
        ("Acme", "518000", "CN", "city holds no word in Latin letters"),
        ("Acme", "Toronto", "CA", "needs its province"),
        ("Acme", "Toronto", "CA-ZZ", "needs its province"),
        ("Acme", "Nowhere", "QQ", "no ISO 3166 code"),
        ("Acme", "Nowhere", "", "no ISO 3166 code"),
    ],
)
def test_without_latin_letters_or_country_nothing_is_suggested(
    name: str, city: str, country: str, says: str
) -> None:
    with pytest.raises(NoSuggestion, match=says):
        suggest_mid(name, "1 Street", city, country)

    assert mid_doubt("CNABC", name=name, address="1 Street", city=city, country=country) is None


def test_another_code_that_cbp_holds_is_doubted_and_not_refused() -> None:
    def doubt(held: str) -> object:
        return mid_doubt(
            held,
            name="La Vie de France",
            address="243 Rue de la Payees",
            city="Bremond",
            country="FR",
        )

    assert doubt("FRLAVIE243BRE") is None
    assert doubt("fr lavie 243 bre") is None
    assert "FRLAVIE243BRE" in str(doubt("FRVIEFRA243BRE"))
    assert normalize("mid", "FRVIEFRA243BRE").value == "FRVIEFRA243BRE"


def test_an_address_of_endless_digits_is_read_without_reckoning_with_it() -> None:
    built = suggest_mid("Acme", f"{'9' * 100_000} Street 12", "Lyon", "FR")

    assert built == "FRACM9999LYO"


def test_all_249_countries_are_known_and_nothing_else() -> None:
    letters = string.ascii_uppercase
    pairs = {one + two for one in letters for two in letters}

    known = {pair for pair in pairs if is_well_formed("eori", f"{pair}1")}

    assert len(known - {"XI"}) == 249
    assert {"US", "CA", "MX", "CN", "TW", "XI", "ZW", "AD"} <= known
    assert known.isdisjoint({"EU", "UK", "ZZ", "XX", "AN", "YU", "SU"})
