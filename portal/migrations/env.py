"""What Alembic runs. The connection comes from `Database.alone`, which also commits.

Each room with tables is imported here, for the comparison of models with a database.
"""

from alembic import context

from portal.db import Model
from portal.feedback import models as feedback

ROOMS = (feedback,)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    compare_server_default=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
