"""Phone numbers: digits set as people set them, or beside a word for it, that some country's numbering plan knows.

How a number is written says which plans are asked: with `+` or `00`, with a trunk 0, in groups, beside such a word.
Dates, times, amounts, versions, bar codes and plain long numbers are none.
"""

import re
from collections.abc import Iterable, Iterator

import phonenumbers
from stdnum import ean

PLACE = "[phone]"
_CANDIDATE = re.compile(
    r"(?<![\w.,#$€£¥=&%/\\_+-])(?<!\d:)(?:\+\s?)?\(?\d(?:[\s().\-/·‐-―]{0,3}\d){5,24}(?!\w)(?![.,:%]\d)(?!\s?[€$£¥%])"
)
_NO_PHONE = re.compile(
    r"""(?<![\d.+-])(?:
    (?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./][0-3]?\d(?:[T\s]\d\d(?:[:.]\d\d)*)?     # 2026-11-22 14:05
    |[0-3]?\d[-./][0-3]?\d[-./](?:19|20)\d\d | [0-3]?\d[./][01]?\d[./]\d\d
    |(?:19|20)\d\d(?:\s?[-/–]\s?|\s)(?:19|20)\d\d                                   # 2024 - 2026
    |(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{2}|\d{4}|\d{6})?
    |\d{1,3}(?:[., ]000)+
    |\d{1,3}(?:\.\d{1,3}){3} | \d{1,2}\.\d{1,3}\.\d{3,6}(?:\.\d+)? | \d{1,2}(?:\.\d{1,2}){2,3}\.\d{3,6}  # versions
    )(?!\d|[.\-/]\d)""",
    re.VERBOSE,
)
_NEAR = re.compile(
    r"(?<!\w)(?:(?:tele)?phone|telefon[oe]?|t[eé]l[eé]phone|t[eé]l[eé]fono|telefone|telefoon|telefoni\w*|puhelin\w*|telem[oó]vel|tel|t[eé]l|"
    r"fon|fax|mobile?|m[oó]vil|mobil(?:nummer|nr|telefon)?|mobiel|cell(?:ulare|phone)?|celular|cep|gsm|handy(?:nummer|nr)?|portable|"
    r"whats\s?app|sms|signal|telegram|call|ring|text|dial|reach|"
    r"(?:ruf|telefon|mobil|r[uü]ckruf)(?:nummer|nr)?|anrufen|erreichbar|rappele[rz]|appele[rz]|joindre|"
    r"ll[aá]me\w*|llamar|chiama\w*|ligar|ligue|bel|zadzwo[nń]\w*|kom[oó]rka|tlf|puh|"
    r"(?:my|mein[e]?|mon|mi|mio|meu|minha|mijn|m[oó]j|min)\s+(?:number|nummer|num[eé]ro|n[uú]mero|numer)|"
    r"телефон\w*|тел|номер|τηλ\w*|هاتف\w*|الهاتف|جوال\w*|电话|手机|電話|携帯|전화|फ़ोन)"
    r"(?:\W{0,3}(?:is|me|us|at|on|to|my|the|new|number|no|nr|nummer|num|numer|n[uú]mero|num[eé]ro|numero|n°|nº|ist|lautet|unter|auf|an|"
    r"zur[uü]ck|bitte|back|please|sous|au|al|est|es|è|é|op|naar|pod|under|på|app)(?!\w)){0,4}\W{0,4}$",
    re.IGNORECASE,
)
_TRUNK = (
    "DE",
    "GB",
    "FR",
    "AT",
    "CH",
    "NL",
    "BE",
    "IT",
    "SE",
    "IE",
    "FI",
    "AU",
    "NZ",
    "JP",
    "KR",
    "TR",
    "ZA",
    "RO",
    "IN",
)
"""Countries where a number at home begins with 0, those with the most customers of help centres first."""
_SHAPES = {
    "3-3-4": ("US", "CA", "IT", "IN", "MX"),
    "1-3-3-4": ("US", "CA"),
    "3-7": ("US", "IT"),
    "3-6": ("IT",),
    "3-3-3": ("ES", "PL", "PT", "CZ", "SK", "GR"),
    "3-2-2-2": ("ES",),
    "2-3-2-2": ("ES", "PL", "PT"),
    "2-2-2-2": ("DK", "NO"),
    "3-2-3": ("NO",),
    "5-5": ("IN",),
    "2-4-4": ("MX", "BR"),
    "2-5-4": ("BR",),
    "3-4-4": ("CN",),
    "1-3-3-2-2": ("RU",),
    "3-3-2-2": ("RU", "TR"),
}
"""Digits in each group -> countries that write theirs so without a trunk 0."""
_CODES = (
    "1",
    "7",
    "31",
    "32",
    "33",
    "34",
    "39",
    "41",
    "43",
    "44",
    "45",
    "46",
    "47",
    "48",
    "49",
    "55",
    "61",
    "86",
    "91",
)
_ALONE = ("US", "DE", "ES", "PL", "CN", "IN")
"""Countries whose plain digits are believed where they are the whole query."""
_LEAST, _MOST = 7, 15
"""Digits of a number; at most as by E.164."""
_MOST_GROUPS = 7
_MOST_LOOKED_AT = 6
"""Pieces of a text whose numbers are looked up; whoever writes more writes a list of them, and all others go unseen."""
_LEAST_TRUNK, _LEAST_INTERNATIONAL, _LEAST_PLAIN = 8, 8, 11


