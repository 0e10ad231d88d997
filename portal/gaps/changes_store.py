"""Changes store: what happened to gaps lately, read for those who are to hear of it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.gaps.models import Change, Gap


def changes_since(session: Session, since: datetime) -> list[tuple[Gap, Change]]:
    """Return each change since a moment with its gap as it is now, in the order in which they were made."""
    asked = select(Gap, Change).join(Change, Change.gap_id == Gap.id).where(Change.at >= since)
    return [(gap, change) for gap, change in session.execute(asked.order_by(Change.id))]
