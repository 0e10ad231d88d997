"""`/hooks/mail`: a mail server hands in a mail, as it came, signed as our webhooks are."""

import hmac
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from portal import clock, fetching
from portal.bootstrap import Portal
from portal.conversations.incoming import MOST_BYTES
from portal.outbox.webhook import signature
from portal.web import caching, errors
from portal.web.context import the

TOLERANCE: Final = timedelta(minutes=5)
"""How far the sender's clock may be from ours; docs/webhooks.md asks the same of those whom we tell."""
_TIMESTAMP, _SIGNATURE = "X-Signpost-Timestamp", "X-Signpost-Signature"

bp = Blueprint("hooks", __name__)


@bp.post("/hooks/mail")
def take_mail() -> Response:
    """Take one mail (RFC 5322) from the body; it is kept when this answers. The same one again is one."""
    portal, at = the(Portal), clock.now()
    secret = portal.settings.mail_secret
    if secret is None:
        return _refused(403, gettext("No mails are taken here. Set PORTAL_MAIL_SECRET."))
    timestamp = request.headers.get(_TIMESTAMP, "")
    signed = request.headers.get(_SIGNATURE, "")
    if not (timestamp and signed):
        return _refused(401, gettext("Sign the mail: X-Signpost-Timestamp and X-Signpost-Signature are missing."))
    if not _is_near(timestamp, at):
        return _refused(403, gettext("This was signed more than five minutes ago or ahead. Sign it anew."))
    try:
        request.max_content_length = MOST_BYTES
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return _refused(413, gettext("The mail is larger than 25 MB. Nothing of it was kept."))
    if not hmac.compare_digest(f"sha256={signature(secret, timestamp, body)}".encode(), signed.encode()):
        return _refused(403, gettext("The signature is not that of this mail. Check the secret."))
    done = fetching.take_mail(portal, body, at=at)
    response = jsonify({"verdict": done.verdict.value, "reason": done.reason, "conversation": done.conversation})
    response.status_code = 202
    return caching.never_kept(response)


def _is_near(timestamp: str, at: datetime) -> bool:
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12  # noqa: PLR2004 - year 33658
    return is_number and abs(at.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()


def _refused(status: int, why: str) -> Response:
    return errors.problem(status, why, title=gettext("This mail was not taken"))
