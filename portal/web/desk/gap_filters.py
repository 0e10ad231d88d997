"""Which gaps an address asks for, in what order, and the addresses of other orders. Lists and exports read it alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from portal.gaps.desk_store import Filters, Order
from portal.gaps.models import Cause, State
from portal.gaps.states import OPEN
from portal.web.parameters import calm_whole, name

PAGE = 50
"""Gaps on one page of the list."""
MOST_PAGES = 1000
EVERY_STATE = "all"
OPEN_ONES = "open"
NO_TOPIC = "none"
"""In an address; a topic's own slug can't be empty, and one of this name would hide behind it."""
LIST = "/desk/gaps"
_FALLS_FIRST = frozenset({Order.PEOPLE, Order.AGE})
"""Orders of which people want to see the largest first."""
Kind = TypeVar("Kind", Order, Cause)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; whatever can't be used in it stands for what is usual."""

    filters: Filters
    order: Order
    is_falling: bool
    number: int
    """Which page, from 1."""
    chosen: Mapping[str, str]
    """The filters as they stand in the address, without those that are usual."""

    @classmethod
    def here(cls) -> "Asked":
        """Read this request's address."""
        order = _choice(Order, "sort") or Order.PEOPLE
        way = name("way")
        return cls(
            filters=_filters(),
            order=order,
            is_falling=way == "down" if way in {"up", "down"} else order in _FALLS_FIRST,
            number=calm_whole("page", 1, MOST_PAGES),
            chosen={key: found for key in ("state", "cause", "lang", "topic", "owner") if (found := name(key))},
        )

    @property
    def is_narrow(self) -> bool:
        """Whether less than every open gap is asked for."""
        return any(self.chosen.get(key) for key in ("cause", "lang", "topic", "owner")) or self.chosen.get(
            "state", OPEN_ONES
        ) not in {OPEN_ONES, EVERY_STATE}

    def url(self, kind: str = "", **other: object) -> str:
        """Return the address of these filters and this order, but for what is given. kind: such as `.csv`."""
        asked: dict[str, object] = {**self.chosen}
        if self.order is not Order.PEOPLE or not self.is_falling:
            asked |= {"sort": self.order, "way": "down" if self.is_falling else "up"}
        asked |= other
        kept = {key: str(value) for key, value in asked.items() if value not in {"", None}}
        return f"{LIST}{kind}{'?' if kept else ''}{urlencode(kept)}"

    def sorted_by(self, order: Order) -> str:
        """Return the address of this list by another column; by the present one, the other way round."""
        falls = not self.is_falling if order is self.order else order in _FALLS_FIRST
        return self.url(sort=order, way="down" if falls else "up")


def _filters() -> Filters:
    topic, owner = name("topic"), name("owner")
    return Filters(
        states=_states(name("state")),
        cause=_choice(Cause, "cause"),
        lang=name("lang"),
        topic="" if topic == NO_TOPIC else topic,
        owner=int(owner) if owner and owner.isascii() and owner.isdigit() and len(owner) < 10 else None,  # noqa: PLR2004
    )


def _states(asked: str | None) -> tuple[State, ...]:
    if asked == EVERY_STATE:
        return ()
    return next(((state,) for state in State if state == asked), OPEN)


def _choice(kind: type[Kind], key: str) -> Kind | None:
    asked = name(key)
    return next((one for one in kind if one == asked), None)
