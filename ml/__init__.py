"""Music, metrics and models as plain Python: no Django, no Celery, no database."""
