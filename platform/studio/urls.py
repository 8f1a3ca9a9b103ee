from django.urls import path

from studio.models import AudioFormat
from studio.views import compositions, editor, generations, sounds

GENERATION = "generations/<uuid:pk>/"

urlpatterns = [
    path("", compositions.Studio.as_view(), name="studio"),
    path("<uuid:pk>/", compositions.CompositionPage.as_view(), name="composition"),
    path("new/", editor.new, name="studio-new"),
    path("<uuid:pk>/edit/", editor.edit, name="studio-edit"),
    path("<uuid:pk>/midi/", compositions.composition_midi, name="composition-midi"),
    path("<uuid:pk>/audio.mp3", sounds.composition_audio, name="composition-audio"),
    path(
        "<uuid:pk>/audio.wav",
        sounds.composition_audio,
        {"audio_format": AudioFormat.WAV},
        name="composition-wav",
    ),
    path("<uuid:pk>/player/", sounds.composition_player, name="composition-player"),
    path("<uuid:pk>/rename/", compositions.Rename.as_view(), name="composition-rename"),
    path("<uuid:pk>/delete/", compositions.Delete.as_view(), name="composition-delete"),
    path(GENERATION, generations.generation_page, name="generation"),
    path(f"{GENERATION}status/", generations.generation_status, name="generation-status"),
    path(f"{GENERATION}events/", generations.generation_events, name="generation-events"),
    path(f"{GENERATION}midi/", generations.generation_midi, name="generation-midi"),
    path(f"{GENERATION}cancel/", generations.cancel, name="generation-cancel"),
]
