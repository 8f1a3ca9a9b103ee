from django.urls import path

from studio.api import compositions, generations, music, sounds, techniques

COMPOSITION = "compositions/<uuid:pk>/"
VERSION = f"{COMPOSITION}versions/<int:number>/"
GENERATION = "generations/<uuid:pk>/"

urlpatterns = [
    path(
        "compositions/",
        compositions.CompositionCollection.as_view(),
        name="api-composition-collection",
    ),
    path(COMPOSITION, compositions.CompositionDetail.as_view(), name="api-composition"),
    path(
        f"{COMPOSITION}restore/",
        compositions.CompositionRestore.as_view(),
        name="api-composition-restore",
    ),
    path(f"{COMPOSITION}audio/", sounds.CompositionAudio.as_view(), name="api-composition-audio"),
    path(f"{COMPOSITION}audio/mp3/", sounds.CompositionMp3.as_view(), name="api-composition-mp3"),
    path(f"{COMPOSITION}audio/wav/", sounds.CompositionWav.as_view(), name="api-composition-wav"),
    path(
        f"{COMPOSITION}copies/",
        compositions.CompositionCopies.as_view(),
        name="api-composition-copies",
    ),
    path(
        f"{COMPOSITION}share/",
        compositions.CompositionShare.as_view(),
        name="api-composition-share",
    ),
    path(f"{COMPOSITION}midi/", music.CompositionMidi.as_view(), name="api-composition-midi"),
    path(
        f"{COMPOSITION}versions/", music.VersionCollection.as_view(), name="api-version-collection"
    ),
    path(f"{VERSION}midi/", music.VersionMidi.as_view(), name="api-version-midi"),
    path(f"{VERSION}restore/", music.VersionRestore.as_view(), name="api-version-restore"),
    path(
        f"{COMPOSITION}generations/",
        generations.GenerationCollection.as_view(),
        name="api-generation-collection",
    ),
    path(GENERATION, generations.GenerationDetail.as_view(), name="api-generation"),
    path(
        f"{GENERATION}events/", generations.GenerationEvents.as_view(), name="api-generation-events"
    ),
    path(f"{GENERATION}midi/", generations.GenerationMidi.as_view(), name="api-generation-midi"),
    path("techniques/", techniques.TechniqueCollection.as_view(), name="api-technique-collection"),
    path("models/", techniques.ModelCollection.as_view(), name="api-model-collection"),
    path("models/<slug:name>/", techniques.ModelDetail.as_view(), name="api-model"),
]
