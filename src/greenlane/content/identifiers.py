"""Checks and normalizes the numbers that identify a company, a factory, a ship or a container.

Only the form is checked: that a number exists, and whose it is, its issuer alone can say. Nothing
here is decided by a guess: what is merely unusual passes with a doubt, in words, beside it. No
message repeats the number given, because some of them are a person's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, NoReturn

from stdnum import ean, imo, iso6346, lei
from stdnum.exceptions import ValidationError
from stdnum.mx import rfc
from stdnum.us import ein, ssn

from greenlane.core.errors import BadInput, NotFound
from greenlane.core.text import Text

#: Longest text that is looked at; every identifier is far shorter, prefixes and dashes included.
MAX_LENGTH = 64

# ISO 3166-1 alpha-2, all officially assigned codes: first letter, then each second letter.
_ISO_3166 = """
A:DEFGILMOQRSTUWXZ B:ABDEFGHIJLMNOQRSTVWYZ C:ACDFGHIKLMNORUVWXYZ D:EJKMOZ E:CEGHRST F:IJKMOR
G:ABDEFGHILMNPQRSTUWY H:KMNRTU I:DELMNOQRST J:EMOP K:EGHIMNPRWYZ L:ABCIKRSTUVY
M:ACDEFGHKLMNOPQRSTUVWXYZ N:ACEFGILOPRUZ O:M P:AEFGHKLMNRSTWY Q:A R:EOSUW S:ABCDEGHIJKLMNORSTVXYZ
T:CDFGHJKLMNORTVWZ U:AGMSYZ V:ACEGINU W:FS Y:ET Z:AMW
"""
# The European Union, Northern Ireland (XI) and the United Kingdom: who assigns EORI numbers.
_EORI = "AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI"
_COUNTRIES = frozenset(
    row[0] + second for row in _ISO_3166.split() for second in row.partition(":")[2]
)
_EORI_ISSUERS = frozenset(_EORI.split())
# "CA" is no country code of a manufacturer identification code; each province has its own.
# Source: Appendix to 19 CFR part 102, paragraph 2.
_PROVINCES: Mapping[str, str] = MappingProxyType(
    {
        "AB": "XA", "BC": "XC", "MB": "XM", "NB": "XB", "NL": "XW", "NT": "XT", "NS": "XN",
        "NU": "XV", "ON": "XO", "PE": "XP", "QC": "XQ", "SK": "XS", "YT": "XY",
    }
)  # fmt: skip
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´"), None)
# Latin letters that Unicode does not take apart into a letter and an accent.
_LETTERS = str.maketrans(
    {"Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "ẞ": "SS", "ı": "I"}
)


class WrongIdentifier(BadInput):
    """A number does not have the form of its kind. Compare it with the document it stands on.

    Attributes:
        scheme: Code of the kind, such as ``ein``.
        problem: Stable word for what is wrong: ``empty``, ``too_long``, ``characters``,
            ``length``, ``form``, ``part`` (one part cannot be), ``check_digit``.
        what: What is wrong and what it should look like, in each language.
    """

    code: ClassVar[str] = "identifier.wrong"

    def __init__(self, scheme: str, problem: str, what: Text) -> None:
        self.scheme = scheme
        self.problem = problem
        self.what = what
        super().__init__(str(what))


class UnknownScheme(NotFound):
    """There is no rule for this kind of identifier."""

    code: ClassVar[str] = "identifier.unknown_scheme"


class NoSuggestion(BadInput):
    """Name, address, city and country do not suffice for a manufacturer identification code."""

    code: ClassVar[str] = "identifier.no_suggestion"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of identifier: its name, and what one looks like, in words and by examples.

    The examples pass the check; they are specimens from standards, or made up.
    """

    code: str
    title: Text
    shape: Text
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identifier:
    """One number in its normal form.

    Attributes:
        scheme: Code of the kind.
        value: Normal form: two spellings of one number have the same value.
        kind: Variant within the scheme, such as ``ssn`` or ``company``; empty if there is one only.
        is_personal: The number is a natural person's: seal it, and never exchange it.
        doubts: What is unusual about it, in words; a doubt refuses nothing.
    """

    scheme: str
    value: str
    kind: str = ""
    is_personal: bool = False
    doubts: tuple[Text, ...] = ()


