"""Countries as the lists write them, as ISO 3166 alpha-2 codes.

Nothing here guesses: a name that is not in the table has no code.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

# alpha-2, alpha-3, then the short name and the other names met on watch lists; a long row goes on
# under the same codes.
# Source: ISO 3166-1; XK (Kosovo) is the user-assigned code that the lists themselves use.
_TABLE = """
AD AND Andorra
AE ARE United Arab Emirates|UAE
AF AFG Afghanistan
AG ATG Antigua and Barbuda
AI AIA Anguilla
AL ALB Albania
AM ARM Armenia
AO AGO Angola
AQ ATA Antarctica
AR ARG Argentina
AS ASM American Samoa
AT AUT Austria
AU AUS Australia
AW ABW Aruba
AX ALA Aland Islands
AZ AZE Azerbaijan
BA BIH Bosnia and Herzegovina|Bosnia-Herzegovina|Bosnia
BB BRB Barbados
BD BGD Bangladesh|People's Republic of Bangladesh
BE BEL Belgium
BF BFA Burkina Faso
BG BGR Bulgaria
BH BHR Bahrain
BI BDI Burundi
BJ BEN Benin
BL BLM Saint Barthelemy
BM BMU Bermuda
BN BRN Brunei
BO BOL Bolivia
BQ BES Bonaire, Sint Eustatius and Saba|Caribbean Netherlands
BR BRA Brazil
BS BHS Bahamas
BT BTN Bhutan
BV BVT Bouvet Island
BW BWA Botswana
BY BLR Belarus|Byelorussia
BZ BLZ Belize
CA CAN Canada
CC CCK Cocos Islands|Keeling Islands
CD COD Democratic Republic of the Congo|DR Congo|DRC|Congo Kinshasa|Zaire|Congo Dem. Rep.
CF CAF Central African Republic
CG COG Congo|Congo Brazzaville
CH CHE Switzerland
CI CIV Cote d'Ivoire|Cote d Ivoire|Ivory Coast
CK COK Cook Islands
CL CHL Chile
CM CMR Cameroon
CN CHN China|People's Republic of China|PRC|China mainland
CO COL Colombia
CR CRI Costa Rica
CU CUB Cuba
CV CPV Cabo Verde|Cape Verde
CW CUW Curacao
CX CXR Christmas Island
CY CYP Cyprus
CZ CZE Czechia|Czech Republic
DE DEU Germany|Federal Republic of Germany
DJ DJI Djibouti
DK DNK Denmark
DM DMA Dominica
DO DOM Dominican Republic
DZ DZA Algeria|People's Democratic Republic of Algeria
EC ECU Ecuador
EE EST Estonia
EG EGY Egypt|Arab Republic of Egypt
EH ESH Western Sahara
ER ERI Eritrea
ES ESP Spain
ET ETH Ethiopia|Federal Democratic Republic of Ethiopia
FI FIN Finland
FJ FJI Fiji
FK FLK Falkland Islands|Malvinas
FM FSM Micronesia|Federated States of Micronesia
FO FRO Faroe Islands|Faeroe Islands
FR FRA France
GA GAB Gabon
GB GBR United Kingdom|Great Britain|UK|United Kingdom of Great Britain and Northern Ireland
GB GBR England|Scotland|Wales|Northern Ireland
GD GRD Grenada
GE GEO Georgia
GF GUF French Guiana
GG GGY Guernsey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Greenland
GM GMB Gambia
GN GIN Guinea
GP GLP Guadeloupe
GQ GNQ Equatorial Guinea
GR GRC Greece
GS SGS South Georgia and the South Sandwich Islands
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau
GY GUY Guyana
HK HKG Hong Kong|Hong Kong Special Administrative Region|Hong Kong SAR
HM HMD Heard Island and McDonald Islands
HN HND Honduras
HR HRV Croatia
HT HTI Haiti
HU HUN Hungary
ID IDN Indonesia
IE IRL Ireland
IL ISR Israel
IM IMN Isle of Man
IN IND India
IO IOT British Indian Ocean Territory
IQ IRQ Iraq
IR IRN Iran
IS ISL Iceland
IT ITA Italy
JE JEY Jersey
JM JAM Jamaica
JO JOR Jordan|Hashemite Kingdom of Jordan
JP JPN Japan
KE KEN Kenya
KG KGZ Kyrgyzstan|Kyrgyz Republic|Kirghizia
KH KHM Cambodia
KI KIR Kiribati
KM COM Comoros|Union of the Comoros
KN KNA Saint Kitts and Nevis|St. Kitts and Nevis
KP PRK North Korea|Democratic People's Republic of Korea|DPRK|DPR Korea
KR KOR South Korea|Republic of Korea
KW KWT Kuwait
KY CYM Cayman Islands
KZ KAZ Kazakhstan
LA LAO Laos|Lao People's Democratic Republic|Lao PDR
LB LBN Lebanon
LC LCA Saint Lucia|St. Lucia
LI LIE Liechtenstein
LK LKA Sri Lanka|Democratic Socialist Republic of Sri Lanka
LR LBR Liberia
LS LSO Lesotho
LT LTU Lithuania
LU LUX Luxembourg
LV LVA Latvia
LY LBY Libya|Libyan Arab Jamahiriya
MA MAR Morocco
MC MCO Monaco
MD MDA Moldova
ME MNE Montenegro
MF MAF Saint Martin
MG MDG Madagascar
MH MHL Marshall Islands
MK MKD North Macedonia|Macedonia|former Yugoslav Republic of Macedonia
MK MKD The Republic of North Macedonia
ML MLI Mali
MM MMR Myanmar|Burma|Union of Myanmar
MN MNG Mongolia
MO MAC Macao|Macau
MP MNP Northern Mariana Islands
MQ MTQ Martinique
MR MRT Mauritania
MS MSR Montserrat
MT MLT Malta
MU MUS Mauritius
MV MDV Maldives
MW MWI Malawi
MX MEX Mexico
MY MYS Malaysia
MZ MOZ Mozambique
NA NAM Namibia
NC NCL New Caledonia
NE NER Niger
NF NFK Norfolk Island
NG NGA Nigeria|Federal Republic of Nigeria
NI NIC Nicaragua
NL NLD Netherlands|Holland
NO NOR Norway
NP NPL Nepal
NR NRU Nauru
NU NIU Niue
NZ NZL New Zealand
OM OMN Oman|Sultanate of Oman
PA PAN Panama
PE PER Peru
PF PYF French Polynesia
PG PNG Papua New Guinea
PH PHL Philippines
PK PAK Pakistan
PL POL Poland
PM SPM Saint Pierre and Miquelon
PN PCN Pitcairn
PR PRI Puerto Rico
PS PSE Palestine|Palestinian|Palestinian Territories|Occupied Palestinian Territories
PS PSE Palestinian Territory Occupied|Gaza|West Bank|Region: Gaza
PT PRT Portugal
PW PLW Palau
PY PRY Paraguay
QA QAT Qatar
RE REU Reunion
RO ROU Romania
RS SRB Serbia
RU RUS Russia|Russian Federation|USSR
RW RWA Rwanda
SA SAU Saudi Arabia
SB SLB Solomon Islands
SC SYC Seychelles
SD SDN Sudan
SE SWE Sweden
SG SGP Singapore
SH SHN Saint Helena
SI SVN Slovenia
SJ SJM Svalbard and Jan Mayen
SK SVK Slovakia|Slovak Republic
SL SLE Sierra Leone
SM SMR San Marino
SN SEN Senegal
SO SOM Somalia|Federal Republic of Somalia
SR SUR Suriname
SS SSD South Sudan
ST STP Sao Tome and Principe
SV SLV El Salvador
SX SXM Sint Maarten
SY SYR Syria|Syrian Arab Republic
SZ SWZ Eswatini|Swaziland
TC TCA Turks and Caicos Islands
TD TCD Chad
TF ATF French Southern Territories
TG TGO Togo
TH THA Thailand
TJ TJK Tajikistan
TK TKL Tokelau
TL TLS Timor-Leste|East Timor
TM TKM Turkmenistan
TN TUN Tunisia
TO TON Tonga
TR TUR Turkey|Turkiye
TT TTO Trinidad and Tobago
TV TUV Tuvalu
TW TWN Taiwan|Taiwan Province of China|Republic of China
TZ TZA Tanzania|United Republic of Tanzania
UA UKR Ukraine|Region: Crimea|Crimea
UG UGA Uganda
UM UMI United States Minor Outlying Islands
US USA United States|United States of America|USA|U.S.A.|U.S.
UY URY Uruguay
UZ UZB Uzbekistan
VA VAT Vatican City|Holy See|Vatican City State
VC VCT Saint Vincent and the Grenadines|St. Vincent and the Grenadines
VE VEN Venezuela|Bolivarian Republic of Venezuela
VG VGB British Virgin Islands|Virgin Islands British
VI VIR Virgin Islands US|United States Virgin Islands
VN VNM Vietnam|Viet Nam
VU VUT Vanuatu
WF WLF Wallis and Futuna
WS WSM Samoa|Western Samoa
XK XKX Kosovo
YE YEM Yemen
YT MYT Mayotte
ZA ZAF South Africa
ZM ZMB Zambia
ZW ZWE Zimbabwe
"""

_WORD = re.compile(r"[a-z]+")
_SMALL_WORDS = frozenset({"the", "of", "and", "region"})
# Long forms that the table leaves out: "Republic of X", "Kingdom of X", "X (Islamic Republic of)".
_LONG_FORMS = (
    ("republic",),
    ("kingdom",),
    ("state",),
    ("federation",),
    ("islamic", "republic"),
    ("bolivarian", "republic"),
    ("plurinational", "state"),
    ("socialist", "republic"),
)


def _words(text: str) -> tuple[str, ...]:
    """Return the significant words in alphabetical order: "Korea, North" is "North Korea"."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("'", "").replace("\u2019", "")
    plain = "".join(mark for mark in plain.replace(".", "") if not unicodedata.combining(mark))
    return tuple(sorted(set(_WORD.findall(plain)) - _SMALL_WORDS))


