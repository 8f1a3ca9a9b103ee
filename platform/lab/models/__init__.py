"""Data sets, training runs, and the models that come of them."""

from lab.models.custom import CustomModel, CustomModelQuerySet
from lab.models.data import DataFile, DataSet
from lab.models.runs import Point, Sample, Sitting, Speed, TrainingRun

__all__ = [
    "CustomModel",
    "CustomModelQuerySet",
    "DataFile",
    "DataSet",
    "Point",
    "Sample",
    "Sitting",
    "Speed",
    "TrainingRun",
]
