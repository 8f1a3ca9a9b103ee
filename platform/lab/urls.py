from django.urls import path

from lab.views import data, examples, index, metrics, models, runs, watching

DATA = "data/<uuid:pk>/"
FILE = f"{DATA}files/<int:number>/"
RUN = "runs/<uuid:pk>/"
MODEL = "models/<uuid:pk>/"

urlpatterns = [
    path("", index.index, name="lab"),
    path("runs/", index.runs_live, name="lab-runs"),
    path("metrics/", metrics.metrics, name="lab-metrics"),
    path("metrics/<slug:kind>.mid", metrics.control, name="lab-control"),
    path("example/", examples.example, name="lab-example"),
    path("example/<slug:algorithm>/", examples.example, name="lab-example"),
    path(
        "example/<slug:algorithm>/<int:iteration>/<int:melody>.mid",
        examples.example_sample,
        name="lab-example-sample",
    ),
    path("example/<slug:algorithm>.webm", examples.example_film, name="lab-example-film"),
    path("data/new/", data.DataNew.as_view(), name="lab-data-new"),
    path(DATA, data.data_page, name="lab-data"),
    path(f"{DATA}rename/", data.DataRename.as_view(), name="lab-data-rename"),
    path(f"{DATA}delete/", data.DataDelete.as_view(), name="lab-data-delete"),
    path(FILE, data.FilePage.as_view(), name="lab-file"),
    path(f"{FILE}midi/", data.file_midi, name="lab-file-midi"),
    path("runs/new/", runs.RunNew.as_view(), name="lab-run-new"),
    path(RUN, watching.run_page, name="lab-run"),
    path(f"{RUN}live/", watching.run_live, name="lab-run-live"),
    path(f"{RUN}change/", watching.change, name="lab-run-change"),
    path(f"{RUN}cancel/", watching.Cancel.as_view(), name="lab-run-cancel"),
    path(f"{RUN}delete/", watching.Delete.as_view(), name="lab-run-delete"),
    path(f"{RUN}samples/<int:iteration>/<int:melody>.mid", watching.sample, name="lab-sample"),
    path(f"{RUN}film.webm", watching.run_film, name="lab-run-film"),
    path(MODEL, models.model_page, name="lab-model"),
    path(f"{MODEL}edit/", models.Edit.as_view(), name="lab-model-edit"),
    path(f"{MODEL}delete/", models.Delete.as_view(), name="lab-model-delete"),
    path(f"{MODEL}try/", models.try_it, name="lab-model-try"),
    path(f"{MODEL}use/", models.use, name="lab-model-use"),
    path(f"{MODEL}weights/", models.weights, name="lab-model-weights"),
    path(f"{MODEL}card/", models.card, name="lab-model-card"),
]