@cache
def _index() -> tuple[dict[str, str], dict[tuple[str, ...], str]]:
    """Return the table by code and by significant words."""
    codes: dict[str, str] = {}
    names: dict[tuple[str, ...], str] = {}
    shorts: list[tuple[tuple[str, ...], str]] = []
    for line in _TABLE.strip().splitlines():
        two, three, spelled = line.split(" ", 2)
        codes[two] = two
        codes[three] = two
        variants = [_words(name) for name in spelled.split("|")]
        shorts.append((variants[0], two))
        for words in variants:
            names.setdefault(words, two)
    for words, two in shorts:
        for extra in _LONG_FORMS:
            names.setdefault(tuple(sorted({*words, *extra})), two)
    return codes, names


@lru_cache(maxsize=4096)
def _lookup(text: str) -> str:
    codes, names = _index()
    if len(text) <= 3 and text.isupper() and text in codes:
        return codes[text]
    if not text.isascii() or len(text) > 3:
        return names.get(_words(text), "")
    return codes.get(text.upper(), names.get(_words(text), ""))


def country_code(text: str) -> str:
    """Return the ISO 3166 alpha-2 code of a country name or code, empty where it is unknown.

    Accepts alpha-2, alpha-3 and the names that OFAC, the United Nations, the European Union and the
    United Kingdom write, in any order of words ("Korea, North", "Iran (Islamic Republic of)").

    >>> [country_code(text) for text in ("Korea, North", "IRQ", "Atlantis")]
    ['KP', 'IQ', '']
    """
    # Longer texts are no country, and must not fill the cache.
    if not text or len(text) > 80:
        return ""
    return _lookup(text)
