from django.urls import path

from lab.views import examples

urlpatterns = [
    path("", examples.example, name="lab"),
    path("metrics/", examples.example, name="lab-metrics"),
    path("example/", examples.example, name="lab-example-first"),
    path("example/<slug:algorithm>/", examples.example, name="lab-example"),
]
