"""The application for WSGI servers: `gunicorn wsgi:app`."""

import os

from portal.app import create_app
from portal.bootstrap import bootstrap
from portal.search.meaning.encoder import preload
from portal.settings import Settings

settings = Settings.from_env(os.environ)
preload(settings.encoder)  # before the server forks its workers, so that they share it
app = create_app(bootstrap(settings))
