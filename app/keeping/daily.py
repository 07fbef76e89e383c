"""The thread that does each day what the terms ask for."""

from __future__ import annotations

import logging
import threading

from app.core.database import Database
from app.core.settings import Settings

LOG = logging.getLogger(__name__)
EACH = 24 * 3600


class Daily:
    """Runs it once a day, for as long as the server runs. Several processes may each do so: what is done is done."""

    def __init__(self, database: Database, settings: Settings, first: float = 300):
        self._database, self._settings, self._first = database, settings, first
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go, name="bewaren", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _go(self) -> None:
        wait = self._first
        while not self._stop.wait(wait):
            wait = EACH
            try:
                from app.keeping.run import run  # not at the start: nothing of it is needed then

                report = run(self._database, self._settings, do=True)
                LOG.info("keeping: %s", "; ".join(report.lines(True)))
            except Exception as problem:  # a busy database must not end the work of all days after it
                LOG.error("keeping failed: %s", type(problem).__name__)
                wait = 3600
