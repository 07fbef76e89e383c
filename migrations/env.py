"""Alembic's entry. `app.migrate` hands over a connection in a transaction; the alembic command opens its own."""

from alembic import context
from sqlmodel import SQLModel

from app.access import models as _access  # noqa: F401
from app.answers import models as _answers  # noqa: F401
from app.audit import models as _audit  # noqa: F401
from app.checklists import models as _checklists  # noqa: F401
from app.core import keys as _keys  # noqa: F401
from app.core import limits as _limits  # noqa: F401
from app.dialogue import models as _dialogue  # noqa: F401
from app.invitations import models as _invitations  # noqa: F401
from app.journey import models as _journey  # noqa: F401
from app.keeping import models as _keeping  # noqa: F401
from app.mail import models as _mail  # noqa: F401
from app.messages import models as _messages  # noqa: F401
from app.people import models as _people  # noqa: F401
from app.plan import models as _plan  # noqa: F401
from app.prose import models as _prose  # noqa: F401
from app.register import models as _register  # noqa: F401
from app.remarks import models as _remarks  # noqa: F401
from app.screening import models as _screening  # noqa: F401
from app.signin import models as _signin  # noqa: F401
from app.style import models as _style  # noqa: F401
from app.versions import models as _versions  # noqa: F401

options = {"target_metadata": SQLModel.metadata, "render_as_batch": True, "compare_type": True}


def run(connection) -> None:
    context.configure(connection=connection, **options)
    with context.begin_transaction():
        context.run_migrations()


if (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:
    from app.core.database import Database
    from app.core.settings import read_settings

    with Database(read_settings().database_url).engine.connect() as connection:
        run(connection)
