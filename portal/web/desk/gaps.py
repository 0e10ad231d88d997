"""Gaps: what people needed and did not find, as a list and one by one."""

from flask import Response

from portal.web.desk import gap_lists, gap_pages
from portal.web.desk.frame import answer, room
from portal.web.desk.gap_done import list_done, undo_of
from portal.web.desk.gap_filters import LIST, Asked
from portal.web.desk.gap_reading import found, known, may_change

bp = room("gaps", LIST)


@bp.get("")
def index() -> Response:
    """List gaps by how many people a week have them."""
    is_writer, asked = may_change(), Asked.here()
    return answer("desk/gaps.html", gap_lists.page_of(asked, found(asked), may_change=is_writer, done=list_done()))


@bp.get("/<int:gap_id>")
def show(gap_id: int) -> Response:
    """Show one gap: what happened, what is proposed, and what has been done."""
    is_writer, about = may_change(), known(gap_id)
    undo = undo_of(about.listed.gap)
    return answer("desk/gap.html", gap_pages.page_of(about, may_change=is_writer, undo=undo))