def normalize(scheme: str, text: str) -> Identifier:
    """Return the identifier that ``text`` writes, in its normal form.

    Case, spaces, dots and dashes do not matter, where the form is clear without them.

    Args:
        scheme: One of `SCHEMES`.
        text: As somebody typed it or as a file holds it; at most 64 characters.

    Raises:
        UnknownScheme: there is no such scheme.
        WrongIdentifier: the form is wrong; the message says how, and what it should look like.

    Example:
        >>> normalize("gln", "4012345-00000-9").value
        '4012345000009'
    """
    rule = _RULES.get(scheme)
    if rule is None:
        known = ", ".join(SCHEMES)
        raise UnknownScheme(f"There is no kind of identifier {scheme!r}. There are: {known}.")
    return rule(_clean(scheme, text))


def is_well_formed(scheme: str, text: str) -> bool:
    """Tell whether ``text`` has the form of the scheme.

    Raises:
        UnknownScheme: there is no such scheme.
    """
    try:
        normalize(scheme, text)
    except WrongIdentifier:
        return False
    return True


# -- refusing -------------------------------------------------------------------------------------


def _refuse(scheme: str, problem: str, en: str, es: str) -> NoReturn:
    kind = SCHEMES[scheme]
    title, shape, examples = kind.title, kind.shape, ", ".join(kind.examples)
    what = Text(
        {
            "en": f"{title.in_('en')}: {en} It should be {shape.in_('en')}; example: {examples}.",
            "es": f"{title.in_('es')}: {es} Debe tener {shape.in_('es')}; ejemplo: {examples}.",
        }
    )
    raise WrongIdentifier(scheme, problem, what)


def _refuse_length(scheme: str, found: int) -> NoReturn:
    en = f"it has {found} characters without spaces and dashes."
    es = f"tiene {found} caracteres sin espacios ni guiones."
    _refuse(scheme, "length", en, es)


def _refuse_characters(scheme: str) -> NoReturn:
    en = "it holds characters that do not belong there."
    es = "contiene caracteres que no corresponden."
    _refuse(scheme, "characters", en, es)


def _refuse_check_digit(scheme: str) -> NoReturn:
    en = "the check digit does not fit, so at least one character is wrong or two are swapped."
    es = "el dígito verificador no coincide: algún carácter es incorrecto o dos están invertidos."
    _refuse(scheme, "check_digit", en, es)


def _refuse_zeros(scheme: str) -> NoReturn:
    _refuse(scheme, "part", "it consists of zeros only.", "consta solo de ceros.")


def _clean(scheme: str, text: str) -> str:
    """Return the text in capitals and plain dashes; refuse what nobody types."""
    if len(text) > MAX_LENGTH:
        _refuse(scheme, "too_long", "it is far too long.", "es demasiado largo.")
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().upper()
    if not plain:
        _refuse(scheme, "empty", "nothing was given.", "no se indicó nada.")
    if any(unicodedata.category(character)[0] == "C" for character in plain):
        _refuse_characters(scheme)
    return plain


def _compact(text: str, separators: str = " -./") -> str:
    return text.translate(dict.fromkeys(map(ord, separators)))


def _digits(scheme: str, text: str, *lengths: int) -> str:
    """Return the digits of a number of one of the lengths; refuse anything else."""
    number = _compact(text)
    if not re.fullmatch(r"[0-9]+", number):
        _refuse_characters(scheme)
    if len(number) not in lengths:
        _refuse_length(scheme, len(number))
    if not number.strip("0"):
        _refuse_zeros(scheme)
    return number


