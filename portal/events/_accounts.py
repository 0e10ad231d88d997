"""Accounts: IBANs and payment cards, by their check digits, however they are set in blanks and hyphens."""

import re
from collections.abc import Iterator
from functools import cache

from stdnum import ean, luhn, numdb

_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[\s.‐-―\-]{0,2}[A-Z0-9]){11,32}", re.IGNORECASE)
_MOST_IBAN = 34
_MOSTLY_DIGITS, _MOST_LETTERS = 14, 9
"""What begins like an IBAN and has these many digits, and fewer letters before the last one, was mistyped."""
_SIGNS = {"n": r"\d", "a": "[A-Z]", "c": "[A-Z0-9]"}
_RUN = re.compile(r"(?<!\d)\d(?:[\s._/·‐-―\-]{0,3}\d){12,39}(?!\d)")
_GROUPED = re.compile(r"[2-6]\d{3}([\s.\-])\d{4}\1\d{4}\1\d{4}(?!\d)")
_BRANDS = (
    # ISO/IEC 7812 and the brands' own ranges: the first digits of a number, and how long it may be
    (re.compile(r"4"), (16, 13, 19)),
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"6(?:011|22|4[4-9]|5)|81"), (16, 17, 18, 19)),
    (re.compile(r"35(?:2[89]|[3-8])"), (16, 17, 18, 19)),
    (re.compile(r"3(?:0[0-5]|095|[689])"), (14, 16, 19)),
    (re.compile(r"5[06-8]|6[37]"), (16, 13, 14, 15, 17, 18, 19)),
    (re.compile(r"220[0-4]|9792|6(?:0|52[12])"), (16,)),
)
_BAR_CODE = 13
ACCOUNT, CARD = "[account]", "[card]"


def hide_accounts(text: str) -> str:
    """Put `[account]` where there is an IBAN, `[card]` where there is the number of a payment card."""
    return _hide_cards(_IBAN.sub(_hide_iban, text))


def _hide_iban(found: re.Match[str]) -> str:
    """Hide as much as the country's IBANs are long: words may follow it, and look like more of it.

    A mistyped one is as personal, so check digits are not asked for.
    """
    ends = [at for at, sign in enumerate(found[0], start=1) if sign.isalnum()]
    compact = "".join(sign for sign in found[0] if sign.isalnum()).upper()
    structure = _structure(compact[:2])
    whole = structure and structure.match(compact)
    if whole:
        return ACCOUNT + found[0][ends[whole.end() - 1] :]
    digits = [at for at, sign in enumerate(compact[:_MOST_IBAN], start=1) if sign.isdigit()]
    if structure and len(digits) >= _MOSTLY_DIGITS and digits[-1] - len(digits) < _MOST_LETTERS:
        return ACCOUNT + found[0][ends[digits[-1] - 1] :]
    return found[0]


@cache
def _structure(country: str) -> re.Pattern[str] | None:
    """Return how a country's IBANs are built (ISO 13616), None for a country without them."""
    known = numdb.get("iban").info(country)[0][1]
    parts = re.findall(r"(\d+)!([nac])", known.get("bban", ""))
    return re.compile(r"[A-Z]{2}\d\d" + "".join(f"{_SIGNS[kind]}{{{n}}}" for n, kind in parts)) if parts else None


def _hide_cards(text: str) -> str:
    done, at = [], 0
    for run in _RUN.finditer(text):
        for start, end in _cards(run[0]):
            done += [text[at : run.start() + start], CARD]
            at = run.start() + end
    return "".join([*done, text[at:]]) if done else text


def _cards(run: str) -> Iterator[tuple[int, int]]:
    """Yield where cards begin and end in digits that stand together; each begins and ends where a group does."""
    places = [at for at, sign in enumerate(run) if sign.isdigit()]
    digits = "".join(run[at] for at in places)
    first = 0
    while first < len(digits):
        begins_group = not first or places[first] > places[first - 1] + 1
        length = _card_length(run, places, digits, first) if begins_group else 0
        if length:
            yield places[first], places[first + length - 1] + 1
        first += length or 1


def _card_length(run: str, places: list[int], digits: str, first: int) -> int:
    """Return how many digits from here on are a card's number, 0 for none."""
    for beginning, lengths in _BRANDS:
        if beginning.match(digits, first):
            for length in lengths:
                last = first + length
                ends_group = last == len(digits) or (last < len(digits) and places[last] > places[last - 1] + 1)
                if ends_group and _is_card(digits[first:last]):
                    return length
    mistyped = _GROUPED.match(run, places[first])
    return 16 if mistyped else 0


def _is_card(digits: str) -> bool:
    """Whether the last digit is right (ISO/IEC 7812), and this is not rather the number under a bar code (GTIN-13)."""
    return luhn.is_valid(digits) and not (len(digits) == _BAR_CODE and ean.is_valid(digits))
