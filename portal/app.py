"""The app: web hung on a Portal."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.bootstrap import Portal
from portal.settings import ROOT, Settings
from portal.web import (
    caching,
    context,
    customers,
    errors,
    filters,
    limits,
    metadata,
    printed,
    readers,
    security,
    speech,
    staff,
    static,
    uploads,
    visitors,
    voters,
)
from portal.web.api import articles as api_articles
from portal.web.api import conversation_asides, gap_shaping, health, hooks, measures, reference, replies, whoami
from portal.web.api import conversations as api_conversations
from portal.web.api import flags as api_flags
from portal.web.api import gaps as api_gaps
from portal.web.api import links as api_links
from portal.web.api import opinions as api_opinions
from portal.web.api import requests as api_requests
from portal.web.api import saved_replies as api_saved_replies
from portal.web.api import searches as api_searches
from portal.web.api import topics as api_topics
from portal.web.api import uploads as api_uploads
from portal.web.api import votes as api_votes
from portal.web.desk import (
    contact,
    door,
    exports,
    flags,
    gap_actions,
    gaps,
    inbox,
    inbox_actions,
    inbox_replies,
    links,
    opinions,
    outbox,
    picker,
    picker_door,
    running,
    saved_replies,
    unresolved,
    webhooks,
    wishes,
)
from portal.web.help import (
    articles,
    assets,
    beacon,
    contact_forms,
    contacts,
    conversations,
    home,
    machines,
    notices,
    oembed,
    remembered,
    requests,
    searches,
    short_links,
    topics,
    votes,
)
from portal.web.help import customers as customer_pages
from portal.web.languages import LanguageConverter
from portal.web.widget import articles as widget_articles
from portal.web.widget import contact as widget_contact
from portal.web.widget import demo as widget_demo
from portal.web.widget import home as widget_home
from portal.web.widget import script as widget_script

MOST_BYTES = 64 * 1024
"""What a form may send: a comment of 2,000 characters in any script, with room."""
MOST_FORM_FIELDS = 20
BLUEPRINTS = (
    health.bp, hooks.bp,
    contacts.bp, contact_forms.bp, conversations.bp, notices.bp, home.bp, remembered.bp, topics.bp, searches.bp,
    articles.bp, votes.bp, assets.bp,
    short_links.bp, machines.bp, requests.bp, beacon.bp, api_searches.bp, api_articles.bp,
    api_topics.bp, api_votes.bp, api_requests.bp, api_flags.bp, api_opinions.bp,
    api_conversations.bp, replies.bp, conversation_asides.bp, api_uploads.bp, api_saved_replies.bp,
    api_links.bp, api_gaps.bp, gap_shaping.bp, measures.bp, whoami.bp,
    reference.bp,
    gaps.bp, exports.bp, gap_actions.bp, unresolved.bp, opinions.bp, wishes.bp, running.bp, contact.bp, outbox.bp,
    webhooks.bp,
    flags.bp, inbox.bp, saved_replies.bp, inbox_actions.bp, inbox_replies.bp,
    picker.bp, picker_door.bp, links.bp, oembed.bp,
    widget_script.bp, widget_demo.bp, widget_home.bp, widget_articles.bp, widget_contact.bp,
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
    customers.install(app, portal.settings)
    readers.install(app, portal.settings.secret())
    speech.install(app)
    filters.install(app)
    security.install(app)
    uploads.install(app)
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
    customer_pages.install(app, portal.settings)
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
