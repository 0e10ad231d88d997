"""The app: web hung on a Portal."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.bootstrap import Portal
from portal.settings import ROOT, Settings
from portal.web import (
    caching,
    context,
    errors,
    filters,
    limits,
    metadata,
    printed,
    security,
    speech,
    staff,
    static,
    visitors,
    voters,
)
from portal.web.api import articles as api_articles
from portal.web.api import health
from portal.web.api import searches as api_searches
from portal.web.desk import door, exports, gap_actions, gaps, opinions, outbox, running, unresolved, wishes
from portal.web.help import (
    articles,
    assets,
    beacon,
    contacts,
    home,
    machines,
    notices,
    requests,
    searches,
    topics,
    votes,
)
from portal.web.languages import LanguageConverter

MOST_BYTES = 64 * 1024
"""What a form may send: a comment of 2,000 characters in any script, with room."""
MOST_FORM_FIELDS = 20
BLUEPRINTS = (
    health.bp, contacts.bp, notices.bp, home.bp, topics.bp, searches.bp, articles.bp, votes.bp, assets.bp,
    machines.bp, requests.bp, beacon.bp, api_searches.bp, api_articles.bp,
    gaps.bp, exports.bp, gap_actions.bp, unresolved.bp, opinions.bp, wishes.bp, running.bp, outbox.bp,
)  # fmt: skip


def create_app(portal: Portal) -> Flask:
    """Return the app that serves this portal."""
    app = Flask("portal", template_folder=str(ROOT / "templates"), static_folder=None)
    _configure(app, portal.settings)
    context.install(app)
    context.put(app, portal)
    limits.install(app)
    voters.install(app, portal.settings.secret())
    visitors.install(app, portal.settings.secret())
    speech.install(app)
    filters.install(app)
    security.install(app)
    staff.install(app)
    errors.install(app)
    app.url_map.converters["lang"] = LanguageConverter
    static.install(app, ROOT / "static", ROOT / "templates")
    caching.install(app)
    printed.install(app, portal)
    metadata.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    door.install(app, portal.settings)
    _trust(app, portal.settings.trusted_proxies)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=MOST_FORM_FIELDS,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}


def _trust(app: Flask, proxies: int) -> None:
    """Believe the X-Forwarded headers that this many proxies in front set, and no others."""
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
