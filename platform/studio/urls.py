from django.urls import path

from studio.models import AudioFormat
from studio.views import compositions, editor, generations, listing, sharing, sounds

COMPOSITION = "studio/<uuid:pk>/"
VERSION = f"{COMPOSITION}versions/<int:number>/"
GENERATION = "studio/generations/<uuid:pk>/"

urlpatterns = [
    path("studio/", listing.Studio.as_view(), name="studio"),
    path("studio/deleted/", listing.Deleted.as_view(), name="studio-deleted"),
    path("studio/new/", editor.new, name="studio-new"),
    path(COMPOSITION, compositions.CompositionPage.as_view(), name="composition"),
    path(f"{COMPOSITION}edit/", editor.edit, name="studio-edit"),
    path(f"{COMPOSITION}midi/", compositions.composition_midi, name="composition-midi"),
    path(f"{COMPOSITION}audio.mp3", sounds.composition_audio, name="composition-audio"),
    path(
        f"{COMPOSITION}audio.wav",
        sounds.composition_audio,
        {"audio_format": AudioFormat.WAV},
        name="composition-wav",
    ),
    path(f"{COMPOSITION}player/", sounds.composition_player, name="composition-player"),
    path(f"{COMPOSITION}rename/", compositions.Rename.as_view(), name="composition-rename"),
    path(f"{COMPOSITION}delete/", compositions.Delete.as_view(), name="composition-delete"),
    path(f"{COMPOSITION}duplicate/", compositions.duplicate, name="composition-duplicate"),
    path(f"{COMPOSITION}share/", sharing.make_link, name="composition-share"),
    path(f"{COMPOSITION}unshare/", sharing.end_link, name="composition-unshare"),
    path(f"{VERSION}midi/", compositions.version_midi, name="version-midi"),
    path(f"{VERSION}restore/", compositions.go_back, name="version-restore"),
    path(GENERATION, generations.generation_page, name="generation"),
    path(f"{GENERATION}status/", generations.generation_status, name="generation-status"),
    path(f"{GENERATION}events/", generations.generation_events, name="generation-events"),
    path(f"{GENERATION}midi/", generations.generation_midi, name="generation-midi"),
    path(f"{GENERATION}cancel/", generations.cancel, name="generation-cancel"),
    path("shared/<str:token>/", sharing.shared, name="shared"),
    path("shared/<str:token>/midi/", sharing.shared_midi, name="shared-midi"),
]