def hide_phones(text: str) -> str:
    """Put `[phone]` where there is a number that somebody can be called at."""
    if sum(map(str.isdigit, text)) < _LEAST:
        return text
    masked = _NO_PHONE.sub(lambda found: "\0" * len(found[0]), text)
    done, at = [], 0
    for count, found in enumerate(_CANDIDATE.finditer(masked)):
        is_list = count >= _MOST_LOOKED_AT
        for start, end in [found.span()] if is_list else _numbers(text, found.start(), found.end()):
            done += [text[at:start], PLACE]
            at = end
    return "".join([*done, text[at:]]) if done else text


def _numbers(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where numbers begin and end; several may stand behind each other, with nothing but a blank between."""
    if _is_phone(text, start, end):
        yield start, end
        return
    groups = [found.span() for found in re.finditer(r"\+?\(?\+?\d+\)?(?:[^\s\d]\d+)*", text[start:end])]
    first = 0
    while first < len(groups):
        begin = start + groups[first][0]
        ends = {start + groups[last - 1][1]: last for last in range(min(len(groups), first + _MOST_GROUPS), first, -1)}
        fitting = [end_ for end_ in ends if _is_phone(text, begin, end_)]
        clean = [at for at in fitting if ends[at] < len(groups) and _is_phone(text, start + groups[ends[at]][0], end)]
        if fitting:
            yield begin, (clean or fitting)[0]
        first = ends[(clean or fitting)[0]] if fitting else first + 1


def _is_phone(text: str, start: int, end: int) -> bool:  # noqa: PLR0911 - one for each way of writing
    """Whether this piece of a text is a phone number."""
    raw = text[start:end].replace("(0)", "")
    digits = "".join(filter(str.isdigit, raw))
    if not _LEAST <= len(digits) <= _MOST + 2:
        return False
    if raw.lstrip("(").startswith("+"):
        return _LEAST_INTERNATIONAL <= len(digits) <= _MOST
    groups = re.findall(r"\d+", raw)
    if digits.startswith("00"):
        return _is_known("+" + digits[2:])
    if _NEAR.search(text, max(0, start - 60), start):
        return len(digits) <= _MOST
    if digits.startswith("0"):
        return len(digits) >= _LEAST_TRUNK and len(groups) < _MOST_GROUPS and _is_in(digits, _TRUNK)
    if len(groups) > 1:
        return _is_in(digits, _SHAPES.get("-".join(str(len(group)) for group in groups), ()))
    return _is_plain(digits, is_all=not (text[:start] + text[end:]).strip())


def _is_plain(digits: str, *, is_all: bool) -> bool:
    """Whether digits without anything between them are a number: as a whole query, or with a country's code."""
    if ean.is_valid(digits):
        return False
    if len(digits) >= _LEAST_PLAIN and digits.startswith(_CODES) and _is_known("+" + digits):
        return True
    return is_all and _is_in(digits, _ALONE)


def _is_in(digits: str, regions: Iterable[str]) -> bool:
    return any(_is_known(digits, region) for region in regions)


def _is_known(number: str, region: str | None = None) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed)