def _alphanumeric(scheme: str, text: str, shortest: int, longest: int) -> str:
    code = _compact(text)
    if not re.fullmatch(r"[0-9A-Z]+", code):
        _refuse_characters(scheme)
    if not shortest <= len(code) <= longest:
        _refuse_length(scheme, len(code))
    return code


# -- the United States ----------------------------------------------------------------------------


def _ein(text: str) -> Identifier:
    number = _digits("ein", text, 9)
    _check_ein_prefix("ein", number)
    return Identifier("ein", f"{number[:2]}-{number[2:]}")


def _check_ein_prefix(scheme: str, number: str) -> None:
    try:
        ein.get_campus(number)
    except ValidationError:
        en = f"the Internal Revenue Service issues no number that begins with {number[:2]}."
        es = f"el IRS no expide números que empiecen con {number[:2]}."
        _refuse(scheme, "part", en, es)


_IOR_FORMS = (
    ("irs", re.compile(r"([0-9]{2})-([0-9]{7})-?([0-9A-Z]{2})")),
    # Without any dash only a letter in the suffix tells it from a number that CBP assigned.
    ("irs", re.compile(r"([0-9]{2})([0-9]{7})(?=[0-9]?[A-Z])([0-9A-Z]{2})")),
    ("ssn", re.compile(r"([0-9]{3})-([0-9]{2})-([0-9]{4})")),
    ("cbp", re.compile(r"([0-9]{6})-([0-9]{5})")),
)


def _ior(text: str) -> Identifier:
    """Check an importer of record number in one of its three forms (CBP Form 5106).

    The dashes matter: eleven digits alone may be an IRS number with suffix or one that CBP
    assigned, nine may be an IRS number whose suffix is missing or a Social Security number.
    """
    number = _compact(text, " ")
    for kind, form in _IOR_FORMS:
        match = form.fullmatch(number)
        if match:
            return _IOR_KINDS[kind](*match.groups())
    if re.fullmatch(r"[0-9]{2}-?[0-9]{7}|[0-9]{11}", number):
        en = "without its dashes or its suffix it can be read in two ways."
        es = "sin sus guiones o su sufijo se puede leer de dos maneras."
        _refuse("ior", "form", en, es)
    if not re.fullmatch(r"[0-9A-Z-]+", number):
        _refuse_characters("ior")
    en, es = "it has none of the three forms.", "no tiene ninguna de las tres formas."
    _refuse("ior", "form", en, es)


def _irs_importer(prefix: str, serial: str, suffix: str) -> Identifier:
    _check_ein_prefix("ior", prefix + serial)
    if set(suffix) & set("OIZ"):
        en = "the two-character suffix never holds O, I or Z; you may mean 0, 1 or 2."
        es = "el sufijo de dos caracteres nunca lleva O, I ni Z; quizá sea 0, 1 o 2."
        _refuse("ior", "part", en, es)
    return Identifier("ior", f"{prefix}-{serial}{suffix}", "irs")


def _ssn_importer(area: str, group: str, serial: str) -> Identifier:
    number = f"{area}-{group}-{serial}"
    if not ssn.is_valid(number):
        en = "no such Social Security number is issued."
        es = "no se expiden números de seguro social así."
        _refuse("ior", "part", en, es)
    return Identifier("ior", number, "ssn", is_personal=True)


def _cbp_importer(port: str, serial: str) -> Identifier:
    if not (port + serial).strip("0"):
        _refuse_zeros("ior")
    return Identifier("ior", f"{port}-{serial}", "cbp")


_IOR_KINDS: Mapping[str, Callable[..., Identifier]] = MappingProxyType(
    {"irs": _irs_importer, "ssn": _ssn_importer, "cbp": _cbp_importer}
)


def _bond(text: str) -> Identifier:
    return Identifier("bond", _alphanumeric("bond", text, 4, 15))


