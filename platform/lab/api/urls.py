from django.urls import path

from lab.api import data_sets, kinds, models, runs

DATA = "data-sets/<uuid:pk>/"
RUN = "training-runs/<uuid:pk>/"
MODEL = "models/<uuid:pk>/"

urlpatterns = [
    path("data-sets/", data_sets.DataSetCollection.as_view(), name="api-data-set-collection"),
    path(DATA, data_sets.DataSetDetail.as_view(), name="api-data-set"),
    path(f"{DATA}files/", data_sets.DataSetFiles.as_view(), name="api-data-set-files"),
    path(f"{DATA}files/<int:number>/", data_sets.DataSetFile.as_view(), name="api-data-set-file"),
    path(f"{DATA}archive/", data_sets.DataSetArchive.as_view(), name="api-data-set-archive"),
    path("training-kinds/", kinds.KindCollection.as_view(), name="api-training-kinds"),
    path("training-runs/", runs.RunCollection.as_view(), name="api-training-run-collection"),
    path(RUN, runs.RunDetail.as_view(), name="api-training-run"),
    path(f"{RUN}points/", runs.RunPoints.as_view(), name="api-training-points"),
    path(f"{RUN}samples/", runs.RunSamples.as_view(), name="api-training-samples"),
    path(MODEL, models.CustomModelDetail.as_view(), name="api-custom-model"),
    path(f"{MODEL}weights/", models.CustomModelWeights.as_view(), name="api-custom-model-weights"),
]
