"""Identities: numbers that states give to people, and devices' numbers, where chance hits are rare.

Where a number's form is one that other numbers have too, the word for it must stand near.
"""

import re
from collections.abc import Callable, Iterable
from functools import partial

from stdnum import imei
from stdnum.be import nn
from stdnum.br import cpf
from stdnum.ch import ssn as ahv
from stdnum.cn import ric
from stdnum.cz import rc
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.ee import ik
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.gr import amka
from stdnum.ie import pps
from stdnum.in_ import aadhaar
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.pt import cc
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.tr import tckimlik
from stdnum.us import ssn
from stdnum.za import idnr as za_id

PLACE = "[id]"
Check = Callable[[str], bool]


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?<!\d[.,]){pattern}(?!\w)(?![.,]\d)", re.IGNORECASE)


def _always(_number: str) -> bool:
    return True


_FORMS: tuple[tuple[re.Pattern[str], tuple[Check, ...]], ...] = (
    (_form(r"\d{3}[-\u2010-\u2015]\d{2}[-\u2010-\u2015]\d{4}"), (ssn.is_valid,)),
    (_form(r"\d{3}[ -]\d{3}[ -]\d{4}"), (nhs.is_valid,)),
    (
        _form(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"),
        (_always,),
    ),  # NINO
    (_form(r"\d{2} ?\d{3} ?\d{3} ?\d{3}"), (idnr.is_valid,)),
    (
        _form(r"\d{2} ?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2} ?[A-Z] ?\d{3}"),
        (_always,),
    ),  # German pension insurance
    (_form(r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}"), (nir.is_valid,)),
    (_form(r"\d{8}[ -]?[A-Z]"), (dni.is_valid,)),
    (_form(r"[XYZ][ -]?\d{7}[ -]?[A-Z]"), (nie.is_valid,)),
    (_form(r"[A-Z]{6} ?\d{2}[A-Z] ?\d{2} ?[A-Z]\d{3}[A-Z]"), (codicefiscale.is_valid,)),
    (_form(r"\d{3}\.\d{3}\.\d{3}-\d{2}"), (_always,)),  # CPF as it is always written
    (
        _form(r"\d{11}"),
        (cpf.is_valid, pesel.is_valid, fodselsnummer.is_valid, tckimlik.is_valid, amka.is_valid, ik.is_valid),
    ),
    (_form(r"\d{6} \d{5}"), (fodselsnummer.is_valid,)),
    (_form(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"), (nn.is_valid,)),
    (_form(r"(?:\d{2})?\d{6}[-+]\d{4}"), (personnummer.is_valid, cpr.is_valid)),
    (_form(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]"), (hetu.is_valid,)),
    (_form(r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}"), (ahv.is_valid,)),
    (_form(r"\d{4} \d{4} \d{4}"), (aadhaar.is_valid,)),
    (_form(r"[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]"), (_always,)),  # Indian PAN
    (_form(r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d"), (curp.is_valid,)),
    (_form(r"\d{17}[\dX]"), (ric.is_valid,)),
    (_form(r"\d{6}-[1-8]\d{6}"), (rrn.is_valid,)),
    (_form(r"\d{13}"), (za_id.is_valid, cnp.is_valid)),
    (_form(r"\d{6}/\d{3,4}"), (rc.is_valid,)),
    (_form(r"\d{7}[A-W][A-IW]?"), (pps.is_valid,)),
    (_form(r"\d{8} ?\d ?[A-Z0-9]{2}\d"), (cc.is_valid,)),
    (_form(r"\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d"), (imei.is_valid,)),
    (_form(r"(?:[0-9A-F]{2}([:-]))(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}"), (_always,)),  # address of a network card
)
_WORDS = (
    r"bsn|burgerservicenummer|sofinummer|nhs|ssn|social security|sin\b|tfn|tax file|nino|national insurance|"
    r"svnr|sozialversicherung\w*|versicherungsnummer|versichertennummer|steuer-?id\w*|steueridentifikations\w*|idnr|"
    r"personalausweis\w*|ausweis(?:nummer|nr)\w*|reisepass\w*|passnummer|passport|passeport|pasaporte|passaporto|paspoort|"
    r"national id|identity card|id card|id number|carte d'identité|documento|führerschein\w*|driver'?s? licen[cs]e|"
    r"permis de conduire|oib|egn|my number|マイナンバー|身份证|dni|nif|nie|cpf|pesel|personnummer|cpr|fødselsnummer"
)
_NAMED = re.compile(
    rf"(?<!\w)(?:{_WORDS})(?:[ -]?(?:no|nr|number|nummer|num|n°|nº|#))?\.?(?:\s+(?:is|ist|lautet|es|est|è|é))?"
    r"\s{0,2}[:=#]?\s{0,2}"
    r"([A-Z0-9]{0,14}\d[A-Z0-9]{0,14}(?:[ .-][A-Z0-9]{0,8}\d[A-Z0-9]{0,8}){0,5})(?!\w)",
    re.IGNORECASE,
)
_LEAST, _LEAST_DIGITS = 6, 4
"""Signs and digits of what stands behind such a word; fewer are a year or a count."""
_FEWEST = 6
"""Digits of the forms."""
_DEVICE = re.compile(r"(?:[0-9a-f]{2}[:-]){5}", re.IGNORECASE)


def hide_identities(text: str) -> str:
    """Put `[id]` where there is a number of a person, an identity document, or a device."""
    digits = sum(map(str.isdigit, text))
    if digits >= _FEWEST or _DEVICE.search(text):
        for form, checks in _FORMS:
            text = form.sub(partial(_hide_checked, checks), text)
    return _NAMED.sub(_hide_named, text) if digits >= _LEAST_DIGITS else text


def _hide_checked(checks: Iterable[Check], found: re.Match[str]) -> str:
    return PLACE if any(check(found[0]) for check in checks) else found[0]


def _hide_named(found: re.Match[str]) -> str:
    signs = [sign for sign in found[1] if sign.isalnum()]
    if len(signs) < _LEAST or sum(map(str.isdigit, signs)) < _LEAST_DIGITS:
        return found[0]
    return found[0][: found.start(1) - found.start()] + PLACE