def _scac(text: str) -> Identifier:
    code = _compact(text)
    if not re.fullmatch(r"[A-Z]+", code):
        _refuse_characters("scac")
    if not 2 <= len(code) <= 4:
        _refuse_length("scac", len(code))
    if len(code) == 4 and code[-1] in "UXZ":
        doubt = Text(
            {
                "en": "Codes that end in U, X or Z mark containers, railcars and chassis, "
                "not carriers.",
                "es": "Los códigos que terminan en U, X o Z identifican contenedores, "
                "carros de ferrocarril y chasís, no transportistas.",
            }
        )
        return Identifier("scac", code, doubts=(doubt,))
    return Identifier("scac", code)


def _usdot(text: str) -> Identifier:
    code = re.sub(r"^(?:US ?)?DOT(?: ?(?:NO|NUMBER))?[ .:#]*", "", text)
    code = _compact(code, " -#")
    if re.fullmatch(r"(?:MC|FF|MX)[0-9]+", code):
        en = "that is a docket number (MC, FF or MX), not the U.S. DOT number."
        es = "ese es un número de expediente (MC, FF o MX), no el número DOT."
        _refuse("usdot", "form", en, es)
    # The registration system shows numbers with letters at the end since 2026; both forms pass.
    match = re.fullmatch(r"0*([0-9]+?)([A-Z]{0,2})", code)
    if not match:
        _refuse_characters("usdot")
    number, suffix = match.groups()
    if number == "0":
        _refuse_zeros("usdot")
    if len(number) > 8:
        _refuse_length("usdot", len(number))
    return Identifier("usdot", number + suffix)


def _fmc(text: str) -> Identifier:
    match = re.fullmatch(r"([0-9]+)(NF|FN|N|F)?", _compact(text))
    if not match:
        _refuse_characters("fmc")
    number, suffix = match.group(1), (match.group(2) or "").replace("FN", "NF")
    if not number.strip("0"):
        _refuse_zeros("fmc")
    if len(number) > 6:
        _refuse_length("fmc", len(number))
    # The Commission shows six digits, people leave leading zeros out.
    return Identifier("fmc", number.zfill(6) + suffix)


def _mto(text: str) -> Identifier:
    return Identifier("mto", _digits("mto", text, 6))


def _filer_code(text: str) -> Identifier:
    code = _alphanumeric("filer_code", text, 3, 3)
    if code == "000":
        _refuse_zeros("filer_code")
    return Identifier("filer_code", code)


# -- Mexico ---------------------------------------------------------------------------------------

#: What invoices carry when the buyer has no RFC: nobody's number.
_GENERIC_RFC = frozenset({"XAXX010101000", "XEXX010101000"})
_RFC_LENGTHS: Mapping[int, str] = MappingProxyType({12: "company", 13: "person"})


def _rfc(text: str) -> Identifier:
    number = _compact(text, " -./_")
    if not re.fullmatch(r"[0-9A-Z&Ñ]+", number):
        _refuse_characters("rfc")
    kind = _RFC_LENGTHS.get(len(number))
    if kind is None:
        _refuse_length("rfc", len(number))
    if number in _GENERIC_RFC:
        en = "this is the generic RFC for sales to the public or abroad, no company's own."
        es = "es el RFC genérico para público en general o extranjeros, no el de una empresa."
        _refuse("rfc", "part", en, es)
    head = 3 if kind == "company" else 4
    if not re.fullmatch(rf"[A-Z&Ñ]{{{head}}}[0-9]{{6}}[0-9A-Z]{{3}}", number):
        en = "letters and digits do not stand where they should."
        es = "las letras y los dígitos no están en su lugar."
        _refuse("rfc", "form", en, es)
    if not rfc.is_valid(number):
        en = f"characters {head + 1} to {head + 6} are no date, or the first letters are not used."
        es = (
            f"los caracteres {head + 1} a {head + 6} no forman una fecha, o las primeras letras "
            "no se usan."
        )
        _refuse("rfc", "part", en, es)
    doubts: tuple[Text, ...] = ()
    if not rfc.is_valid(number, validate_check_digits=True):
        # About one in seventy real numbers has a check digit that does not fit.
        doubts = (
            Text(
                {
                    "en": "The last character does not fit the rest; that happens in real numbers, "
                    "but compare it with the tax certificate.",
                    "es": "El último carácter no corresponde con los demás; ocurre en números "
                    "reales, pero compárelo con la constancia de situación fiscal.",
                }
            ),
        )
    return Identifier("rfc", number, kind, is_personal=kind == "person", doubts=doubts)


