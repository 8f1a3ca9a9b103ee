from django.contrib import admin

from accounts.admin import ReadOnly
from learning.models import Certificate, ChapterProgress


@admin.register(ChapterProgress)
class ChapterProgressAdmin(ReadOnly):
    """What people have done; organizers see sums at `/learn/manage/`."""

    list_display = ["person", "capsule", "chapter", "done_at"]
    list_filter = ["capsule"]


@admin.register(Certificate)
class CertificateAdmin(ReadOnly):
    """Certificates as they were issued."""

    list_display = ["name", "capsule", "issued_at"]
    list_filter = ["capsule"]
