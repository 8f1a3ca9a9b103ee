from django.db import migrations
from django.db.models import F

FILE = (
    "midi_key",
    "midi_sha256",
    "midi_size",
    "music_hash",
    "seconds",
    "n_notes",
    "n_tracks",
)


def keep_present_versions(apps, schema_editor):
    """Give every composition a row for the one version of its music that there was so far."""
    Composition = apps.get_model("studio", "Composition")
    CompositionVersion = apps.get_model("studio", "CompositionVersion")
    Composition.objects.update(updated_at=F("created_at"))
    rows = (
        CompositionVersion(
            composition_id=row.pk,
            number=row.version,
            created_at=row.created_at,
            **{name: getattr(row, name) for name in FILE},
        )
        for row in Composition.objects.iterator()
    )
    CompositionVersion.objects.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("studio", "0003_keeping")]

    operations = [migrations.RunPython(keep_present_versions, migrations.RunPython.noop)]