def _sct(text: str) -> Identifier:
    return Identifier("sct", _alphanumeric("sct", text, 4, 20))


# -- everywhere -----------------------------------------------------------------------------------


def _iata(text: str) -> Identifier:
    code = _compact(text)
    if re.fullmatch(r"(?=.*[A-Z])[0-9A-Z]{2}", code):
        return Identifier("iata", code, "airline")
    if re.fullmatch(r"[A-Z]{3}", code):
        en = "three letters are an ICAO code."
        es = "tres letras son un código OACI."
        _refuse("iata", "form", en, es)
    number = _digits("iata", text, 3, 6, 7, 8, 11)
    return Identifier("iata", number, "airline_prefix" if len(number) == 3 else "agent")


def _duns(text: str) -> Identifier:
    return Identifier("duns", _digits("duns", text, 9))


def _lei(text: str) -> Identifier:
    code = _alphanumeric("lei", text, 20, 20)
    if not code[-2:].isdigit():
        en = "the last two characters are no digits."
        es = "los dos últimos caracteres no son dígitos."
        _refuse("lei", "form", en, es)
    if not lei.is_valid(code):
        _refuse_check_digit("lei")
    return Identifier("lei", code)


def _gln(text: str) -> Identifier:
    number = _digits("gln", text, 13)
    if not ean.is_valid(number):
        _refuse_check_digit("gln")
    return Identifier("gln", number)


def _imo(text: str) -> Identifier:
    number = _digits("imo", re.sub(r"^IMO(?: ?(?:NO|NUMBER))?[ .:#]*", "", text), 7)
    if not imo.is_valid(number):
        _refuse_check_digit("imo")
    return Identifier("imo", number)


def _eori(text: str) -> Identifier:
    code = _compact(text)
    match = re.fullmatch(r"([A-Z]{2})([0-9A-Z]+)", code)
    if not match:
        _refuse_characters("eori")
    country, national = match.groups()
    if len(national) > 15:
        _refuse_length("eori", len(code))
    if country not in _COUNTRIES | {"XI"}:
        en = f"it begins with {country}, which is no country."
        es = f"empieza con {country}, que no es un país."
        _refuse("eori", "part", en, es)
    doubts: tuple[Text, ...] = ()
    if country not in _EORI_ISSUERS:
        doubts = (
            Text(
                {
                    "en": "EORI numbers are assigned by the European Union, Northern Ireland and "
                    "the United Kingdom only; a number of another country may be its TIN.",
                    "es": "Solo la Unión Europea, Irlanda del Norte y el Reino Unido asignan "
                    "números EORI; el de otro país puede ser su TIN.",
                }
            ),
        )
    return Identifier("eori", code, doubts=doubts)


def _container(text: str) -> Identifier:
    code = _compact(text)
    if not re.fullmatch(r"[0-9A-Z]+", code):
        _refuse_characters("container")
    if len(code) != 11:
        _refuse_length("container", len(code))
    if not re.fullmatch(r"[A-Z]{3}[UJZR][0-9]{7}", code):
        en = "it is not three letters, then U, J or Z, then seven digits."
        es = "no son tres letras, luego U, J o Z, y siete dígitos."
        _refuse("container", "form", en, es)
    if not iso6346.is_valid(code):
        _refuse_check_digit("container")
    return Identifier("container", code)


