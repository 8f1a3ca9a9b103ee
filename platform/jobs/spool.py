"""Celery's filesystem broker, made safe and quick enough for the embedded site.

kombu's own writes a message under its final name, so that a reader may take it half-written, reads
the whole folder once per message, and moves messages through the system's temporary folder, which
may be another disk. Here a message appears whole, one listing serves many reads, and taking a
message is one rename within the folder. Same folders, same names, same exchange tables.
"""

import json
import os
import uuid
from collections import deque
from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any

from kombu.transport import filesystem, virtual

TAKEN = ".taken"
UNFINISHED = ".part"


class Channel(filesystem.Channel):
    """Reads and writes rings as files, one per ring."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._listed: dict[str, deque[str]] = {}
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)

    def _put(self, queue: str, payload: Any, **_kwargs: Any) -> None:  # type: ignore[override]
        name = f"{monotonic_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        path = Path(self.data_folder_out, name)
        unfinished = path.with_name(name + UNFINISHED)
        try:
            unfinished.write_text(json.dumps(payload))
            unfinished.rename(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        names = self._listed.get(queue)
        if not names:
            names = self._listed[queue] = deque(self._names(queue))
        while names:
            payload = self._take(Path(self.data_folder_in, names.popleft()))
            if payload is not None:
                return payload
        raise Empty

    def _names(self, queue: str) -> list[str]:
        ending = f".{queue}.msg"
        return sorted(name for name in os.listdir(self.data_folder_in) if name.endswith(ending))

    def _take(self, path: Path) -> Any:
        """Return a message and remove it; None if another worker was faster."""
        taken = path.with_name(path.name + TAKEN)
        try:
            path.rename(taken)
            content = taken.read_bytes()
            taken.unlink()
        except FileNotFoundError:
            return None
        return json.loads(content)


class Transport(filesystem.Transport):
    """Lets Celery use the channel above."""

    Channel = Channel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)  # type: ignore[no-untyped-call]
        # kombu shares this between all connections of a process, and then takes a queue that one
        # folder knows for known in every other folder: its messages would reach nobody.
        self.state = virtual.BrokerState()  # type: ignore[no-untyped-call]

    @property
    def default_connection_params(self) -> dict[str, Any]:
        """Return nothing: there is no host to fall back to, and so none to warn about."""
        return {}
