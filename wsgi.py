"""The application for WSGI servers: `gunicorn wsgi:app`."""

import os

from portal.app import create_app
from portal.bootstrap import bootstrap
from portal.settings import Settings

app = create_app(bootstrap(Settings.from_env(os.environ)))