# -- the manufacturer identification code ----------------------------------------------------------


def _mid(text: str) -> Identifier:
    """Check the form only: CBP keeps codes that no rule would build, and those are right."""
    code = _compact(text)
    if not re.fullmatch(r"[A-Z]{2}[0-9A-Z]+", code):
        _refuse_characters("mid")
    if not 4 <= len(code) <= 15:
        _refuse_length("mid", len(code))
    doubts: tuple[Text, ...] = ()
    if code[:2] == "CA":
        doubts = (
            Text(
                {
                    "en": "Canadian codes begin with the letters of the province, such as XO for "
                    "Ontario, not with CA.",
                    "es": "Los códigos canadienses empiezan con las letras de la provincia, como "
                    "XO para Ontario, no con CA.",
                }
            ),
        )
    elif code[:2] not in _COUNTRIES and code[:2] not in _PROVINCES.values():
        # CBP has codes of its own for a few territories; so this is a doubt, not an error.
        doubts = (
            Text(
                {
                    "en": f"{code[:2]} is no ISO country code; check the country.",
                    "es": f"{code[:2]} no es un código de país ISO; verifique el país.",
                }
            ),
        )
    return Identifier("mid", code, doubts=doubts)


#: Words that never count, in a name or in a city.
_ARTICLES = frozenset({"A", "AN", "AND", "OF", "THE"})
#: Forms of company that stand before the name in a country, and tell no two factories apart.
_PREFIXES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "ID": frozenset({"PT"}),
        "RU": frozenset({"JSC", "OAO", "OOO", "ZAO"}),
    }
)
_MACAU_PREFIX = ("FABRICA", "DE", "ARTIGOS", "DE", "VESTUARIO")
_ORDINALS = ("ST", "ND", "RD", "TH")
_AS_INVOICED = "Give it as it stands on the invoice in English."


def suggest_mid(name: str, address: str, city: str, country: str) -> str:
    """Return the manufacturer identification code that CBP's rule builds from name and address.

    A suggestion, never a test: CBP keeps the code it was first given, and two factories may share
    one. Where CBP already holds another code for the factory, that one is right; `mid_doubt` says
    so beside it.

    Args:
        name: Name of the factory in Latin letters, as on the invoice.
        address: Street or box line in Latin letters; may be empty.
        city: City without its postal code.
        country: ISO 3166 alpha-2 code of the country of origin; for Canada with the province
            (``CA-ON``).

    Returns:
        At most 15 capital letters and digits.

    Raises:
        NoSuggestion: no word of name or city is in Latin letters, the country is unknown, or a
            Canadian province is missing.

    Source: Appendix to 19 CFR part 102.

    Example:
        >>> suggest_mid("La Vie de France", "243 Rue de la Payees", "Bremond", "FR")
        'FRLAVIE243BRE'
        >>> suggest_mid("Hyeon Metals", "11455 Main Street Suite 9999", "Toronto", "CA-ON")
        'XOHYEMET1145TOR'
    """
    code = _mid_country(country)
    words = _name_words(name, code)
    if not words:
        raise NoSuggestion(f"The name holds no word in Latin letters. {_AS_INVOICED}")
    town = _city_letters(city)
    if not town:
        raise NoSuggestion(f"The city holds no word in Latin letters. {_AS_INVOICED}")
    return code + "".join(word[:3] for word in words[:2]) + _address_number(address) + town[:3]


def mid_doubt(held: str, *, name: str, address: str, city: str, country: str) -> Text | None:
    """Return a doubt when the code ``held`` is not the one that the rule builds, else None.

    It refuses nothing: a code that CBP holds is right, whatever a rule says. None also when
    nothing can be suggested.
    """
    try:
        suggested = suggest_mid(name, address, city, country)
    except NoSuggestion:
        return None
    if _compact(held.strip().upper()) == suggested:
        return None
    return Text(
        {
            "en": f"From name and address CBP's rule would build {suggested}. If CBP holds the "
            "other code for this factory, keep that one.",
            "es": f"Con el nombre y el domicilio, la regla de CBP formaría {suggested}. Si CBP ya "
            "tiene el otro código para esta planta, conserve ese.",
        }
    )


