"""What makes a gap another one: its name, merging, splitting; and trying its searches again on a draft."""

from collections.abc import Callable

from flask import Response

from portal import clock, pipeline
from portal.bootstrap import Portal
from portal.db import Session
from portal.errors import Invalid, NotFound
from portal.gaps import models, tickets
from portal.gaps.replay import Replayed
from portal.programs.scopes import Scope
from portal.web.api.gap_shapes import GapMerging, Naming, Replaying, Splitting, WholeGap
from portal.web.api.gaps import change, read_whole
from portal.web.api.members import MOST_NUMBER
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.writing import fitting, once_apart
from portal.web.context import the

TAG = "Gaps"
WRITE = Scope.GAPS_WRITE

bp = resource("gap_shaping", "/gaps/<int:number>")


@bp.post("/name")
@operation(TAG, WRITE, answer=WholeGap, is_once=True, is_versioned=True)
def rename_gap(number: int, json: Naming) -> Response:
    """Give a gap a title that stays."""
    return change(tickets.rename, number, json, title=json.title)


@bp.post("/merge")
@operation(TAG, WRITE, answer=WholeGap, is_once=True, is_versioned=True)
def merge_gap(number: int, json: GapMerging) -> Response:
    """Make a gap a part of another one, which is answered; its wordings stay there, until they are split off."""
    return change(_fitting(tickets.merge), number, json, into=json.into)


@bp.post("/split")
@operation(TAG, WRITE, answer=WholeGap, is_once=True, is_versioned=True)
def split_gap(number: int, json: Splitting) -> Response:
    """Make a new gap of some of its wordings; the new one is answered."""
    return change(_fitting(tickets.split), number, json, wordings=json.wordings)


@bp.post("/replay")
@operation(TAG, WRITE, answer=WholeGap, is_once=True, errors=(404, 409))
def replay_gap(number: int, json: Replaying) -> Response:
    """Ask the searches that failed again on a revision, and what worked before too; kept in `replay`. Takes seconds."""
    if number > MOST_NUMBER:
        raise NotFound(f"There is no gap {number}.")

    def write() -> WholeGap:
        return read_whole(_replayed(number, json.revision).gap)

    return once_apart(write, status=200)


def _replayed(number: int, revision: str) -> Replayed:
    try:
        return pipeline.replay_gap(the(Portal), number, revision=revision.strip(), at=clock.now())
    except Invalid as error:
        raise NotFound(f"revision: {error}") from error


def _fitting(verb: Callable[..., models.Gap]) -> Callable[..., models.Gap]:
    def done(session: Session, number: int, **details: object) -> models.Gap:
        with fitting():
            return verb(session, number, **details)

    return done
