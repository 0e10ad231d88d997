"""Helpfulness: which articles helped their readers most. Pure: tallies in, ids out.

What counts (decision 11): every voter's latest vote on an article in the last year, whichever revision it was given on.
A vote is kept with its revision, but a revision is any commit that touched the file: were only the present one counted,
a mended comma would take an article off the list. What a rewrite earned or lost shows as new votes come, and no vote
speaks for longer than a year.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import sqrt

from portal.feedback.votes import Tally

COUNTED = timedelta(days=365)
"""How long a vote speaks for an article: a year, so that what is asked in one season only is not forgotten."""
LEAST_VOTES = 3
"""Fewer are chance, and could be one person with two browsers."""
MOST_LISTED = 50
"""Ids kept a language: far more than a page lists, since some readers may not see all of them."""
Z = 1.959963984540054
"""Quantile of the normal distribution for an interval of 95 %."""


def counted_since(at: datetime) -> datetime:
    """Return the moment from which votes count at `at`: a midnight in UTC, so that all nodes of a day ask the same."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - COUNTED


def rank(tallies: Mapping[tuple[str, str], Tally], *, limit: int = MOST_LISTED) -> dict[str, tuple[str, ...]]:
    """Order each language's articles by `lower_bound`, best first; ties by more votes, then by id.

    tallies: by (language, article). Left out are articles with fewer than LEAST_VOTES votes, and those that did not
    help more readers than they failed: a short list must not praise them. A language without any left is not named.
    """
    found: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
    for (lang, article), tally in tallies.items():
        if tally.total >= LEAST_VOTES and tally.helpful > tally.unhelpful:
            found[lang].append((-lower_bound(tally), -tally.total, article))
    return {lang: tuple(article for *_, article in sorted(found[lang])[:limit]) for lang in sorted(found)}


def lower_bound(tally: Tally) -> float:
    """Return the least share of readers that the article helps, from 0 to 1, believable at 95 % by these votes.

    The lower end of the score interval: E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", Journal of the American Statistical Association 22 (1927), pages 209 to 212. It lets many good votes go
    before few perfect ones. Without votes it is 0.
    """
    n = tally.total
    if n == 0:
        return 0.0
    share, z2 = tally.helpful / n, Z * Z
    spread = Z * sqrt((share * (1 - share) + z2 / (4 * n)) / n)
    return max(0.0, (share + z2 / (2 * n) - spread) / (1 + z2 / n))
