"""Assets: images and files that articles show or offer."""

from flask import Blueprint, Response, send_file

from portal.errors import NotFound
from portal.web import caching
from portal.web.access import asset_for

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""What a browser may show; anything else, SVG and HTML above all, could carry a script and is downloaded."""
KEPT = "public, max-age=300"
"""Five minutes: an image whose article was hidden is out of proxies soon."""

bp = Blueprint("assets", __name__)


@bp.get("/assets/<key>/<path:name>")
def show(key: str, name: str) -> Response:
    """Send a file that an article of this reader's level uses."""
    asset = asset_for(key, name)
    is_shown = asset.media_type in SHOWN
    try:
        response = send_file(
            asset.path,
            mimetype=asset.media_type,
            as_attachment=not is_shown,
            download_name=asset.name,
            etag=asset.key,
        )
    except OSError as error:
        raise NotFound from error
    if not is_shown:
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return caching.for_reader(response, policy=KEPT)
