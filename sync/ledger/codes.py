"""ISO codes the sheet may hold: currencies in use (ISO 4217) and countries (ISO 3166 alpha-2)."""

from sync.ledger.cells import CellError
from sync.ledger.words import fold

_CURRENCIES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP
    CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR
    ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
    MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
    SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""

_COUNTRIES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG
    CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL
    GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA
    LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP
    NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""

CURRENCIES = frozenset(_CURRENCIES.split())
COUNTRIES = frozenset(_COUNTRIES.split())

# What people type instead of a code, where only one country can be meant.
_COUNTRY_NAMES = {
    "uk": "GB", "el": "GR", "france": "FR", "belgique": "BE", "belgium": "BE", "suisse": "CH", "switzerland": "CH",
    "luxembourg": "LU", "allemagne": "DE", "germany": "DE", "espagne": "ES", "spain": "ES", "italie": "IT", "italy": "IT",
    "paysbas": "NL", "netherlands": "NL", "royaumeuni": "GB", "unitedkingdom": "GB", "irlande": "IE", "ireland": "IE",
    "portugal": "PT", "autriche": "AT", "austria": "AT", "monaco": "MC",
}  # fmt: skip


class UnknownCountry(CellError):
    code = "unknown_country"


class UnknownCurrency(CellError):
    code = "unknown_currency"


def parse_country(text: str) -> str:
    """An ISO 3166 code, upper case; "UK" and a few plain names are understood. Raises UnknownCountry."""
    code = text.strip().upper()
    code = _COUNTRY_NAMES.get(fold(text), code)
    if code not in COUNTRIES:
        raise UnknownCountry
    return code


def parse_currency(text: str) -> str:
    """An ISO 4217 code, upper case; "€" and "£" mean one currency only. Raises UnknownCurrency."""
    code = {"€": "EUR", "£": "GBP"}.get(text.strip(), text.strip().upper())
    if code not in CURRENCIES:
        raise UnknownCurrency
    return code
