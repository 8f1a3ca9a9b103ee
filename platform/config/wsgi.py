"""The WSGI application that the web server runs."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# A request asks the database some thirty times. With the default of 5 ms, a thread whose answer has
# come would wait that long for another one's turn to end, each time.
sys.setswitchinterval(0.0005)

application = get_wsgi_application()
