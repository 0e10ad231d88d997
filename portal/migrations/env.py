"""What Alembic runs. The connection comes from `Database.alone`, which also commits.

Each room with tables is imported here, for the comparison of models with a database.
"""

from alembic import context

from portal.conversations import finding
from portal.conversations import models as conversations
from portal.db import Model
from portal.events import models as events
from portal.feedback import models as feedback
from portal.gaps import models as gaps
from portal.links import models as links
from portal.outbox import models as outbox
from portal.people import models as people
from portal.programs import models as programs
from portal.schedule import models as schedule
from portal.visits import models as visits

ROOMS = (conversations, events, feedback, gaps, links, outbox, people, programs, schedule, visits)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    compare_server_default=True,
    include_name=lambda name, kind, _: kind != "table" or not str(name).startswith(finding.INDEX),
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
