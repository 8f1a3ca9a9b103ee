"""The site's settings for tests: the real ones, on a data folder of this run."""

import os
import re
import tempfile

# Set before the real settings are read. Processes that tests start inherit the folder; each
# xdist worker has a folder, and on Redis a database, of its own.
_run = os.environ.setdefault(
    "COUNTERPOINT_TEST_RUN", tempfile.mkdtemp(prefix="counterpoint-tests-")
)
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
_redis = re.fullmatch(r"(redis://.*/)(\d+)", os.environ.get("COUNTERPOINT_BROKER_URL", ""))
if os.environ.get("COUNTERPOINT_TEST_WORKER") != _worker:
    os.environ["COUNTERPOINT_TEST_WORKER"] = _worker
    os.environ["COUNTERPOINT_DATA_DIR"] = f"{_run}/{_worker}"
    os.makedirs(os.environ["COUNTERPOINT_DATA_DIR"], exist_ok=True)
    if _redis and _worker.startswith("gw"):
        _number = (int(_redis[2]) + int(_worker[2:])) % 16
        os.environ["COUNTERPOINT_BROKER_URL"] = f"{_redis[1]}{_number}"

# Playwright's event loop runs in the thread of a browser test, which also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from config.settings import *  # noqa: E402, F403

# Hashing is slow on purpose; tests make many people.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages are drawn, and files served, without a collectstatic before every run.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
# A sweeper of a test queues what the test asks for, and nothing else.
LAB_MEASURES = False
