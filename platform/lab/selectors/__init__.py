"""Questions about data sets, training runs and models."""