def _latin(text: str) -> str:
    """Return the text in capitals, accents taken off; other scripts stay and are no letters."""
    apart = unicodedata.normalize("NFKD", text.upper().translate(_DASHES))
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    return plain.translate(_LETTERS).translate(_APOSTROPHES)


def _mid_country(country: str) -> str:
    code = country.strip().upper()
    if code in _PROVINCES.values():
        return code
    land, _, province = code.partition("-")
    if land == "CA":
        if province not in _PROVINCES:
            known = ", ".join(f"CA-{key}" for key in _PROVINCES)
            raise NoSuggestion(f"A Canadian factory needs its province. Write one of {known}.")
        return _PROVINCES[province]
    if land not in _COUNTRIES:
        raise NoSuggestion("The country is no ISO 3166 code. Write two letters, such as MX or CN.")
    return land


def _name_words(name: str, country: str) -> list[str]:
    """Return the words that count: hyphenated parts are one, a run of initials is one."""
    joined = re.sub(r"(?<=[0-9A-Z])-(?=[0-9A-Z])", "", _latin(name))
    words: list[str] = []
    initials = ""
    for piece in [*re.findall(r"[0-9A-Z]+", joined), ""]:
        if len(piece) == 1 and piece.isalpha():
            initials += piece
            continue
        if len(initials) > 1:  # a single initial does not count
            words.append(initials)
        initials = ""
        if piece:
            words.append(piece)
    if country == "MO" and tuple(words[: len(_MACAU_PREFIX)]) == _MACAU_PREFIX:
        words = words[len(_MACAU_PREFIX) :]
    if len(words) > 1 and words[0] in _PREFIXES.get(country, ()):
        words = words[1:]
    return [word for word in words if word not in _ARTICLES]


def _address_number(address: str) -> str:
    """Return the first four digits of the largest number, or nothing.

    Punctuation with digits on both sides vanishes (25-27 is 2527), a space parts numbers, and a
    street's own number (7 12th Street) does not count.
    """
    line = re.sub(r"(?<=[0-9])[^0-9A-Z\s]+(?=[0-9])", "", _latin(address))
    found = [
        number for number, after in re.findall(r"([0-9]+)([A-Z]*)", line) if after not in _ORDINALS
    ]
    # Compared by length first: a hostile address may hold digits without end.
    return max(found, key=lambda n: (len(n.lstrip("0")), n.lstrip("0")), default="")[:4]


def _city_letters(city: str) -> str:
    words = re.findall(r"[A-Z]+", _latin(city))
    return "".join(word for word in words if word not in _ARTICLES)


# -- the register ---------------------------------------------------------------------------------


