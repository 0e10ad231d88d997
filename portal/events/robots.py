"""Robots: which programs say in their User-Agent that nobody reads along."""

from functools import lru_cache

import crawleruseragents

_LONGEST = 500
"""Characters that are looked at, and kept: browsers send under 250, and what follows tells nothing more."""
_REMEMBERED = 4096
"""User agents kept with their verdict, some 2 MB at most: a look takes up to half a millisecond, a memory none."""


def is_robot(user_agent: str) -> bool:
    """Whether this User-Agent names a crawler, a library or a browser without a person, by the list that many keep.

    An empty one is a robot's: every browser sends one. A robot that calls itself a browser is not known here. Headless
    Chrome is on the list, so a test that plays a person sets its browser's user agent to one without that word.
    """
    return _is_listed(user_agent[:_LONGEST])


@lru_cache(maxsize=_REMEMBERED)
def _is_listed(user_agent: str) -> bool:
    return not user_agent.strip() or bool(crawleruseragents.is_crawler(user_agent))
