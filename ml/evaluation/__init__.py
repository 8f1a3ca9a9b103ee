"""Measuring what the models make: by hand-checkable definitions, beside the data's own figures.

`measures` (voice leading, MuseGAN's measures), `copying` (how much is copied from the training
data, and whether held-out data leaked into it), `two_sample` (can a small network tell the
samples from real music), `figures` (a figure with its definition and targets).
"""