def _schemes() -> dict[str, Scheme]:
    rows = (
        ("ein", "Employer identification number (EIN)", "Número de identificación patronal (EIN)",
         "nine digits", "nueve dígitos", "12-3456789"),
        ("ior", "Importer of record number (IOR)", "Número de importador registrado (IOR)",
         "an IRS number with a two-character suffix, a Social Security number, or a number that "
         "CBP assigned", "la forma de un número del IRS con sufijo de dos caracteres, de un número "
         "de seguro social o de uno asignado por CBP",
         "12-345678900 123-45-6789 260999-12345"),
        ("bond", "Customs bond number", "Número de fianza aduanera",
         "four to fifteen letters and digits", "de cuatro a quince letras y dígitos", "26C000ABC"),
        ("scac", "Standard carrier alpha code (SCAC)",
         "Código alfabético estándar de transportista (SCAC)",
         "two to four letters", "de dos a cuatro letras", "ABCD"),
        ("usdot", "U.S. DOT number", "Número DOT de EE. UU.",
         "one to eight digits", "de uno a ocho dígitos", "1234567"),
        ("rfc", "Mexican taxpayer number (RFC)", "Registro Federal de Contribuyentes (RFC)",
         "12 characters for a company, 13 for a person",
         "12 caracteres si es persona moral y 13 si es persona física",
         "MAB9307148T4 GODE561231GR8"),
        ("sct", "Number of Mexico's transport ministry (SCT)", "Número de la SCT (hoy SICT)",
         "four to twenty letters and digits", "de cuatro a veinte letras y dígitos",
         "0901ABC12345"),
        ("fmc", "FMC organization or license number", "Número de organización o licencia de la FMC",
         "up to six digits, with N, F or NF behind a license",
         "hasta seis dígitos, con N, F o NF tras una licencia", "012345NF"),
        ("iata", "IATA code", "Código IATA",
         "an airline's two characters or three digits, or an agent's 6, 7, 8 or 11 digits",
         "dos caracteres o tres dígitos de aerolínea, o 6, 7, 8 u 11 dígitos de agente",
         "X9 999 1234567"),
        ("mto", "Marine terminal operator number", "Número de operador de terminal marítima",
         "six digits", "seis dígitos", "012345"),
        ("mid", "Manufacturer identification code (MID)",
         "Código de identificación de fabricante (MID)",
         "a country code and up to thirteen letters and digits",
         "un código de país y hasta trece letras y dígitos", "FRLAVIE243BRE"),
        ("filer_code", "Filer code", "Código de declarante (filer code)",
         "three letters or digits", "tres letras o dígitos", "A1B"),
        ("duns", "DUNS number", "Número DUNS", "nine digits", "nueve dígitos", "12-345-6789"),
        ("lei", "Legal entity identifier (LEI)", "Identificador de entidad jurídica (LEI)",
         "twenty letters and digits, the last two of which are check digits",
         "veinte letras y dígitos, los dos últimos de verificación", "5493001KJTIIGC8Y1R12"),
        ("gln", "Global location number (GLN)", "Número global de localización (GLN)",
         "thirteen digits, the last of which is a check digit",
         "trece dígitos, el último de verificación", "4012345000009"),
        ("eori", "EORI number", "Número EORI",
         "a country code and up to fifteen letters and digits",
         "un código de país y hasta quince letras y dígitos", "DE123456789012345"),
        ("imo", "IMO ship number", "Número OMI del buque",
         "seven digits, the last of which is a check digit",
         "siete dígitos, el último de verificación", "9074729"),
        ("container", "Container number (ISO 6346)", "Número de contenedor (ISO 6346)",
         "three letters of the owner, U, J or Z, six digits and a check digit",
         "tres letras del propietario, U, J o Z, seis dígitos y uno de verificación",
         "CSQU3054383"),
    )  # fmt: skip
    return {
        code: Scheme(
            code,
            Text({"en": en, "es": es}),
            Text({"en": shape, "es": forma}),
            tuple(examples.split()),
        )
        for code, en, es, shape, forma, examples in rows
    }


#: Every kind of identifier that is checked, in the order in which a form asks for them.
SCHEMES: Mapping[str, Scheme] = MappingProxyType(_schemes())

_RULES: Mapping[str, Callable[[str], Identifier]] = MappingProxyType(
    {
        "ein": _ein,
        "ior": _ior,
        "bond": _bond,
        "scac": _scac,
        "usdot": _usdot,
        "rfc": _rfc,
        "sct": _sct,
        "fmc": _fmc,
        "iata": _iata,
        "mto": _mto,
        "mid": _mid,
        "filer_code": _filer_code,
        "duns": _duns,
        "lei": _lei,
        "gln": _gln,
        "eori": _eori,
        "imo": _imo,
        "container": _container,
    }
)
