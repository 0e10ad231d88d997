"""Visibility: what front matter says of who may see an article. A slip of the pen hides, it never publishes."""

import re
from datetime import datetime
from functools import reduce

from portal.audience import Audience, Status, Visibility, stricter
from portal.content import keys
from portal.content.fields import Fields, bare, mend_of, moment_of, shown
from portal.content.front_matter import Split
from portal.content.problem import Severity

_AUDIENCES = tuple(audience.value for audience in Audience if audience is not Audience.NOBODY)
_STATUSES = tuple(status.value for status in Status)
_YES = frozenset({"true", "yes", "on", "1", "y"})
_NO = frozenset({"false", "no", "off", "0", "n", ""})
_OPEN = frozenset({"", "public", "published", "visible", "everyone", "all"})
_DRAFT = Visibility(status=Status.DRAFT)
_NOBODY = Visibility(audience=Audience.NOBODY)
_HEAD_BYTES = 64 * 1024
_HEAD_ROWS = 400
_ROW = re.compile(r"""\s*["']?([A-Za-z][\w -]{0,40}?)["']?[ \t]*[:=](?:[ \t]+(.*))?""")


def read_visibility(fields: Fields) -> Visibility:
    """Read audience, status and dates. What can't be understood hides and is reported; a bad date is an error."""
    said = (_audience(fields), _status(fields), _switches(fields), _dates(fields), _slips(fields), _foreign(fields))
    seen = reduce(stricter, said)
    if seen.publish_at and seen.until and seen.until <= seen.publish_at:
        mend = "Write a later `until`"
        fields.warn("until", "`until` is not after `publish_at`, so customers will never see this", mend)
    return seen


def visibility_hint(raw: bytes) -> Visibility | None:
    """Look line by line at a file whose front matter can't be read, for what narrows who may see it.

    None when no line bears on that. Combine it with the last good revision's by `audience.stricter`. In doubt, strict.
    """
    rows = _head(raw)
    said = [_row_says(row, following) for row, following in zip(rows, [*rows[1:], ""], strict=False)]
    known = [seen for seen in said if seen]
    return reduce(stricter, known) if known else None


def _audience(fields: Fields) -> Visibility:
    word = fields.word("audience")
    if not word or word in _AUDIENCES:
        return Visibility(audience=Audience(word or "public"))
    what = f"`audience: {shown(word)}` is none of {', '.join(_AUDIENCES)}, so nobody sees this"
    fields.warn("audience", what, mend_of(word, _AUDIENCES))
    return _NOBODY


def _status(fields: Fields) -> Visibility:
    word = fields.word("status")
    if not word or word in _STATUSES:
        return Visibility(status=Status(word or "published"))
    what = f"`status: {shown(word)}` is none of {', '.join(_STATUSES)}, so this stays a draft"
    fields.warn("status", what, mend_of(word, _STATUSES))
    return _DRAFT


def _switches(fields: Fields) -> Visibility:
    """Read `draft` and `published`, which are yes or no; the latter may be a date and is then seen by `_dates`."""
    draft, published = fields.word("draft"), fields.word("published")
    for key, word in (("draft", draft), ("published", published)):
        if word not in _YES | _NO and not _is_date_of_publishing(key, word):
            what = f"`{key}: {shown(word)}` is neither true nor false, so this stays a draft"
            fields.warn(key, what, "Write true or false")
    is_public = published in _YES or not published or _is_date_of_publishing("published", published)
    return Visibility() if draft in _NO and is_public else _DRAFT


def _is_date_of_publishing(key: str, word: str) -> bool:
    return key == "published" and moment_of(word) is not None


def _dates(fields: Fields) -> Visibility:
    starts: list[datetime | None] = [fields.moment("publish_at"), moment_of(fields.word("published"))]
    start = max((start for start in starts if start), default=None)
    return Visibility(publish_at=start, until=fields.moment("until"))


def _slips(fields: Fields) -> Visibility:
    seen = Visibility()
    for key in fields.rest:
        if meant := keys.slip_of(key):
            what = f"`{shown(key)}` looks like a slip of `{meant}`, so nobody sees this"
            fields.warn(key, what, f"Write `{meant}`, or give the key another name")
            seen = _NOBODY
    return seen


def _foreign(fields: Fields) -> Visibility:
    """Heed other tools' words for hiding; they can't open anything."""
    seen = Visibility()
    for meaning, harmless, result in (
        ("visibility", _OPEN, _NOBODY),
        ("closed", _NO, _DRAFT),
        ("archived", _NO, Visibility(status=Status.ARCHIVED)),
    ):
        for key, value in fields.written(meaning):
            if bare(value) not in harmless:
                fields.warn(key, f"`{key}: {shown(bare(value))}` hides this", "Say it with `audience` or `status`")
                seen = stricter(seen, result)
    return seen


def _head(raw: bytes) -> list[str]:
    """Return the rows that may be front matter, however the file is spoilt."""
    start = raw[:_HEAD_BYTES]
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    words = start.decode("utf-16" if is_wide else "utf-8", "replace").replace("\x00", "").removeprefix("\ufeff")
    rows = re.split(r"\r\n?|\n", words.lstrip())[:_HEAD_ROWS]
    fence = rows[0].strip()
    if fence not in ("---", "+++"):
        return rows[: rows.index("")] if "" in rows else rows
    return rows[1 : next((n for n, row in enumerate(rows) if n and row.strip() in (fence, "...")), len(rows))]


def _row_says(row: str, following: str) -> Visibility | None:
    found = _ROW.fullmatch(row)
    if not found:
        return _NOBODY if row.lstrip().startswith("{") and "audience" in row.casefold() else None
    if not keys.decides_who_sees(found[1]):
        return None
    value = re.sub(r"(?:^|\s)#.*", "", found[2] or "").strip().strip("\"'[]{},| >")
    if not value and following.startswith((" ", "\t", "-")):
        return _NOBODY
    fields = Fields("", Split({found[1]: value}, {}, "", 1))
    seen = read_visibility(fields)
    is_doubtful = any(problem.severity is Severity.ERROR for problem in fields.problems)
    return stricter(seen, _DRAFT) if is_doubtful else seen
