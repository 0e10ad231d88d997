"""Seen: how a query was understood and scored, before anything is cut away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.search.blending import Blend
from portal.search.query import Asked
from portal.search.ranking import Sheet
from portal.search.understanding import Understood


@dataclass(frozen=True, slots=True)
class Seen:
    """How a query was understood and scored: what a ranking is made of, and what explains it."""

    asked: Asked
    understood: Understood
    sheet: Sheet
    blend: Blend
    by_passage: NDArray[np.float32] | None
    """Nearness of each passage; None without vectors."""
