"""Training of the three models: one loop per model, and the run that they share."""
