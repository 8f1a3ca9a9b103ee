from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import bell
from tests.faults import kinds
from tests.faults.running import Running, wipe_broker


@pytest.fixture
def running(transactional_db: None, tmp_path: Path) -> Iterator[Running]:
    """The site's processes; none runs yet, no ring is waiting, and all are killed afterwards."""
    kinds.register()
    bell.flush(5)
    wipe_broker()
    site = Running(tmp_path)
    yield site
    site.stop_all()
    print(site.logs())  # pytest shows it when the test fails
